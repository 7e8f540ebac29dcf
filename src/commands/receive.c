// receive: octets out of a connection, and datagrams with their sender.

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include "base/message.h"
#include "commands/block.h"

enum { SMALL = 2048 }; // read into the stack first, so that a value takes only what came

// One receive in the making.
struct receiving {
    struct handle *handle;
    size_t size;
    int flags;
    char *to;                     // where the octets go
    size_t got;
    struct sockaddr_storage from; // of recvfrom
    socklen_t from_size;
};

static ssize_t receive_once(struct receiving *receiving, int more_flags)
{
    receiving->from_size = sizeof receiving->from;
    return recvfrom(receiving->handle->fd, receiving->to + receiving->got,
                    receiving->size - receiving->got, receiving->flags | more_flags,
                    (struct sockaddr *)&receiving->from, &receiving->from_size);
}

// A datagram that was longer than asked for gives its whole length with MSG_TRUNC; what was stored is no more than was asked for.
static void count_in(struct receiving *receiving, ssize_t count)
{
    size_t room = receiving->size - receiving->got;
    receiving->got += (size_t)count < room ? (size_t)count : room;
}

static int receive_blocking(void *context)
{
    struct receiving *receiving = context;
    ssize_t count = receive_once(receiving, 0);
    if (count >= 0)
        count_in(receiving, count);
    return count < 0 ? errno : 0;
}

// Waits that poll() cannot foretell: SO_RCVLOWAT counts octets, and MSG_PEEK with MSG_WAITALL leaves poll() ready all the time.
static bool must_block(const struct receiving *receiving)
{
    const struct handle *handle = receiving->handle;
    bool peek_all = (receiving->flags & MSG_PEEK) && (receiving->flags & MSG_WAITALL);
    return (peek_all || atomic_load_explicit(&handle->low_water, memory_order_relaxed)) &&
           atomic_load(&handle->blocking) && !(receiving->flags & (MSG_DONTWAIT | MSG_ERRQUEUE));
}

static bool wants_more(const struct receiving *receiving, ssize_t count)
{
    return count > 0 && (receiving->flags & MSG_WAITALL) &&
           receiving->handle->type == SOCK_STREAM && receiving->got < receiving->size;
}

// What a blocking receive does; with MSG_WAITALL on a stream, until all is there or something stops it. 0 or an errno.
static int receive_all_that_comes(struct call *call, struct receiving *receiving,
                                  struct patience *patience)
{
    for (;;) {
        ssize_t count = receive_once(receiving, MSG_DONTWAIT);
        int error = count < 0 ? errno : 0;
        if (count >= 0)
            count_in(receiving, count);
        if (wants_more(receiving, count))
            continue;
        if (error != EAGAIN)
            return receiving->got > 0 ? 0 : error;
        if (receiving->got == 0)
            return EAGAIN; // the caller gives the memory back while it sleeps
        error = block_until(call, receiving->handle, POLLIN, receiving->flags, patience);
        if (error != 0)
            return error == ECANCELED ? error : 0;
    }
}

static int receive_into(struct call *call, struct receiving *receiving, struct patience *patience)
{
    receiving->got = 0;
    if (must_block(receiving))
        return block_in(call, receiving->handle, receive_blocking, receiving);
    return receive_all_that_comes(call, receiving, patience);
}

// Reads into the stack when little is asked for, else into the value itself.
static int receive_small(struct call *call, struct receiving *receiving, struct patience *patience,
                         struct value *data)
{
    char small[SMALL];
    if (receiving->flags & MSG_TRUNC) // the kernel throws a stream's octets away and writes nothing
        memset(small, 0, sizeof small);
    receiving->to = small;
    int error = receive_into(call, receiving, patience);
    if (error == 0)
        *data = value_bytes((struct str){small, receiving->got});
    return error;
}

static int receive_large(struct call *call, struct receiving *receiving, struct patience *patience,
                         struct value *data)
{
    *data = value_bytes_sized(receiving->size);
    if (data->type == TYPE_UNSET)
        return ENOMEM;
    if (receiving->flags & MSG_TRUNC)
        memset(data->bytes->data, 0, receiving->size);
    receiving->to = data->bytes->data;
    int error = receive_into(call, receiving, patience);
    if (error == 0)
        *data = value_bytes_cut_take(*data, receiving->got);
    else
        value_release(*data);
    return error;
}

