// relay: rings from which frames are copied, queues in the order in which they are due, and the
// thread that sleeps until the next one is.

#include "net/relay.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/aside.h"
#include "base/clock.h"
#include "net/handle.h"
#include "net/wait.h"

// A ring, as the socket's own buffer holds some hundred frames only, and a thread that is late must
// lose none: a connection with room for megabytes sends hundreds of segments at once.
enum {
    SLOT = 2048,  // octets: a frame of an Ethernet, and what the kernel says of it
    SLOTS = 1024, // with 256, TCP had to send again
    RING = SLOT * SLOTS,
};

// On its way.
struct frame {
    int64_t due;     // CLOCK_MONOTONIC, ns
    uint64_t number; // of those that are due at once, the one that came first goes first
    size_t size;
    char octets[];
};

// One end of a cable, and what is on its way from there to the other one.
struct end {
    int fd;
    char *ring;
    size_t at;            // the slot to be read next
    struct frame **queue; // a heap of up to RELAY_MOST: due no later than the two at 2i + 1, 2i + 2
    size_t count;
    uint64_t entered; // frames so far
    int64_t latest;   // when the last of them is due
};

struct cable {
    struct end ends[2];
    int64_t delay, jitter;
    bool pulled;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; // guards all that follows
static struct cable cables[RELAY_CABLES];
static atomic_int cable_count; // also read without the lock
static pthread_t thread;       // runs while there are cables
static int wake = -1;          // an eventfd: the thread is to look at its cables anew, or to end
static bool ending;

// --- queues --------------------------------------------------------------------------------------

static bool is_before(const struct frame *a, const struct frame *b)
{
    return a->due != b->due ? a->due < b->due : a->number < b->number;
}

// Where the delay has become shorter and nobody may overtake, a frame waits for those before it.
static void enqueue(struct end *end, struct frame *frame, bool may_overtake)
{
    size_t at = end->count++, above;
    if (frame->due < end->latest && !may_overtake)
        frame->due = end->latest;
    if (frame->due > end->latest)
        end->latest = frame->due;
    frame->number = end->entered++;
    for (; at > 0 && is_before(frame, end->queue[above = (at - 1) / 2]); at = above)
        end->queue[at] = end->queue[above];
    end->queue[at] = frame;
}

// The first of the queue, which is not empty.
static struct frame *dequeue(struct end *end)
{
    struct frame *first = end->queue[0], *last = end->queue[--end->count];
    size_t at = 0, below;
    for (; (below = 2 * at + 1) < end->count; at = below) {
        if (below + 1 < end->count && is_before(end->queue[below + 1], end->queue[below]))
            below++;
        if (is_before(last, end->queue[below]))
            break;
        end->queue[at] = end->queue[below];
    }
    end->queue[at] = last;
    return first;
}

static void empty(struct end *end)
{
    while (end->count > 0)
        free(end->queue[--end->count]);
    end->latest = 0;
}

// What a frame that goes in now takes.
static int64_t draw_time(const struct cable *cable)
{
    uint64_t number = 0;
    if (cable->jitter > 0 && getrandom(&number, sizeof number, 0) == sizeof number)
        number %= (uint64_t)cable->jitter + 1;
    return cable->delay + (int64_t)number;
}

// --- taking and putting in -----------------------------------------------------------------------

static struct tpacket2_hdr *next_slot(const struct end *end)
{
    return (struct tpacket2_hdr *)(void *)(end->ring + end->at * SLOT);
}

static bool slot_is_full(const struct tpacket2_hdr *slot)
{
    return __atomic_load_n(&slot->tp_status, __ATOMIC_ACQUIRE) & TP_STATUS_USER;
}

// What did not fit into its slot is longer than a wire takes, and lost: half of it is no frame.
static void take_frame(const struct cable *cable, struct end *end, const struct tpacket2_hdr *slot)
{
    if (cable->pulled || end->count == RELAY_MOST || slot->tp_len > slot->tp_snaplen)
        return;
    struct frame *frame = malloc(sizeof *frame + slot->tp_snaplen);
    if (frame == NULL)
        return;
    *frame = (struct frame){.due = clock_now(CLOCK_MONOTONIC) + draw_time(cable),
                            .size = slot->tp_snaplen};
    memcpy(frame->octets, (const char *)slot + slot->tp_mac, frame->size);
    enqueue(end, frame, cable->jitter > 0);
}

// What the ring holds, and no more: where they come as fast as they are taken, others wait as well.
static void take_all(const struct cable *cable, struct end *end)
{
    struct tpacket2_hdr *slot;
    for (size_t i = 0; i < SLOTS && slot_is_full(slot = next_slot(end)); i++) {
        take_frame(cable, end, slot);
        __atomic_store_n(&slot->tp_status, TP_STATUS_KERNEL, __ATOMIC_RELEASE);
        end->at = (end->at + 1) % SLOTS;
    }
}

// Puts in at the other end what is due. The kernel takes it at once; what it does not take is lost.
static void deliver(struct end *from, const struct end *to)
{
    int64_t time = clock_now(CLOCK_MONOTONIC);
    while (from->count > 0 && from->queue[0]->due <= time) {
        struct frame *frame = dequeue(from);
        (void)!send(to->fd, frame->octets, frame->size, MSG_DONTWAIT);
        free(frame);
    }
}

// Does what is to be done now. Returns when the next frame is due; INT64_MAX when none is on its
// way.
static int64_t carry(void)
{
    int64_t next = INT64_MAX;
    for (int i = 0; i < cable_count; i++)
        for (int j = 0; j < 2; j++) {
            struct end *end = &cables[i].ends[j];
            take_all(&cables[i], end);
            deliver(end, &cables[i].ends[1 - j]);
            if (end->count > 0 && end->queue[0]->due < next)
                next = end->queue[0]->due;
        }
    return next;
}

static bool is_busy(void)
{
    bool busy = false;
    for (int i = 0; !busy && i < cable_count; i++)
        for (int j = 0; !busy && j < 2; j++)
            busy = cables[i].ends[j].count > 0 || slot_is_full(next_slot(&cables[i].ends[j]));
    return busy;
}

bool relay_is_busy(void)
{
    if (atomic_load_explicit(&cable_count, memory_order_relaxed) == 0)
        return false;
    pthread_mutex_lock(&lock);
    bool busy = is_busy();
    pthread_mutex_unlock(&lock);
    return busy;
}

// --- the thread ----------------------------------------------------------------------------------

// Until a frame has come, the next one is due, or the cables are others. Without the lock.
static void sleep_until(int64_t next, struct pollfd *polls, nfds_t count)
{
    eventfd_t woken;
    int64_t left = next == INT64_MAX ? 0 : next - clock_now(CLOCK_MONOTONIC);
    if (left < 0)
        left = 0;
    struct timespec limit = {left / 1000000000, left % 1000000000};
    ppoll(polls, count, next == INT64_MAX ? NULL : &limit, NULL);
    if (polls[0].revents)
        eventfd_read(polls[0].fd, &woken);
}

static nfds_t list_polls(struct pollfd polls[1 + 2 * RELAY_CABLES])
{
    nfds_t count = 0;
    polls[count++] = (struct pollfd){wake, POLLIN, 0};
    for (int i = 0; i < cable_count; i++)
        for (int j = 0; j < 2; j++)
            polls[count++] = (struct pollfd){cables[i].ends[j].fd, POLLIN, 0};
    return count;
}

static void *run(void *none)
{
    struct pollfd polls[1 + 2 * RELAY_CABLES];
    (void)none;
    pthread_mutex_lock(&lock);
    while (!ending) {
        int64_t next = carry();
        nfds_t count = list_polls(polls);
        bool busy = is_busy();
        pthread_mutex_unlock(&lock);
        if (!busy)
            wait_notify_rest();
        sleep_until(next, polls, count);
        pthread_mutex_lock(&lock);
    }
    pthread_mutex_unlock(&lock);
    return NULL;
}

// Unless it runs. 0 or an errno.
static int start(void)
{
    if (wake >= 0)
        return 0;
    handles_lock();
    int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    wake = fd < 0 ? -1 : handle_hide(fd);
    int error = wake < 0 ? errno : 0;
    handles_unlock();
    if (error == 0)
        error = aside_start(&thread, run, NULL);
    if (error != 0 && wake >= 0) {
        close(wake);
        wake = -1;
    }
    return error;
}

// --- cables --------------------------------------------------------------------------------------

static void close_end(struct end *end)
{
    empty(end);
    free(end->queue);
    if (end->ring != NULL)
        munmap(end->ring, RING);
    if (end->fd >= 0)
        close(end->fd);
    *end = (struct end){.fd = -1};
}

// False with errno. What the socket itself sends does not come back to it.
static bool make_ring(struct end *end)
{
    int version = TPACKET_V2, yes = 1;
    struct tpacket_req request = {
        .tp_block_size = RING / 16, .tp_block_nr = 16, .tp_frame_size = SLOT, .tp_frame_nr = SLOTS};
    if (setsockopt(end->fd, SOL_PACKET, PACKET_VERSION, &version, sizeof version) < 0 ||
        setsockopt(end->fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &yes, sizeof yes) < 0 ||
        setsockopt(end->fd, SOL_PACKET, PACKET_RX_RING, &request, sizeof request) < 0)
        return false;
    void *ring = mmap(NULL, RING, PROT_READ | PROT_WRITE, MAP_SHARED, end->fd, 0);
    end->ring = ring == MAP_FAILED ? NULL : ring;
    return end->ring != NULL;
}

// 0, or an errno with nothing left of it.
static int open_end(struct end *end, uint32_t interface)
{
    const struct sockaddr_ll address = {
        .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL), .sll_ifindex = (int)interface};
    *end = (struct end){.fd = handle_hidden_socket(AF_PACKET, SOCK_RAW, 0)};
    end->queue = malloc(RELAY_MOST * sizeof(struct frame *));
    if (end->fd >= 0 && end->queue != NULL && make_ring(end) &&
        bind(end->fd, (const struct sockaddr *)&address, sizeof address) == 0)
        return 0;
    int error = errno;
    close_end(end);
    return error;
}

