// block: waiting as a blocking call would, and what several socket commands share.

#include "commands/block.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "actor/actor.h"
#include "base/message.h"
#include "commands/form.h"
#include "net/confine.h"
#include "net/resolve.h"

// --- waiting -------------------------------------------------------------------------------------

struct waiter *block_waiter(const struct call *call)
{
    return call->interp->waiter;
}

// SO_RCVTIMEO and SO_SNDTIMEO are asked for only now: accepted sockets inherit them, so a copy
// could be wrong.
static void start_patience(const struct handle *handle, struct patience *patience)
{
    struct timeval limit = {0};
    socklen_t size = sizeof limit;
    patience->started = true;
    if (!handle->is_socket ||
        getsockopt(handle->fd, SOL_SOCKET, patience->option, &limit, &size) < 0)
        return;
    // A time-out of 0 is none: socket(7).
    patience->limited = limit.tv_sec != 0 || limit.tv_usec != 0;
    if (patience->limited)
        patience->deadline = wait_deadline(limit.tv_sec * 1000000000LL + limit.tv_usec * 1000LL);
}

int block_until(struct call *call, struct handle *handle, short events, int flags,
                struct patience *patience)
{
    // MSG_ERRQUEUE never waits, whatever the socket is set to: recv(2).
    if (!atomic_load(&handle->blocking) || (flags & (MSG_DONTWAIT | MSG_ERRQUEUE)))
        return EAGAIN;
    if (!patience->started)
        start_patience(handle, patience);
    return wait_ready(block_waiter(call), call->command->name, handle, events,
                      patience->limited ? &patience->deadline : NULL);
}

int block_in(struct call *call, struct handle *handle, int (*attempt)(void *context), void *context)
{
    int flags = fcntl(handle->fd, F_GETFL);
    // Others that use the descriptor meanwhile send and receive with MSG_DONTWAIT,
    // whatever the flag says.
    if (flags & O_NONBLOCK)
        fcntl(handle->fd, F_SETFL, flags & ~O_NONBLOCK);
    int error = wait_call(block_waiter(call), call->command->name, handle, attempt, context);
    if (flags & O_NONBLOCK)
        fcntl(handle->fd, F_SETFL, flags);
    return error;
}

// --- errors --------------------------------------------------------------------------------------

// Fails with an errno whose meaning in general would say too little here.
static bool fail_in_words(struct call *call, int error, const char *text)
{
    call->error = value_error(symbol_of(FAMILY_ERRNO, error), str_from(text));
    return false;
}

bool block_stale(struct call *call)
{
    return fail_in_words(
        call, EBADF,
        _("this handle was closed; a C program would have hit whatever has its number now"));
}

bool block_failed(struct call *call, struct handle *handle, int error)
{
    // EBADF of a row that lives is the kernel's own answer.
    if (error != EBADF || handle == NULL || !handle_is_dead(handle))
        return call_failed(call, error);
    if (call->command->waits == NULL) // so that nobody can have closed it meanwhile
        return block_stale(call);
    return fail_in_words(
        call, EBADF,
        _("another actor closed this handle; Linux itself would have let the call go on waiting"));
}

// --- what commands share -------------------------------------------------------------------------

void block_note_opener(const struct call *call, struct handle *handle)
{
    const struct actor *actor = actor_of_call(call);
    const struct source *source = &call->interp->program->source;
    // A long name is cut: it is shown, never looked up by.
    size_t size = strnlen(actor->name, sizeof handle->opener - 1);
    memcpy(handle->opener, actor->name, size);
    handle->opener[size] = '\0';
    // What is typed at the prompt has no lines to count.
    handle->line = source->name.size ? source_place(source, call->node->range.start).line : 0;
}

// getaddrinfo("localhost", "9999") = 127.0.0.1
static void report_lookup(const struct call *call, const struct resolve_query *query, int error,
                          const struct resolve_answer *answer)
{
    struct buffer found = {0};
    // C and Python show the look-up by the address that it gave; one that was ended gave nothing.
    if (atomic_load(call->interp->traces) != TRACE_CALL || error > 0)
        return;
    for (size_t i = 0; i < answer->count; i++) {
        buffer_add_text(&found, i ? ", " : "");
        address_show_host(&answer->addresses[i], &found);
    }
    if (error < 0)
        form_report(call, error, error, "getaddrinfo(\"%.*s\", \"%.*s\")", STR_ARG(query->host),
                    STR_ARG(query->service));
    else
        form_report_line(call, "getaddrinfo(\"%.*s\", \"%.*s\") = %s%s", STR_ARG(query->host),
                         STR_ARG(query->service), buffer_text(&found),
                         answer->from_hosts ? _("   (from `hosts`)") : "");
    buffer_finish(&found);
}

int block_resolve(struct call *call, const struct address *name, struct handle *handle,
                  struct resolve_answer *answer)
{
    // Family and type of the socket narrow the answer to what the call can use.
    struct resolve_query query = resolve_query_of(name, handle->family, handle->type);
    query.call = call->command->name;
    query.handle = handle;
    int error = resolve(&query, block_waiter(call), answer);
    report_lookup(call, &query, error, answer);
    return error;
}

bool block_may_use(struct call *call, const struct sockaddr_storage *address, socklen_t size,
                   bool peer)
{
    const char *refusal = confine_address(address, size, peer);
    return refusal == NULL || call_refused(call, "%s", refusal);
}

// The size, or 0 with the call failed.
static socklen_t look_up_address(struct call *call, size_t i, struct handle *handle,
                                 struct sockaddr_storage *to)
{
    struct resolve_answer answer = {0};
    socklen_t size = 0;
    int error = block_resolve(call, arg_address(call, i), handle, &answer);
    if (error == 0) {
        // The trace is to show what the kernel was given.
        struct value found = value_address(&answer.addresses[0]);
        size = address_to_sockaddr(&answer.addresses[0], to);
        value_release(call->args[i]);
        call->args[i] = found;
    } else if (error < 0) {
        call_failed_lookup(call, error);
    } else {
        block_failed(call, handle, error);
    }
    resolve_answer_finish(&answer);
    return size;
}

socklen_t block_address(struct call *call, size_t i, struct handle *handle, bool peer,
                        struct sockaddr_storage *to)
{
    socklen_t size = address_to_sockaddr(arg_address(call, i), to);
    if (size == 0)
        size = look_up_address(call, i, handle, to);
    return size > 0 && block_may_use(call, to, size, peer) ? size : 0;
}
