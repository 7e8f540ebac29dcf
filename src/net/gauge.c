// gauge: TCP_INFO and SO_MEMINFO, read together.

#include "net/gauge.h"

#include <errno.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "net/kernel.h"
#include "net/loss.h"

// Not of a listener, where the fields mean something else, nor before anything was measured: the
// kernel begins with a guess of no round trip at all.
static void read_tcp(int fd, struct gauge *gauge)
{
    struct tcp_info info = {.tcpi_state = 0};
    socklen_t size = sizeof info;
    if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) < 0 || info.tcpi_state == TCP_LISTEN)
        return;
    gauge->sent_again = info.tcpi_total_retrans;
    if (info.tcpi_rtt == 0 || info.tcpi_state == TCP_CLOSE)
        return;
    gauge->round_trip = info.tcpi_rtt * (int64_t)1000;
    gauge->window = info.tcpi_snd_cwnd;
}

// TCP counts what came twice among these, which is no loss: there only drop makes any.
static void read_lost(const struct handle *handle, struct gauge *gauge)
{
    uint32_t counts[SK_MEMINFO_VARS] = {0};
    socklen_t size = sizeof counts;
    if ((handle->type == SOCK_DGRAM || gauge->drops > 0) &&
        getsockopt(handle->fd, SOL_SOCKET, SO_MEMINFO, counts, &size) == 0)
        gauge->lost = counts[SK_MEMINFO_DROPS];
}

int gauge_read(struct handle *handle, struct gauge *gauge)
{
    int listens = 0;
    socklen_t size = sizeof listens;
    *gauge = (struct gauge){.to_read = -1, .unacked = -1, .round_trip = -1};
    if (!handle->is_socket)
        return ENOTSOCK;
    if (handle_is_dead(handle) || !handle_enter(handle))
        return EBADF;
    getsockopt(handle->fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size);
    gauge->listens = listens != 0;
    if (kernel_queued(handle, &gauge->to_read, &gauge->unacked) != 0)
        gauge->to_read = gauge->unacked = -1;
    if ((handle->family == AF_INET || handle->family == AF_INET6) && handle->type == SOCK_STREAM)
        read_tcp(handle->fd, gauge);
    gauge->drops = loss_of_open(handle);
    read_lost(handle, gauge);
    handle_leave(handle);
    return 0;
}
