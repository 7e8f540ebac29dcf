// note_option: what options, states, counts and orders of octets mean.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>

#include "base/message.h"
#include "commands/note.h"

// --- options -------------------------------------------------------------------------------------

// The option that argument 1 names; the row's checks have seen that it names one.
static const struct option *option_in(const struct noted *noted)
{
    const struct symbol *symbol = value_symbol_of(arg(noted->call, 1));
    return symbol != NULL && symbol->family == FAMILY_OPTION ? option_of(symbol) : NULL;
}

static bool is(const struct option *option, int level, int number)
{
    return option->level == level && option->number == number;
}

// What the kernel says now. False when it says nothing.
static bool read_back(const struct noted *noted, const struct option *option, int *value)
{
    socklen_t size = sizeof *value;
    *value = 0;
    if (!option->readable || !handle_enter(noted->handle))
        return false;
    int result = getsockopt(noted->handle->fd, option->level, option->number, value, &size);
    handle_leave(noted->handle);
    return result == 0 && size == sizeof *value;
}

// The kernel's own accounting takes as much again: socket(7).
static void note_buffer_size(const struct option *option, int64_t wanted, int64_t is_now,
                             struct buffer *to)
{
    bool doubled = is_now == 2 * wanted;
    const char *limit = option->number == SO_RCVBUF ? "net.core.rmem_max" : "net.core.wmem_max";
    if (doubled)
        buffer_print(to, _("the kernel doubled it to %lld, for its own accounting"),
                     (long long)is_now);
    else if (is_now < 2 * wanted)
        buffer_print(to, _("cut to %s, then doubled: %lld"), limit, (long long)is_now);
    else
        buffer_print(to, _("too small: the kernel made it %lld"), (long long)is_now);
}

// Numbers that the kernel has taken for others, and those with a story of their own.
static void note_number_set(const struct noted *noted, const struct option *option,
                            struct buffer *to)
{
    int64_t wanted = arg(noted->call, 2).number;
    int is_now;
    if (!read_back(noted, option, &is_now))
        return;
    if (is(option, SOL_SOCKET, SO_RCVBUF) || is(option, SOL_SOCKET, SO_SNDBUF))
        note_buffer_size(option, wanted, is_now, to);
    else if (option->type == OPTION_INT && is_now != wanted)
        buffer_print(to, _("the kernel made it %d"), is_now);
    else if (is(option, SOL_SOCKET, SO_REUSEADDR) && is_now && noted->after.has_local)
        buffer_add_text(to, _("it is bound already; set this before bind"));
    else if (is(option, SOL_SOCKET, SO_REUSEADDR) && is_now)
        buffer_add_text(to, _("bind may take a port that is still in TIME_WAIT"));
    else if (is(option, IPPROTO_TCP, TCP_NODELAY) && is_now)
        buffer_add_text(to, _("small sends go at once, also while others are on the way"));
    else if (is(option, SOL_SOCKET, SO_BROADCAST) && is_now)
        buffer_add_text(to, _("sendto may use broadcast addresses now"));
}

void note_setsockopt(const struct noted *noted, struct buffer *to)
{
    const struct option *option = option_in(noted);
    struct value value = arg(noted->call, 2);
    if (option == NULL || noted->handle == NULL)
        return;
    if (option->type == OPTION_INT || option->type == OPTION_BOOL)
        note_number_set(noted, option, to);
    else if (is(option, SOL_SOCKET, SO_LINGER) && value.type == TYPE_DURATION && value.number == 0)
        buffer_add_text(to, _("close will break the connection off with a reset"));
    else if (is(option, SOL_SOCKET, SO_LINGER) && value.type == TYPE_DURATION)
        buffer_add_text(to, _("close will wait so long for what is not acknowledged"));
    else if (is(option, SOL_SOCKET, SO_RCVTIMEO) && value.number > 0)
        buffer_add_text(to, _("recv and accept that wait longer give EAGAIN"));
    else if (is(option, SOL_SOCKET, SO_SNDTIMEO) && value.number > 0)
        buffer_add_text(to, _("send that waits longer gives EAGAIN"));
}

