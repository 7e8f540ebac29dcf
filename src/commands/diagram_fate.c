// diagram_fate: what became of each packet: whether it arrived, whether it was sent before, and
// which router has passed it on. By what was seen, and never by what is likely.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "commands/diagram_story.h"

enum {
    LOOK_BACK = 1024, // packets of a conversation among which the earlier copy of one is looked for
    EVERYTHING = 100, // percent
};

// While a socket threw away all that came: drop.
struct loss {
    int64_t from, until; // CLOCK_REALTIME, ns
    long next;           // index of the same socket's next one; STORY_NONE for the last
};

struct losses {
    struct loss *items;
    size_t count, capacity;
    long *first, *last; // of each socket: index; STORY_NONE for none
};

// --- one conversation's packets ------------------------------------------------------------------

static void chain(struct story *story)
{
    long *last = mem_zero((story->flow_count + 1) * sizeof *last);
    for (size_t i = 0; i < story->flow_count; i++)
        last[i] = STORY_NONE;
    for (size_t i = 0; i < story->packet_count; i++) {
        struct story_packet *packet = &story->packets[i];
        packet->before = last[packet->flow];
        last[packet->flow] = (long)i;
    }
    free(last);
}

// One above the last number that the segment takes.
static uint32_t end_of(const struct diagram_packet *packet)
{
    return packet->seq + packet->size + ((packet->flags & PACKET_SYN) != 0) +
           ((packet->flags & PACKET_FIN) != 0);
}

// --- routers -------------------------------------------------------------------------------------

static bool is_same(const struct story_packet *a, const struct story_packet *b)
{
    return a->side == b->side && a->is.kind == b->is.kind && a->is.flags == b->is.flags &&
           a->is.seq == b->is.seq && a->is.ack == b->is.ack && a->is.size == b->is.size &&
           a->is.data_size == b->is.data_size &&
           memcmp(a->is.data, b->is.data, a->is.data_size) == 0;
}

// How many routers it may still pass, where it was seen last.
static uint8_t last_ttl(const struct diagram_packet *packet)
{
    return packet->ttl_behind > 0 ? packet->ttl_behind : packet->ttl;
}

// The last of those that it may be a later sight of, one router further on: an earlier one that is
// still there was lost.
static struct story_packet *find_sight(const struct story *story, const struct story_packet *onward)
{
    long at = onward->before;
    for (int i = 0; at >= 0 && i < LOOK_BACK; i++, at = story->packets[at].before) {
        struct story_packet *packet = &story->packets[at];
        if (packet->is.mark != FLOW_ONWARD && last_ttl(&packet->is) == onward->is.ttl + 1 &&
            is_same(packet, onward))
            return packet;
    }
    return NULL;
}

static void pass_on(struct story *story, const struct story_packet *onward)
{
    struct capture_point point;
    struct story_flow *flow = &story->flows[onward->flow];
    struct story_packet *packet = find_sight(story, onward);
    if (packet == NULL)
        return;
    if (capture_get_point(packet->point, &point)) {
        char *to = packet->is.router;
        size_t size = strlen(to);
        snprintf(to + size, sizeof packet->is.router - size, "%s%s", size > 0 ? ", " : "",
                 point.host);
    }
    packet->is.ttl_behind = onward->is.ttl;
    packet->is.lost = onward->is.lost;
    packet->point = onward->point;
    uint8_t hops = (uint8_t)(packet->is.ttl - onward->is.ttl);
    if (hops > flow->hops[onward->side])
        flow->hops[onward->side] = hops;
}

// Which router it was is said for each side of its first packet, and again when the way is another.
static void tell_way(struct story *story, size_t at)
{
    struct story_packet *packet = &story->packets[at];
    size_t *told = &story->flows[packet->flow].told_way[packet->side];
    if (packet->is.router[0] == '\0' || packet->is.kind == PACKET_UNREACHABLE)
        return;
    if (*told > 0 && strcmp(story->packets[*told - 1].is.router, packet->is.router) == 0)
        packet->is.router[0] = '\0';
    else
        *told = at + 1;
}

// Each packet is drawn once: what was seen again further on is taken out.
static void join_sights(struct story *story)
{
    size_t count = 0;
    uint64_t gap = 0;
    for (size_t i = 0; i < story->packet_count; i++)
        if (story->packets[i].is.mark == FLOW_ONWARD)
            pass_on(story, &story->packets[i]);
    for (size_t i = 0; i < story->packet_count; i++) {
        gap += story->packets[i].gap;
        if (story->packets[i].is.mark == FLOW_ONWARD)
            continue;
        story->packets[count] = story->packets[i];
        story->packets[count++].gap = gap;
        gap = 0;
    }
    story->missing += gap;
    story->packet_count = count;
    for (size_t i = 0; i < count; i++) {
        struct story_packet *packet = &story->packets[i];
        tell_way(story, i);
        int hops = packet->is.ttl - last_ttl(&packet->is);
        if (hops < story->flows[packet->flow].hops[packet->side] &&
            packet->is.kind != PACKET_UNREACHABLE)
            packet->is.lost = DIAGRAM_LOST_ONWARD;
    }
}

// --- drop ----------------------------------------------------------------------------------------

static void begin_loss(struct losses *losses, long socket, int64_t time)
{
    long at = (long)losses->count;
    losses->items =
        mem_grow(losses->items, losses->count, &losses->capacity, sizeof *losses->items);
    losses->items[losses->count++] =
        (struct loss){.from = time, .until = INT64_MAX, .next = STORY_NONE};
    if (losses->last[socket] >= 0)
        losses->items[losses->last[socket]].next = at;
    else
        losses->first[socket] = at;
    losses->last[socket] = at;
}

