// kernel: the state and the queues of a socket, asked of the kernel each time.

#include "net/kernel.h"

#include <errno.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "base/memory.h"
#include "net/sock_diag.h"

void kernel_start(void)
{
    sock_diag_open(NULL);
}

void kernel_finish(void)
{
    sock_diag_close();
}

// --- what is kept for later ----------------------------------------------------------------------

// Asks and allocates before the lock is taken, so that it is held for two assignments only.
static void remember_end(struct handle *handle, bool peer, struct address **slot)
{
    struct sockaddr_storage storage = {0};
    struct sockaddr *to = (struct sockaddr *)&storage;
    socklen_t size = sizeof storage;
    struct address address;
    if ((peer ? getpeername(handle->fd, to, &size) : getsockname(handle->fd, to, &size)) < 0)
        return;
    address_from_sockaddr(&storage, size, &address);
    struct address *kept = mem_zero(address_size(&address));
    memcpy(kept, &address, address_size(&address));
    pthread_mutex_lock(&handle->lock);
    free(*slot);
    *slot = kept;
    pthread_mutex_unlock(&handle->lock);
}

void kernel_remember(struct handle *handle)
{
    remember_end(handle, false, &handle->local);
    remember_end(handle, true, &handle->peer);
}

// Copies the two ends of a connection. False when they are not known.
static bool ends_of(struct handle *handle, struct address *local, struct address *peer)
{
    pthread_mutex_lock(&handle->lock);
    bool known = handle->local != NULL && handle->peer != NULL;
    if (known) {
        memcpy(local, handle->local, address_size(handle->local));
        memcpy(peer, handle->peer, address_size(handle->peer));
    }
    pthread_mutex_unlock(&handle->lock);
    return known && local->kind == peer->kind &&
           (local->kind == ADDRESS_INET || local->kind == ADDRESS_INET6);
}

// --- state ---------------------------------------------------------------------------------------

// Whether TCP_INFO and tcp's sock_diag speak of this socket.
static bool is_tcp(const struct handle *handle)
{
    enum { TYPE_BITS = 0xF }; // without SOCK_NONBLOCK and SOCK_CLOEXEC
    return (handle->family == AF_INET || handle->family == AF_INET6) &&
           (handle->type & TYPE_BITS) == SOCK_STREAM &&
           (handle->protocol == 0 || handle->protocol == IPPROTO_TCP);
}

const char *kernel_tcp_state_name(int number)
{
    // A connection of which the third packet has not come yet; not in <netinet/tcp.h>.
    enum { NEW_SYN_RECV = 12 };
    static const char *const names[] = {
        [TCP_ESTABLISHED] = "ESTABLISHED",
        [TCP_SYN_SENT] = "SYN_SENT",
        [TCP_SYN_RECV] = "SYN_RECV",
        [TCP_FIN_WAIT1] = "FIN_WAIT1",
        [TCP_FIN_WAIT2] = "FIN_WAIT2",
        [TCP_TIME_WAIT] = "TIME_WAIT",
        [TCP_CLOSE] = "CLOSED",
        [TCP_CLOSE_WAIT] = "CLOSE_WAIT",
        [TCP_LAST_ACK] = "LAST_ACK",
        [TCP_LISTEN] = "LISTEN",
        [TCP_CLOSING] = "CLOSING",
        [NEW_SYN_RECV] = "SYN_RECV",
    };
    bool known = number > 0 && (size_t)number < sizeof names / sizeof *names;
    return known ? names[number] : "CLOSED";
}

// 0 or an errno. What an older kernel does not fill in stays 0. tcp(7)
static int get_tcp_info(int fd, struct tcp_info *info)
{
    socklen_t size = sizeof *info;
    memset(info, 0, sizeof *info);
    return getsockopt(fd, IPPROTO_TCP, TCP_INFO, info, &size) < 0 ? errno : 0;
}

// The states in which a connection goes on without a descriptor. In any other, who has these
// two ends is a newcomer.
static bool is_leaving(int number)
{
    return number == TCP_FIN_WAIT1 || number == TCP_FIN_WAIT2 || number == TCP_CLOSING ||
           number == TCP_LAST_ACK || number == TCP_TIME_WAIT;
}

// Looks for what is left of the connection: in TIME_WAIT even an open descriptor says CLOSE.
static int find_remains(struct handle *handle, struct kernel_state *state)
{
    struct address local, peer;
    int number = TCP_CLOSE;
    uint32_t expires_ms = 0;
    if (!ends_of(handle, &local, &peer))
        return 0;
    int error = sock_diag_tcp(handle->host, &local, &peer, &number, &expires_ms);
    if (error != 0)
        return error == ENOENT ? 0 : error;
    if (is_leaving(number))
        state->name = kernel_tcp_state_name(number);
    if (number == TCP_TIME_WAIT)
        state->remaining_ms = expires_ms;
    return 0;
}