void note_getsockopt(const struct noted *noted, struct buffer *to)
{
    const struct option *option = option_in(noted);
    struct value value = noted->call->results[0];
    const struct symbol *symbol = value.type == TYPE_INT ? value_symbol_of(value) : NULL;
    if (option == NULL)
        return;
    if (is(option, SOL_SOCKET, SO_ERROR) && value.number == 0)
        buffer_add_text(to, _("no error is pending"));
    else if (is(option, SOL_SOCKET, SO_ERROR))
        buffer_add_text(to, _("asking has cleared it: it is 0 now"));
    else if (is(option, SOL_SOCKET, SO_RCVBUF) || is(option, SOL_SOCKET, SO_SNDBUF))
        buffer_print(to, _("in bytes, the kernel's own accounting among them"));
    else if (option->type == OPTION_CONSTANT && symbol != NULL && symbol->meaning != NULL)
        buffer_add_text(to, _(symbol->meaning));
}

void note_setblocking(const struct noted *noted, struct buffer *to)
{
    if (noted->handle == NULL)
        return;
    buffer_add_text(to, atomic_load(&noted->handle->blocking)
                            ? _("calls that cannot go on wait")
                            : _("calls that cannot go on give EAGAIN, or EINPROGRESS"));
}

void note_settimeout(const struct noted *noted, struct buffer *to)
{
    bool limited = arg(noted->call, 1).number > 0;
    buffer_add_text(to, limited ? _("recv, accept and send that wait longer give EAGAIN")
                                : _("0 is no limit: calls wait as long as it takes"));
}

// --- what the kernel knows -----------------------------------------------------------------------

void note_poll(const struct noted *noted, struct buffer *to)
{
    if (noted->call->results[0].type == TYPE_LIST && noted->call->results[0].list->count == 0)
        buffer_add_text(to, _("time is up, and nothing has happened"));
}

void note_state(const struct noted *noted, struct buffer *to)
{
    static const struct {
        const char *state, *meaning;
    } states[] = {
        {"LISTEN", N_("it waits for connections")},
        {"SYN_SENT", N_("its SYN is out, the answer has not come")},
        {"SYN_RECV", N_("SYN came and was answered; the last ACK has not come")},
        {"ESTABLISHED", N_("both sides may send and receive")},
        {"FIN_WAIT1", N_("its FIN is out, the ACK has not come")},
        {"FIN_WAIT2", N_("it has finished sending; the peer has not yet")},
        {"CLOSE_WAIT", N_("the peer has finished; this side has not closed yet")},
        {"CLOSING", N_("both have sent FIN at the same time")},
        {"LAST_ACK", N_("both have finished; only the last ACK is not there yet")},
        {"CONNECTED", N_("it has a peer")},
        {"UNCONNECTED", N_("it has no peer")},
    };
    const struct facts *after = &noted->after;
    // The state may have gone on since the call was made: then its meaning is of another one.
    if (noted->handle == NULL || !str_is(value_str(noted->call->results[0]), after->state))
        return;
    if (after->remaining_ms >= 0)
        buffer_print(to, _("for %lld s more, then the kernel forgets it"),
                     (long long)(after->remaining_ms + 999) / 1000);
    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        if (strcmp(after->state, states[i].state) == 0)
            buffer_add_text(to, _(states[i].meaning));
}

void note_queued(const struct noted *noted, struct buffer *to)
{
    if (strcmp(noted->after.state, "LISTEN") == 0)
        buffer_add_text(to, _("connections that wait for accept, and how many may"));
    else if (noted->after.sort == SORT_TCP)
        buffer_add_text(to, _("bytes to read, and bytes not acknowledged yet"));
    else if (noted->after.sort == SORT_UDP)
        buffer_add_text(to, _("bytes of the first datagram; UDP acknowledges nothing"));
}

// --- orders of octets ----------------------------------------------------------------------------

void note_order(const struct noted *noted, struct buffer *to)
{
    int64_t given = arg(noted->call, 0).number, got = noted->call->results[0].number;
    // htons and ntohs have the s that htonl and ntohl lack, in the same place.
    int digits = noted->call->command->name[4] == 's' ? 4 : 8;
    if (htons(1) == 1)
        buffer_add_text(to, _("this computer has the network's order: nothing changes"));
    else
        buffer_print(to, _("0x%0*llx with its bytes in the other order: 0x%0*llx"), digits,
                     (unsigned long long)given, digits, (unsigned long long)got);
}
