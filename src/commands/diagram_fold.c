// diagram_fold: what is the same again and again is drawn for the first times and the last one, and
// between them stands a line that counts.
//
// That is the same call at the same end, with plain packets between: a loop of `send`, or of `recv`
// of a long page, or both sides by turns. Or, without any call between, plain packets alone.

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/memory.h"
#include "commands/diagram_story.h"

enum {
    REPEATED = 8,      // so often the same call, or so many plain packets, are folded …
    CALLS_SHOWN = 2,   // … but for the first ones, and one at the end …
    PACKETS_SHOWN = 2, // … of packets, but for so many at either end
    PAUSE = 8,         // calls of others between two of the same, above which it is another loop
    KEYS = 2 * DIAGRAM_FOLDED, // a call of one end or the other
};

static const int64_t NOTICED = 1000000000; // ns that a wait takes at least to be told

const char *const diagram_folded[DIAGRAM_FOLDED] = {"send", "sendall", "sendto", "recv",
                                                    "recvfrom"};

// What stands in the picture, from top to bottom.
struct item {
    struct story_entry *entry; // a call, or its end; NULL for a packet …
    size_t packet;             // … with this index
    long call;                 // that stands there; STORY_NONE for a packet alone
    long flow;                 // the conversation of what may be folded; else STORY_NONE
    int key;                   // which call at which end, from 0 on
    bool begins;               // the call is counted here, and not where it ends
};

// --- what may be folded --------------------------------------------------------------------------

static bool is_plain(const struct story_packet *packet)
{
    const uint8_t special = PACKET_SYN | PACKET_FIN | PACKET_RST | PACKET_URG;
    return packet->gap == 0 && packet->is.lost == DIAGRAM_ARRIVED &&
           (packet->is.mark == FLOW_PLAIN || packet->is.mark == FLOW_DUPLICATE) &&
           packet->is.kind != PACKET_UNREACHABLE && !(packet->is.flags & special);
}

int diagram_which_folded(const char *command)
{
    for (int i = 0; i < DIAGRAM_FOLDED; i++)
        if (strcmp(command, diagram_folded[i]) == 0)
            return i;
    return STORY_NONE;
}

// Data went on, and nobody had to wait for it. That a stream has ended is told of by no datagram.
static bool is_plain_call(const struct story *story, const struct story_call *call)
{
    const struct call_row *row = &call->row;
    enum { TYPE_BITS = 0xF }; // without SOCK_NONBLOCK and SOCK_CLOEXEC
    bool waited = row->slept && row->end - row->begin >= NOTICED;
    bool sends = strncmp(row->command, "send", 4) == 0;
    bool is_stream =
        call->socket < 0 || (story->sockets[call->socket].is.type & TYPE_BITS) != SOCK_DGRAM;
    return diagram_which_folded(row->command) >= 0 && row->end != 0 && !row->failed && !waited &&
           (row->octets > 0 || sends || !is_stream);
}

long diagram_flow_of(const struct story *story, const struct story_call *call)
{
    long packet = call->packet >= 0 ? call->packet : call->met;
    if (packet >= 0)
        return (long)story->packets[packet].flow;
    for (size_t i = story->flow_count; i-- > 0;)
        if (story->flows[i].sockets[0] == call->socket ||
            story->flows[i].sockets[1] == call->socket)
            return (long)i;
    return STORY_NONE;
}

static void describe_call(const struct story *story, struct item *item)
{
    const struct story_call *call = &story->calls[item->call];
    item->flow = is_plain_call(story, call) ? diagram_flow_of(story, call) : STORY_NONE;
    if (item->flow < 0)
        return;
    bool second = story->flows[item->flow].sockets[0] != call->socket;
    item->key = diagram_which_folded(call->row.command) + (second ? DIAGRAM_FOLDED : 0);
    item->begins = item->entry == NULL || !item->entry->ends;
}

static struct item make_entry_item(const struct story *story, struct story_entry *entry)
{
    struct item item = {.entry = entry, .call = (long)entry->call};
    describe_call(story, &item);
    return item;
}

static struct item make_packet_item(const struct story *story, size_t at)
{
    const struct story_packet *packet = &story->packets[at];
    struct item item = {.packet = at, .call = packet->label, .flow = STORY_NONE};
    if (packet->label >= 0)
        describe_call(story, &item);
    if (!is_plain(packet) || (packet->label >= 0 && item.flow < 0))
        item.flow = STORY_NONE;
    else
        item.flow = (long)packet->flow;
    return item;
}

// --- calls that repeat ---------------------------------------------------------------------------

static bool counts(const struct item *item)
{
    return item->call >= 0 && item->begins;
}

// How often the call that stands there is made from there on, without a pause in which the others
// go on by themselves; where the third time is, and the last.
struct streak {
    size_t length, third, last;
};

