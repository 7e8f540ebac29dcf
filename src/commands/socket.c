// socket: the calls that make, name, turn off and close sockets, and that never wait for a peer.

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>

#include "base/message.h"
#include "commands/block.h"
#include "commands/form.h"
#include "commands/note.h"
#include "commands/rows.h"
#include "net/confine.h"
#include "net/kernel.h"

enum { TYPE_FLAGS = SOCK_NONBLOCK | SOCK_CLOEXEC }; // what may stand beside a type: socket(2)

// What the kernel is told beside the script's type: descriptors never block, apart from AF_UNIX
// ones, whose connect and sendto have waits that only the blocking call itself can make.
static int inner_flags(int family, int type)
{
    bool blocks = family == AF_UNIX && !(type & SOCK_NONBLOCK);
    return SOCK_CLOEXEC | (blocks ? 0 : SOCK_NONBLOCK);
}

// Makes the row of a new descriptor. Under handles_lock(), with a reference for the caller.
static struct handle *enter(const struct call *call, int fd, int family, int type, int protocol)
{
    struct handle *handle = handle_add(fd, family, type & ~TYPE_FLAGS, protocol, NULL);
    atomic_store(&handle->blocking, !(type & SOCK_NONBLOCK));
    block_note_opener(call, handle);
    return handle;
}

// Without arguments a TCP socket of IPv4, which is what most programs begin with.
static bool run_socket(struct call *call)
{
    int family = arg_int_or(call, 0, AF_INET);
    int type = arg_int_or(call, 1, SOCK_STREAM);
    int protocol = arg_int_or(call, 2, 0);
    struct handle *handle = NULL;
    if (confine_forbids(family, type & ~TYPE_FLAGS))
        return call_refused(call, "%s",
                            _("a lesson on the computer's own network sees no packets of others"));
    handles_lock();
    int fd = socket(family, type | inner_flags(family, type), protocol);
    int error = errno;
    // In the same hold as the call: nobody may see the number without its row.
    if (fd >= 0)
        handle = enter(call, fd, family, type, protocol);
    handles_unlock();
    return fd < 0 ? call_failed(call, error) : call_give_take(call, value_handle_take(handle));
}

// EACCES: SOCK_RAW wants CAP_NET_RAW, raw(7). EMFILE is this process's limit, ENFILE the system's.
const struct command command_socket = {
    .name = "socket",
    .summary = N_("make a socket: an endpoint, not yet connected"),
    .group = GROUP_SOCKETS,
    .params =
        PARAMS({.name = "family", .type = TYPE_INT, .family = FAMILY_AF, .optional = true},
               {.name = "type", .type = TYPE_INT, .family = FAMILY_SOCK, .optional = true},
               {.name = "protocol", .type = TYPE_INT, .family = FAMILY_IPPROTO, .optional = true}),
    .results = RESULTS({.name = "handle", .type = TYPE_HANDLE}),
    .errnos = ERRNOS(EACCES, EAFNOSUPPORT, EINVAL, EMFILE, ENFILE, ENOBUFS, EPROTONOSUPPORT),
    .manual = "socket(2)",
    .c = "socket({family|AF_INET}, {type|SOCK_STREAM}, {protocol|0})",
    .python = "{0} = socket.socket({family|socket.AF_INET}, {type|socket.SOCK_STREAM}{,protocol})",
    .example = "s = socket AF_INET SOCK_STREAM",
    .details = N_("Left out, family and type are those of TCP over IPv4. SOCK_DGRAM is UDP, "
                  "AF_INET6 is IPv6. The new socket has no address and no peer yet."),
    .lesson = "socket",
    .topic = "tcp",
    .run = run_socket,
    .note = note_socket,
};

