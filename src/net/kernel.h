// kernel: what the kernel knows about a socket, and about the interfaces of this computer.

#ifndef SOCKSH_NET_KERNEL_H
#define SOCKSH_NET_KERNEL_H

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/address.h"
#include "net/handle.h"

struct kernel_state {
    const char *name;     // "ESTABLISHED", as the command `state` gives it; lasts
    int64_t remaining_ms; // of TIME_WAIT: until the kernel forgets the connection; else -1
};

// One address of one interface.
struct kernel_interface {
    char name[IF_NAMESIZE];
    bool up;             // IFF_UP: it has been switched on
    bool has_address;    // an interface without one is listed once
    struct address host; // of kind INET or INET6, port 0
};

// Opens the one descriptor for what follows, hidden from scripts: once after handles_start(), so
// that interfaces are shown by name from the beginning. Fails quietly: who needs it later tries
// again. After moving to another network namespace call kernel_finish() and this again.
void kernel_start(void);

// Closes it. No other thread may be using this room.
void kernel_finish(void);

// Keeps in the row where its socket is and where its peer is, as the kernel says now. Call it while
// inside the row, once a connection is there and before close(2): what it has kept is how a
// connection is found again that has no descriptor any more. What the kernel does not tell keeps
// its last value. Takes row->lock.
void kernel_remember(struct handle *handle);

// The state of the socket, also after close. TCP: LISTEN, SYN_SENT, SYN_RECV, ESTABLISHED,
// FIN_WAIT1, FIN_WAIT2, CLOSE_WAIT, CLOSING, LAST_ACK, TIME_WAIT, CLOSED (RFC 9293 section 3.3.2).
// Others: UNCONNECTED, CONNECTED, LISTEN, CLOSED. Returns 0, or an errno: ENOTSOCK, or what asking
// the kernel gave (sock_diag(7), tcp(7)). Takes row->lock, and handles_lock() at times: not to be
// called while either is held.
int kernel_state(struct handle *handle, struct kernel_state *state);

// The name of a state of TCP as <netinet/tcp.h> numbers them: "ESTABLISHED" for 1.
// "CLOSED" for what is none.
const char *kernel_tcp_state_name(int number);

// Octets that can be read now, and octets sent that the peer has not acknowledged (0 where the
// protocol acknowledges nothing). Of a listener: connections that wait for accept, and how many
// may. Of UDP: the size of the first datagram. Returns 0 or an errno: EBADF when closed, ENOTSOCK.
// Takes handles_lock() at times. tcp(7), udp(7), sock_diag(7).
int kernel_queued(struct handle *handle, int64_t *to_read, int64_t *unacked);

// How many of the octets not acknowledged have not even left: the kernel holds them back, as for
// MSG_MORE, or until the peer acknowledges others. 0 where there is nothing to hold back, as of a
// listener. Returns 0 or an errno, and takes locks, as kernel_queued() does. tcp(7), SIOCOUTQNSD.
int kernel_unsent(struct handle *handle, int64_t *unsent);

// Lists the interfaces, one element an address, in the kernel's order. The caller frees `*list`
// with free(). Returns 0 or an errno. Takes handles_lock(), because getifaddrs(3) opens a
// descriptor for a moment.
int kernel_interfaces(struct kernel_interface **list, size_t *count);

// The number of the interface called `name`, 0 when there is none. May take
// handles_lock(). if_nametoindex(3).
uint32_t kernel_interface_index(const char *name);

// Its name, or false when there is none or kernel_start() has not been called. Takes no lock, since
// addresses are shown while locks are held. if_indextoname(3).
bool kernel_interface_name(uint32_t index, char name[IF_NAMESIZE]);

#endif
