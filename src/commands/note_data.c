// note_data: what became of octets and datagrams that were sent or asked for.

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include "base/message.h"
#include "commands/note.h"
#include "net/gauge.h"
#include "net/loss.h"

// --- sending -------------------------------------------------------------------------------------

// Where a datagram went: argument 2 of sendto, else the peer.
static const struct address *destination(const struct noted *noted)
{
    struct value to = arg(noted->call, 2);
    return to.type == TYPE_ADDRESS ? &to.address->address : &noted->after.peer;
}

// How much lies unread at the receiver, when that is a socket of this program that nobody is
// about to read from; else -1. Lets go of the row.
static int64_t unread_at_take(struct handle *receiver)
{
    struct facts facts;
    if (receiver == NULL)
        return -1;
    note_ask(receiver, &facts);
    bool used = note_is_used(receiver);
    handle_release(receiver);
    return used ? -1 : facts.to_read;
}

// Whether what came there has been thrown away before: then nobody knows of this datagram, either.
static bool has_lost(struct handle *receiver)
{
    struct gauge gauge;
    return receiver != NULL && gauge_read(receiver, &gauge) == 0 && gauge.lost > 0;
}

// How many of 100 packets that come to the row are lost (drop); 0 for none, and for no row.
static int loss_at(struct handle *receiver)
{
    return receiver != NULL ? loss_of(receiver) : 0;
}

// Whether more is to come before the kernel sends what is no whole segment: so the call has said,
// or the option that stands for it. tcp(7)
static bool announces_more(const struct noted *noted)
{
    int corked = 0;
    socklen_t size = sizeof corked;
    size_t flags = noted->call->command->params.count - 1; // they are the last of every sending
    if (arg_number_or(noted->call, flags, 0) & MSG_MORE)
        return true;
    if (!handle_enter(noted->handle))
        return false;
    bool told = getsockopt(noted->handle->fd, IPPROTO_TCP, TCP_CORK, &corked, &size) == 0;
    handle_leave(noted->handle);
    return told && corked;
}

// What has been taken and is still here.
static void note_unsent(const struct noted *noted, struct buffer *to)
{
    int64_t octets = noted->after.unsent;
    const char *text =
        announces_more(noted)
            ? ngettext("not sent yet, as more is to come: %lld byte",
                       "not sent yet, as more is to come: %lld bytes", (unsigned long)octets)
            : ngettext("not sent until the peer acknowledges more: %lld byte",
                       "not sent until the peer acknowledges more: %lld bytes",
                       (unsigned long)octets);
    buffer_print(to, text, (long long)octets);
}

// A stream: what the other end has not taken yet goes together.
static void note_sent_octets(const struct noted *noted, int64_t count, struct buffer *to)
{
    struct handle *peer = note_find_peer(noted->handle, &noted->before);
    bool has_row = peer != NULL;
    bool is_lost = noted->after.unacked > 0 && loss_at(peer) > 0;
    int64_t unread = unread_at_take(peer);
    if (strcmp(noted->before.state, "CLOSE_WAIT") == 0 && strcmp(noted->after.state, "CLOSED") == 0)
        buffer_add_text(to, _("taken, but the peer had closed: it answered with a reset"));
    else if (is_lost)
        buffer_add_text(to, _("the peer loses packets (drop): it is sent again and again"));
    else if (noted->after.unsent > 0)
        note_unsent(noted, to);
    else if (unread > count)
        buffer_print(to, _("the peer has %lld bytes to read; one recv may take all"),
                     (long long)unread);
    else if (unread > 0 && unread == count)
        buffer_add_text(to, _("not read yet: send does not wait for the peer's recv"));
    else if (unread < 0 && !has_row && note_waits_for_accept(noted->handle, &noted->after.peer))
        buffer_add_text(to, _("it waits in the kernel there: accept has not run yet"));
    else if (noted->after.sort == SORT_TCP && noted->after.unacked > 0)
        buffer_print(to,
                     ngettext("not acknowledged by the peer yet: %lld byte",
                              "not acknowledged by the peer yet: %lld bytes",
                              (unsigned long)noted->after.unacked),
                     (long long)noted->after.unacked);
}

