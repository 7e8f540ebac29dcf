// capture: rings that the kernel fills, and the thread that empties them.
//
// A ring is read block by block; the kernel hands a block over when it is full, or RETIRE
// milliseconds after it was begun. With one ring packets are in order as they come. With several,
// one a host, they are held back until a look at all of them (capture_sync()) has shown that
// nothing older is still on its way; then they are put in order by time.

#include "net/capture.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/aside.h"
#include "base/clock.h"
#include "base/memory.h"
#include "base/message.h"
#include "net/capture_file.h"
#include "net/capture_filter.h"
#include "net/handle.h"
#include "net/network.h"
#include "net/symbol.h"

enum {
    RING = 16 * 1024 * 1024,     // octets, of the process's own network
    HOST_RING = 2 * 1024 * 1024, // of each host besides
    BLOCK = 128 * 1024,          // two of the largest packets
    RETIRE = 4,                  // ms
    RINGS_MOST = 64,
    POINTS_MOST = 256,
    WHOLE = 256 * 1024, // octets of a packet taken while a file is written: all of them
    HELD_MOST = 65536,  // packets held back; then those older than SETTLED are put in order
};

static const int64_t SETTLED = 1000000000; // ns: nothing older is still on its way

struct ring {
    int fd;
    char *map;
    size_t blocks;        // in it
    size_t at;            // the block to be read next
    char host[32];        // of its interfaces
    bool pulled;          // nothing passes their cables
    uint64_t seen, taken; // packets that the kernel has put into it, and that were read
    uint64_t gap, gap_at; // packets that it lost, behind so many that it had taken
};

