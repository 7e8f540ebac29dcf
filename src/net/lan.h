// lan: hosts of the run's own, each with a network stack to itself, and the networks between them.
//
// A host is a network namespace with a loopback of its own and an interface for each network that
// it has an address in. A network is a bridge in a further namespace, the hub, with a cable (a veth
// pair) to each of its hosts. Nothing leads out of them, and all of it goes with the process. What
// is looked at here is process-wide; hosts stay until lan_finish(). network_namespaces(7), veth(4).
//
// A thread is on one host at a time, or in the run's own network, and a socket belongs for ever to
// the one in which it was made. Locking: one lock guards all hosts, held while one is made (a few
// milliseconds); the locks of net/capture.h and of handles come after it, in this order.

#ifndef SOCKSH_NET_LAN_H
#define SOCKSH_NET_LAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/address.h"
#include "net/link.h"

enum {
    LAN_HOSTS = 16,   // a host keeps descriptors of ours, of which there are few (handle_hide())
    LAN_DELAYED = 24, // cables that can take their time; each keeps two descriptors
    LAN_ADDRESSES = 8,
    LAN_ROUTES = 8,
    LAN_NAME = 32, // octets of a name, with the NUL
};

// One address, and the interface that has it: addresses of one network share an interface.
struct lan_leg {
    struct link_address at;
    char interface[8]; // "eth0"
    uint32_t port;     // its cable's other end: the number of an interface of the hub …
    int relay;         // … and its cable in net/relay.h, 0 while there is none: under the lock
};

// Where packets for a network go. What the interfaces reach by themselves is not among these.
struct lan_route {
    struct link_address to; // with a prefix of 0 for whatever has no other route
    struct link_address via;
};

// Set before others see it, apart from what the lock guards.
struct lan_host {
    char name[LAN_NAME];
    bool forwards;   // a router
    int space;       // its network namespace: a hidden descriptor for setns(2)
    int diag;        // for questions to sock_diag(7): another
    unsigned number; // from 0, in the order in which they were made
    struct lan_leg legs[LAN_ADDRESSES];
    size_t leg_count;
    // Under the lock.
    bool unplugged;
    int64_t delay, jitter; // of its cables, as in net/relay.h
    struct lan_route routes[LAN_ROUTES];
    size_t route_count;
};

// --- making --------------------------------------------------------------------------------------

// What a new host is to be like. Borrowed.
struct lan_plan {
    struct str name; // a plain name, as actors have: at most LAN_NAME - 1 octets
    bool forwards;   // passes on what is for others
    struct link_address addresses[LAN_ADDRESSES];
    size_t count;
};

// Makes a host and all that belongs to it, up and ready. A router becomes the default route of the
// hosts in its networks that have none, those that are there and those to come. False with a
// sentence in `why`, and nothing made, for what cannot be: a name or an address twice, networks
// that overlap, no network of the process's own (network_own()), no descriptors left. About 2 ms.
bool lan_add(const struct lan_plan *plan, struct buffer *why);

// Sends the host's packets for the network `to` by way of the router at `via`, in place of what was
// said before; a prefix of 0 is the default route. False with a sentence in `why`.
bool lan_route(struct lan_host *host, const struct link_address *to, const struct link_address *via,
               struct buffer *why);

// Pulls the host's cables, or plugs them in again: at the hub, so that its interfaces stay up and
// nothing there tells of it. Returns 0 or an errno.
int lan_plug(struct lan_host *host, bool in);

// Has the host's cables take `delay` nanoseconds each way, and up to `jitter` more: relay_set().
// What is on them while they are first told so is lost. Returns 0 or an errno: ENOSPC when these
// would be more than LAN_DELAYED cables that have ever taken their time.
int lan_delay(struct lan_host *host, int64_t delay, int64_t jitter);

// Calls `made` for each host: now for those that are there, and later for each that is made, before
// anything passes there; under the lock, with the calling thread in the host's namespace. Who
// wants to listen there opens its sockets then. NULL for nobody.
void lan_when_made(void (*made)(const struct lan_host *host));

// Forgets all hosts and lets their networks go. No other thread may use this room.
void lan_finish(void);

// --- looking -------------------------------------------------------------------------------------

// Whether there is any. Takes no lock.
bool lan_has_hosts(void);

// The host of that name, or NULL for none. At no cost while there is no host.
struct lan_host *lan_find(struct str name);

// The host that has this IP number (of any port), or NULL: also for 127.0.0.1, which each has.
struct lan_host *lan_owner(const struct address *address);

// The host at which a packet for that IP number arrives when it is sent from host `from` (NULL: the
// run's own network): the owner's, else `from` itself, as with 127.0.0.1. Takes no more than
// lan_owner().
const struct lan_host *lan_reached(const struct lan_host *from, const struct address *address);

// Calls `visit` for each host in the order in which they were made, under the lock.
void lan_each(void (*visit)(struct lan_host *host, void *context), void *context);

// Appends "alice (10.0.0.1/24, 10.0.0.7/24)".
void lan_show(const struct lan_host *host, struct buffer *to);

// --- where a thread is ---------------------------------------------------------------------------

// The host that the calling thread is on; NULL in the run's own network.
struct lan_host *lan_here(void);

// Says where a new thread is, before anything else asks: a thread begins where its maker is.
void lan_begin(struct lan_host *host);

// Puts the calling thread on a host, or with NULL back into the run's own network. Sockets that are
// open stay where they were made. At no cost when it is there. False with errno. setns(2).
bool lan_enter(struct lan_host *host);

#endif