// UDP: what is sent once is forgotten.
static void note_sent_datagram(const struct noted *noted, struct buffer *to)
{
    if (!noted->before.has_local && noted->after.has_local) {
        buffer_print(to, _("it was not bound: the kernel gave it port %u"),
                     noted->after.local.port);
        return;
    }
    struct handle *receiver = note_find_receiver(noted->handle, destination(noted));
    int percent = loss_at(receiver);
    bool loses = has_lost(receiver);
    int64_t unread = unread_at_take(receiver);
    if (percent == 100)
        buffer_add_text(to, _("sent and lost there (drop): UDP tells nobody"));
    else if (unread > 0 && !loses)
        buffer_add_text(to, _("sent; it waits there until recvfrom takes it"));
    else if (percent > 0)
        buffer_print(to, _("sent; of 100 that arrive there %d are lost (drop)"), percent);
    else
        buffer_add_text(to, _("sent; UDP does not tell whether it arrived"));
}

void note_send(const struct noted *noted, struct buffer *to)
{
    int64_t given = (int64_t)arg_str(noted->call, 1).size, count = given;
    if (noted->handle == NULL)
        return;
    if (noted->call->result_count > 0) // sendall gives none: it has sent everything
        count = noted->call->results[0].number;
    if (count < given)
        buffer_print(to, _("taken: %lld of %lld bytes; send the rest again"), (long long)count,
                     (long long)given);
    else if (noted->after.sort == SORT_UDP)
        note_sent_datagram(noted, to);
    else if (noted->handle->type == SOCK_STREAM && given == 0)
        buffer_add_text(to, _("nothing was given, so nothing was sent"));
    else if (noted->handle->type == SOCK_STREAM)
        note_sent_octets(noted, count, to);
}

// --- receiving -----------------------------------------------------------------------------------

// Whether the peer's FIN has come: own SHUT_RD gives the same "" in other states.
static bool peer_has_finished(const struct facts *facts)
{
    static const char *const states[] = {"CLOSE_WAIT", "LAST_ACK", "CLOSING", "TIME_WAIT",
                                         "CLOSED"};
    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        if (facts->sort == SORT_TCP && strcmp(facts->state, states[i]) == 0)
            return true;
    return facts->sort == SORT_UNIX && (facts->events & POLLHUP);
}

// "" is three things, and which of them it is cannot be seen from it.
static void note_nothing(const struct noted *noted, struct buffer *to)
{
    const struct facts *after = &noted->after;
    if (arg_number_or(noted->call, 1, 0) == 0)
        buffer_add_text(to, _("zero bytes were asked for"));
    else if (noted->handle->type == SOCK_DGRAM && !(after->events & POLLRDHUP))
        buffer_add_text(to, _("an empty datagram"));
    else if (noted->handle->type == SOCK_STREAM && peer_has_finished(after))
        buffer_add_text(to, _("the peer has finished sending"));
    else if (noted->handle->type == SOCK_STREAM && after->sort == SORT_TCP)
        buffer_add_text(to, _("receiving was shut down here"));
    else if (noted->handle->type == SOCK_STREAM && (after->events & POLLRDHUP))
        buffer_add_text(to, _("nothing more comes this way"));
}

// A datagram is taken whole: what does not fit is gone.
static void note_datagram(const struct noted *noted, size_t got, struct buffer *to)
{
    if (noted->call->whole > got)
        buffer_print(to, _("cut: %zu of %zu bytes; the rest of this datagram is lost"), got,
                     noted->call->whole);
    else if (noted->after.to_read > 0)
        buffer_add_text(to, _("one datagram; another one waits"));
    else
        buffer_add_text(to, _("one whole datagram"));
}

// A stream: recv gives what is there, and no more than was asked for.
static void note_octets(const struct noted *noted, size_t got, struct buffer *to)
{
    int64_t asked = arg_number_or(noted->call, 1, 0);
    if (noted->after.to_read > 0)
        buffer_print(to,
                     ngettext("there is more to read: %lld byte",
                              "there is more to read: %lld bytes",
                              (unsigned long)noted->after.to_read),
                     (long long)noted->after.to_read);
    else if ((int64_t)got < asked)
        buffer_print(to, _("%zu of at most %lld bytes: recv takes what is there"), got,
                     (long long)asked);
}

void note_recv(const struct noted *noted, struct buffer *to)
{
    struct str data = value_str(noted->call->results[0]);
    int64_t flags = arg_number_or(noted->call, 2, 0);
    if (noted->handle == NULL || (flags & MSG_ERRQUEUE))
        return;
    if (data.size == 0)
        note_nothing(noted, to);
    else if (flags & MSG_PEEK)
        buffer_add_text(to, _("only looked at: the next recv gets it again"));
    else if (noted->handle->type == SOCK_DGRAM)
        note_datagram(noted, data.size, to);
    else if (noted->handle->type == SOCK_STREAM)
        note_octets(noted, data.size, to);
}
