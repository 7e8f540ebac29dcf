// connect: the client's side of a connection; and accept, the server's.

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>

#include "base/message.h"
#include "commands/block.h"
#include "commands/form.h"
#include "commands/note.h"
#include "commands/rows.h"
#include "lang/eval.h"
#include "net/kernel.h"
#include "net/resolve.h"

// --- connect -------------------------------------------------------------------------------------

// Who connects, and where to.
struct target {
    struct handle *handle; // which the call is inside of
    struct sockaddr_storage address;
    socklen_t size;
};

// Also what block_in() makes: `context` is the target. 0 or an errno.
static int connect_once(void *context)
{
    struct target *target = context;
    if (connect(target->handle->fd, (struct sockaddr *)&target->address, target->size) == 0)
        return 0;
    return errno;
}

// AF_UNIX: a full backlog is EAGAIN, and poll() says nothing of when there is room; so
// the call itself waits.
static int connect_unix(struct call *call, struct target *target)
{
    int fd = target->handle->fd, flags = fcntl(fd, F_GETFL);
    // The first try must not block: most find room, and then nobody is seen waiting.
    fcntl(fd, F_SETFL, flags | O_NONBLOCK);
    int error = connect_once(target);
    fcntl(fd, F_SETFL, flags);
    if (error == EAGAIN && atomic_load(&target->handle->blocking))
        error = block_in(call, target->handle, connect_once, target);
    return error;
}

// The second connect after the wait gives the outcome and brings the socket into the state that a
// blocking connect leaves.
static int connect_waiting(struct call *call, struct target *target)
{
    struct patience patience = {.option = SO_SNDTIMEO};
    int error, under_way = 0;
    // EALREADY: an earlier connect of this socket, left by an interruption, is still under way.
    while ((error = connect_once(target)) == EINPROGRESS || error == EALREADY) {
        if (!atomic_load(&target->handle->blocking))
            return error;
        under_way = under_way ? under_way : error;
        int stop = block_until(call, target->handle, POLLOUT, 0, &patience);
        if (stop != 0) // when SO_SNDTIMEO is over, Linux says what it found at the beginning
            return stop == EAGAIN ? under_way : stop;
    }
    return error;
}

// 0 or an errno, after whatever waiting the socket is made for.
static int connect_to(struct call *call, struct target *target)
{
    return target->handle->family == AF_UNIX ? connect_unix(call, target)
                                             : connect_waiting(call, target);
}

// One try, shown with the address that it went to.
static int connect_and_report(struct call *call, struct target *target,
                              const struct address *address)
{
    int error = connect_to(call, target);
    struct value args[] = {call->args[0], value_address(address)};
    struct call part = *call;
    part.args = args;
    if (error != 0)
        call_failed(&part, error);
    if (error != EBADF || !handle_is_dead(target->handle))
        form_report_call(&part, error == 0);
    value_release(part.error);
    value_release(args[1]);
    return error;
}

// Whether another address is not worth a try: it is done, or the call was ended.
static bool is_final(int error)
{
    return error == 0 || error == EINTR || error == EBADF || error == ECANCELED;
}

// Puts an address in the place of the name in the arguments.
static void take_tried(struct call *call, const struct sockaddr_storage *from, socklen_t size)
{
    struct address address = {0};
    address_from_sockaddr(from, size, &address);
    struct value tried = value_address(&address);
    if (tried.type == TYPE_UNSET)
        return;
    value_release(call->args[1]);
    call->args[1] = tried;
}

// The addresses found, in turn, until one answers or may not be used. The last error is told.
static bool connect_each(struct call *call, struct target *target,
                         const struct resolve_answer *answer)
{
    int error = 0;
    for (size_t i = 0; i < answer->count; i++) {
        target->size = address_to_sockaddr(&answer->addresses[i], &target->address);
        if (!block_may_use(call, &target->address, target->size, true))
            return false;
        error = connect_and_report(call, target, &answer->addresses[i]);
        if (is_final(error))
            break;
    }
    if (error == 0)
        return call_done(call);
    take_tried(call, &target->address, target->size); // what an explanation is to speak of
    return block_failed(call, target->handle, error);
}

// A name is tried address by address.
static bool connect_name(struct call *call, struct target *target, const struct address *name)
{
    struct resolve_answer answer = {0};
    int error = block_resolve(call, name, target->handle, &answer);
    bool good;
    if (error == 0)
        good = connect_each(call, target, &answer);
    else
        good =
            error < 0 ? call_failed_lookup(call, error) : block_failed(call, target->handle, error);
    resolve_answer_finish(&answer);
    return good;
}

// A number is one call, and traced by it.
static bool connect_number(struct call *call, struct target *target, const struct address *address)
{
    if (!block_may_use(call, &target->address, target->size, true))
        return false;
    int error = *call->interp->traces ? connect_and_report(call, target, address)
                                      : connect_to(call, target);
    return error == 0 ? call_done(call) : block_failed(call, target->handle, error);
}

