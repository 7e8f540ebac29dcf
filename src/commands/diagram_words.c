// diagram_words: what pictures say, the same in each kind of picture.

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "actor/calls.h"
#include "base/message.h"
#include "base/utf8.h"
#include "base/wrap.h"
#include "commands/diagram.h"
#include "lang/value.h"

static const int64_t NOTICED = 1000000000; // ns that a wait takes at least to be told

void diagram_show_who(const struct diagram_endpoint *endpoint, struct buffer *to)
{
    bool elsewhere = endpoint->host[0] != '\0' && strcmp(endpoint->host, endpoint->actor) != 0;
    bool known = endpoint->fd >= 0;
    if (known && elsewhere)
        buffer_print(to, _("%s on %s"), endpoint->actor, endpoint->host);
    else if (known)
        buffer_add_text(to, endpoint->actor);
    else if (endpoint->absent)
        buffer_add_text(to, _("nobody"));
    else if (elsewhere)
        buffer_print(to, _("another program on %s"), endpoint->host);
    else
        buffer_add_text(to, _("another program"));
}

void diagram_show_endpoint(const struct diagram_endpoint *endpoint, struct buffer *to)
{
    if (endpoint->fd < 0)
        packet_end_show(&endpoint->address, to);
    else
        buffer_print(to, "%d%s%s", endpoint->fd, endpoint->name[0] ? " " : "", endpoint->name);
}

// --- calls ---------------------------------------------------------------------------------------

void diagram_show_call(const struct diagram_event *event, size_t columns, struct buffer *to)
{
    const struct diagram_call *call = &event->call;
    struct buffer text = {0};
    bool has_outcome = call->outcome[0] != '\0';
    if (event->kind != DIAGRAM_END) {
        buffer_add_text(&text, call->command);
        if (call->argument[0] != '\0')
            buffer_print(&text, " %s", call->argument);
        if (has_outcome)
            buffer_print(&text, " = %s", call->outcome);
    } else if (has_outcome) {
        buffer_print(&text, "= %s", call->outcome);
    } else {
        buffer_print(&text, "%s", strcmp(call->command, "sendall") == 0 ? _("done") : "= 0");
    }
    wrap_cut(&text, columns, "…");
    buffer_add(to, buffer_str(&text));
    buffer_finish(&text);
}

static void show_time(int64_t nanoseconds, struct buffer *to)
{
    long long us = (nanoseconds + 500) / 1000, ms = (us + 500) / 1000;
    if (us < 1000)
        buffer_print(to, _("%lld us"), us);
    else if (ms < 1000)
        buffer_print(to, _("%lld ms"), ms);
    else if (ms < 10000)
        buffer_print(to, _("%lld.%lld s"), ms / 1000, ms % 1000 / 100);
    else
        buffer_print(to, _("%lld s"), (ms + 500) / 1000);
}

void diagram_show_wait(const struct diagram_event *event, struct buffer *to)
{
    if (event->call.waited >= NOTICED)
        buffer_print(to, _("%lld s"), (long long)(event->call.waited + NOTICED / 2) / NOTICED);
}

// --- packets -------------------------------------------------------------------------------------

static void show_size(uint32_t size, struct buffer *to)
{
    buffer_print(to, ngettext("%u byte", "%u bytes", size), size);
}

// Packets that only calls tell of.
static void show_told(const struct diagram_packet *packet, struct buffer *to)
{
    if (packet->flags & PACKET_FIN)
        buffer_add_text(to, _("the end"));
    else if (packet->size > 0 || packet->kind == PACKET_UDP)
        show_size(packet->size, to);
    else
        buffer_add_text(to, _("a connection"));
}

