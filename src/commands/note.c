// note: running a command with a look at its socket before and after.

#include "commands/note.h"

#include <netinet/in.h>
#include <poll.h>
#include <string.h>

#include "actor/actor.h"
#include "base/clock.h"
#include "base/message.h"
#include "base/utf8.h"
#include "lang/eval.h"
#include "net/kernel.h"
#include "net/lan.h"

enum {
    SECOND = 1000000000, // in nanoseconds; a wait that is shorter is nothing to speak of
    COLUMNS = 60,        // a note has at most
    SEARCHED = 256,      // rows of the table that are looked at for the other end
};

// --- what the kernel says ------------------------------------------------------------------------

static enum sort sort_of(const struct handle *handle)
{
    bool inet = handle->family == AF_INET || handle->family == AF_INET6;
    if (handle->family == AF_UNIX)
        return SORT_UNIX;
    if (inet && handle->type == SOCK_STREAM &&
        (handle->protocol == 0 || handle->protocol == IPPROTO_TCP))
        return SORT_TCP;
    if (inet && handle->type == SOCK_DGRAM &&
        (handle->protocol == 0 || handle->protocol == IPPROTO_UDP))
        return SORT_UDP;
    return SORT_OTHER;
}

// Whether somebody could send to it: a port of 0, and a path of no octets, are none.
static bool names_a_place(const struct address *address)
{
    if (address->kind == ADDRESS_UNIX)
        return address->text_size > 0;
    return (address->kind == ADDRESS_INET || address->kind == ADDRESS_INET6) && address->port != 0;
}

// The caller is inside the row.
static void ask_descriptor(int fd, struct facts *facts)
{
    struct sockaddr_storage storage = {0};
    struct sockaddr *to = (struct sockaddr *)&storage;
    socklen_t size = sizeof storage;
    struct pollfd one = {fd, POLLRDHUP, 0};
    if (getsockname(fd, to, &size) == 0)
        address_from_sockaddr(&storage, size, &facts->local);
    facts->has_local = names_a_place(&facts->local);
    size = sizeof storage;
    facts->has_peer = getpeername(fd, to, &size) == 0;
    if (facts->has_peer)
        address_from_sockaddr(&storage, size, &facts->peer);
    if (poll(&one, 1, 0) > 0)
        facts->events = (unsigned short)one.revents;
}

// What the row has kept of a connection that is closed.
static void ask_row(struct handle *handle, struct facts *facts)
{
    pthread_mutex_lock(&handle->lock);
    if (handle->local != NULL)
        memcpy(&facts->local, handle->local, address_size(handle->local));
    if (handle->peer != NULL)
        memcpy(&facts->peer, handle->peer, address_size(handle->peer));
    pthread_mutex_unlock(&handle->lock);
}

void note_ask(struct handle *handle, struct facts *facts)
{
    struct kernel_state state;
    *facts = (struct facts){.sort = sort_of(handle),
                            .state = "",
                            .remaining_ms = -1,
                            .to_read = -1,
                            .unacked = -1,
                            .unsent = -1,
                            .local.kind = ADDRESS_OTHER,
                            .peer.kind = ADDRESS_OTHER};
    if (kernel_state(handle, &state) == 0) {
        facts->state = state.name;
        facts->remaining_ms = state.remaining_ms;
    }
    if (handle_is_dead(handle) || !handle_enter(handle)) {
        ask_row(handle, facts);
        return;
    }
    if (kernel_queued(handle, &facts->to_read, &facts->unacked) != 0)
        facts->to_read = facts->unacked = -1;
    if (kernel_unsent(handle, &facts->unsent) != 0)
        facts->unsent = -1;
    ask_descriptor(handle->fd, facts);
    handle_leave(handle);
}

// --- the other end -------------------------------------------------------------------------------

// Rows with a reference each: the kernel may not be asked under the table's lock.
struct gathered {
    struct handle *items[SEARCHED];
    size_t count;
};

static void gather(struct handle *handle, void *context)
{
    struct gathered *gathered = context;
    if (!handle->is_socket || gathered->count == SEARCHED)
        return;
    handle_retain(handle);
    gathered->items[gathered->count++] = handle;
}

