// flow: a table of conversations, and what TCP's numbers come to.

#include "net/flow.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { SLOTS_LEAST = 64 };

// --- the table -----------------------------------------------------------------------------------

// The same for both directions: ends are added, not chained. FNV-1a over each.
static uint32_t hash_end(const struct packet_end *end)
{
    const uint8_t *octets = (const uint8_t *)end;
    uint32_t hash = 2166136261U;
    for (size_t i = 0; i < sizeof *end; i++)
        hash = (hash ^ octets[i]) * 16777619U;
    return hash;
}

// What is sent to 127.0.0.1 or ::1 stays on its host; another host's is another conversation. And
// so is another host's copy of what is for many.
static uint16_t realm_of(const struct packet *packet, uint16_t point)
{
    static const uint8_t one[16] = {[15] = 1};
    const struct packet_end *to = &packet->to;
    bool loops = to->version == 4 ? to->ip[0] == 127 : memcmp(to->ip, one, sizeof one) == 0;
    return loops || packet->is_for_many ? (uint16_t)(point + 1) : 0;
}

// Whether the flow is between these two, in either direction.
static bool joins(const struct flow *flow, uint8_t protocol, uint16_t realm,
                  const struct packet_end *from, const struct packet_end *to)
{
    return flow->protocol == protocol && flow->realm == realm &&
           ((packet_end_equal(&flow->ends[0], from) && packet_end_equal(&flow->ends[1], to)) ||
            (packet_end_equal(&flow->ends[0], to) && packet_end_equal(&flow->ends[1], from)));
}

// Where these two stand in the slots, or the free slot where they would.
static uint32_t *find_slot(const struct flows *flows, uint8_t protocol, uint16_t realm,
                           const struct packet_end *from, const struct packet_end *to)
{
    size_t mask = flows->slot_count - 1;
    size_t at = (hash_end(from) + hash_end(to)) & mask;
    while (flows->slots[at] != 0 &&
           !joins(&flows->items[flows->slots[at] - 1], protocol, realm, from, to))
        at = (at + 1) & mask;
    return &flows->slots[at];
}

// Twice as many slots, or the first ones. A later flow between the same ends takes the place of an
// earlier one, as it did when it was made.
static void grow(struct flows *flows)
{
    flows->slot_count = flows->slot_count ? 2 * flows->slot_count : SLOTS_LEAST;
    free(flows->slots);
    flows->slots = mem_zero(flows->slot_count * sizeof *flows->slots);
    for (size_t i = 0; i < flows->count; i++) {
        const struct flow *flow = &flows->items[i];
        *find_slot(flows, flow->protocol, flow->realm, &flow->ends[0], &flow->ends[1]) =
            (uint32_t)i + 1;
    }
}

static void forget_all(struct flows *flows)
{
    flows->forgotten += (uint32_t)flows->count;
    flows->count = 0;
    memset(flows->slots, 0, flows->slot_count * sizeof *flows->slots);
}

static struct flow *add(struct flows *flows, uint8_t protocol, uint16_t realm,
                        const struct packet_end *from, const struct packet_end *to, int64_t time)
{
    if (flows->count == FLOWS_MOST)
        forget_all(flows);
    if (2 * (flows->count + 1) > flows->slot_count)
        grow(flows);
    flows->items = mem_grow(flows->items, flows->count, &flows->capacity, sizeof *flows->items);
    struct flow *flow = &flows->items[flows->count++];
    *flow = (struct flow){.number = flows->forgotten + (uint32_t)flows->count,
                          .protocol = protocol,
                          .realm = realm,
                          .ends = {*from, *to},
                          .since = time,
                          .sides = {{.scale = -1}, {.scale = -1}}};
    *find_slot(flows, protocol, realm, from, to) = (uint32_t)flows->count;
    return flow;
}

static struct flow *find(const struct flows *flows, uint8_t protocol, uint16_t realm,
                         const struct packet_end *from, const struct packet_end *to)
{
    if (flows->slot_count == 0)
        return NULL;
    uint32_t index = *find_slot(flows, protocol, realm, from, to);
    return index ? &flows->items[index - 1] : NULL;
}

const struct flow *flows_get(const struct flows *flows, uint32_t number)
{
    if (number <= flows->forgotten || number - flows->forgotten > flows->count)
        return NULL;
    return &flows->items[number - flows->forgotten - 1];
}

void flows_finish(struct flows *flows)
{
    free(flows->items);
    free(flows->slots);
    *flows = (struct flows){0};
}

// --- TCP -----------------------------------------------------------------------------------------

// A SYN with another number than the one known is another connection between the same ends.
static bool begins_anew(const struct flow *flow, const struct packet *packet)
{
    const struct flow_side *side = &flow->sides[!packet_end_equal(&flow->ends[0], &packet->from)];
    return (packet->flags & (PACKET_SYN | PACKET_ACK)) == PACKET_SYN && side->began &&
           side->first != packet->seq;
}

// The first number is the SYN's. Of a connection that was there before, what is seen first counts
// as 1, as if the SYN had just passed.
static void begin(struct flow_side *side, const struct packet *packet)
{
    bool syn = packet->flags & PACKET_SYN;
    if (side->began && (!syn || side->said_syn))
        return;
    side->began = true;
    side->said_syn = syn;
    side->first = syn ? packet->seq : packet->seq - 1;
    side->next = packet->seq;
    if (syn)
        side->scale = packet->options.scale;
}

