// diagram_place: between which packets each call stands.
//
// A packet that a call has sent stands beside it. A call that waited ends behind the packet that it
// waited for. What is left is bound by its actor's order alone, and by clocks where they are far
// apart: two threads that run at the same time are never exactly in step, and a picture must not
// differ for that.

#include "commands/diagram_story.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "lang/value.h"

enum {
    HOLES = 32,      // pieces of a stream that came before what is missing in front of them
    SHOWN_DATA = 32, // octets of data that an outcome shows: actor/calls.c
    AHEAD = 64,      // datagrams among which a received one is looked for
};

static const int64_t APART = 100000000;  // ns from which on clocks count
static const int64_t CLOSE = 20000000;   // ns within which who came first is chance
static const int64_t AT_ONCE = 10000000; // ns within which the kernel answers by itself

// What has come for one socket.
struct inflow {
    struct {
        uint64_t until; // so many octets in all
        size_t packet;  // had come with this one
    } * items;
    size_t count, capacity, at;
    uint64_t before; // of the connections it had before
    uint64_t taken;  // by calls
    long flow;       // of its latest connection
    uint32_t next;   // the octet of it that is missing
    struct {
        uint32_t begin, end;
    } holes[HOLES];
    size_t hole_count;
    long ready;   // the packet that completed its handshake, as who was called
    bool blurred; // of datagrams: a call took one that was not found, or is about to take one
};

// --- who sent it ---------------------------------------------------------------------------------

enum cause { CAUSE_CONNECT, CAUSE_SEND, CAUSE_END, CAUSES };

static const char *const connecting[] = {"connect", NULL};
static const char *const sending[] = {"send", "sendall", "sendto", NULL};
static const char *const ending[] = {"close", "shutdown", NULL};
static const char *const receiving[] = {"recv", "recvfrom", NULL};

// A socket's calls in their order, and the last ones that have begun.
struct line {
    long *calls;
    size_t count, capacity, at;
    long last[CAUSES];
};

static void advance(const struct story *story, struct line *line, int64_t time)
{
    static const char *const *const kinds[CAUSES] = {connecting, sending, ending};
    for (; line->at < line->count; line->at++) {
        const struct call_row *row = &story->calls[line->calls[line->at]].row;
        if (row->begin > time)
            return;
        for (int i = 0; i < CAUSES; i++)
            if (str_is_one_of(str_from(row->command), kinds[i]))
                line->last[i] = line->calls[line->at];
    }
}

static long cause_of(const struct line *line, const struct diagram_packet *packet)
{
    if (packet->flags & PACKET_SYN)
        return line->last[CAUSE_CONNECT];
    return line->last[packet->flags & (PACKET_FIN | PACKET_RST) ? CAUSE_END : CAUSE_SEND];
}

static struct line *make_lines(const struct story *story)
{
    struct line *lines = mem_zero((story->socket_count + 1) * sizeof *lines);
    for (size_t i = 0; i < story->socket_count; i++)
        for (int j = 0; j < CAUSES; j++)
            lines[i].last[j] = STORY_NONE;
    for (size_t i = 0; i < story->call_count; i++) {
        if (story->calls[i].socket < 0)
            continue;
        struct line *line = &lines[story->calls[i].socket];
        line->calls = mem_grow(line->calls, line->count, &line->capacity, sizeof *line->calls);
        line->calls[line->count++] = (long)i;
    }
    return lines;
}

// What the kernel sends later, of what a call has given it, is the kernel's.
static void find_cause(struct story *story, struct line *lines, size_t at)
{
    struct story_packet *packet = &story->packets[at];
    long socket = story_socket_at(story, packet, packet->side);
    if (socket < 0 || !packet->called_for)
        return;
    advance(story, &lines[socket], packet->is.time);
    long cause = cause_of(&lines[socket], &packet->is);
    if (cause < 0)
        return;
    struct story_call *call = &story->calls[cause];
    if (call->row.end != 0 && packet->is.time > call->row.end)
        return;
    packet->is.call = call->row.number;
    if (call->packet < 0)
        call->packet = (long)at;
}

void diagram_causes(struct story *story)
{
    struct line *lines = make_lines(story);
    for (size_t i = 0; i < story->packet_count; i++)
        find_cause(story, lines, i);
    for (size_t i = 0; i < story->socket_count; i++)
        free(lines[i].calls);
    free(lines);
}

