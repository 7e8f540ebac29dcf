// handle: the table of rows, and closing.

#include "net/handle.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/count.h"
#include "base/memory.h"
#include "net/kernel.h"
#include "net/lan.h"

// Where socksh's own descriptors go: far above those of scripts, whose numbers the kernel counts
// up from 3 as in any program.
enum {
    HIDDEN_TOP = 1024, // FD_SETSIZE: line editors call select() on theirs
    // Descriptors of our own that fit below that: of each host, also of who captures there, of each
    // cable that takes its time, and what there is besides.
    HIDDEN_ROOM = 3 * LAN_HOSTS + 2 * LAN_DELAYED + 32,
};

static pthread_mutex_t table_lock = PTHREAD_MUTEX_INITIALIZER; // guards what follows
static struct handle **rows;                                   // by number; NULL where none is open
static size_t row_count;                                       // places in `rows`, not rows in use
static struct handle *closed[HANDLE_CLOSED_KEPT];              // a ring, each with a reference
static uint64_t last_serial;                                   // of the newest socket
static size_t closed_at;                                       // the place to be overwritten next

// Read for each send and receive, and therefore without the lock.
static atomic_bool records_kept;

void handles_lock(void)
{
    pthread_mutex_lock(&table_lock);
}

void handles_unlock(void)
{
    pthread_mutex_unlock(&table_lock);
}

void handles_keep_records(bool keep)
{
    atomic_store(&records_kept, keep);
}

bool handles_records_kept(void)
{
    return atomic_load_explicit(&records_kept, memory_order_relaxed);
}

// --- rows ----------------------------------------------------------------------------------------

// A row with one reference, the caller's. It blocks, as a descriptor does that nobody has told
// otherwise.
static struct handle *row_new(int fd)
{
    struct handle *handle = mem_zero(sizeof *handle);
    handle->fd = fd;
    atomic_init(&handle->references, 1);
    atomic_init(&handle->blocking, true);
    pthread_mutex_init(&handle->lock, NULL);
    return handle;
}

// The descriptor is closed by then, or was never the row's to close (0 to 2).
static void row_free(struct handle *handle)
{
    buffer_finish(&handle->sent.bytes);
    buffer_finish(&handle->received.bytes);
    buffer_finish(&handle->options);
    free(handle->local);
    free(handle->peer);
    pthread_mutex_destroy(&handle->lock);
    free(handle);
}

void handle_retain(struct handle *handle)
{
    count_add(&handle->references, 1);
}

void handle_release(struct handle *handle)
{
    if (count_add(&handle->references, -1) == 1)
        row_free(handle);
}

// Puts a row into the table, which has the reference from now on. Under the table's lock.
static void enter_row(struct handle *handle)
{
    size_t number = (size_t)handle->fd;
    if (number >= row_count) {
        // By half more than needed: numbers come in order, and the table is then moved a few times
        // only.
        size_t count = number + number / 2 + 16;
        rows = mem_resize(rows, count * sizeof *rows);
        memset(rows + row_count, 0, (count - row_count) * sizeof *rows);
        row_count = count;
    }
    rows[number] = handle;
}

struct handle *handle_add(int fd, int family, int type, int protocol, const struct handle *from)
{
    struct handle *handle = row_new(fd);
    handle->is_socket = true;
    handle->serial = ++last_serial;
    handle->family = family;
    handle->type = type;
    handle->protocol = protocol;
    handle->host = from != NULL ? from->host : lan_here();
    if (from != NULL) { // accepted sockets inherit these; O_NONBLOCK they do not
        atomic_init(&handle->low_water, atomic_load(&from->low_water));
        atomic_init(&handle->lingers, atomic_load(&from->lingers));
    }
    handle_retain(handle);
    enter_row(handle);
    return handle;
}

struct handle *handle_by_number(int64_t number)
{
    struct handle *handle = NULL;
    handles_lock();
    if (number >= 0 && (uint64_t)number < row_count)
        handle = rows[number];
    if (handle != NULL)
        handle_retain(handle);
    handles_unlock();
    return handle;
}

void handles_each(void (*visit)(struct handle *handle, void *context), void *context)
{
    handles_lock();
    for (size_t i = 0; i < row_count; i++)
        if (rows[i] != NULL)
            visit(rows[i], context);
    for (size_t i = 0; i < HANDLE_CLOSED_KEPT; i++) {
        struct handle *handle = closed[(closed_at + i) % HANDLE_CLOSED_KEPT];
        if (handle != NULL)
            visit(handle, context);
    }
    handles_unlock();
}

// --- start and end -------------------------------------------------------------------------------

// The soft limit is often 1024, the hard one far higher: a script with ten thousand sockets should
// not need `ulimit` first. getrlimit(2)
static void raise_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

void handles_start(void)
{
    raise_limit();
    // What the parent left open would take the numbers from 3 that a script expects.
    close_range(3, ~0U, 0);
    for (int fd = 0; fd <= 2; fd++)
        if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
            open("/dev/null", O_RDWR); // the lowest free number, which is fd
    handles_lock();
    for (int fd = 0; fd <= 2; fd++)
        enter_row(row_new(fd));
    handles_unlock();
}

