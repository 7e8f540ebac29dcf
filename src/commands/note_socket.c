// note_socket: what became of a socket: made, named, listening, connected, closed.

#include <netinet/in.h>
#include <poll.h>
#include <string.h>

#include "base/message.h"
#include "commands/note.h"

static bool is_state(const struct facts *facts, const char *name)
{
    return strcmp(facts->state, name) == 0;
}

// --- socket, socketpair --------------------------------------------------------------------------

static const char *version_of(const struct handle *handle)
{
    return handle->family == AF_INET6 ? "IPv6" : "IPv4";
}

void note_socket(const struct noted *noted, struct buffer *to)
{
    struct handle *handle = noted->call->results[0].handle;
    struct facts facts;
    note_ask(handle, &facts);
    if (facts.sort == SORT_TCP)
        buffer_print(to, _("a TCP socket over %s, without an address or a peer yet"),
                     version_of(handle));
    else if (facts.sort == SORT_UDP)
        buffer_print(to, _("a UDP socket over %s, without an address or a peer yet"),
                     version_of(handle));
    else if (facts.sort == SORT_UNIX && handle->type == SOCK_STREAM)
        buffer_add_text(to, _("a Unix stream socket, without a path or a peer yet"));
    else if (facts.sort == SORT_UNIX && handle->type == SOCK_DGRAM)
        buffer_add_text(to, _("a Unix datagram socket, without a path or a peer yet"));
}

void note_socketpair(const struct noted *noted, struct buffer *to)
{
    if (noted->call->results[0].handle->family == AF_UNIX)
        buffer_add_text(to, _("connected to each other, and to nobody else"));
}

// --- bind, listen, getsockname -------------------------------------------------------------------

// bind with port 0, listen and the first send let the kernel choose.
static bool got_a_port(const struct noted *noted)
{
    return noted->after.local.kind != ADDRESS_UNIX && !noted->before.has_local &&
           noted->after.has_local;
}

void note_bind(const struct noted *noted, struct buffer *to)
{
    const struct facts *after = &noted->after;
    const struct address *wanted = arg_address(noted->call, 1);
    bool chosen = got_a_port(noted) && wanted->kind != ADDRESS_NAME && wanted->port == 0;
    if (chosen && note_is_any(&after->local))
        buffer_print(to, _("on every address here; the kernel chose port %u"), after->local.port);
    else if (chosen)
        buffer_print(to, _("the kernel chose port %u"), after->local.port);
    else if (after->local.kind == ADDRESS_UNIX && after->has_local && after->local.text[0] != '\0')
        buffer_add_text(to, _("a file of that name is there now, and close leaves it"));
    else if (got_a_port(noted) && note_is_any(&after->local))
        buffer_add_text(to, _("on every address of this computer"));
    else if (got_a_port(noted) && after->sort == SORT_TCP)
        buffer_add_text(to, _("the address and the port are its own now"));
    else if (got_a_port(noted) && after->sort == SORT_UDP)
        buffer_add_text(to, _("it has an address; datagrams sent there wait for recvfrom"));
}

void note_listen(const struct noted *noted, struct buffer *to)
{
    int64_t asked = arg_number_or(noted->call, 1, SOMAXCONN);
    if (got_a_port(noted))
        buffer_print(to, _("it was not bound: the kernel bound it to port %u"),
                     noted->after.local.port);
    else if (is_state(&noted->before, "LISTEN"))
        buffer_print(to, _("it listened before; the backlog is %lld now"),
                     (long long)noted->after.unacked);
    else if (noted->after.unacked >= 0 && noted->after.unacked != asked)
        buffer_print(to, _("the kernel made the backlog %lld"), (long long)noted->after.unacked);
    else if (is_state(&noted->after, "LISTEN"))
        buffer_add_text(to, _("it can be connected to now; accept takes the connections"));
}

void note_getsockname(const struct noted *noted, struct buffer *to)
{
    const struct facts *after = &noted->after;
    if (after->local.kind == ADDRESS_UNIX && !after->has_local)
        buffer_add_text(to, _("no path: nobody can connect or send to it by name"));
    else if (after->local.kind != ADDRESS_UNIX && after->local.kind != ADDRESS_OTHER &&
             !after->has_local)
        buffer_add_text(to, _("not bound yet: port 0 is none"));
    else if (after->has_local && note_is_any(&after->local))
        buffer_add_text(to, _("every address of this computer"));
}

// --- connect, accept -----------------------------------------------------------------------------

bool note_waits_for_accept(const struct handle *from, const struct address *peer)
{
    struct facts facts;
    struct handle *listener = note_find_listener(from, peer);
    if (listener == NULL)
        return false;
    note_ask(listener, &facts);
    bool waits = facts.to_read > 0 && !note_is_used(listener);
    handle_release(listener);
    return waits;
}

