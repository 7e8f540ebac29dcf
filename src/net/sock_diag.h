// sock_diag: asking the kernel for a socket that may have no descriptor any more. For kernel.c
// alone.

#ifndef SOCKSH_NET_SOCK_DIAG_H
#define SOCKSH_NET_SOCK_DIAG_H

#include <stdint.h>

#include "net/address.h"

// The descriptor, opened when it is not yet; -1 with errno. May take handles_lock().
int sock_diag_open(void);

// The descriptor if it is open, else -1. Takes no lock.
int sock_diag_descriptor(void);

void sock_diag_close(void);

// Finds the TCP connection from `local` to `peer`, both of kind INET or both INET6: its state as
// <netinet/tcp.h> numbers them, and how long its timer still runs. Returns 0, ENOENT when the
// kernel has forgotten it, or another errno. About 1 us.
int sock_diag_tcp(const struct address *local, const struct address *peer, int *state,
                  uint32_t *expires_ms);

// How many connections wait at the AF_UNIX listener with this inode, and how many may.
// Returns 0 or an errno.
int sock_diag_unix_backlog(uint32_t inode, uint32_t *waiting, uint32_t *limit);

#endif
