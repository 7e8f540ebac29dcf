// calls: which calls actors made on which sockets, and when: what packets are tied to, and what a
// picture of a conversation is drawn from.
//
// Kept only while somebody may ask, and at no other time at any cost. A call is noted as it begins
// and again as it ends; a socket when a call first gives or takes it, and it stays known after
// close, by its serial number, with the two addresses that it had. Both lists are bounded, and the
// oldest go first. Times are of the same clock as those of packets.
//
// One lock guards both lists. handles_lock() and row->lock are taken before it, never inside.

#ifndef SOCKSH_ACTOR_CALLS_H
#define SOCKSH_ACTOR_CALLS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "actor/actor.h"
#include "net/packet.h"

enum {
    CALLS_MOST = 16384,  // calls kept
    SOCKETS_MOST = 8192, // sockets kept
};

// One call that was made on a socket, or that gave one.
struct call_row {
    uint64_t number;      // from 1 on, by their beginnings
    int64_t begin, end;   // CLOCK_REALTIME, ns; `end` is 0 while it is under way
    bool slept;           // it waited in between
    unsigned sleeps;      // of its actor when it began: struct waiter
    unsigned phase;       // the same: struct actor
    bool failed;          // then `outcome` is the error's name
    char actor[32];       // who made it; a long name is cut
    const char *command;  // its name; lasts
    uint64_t socket;      // serial of the socket it was made on; 0 for none
    uint64_t made[2];     // serials of the sockets that it gave; 0 for none
    struct packet_end to; // the address that it was given; version 0 for none
    int64_t number_given; // the int that stands behind the socket: a size, a backlog; -1 for none
    uint64_t octets;      // sent, or taken out of the socket's queue: not those that were peeked at
    char outcome[48];     // what it gave, cut: "7", "\"Michael\"", "ECONNREFUSED"; or empty
};

// A socket that calls were made on.
struct call_socket {
    uint64_t serial;               // struct handle
    int fd;                        // which it had
    int family, type, protocol;    // as socket(2) was told
    bool listens;                  // listen succeeded
    bool closed;                   // a `close` of it has begun
    bool accepted;                 // accept gave it: its conversation is older than it
    int64_t since;                 // when it was made, or first met
    char opener[32];               // the actor that opened it
    char name[32];                 // of the variable it was first used by; may be empty
    char host[32];                 // on which it was made; empty in the run's own network
    struct packet_end local, peer; // last known; version 0 while unknown
};

// Begins to note calls, or ends that and forgets them all.
void calls_keep(bool keep);

// Whether they are noted. Costs one load.
extern atomic_bool calls_are_kept;
static inline bool calls_kept(void)
{
    return atomic_load_explicit(&calls_are_kept, memory_order_relaxed);
}

// Notes calls from now on, and takes packets where that is possible: for who may ask for packets or
// a picture of them later. In a network that is not the process's own only with `anywhere`, since
// others are at work there, and never for a lesson. Quietly; capture_start() says why it is not
// possible.
void calls_follow(bool anywhere);

// Notes that a call begins, in its actor's thread; gives its number for calls_end(), or 0 when it
// has to do with no socket.
uint64_t calls_begin(const struct call *call);

// Notes what came of it. Takes row->lock of its sockets.
void calls_end(const struct call *call, uint64_t number, bool good);

// Asks the kernel for the addresses of all open sockets that are known: a connect that waits has
// taken one meanwhile. Takes handles_lock() and row->lock.
void calls_refresh(void);

// Calls `visit` for the calls with the numbers from `from` on, in order, until it gives false.
// Locked meanwhile: it must call nothing of this header.
void calls_each(uint64_t from, bool (*visit)(const struct call_row *row, void *context),
                void *context);

// The same for the sockets, in the order of their serial numbers.
void calls_each_socket(bool (*visit)(const struct call_socket *socket, void *context),
                       void *context);

// The socket that is at `local` and talks to `peer`, at `time`, made on `host` (NULL: on any;
// empty: in the run's own network); else the one that listens there, or is bound there for
// datagrams. When a connect failed the kernel takes its address away: then the socket whose connect
// to `peer` was under way. False when it is none of this run's.
bool calls_find_socket(uint8_t protocol, const struct packet_end *local,
                       const struct packet_end *peer, const char *host, int64_t time,
                       struct call_socket *socket);

// The last call on the socket that began before `time`. False when there is none.
bool calls_find_cause(uint64_t serial, int64_t time, struct call_row *row);

#endif
