// wiring: the namespaces of hosts, their cables, and the hub that these end in. For net/lan.c,
// under its lock.

#ifndef SOCKSH_NET_WIRING_H
#define SOCKSH_NET_WIRING_H

#include <stdbool.h>

#include "net/lan.h"

// Makes the namespace of a host whose name, number and addresses are set, wires it, and calls
// `made` (may be NULL) in there. 0, or an errno with nothing left of it.
int wiring_add(struct lan_host *host, void (*made)(const struct lan_host *host));

// Sets a route of the host. 0 or an errno.
int wiring_route(const struct lan_host *host, const struct lan_route *route);

// Opens or closes the hub's ports of the host's cables. 0 or an errno.
int wiring_plug(const struct lan_host *host, bool in);

// Has what passes the host's cables take its time: lan_delay(). 0 or an errno.
int wiring_delay(struct lan_host *host, int64_t delay, int64_t jitter);

// Moves the calling thread to the host's namespace, or with NULL to the run's own. False with
// errno.
bool wiring_enter(const struct lan_host *host);

// Closes what a host has, and with NULL the hub.
void wiring_remove(struct lan_host *host);

#endif
