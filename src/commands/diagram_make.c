// diagram_make: events in rows, from top to bottom: packets in their order, and between them calls
// and states.

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "commands/diagram_story.h"
#include "net/symbol.h"

enum {
    HEAD = 60,       // packets drawn of a longer picture, at its beginning …
    TAIL = 140,      // … and at its end
    SLOT_MOST = 60,  // calls drawn between two packets; of more …
    SLOT_SHOWN = 20, // … so many at either end
    AHEAD = 64,      // calls among which those are looked for that may stand beside each other
};

static const int64_t ROW_SPAN = 1000000000; // ns that calls of one row may be apart

struct maker {
    struct story *story;
    struct diagram *to;
    size_t events; // that there is room for
    struct story_entry *entries;
    size_t entry_count, at;
    struct diagram_tcp (*ends)[2]; // of each conversation
    uint16_t *current;             // of each endpoint: the conversation it had last
    long *flows;                   // of each socket: its latest conversation
    unsigned char *talkers;        // of each endpoint: sockets that calls were made on, up to 2
    uint32_t row;                  // the next one
    bool shares;                   // calls may stand in the row before it, beside states
    size_t shown;                  // packets that are not folded
    uint64_t left_packets, left_calls;
};

// --- events --------------------------------------------------------------------------------------

static struct diagram_event *add_event(struct maker *maker, enum diagram_kind kind, uint16_t at,
                                       uint16_t talk)
{
    struct diagram *to = maker->to;
    to->events = mem_grow(to->events, to->count, &maker->events, sizeof *to->events);
    struct diagram_event *event = &to->events[to->count++];
    *event = (struct diagram_event){
        .kind = kind, .at = at, .to = DIAGRAM_NOBODY, .talk = talk, .row = maker->row};
    return event;
}

static void add_state(struct maker *maker, uint16_t at, uint16_t talk, const char *name,
                      bool by_kernel)
{
    struct diagram_event *event = add_event(maker, DIAGRAM_STATE, at, talk);
    event->state.name = name;
    event->state.by_kernel = by_kernel;
}

static void flush_leap(struct maker *maker)
{
    if (maker->left_packets == 0 && maker->left_calls == 0)
        return;
    struct diagram_event *event = add_event(maker, DIAGRAM_LEAP, DIAGRAM_NOBODY, DIAGRAM_NOBODY);
    event->leap.packets = maker->left_packets;
    event->leap.calls = maker->left_calls;
    maker->left_packets = maker->left_calls = 0;
    maker->row++;
    maker->shares = false;
}

// --- calls ---------------------------------------------------------------------------------------

static uint16_t endpoint_of(const struct maker *maker, const struct story_call *call)
{
    return call->socket >= 0 ? maker->story->sockets[call->socket].endpoint : DIAGRAM_NOBODY;
}

// What its packet belongs to, or what it waited for, or its socket, or what was last talked of.
static uint16_t talk_of(const struct maker *maker, const struct story_call *call)
{
    const struct story *story = maker->story;
    long packet = call->packet >= 0 ? call->packet : call->met;
    if (packet >= 0)
        return story->flows[story->packets[packet].flow].talk;
    for (size_t i = 0; i < story->flow_count && call->row.to.version != 0; i++)
        for (int side = 0; side < 2; side++)
            if (story->flows[i].sockets[side] == call->socket &&
                packet_end_equal(&story->flows[i].ends[!side], &call->row.to))
                return story->flows[i].talk;
    long socket = call->made >= 0 ? call->made : call->socket;
    if (maker->flows[socket] >= 0 &&
        story->sockets[socket].root != story->sockets[socket].is.serial)
        return story->flows[maker->flows[socket]].talk;
    return maker->current[endpoint_of(maker, call)];
}

// Sizes are left out: what came of the call says more.
static void show_argument(const struct maker *maker, const struct story_call *call, char *to,
                          size_t size)
{
    const struct call_row *row = &call->row;
    struct buffer text = {0};
    bool counts = strcmp(row->command, "listen") == 0 || strcmp(row->command, "drop") == 0;
    if (strcmp(row->command, "shutdown") == 0)
        symbol_show(FAMILY_SHUT, row->number_given, &text);
    else if (counts && row->number_given >= 0)
        buffer_print(&text, "%lld", (long long)row->number_given);
    else if (!counts && maker->talkers[endpoint_of(maker, call)] > 1)
        buffer_print(&text, "%d", maker->story->sockets[call->socket].is.fd);
    snprintf(to, size, "%.*s", STR_ARG(buffer_str(&text)));
    buffer_finish(&text);
}

