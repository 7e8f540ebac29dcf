// loss: four instructions of classic BPF.

#include "net/loss.h"

#include <errno.h>
#include <linux/filter.h>
#include <sys/socket.h>

enum { WHOLE = 100 }; // percent

// A random number below this is a lost packet.
static uint32_t threshold_of(int percent)
{
    return (uint32_t)(((uint64_t)percent << 32) / WHOLE);
}

// How many octets of a packet are kept; -1 is more than any has.
enum { LOSE = 0, KEEP = -1 };

static int attach(int fd, int percent)
{
    struct sock_filter some[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)SKF_AD_OFF + SKF_AD_RANDOM),
        BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, threshold_of(percent), 0, 1),
        BPF_STMT(BPF_RET | BPF_K, (uint32_t)KEEP),
        BPF_STMT(BPF_RET | BPF_K, LOSE),
    };
    struct sock_filter all[] = {BPF_STMT(BPF_RET | BPF_K, LOSE)};
    struct sock_fprog program = {.len = sizeof some / sizeof *some, .filter = some};
    if (percent == WHOLE)
        program = (struct sock_fprog){.len = sizeof all / sizeof *all, .filter = all};
    return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) < 0 ? errno : 0;
}

static int detach(int fd)
{
    int ignored = 0; // but it has to be there
    return setsockopt(fd, SOL_SOCKET, SO_DETACH_FILTER, &ignored, sizeof ignored) < 0 ? errno : 0;
}

int loss_set(struct handle *handle, int percent)
{
    if (!handle->is_socket)
        return ENOTSOCK;
    // The kernel takes the filter and never asks it.
    if (handle->family == AF_UNIX && handle->type == SOCK_STREAM)
        return EOPNOTSUPP;
    if (!handle_enter(handle))
        return EBADF;
    int error = percent > 0 ? attach(handle->fd, percent) : detach(handle->fd);
    handle_leave(handle);
    return error;
}

// The kernel gives the filter back as it was attached, counted in instructions.
int loss_of_open(const struct handle *handle)
{
    struct sock_filter filter[4];
    socklen_t count = sizeof filter / sizeof *filter;
    if (!handle->is_socket || handle_is_dead(handle) ||
        getsockopt(handle->fd, SOL_SOCKET, SO_GET_FILTER, filter, &count) < 0)
        return 0;
    if (count == 1)
        return WHOLE;
    return count == 4 ? (int)((((uint64_t)filter[1].k * WHOLE) + UINT32_MAX) >> 32) : 0;
}

int loss_of(struct handle *handle)
{
    if (handle_is_dead(handle) || !handle_enter(handle))
        return 0;
    int percent = loss_of_open(handle);
    handle_leave(handle);
    return percent;
}