static bool run_connect(struct call *call)
{
    const struct address *address = arg_address(call, 1);
    struct target target = {.handle = arg_handle(call, 0)};
    if (!handle_enter(target.handle))
        return block_stale(call);
    target.size = address_to_sockaddr(address, &target.address);
    bool good = target.size == 0 ? connect_name(call, &target, address)
                                 : connect_number(call, &target, address);
    handle_leave(target.handle);
    return good;
}

// EAGAIN: no local port is free, or an AF_UNIX backlog is full. ENOENT and EPROTOTYPE are
// AF_UNIX's. ETIMEDOUT comes after tcp_syn_retries, some two minutes: tcp(7).
// EINPROGRESS and EALREADY come from sockets that may not wait. connect(2)
const struct command command_connect = {
    .name = "connect",
    .summary = N_("connect a socket to an address; UDP: choose the peer"),
    .group = GROUP_SOCKETS,
    .params = PARAMS({.name = "socket", .type = TYPE_HANDLE, .fit = FIT_UNCONNECTED},
                     {.name = "address", .type = TYPE_ADDRESS}),
    .waits = N_("until the kernel there has answered"),
    .errnos = ERRNOS(EACCES, EADDRINUSE, EADDRNOTAVAIL, EAFNOSUPPORT, EAGAIN, EALREADY, EBADF,
                     ECONNREFUSED, ECONNRESET, EINPROGRESS, EINTR, EINVAL, EISCONN, ENETUNREACH,
                     ENOENT, ENOTSOCK, EPROTOTYPE, ETIMEDOUT),
    .manual = "connect(2)",
    .c = "*connect({socket}, {address})",
    .python = "{socket}.connect({address})",
    .example = "l = socket; listen l; c = socket; connect c (getsockname l)",
    .details = N_("A name is looked up first; its addresses are tried in turn. The port says "
                  "which service is meant: 80 the web, 25 mail, 21 FTP. TCP connects when the "
                  "kernel there has agreed, be it before accept. UDP sends nothing: it only "
                  "remembers the peer."),
    .lesson = "hello",
    .topic = "tcp",
    .run = run_connect,
    .note = note_connect,
};

// --- accept --------------------------------------------------------------------------------------

// Takes one connection if there is one. A new row, or NULL with errno.
static struct handle *accept_once(const struct call *call, struct handle *listener,
                                  struct sockaddr_storage *peer, socklen_t *size)
{
    // Unlike BSD, Linux gives the new socket none of the listener's flags: accept(2).
    int flags = SOCK_CLOEXEC | (listener->family == AF_UNIX ? 0 : SOCK_NONBLOCK);
    struct handle *handle = NULL;
    *size = sizeof *peer;
    handles_lock();
    int fd = accept4(listener->fd, (struct sockaddr *)peer, size, flags);
    int error = errno;
    if (fd >= 0)
        handle = handle_add(fd, listener->family, listener->type, listener->protocol, listener);
    handles_unlock();
    if (handle != NULL)
        block_note_opener(call, handle);
    errno = error;
    return handle;
}

// Waits for POLLIN, and asks again: another actor may have been faster.
static bool run_accept(struct call *call)
{
    struct handle *listener = arg_handle(call, 0), *handle = NULL;
    struct patience patience = {.option = SO_RCVTIMEO};
    struct sockaddr_storage peer;
    socklen_t size;
    int error = 0;
    if (!handle_enter(listener))
        return block_stale(call);
    while (error == 0 && (handle = accept_once(call, listener, &peer, &size)) == NULL) {
        error = errno;
        if (error == EAGAIN)
            error = block_until(call, listener, POLLIN, 0, &patience);
    }
    handle_leave(listener);
    if (handle == NULL)
        return block_failed(call, listener, error);
    // Where somebody looks on: once it is reset, the kernel tells no more.
    if (handles_records_kept() && handle_enter(handle)) {
        kernel_remember(handle);
        handle_leave(handle);
    }
    struct address address = {0};
    address_from_sockaddr(&peer, size, &address);
    return call_give_two_take(call, value_handle_take(handle), value_address(&address));
}

// Linux passes on errors that the new connection has had already: accept(2). EMFILE leaves it in
// the queue, and POLLIN set.
const struct command command_accept = {
    .name = "accept",
    .summary = N_("take a waiting connection, or wait for one"),
    .group = GROUP_SOCKETS,
    .params = PARAMS({.name = "socket", .type = TYPE_HANDLE, .fit = FIT_LISTENING}),
    .results =
        RESULTS({.name = "handle", .type = TYPE_HANDLE}, {.name = "peer", .type = TYPE_ADDRESS}),
    .waits = N_("until a client has connected"),
    .errnos =
        ERRNOS(EAGAIN, EBADF, ECONNABORTED, EINTR, EINVAL, EMFILE, ENFILE, ENOTSOCK, EOPNOTSUPP),
    .manual = "accept(2)",
    .c = "accept({socket}, {=})",
    .python = "{0}, {1} = {socket}.accept()",
    .example = "l = socket; listen l; c = socket; connect c (getsockname l)\n"
               "s, peer = accept l",
    .details = N_("Gives a new socket for this one client, and the client's host and port. The "
                  "listening socket goes on listening. To serve several at once, spawn an actor "
                  "for each."),
    .lesson = "hello",
    .topic = "actors",
    .run = run_accept,
    .note = note_accept,
};