static void add_call(struct maker *maker, enum diagram_kind kind, struct story_call *call)
{
    uint16_t at = endpoint_of(maker, call), talk = talk_of(maker, call);
    const struct call_row *row = &call->row;
    if (kind == DIAGRAM_END && !call->drawn) // its beginning was left out
        kind = DIAGRAM_CALL;
    call->drawn = true;
    struct diagram_event *event = add_event(maker, kind, at, talk);
    event->call = (struct diagram_call){.number = row->number,
                                        .command = row->command,
                                        .fd = maker->story->sockets[call->socket].is.fd};
    memcpy(event->call.actor, row->actor, sizeof event->call.actor);
    show_argument(maker, call, event->call.argument, sizeof event->call.argument);
    if (kind != DIAGRAM_BEGIN) {
        memcpy(event->call.outcome, row->outcome, sizeof event->call.outcome);
        event->call.failed = row->failed;
        event->call.waited = row->slept ? row->end - row->begin : 0;
    }
    if (kind != DIAGRAM_BEGIN && !row->failed && strcmp(row->command, "listen") == 0)
        add_state(maker, at, talk, "LISTEN", false);
}

// --- what is only counted ------------------------------------------------------------------------

// The line before, if it is of the same two ends, or a new one.
static struct diagram_event *fold_between(struct maker *maker, const struct story_flow *flow,
                                          int side)
{
    uint16_t from = flow->endpoints[side], to = flow->endpoints[!side];
    flush_leap(maker);
    size_t count = maker->to->count;
    struct diagram_event *event = count > 0 ? &maker->to->events[count - 1] : NULL;
    if (event != NULL && event->kind == DIAGRAM_FOLD && event->row + 1 == maker->row &&
        ((event->at == from && event->to == to) || (event->at == to && event->to == from)))
        return event;
    event = add_event(maker, DIAGRAM_FOLD, from, flow->talk);
    event->to = to;
    event->fold.datagrams = flow->protocol == IPPROTO_UDP;
    maker->row++;
    maker->shares = false;
    return event;
}

static void count_call(struct maker *maker, const struct story_call *call,
                       const struct story_flow *flow)
{
    int side = flow->sockets[0] == call->socket ? 0 : 1;
    struct diagram_event *event = fold_between(maker, flow, side);
    int at = event->at == flow->endpoints[side] ? 0 : 1;
    event->fold.calls[at][diagram_which_folded(call->row.command)]++;
}

static void count_entry(struct maker *maker, const struct story_entry *entry)
{
    const struct story_call *call = &maker->story->calls[entry->call];
    count_call(maker, call, &maker->story->flows[diagram_flow_of(maker->story, call)]);
}

// It points to where the data goes.
static void turn_to_data(struct diagram_event *event)
{
    struct diagram_event was = *event;
    if (was.fold.octets > 0 || was.fold.octets_back == 0)
        return;
    event->at = was.to;
    event->to = was.at;
    event->fold.packets = was.fold.packets_back;
    event->fold.packets_back = was.fold.packets;
    event->fold.octets = was.fold.octets_back;
    event->fold.octets_back = 0;
    memcpy(event->fold.calls[0], was.fold.calls[1], sizeof was.fold.calls[1]);
    memcpy(event->fold.calls[1], was.fold.calls[0], sizeof was.fold.calls[0]);
}

static void count_packet(struct maker *maker, const struct story_packet *packet)
{
    const struct story_flow *flow = &maker->story->flows[packet->flow];
    struct diagram_event *event = fold_between(maker, flow, packet->side);
    bool back = event->at != flow->endpoints[packet->side], seen = packet->is.number != 0;
    event->fold.packets += !back && seen;
    event->fold.packets_back += back && seen;
    event->fold.octets += back ? 0 : packet->is.size;
    event->fold.octets_back += back ? packet->is.size : 0;
    turn_to_data(event);
    if (packet->label >= 0 && !maker->story->calls[packet->label].begins)
        count_call(maker, &maker->story->calls[packet->label], flow);
}

// --- calls between two packets -------------------------------------------------------------------

static void add_entry(struct maker *maker, size_t slot, size_t call, bool ends)
{
    maker->entries[maker->entry_count++] =
        (struct story_entry){.slot = slot, .call = call, .ends = ends};
}

// Of one socket's picture: calls on it, on its listener as far as they gave it, and on its peers.
static bool is_asked_for(const struct maker *maker, const struct story_call *call)
{
    const struct story *story = maker->story;
    if (story->only == 0)
        return true;
    if (call->made >= 0)
        return maker->flows[call->made] >= 0 || story->sockets[call->made].is.serial == story->only;
    const struct story_socket *socket = &story->sockets[call->socket];
    return maker->flows[call->socket] >= 0 || socket->is.serial == story->only ||
           socket->is.listens;
}

