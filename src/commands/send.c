// send: octets into a connection, and datagrams to an address.

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>

#include "base/message.h"
#include "commands/block.h"
#include "commands/form.h"
#include "commands/note.h"
#include "commands/rows.h"
#include "lang/eval.h"

// One send in the making.
struct sending {
    struct handle *handle;             // which the call is inside of
    struct str data;                   // all of it; borrowed
    int flags;                         // MSG_*, as the script gave them
    const struct sockaddr_storage *to; // NULL for the peer
    socklen_t to_size;                 // 0 without `to`
    size_t sent;                       // octets that the kernel has taken
};

// One call of the kernel, for what is left. SIGPIPE is ignored by the whole program: EPIPE it is.
static ssize_t send_once(const struct sending *sending, int more_flags)
{
    struct str rest = str_slice(sending->data, sending->sent, sending->data.size);
    return sendto(sending->handle->fd, rest.data, rest.size, sending->flags | more_flags,
                  (const struct sockaddr *)sending->to, sending->to_size);
}

// The blocking call itself, for AF_UNIX datagrams: poll() calls a full peer writable.
static int send_blocking(void *context)
{
    struct sending *sending = context;
    ssize_t sent = send_once(sending, 0);
    if (sent >= 0)
        sending->sent += (size_t)sent;
    return sent < 0 ? errno : 0;
}

// After a part has gone, another try may eat an error that belongs to the next call (ECONNRESET,
// and EPIPE comes instead).
static bool peer_has_left(const struct handle *handle)
{
    struct pollfd one = {handle->fd, POLLOUT, 0};
    return poll(&one, 1, 0) > 0 && (one.revents & (POLLERR | POLLHUP));
}

// Waits for room. 0: try again.
static int await_room(struct call *call, struct sending *sending, struct patience *patience)
{
    struct handle *handle = sending->handle;
    if (handle->family == AF_UNIX && handle->type != SOCK_STREAM &&
        atomic_load(&handle->blocking) && !(sending->flags & MSG_DONTWAIT)) {
        int error = block_in(call, handle, send_blocking, sending);
        return error ? error : -1; // the call itself has sent it
    }
    return block_until(call, handle, POLLOUT, sending->flags, patience);
}

// What a blocking send does: on a stream until all is copied, or something stops it; then what has
// gone counts. 0 or an errno.
static int send_all_that_fits(struct call *call, struct sending *sending)
{
    struct patience patience = {.option = SO_SNDTIMEO};
    int error = 0;
    do {
        ssize_t sent = send_once(sending, MSG_DONTWAIT);
        if (sent >= 0)
            sending->sent += (size_t)sent;
        else if (errno != EAGAIN)
            error = errno;
        else if ((error = await_room(call, sending, &patience)) < 0)
            return 0;
        if (sent >= 0 &&
            (sending->handle->type != SOCK_STREAM || sending->sent == sending->data.size))
            break;
        if (sending->sent > 0 && peer_has_left(sending->handle))
            break;
    } while (error == 0);
    return error == ECANCELED || sending->sent == 0 ? error : 0;
}

// Only what the kernel took: that is what the peer may come to see.
static void record_sent(struct sending *sending)
{
    if (handles_records_kept() && sending->handle->is_socket)
        handle_record(sending->handle, &sending->handle->sent,
                      str_slice(sending->data, 0, sending->sent));
}

// Gives the count, which may be short on a stream: the script has to look at it.
static bool run_sending(struct call *call, struct sending *sending)
{
    if (!handle_enter(sending->handle))
        return block_stale(call);
    int error = send_all_that_fits(call, sending);
    if (error == 0)
        record_sent(sending);
    handle_leave(sending->handle);
    if (error != 0)
        return block_failed(call, sending->handle, error);
    return call_give_take(call, value_int((int64_t)sending->sent));
}

// To the peer that connect has chosen, or that accept came with.
static bool run_send(struct call *call)
{
    struct sending sending = {
        .handle = arg_handle(call, 0), .data = arg_str(call, 1), .flags = arg_int_or(call, 2, 0)};
    return run_sending(call, &sending);
}

// EDESTADDRREQ and ENOTCONN: no peer, of UDP and of TCP. ECONNREFUSED is UDP's, an ICMP answer to
// an earlier datagram. EMSGSIZE: a datagram goes in one piece or not at all.
const struct command command_send = {
    .name = "send",
    .summary = N_("send bytes to the peer; gives how many were taken"),
    .group = GROUP_SOCKETS,
    .params = PARAMS({.name = "socket", .type = TYPE_HANDLE, .fit = FIT_CONNECTED},
                     {.name = "data", .type = TYPE_BYTES},
                     {.name = "flags",
                      .type = TYPE_INT,
                      .family = FAMILY_MSG,
                      .side = SIDE_SEND,
                      .optional = true}),
    .results = RESULTS({.name = "count", .type = TYPE_INT}),
    .waits = N_("until the kernel has room for what is left"),
    .errnos = ERRNOS(EAGAIN, EBADF, ECONNREFUSED, ECONNRESET, EDESTADDRREQ, EINTR, EINVAL, EMSGSIZE,
                     ENOBUFS, ENOTCONN, ENOTSOCK, EOPNOTSUPP, EPIPE, ETIMEDOUT),
    .manual = "send(2)",
    .c = "send({socket}, {data}, {flags|0})",
    .python = "{socket}.send({data}{,flags})",
    .example = "a, b = socketpair; send a \"hello\"",
    .details = N_("Gives how many octets the kernel took: fewer than DATA when it had no room "
                  "for more and might not wait. That they were taken does not say that they "
                  "arrived."),
    .lesson = "hello",
    .topic = "tcp",
    .run = run_send,
    .note = note_send,
};