void handles_finish(void)
{
    for (size_t i = 0; i < row_count; i++) {
        if (rows[i] == NULL)
            continue;
        // Standard input, output and error go with the process: the last report may still be on its
        // way.
        if (i > 2)
            close(rows[i]->fd);
        handle_release(rows[i]);
    }
    for (size_t i = 0; i < HANDLE_CLOSED_KEPT; i++) {
        if (closed[i] != NULL)
            handle_release(closed[i]);
        closed[i] = NULL;
    }
    free(rows);
    rows = NULL;
    row_count = 0;
}

int handle_hide(int fd)
{
    struct rlimit limit = {.rlim_cur = HIDDEN_TOP};
    getrlimit(RLIMIT_NOFILE, &limit);
    int top = limit.rlim_cur < HIDDEN_TOP ? (int)limit.rlim_cur : HIDDEN_TOP;
    // With a small limit (setrlimit, ulimit -n) in the upper half of what there is.
    int base = top > 2 * HIDDEN_ROOM ? top - HIDDEN_ROOM : top / 2;
    int moved = fcntl(fd, F_DUPFD_CLOEXEC, base);
    int error = errno;
    close(fd);
    errno = error;
    return moved;
}

int handle_hidden_socket(int family, int type, int protocol)
{
    handles_lock();
    int fd = socket(family, type | SOCK_CLOEXEC, protocol);
    if (fd >= 0)
        fd = handle_hide(fd);
    int error = errno;
    handles_unlock();
    errno = error;
    return fd;
}

// --- use and close -------------------------------------------------------------------------------

bool handle_is_dead(const struct handle *handle)
{
    return atomic_load_explicit(&handle->inside, memory_order_acquire) & HANDLE_DEAD;
}

bool handle_enter(struct handle *handle)
{
    if (!(count_add(&handle->inside, 1) & HANDLE_DEAD))
        return true;
    // It was counted in before it was seen to be dead: leave as anybody else does, closer and all.
    handle_leave(handle);
    return false;
}

void handle_leave(struct handle *handle)
{
    if (count_drop_unless(&handle->inside, HANDLE_DEAD))
        return;
    // Somebody closes it. The table's lock keeps the closer, and so its waiter, from going on
    // before it has been woken.
    handles_lock();
    struct waiter *closer = atomic_load(&handle->closer);
    if (count_add(&handle->inside, -1) == (HANDLE_DEAD | 1) && closer != NULL)
        wait_wake(closer);
    handles_unlock();
}

// How many calls are in flight, dead or not.
static int others_inside(const struct handle *handle)
{
    return atomic_load(&handle->inside) & ~HANDLE_DEAD;
}

// Stands in for the closer once it has gone on: whoever still enters the dead row wakes
// nobody when leaving it.
static struct waiter gone;

// Takes the row out of the table and keeps it among the closed ones.
static void retire(struct handle *handle)
{
    handles_lock();
    atomic_store(&handle->closer, &gone);
    rows[handle->fd] = NULL;
    struct handle *oldest = NULL;
    if (handle->is_socket) {
        oldest = closed[closed_at];
        closed[closed_at] = handle;
        closed_at = (closed_at + 1) % HANDLE_CLOSED_KEPT;
    } else {
        oldest = handle;
    }
    handles_unlock();
    if (oldest != NULL)
        handle_release(oldest);
}

// What wait_call() makes: `context` is the descriptor. 0 or an errno.
static int close_now(void *context)
{
    // After EINTR the descriptor is closed all the same: close(2), Linux.
    return close(*(int *)context) < 0 && errno != EINTR ? errno : 0;
}

int handle_close(struct handle *handle, struct waiter *waiter, bool *ended)
{
    int fd = handle->fd;
    *ended = false;
    // The closer stands there before the row is dead, so that whoever leaves last sees it.
    struct waiter *nobody = NULL;
    if (!atomic_compare_exchange_strong(&handle->closer, &nobody, waiter))
        return EBADF;
    if (handle->is_socket)
        kernel_remember(handle);
    atomic_fetch_or(&handle->inside, HANDLE_DEAD);
    if (others_inside(handle) > 0) {
        *ended = true;
        wait_wake_users(handle);
    }
    while (others_inside(handle) > 0)
        wait_sleep(waiter);
    // Read before the row is given up: retire() may free it.
    bool lingers = atomic_load(&handle->lingers);
    // Out of the table before close(2): the moment that returns, the number may belong to a
    // newcomer.
    retire(handle);
    return lingers ? wait_call(waiter, "close", NULL, close_now, &fd) : close_now(&fd);
}

// --- records -------------------------------------------------------------------------------------

void handle_record(struct handle *handle, struct record *record, struct str data)
{
    pthread_mutex_lock(&handle->lock);
    if (data.size > HANDLE_RECORD)
        data = str_slice(data, data.size - HANDLE_RECORD, data.size);
    struct buffer *bytes = &record->bytes;
    if (bytes->size + data.size > 2 * HANDLE_RECORD) { // move rarely: twice what is shown is kept
        size_t keep = HANDLE_RECORD - data.size;
        memmove(bytes->data, bytes->data + (bytes->size - keep), keep);
        bytes->size = keep;
    }
    buffer_add(bytes, data);
    pthread_mutex_unlock(&handle->lock);
}
