// receive: octets out of a connection, and datagrams with their sender.

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include "base/message.h"
#include "commands/block.h"
#include "commands/note.h"
#include "commands/rows.h"

enum { SMALL = 2048 }; // read into the stack first, so that a value takes only what came

// Who sent a datagram, as the kernel writes it: a size of 0 for who has no address.
struct sender {
    struct sockaddr_storage address;
    socklen_t size;
};

// One receive in the making.
struct receiving {
    struct handle *handle; // which the call is inside of
    size_t size;           // octets asked for
    int flags;             // MSG_*, as the script gave them
    char *to;              // where the octets go: room for `size`
    size_t got;            // how many stand there
    size_t whole;          // of a datagram that has come: its length, whatever was asked for
    struct sender *sender; // of recvfrom; NULL when nobody asks
};

// Whether the kernel can say how long a datagram was that is cut: with MSG_TRUNC, which changes
// nothing else. Without it a cut could not be told from an exact fit. recv(2)
static bool tells_whole(const struct receiving *receiving)
{
    const struct handle *handle = receiving->handle;
    return handle->type == SOCK_DGRAM && !(receiving->flags & MSG_ERRQUEUE) &&
           (handle->family == AF_INET || handle->family == AF_INET6 || handle->family == AF_UNIX);
}

// One call of the kernel, for what is still wanted. It does not count what came.
static ssize_t receive_once(struct receiving *receiving, int more_flags)
{
    struct sender *sender = receiving->sender;
    more_flags |= tells_whole(receiving) ? MSG_TRUNC : 0;
    if (sender != NULL)
        sender->size = sizeof sender->address;
    return recvfrom(receiving->handle->fd, receiving->to + receiving->got,
                    receiving->size - receiving->got, receiving->flags | more_flags,
                    sender ? (struct sockaddr *)&sender->address : NULL,
                    sender ? &sender->size : NULL);
}

// A datagram that was longer than asked for gives its whole length with MSG_TRUNC; what was stored
// is no more than was asked for.
static void count_in(struct receiving *receiving, ssize_t count)
{
    size_t room = receiving->size - receiving->got;
    receiving->whole = (size_t)count;
    receiving->got += (size_t)count < room ? (size_t)count : room;
}

// One call that counts. 0 or an errno.
static int receive_with(struct receiving *receiving, int more_flags)
{
    ssize_t count = receive_once(receiving, more_flags);
    if (count >= 0)
        count_in(receiving, count);
    return count < 0 ? errno : 0;
}

// What block_in() makes: `context` is the receiving.
static int receive_blocking(void *context)
{
    return receive_with(context, 0);
}

// SO_RCVLOWAT was set, and a receive waits for more than the first octet.
static bool has_low_water(const struct receiving *receiving)
{
    return atomic_load_explicit(&receiving->handle->low_water, memory_order_relaxed);
}

// Waits that poll() cannot foretell: MSG_PEEK with MSG_WAITALL leaves it ready all the time, and of
// SO_RCVLOWAT it knows only where TCP is.
static bool must_block(const struct receiving *receiving)
{
    const struct handle *handle = receiving->handle;
    bool peek_all = (receiving->flags & MSG_PEEK) && (receiving->flags & MSG_WAITALL);
    return (peek_all || (handle->family == AF_UNIX && has_low_water(receiving))) &&
           atomic_load(&handle->blocking) && !(receiving->flags & (MSG_DONTWAIT | MSG_ERRQUEUE));
}

// Whether the blocking call would find all that it waits for; then nobody may see it waiting.
static bool returns_at_once(const struct receiving *receiving)
{
    int fd = receiving->handle->fd, least = 1;
    socklen_t size = sizeof least;
    struct pollfd peer = {fd, POLLRDHUP, 0};
    // The kernel waits for that many, but for no more than are asked for: socket(7).
    getsockopt(fd, SOL_SOCKET, SO_RCVLOWAT, &least, &size);
    size_t wanted = receiving->flags & MSG_WAITALL ? receiving->size : (size_t)least;
    ssize_t there =
        recv(fd, receiving->to, receiving->size, receiving->flags | MSG_PEEK | MSG_DONTWAIT);
    if (there < 0)
        return errno != EAGAIN;
    return receiving->handle->type != SOCK_STREAM || (size_t)there >= wanted ||
           (size_t)there == receiving->size || poll(&peer, 1, 0) > 0;
}