// Asks the descriptor while there is one, and for the remains when that says nothing.
static int tcp_state(struct handle *handle, bool open, struct kernel_state *state)
{
    struct tcp_info info = {.tcpi_state = TCP_CLOSE};
    int error = open ? get_tcp_info(handle->fd, &info) : 0;
    if (error != 0)
        return error;
    if (info.tcpi_state == TCP_CLOSE)
        return find_remains(handle, state);
    state->name = kernel_tcp_state_name(info.tcpi_state);
    return 0;
}

// Asked of the kernel each time: another process may share the socket. socket(7)
static bool listens(int fd)
{
    int yes = 0;
    socklen_t size = sizeof yes;
    return getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &yes, &size) == 0 && yes != 0;
}

// There is no state machine to ask: what can be told is whether a peer is set.
static const char *other_state(int fd)
{
    struct sockaddr_storage peer;
    socklen_t size = sizeof peer;
    if (listens(fd))
        return "LISTEN";
    return getpeername(fd, (struct sockaddr *)&peer, &size) == 0 ? "CONNECTED" : "UNCONNECTED";
}

int kernel_state(struct handle *handle, struct kernel_state *state)
{
    int error = 0;
    *state = (struct kernel_state){.name = "CLOSED", .remaining_ms = -1};
    if (!handle->is_socket)
        return ENOTSOCK;
    // A dead row is not entered: that would take the table's lock, and there is nothing to ask.
    bool open = !handle_is_dead(handle) && handle_enter(handle);
    if (is_tcp(handle))
        error = tcp_state(handle, open, state);
    else if (open)
        state->name = other_state(handle->fd);
    if (open)
        handle_leave(handle);
    return error;
}

// --- queues --------------------------------------------------------------------------------------

// Of a listener. The limit is what listen(2) was told, cut to net.core.somaxconn.
static int backlog(const struct handle *handle, int64_t *waiting, int64_t *limit)
{
    uint32_t now = 0, most = 0;
    struct stat status;
    int error = EOPNOTSUPP;
    if (is_tcp(handle)) {
        struct tcp_info info;
        error = get_tcp_info(handle->fd, &info);
        now = info.tcpi_unacked; // so used for listeners, see tcp_get_info() in the kernel
        most = info.tcpi_sacked;
    } else if (handle->family == AF_UNIX) {
        error = fstat(handle->fd, &status) < 0
                    ? errno
                    : sock_diag_unix_backlog(handle->host, (uint32_t)status.st_ino, &now, &most);
    }
    *waiting = now;
    *limit = most;
    return error;
}

// How many of the `outgoing` numbers stand for no octet of data. The FIN takes one of its own until
// it is acknowledged. A connect(2) that failed leaves a few, see tcp_disconnect() in the kernel:
// nothing can have been sent while not even the SYN's round trip was measured.
static int64_t not_data(int fd, int64_t outgoing)
{
    struct tcp_info info;
    if (get_tcp_info(fd, &info) != 0)
        return 0;
    if (info.tcpi_state == TCP_CLOSE && info.tcpi_rtt == 0)
        return outgoing;
    return info.tcpi_state == TCP_FIN_WAIT1 || info.tcpi_state == TCP_CLOSING ||
           info.tcpi_state == TCP_LAST_ACK;
}

// Of a socket that carries data.
static int octets(const struct handle *handle, int64_t *to_read, int64_t *unacked)
{
    int incoming = 0, outgoing = 0;
    if (ioctl(handle->fd, SIOCINQ, &incoming) < 0)
        return errno;
    *to_read = incoming;
    *unacked = 0;
    if (!is_tcp(handle))
        return 0; // SIOCOUTQ would count the kernel's memory there, not octets
    if (ioctl(handle->fd, SIOCOUTQ, &outgoing) < 0)
        return errno;
    *unacked = outgoing > 0 ? outgoing - not_data(handle->fd, outgoing) : 0;
    return 0;
}

int kernel_queued(struct handle *handle, int64_t *to_read, int64_t *unacked)
{
    if (!handle->is_socket)
        return ENOTSOCK;
    if (!handle_enter(handle))
        return EBADF;
    int error =
        listens(handle->fd) ? backlog(handle, to_read, unacked) : octets(handle, to_read, unacked);
    handle_leave(handle);
    return error;
}

int kernel_unsent(struct handle *handle, int64_t *unsent)
{
    int octets = 0, error = 0;
    if (!handle->is_socket)
        return ENOTSOCK;
    if (!handle_enter(handle))
        return EBADF;
    if (is_tcp(handle) && !listens(handle->fd) && ioctl(handle->fd, SIOCOUTQNSD, &octets) < 0)
        error = errno;
    handle_leave(handle);
    *unsent = octets;
    return error;
}