// Tries, and sleeps without holding any memory for what may come. 0 or an errno.
static int receive(struct call *call, struct receiving *receiving, struct value *data)
{
    struct patience patience = {.option = SO_RCVTIMEO};
    for (;;) {
        int error = receiving->size <= SMALL ? receive_small(call, receiving, &patience, data)
                                             : receive_large(call, receiving, &patience, data);
        if (error != EAGAIN || must_block(receiving))
            return error;
        error = block_until(call, receiving->handle, POLLIN, receiving->flags, &patience);
        if (error != 0)
            return error;
    }
}

static bool run_receiving(struct call *call, bool with_sender)
{
    struct receiving receiving = {.handle = arg_handle(call, 0),
                                  .size = (size_t)arg_number_or(call, 1, 0),
                                  .flags = arg_int_or(call, 2, 0)};
    struct value data = VALUE_UNSET;
    if (!handle_enter(receiving.handle))
        return block_stale(call);
    int error = receive(call, &receiving, &data);
    if (error == 0 && handles_records_kept() && !(receiving.flags & (MSG_PEEK | MSG_ERRQUEUE)))
        handle_record(receiving.handle, &receiving.handle->received, value_str(data));
    handle_leave(receiving.handle);
    if (error != 0)
        return block_failed(call, receiving.handle, error);
    if (!with_sender)
        return call_give_take(call, data);
    struct address address = {0};
    bool has_sender = receiving.from_size > 0 || receiving.handle->family == AF_UNIX;
    if (has_sender)
        address_from_sockaddr(&receiving.from, receiving.from_size, &address);
    return call_give_two_take(call, data, has_sender ? value_address(&address) : VALUE_NONE);
}

static bool run_recv(struct call *call)
{
    return run_receiving(call, false);
}

const struct command command_recv = {
    .name = "recv",
    .summary = N_("receive at most so many bytes; empty: the peer finished"),
    .group = GROUP_SOCKETS,
    .params = PARAMS({.name = "socket", .type = TYPE_HANDLE},
                     {.name = "size", .type = TYPE_INT, .bounded = true, .least = 0},
                     {.name = "flags", .type = TYPE_INT, .family = FAMILY_MSG, .optional = true}),
    .results = RESULTS({.name = "data", .type = TYPE_BYTES}),
    .may_wait = true,
    .errnos = ERRNOS(EAGAIN, EBADF, ECONNREFUSED, ECONNRESET, EINTR, EINVAL, ENOMEM, ENOTCONN,
                     ENOTSOCK, EOPNOTSUPP, ETIMEDOUT),
    .manual = "recv(2)",
    .c = "recv({socket}, buf, {size}, {flags|0})",
    .python = "{0} = {socket}.recv({size}{,flags})",
    .example = "a, b = socketpair; send a \"hello\"; recv b 1024",
    .run = run_recv,
};

static bool run_recvfrom(struct call *call)
{
    return run_receiving(call, true);
}

const struct command command_recvfrom = {
    .name = "recvfrom",
    .summary = N_("receive a datagram and the address it came from"),
    .group = GROUP_SOCKETS,
    .params = PARAMS({.name = "socket", .type = TYPE_HANDLE},
                     {.name = "size", .type = TYPE_INT, .bounded = true, .least = 0},
                     {.name = "flags", .type = TYPE_INT, .family = FAMILY_MSG, .optional = true}),
    .results = RESULTS({.name = "data", .type = TYPE_BYTES},
                       {.name = "sender", .type = TYPE_ADDRESS | TYPE_NONE}),
    .may_wait = true,
    .errnos = ERRNOS(EAGAIN, EBADF, ECONNREFUSED, EINTR, EINVAL, ENOMEM, ENOTCONN, ENOTSOCK),
    .manual = "recvfrom(2)",
    .c = "recvfrom({socket}, buf, {size}, {flags|0}, {=})",
    .python = "{0}, {1} = {socket}.recvfrom({size}{,flags})",
    .example = "r = socket AF_INET SOCK_DGRAM; bind r 127.0.0.1:0\n"
               "s = socket AF_INET SOCK_DGRAM; sendto s \"hello\" (getsockname r)\n"
               "data, sender = recvfrom r 1024",
    .run = run_recvfrom,
};