// The first row, open ones before closed ones, that `fits`, among those at which arrives what
// `from` sends to `address`. With a reference, or NULL.
static struct handle *find(bool (*fits)(const struct facts *facts, const void *context),
                           const struct handle *from, const struct address *address,
                           const void *context)
{
    struct gathered gathered = {.count = 0};
    struct handle *found = NULL;
    const struct lan_host *host = lan_reached(from->host, address);
    handles_each(gather, &gathered);
    for (size_t i = 0; i < gathered.count; i++) {
        struct handle *handle = gathered.items[i];
        struct facts facts;
        if (found == NULL && handle != from && handle->host == host) {
            note_ask(handle, &facts);
            if (fits(&facts, context)) {
                found = handle;
                continue;
            }
        }
        handle_release(handle);
    }
    return found;
}

bool note_is_any(const struct address *address)
{
    static const uint8_t zeroes[sizeof address->ip];
    size_t size = address->kind == ADDRESS_INET ? 4 : sizeof zeroes;
    return (address->kind == ADDRESS_INET || address->kind == ADDRESS_INET6) &&
           memcmp(address->ip, zeroes, size) == 0;
}

// What comes to `address` reaches a socket with these facts.
static bool is_reached(const struct facts *facts, const struct address *address)
{
    return address_equal(&facts->local, address) ||
           (note_is_any(&facts->local) && facts->local.port == address->port);
}

static bool is_other_end(const struct facts *facts, const void *context)
{
    const struct facts *mine = context;
    return facts->sort == mine->sort && address_equal(&facts->local, &mine->peer) &&
           address_equal(&facts->peer, &mine->local);
}

static bool listens_at(const struct facts *facts, const void *context)
{
    return strcmp(facts->state, "LISTEN") == 0 && is_reached(facts, context);
}

static bool receives_at(const struct facts *facts, const void *context)
{
    return facts->sort == SORT_UDP && !facts->has_peer && facts->has_local &&
           is_reached(facts, context);
}

struct handle *note_find_peer(const struct handle *handle, const struct facts *facts)
{
    // Ends of AF_UNIX mostly have no names to be found by.
    return facts->sort == SORT_TCP ? find(is_other_end, handle, &facts->peer, facts) : NULL;
}

struct handle *note_find_listener(const struct handle *from, const struct address *address)
{
    return find(listens_at, from, address, address);
}

struct handle *note_find_receiver(const struct handle *from, const struct address *address)
{
    return find(receives_at, from, address, address);
}

bool note_is_used(const struct handle *handle)
{
    return (atomic_load(&handle->inside) & ~HANDLE_DEAD) > 0;
}

// --- running -------------------------------------------------------------------------------------

// What the row says, and how long the call waited when a person has noticed that.
static void write_note(const struct noted *noted, struct buffer *to)
{
    struct buffer words = {0};
    long long seconds = noted->waited / SECOND;
    bool waited = noted->call->command->waits != NULL && seconds > 0;
    noted->call->command->note(noted, &words);
    buffer_clear(to);
    if (waited && words.size > 0)
        buffer_print(to, _("%s, waited %lld s"), buffer_text(&words), seconds);
    else if (waited)
        buffer_print(to, _("waited %lld s"), seconds);
    if (!waited || utf8_width(buffer_str(to)) > COLUMNS) {
        buffer_clear(to);
        buffer_add(to, buffer_str(&words));
    }
    buffer_finish(&words);
}

// Functions and blocks give many calls and one value: only a statement's own call is noted.
static bool is_wanted(const struct call *call)
{
    return call->command->note != NULL && call->interp->level == 1 &&
           atomic_load(&session_of_call(call)->show_values);
}

bool note_run_call(struct call *call)
{
    struct note *note = &call->interp->note;
    struct noted noted = {.call = call};
    note->node = NULL;
    if (!is_wanted(call))
        return call->command->run(call);
    if (arg(call, 0).type == TYPE_HANDLE && arg_handle(call, 0)->is_socket)
        noted.handle = arg_handle(call, 0);
    if (noted.handle != NULL)
        note_ask(noted.handle, &noted.before);
    int64_t began = clock_now(CLOCK_MONOTONIC);
    if (!call->command->run(call))
        return false;
    noted.waited = clock_now(CLOCK_MONOTONIC) - began;
    if (noted.handle != NULL)
        note_ask(noted.handle, &noted.after);
    write_note(&noted, &note->text);
    note->node = note->text.size > 0 ? call->node : NULL;
    return true;
}
