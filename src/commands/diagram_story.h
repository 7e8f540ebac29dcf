// diagram_story: what a picture is made of, collected from calls and from the capture: plain
// lists, so that what is made of them is the same wherever they come from. For commands/diagram*.c.

#ifndef SOCKSH_COMMANDS_DIAGRAM_STORY_H
#define SOCKSH_COMMANDS_DIAGRAM_STORY_H

#include "actor/calls.h"
#include "commands/diagram.h"
#include "net/capture.h"

enum { STORY_NONE = -1 };

// A socket of this run that has to do with it.
struct story_socket {
    struct call_socket is;
    uint64_t root;      // serial of the listener that gave it, or its own
    uint16_t endpoint;  // set by diagram_ends()
    const char *kernel; // TCP's state by the kernel, now; NULL when it was not asked
    bool drained;       // of datagrams: the kernel holds none for it, now
};

// A call on one of them.
struct story_call {
    struct call_row row;
    long socket; // index of the one it was made on; STORY_NONE for none
    long made;   // index of the first one that it gave; the same
    uint32_t actor;
    long packet; // index of the first one that was sent upon it; the same. Set by diagram_causes()
    // Set by diagram_place(): behind so many packets it begins, and ends.
    size_t begin, end;
    long met;           // index of the packet that it waited for; STORY_NONE for none
    bool begins, drawn; // it stands at two places; it stands in the picture
    bool follows;       // all that began before it, whoever did that: struct actor, `phase`
    bool repeats;       // often enough to be folded
    bool folded;        // only counted
};

// One conversation.
struct story_flow {
    uint32_t number; // struct flow
    uint8_t protocol;
    struct packet_end ends[2];
    char host[32]; // of those at a loopback, or of who got what was for many
    bool is_for_many;
    bool is_own;        // one socket that talks to itself: both ends are the same
    uint8_t hops[2];    // routers that passed on what each side sent …
    size_t told_way[2]; // … and index + 1 of the packet of which that was said last; 0: of none
    bool settled;       // nothing has passed since the kernel was asked
    long sockets[2];    // STORY_NONE for other programs
    uint16_t endpoints[2]; // set by diagram_ends() …
    uint16_t talk;
};

// One packet, as it will be drawn.
struct story_packet {
    struct diagram_packet is;
    uint64_t gap;    // packets that are missing before it
    uint32_t flow;   // index
    long before;     // the packet before it in the same conversation; STORY_NONE for the first
    uint16_t point;  // where it was seen
    uint8_t side;    // of the sender
    bool called_for; // a call has asked for it, and not the kernel by itself
    bool answers;    // the kernel's answer to the packet before it, at once
    long label;      // index of the call that stands beside it; STORY_NONE for none
    bool folded;     // only counted
};

// A call's place, or that of its end, when it does not stand beside its packet.
struct story_entry {
    size_t slot; // behind so many packets
    size_t call; // index
    bool ends;
    bool folded; // only counted
};

// Zero-initialised is empty and ready.
struct story {
    struct story_socket *sockets; // by serial
    size_t socket_count;
    struct story_call *calls; // by number
    size_t call_count;
    struct story_flow *flows; // by number
    size_t flow_count;
    struct story_packet *packets; // as they passed
    size_t packet_count;
    uint32_t actors;   // who made calls, numbered from 0
    uint64_t missing;  // packets lost behind the last one
    uint64_t left_out; // conversations that there was no room for
    uint64_t only;     // serial; 0: all
    bool forgets;      // calls were made that are not known any more: they had to make room
    bool from_calls;
    char why[200];
};

// Collects what there is; diagram_build() says the rest.
void story_collect(uint64_t only, struct story *story);
void story_finish(struct story *story);

// The index of the socket with that serial; STORY_NONE when it is not among them.
long story_find_socket(const struct story *story, uint64_t serial);

// The index of the socket at one side of a packet's conversation; STORY_NONE for other programs.
static inline long story_socket_at(const struct story *story, const struct story_packet *packet,
                                   int side)
{
    return story->flows[packet->flow].sockets[side];
}

// When that was which stands there: the call's beginning, or its end.
static inline int64_t story_time_of(const struct story *story, const struct story_entry *entry)
{
    const struct story_call *call = &story->calls[entry->call];
    return entry->ends || !call->begins ? call->row.end : call->row.begin;
}

// --- from these lists to the picture, step by step -----------------------------------------------

// Makes the picture of what was collected: all that follows. The story is changed on the way.
void diagram_make(struct story *story, struct diagram *to);

// Columns and conversations. diagram_ends.c
void diagram_ends(struct story *story, struct diagram *to);

// Which packets did not arrive, which were sent again, and what a router did. diagram_fate.c
void diagram_fate(struct story *story);

// Which call each packet was sent upon. Behind diagram_fate(). diagram_place.c
void diagram_causes(struct story *story);

// Between which packets each call stands. Behind diagram_causes(). diagram_place.c
void diagram_place(struct story *story);

// Puts entries into the order in which they stand. Behind diagram_place(). diagram_place.c
void diagram_order(const struct story *story, struct story_entry *entries, size_t count);

// Marks what repeats, packets and entries, to be counted and not drawn; entries of which nothing is
// to be drawn are taken out. Entries stand in their order. diagram_fold.c
void diagram_fold(struct story *story, struct story_entry *entries, size_t *count);

// Which of diagram_folded it is; STORY_NONE for another. diagram_fold.c
int diagram_which_folded(const char *command);

// The index of the conversation that the call is part of: its packet's, or else the last one of its
// socket; STORY_NONE for none. diagram_fold.c
long diagram_flow_of(const struct story *story, const struct story_call *call);

// Makes packets of what calls have moved, where packets cannot be seen. diagram_tell.c
void diagram_tell(struct story *story);

// The states of one end of a connection, as its segments tell.
struct diagram_tcp {
    const char *state; // NULL while it is unknown; lasts
    bool fin_sent, fin_acked;
    bool fin_come, fin_taken; // the peer's: it may come before what is missing in front of it
    uint32_t fin, peer_fin;   // their numbers
    uint32_t taken;           // the peer's octets below this number have come
};

// What a segment does to the end that sends it, and to the one that it arrives at. True when that
// is in another state now. RFC 9293 section 3.3.2. diagram_states.c
bool diagram_tcp_sends(struct diagram_tcp *end, const struct diagram_packet *segment);
bool diagram_tcp_takes(struct diagram_tcp *end, const struct diagram_packet *segment);

#endif