// A read of a part, and more may be there already: asking again costs less than poll(2).
static bool wants_more(const struct receiving *receiving, ssize_t count)
{
    return count > 0 && (receiving->flags & MSG_WAITALL) &&
           receiving->handle->type == SOCK_STREAM && receiving->got < receiving->size;
}

// What a blocking receive does; with MSG_WAITALL on a stream, until all is there or something stops
// it. 0 or an errno.
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
            // What has come is not lost: an interruption or a time-out gives it, as in C.
            return error == ECANCELED ? error : 0;
    }
}

// One attempt from the beginning: a receive that found nothing has left nothing behind.
static int receive_into(struct call *call, struct receiving *receiving, struct patience *patience)
{
    struct handle *handle = receiving->handle;
    int error = EAGAIN;
    receiving->got = 0;
    if (must_block(receiving)) {
        if (returns_at_once(receiving))
            error = receive_with(receiving, MSG_DONTWAIT);
        return error != EAGAIN ? error : block_in(call, handle, receive_blocking, receiving);
    }
    if (has_low_water(receiving) && !returns_at_once(receiving))
        error = block_until(call, handle, POLLIN, receiving->flags, patience);
    if (error != 0 && error != EAGAIN) // at the end of patience, what is there counts
        return error;
    return receive_all_that_comes(call, receiving, patience);
}

// Reads into the stack when little is asked for, else into the value itself.
static int receive_value(struct call *call, struct receiving *receiving, struct patience *patience,
                         struct value *data)
{
    char small[SMALL];
    bool is_small = receiving->size <= SMALL;
    *data = is_small ? VALUE_UNSET : value_bytes_sized(receiving->size);
    if (!is_small && data->type == TYPE_UNSET)
        return ENOMEM;
    receiving->to = is_small ? small : data->bytes->data;
    if (receiving->flags & MSG_TRUNC) // the kernel throws a stream's octets away and writes nothing
        memset(receiving->to, 0, receiving->size);
    int error = receive_into(call, receiving, patience);
    if (error != 0)
        value_release(*data);
    else if (is_small)
        *data = value_bytes((struct str){small, receiving->got});
    else
        *data = value_bytes_cut_take(*data, receiving->got);
    return error;
}

// Tries, and sleeps without holding any memory for what may come. 0 or an errno.
static int receive(struct call *call, struct receiving *receiving, struct value *data)
{
    struct patience patience = {.option = SO_RCVTIMEO};
    for (;;) {
        int error = receive_value(call, receiving, &patience, data);
        if (error != EAGAIN || must_block(receiving))
            return error;
        error = block_until(call, receiving->handle, POLLIN, receiving->flags, &patience);
        if (error != 0)
            return error;
    }
}

// Receives and gives what came; with who sent it when there is room for that.
static bool run_receiving(struct call *call, struct sender *sender)
{
    struct receiving receiving = {.handle = arg_handle(call, 0),
                                  .size = (size_t)arg_number_or(call, 1, 0),
                                  .flags = arg_int_or(call, 2, 0),
                                  .sender = sender};
    struct value data;
    if (!handle_enter(receiving.handle))
        return block_stale(call);
    int error = receive(call, &receiving, &data);
    if (error == 0 && handles_records_kept() && !(receiving.flags & (MSG_PEEK | MSG_ERRQUEUE)))
        handle_record(receiving.handle, &receiving.handle->received, value_str(data));
    handle_leave(receiving.handle);
    if (error != 0)
        return block_failed(call, receiving.handle, error);
    call->whole = tells_whole(&receiving) ? receiving.whole : 0;
    if (sender == NULL)
        return call_give_take(call, data);
    struct address address = {0};
    // An AF_UNIX socket without a name gives a size of 0: that is an address, too. unix(7)
    bool known = sender->size > 0 || receiving.handle->family == AF_UNIX;
    if (known)
        address_from_sockaddr(&sender->address, sender->size, &address);
    return call_give_two_take(call, data, known ? value_address(&address) : VALUE_NONE);
}