static void make_entries(struct maker *maker)
{
    struct story *story = maker->story;
    maker->entries = mem_zero((2 * story->call_count + 1) * sizeof *maker->entries);
    for (size_t i = 0; i < story->call_count; i++) {
        struct story_call *call = &story->calls[i];
        if (endpoint_of(maker, call) == DIAGRAM_NOBODY || !is_asked_for(maker, call))
            continue;
        if (call->packet >= 0)
            story->packets[call->packet].label = (long)i;
        else
            add_entry(maker, call->begin, i, false);
        if (call->begins && call->end != SIZE_MAX)
            add_entry(maker, call->end, i, true);
    }
    diagram_order(story, maker->entries, maker->entry_count);
}

static enum diagram_kind kind_of(const struct story_entry *entry, const struct story_call *call)
{
    if (entry->ends)
        return DIAGRAM_END;
    return call->begins ? DIAGRAM_BEGIN : DIAGRAM_CALL;
}

// What stands in a row so far.
struct row {
    uint32_t actors[AHEAD]; // that have an entry here, or one that must come below
    uint16_t columns[AHEAD];
    size_t actor_count, column_count;
    int64_t time; // of the first
};

// Whether a call may stand there as well: neither its actor nor its column has something there
// already, and it does not follow all that came before.
static bool has_room(const struct row *row, const struct story_call *call, bool follows,
                     uint16_t at, int64_t time)
{
    if (row->column_count == 0)
        return true;
    if (follows || row->actor_count == AHEAD || time - row->time >= ROW_SPAN ||
        row->time - time >= ROW_SPAN)
        return false;
    for (size_t i = 0; i < row->actor_count; i++)
        if (row->actors[i] == call->actor)
            return false;
    for (size_t i = 0; i < row->column_count; i++)
        if (row->columns[i] == at)
            return false;
    return true;
}

// One row: the next of each actor that may stand beside the others, in the order of their
// beginnings. Those that find a place are taken out of the list; says how many.
static size_t add_row(struct maker *maker, struct story_entry *entries, size_t count)
{
    struct row row = {0};
    size_t left = 0;
    for (size_t i = 0; i < count; i++) {
        struct story_call *call = &maker->story->calls[entries[i].call];
        uint16_t at = endpoint_of(maker, call);
        int64_t time = story_time_of(maker->story, &entries[i]);
        bool follows = call->follows && !entries[i].ends;
        bool fits = has_room(&row, call, follows, at, time);
        if (!fits && follows) { // and so does all behind it
            memmove(&entries[left], &entries[i], (count - i) * sizeof *entries);
            left += count - i;
            break;
        }
        if (row.actor_count < AHEAD)
            row.actors[row.actor_count++] = call->actor; // what it does next comes below
        if (!fits) {
            entries[left++] = entries[i];
            continue;
        }
        row.time = row.column_count == 0 ? time : row.time;
        row.columns[row.column_count++] = at;
        add_call(maker, kind_of(&entries[i], call), call);
    }
    return count - left;
}

// One that begins in one place and ends in another counts where it ends.
static void leave_call(struct maker *maker, size_t at, bool ends)
{
    const struct story_call *call = &maker->story->calls[at];
    maker->left_calls += ends || !call->begins || call->end == SIZE_MAX;
}

// Such as stand behind each other and are drawn: of very many the first and the last.
static void add_entries(struct maker *maker, struct story_entry *entries, size_t count, bool shown)
{
    for (size_t done = 0; done < count;) {
        bool leaves = count > SLOT_MOST && done >= SLOT_SHOWN && done < count - SLOT_SHOWN;
        if (!shown || leaves) {
            size_t until = shown ? count - SLOT_SHOWN : count;
            for (; done < until; done++)
                leave_call(maker, entries[done].call, entries[done].ends);
            continue;
        }
        flush_leap(maker);
        size_t window = count - done < AHEAD ? count - done : AHEAD;
        maker->row -= maker->shares ? 1 : 0;
        // What did not fit moves to the end of the window, in its order.
        size_t taken = add_row(maker, &entries[done], window);
        memmove(&entries[done + taken], &entries[done], (window - taken) * sizeof *entries);
        done += taken;
        maker->row++;
        maker->shares = false;
    }
}