// A packet whose turn has not come.
struct held {
    struct capture_packet packet; // its number is the order of reading
    char *frame;                  // all of it, for the file; owned; NULL when there is none
    size_t size;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;  // guards all that follows
static pthread_cond_t emptied = PTHREAD_COND_INITIALIZER; // blocks were read
static atomic_bool is_on;                                 // also read without the lock
static struct ring rings[RINGS_MOST];
static size_t ring_count;
static struct capture_point points[POINTS_MOST];
static uint16_t point_count;
static struct capture_packet *store; // CAPTURE_MOST places, a packet in number % CAPTURE_MOST
static uint64_t last;                // number of the newest
static uint64_t lost;                // since then
static int64_t begin_time;           // of packet 1
static struct flows flows;
static struct held *held; // those not yet in order; only with several rings
static size_t held_count, held_capacity;
static pthread_t thread;
static int wake = -1; // an eventfd: the thread is to look at its rings anew, or to end
static bool ending;

// --- the store -----------------------------------------------------------------------------------

static uint64_t first_kept(void)
{
    return last > CAPTURE_MOST ? last - CAPTURE_MOST + 1 : 1;
}

// Gives the packet its number and its place in its conversation.
static void keep(const struct capture_packet *from)
{
    struct packet packet;
    struct capture_packet *to = &store[++last % CAPTURE_MOST];
    *to = *from;
    to->number = last;
    if (last == 1)
        begin_time = to->time;
    packet_read((struct str){to->octets, to->kept}, to->length, &packet);
    flows_follow(&flows, &packet, to->time, to->point, &to->place);
}

static int compare_times(const void *a, const void *b)
{
    const struct capture_packet *one = &((const struct held *)a)->packet;
    const struct capture_packet *other = &((const struct held *)b)->packet;
    if (one->time != other->time)
        return one->time < other->time ? -1 : 1;
    return one->number < other->number ? -1 : 1;
}

// Puts in order and keeps what was held back and passed before `until`.
static void settle(int64_t until)
{
    size_t count = 0;
    if (held_count == 0)
        return;
    qsort(held, held_count, sizeof *held, compare_times);
    for (; count < held_count && held[count].packet.time < until; count++) {
        struct str frame = {held[count].frame, held[count].size};
        if (frame.data != NULL)
            capture_file_add(&held[count].packet, frame, points);
        keep(&held[count].packet);
        free(held[count].frame);
    }
    held_count -= count;
    memmove(held, held + count, held_count * sizeof *held);
    capture_file_flush();
}

static void hold(const struct capture_packet *packet, struct str frame)
{
    if (held_count == HELD_MOST) {
        settle(clock_now(CLOCK_REALTIME) - SETTLED);
        if (held_count == HELD_MOST)
            settle(INT64_MAX);
    }
    held = mem_grow(held, held_count, &held_capacity, sizeof *held);
    struct held *last_held = &held[held_count];
    *last_held = (struct held){.packet = *packet, .size = frame.size};
    last_held->packet.number = held_count++;
    if (capture_file_is_open())
        last_held->frame = mem_copy(frame);
}

// --- reading a ring ------------------------------------------------------------------------------

// The interface's place in the list, where it is entered when it was not seen before. `name` may be
// NULL: only who is in its network can ask for that.
static uint16_t find_point(const struct ring *ring, int index, const char *name)
{
    for (uint16_t i = 0; i < point_count; i++)
        if (points[i].index == index && strcmp(points[i].host, ring->host) == 0)
            return i;
    if (point_count == POINTS_MOST)
        return POINTS_MOST - 1;
    struct capture_point *point = &points[point_count];
    *point = (struct capture_point){.index = index};
    memcpy(point->host, ring->host, sizeof point->host);
    if (name != NULL)
        snprintf(point->name, sizeof point->name, "%s", name);
    else
        snprintf(point->name, sizeof point->name, "if%d", index);
    return point_count++;
}

static void take_packet(const struct ring *ring, const struct tpacket3_hdr *header)
{
    const size_t link_at = (size_t)TPACKET_ALIGN((int)sizeof *header);
    const struct sockaddr_ll *link = (const void *)((const char *)header + link_at);
    struct str frame = {(const char *)header + header->tp_mac, header->tp_snaplen};
    struct capture_packet packet = {
        .time = (int64_t)header->tp_sec * 1000000000 + header->tp_nsec,
        .lost = lost,
        .length = header->tp_len,
        .kept = (uint16_t)(frame.size < CAPTURE_KEPT ? frame.size : CAPTURE_KEPT),
        .point = find_point(ring, link->sll_ifindex, NULL),
        .stopped = link->sll_pkttype == PACKET_OUTGOING,
    };
    lost = 0;
    memcpy(packet.octets, frame.data, packet.kept);
    if (ring_count > 1) {
        hold(&packet, frame);
        return;
    }
    capture_file_add(&packet, frame, points);
    keep(&packet);
}

// What the kernel has counted since it was asked last. What it lost stands behind all that is still
// to be read, unless a block says otherwise.
static void take_counts(struct ring *ring)
{
    struct tpacket_stats_v3 counts = {0};
    socklen_t size = sizeof counts;
    if (getsockopt(ring->fd, SOL_PACKET, PACKET_STATISTICS, &counts, &size) < 0)
        return;
    ring->seen += counts.tp_packets - counts.tp_drops;
    ring->gap += counts.tp_drops;
    ring->gap_at = ring->seen;
}

// The gap is here: the next packet that is kept stands behind it.
static void reach_gap(struct ring *ring)
{
    lost += ring->gap;
    ring->gap = 0;
}

// Reads one block if there is one. The kernel writes to it again once its status says so.
static bool take_block(struct ring *ring)
{
    struct tpacket_block_desc *block = (void *)(ring->map + ring->at * BLOCK);
    struct tpacket_hdr_v1 *head = &block->hdr.bh1;
    uint32_t status = __atomic_load_n(&head->block_status, __ATOMIC_ACQUIRE);
    if (!(status & TP_STATUS_USER))
        return false;
    if (status & TP_STATUS_LOSING) { // the first one that was filled after a loss
        take_counts(ring);
        reach_gap(ring);
    }
    const char *at = (const char *)block + head->offset_to_first_pkt;
    for (uint32_t i = 0; i < head->num_pkts; i++) {
        const struct tpacket3_hdr *header = (const void *)at;
        take_packet(ring, header);
        at += header->tp_next_offset;
    }
    ring->taken += head->num_pkts;
    if (ring->taken >= ring->gap_at)
        reach_gap(ring);
    __atomic_store_n(&head->block_status, TP_STATUS_KERNEL, __ATOMIC_RELEASE);
    ring->at = (ring->at + 1) % ring->blocks;
    return true;
}

static void take_all(void)
{
    for (size_t i = 0; i < ring_count; i++)
        while (take_block(&rings[i]))
            capture_file_flush();
    if (capture_file_is_open())
        settle(clock_now(CLOCK_REALTIME) - SETTLED); // the file is to grow while packets pass
    pthread_cond_broadcast(&emptied);
}

// Sleeps until a ring has a block, or the rings have changed.
static void *run(void *none)
{
    struct pollfd polls[RINGS_MOST + 1];
    (void)none;
    pthread_mutex_lock(&lock);
    while (!ending) {
        size_t count = ring_count;
        for (size_t i = 0; i < count; i++)
            polls[i] = (struct pollfd){rings[i].fd, POLLIN, 0};
        polls[count] = (struct pollfd){wake, POLLIN, 0};
        pthread_mutex_unlock(&lock);
        poll(polls, count + 1, -1);
        pthread_mutex_lock(&lock);
        eventfd_t woken;
        if (polls[count].revents)
            eventfd_read(wake, &woken);
        take_all();
    }
    pthread_mutex_unlock(&lock);
    return NULL;
}

// --- making a ring -------------------------------------------------------------------------------

// What goes to the interfaces of the host of that ring is taken.
static void take_for(struct capture_filter *filter, const struct ring *ring)
{
    for (uint16_t i = 0; i < point_count; i++)
        if (strcmp(points[i].host, ring->host) == 0)
            capture_filter_take_for(filter, ring->fd, points[i].name);
}

// What comes in; and of what leaves, as long as any cable is pulled, what arrives nowhere.
static bool set_filter(const struct ring *ring)
{
    struct capture_filter filter = {.octets = capture_file_is_open() ? WHOLE : CAPTURE_KEPT};
    bool leaves = false;
    for (size_t i = 0; i < ring_count && ring->host[0] != '\0'; i++)
        leaves |= rings[i].pulled;
    if (leaves)
        capture_filter_take_coming(&filter);
    for (size_t i = 0; leaves && i < ring_count && !ring->pulled; i++)
        if (rings[i].pulled)
            take_for(&filter, &rings[i]);
    capture_filter_end(&filter, !leaves || ring->pulled);
    return capture_filter_set(&filter, ring->fd, leaves);
}

static void set_filters(void)
{
    for (size_t i = 0; i < ring_count; i++)
        set_filter(&rings[i]);
}

// The kernel allocates all of it at once.
static bool make_ring(struct ring *ring, size_t size)
{
    int version = TPACKET_V3;
    struct tpacket_req3 request = {.tp_block_size = BLOCK,
                                   .tp_block_nr = (unsigned)(size / BLOCK),
                                   .tp_frame_size = 2048,
                                   .tp_frame_nr = (unsigned)(size / 2048),
                                   .tp_retire_blk_tov = RETIRE};
    ring->blocks = request.tp_block_nr;
    if (setsockopt(ring->fd, SOL_PACKET, PACKET_VERSION, &version, sizeof version) < 0 ||
        setsockopt(ring->fd, SOL_PACKET, PACKET_RX_RING, &request, sizeof request) < 0 ||
        !set_filter(ring))
        return false;
    ring->map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, ring->fd, 0);
    return ring->map != MAP_FAILED;
}

