// link: network interfaces, cables, bridges and routes, made by questions to rtnetlink(7).
//
// The functions that take a link work in the network namespace in which that was opened, wherever
// the calling thread is. They return 0 or an errno.

#ifndef SOCKSH_NET_LINK_H
#define SOCKSH_NET_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

// An IP number with the length of its network's part: 10.0.0.1/24.
struct link_address {
    int family;      // AF_INET or AF_INET6
    unsigned prefix; // bits: 0 to 32, or to 128
    uint8_t ip[16];  // network order; IPv4 uses the first four
};

// How many bits an IP number of that family has.
unsigned link_bits(int family);

// Reads 10.0.0.1/24 or fd00::1/64. False when it is none.
bool link_read(struct str text, struct link_address *address);

enum { LINK_TEXT = 64 }; // room for the longest, "…/128", with its NUL

// Writes "10.0.0.1", and with `prefix` "10.0.0.1/24", into `text`, which it returns.
const char *link_text(const struct link_address *address, bool prefix, char text[LINK_TEXT]);

// Whether the IP number is of the network that `network` is in.
bool link_contains(const struct link_address *network, const struct link_address *address);

// Two sockets of rtnetlink, hidden from scripts; -1 while closed.
struct link {
    int questions; // which the kernel answers at once
    int changes;   // for what it tells by itself of interfaces
};

// Opens it in the calling thread's namespace. Closed after a failure. Takes handles_lock().
int link_open(struct link *link);

void link_close(struct link *link);

// The number of the interface called `name`; 0 when there is none. netdevice(7)
uint32_t link_index(const struct link *link, const char *name);

// Makes a bridge that forwards at once (no spanning tree), switched off.
int link_add_bridge(const struct link *link, const char *name);

// Makes a cable: the end `name` here, the end `other` in the namespace `space`; both switched off.
// veth(4)
int link_add_cable(const struct link *link, const char *name, int space, const char *other);

// Switches an interface on. `plain`: without an IPv6 address that the kernel makes up.
int link_raise(const struct link *link, uint32_t index, bool plain);

// Waits until an interface that is on, and whose cable's other end is, carries packets: until then
// the kernel drops what is sent there. ETIMEDOUT after a second.
int link_await(const struct link *link, uint32_t index);

// Takes an interface away, and with it the other end of its cable.
int link_remove(const struct link *link, uint32_t index);

// Makes the interface a port of the bridge, and with 0 of none.
int link_join(const struct link *link, uint32_t index, uint32_t bridge);

// Lets packets through a bridge's port, or none; its interface stays as it is.
int link_open_port(const struct link *link, uint32_t index, bool open);

// Whether IPv4 packets for others that come in here are passed on. ip(7)
int link_forward(const struct link *link, uint32_t index, bool forward);

// Adds an address to an interface; usable at once.
int link_add_address(const struct link *link, uint32_t index, const struct link_address *address);

// Sends what goes to the network of `to` by way of `via`, in place of what was said of it before;
// with /0 whatever has no other route.
int link_route(const struct link *link, const struct link_address *to,
               const struct link_address *via);

// Leaves cutting into segments and summing up to the kernel, before a packet is on the wire: what
// is captured looks as on a real one. ethtool(8)
int link_stop_offloads(const struct link *link, const char *name);

#endif