// The calls behind so many packets.
static void add_slot(struct maker *maker, size_t slot, bool shown)
{
    while (maker->at < maker->entry_count && maker->entries[maker->at].slot == slot) {
        struct story_entry *entries = &maker->entries[maker->at];
        size_t count = 0;
        while (maker->at + count < maker->entry_count && entries[count].slot == slot &&
               entries[count].folded == entries[0].folded)
            count++;
        for (size_t i = 0; i < count && shown && entries[0].folded; i++)
            count_entry(maker, &entries[i]);
        if (!entries[0].folded || !shown)
            add_entries(maker, entries, count, shown);
        maker->at += count;
    }
}

// --- packets -------------------------------------------------------------------------------------

// Of one socket that talks to itself: what it sends, and then what comes.
static void add_own_states(struct maker *maker, const struct story_packet *packet, bool shown)
{
    const struct story_flow *flow = &maker->story->flows[packet->flow];
    struct diagram_tcp *end = &maker->ends[packet->flow][0];
    for (int i = 0; i < 2; i++) {
        bool comes = i == 1 && packet->is.lost == DIAGRAM_ARRIVED;
        bool moved = i == 0 ? diagram_tcp_sends(end, &packet->is)
                            : comes && diagram_tcp_takes(end, &packet->is);
        if (!moved || !shown)
            continue;
        add_state(maker, flow->endpoints[0], flow->talk, end->state, false);
        maker->row++;
        maker->shares = false;
    }
}

// What it does to the states at both ends; they stand beside each other.
static void add_states(struct maker *maker, const struct story_packet *packet, bool shown)
{
    const struct story_flow *flow = &maker->story->flows[packet->flow];
    struct diagram_tcp *ends = maker->ends[packet->flow];
    int from = packet->side;
    bool moved[2] = {false, false};
    if (packet->is.kind != PACKET_TCP || maker->story->from_calls)
        return;
    if (flow->is_own) {
        add_own_states(maker, packet, shown);
        return;
    }
    moved[from] = diagram_tcp_sends(&ends[from], &packet->is);
    if (packet->is.lost == DIAGRAM_ARRIVED)
        moved[!from] = diagram_tcp_takes(&ends[!from], &packet->is);
    if (!shown || (!moved[0] && !moved[1]))
        return;
    for (int i = 0; i < 2; i++)
        if (moved[i])
            add_state(maker, flow->endpoints[i], flow->talk, ends[i].state, false);
    maker->row++;
    maker->shares = true;
}

static void add_gap(struct maker *maker, uint64_t missing, uint16_t talk)
{
    if (missing == 0)
        return;
    add_event(maker, DIAGRAM_GAP, DIAGRAM_NOBODY, talk)->missing = missing;
    maker->row++;
}

static void add_packet(struct maker *maker, size_t i)
{
    const struct story_packet *packet = &maker->story->packets[i];
    const struct story_flow *flow = &maker->story->flows[packet->flow];
    maker->shares = false;
    if (packet->folded) {
        count_packet(maker, packet);
        return;
    }
    flush_leap(maker);
    add_gap(maker, packet->gap, flow->talk);
    struct diagram_event *event =
        add_event(maker, DIAGRAM_PACKET, flow->endpoints[packet->side], flow->talk);
    event->to = flow->endpoints[!packet->side];
    event->packet = packet->is;
    maker->current[flow->endpoints[0]] = maker->current[flow->endpoints[1]] = flow->talk;
    if (packet->label >= 0) {
        struct story_call *call = &maker->story->calls[packet->label];
        add_call(maker, call->begins ? DIAGRAM_BEGIN : DIAGRAM_CALL, call);
    }
    maker->row++;
}

// --- the whole -----------------------------------------------------------------------------------

// What the kernel says of one end, where that is known, and the segments do not say the same.
static const char *kernel_state_of(const struct maker *maker, size_t flow, int side)
{
    const struct story *story = maker->story;
    long socket = story->flows[flow].sockets[side];
    if (socket < 0 || !story->flows[flow].settled || maker->flows[socket] != (long)flow ||
        story->sockets[socket].is.listens || story->sockets[socket].kernel == NULL)
        return NULL;
    const char *state = maker->ends[flow][side].state, *kernel = story->sockets[socket].kernel;
    return state != NULL && strcmp(state, kernel) == 0 ? NULL : kernel;
}

// Where the kernel says another thing than the segments do, it is right: a connection may have been
// given up meanwhile.
static void add_kernel_states(struct maker *maker)
{
    const struct story *story = maker->story;
    for (size_t i = 0; i < story->flow_count; i++) {
        size_t before = maker->to->count;
        for (int side = 0; side < (story->flows[i].is_own ? 1 : 2); side++) {
            const char *state = kernel_state_of(maker, i, side);
            if (story->flows[i].protocol != IPPROTO_TCP || state == NULL)
                continue;
            add_state(maker, story->flows[i].endpoints[side], story->flows[i].talk, state,
                      !story->from_calls);
            maker->row += story->from_calls ? 0 : 1; // the words are longer then
        }
        maker->row += story->from_calls && maker->to->count > before;
    }
}