// What stands before the data. The higher the level, the less of it: what data acknowledge besides
// matters least, then where they stand, then how many they are.
static void show_head(const struct diagram_packet *packet, int level, struct buffer *to)
{
    bool is_tcp = packet->kind == PACKET_TCP, acks = packet->flags & PACKET_ACK;
    bool counts = packet->size > 0 || (packet->flags & (PACKET_SYN | PACKET_FIN));
    const char *between = "  ";
    if (is_tcp)
        packet_show_flags(packet->flags, to);
    else
        buffer_add_text(to, "UDP");
    if (is_tcp && counts && level <= 1) {
        buffer_print(to, "%sseq %u", between, packet->seq);
        between = ", ";
    }
    if (is_tcp && acks && level <= (packet->size > 0 ? 0 : counts ? 1 : 2)) {
        buffer_print(to, "%sack %u", between, packet->ack);
        between = ", ";
    }
    if ((packet->size > 0 || !is_tcp) && level <= 2) {
        buffer_add_text(to, between);
        show_size(packet->size, to);
    }
}

static void show_captured(const struct diagram_packet *packet, size_t columns, struct buffer *to)
{
    enum { LAST = 4, DATA_LEAST = 8, WIDE = 50 }; // of the data only the beginning need be seen
    struct str octets = {packet->data, packet->data_size};
    struct buffer data = {0};
    if (octets.size > 0) {
        // One octet less than there is, so that "…" says that it goes on.
        buffer_add_char(&data, ' ');
        bytes_show(octets, packet->size > octets.size ? octets.size - 1 : SIZE_MAX, &data);
    }
    size_t width = utf8_width(buffer_str(&data));
    size_t least = width < DATA_LEAST ? width : DATA_LEAST;
    show_head(packet, LAST - 1, to);
    bool is_short = utf8_width(buffer_str(to)) + width <= columns;
    for (int level = columns < WIDE ? 1 : 0; level <= LAST; level++) {
        buffer_clear(to);
        show_head(packet, level, to);
        // How many they are need not be told where all of them can be seen instead.
        size_t wanted = level == LAST - 2 && is_short ? width : least;
        if (level < LAST && utf8_width(buffer_str(to)) + wanted > columns)
            continue;
        buffer_add(to, level < LAST ? buffer_str(&data) : STR(""));
        break;
    }
    buffer_finish(&data);
}

void diagram_show_packet(const struct diagram_packet *packet, size_t columns, struct buffer *to)
{
    struct buffer text = {0};
    if (packet->number == 0)
        show_told(packet, &text);
    else if (packet->kind == PACKET_UNREACHABLE && packet->router[0] != '\0')
        buffer_print(&text, _("%s: ICMP %s"), packet->router, packet->says);
    else if (packet->kind == PACKET_UNREACHABLE)
        buffer_print(&text, "ICMP %s", packet->says);
    else
        show_captured(packet, columns, &text);
    wrap_cut(&text, columns, "…");
    buffer_add(to, buffer_str(&text));
    buffer_finish(&text);
}

static void add_part(struct buffer *to, size_t begin)
{
    buffer_add_text(to, to->size > begin ? ", " : "");
}

void diagram_show_mark(const struct diagram_packet *packet, struct buffer *to)
{
    struct buffer time = {0};
    switch ((enum flow_mark)packet->mark) {
    case FLOW_AGAIN:
        show_time(packet->since, &time);
        if (packet->since > 0)
            buffer_print(to, _("again, after %s"), buffer_text(&time));
        else
            buffer_add_text(to, _("again"));
        buffer_finish(&time);
        break;
    case FLOW_KEEPALIVE:
        buffer_add_text(to, _("are you there?"));
        break;
    case FLOW_PROBE:
        buffer_add_text(to, _("is there room?"));
        break;
    case FLOW_DUPLICATE:
        buffer_add_text(to, _("as before"));
        break;
    case FLOW_PLAIN:
    case FLOW_ONWARD:
        break;
    }
}

static void show_lost(const struct diagram_packet *packet, struct buffer *to)
{
    switch ((enum diagram_lost)packet->lost) {
    case DIAGRAM_LOST_DROP:
        buffer_print(to, _("lost: drop %d"), packet->lost_fd);
        break;
    case DIAGRAM_LOST_AGAIN:
        buffer_add_text(to, _("lost: sent again"));
        break;
    case DIAGRAM_LOST_SKIPPED:
        buffer_add_text(to, _("lost: not received"));
        break;
    case DIAGRAM_LOST_ONWARD:
        buffer_add_text(to, _("lost on the way"));
        break;
    case DIAGRAM_ARRIVED:
        break;
    }
}