// Both rows in one hold of the table's lock: their numbers follow one another.
static bool run_socketpair(struct call *call)
{
    int family = arg_int_or(call, 0, AF_UNIX);
    int type = arg_int_or(call, 1, SOCK_STREAM);
    struct handle *first = NULL, *second = NULL;
    int fds[2];
    handles_lock();
    int result = socketpair(family, type | inner_flags(family, type), 0, fds);
    int error = errno;
    if (result == 0) {
        first = enter(call, fds[0], family, type, 0);
        second = enter(call, fds[1], family, type, 0);
    }
    handles_unlock();
    if (result < 0)
        return call_failed(call, error);
    return call_give_two_take(call, value_handle_take(first), value_handle_take(second));
}

// EOPNOTSUPP: Linux knows pairs of AF_UNIX, and hardly any others.
const struct command command_socketpair = {
    .name = "socketpair",
    .summary = N_("make two sockets that are connected to each other"),
    .group = GROUP_SOCKETS,
    .params = PARAMS({.name = "family", .type = TYPE_INT, .family = FAMILY_AF, .optional = true},
                     {.name = "type", .type = TYPE_INT, .family = FAMILY_SOCK, .optional = true}),
    .results =
        RESULTS({.name = "first", .type = TYPE_HANDLE}, {.name = "second", .type = TYPE_HANDLE}),
    .errnos = ERRNOS(EAFNOSUPPORT, EMFILE, ENFILE, EOPNOTSUPP, EPROTONOSUPPORT),
    .manual = "socketpair(2)",
    .c = "socketpair({family|AF_UNIX}, {type|SOCK_STREAM}, 0, {=})",
    .python = "{0}, {1} = socket.socketpair({family|socket.AF_UNIX}, {type|socket.SOCK_STREAM})",
    .example = "a, b = socketpair; send a \"hello\"; recv b 10",
    .details = N_("Both ends are in this program, and nothing goes over a network: a way to try "
                  "send and recv without a server."),
    .topic = "waiting",
    .run = run_socketpair,
    .note = note_socketpair,
};

// --- names of sockets ----------------------------------------------------------------------------

// A name may be bound to as well: its first address that fits the socket.
static bool run_bind(struct call *call)
{
    struct handle *handle = arg_handle(call, 0);
    struct sockaddr_storage address;
    if (!handle_enter(handle))
        return block_stale(call);
    socklen_t size = block_address(call, 1, handle, false, &address);
    bool bound = size > 0 && bind(handle->fd, (struct sockaddr *)&address, size) == 0;
    int error = errno;
    handle_leave(handle);
    if (size == 0)
        return false;
    return bound ? call_done(call) : call_failed(call, error);
}

// EACCES: ports below 1024 want CAP_NET_BIND_SERVICE, ip(7). EINVAL: it is bound already. ENOENT: a
// folder of an AF_UNIX path is missing.
const struct command command_bind = {
    .name = "bind",
    .summary = N_("give a socket its own address and port"),
    .group = GROUP_SOCKETS,
    .params = PARAMS({.name = "socket", .type = TYPE_HANDLE, .fit = FIT_UNBOUND},
                     {.name = "address", .type = TYPE_ADDRESS}),
    .errnos =
        ERRNOS(EACCES, EADDRINUSE, EADDRNOTAVAIL, EAFNOSUPPORT, EBADF, EINVAL, ENOENT, ENOTSOCK),
    .manual = "bind(2)",
    .c = "bind({socket}, {address})",
    .python = "{socket}.bind({address})",
    .example = "s = socket; bind s 127.0.0.1:0; getsockname s",
    .details = N_("127.0.0.1 can be reached from this machine only; * is 0.0.0.0, all of its "
                  "addresses. Port 0 lets the kernel choose; one below 1024 needs privileges. "
                  "UDP and TCP ports are counted apart. A client seldom needs bind."),
    .lesson = "addresses",
    .topic = "ports",
    .run = run_bind,
    .note = note_bind,
};