static void find_latest(struct maker *maker)
{
    const struct story *story = maker->story;
    for (size_t i = 0; i < story->socket_count; i++)
        maker->flows[i] = STORY_NONE;
    for (size_t i = 0; i < story->flow_count; i++)
        for (int side = 0; side < 2; side++)
            if (story->flows[i].sockets[side] >= 0)
                maker->flows[story->flows[i].sockets[side]] = (long)i;
    for (size_t i = maker->to->talk_count; i-- > 0;) // the first of them stays
        for (int side = 0; side < 2; side++)
            if (maker->to->talks[i].ends[side] != DIAGRAM_NOBODY)
                maker->current[maker->to->talks[i].ends[side]] = (uint16_t)i;
    for (size_t i = 0; i < story->socket_count; i++) {
        const struct story_socket *socket = &story->sockets[i];
        if (socket->endpoint != DIAGRAM_NOBODY && !socket->is.listens &&
            maker->talkers[socket->endpoint] < 2)
            maker->talkers[socket->endpoint]++;
    }
}

static void begin(struct maker *maker)
{
    struct story *story = maker->story;
    for (size_t i = 0; i < story->packet_count; i++)
        story->packets[i].label = STORY_NONE;
    maker->ends = mem_zero((story->flow_count + 1) * sizeof *maker->ends);
    maker->flows = mem_zero((story->socket_count + 1) * sizeof *maker->flows);
    maker->current = mem_zero((maker->to->endpoint_count + 1) * sizeof *maker->current);
    maker->talkers = mem_zero(maker->to->endpoint_count + 1);
    find_latest(maker);
    make_entries(maker);
    diagram_fold(story, maker->entries, &maker->entry_count);
    for (size_t i = 0; i < story->packet_count; i++)
        maker->shown += !story->packets[i].folded;
}

static void finish(struct maker *maker)
{
    free(maker->ends);
    free(maker->flows);
    free(maker->current);
    free(maker->talkers);
    free(maker->entries);
}

static void leave_packet(struct maker *maker, const struct story_packet *packet)
{
    maker->left_packets++;
    if (packet->label >= 0)
        leave_call(maker, (size_t)packet->label, false);
}

// From top to bottom; of a long picture the beginning and the end.
static void add_all(struct maker *maker)
{
    const struct story *story = maker->story;
    size_t ordinal = 0;
    for (size_t i = 0; i <= story->packet_count; i++) {
        bool is_long = maker->shown > HEAD + TAIL;
        bool shown = i == story->packet_count || !is_long || ordinal < HEAD ||
                     ordinal >= maker->shown - TAIL;
        add_slot(maker, i, shown);
        if (i == story->packet_count)
            break;
        if (shown)
            add_packet(maker, i);
        else
            leave_packet(maker, &story->packets[i]);
        add_states(maker, &story->packets[i], shown);
        ordinal += !story->packets[i].folded;
    }
    flush_leap(maker);
    add_gap(maker, story->missing, DIAGRAM_NOBODY);
    add_kernel_states(maker);
}

static void count_losses(const struct story *story, struct diagram *to)
{
    for (size_t i = 0; i < story->packet_count; i++) {
        to->again += story->packets[i].is.mark == FLOW_AGAIN;
        to->lost += story->packets[i].is.lost != DIAGRAM_ARRIVED;
    }
}

void diagram_make(struct story *story, struct diagram *to)
{
    struct maker maker = {.story = story, .to = to};
    if (story->from_calls)
        diagram_tell(story);
    else
        diagram_fate(story);
    *to = (struct diagram){
        .left_out = story->left_out, .forgets = story->forgets, .from_calls = story->from_calls};
    memcpy(to->why, story->why, sizeof to->why);
    diagram_ends(story, to);
    if (!story->from_calls)
        diagram_causes(story);
    diagram_place(story);
    count_losses(story, to); // behind it: what nobody received is lost, too
    begin(&maker);
    add_all(&maker);
    to->rows = maker.row;
    finish(&maker);
}

void diagram_build(uint64_t only, struct diagram *to)
{
    struct story story;
    story_collect(only, &story);
    diagram_make(&story, to);
    story_finish(&story);
}

void diagram_finish(struct diagram *diagram)
{
    free(diagram->endpoints);
    free(diagram->talks);
    free(diagram->events);
    *diagram = (struct diagram){0};
}