void diagram_show_fate(const struct diagram_packet *packet, struct buffer *to)
{
    size_t begin = to->size;
    show_lost(packet, to);
    if (packet->router[0] == '\0' || packet->kind == PACKET_UNREACHABLE)
        return;
    add_part(to, begin);
    buffer_print(to, _("TTL %u, behind %s %u"), packet->ttl, packet->router, packet->ttl_behind);
}

void diagram_show_note(const struct diagram_packet *packet, struct buffer *to)
{
    struct buffer fate = {0};
    size_t begin = to->size;
    diagram_show_mark(packet, to);
    diagram_show_fate(packet, &fate);
    if (fate.size > 0)
        add_part(to, begin);
    buffer_add(to, buffer_str(&fate));
    buffer_finish(&fate);
}

// --- lines of their own --------------------------------------------------------------------------

static void show_fold(const struct diagram_event *event, struct buffer *to)
{
    uint32_t there = event->fold.packets, both = there + event->fold.packets_back;
    unsigned long long octets = event->fold.octets, all = octets + event->fold.octets_back;
    bool datagrams = event->fold.datagrams, both_ways = all > octets;
    if (all == 0 && both > 0)
        buffer_print(to,
                     datagrams ? _("… %u datagrams without data") : _("… %u segments without data"),
                     both);
    else if (both == 0 && all > 0)
        buffer_print(to,
                     both_ways ? ngettext("… %llu byte, both ways", "… %llu bytes, both ways", all)
                               : ngettext("… %llu byte", "… %llu bytes", all),
                     all);
    else if (both > 0 && both_ways)
        buffer_print(to,
                     datagrams ? ngettext("… %u datagrams, %llu byte, both ways",
                                          "… %u datagrams, %llu bytes, both ways", all)
                               : ngettext("… %u segments, %llu byte, both ways",
                                          "… %u segments, %llu bytes, both ways", all),
                     both, all);
    else if (both > 0)
        buffer_print(to,
                     datagrams
                         ? ngettext("… %u datagrams, %llu byte", "… %u datagrams, %llu bytes", all)
                         : ngettext("… %u segments, %llu byte", "… %u segments, %llu bytes", all),
                     there, all);
}

void diagram_show_folded(const struct diagram_event *event, int side, struct buffer *to)
{
    size_t begin = to->size;
    for (size_t i = 0; i < DIAGRAM_FOLDED; i++) {
        uint32_t count = event->fold.calls[side][i];
        if (count > 0)
            buffer_print(to, "%s%u × %s", to->size > begin ? ", " : "… ", count, diagram_folded[i]);
    }
}

static void show_leap(unsigned long long packets, unsigned long long calls, struct buffer *to)
{
    if (calls == 0)
        buffer_print(
            to,
            ngettext("… %llu packet is left out here", "… %llu packets are left out here", packets),
            packets);
    else if (packets == 0)
        buffer_print(
            to, ngettext("… %llu call is left out here", "… %llu calls are left out here", calls),
            calls);
    else
        buffer_print(to, _("… %llu packets and %llu calls are left out here"), packets, calls);
}

void diagram_show_count(const struct diagram_event *event, struct buffer *to)
{
    if (event->kind == DIAGRAM_FOLD)
        show_fold(event, to);
    else if (event->kind == DIAGRAM_GAP)
        buffer_print(to, _("… %llu packets are missing here: more than could be taken at once"),
                     (unsigned long long)event->missing);
    else
        show_leap(event->leap.packets, event->leap.calls, to);
}

void diagram_show_source(const struct diagram *diagram, struct buffer *to)
{
    enum { MANY = 8 };
    if (diagram->from_calls)
        buffer_print(to, _("drawn from calls alone, since packets cannot be seen: %s\n"),
                     diagram->why);
    if (diagram->forgets)
        buffer_print(to, _("only the last %d calls are known, and none before them\n"), CALLS_MOST);
    if (diagram->again >= MANY || diagram->lost >= MANY)
        buffer_print(to, _("packets that were sent again: %u, that did not arrive: %u\n"),
                     diagram->again, diagram->lost);
}
