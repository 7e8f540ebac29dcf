// flow: conversations: which packet belongs to which, who began it, and what its numbers mean.
//
// TCP counts octets from a number that each side draws at random. People count from 0: a flow knows
// both beginnings. It is given packets in the order in which they passed, and each once.

#ifndef SOCKSH_NET_FLOW_H
#define SOCKSH_NET_FLOW_H

#include "net/packet.h"

enum {
    // Conversations known at a time; when there are more, all are forgotten and those that go on
    // begin anew.
    FLOWS_MOST = 65536,
};

// What is special about a segment.
enum flow_mark {
    FLOW_PLAIN,
    FLOW_AGAIN,     // sent again: nothing in it was not sent before
    FLOW_DUPLICATE, // acknowledges again what was acknowledged already
    FLOW_KEEPALIVE, // asks whether the peer is still there. RFC 9293 section 3.8.4
    FLOW_PROBE,     // asks whether the peer has room again. RFC 9293 section 3.8.6.1
    FLOW_ONWARD,    // seen before at another interface: a router has passed it on
};

// One packet's place in its conversation.
struct flow_place {
    uint32_t flow;     // which, from 1 on; 0 when it belongs to none
    uint8_t side;      // 0: from who began the conversation, else 1
    uint8_t mark;      // enum flow_mark
    uint32_t seq, ack; // counted from each side's beginning; the SYN is number 0
    uint32_t window;   // in octets; that of a SYN is never scaled. RFC 7323 section 2.2
};

// What one side of a TCP connection has said.
struct flow_side {
    bool began;      // `first` is known, from its SYN or else from what was seen first
    bool acked;      // it has acknowledged something
    uint32_t first;  // its number 0
    uint32_t next;   // one above the highest number it has used
    uint32_t ack;    // the last that it acknowledged …
    uint32_t window; // … and the window that it told then, scaled
    int8_t scale;    // of its SYN; -1 without
    bool said_syn;   // its SYN was seen
    bool asked;      // its last segment was a keepalive or a probe
    bool seen;       // a packet of it has passed …
    uint16_t point;  // … first at this interface; only what passes there counts,
    uint8_t ttl;     // … last with this TTL: who has as much elsewhere has taken another way
};

struct flow {
    uint32_t number;           // from 1 on
    uint8_t protocol;          // IPPROTO_TCP, IPPROTO_UDP
    uint16_t realm;            // of loopback addresses, which each host has, and of what is for
                               // many: 1 + the interface
    bool is_for_many;          // ends[1] is all of a network; who got it was seen at the interface
    struct packet_end ends[2]; // [0] has sent the first packet
    int64_t since, until;      // when the first packet passed, and the last: CLOCK_REALTIME, ns
    uint32_t packets;          // how many
    struct flow_side sides[2];
    uint32_t again; // how many were FLOW_AGAIN
};

// Whether a number of TCP stands beyond another. Numbers go around: it does when it is less than
// half the circle ahead. RFC 9293 section 3.4
static inline bool flow_is_beyond(uint32_t a, uint32_t b)
{
    return (int32_t)(a - b) > 0;
}

// Zero-initialised is empty and ready.
struct flows {
    struct flow *items; // by number, from `forgotten` + 1 on
    size_t count, capacity;
    uint32_t forgotten; // numbers up to this one are known no more
    uint32_t *slots;    // open addressing by both ends: index in items + 1, 0 for none
    size_t slot_count;  // a power of two, at least twice `count`
};

// Finds the packet's conversation, or begins one, and says where in it the packet stands. `time` is
// when it passed, `point` the interface. A flow keeps its number; a new SYN between the same ends
// begins another. Of ICMP's "port unreachable" the conversation is that of the datagram it answers.
// A broadcast is a conversation with each host that it reaches. Constant time.
void flows_follow(struct flows *flows, const struct packet *packet, int64_t time, uint16_t point,
                  struct flow_place *place);

// The conversation of that number, borrowed until the next flows_follow(); NULL when it is
// forgotten or was never.
const struct flow *flows_get(const struct flows *flows, uint32_t number);

// Frees everything; it is empty and ready again.
void flows_finish(struct flows *flows);

#endif