// The other side. Who talks to itself, from one port to the same, is its own peer: both are one.
static int peer_of(const struct flow *flow, int from)
{
    return packet_end_equal(&flow->ends[0], &flow->ends[1]) ? from : !from;
}

// Both sides must have offered it. RFC 7323 section 2.2
static uint32_t window_of(const struct flow *flow, int from, const struct packet *packet)
{
    int peer = peer_of(flow, from);
    bool scaled = flow->sides[from].scale >= 0 && flow->sides[peer].scale >= 0;
    if (!scaled || (packet->flags & PACKET_SYN))
        return packet->window;
    return (uint32_t)packet->window << flow->sides[from].scale;
}

// What the segment is besides its flags. `side` is its sender's, before the segment counts.
static enum flow_mark mark_of(const struct flow_side *side, const struct flow_side *peer,
                              const struct packet *packet, uint32_t end, uint32_t window)
{
    const uint8_t special = PACKET_SYN | PACKET_FIN | PACKET_RST;
    const uint8_t answer = PACKET_SYN | PACKET_ACK;
    bool plain = !(packet->flags & special);
    if (plain && packet->size <= 1 && packet->seq == side->next - 1 && side->acked)
        return peer->acked && peer->window == 0 ? FLOW_PROBE : FLOW_KEEPALIVE;
    // Who is called while it calls answers with the number of its own SYN. RFC 9293 section 3.5
    bool answers = (packet->flags & answer) == answer && !side->acked;
    if (end != packet->seq && !flow_is_beyond(end, side->next) && !answers)
        return FLOW_AGAIN;
    bool same = side->acked && packet->ack == side->ack && window == side->window;
    if (plain && packet->size == 0 && (packet->flags & PACKET_ACK) && same && !peer->asked)
        return FLOW_DUPLICATE;
    return FLOW_PLAIN;
}

// Counts the segment in, and says what it is.
static void follow_tcp(struct flow *flow, int from, const struct packet *packet,
                       struct flow_place *place)
{
    struct flow_side *side = &flow->sides[from], *peer = &flow->sides[peer_of(flow, from)];
    uint32_t end = packet->seq + packet->size + ((packet->flags & PACKET_SYN) != 0) +
                   ((packet->flags & PACKET_FIN) != 0);
    bool acks = packet->flags & PACKET_ACK;
    begin(side, packet);
    if (acks && !peer->began) {
        peer->began = true;
        peer->first = packet->ack - 1;
        peer->next = packet->ack;
    }
    place->window = window_of(flow, from, packet);
    place->mark = (uint8_t)mark_of(side, peer, packet, end, place->window);
    place->seq = packet->seq - side->first;
    place->ack = acks ? packet->ack - peer->first : 0;
    if (flow_is_beyond(end, side->next))
        side->next = end;
    side->asked = place->mark == FLOW_KEEPALIVE || place->mark == FLOW_PROBE;
    if (acks && !(packet->flags & PACKET_RST)) {
        side->acked = true;
        side->ack = packet->ack;
        side->window = place->window;
    }
}

// --- the whole -----------------------------------------------------------------------------------

// An answer that something could not be delivered, to who sent that.
static void follow_answer(struct flows *flows, const struct packet *packet, int64_t time,
                          uint16_t realm, struct flow_place *place)
{
    struct flow *flow =
        find(flows, packet->quoted_protocol, realm, &packet->quoted_from, &packet->quoted_to);
    if (flow == NULL)
        return;
    flow->until = time;
    flow->packets++;
    place->flow = flow->number;
    place->side = packet_end_equal(&flow->ends[0], &packet->quoted_from);
}

// What passes at another interface of its way is not counted a second time.
static void follow_onward(const struct flow *flow, int from, const struct packet *packet,
                          struct flow_place *place)
{
    const struct flow_side *side = &flow->sides[from], *peer = &flow->sides[peer_of(flow, from)];
    place->mark = FLOW_ONWARD;
    if (packet->kind != PACKET_TCP)
        return;
    place->window = window_of(flow, from, packet);
    place->seq = packet->seq - side->first;
    place->ack = packet->flags & PACKET_ACK ? packet->ack - peer->first : 0;
}

void flows_follow(struct flows *flows, const struct packet *packet, int64_t time, uint16_t point,
                  struct flow_place *place)
{
    uint16_t realm = realm_of(packet, point);
    *place = (struct flow_place){0};
    if (packet->kind == PACKET_UNREACHABLE)
        follow_answer(flows, packet, time, realm, place);
    if (packet->kind != PACKET_TCP && packet->kind != PACKET_UDP)
        return;
    struct flow *flow = find(flows, packet->protocol, realm, &packet->from, &packet->to);
    if (flow == NULL || (packet->kind == PACKET_TCP && begins_anew(flow, packet))) {
        flow = add(flows, packet->protocol, realm, &packet->from, &packet->to, time);
        flow->is_for_many = packet->is_for_many;
    }
    int from = !packet_end_equal(&flow->ends[0], &packet->from);
    struct flow_side *side = &flow->sides[from];
    if (!side->seen || (side->point != point && packet->ttl >= side->ttl)) {
        side->seen = true;
        side->point = point;
    }
    if (side->point == point) // who sends may change it (IP_TTL)
        side->ttl = packet->ttl;
    flow->until = time;
    flow->packets++;
    place->flow = flow->number;
    place->side = (uint8_t)from;
    if (side->point != point)
        follow_onward(flow, from, packet, place);
    else if (packet->kind == PACKET_TCP)
        follow_tcp(flow, from, packet, place);
    flow->again += place->mark == FLOW_AGAIN;
}