// As send, with an address for this one datagram. AF_UNIX and UDP sockets need no connect for it.
static bool run_sendto(struct call *call)
{
    struct sockaddr_storage to;
    struct handle *handle = arg_handle(call, 0);
    if (!handle_enter(handle))
        return block_stale(call);
    struct sending sending = {
        .handle = handle, .data = arg_str(call, 1), .flags = arg_int_or(call, 3, 0), .to = &to};
    // The row is entered before the look-up, which asks for its family.
    sending.to_size = block_address(call, 2, handle, true, &to);
    bool good = sending.to_size > 0 && run_sending(call, &sending);
    handle_leave(handle);
    return good;
}

// EISCONN: AF_UNIX streams only; TCP leaves the address unread. EACCES: a broadcast address without
// SO_BROADCAST. socket(7), udp(7)
const struct command command_sendto = {
    .name = "sendto",
    .summary = N_("send one datagram to an address"),
    .group = GROUP_SOCKETS,
    .params =
        PARAMS({.name = "socket", .type = TYPE_HANDLE, .fit = FIT_UNCONNECTED},
               {.name = "data", .type = TYPE_BYTES}, {.name = "address", .type = TYPE_ADDRESS},
               {.name = "flags",
                .type = TYPE_INT,
                .family = FAMILY_MSG,
                .side = SIDE_SEND,
                .optional = true}),
    .results = RESULTS({.name = "count", .type = TYPE_INT}),
    .waits = N_("until the kernel has room for the datagram"),
    .errnos = ERRNOS(EACCES, EAFNOSUPPORT, EAGAIN, EBADF, ECONNREFUSED, EINTR, EINVAL, EISCONN,
                     EMSGSIZE, ENETUNREACH, ENOBUFS, ENOTCONN, ENOTSOCK, EPIPE),
    .manual = "sendto(2)",
    .c = "sendto({socket}, {data}, {flags|0}, {address})",
    .python = "{socket}.sendto({data}{,flags}, {address})",
    .example = "r = socket AF_INET SOCK_DGRAM; bind r 127.0.0.1:0\n"
               "s = socket AF_INET SOCK_DGRAM; sendto s \"hello\" (getsockname r)",
    .details = N_("No connect is needed: each datagram carries its address. Nobody tells "
                  "whether it arrived. A socket without a port is given one by this."),
    .lesson = "udp",
    .topic = "udp",
    .run = run_sendto,
    .note = note_send,
};

// --- sendall -------------------------------------------------------------------------------------

// One of the sends that sendall makes, for the trace.
static void report_part(const struct call *call, struct sending *sending, int error)
{
    if (!*call->interp->traces)
        return;
    struct value args[] = {call->args[0], value_bytes(sending->data), arg(call, 2)};
    struct call part = *call;
    part.command = &command_send;
    part.args = args;
    part.count = 3;
    if (error != 0)
        call_failed(&part, error);
    else
        call_give_take(&part, value_int((int64_t)sending->sent));
    form_report_call(&part, error == 0);
    value_release(part.error);
    value_release(args[1]);
}

// At least one send, also of no octets: an empty datagram is one.
static bool run_sendall(struct call *call)
{
    struct handle *handle = arg_handle(call, 0);
    struct str data = arg_str(call, 1);
    int error = 0;
    if (!handle_enter(handle))
        return block_stale(call);
    do {
        struct sending sending = {.handle = handle, .data = data, .flags = arg_int_or(call, 2, 0)};
        error = send_all_that_fits(call, &sending);
        record_sent(&sending);
        report_part(call, &sending, error);
        data = str_slice(data, sending.sent, data.size);
    } while (error == 0 && data.size > 0);
    handle_leave(handle);
    return error != 0 ? block_failed(call, handle, error) : call_done(call);
}

// A loop of sends, as Python's method of that name is, and shown as one.
const struct command command_sendall = {
    .name = "sendall",
    .summary = N_("send until every byte is taken"),
    .group = GROUP_SOCKETS,
    .params = PARAMS({.name = "socket", .type = TYPE_HANDLE, .fit = FIT_CONNECTED},
                     {.name = "data", .type = TYPE_BYTES},
                     {.name = "flags",
                      .type = TYPE_INT,
                      .family = FAMILY_MSG,
                      .side = SIDE_SEND,
                      .optional = true}),
    .waits = N_("until the kernel has room for what is left"),
    .errnos = ERRNOS(EAGAIN, EBADF, ECONNRESET, EINTR, EMSGSIZE, ENOTCONN, ENOTSOCK, EPIPE),
    .manual = "send(2)",
    .c = "*send({socket}, {data}, {flags|0})",
    .python = "{socket}.sendall({data}{,flags})",
    .example = "a, b = socketpair; sendall a \"hello\"",
    .details = N_("Calls send until nothing is left. When that fails, nobody knows how much had "
                  "been taken."),
    .lesson = "delivery",
    .topic = "tcp",
    .run = run_sendall,
    .note = note_send,
};