static struct streak find_streak(const struct item *items, size_t count, size_t first)
{
    struct streak streak = {.last = first};
    size_t others = 0;
    for (size_t i = first; i < count && others <= PAUSE; i++) {
        if (!counts(&items[i]))
            continue;
        others++;
        if (items[i].key != items[first].key)
            continue;
        others = 0;
        if (streak.length++ == CALLS_SHOWN)
            streak.third = i;
        streak.last = i;
    }
    return streak;
}

// Which calls of the run are made often enough.
static void mark_repeated(struct story *story, const struct item *items, size_t count)
{
    size_t until[KEYS] = {0}; // the streaks that were found so far reach so far
    for (size_t i = 0; i < count; i++) {
        if (!counts(&items[i]) || i < until[items[i].key])
            continue;
        struct streak streak = find_streak(items, count, i);
        until[items[i].key] = streak.last + 1;
        for (size_t j = i; j <= streak.last && streak.length >= REPEATED; j++)
            if (counts(&items[j]) && items[j].key == items[i].key)
                story->calls[items[j].call].repeats = true;
    }
}

static void hide(struct story *story, const struct item *item)
{
    if (item->entry != NULL)
        item->entry->folded = true;
    else
        story->packets[item->packet].folded = true;
    // One that begins here and ends further down is counted where it ends.
    if (item->call >= 0 && !(story->calls[item->call].begins && item->begins))
        story->calls[item->call].folded = true;
}

// Hides what repeats in a part of a run.
static void hide_repeated(struct story *story, const struct item *items, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!counts(&items[i]))
            continue;
        struct streak streak = find_streak(items, count, i);
        if (streak.length < REPEATED)
            continue;
        for (size_t j = streak.third; j < streak.last; j++)
            hide(story, &items[j]);
        i = streak.last;
    }
}

// A run of what may be folded, of one conversation. What is made too seldom parts it, so that no
// word that was said once is ever hidden.
static void fold_run(struct story *story, const struct item *items, size_t count)
{
    size_t begin = 0;
    mark_repeated(story, items, count);
    for (size_t i = 0; i <= count; i++) {
        if (i < count && (items[i].call < 0 || story->calls[items[i].call].repeats))
            continue;
        hide_repeated(story, items + begin, i - begin);
        begin = i + 1;
    }
}

// What stands for a call that is counted: nothing else of it.
static void drop_beginnings(struct story *story, struct story_entry *entries, size_t *count)
{
    size_t left = 0;
    for (size_t i = 0; i < *count; i++) {
        struct story_entry *entry = &entries[i];
        struct story_call *call = &story->calls[entry->call];
        bool begins = call->begins && !entry->ends;
        // Its packet is shown, and it stands beside it whole.
        if (call->folded && call->packet >= 0 && !story->packets[call->packet].folded) {
            call->begins = false;
            continue;
        }
        if (!(begins && (entry->folded || call->folded)))
            entries[left++] = *entry;
    }
    *count = left;
}

static void fold_calls(struct story *story, struct story_entry *entries, size_t *entry_count)
{
    struct item *items = mem_zero((story->packet_count + *entry_count + 1) * sizeof *items);
    size_t count = 0, at = 0;
    for (size_t i = 0; i <= story->packet_count; i++) {
        while (at < *entry_count && entries[at].slot == i)
            items[count++] = make_entry_item(story, &entries[at++]);
        if (i < story->packet_count)
            items[count++] = make_packet_item(story, i);
    }
    for (size_t i = 0; i < count;) {
        size_t end = i + 1;
        while (end < count && items[i].flow >= 0 && items[end].flow == items[i].flow)
            end++;
        if (end - i >= REPEATED)
            fold_run(story, items + i, end - i);
        i = end;
    }
    free(items);
    drop_beginnings(story, entries, entry_count);
}

// --- packets alone -------------------------------------------------------------------------------

// How many from `i` on follow each other with nothing between them.
static size_t run_length(const struct story *story, const struct story_entry *entries, size_t count,
                         size_t i, size_t *entry)
{
    size_t end = i;
    while (end < story->packet_count && is_plain(&story->packets[end]) &&
           !story->packets[end].folded) {
        while (*entry < count && entries[*entry].slot < end)
            (*entry)++;
        bool stands_off = *entry < count && entries[*entry].slot == end;
        if (end > i && (stands_off || story->packets[end].label >= 0 ||
                        story->packets[end].flow != story->packets[i].flow))
            break;
        end++;
    }
    return end - i;
}

static void fold_packets(struct story *story, const struct story_entry *entries, size_t count)
{
    size_t entry = 0;
    for (size_t i = 0; i < story->packet_count;) {
        size_t length = run_length(story, entries, count, i, &entry);
        for (size_t j = PACKETS_SHOWN; length >= REPEATED && j < length - PACKETS_SHOWN; j++)
            story->packets[i + j].folded = true;
        i += length > 0 ? length : 1;
    }
}

void diagram_fold(struct story *story, struct story_entry *entries, size_t *count)
{
    fold_calls(story, entries, count);
    fold_packets(story, entries, *count);
}