// --- what has come -------------------------------------------------------------------------------

static void note_arrival(struct inflow *stream, uint64_t until, size_t packet)
{
    stream->items =
        mem_grow(stream->items, stream->count, &stream->capacity, sizeof *stream->items);
    stream->items[stream->count].until = until;
    stream->items[stream->count++].packet = packet;
}

// Takes in the pieces that follow without a hole.
static void close_holes(struct inflow *stream)
{
    for (size_t i = 0; i < stream->hole_count;) {
        if (flow_is_beyond(stream->holes[i].begin, stream->next)) {
            i++;
            continue;
        }
        if (flow_is_beyond(stream->holes[i].end, stream->next))
            stream->next = stream->holes[i].end;
        stream->holes[i] = stream->holes[--stream->hole_count];
        i = 0;
    }
}

static void take_segment(struct inflow *stream, const struct story_packet *packet, size_t at)
{
    uint32_t begin = packet->is.seq, end = begin + packet->is.size;
    if (stream->flow != (long)packet->flow) {
        stream->before += stream->next - 1;
        stream->flow = (long)packet->flow;
        stream->next = 1;
        stream->hole_count = 0;
    }
    if (packet->is.size == 0 || (packet->is.flags & PACKET_SYN) ||
        !flow_is_beyond(end, stream->next))
        return;
    if (flow_is_beyond(begin, stream->next)) {
        if (stream->hole_count < HOLES) {
            stream->holes[stream->hole_count].begin = begin;
            stream->holes[stream->hole_count++].end = end;
        }
        return;
    }
    stream->next = end;
    close_holes(stream);
    note_arrival(stream, stream->before + stream->next - 1, at);
}

static void take(const struct story *story, struct inflow *streams, size_t at)
{
    const struct story_packet *packet = &story->packets[at];
    long socket = story_socket_at(story, packet, !packet->side);
    if (socket < 0 || packet->is.lost != DIAGRAM_ARRIVED)
        return;
    struct inflow *stream = &streams[socket];
    if (packet->is.kind == PACKET_UDP)
        note_arrival(stream, packet->is.size, at);
    if (packet->is.kind != PACKET_TCP)
        return;
    take_segment(stream, packet, at);
    if (stream->ready < 0 && packet->side == 0 && !(packet->is.flags & PACKET_SYN))
        stream->ready = (long)at;
}

static struct inflow *make_streams(const struct story *story)
{
    struct inflow *streams = mem_zero((story->socket_count + 1) * sizeof *streams);
    for (size_t i = 0; i < story->socket_count; i++) {
        streams[i].ready = streams[i].flow = STORY_NONE;
        streams[i].next = 1;
    }
    for (size_t i = 0; i < story->packet_count; i++)
        take(story, streams, i);
    return streams;
}

// --- what a call waited for ----------------------------------------------------------------------

// Whether what was received is this datagram, by its beginning as the outcome shows it.
static bool is_outcome(const struct diagram_packet *packet, const struct call_row *row)
{
    struct buffer text = {0};
    struct str data = {packet->data, packet->data_size};
    size_t size = row->octets < data.size ? row->octets : data.size;
    if (row->octets > SHOWN_DATA) // where that was cut, a character may have been
        size = utf8_cut(data, SHOWN_DATA - 4);
    bytes_show(str_slice(data, 0, size), SIZE_MAX, &text);
    if (row->octets > SHOWN_DATA)
        text.size--; // the quote
    struct str whole = buffer_str(&text), outcome = str_from(row->outcome);
    bool is_cut = whole.size > outcome.size || row->octets > SHOWN_DATA;
    bool same = is_cut ? str_starts(whole, outcome) || str_starts(outcome, whole)
                       : str_equal(whole, outcome);
    buffer_finish(&text);
    return same;
}

// The next datagram in the queue that it can be. What it has passed over never came out.
static long find_datagram(struct story *story, struct inflow *stream, const struct call_row *row)
{
    for (size_t i = stream->at; i < stream->count && i < stream->at + AHEAD; i++) {
        if (!is_outcome(&story->packets[stream->items[i].packet].is, row))
            continue;
        for (size_t j = stream->at; !story->forgets && j < i; j++)
            story->packets[stream->items[j].packet].is.lost = DIAGRAM_LOST_SKIPPED;
        stream->at = i + 1;
        return (long)stream->items[i].packet;
    }
    stream->blurred = true;
    return STORY_NONE;
}