// A datagram socket may be connected again and again; it speaks to nobody by that.
static void note_choice_of_peer(const struct noted *noted, struct buffer *to)
{
    if (got_a_port(noted))
        buffer_print(to, _("nothing was sent; the kernel gave it port %u"),
                     noted->after.local.port);
    else
        buffer_add_text(to, _("nothing was sent: UDP only remembers the peer"));
}

void note_connect(const struct noted *noted, struct buffer *to)
{
    const struct facts *after = &noted->after;
    if (!after->has_peer)
        return;
    if (after->sort == SORT_UDP)
        note_choice_of_peer(noted, to);
    else if (after->sort == SORT_TCP && address_equal(&after->local, &after->peer))
        buffer_add_text(to, _("it is connected to itself: both ends have this address"));
    else if (note_waits_for_accept(noted->handle, &after->peer))
        buffer_add_text(to, after->sort == SORT_TCP
                                ? _("the kernel completed the handshake; accept has not run yet")
                                : _("it lies in the queue; accept has not run yet"));
    else if (got_a_port(noted))
        buffer_print(to, _("connected; the kernel gave it port %u"), after->local.port);
}

void note_accept(const struct noted *noted, struct buffer *to)
{
    struct facts facts;
    note_ask(noted->call->results[0].handle, &facts);
    if (facts.sort == SORT_TCP && (facts.events & POLLERR))
        buffer_add_text(to, _("the client has broken it off already"));
    else if (facts.sort == SORT_TCP && is_state(&facts, "CLOSE_WAIT"))
        buffer_add_text(to, _("the client has finished sending already"));
    else if (noted->after.to_read > 0)
        buffer_print(to, _("still in the queue: %lld"), (long long)noted->after.to_read);
    else if (noted->before.to_read > 0)
        buffer_add_text(to, _("it was in the queue already"));
}

// --- shutdown, close -----------------------------------------------------------------------------

// SHUT_RD tells the peer nothing; the others send FIN.
void note_shutdown(const struct noted *noted, struct buffer *to)
{
    const struct facts *after = &noted->after;
    int64_t how = arg_number_or(noted->call, 1, SHUT_RD);
    if (is_state(&noted->before, "LISTEN"))
        return;
    if (how == SHUT_RD && after->sort == SORT_TCP)
        buffer_add_text(to, _("recv gives \"\" from now on; the peer is not told"));
    else if (how == SHUT_RDWR && after->sort == SORT_TCP)
        buffer_add_text(to, _("both directions are finished; close gives the number back"));
    else if (how == SHUT_WR && is_state(&noted->before, "CLOSE_WAIT"))
        buffer_add_text(to, _("the peer had finished before: now both have"));
    else if (how == SHUT_WR && after->sort != SORT_UDP)
        buffer_add_text(to, _("half-closed: the peer sees the end, and may still send"));
}

// Whether SO_LINGER was set on it, to whatever.
static bool has_linger(struct handle *handle)
{
    pthread_mutex_lock(&handle->lock);
    bool has = str_find(buffer_str(&handle->options), STR("SO_LINGER "), 0) != SIZE_MAX;
    pthread_mutex_unlock(&handle->lock);
    return has;
}

// A connection that the kernel broke off: nothing is left of it.
static bool note_reset(const struct noted *noted, struct buffer *to)
{
    const struct facts *before = &noted->before;
    if (before->sort != SORT_TCP || !before->has_peer || !is_state(&noted->after, "CLOSED") ||
        (before->events & (POLLERR | POLLHUP)))
        return false;
    if (before->to_read > 0)
        buffer_print(to,
                     ngettext("unread: %lld byte; so the peer gets a reset, no goodbye",
                              "unread: %lld bytes; so the peer gets a reset, no goodbye",
                              (unsigned long)before->to_read),
                     (long long)before->to_read);
    else if (is_state(before, "CLOSE_WAIT"))
        buffer_add_text(to, _("the peer had closed first: no TIME_WAIT here"));
    else if (has_linger(noted->handle))
        buffer_add_text(to, _("SO_LINGER is 0: the peer gets a reset, no goodbye"));
    return true;
}

void note_close(const struct noted *noted, struct buffer *to)
{
    const struct facts *before = &noted->before, *after = &noted->after;
    if (noted->handle == NULL || note_reset(noted, to))
        return;
    if (is_state(before, "LISTEN") && before->to_read > 0)
        buffer_print(to, _("never accepted: %lld; their connections are broken off"),
                     (long long)before->to_read);
    else if (is_state(after, "TIME_WAIT"))
        buffer_print(to, _("TIME_WAIT: the kernel keeps the connection for %lld s"),
                     (long long)(after->remaining_ms + 999) / 1000);
    else if (is_state(after, "FIN_WAIT2") || is_state(after, "FIN_WAIT1"))
        buffer_print(to, _("%s: it ends when the peer has closed, too"), after->state);
    else if (is_state(after, "LAST_ACK"))
        buffer_add_text(to, _("LAST_ACK: only the peer's kernel has to answer"));
}
