// ties: which sockets of this run the conversations of a capture are between.

#ifndef SOCKSH_ACTOR_TIES_H
#define SOCKSH_ACTOR_TIES_H

#include "actor/calls.h"
#include "net/capture.h"

// The two ends of one conversation, in the order of struct flow.
struct tie {
    bool known[2];                 // it is a socket of this run
    struct call_socket sockets[2]; // those that are known
};

// Zero-initialised is empty and ready. What is found is kept, for a picture asks for the same
// conversation once a packet.
struct ties {
    struct tie **items; // by number of the flow
    size_t count;
};

// Who the conversation with that number is between, borrowed until ties_finish(). Both ends are
// unknown of one that is forgotten, or of number 0. Not to be called while the capture is visited.
const struct tie *ties_find(struct ties *ties, uint32_t flow);

// Frees what was found; it is empty and ready again.
void ties_finish(struct ties *ties);

#endif