// The packet that brought the last of the octets that it took. Where earlier calls are forgotten,
// the first one that is known took the last of what had come by then.
static long find_octets(const struct story *story, struct inflow *stream,
                        const struct call_row *row)
{
    if (stream->taken == 0 && story->forgets) {
        size_t at = 0;
        while (at < stream->count && story->packets[stream->items[at].packet].is.time <= row->end)
            at++;
        uint64_t until = at > 0 ? stream->items[at - 1].until : 0;
        stream->taken = until > row->octets ? until - row->octets : 0;
    }
    stream->taken += row->octets;
    while (stream->at < stream->count && stream->items[stream->at].until < stream->taken)
        stream->at++;
    return stream->at < stream->count ? (long)stream->items[stream->at].packet : STORY_NONE;
}

// Whether the packet is what such a call waits for.
static bool is_awaited(const struct diagram_packet *packet, const struct call_row *row)
{
    const uint8_t answer = PACKET_SYN | PACKET_ACK;
    if (row->failed)
        return packet->kind == PACKET_UNREACHABLE || (packet->flags & PACKET_RST);
    if (strcmp(row->command, "connect") == 0)
        return (packet->flags & answer) == answer;
    return packet->flags & PACKET_FIN;
}

// The first such packet that came for the socket, from the one numbered `from` on, before the call
// ended.
static long find_awaited(const struct story *story, const struct story_call *call, size_t from)
{
    for (size_t i = from; i < story->packet_count; i++) {
        const struct story_packet *packet = &story->packets[i];
        if (packet->is.time > call->row.end)
            break;
        if (packet->is.lost == DIAGRAM_ARRIVED && is_awaited(&packet->is, &call->row) &&
            story_socket_at(story, packet, !packet->side) == call->socket)
            return (long)i;
    }
    return STORY_NONE;
}

static long find_met(struct story *story, struct inflow *streams, const struct story_call *call,
                     size_t from)
{
    static const char *const refusals[] = {"ECONNREFUSED", "ECONNRESET",  "EPIPE",
                                           "EHOSTUNREACH", "ENETUNREACH", NULL};
    const struct call_row *row = &call->row;
    bool receives = str_is_one_of(str_from(row->command), receiving);
    if (call->socket < 0 || row->end == 0)
        return STORY_NONE;
    if (call->made >= 0)
        return streams[call->made].ready;
    if (row->failed)
        return str_is_one_of(str_from(row->outcome), refusals) ? find_awaited(story, call, from)
                                                               : STORY_NONE;
    if (receives && (story->sockets[call->socket].is.type & 0xF) == SOCK_DGRAM)
        return find_datagram(story, &streams[call->socket], row);
    if (receives && row->octets > 0)
        return find_octets(story, &streams[call->socket], row);
    bool at_end = receives && strcmp(row->outcome, "\"\"") == 0 && row->number_given > 0;
    return at_end || call->packet >= 0 ? find_awaited(story, call, from) : STORY_NONE;
}

// --- places --------------------------------------------------------------------------------------

// What stands in a place of its own does not come between a packet and the kernel's answer to it.
static size_t behind_answers(const struct story *story, size_t at)
{
    while (at < story->packet_count && story->packets[at].answers)
        at++;
    return at;
}

static void find_answers(struct story *story)
{
    for (size_t i = 1; i < story->packet_count; i++) {
        const struct story_packet *to = &story->packets[i - 1];
        struct story_packet *packet = &story->packets[i];
        bool silent = packet->is.size == 0 || packet->is.kind == PACKET_UNREACHABLE;
        bool comes_back = packet->side != to->side || story->flows[packet->flow].is_own;
        packet->answers = packet->flow == to->flow && comes_back && packet->is.call == 0 &&
                          silent && to->is.lost == DIAGRAM_ARRIVED &&
                          packet->is.time - to->is.time < AT_ONCE;
    }
}