// Without an address: the kernel then writes none.
static bool run_recv(struct call *call)
{
    return run_receiving(call, NULL);
}

// ECONNREFUSED is UDP's, of a connected socket: an ICMP answer to what was sent before. udp(7)
const struct command command_recv = {
    .name = "recv",
    .summary = N_("receive at most so many bytes; empty: the peer finished"),
    .group = GROUP_SOCKETS,
    .params = PARAMS({.name = "socket", .type = TYPE_HANDLE, .fit = FIT_CONNECTED},
                     {.name = "size", .type = TYPE_INT, .bounded = true, .least = 0},
                     {.name = "flags",
                      .type = TYPE_INT,
                      .family = FAMILY_MSG,
                      .side = SIDE_RECEIVE,
                      .optional = true}),
    .results = RESULTS({.name = "data", .type = TYPE_BYTES}),
    .waits = N_("until an octet has come, or the end"),
    .errnos = ERRNOS(EAGAIN, EBADF, ECONNREFUSED, ECONNRESET, EINTR, EINVAL, ENOMEM, ENOTCONN,
                     ENOTSOCK, EOPNOTSUPP, ETIMEDOUT),
    .manual = "recv(2)",
    .c = "recv({socket}, buf, {size}, {flags|0})",
    .python = "{0} = {socket}.recv({size}{,flags})",
    .example = "a, b = socketpair; send a \"hello\"; recv b 1024",
    .details = N_("Gives what has come: from 1 octet to SIZE. Empty means that the peer has "
                  "finished sending and all was read (or SIZE was 0, or the datagram empty). "
                  "TCP keeps no messages apart: read in a loop until the end."),
    .lesson = "recv",
    .topic = "waiting",
    .run = run_recv,
    .note = note_recv,
};

static bool run_recvfrom(struct call *call)
{
    // Only here: an address is large, and every waiting recv would keep one on its stack.
    struct sender sender;
    return run_receiving(call, &sender);
}

// Of a stream the sender is none: Linux leaves the address alone, and getpeername tells.
const struct command command_recvfrom = {
    .name = "recvfrom",
    .summary = N_("receive a datagram and the address it came from"),
    .group = GROUP_SOCKETS,
    .params = PARAMS({.name = "socket", .type = TYPE_HANDLE, .fit = FIT_UNCONNECTED},
                     {.name = "size", .type = TYPE_INT, .bounded = true, .least = 0},
                     {.name = "flags",
                      .type = TYPE_INT,
                      .family = FAMILY_MSG,
                      .side = SIDE_RECEIVE,
                      .optional = true}),
    .results = RESULTS({.name = "data", .type = TYPE_BYTES},
                       {.name = "sender", .type = TYPE_ADDRESS | TYPE_NONE}),
    .waits = N_("until a datagram has come"),
    .errnos = ERRNOS(EAGAIN, EBADF, ECONNREFUSED, EINTR, EINVAL, ENOMEM, ENOTCONN, ENOTSOCK),
    .manual = "recvfrom(2)",
    .c = "recvfrom({socket}, buf, {size}, {flags|0}, {=})",
    .python = "{0}, {1} = {socket}.recvfrom({size}{,flags})",
    .example = "r = socket AF_INET SOCK_DGRAM; bind r 127.0.0.1:0\n"
               "s = socket AF_INET SOCK_DGRAM; sendto s \"hello\" (getsockname r)\n"
               "data, sender = recvfrom r 1024",
    .details = N_("As recv, and says who sent it, so that sendto can answer. One datagram a "
                  "call; what is longer than SIZE is lost. On a TCP socket sender is none."),
    .lesson = "udp",
    .topic = "udp",
    .run = run_recvfrom,
    .note = note_recv,
};