static void end_loss(struct losses *losses, long socket, int64_t time)
{
    long at = losses->last[socket];
    if (at >= 0 && losses->items[at].until == INT64_MAX)
        losses->items[at].until = time;
}

// A second drop takes the place of the first.
static void find_losses(const struct story *story, struct losses *losses)
{
    losses->first = mem_zero((story->socket_count + 1) * sizeof *losses->first);
    losses->last = mem_zero((story->socket_count + 1) * sizeof *losses->last);
    for (size_t i = 0; i < story->socket_count; i++)
        losses->first[i] = losses->last[i] = STORY_NONE;
    for (size_t i = 0; i < story->call_count; i++) {
        const struct story_call *call = &story->calls[i];
        bool drops = strcmp(call->row.command, "drop") == 0;
        bool ends = strcmp(call->row.command, "undrop") == 0;
        if (call->socket < 0 || call->row.failed || call->row.end == 0 || !(drops || ends))
            continue;
        end_loss(losses, call->socket, call->row.begin);
        if (drops && (call->row.number_given < 0 || call->row.number_given >= EVERYTHING))
            begin_loss(losses, call->socket, call->row.end);
    }
}

// Who gets it: a SYN the listener, anything else the socket of the conversation.
static long receiver_of(const struct story *story, const struct story_packet *packet)
{
    long socket = story_socket_at(story, packet, !packet->side);
    bool begins = packet->is.kind == PACKET_TCP &&
                  (packet->is.flags & (PACKET_SYN | PACKET_ACK)) == PACKET_SYN;
    return socket >= 0 && begins ? story_find_socket(story, story->sockets[socket].root) : socket;
}

static void drop(struct story *story, struct losses *losses)
{
    for (size_t i = 0; i < story->packet_count && losses->count > 0; i++) {
        struct story_packet *packet = &story->packets[i];
        long socket = receiver_of(story, packet);
        if (socket < 0 || losses->first[socket] < 0)
            continue;
        const struct loss *loss = &losses->items[losses->first[socket]];
        while (loss->until < packet->is.time && loss->next >= 0) { // packets come by their times
            losses->first[socket] = loss->next;
            loss = &losses->items[loss->next];
        }
        if (packet->is.time < loss->from || packet->is.time > loss->until)
            continue;
        packet->is.lost = DIAGRAM_LOST_DROP;
        packet->is.lost_fd = story->sockets[socket].is.fd;
    }
}

// --- sent again ----------------------------------------------------------------------------------

// Looks for what was sent before; it is lost when nobody had acknowledged it by then.
static void follow_again(struct story *story, struct story_packet *again)
{
    uint32_t end = end_of(&again->is), acked = again->is.seq;
    long at = again->before;
    for (int i = 0; at >= 0 && i < LOOK_BACK; i++, at = story->packets[at].before) {
        struct story_packet *packet = &story->packets[at];
        if (packet->is.kind != PACKET_TCP)
            continue;
        bool is_own = story->flows[again->flow].is_own, acks = packet->is.flags & PACKET_ACK;
        if ((packet->side != again->side || is_own) && acks &&
            flow_is_beyond(packet->is.ack, acked))
            acked = packet->is.ack;
        if (packet->side != again->side)
            continue;
        uint32_t its = end_of(&packet->is);
        if (its == packet->is.seq || flow_is_beyond(packet->is.seq, again->is.seq) ||
            !flow_is_beyond(its, again->is.seq))
            continue; // of other octets
        again->is.since = packet->is.mark == FLOW_AGAIN && packet->is.since > 0
                              ? packet->is.since + again->is.time - packet->is.time
                              : again->is.time - packet->is.time;
        // An acknowledgement of a part may be of an earlier one; that of the end is of this one.
        if (packet->is.lost == DIAGRAM_ARRIVED && flow_is_beyond(end, acked))
            packet->is.lost = DIAGRAM_LOST_AGAIN;
        return;
    }
}

// What ICMP tells of is the last one of the other side that nothing was known of.
static void lose_quoted(struct story *story, const struct story_packet *answer)
{
    long at = answer->before;
    for (int i = 0; at >= 0 && i < LOOK_BACK; i++, at = story->packets[at].before) {
        struct story_packet *packet = &story->packets[at];
        if (packet->side == answer->side || packet->is.kind == PACKET_UNREACHABLE)
            continue;
        if (packet->is.lost == DIAGRAM_ARRIVED)
            packet->is.lost = DIAGRAM_LOST_ONWARD;
        return;
    }
}

static bool is_of_router(const struct diagram_packet *packet)
{
    return packet->kind == PACKET_UNREACHABLE && packet->router[0] != '\0';
}

void diagram_fate(struct story *story)
{
    struct losses losses = {0};
    chain(story);
    join_sights(story);
    chain(story); // by their new places
    find_losses(story, &losses);
    drop(story, &losses);
    for (size_t i = 0; i < story->packet_count; i++)
        if (is_of_router(&story->packets[i].is))
            lose_quoted(story, &story->packets[i]);
    for (size_t i = 0; i < story->packet_count; i++)
        if (story->packets[i].is.mark == FLOW_AGAIN)
            follow_again(story, &story->packets[i]);
    free(losses.items);
    free(losses.first);
    free(losses.last);
}