// How many packets passed before that time.
static size_t by_clock(const struct story *story, int64_t time)
{
    size_t low = 0, high = story->packet_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (story->packets[middle].is.time < time)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

// Of an actor.
struct last {
    size_t place;   // where its last call ended
    unsigned phase; // of that call, plus 1
};

static const char *const losing[] = {"drop", "undrop", NULL};

// Whether it might as well have waited: what it waits for came just then, and the order in which
// its actor goes on is the only one that there is.
static bool is_close_race(const struct story *story, const struct story_call *call)
{
    int64_t came = story->packets[call->met].is.time;
    return !call->follows && call->row.begin - came < CLOSE &&
           str_is_one_of(str_from(call->row.command), receiving);
}

// `from`: not before so many packets.
static void place(struct story *story, struct inflow *streams, struct story_call *call, size_t from)
{
    bool sends = call->packet >= 0,
         connects = str_is_one_of(str_from(call->row.command), connecting);
    int64_t apart = call->follows ? 0 : APART;
    size_t clock = larger(from, by_clock(story, call->row.begin - apart));
    call->begin = sends ? (size_t)call->packet : behind_answers(story, clock);
    call->end = behind_answers(story, sends ? call->begin + 1 : call->begin);
    if (call->row.end == 0) {
        call->begins = true;
        call->end = SIZE_MAX;
        return;
    }
    call->met = find_met(story, streams, call, call->begin);
    if (call->met >= (long)call->begin) {
        call->end = behind_answers(story, (size_t)call->met + 1);
        call->begins = call->row.slept || connects || is_close_race(story, call);
        if (!call->begins && !sends)
            call->begin = call->end;
    } else if (call->row.slept) {
        size_t end = behind_answers(story, by_clock(story, call->row.end));
        call->begins = end > call->end;
        call->end = larger(end, call->end);
    }
}

// Where the kernel holds no datagram any more, those that nobody received never will be.
static void lose_rest(struct story *story, const struct inflow *streams)
{
    for (size_t i = 0; i < story->socket_count && !story->forgets; i++) {
        const struct inflow *stream = &streams[i];
        for (size_t j = stream->at; story->sockets[i].drained && j < stream->count; j++) {
            struct story_packet *packet = &story->packets[stream->items[j].packet];
            if (!stream->blurred && story->flows[packet->flow].settled)
                packet->is.lost = DIAGRAM_LOST_SKIPPED;
        }
    }
}

void diagram_place(struct story *story)
{
    struct inflow *streams = make_streams(story);
    struct last *actors = mem_zero((story->actors + 1) * sizeof *actors); // their last places
    size_t *made = mem_zero((story->socket_count + 1) * sizeof *made);    // where they came from
    find_answers(story);
    for (size_t i = 0; i < story->call_count; i++) {
        struct story_call *call = &story->calls[i];
        size_t from = actors[call->actor].place;
        // What is lost from here on, or no longer, is known by the clock alone.
        call->follows = actors[call->actor].phase != call->row.phase + 1 ||
                        str_is_one_of(str_from(call->row.command), losing);
        actors[call->actor].phase = call->row.phase + 1;
        if (call->socket >= 0)
            from = larger(from, made[call->socket]);
        place(story, streams, call, from);
        if (call->socket >= 0 && call->row.end == 0)
            streams[call->socket].blurred = true;
        actors[call->actor].place = call->end;
        if (call->made >= 0)
            made[call->made] = call->end;
    }
    lose_rest(story, streams);
    for (size_t i = 0; i < story->socket_count; i++)
        free(streams[i].items);
    free(streams);
    free(actors);
    free(made);
}

// --- one order -----------------------------------------------------------------------------------

// By the places, and in one place by the beginnings.
static int compare_entries(const void *a, const void *b)
{
    const struct story_entry *one = a, *other = b;
    if (one->slot != other->slot)
        return one->slot < other->slot ? -1 : 1;
    if (one->call != other->call)
        return one->call < other->call ? -1 : 1;
    return (int)one->ends - (int)other->ends;
}

// A call that waited long, and is drawn where it ended, sinks below those that were over by then.
void diagram_order(const struct story *story, struct story_entry *entries, size_t count)
{
    qsort(entries, count, sizeof *entries, compare_entries);
    for (size_t i = 1; i < count; i++) {
        const struct story_entry entry = entries[i];
        int64_t time = story_time_of(story, &entry);
        size_t at = i;
        for (; at > 0 && entries[at - 1].slot == entry.slot &&
               story_time_of(story, &entries[at - 1]) - time >= APART;
             at--)
            entries[at] = entries[at - 1];
        entries[at] = entry;
    }
}