int relay_room(void)
{
    return RELAY_CABLES - cable_count;
}

int relay_lay(uint32_t one, uint32_t other)
{
    struct cable cable = {.ends = {{.fd = -1}, {.fd = -1}}};
    if (relay_room() == 0)
        return -ENOSPC;
    int error = open_end(&cable.ends[0], one);
    if (error == 0)
        error = open_end(&cable.ends[1], other);
    if (error == 0)
        error = start();
    if (error != 0) {
        close_end(&cable.ends[0]);
        close_end(&cable.ends[1]);
        return -error;
    }
    pthread_mutex_lock(&lock);
    cables[cable_count++] = cable;
    eventfd_write(wake, 1);
    int number = cable_count;
    pthread_mutex_unlock(&lock);
    return number;
}

void relay_set(int cable, int64_t delay, int64_t jitter)
{
    pthread_mutex_lock(&lock);
    cables[cable - 1].delay = delay;
    cables[cable - 1].jitter = jitter;
    pthread_mutex_unlock(&lock);
}

// What has come in until now, came while the cable was as it was before.
void relay_plug(int number, bool in)
{
    pthread_mutex_lock(&lock);
    struct cable *cable = &cables[number - 1];
    for (int i = 0; cable->pulled == in && i < 2; i++) {
        take_all(cable, &cable->ends[i]);
        empty(&cable->ends[i]);
    }
    cable->pulled = !in;
    eventfd_write(wake, 1); // it may be at rest now, and the thread says so
    pthread_mutex_unlock(&lock);
}

void relay_finish(void)
{
    if (wake < 0)
        return;
    pthread_mutex_lock(&lock);
    ending = true;
    eventfd_write(wake, 1);
    pthread_mutex_unlock(&lock);
    pthread_join(thread, NULL);
    while (cable_count > 0) {
        struct cable *cable = &cables[--cable_count];
        close_end(&cable->ends[0]);
        close_end(&cable->ends[1]);
    }
    close(wake);
    wake = -1;
    ending = false;
}