// Notes what the interface, or all with 0, are called in the network that the calling thread is in.
static void name_points(const struct ring *ring, int index)
{
    handles_lock(); // it opens a descriptor for a moment
    struct if_nameindex *names = if_nameindex();
    handles_unlock();
    for (size_t i = 0; names != NULL && names[i].if_index != 0; i++)
        if (index == 0 || index == (int)names[i].if_index)
            find_point(ring, (int)names[i].if_index, names[i].if_name);
    if (names != NULL)
        if_freenameindex(names);
}

static void close_ring(struct ring *ring)
{
    int error = errno;
    if (ring->map != NULL && ring->map != MAP_FAILED)
        munmap(ring->map, ring->blocks * BLOCK);
    if (ring->fd >= 0)
        close(ring->fd);
    errno = error;
}

// `index`: the interface, 0 for all. False with errno. Of protocol 0 the socket takes nothing
// before bind(2), so that no packet of another interface is in it. packet(7)
static bool add_ring(const char *host, int index, size_t size)
{
    struct ring ring = {.fd = handle_hidden_socket(AF_PACKET, SOCK_RAW, 0)};
    struct sockaddr_ll address = {
        .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL), .sll_ifindex = index};
    strncpy(ring.host, host, sizeof ring.host - 1);
    bool good = ring.fd >= 0 && make_ring(&ring, size) &&
                bind(ring.fd, (struct sockaddr *)&address, sizeof address) == 0;
    if (!good) {
        close_ring(&ring);
        return false;
    }
    name_points(&ring, index);
    rings[ring_count++] = ring;
    return true;
}