// What `ask` says, of a socket that may have been bound by connect or listen meanwhile.
static bool give_name(struct call *call, int (*ask)(int, struct sockaddr *, socklen_t *))
{
    struct handle *handle = arg_handle(call, 0);
    struct sockaddr_storage storage = {0};
    socklen_t size = sizeof storage;
    struct address address = {0};
    if (!handle_enter(handle))
        return block_stale(call);
    int result = ask(handle->fd, (struct sockaddr *)&storage, &size);
    int error = errno;
    handle_leave(handle);
    if (result < 0)
        return call_failed(call, error);
    address_from_sockaddr(&storage, size, &address);
    return call_give_take(call, value_address(&address));
}

// glibc declares the address as a transparent union (__SOCKADDR_ARG), so that a pointer to the
// function itself has another type.
static int ask_sockname(int fd, struct sockaddr *address, socklen_t *size)
{
    return getsockname(fd, address, size);
}

static int ask_peername(int fd, struct sockaddr *address, socklen_t *size)
{
    return getpeername(fd, address, size);
}

static bool run_getsockname(struct call *call)
{
    return give_name(call, ask_sockname);
}

// The port is 0 until bind, connect, listen or sendto has chosen one.
const struct command command_getsockname = {
    .name = "getsockname",
    .summary = N_("show a socket's own address and port"),
    .group = GROUP_SOCKETS,
    .params = PARAMS({.name = "socket", .type = TYPE_HANDLE}),
    .results = RESULTS({.name = "address", .type = TYPE_ADDRESS}),
    .errnos = ERRNOS(EBADF, ENOTSOCK),
    .manual = "getsockname(2)",
    .c = "getsockname({socket}, {=})",
    .python = "{socket}.getsockname()",
    .example = "s = socket; bind s 127.0.0.1:0; host, port = getsockname s",
    .details = N_("Says which address and port the kernel chose, where bind did not."),
    .lesson = "addresses",
    .topic = "ports",
    .run = run_getsockname,
    .note = note_getsockname,
};

static bool run_getpeername(struct call *call)
{
    return give_name(call, ask_peername);
}

// ENOTCONN also after the peer has broken the connection off.
const struct command command_getpeername = {
    .name = "getpeername",
    .summary = N_("show the address and port of a socket's peer"),
    .group = GROUP_SOCKETS,
    .params = PARAMS({.name = "socket", .type = TYPE_HANDLE, .fit = FIT_CONNECTED}),
    .results = RESULTS({.name = "address", .type = TYPE_ADDRESS}),
    .errnos = ERRNOS(EBADF, ENOTCONN, ENOTSOCK),
    .manual = "getpeername(2)",
    .c = "getpeername({socket}, {=})",
    .python = "{socket}.getpeername()",
    .example = "l = socket; listen l; c = socket; connect c (getsockname l); getpeername c",
    .details = N_("Its own address and port and those of the peer: by these four values the "
                  "kernel tells one TCP connection from all others."),
    .lesson = "four-values",
    .topic = "tcp",
    .run = run_getpeername,
};

// --- listening -----------------------------------------------------------------------------------

// Again with another backlog is allowed, and changes it.
static bool run_listen(struct call *call)
{
    struct handle *handle = arg_handle(call, 0);
    // Python's choice too when none is given: a short queue is a riddle for a beginner.
    int backlog = arg_int_or(call, 1, SOMAXCONN);
    if (!handle_enter(handle))
        return block_stale(call);
    int result = listen(handle->fd, backlog);
    int error = errno;
    if (result == 0) {
        atomic_store(&handle->listening, true);
        // From now on it only accepts, and accept knows no MSG_DONTWAIT.
        if (handle->family == AF_UNIX)
            fcntl(handle->fd, F_SETFL, O_NONBLOCK);
    }
    handle_leave(handle);
    return result < 0 ? call_failed(call, error) : call_done(call);
}

