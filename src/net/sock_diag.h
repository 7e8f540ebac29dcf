// sock_diag: asking the kernel for sockets that have no descriptor here: closed ones, and those of
// other programs.

#ifndef SOCKSH_NET_SOCK_DIAG_H
#define SOCKSH_NET_SOCK_DIAG_H

#include <stdint.h>

#include "net/address.h"

// A kernel tells of the sockets in one network namespace: of those on a host (net/lan.h), or with
// NULL in the process's own.
struct lan_host;

// A descriptor for questions in the namespace of the calling thread, hidden from scripts, to be
// closed by the caller; -1 with errno. Takes handles_lock().
int sock_diag_socket(void);

// The descriptor for questions there, opened when it is not yet; -1 with errno. May take
// handles_lock().
int sock_diag_open(const struct lan_host *host);

// The descriptor if it is open, else -1. Takes no lock.
int sock_diag_descriptor(const struct lan_host *host);

// Closes the one of the process's own network.
void sock_diag_close(void);

// Finds the TCP connection from `local` to `peer`, both of kind INET or both INET6: its state as
// <netinet/tcp.h> numbers them, and how long its timer still runs. Returns 0, ENOENT when the
// kernel has forgotten it, or another errno. About 1 us.
int sock_diag_tcp(const struct lan_host *host, const struct address *local,
                  const struct address *peer, int *state, uint32_t *expires_ms);

// One socket of TCP or UDP on this computer, whoever has it.
struct sock_diag_entry {
    int state;                  // as <netinet/tcp.h> numbers them; of UDP 7 (CLOSE) or 1
    struct address local, peer; // of kind INET or INET6
    uint32_t inode;             // as fstat(2) of its descriptor says; 0 while nobody holds it
    uint32_t expires_ms;        // until its timer runs out: of TIME_WAIT the rest of its life
};

// Calls `visit` for each socket of `family` (AF_INET, AF_INET6) and `protocol` (IPPROTO_TCP,
// IPPROTO_UDP) whose own port is `port`. Bound TCP sockets that neither listen nor are connected
// are not among them. Returns 0 or an errno. Takes time by the number of all sockets. `visit` must
// not ask here.
int sock_diag_each(const struct lan_host *host, int family, int protocol, uint16_t port,
                   void (*visit)(const struct sock_diag_entry *entry, void *context),
                   void *context);

// How many connections wait at the AF_UNIX listener with this inode, and how many may.
// Returns 0 or an errno.
int sock_diag_unix_backlog(const struct lan_host *host, uint32_t inode, uint32_t *waiting,
                           uint32_t *limit);

#endif