// --- begin and end -------------------------------------------------------------------------------

static int start_thread(void)
{
    errno = aside_start(&thread, run, NULL);
    return errno;
}

static int open_wake(void)
{
    handles_lock();
    int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (fd >= 0)
        fd = handle_hide(fd);
    handles_unlock();
    return fd;
}

// Gives back what was begun. Without the thread.
static void release(void)
{
    int error = errno;
    for (size_t i = 0; i < ring_count; i++)
        close_ring(&rings[i]);
    if (wake >= 0)
        close(wake);
    if (store != NULL)
        munmap(store, CAPTURE_MOST * sizeof *store);
    free(held);
    flows_finish(&flows);
    store = NULL;
    held = NULL;
    held_count = held_capacity = ring_count = 0;
    point_count = 0;
    last = lost = 0;
    wake = -1;
    ending = false;
    errno = error;
}

// Memory for the packets is the kernel's promise until packets come.
static bool begin(void)
{
    store = mmap(NULL, CAPTURE_MOST * sizeof *store, PROT_READ | PROT_WRITE,
                 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (store == MAP_FAILED)
        store = NULL;
    // On a computer's own interfaces, other programs are at work.
    int index = network_is_own() ? 0 : (int)if_nametoindex("lo");
    if (store != NULL && add_ring("", index, RING) && (wake = open_wake()) >= 0 &&
        start_thread() == 0)
        return true;
    release();
    return false;
}

bool capture_start(char *why, size_t size)
{
    pthread_mutex_lock(&lock);
    bool good = atomic_load(&is_on) || begin();
    int error = errno;
    atomic_store(&is_on, good);
    pthread_mutex_unlock(&lock);
    if (!good && (error == EPERM || error == EACCES))
        snprintf(why, size, _("that needs a network of its own, or CAP_NET_RAW (%s)"),
                 errno_name(error));
    else if (!good)
        snprintf(why, size, _("the system does not allow it (%s: %s)"), "AF_PACKET",
                 errno_name(error));
    return good;
}

// Packets would be kept twice by a second one.
static bool has_ring(const char *host)
{
    for (size_t i = 0; i < ring_count; i++)
        if (strcmp(rings[i].host, host) == 0)
            return true;
    return false;
}

bool capture_add_host(const char *host)
{
    pthread_mutex_lock(&lock);
    bool good = has_ring(host);
    if (!good && atomic_load(&is_on) && ring_count < RINGS_MOST)
        good = add_ring(host, 0, HOST_RING) && eventfd_write(wake, 1) == 0;
    pthread_mutex_unlock(&lock);
    return good;
}

void capture_pull(const char *host, bool pulled)
{
    pthread_mutex_lock(&lock);
    for (size_t i = 0; i < ring_count; i++)
        if (strcmp(rings[i].host, host) == 0)
            rings[i].pulled = pulled;
    set_filters();
    pthread_mutex_unlock(&lock);
}

bool capture_is_on(void)
{
    return atomic_load_explicit(&is_on, memory_order_relaxed);
}

int capture_stop(void)
{
    if (!capture_is_on())
        return 0;
    capture_sync();
    pthread_mutex_lock(&lock);
    atomic_store(&is_on, false);
    ending = true;
    eventfd_write(wake, 1);
    pthread_mutex_unlock(&lock);
    pthread_join(thread, NULL);
    pthread_mutex_lock(&lock);
    settle(INT64_MAX); // what came after the last look
    int error = capture_file_close();
    release();
    pthread_mutex_unlock(&lock);
    return error;
}

// --- looking -------------------------------------------------------------------------------------

// Whether all that the kernel has counted was read.
static bool is_behind(void)
{
    for (size_t i = 0; i < ring_count; i++)
        if (rings[i].taken < rings[i].seen)
            return true;
    return false;
}

void capture_sync(void)
{
    pthread_mutex_lock(&lock);
    if (atomic_load(&is_on)) {
        int64_t until = clock_now(CLOCK_REALTIME);
        for (size_t i = 0; i < ring_count; i++)
            take_counts(&rings[i]);
        // The kernel hands a block over after RETIRE at the latest, and the thread reads it.
        while (is_behind() && !ending)
            pthread_cond_wait(&emptied, &lock);
        settle(until);
        for (size_t i = 0; i < ring_count; i++)
            reach_gap(&rings[i]);
    }
    pthread_mutex_unlock(&lock);
}

struct capture_range capture_range(void)
{
    pthread_mutex_lock(&lock);
    struct capture_range range = {first_kept(), last, lost, begin_time};
    pthread_mutex_unlock(&lock);
    return range;
}

void capture_each(uint64_t from, bool (*visit)(const struct capture_packet *packet, void *context),
                  void *context)
{
    pthread_mutex_lock(&lock);
    uint64_t number = from > first_kept() ? from : first_kept();
    while (number <= last && visit(&store[number % CAPTURE_MOST], context))
        number++;
    pthread_mutex_unlock(&lock);
}

// Copies at most so many, from `from` on. Returns how many.
static size_t copy_packets(uint64_t from, struct capture_packet *packets, size_t most)
{
    size_t count = 0;
    pthread_mutex_lock(&lock);
    uint64_t number = from > first_kept() ? from : first_kept();
    while (count < most && number <= last)
        packets[count++] = store[number++ % CAPTURE_MOST];
    pthread_mutex_unlock(&lock);
    return count;
}

void capture_walk(uint64_t from, uint64_t until,
                  void (*visit)(const struct capture_packet *packet, void *context), void *context)
{
    enum { AT_ONCE = 1024 };
    struct capture_packet *packets = mem_zero(AT_ONCE * sizeof *packets);
    size_t count;
    while (from <= until && (count = copy_packets(from, packets, AT_ONCE)) > 0) {
        for (size_t i = 0; i < count && packets[i].number <= until; i++)
            visit(&packets[i], context);
        from = packets[count - 1].number + 1; // the oldest may be gone meanwhile
    }
    free(packets);
}

bool capture_get(uint64_t number, struct capture_packet *packet)
{
    pthread_mutex_lock(&lock);
    bool kept = number >= first_kept() && number <= last;
    if (kept)
        *packet = store[number % CAPTURE_MOST];
    pthread_mutex_unlock(&lock);
    return kept;
}

bool capture_get_point(uint16_t number, struct capture_point *point)
{
    pthread_mutex_lock(&lock);
    bool known = number < point_count;
    if (known)
        *point = points[number];
    pthread_mutex_unlock(&lock);
    return known;
}

bool capture_get_flow(uint32_t number, struct flow *flow)
{
    pthread_mutex_lock(&lock);
    const struct flow *found = flows_get(&flows, number);
    if (found != NULL)
        *flow = *found;
    pthread_mutex_unlock(&lock);
    return found != NULL;
}

int capture_write(int fd)
{
    capture_sync(); // what passed before is the last file's
    pthread_mutex_lock(&lock);
    int error = capture_file_close();
    if (fd >= 0)
        capture_file_open(fd);
    set_filters();
    pthread_mutex_unlock(&lock);
    return error;
}