// The backlog is cut to net.core.somaxconn. Without bind, the kernel chooses a port. listen(2)
const struct command command_listen = {
    .name = "listen",
    .summary = N_("let a bound socket take connections"),
    .group = GROUP_SOCKETS,
    .params =
        PARAMS({.name = "socket", .type = TYPE_HANDLE, .fit = FIT_UNCONNECTED},
               {.name = "backlog", .type = TYPE_INT, .family = FAMILY_LIMIT, .optional = true}),
    .errnos = ERRNOS(EADDRINUSE, EBADF, EINVAL, ENOTSOCK, EOPNOTSUPP),
    .manual = "listen(2)",
    .c = "listen({socket}, {backlog|SOMAXCONN})",
    .python = "{socket}.listen({backlog})",
    .example = "l = socket; bind l 127.0.0.1:0; listen l 5",
    .details = N_("BACKLOG: how many connections may wait to be accepted; 0 leaves room for "
                  "one. Linux refuses none above that: it lets more clients wait. Below 0, "
                  "Python makes it 0, while C passes it on and Linux takes it for the most "
                  "allowed. Left out in Python, it is at most 128."),
    .lesson = "backlog",
    .topic = "tcp",
    .run = run_listen,
    .note = note_listen,
};

// --- ending --------------------------------------------------------------------------------------

// The descriptor stays, and so does the row: only `close` gives it back.
static bool run_shutdown(struct call *call)
{
    struct handle *handle = arg_handle(call, 0);
    if (!handle_enter(handle))
        return block_stale(call);
    kernel_remember(handle); // in TIME_WAIT, which may follow, the descriptor no longer tells it
    int result = shutdown(handle->fd, arg_int_or(call, 1, 0));
    int error = errno;
    handle_leave(handle);
    return result < 0 ? call_failed(call, error) : call_done(call);
}

// SHUT_WR sends FIN, and the other direction stays open: half-close, RFC 9293 section 3.6.
const struct command command_shutdown = {
    .name = "shutdown",
    .summary = N_("finish sending or receiving; the handle stays open"),
    .group = GROUP_SOCKETS,
    .params = PARAMS({.name = "socket", .type = TYPE_HANDLE, .fit = FIT_CONNECTED},
                     {.name = "how", .type = TYPE_INT, .family = FAMILY_SHUT}),
    .errnos = ERRNOS(EBADF, EINVAL, ENOTCONN, ENOTSOCK),
    .manual = "shutdown(2)",
    .c = "shutdown({socket}, {how})",
    .python = "{socket}.shutdown({how})",
    .example = "a, b = socketpair; shutdown a SHUT_WR; recv b 10",
    .details = N_("SHUT_WR: the peer reads what is left, then an empty recv; this side can "
                  "still receive (half-close). The handle stays open until close."),
    .lesson = "half-close",
    .topic = "closing",
    .run = run_shutdown,
    .note = note_shutdown,
};

// Who waits on the handle is ended first, with EBADF: net/handle.h says why.
static bool run_close(struct call *call)
{
    struct handle *handle = arg_handle(call, 0);
    bool ended;
    int error = handle_close(handle, block_waiter(call), &ended);
    // Said in the trace: it was socksh and not Linux that ended the other call.
    if (ended)
        form_report_line(call, _("(this ended a call of another actor that waited on %d)"),
                         handle->fd);
    if (error == EBADF)
        return block_stale(call);
    return error != 0 ? call_failed(call, error) : call_done(call);
}

// It seldom fails: what was sent and not delivered is the kernel's business then, unless SO_LINGER
// says otherwise. socket(7)
const struct command command_close = {
    .name = "close",
    .summary = N_("give a handle back; TCP says goodbye to the peer"),
    .group = GROUP_SOCKETS,
    .params = PARAMS({.name = "handle", .type = TYPE_HANDLE}),
    .waits = N_("with SO_LINGER: until what is left was sent, or the time is up"),
    .errnos = ERRNOS(EBADF),
    .manual = "close(2)",
    .c = "close({handle})",
    .python = "{handle}.close()",
    .example = "s = socket; close s",
    .details = N_("The kernel sends what is left, then the end of the stream (FIN). Data that "
                  "came and was not read makes it a RST: ECONNRESET at the peer. Who waits on "
                  "the handle in another actor gets EBADF."),
    .lesson = "nothing",
    .topic = "closing",
    .run = run_close,
    .note = note_close,
};
