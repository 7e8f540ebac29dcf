// loss: losing what arrives at one socket, before the socket sees it.
//
// A filter of the kernel's, attached to the socket, throws packets away where a full queue or a bad
// wire would have lost them: a TCP segment is then not acknowledged and sent again, a datagram is
// gone. The kernel keeps the filter with the socket, so that it is asked there how much is lost.
// socket(7) SO_ATTACH_FILTER; Documentation/networking/filter.rst in the kernel.

#ifndef SOCKSH_NET_LOSS_H
#define SOCKSH_NET_LOSS_H

#include "net/handle.h"

// Loses `percent` (1 to 100) of the packets that arrive at the socket from now on, at random; 0:
// none any more. Sockets accepted while a listener loses inherit it. Returns 0 or an errno: EBADF
// when closed; EPERM of TCP without CAP_NET_ADMIN, where the kernel asks for that; ENOENT when none
// was to be ended; ENOTSOCK; EOPNOTSUPP of an AF_UNIX stream, which has no packets.
int loss_set(struct handle *handle, int percent);

// How many of 100 arriving packets are lost, 0 for none, also of a closed socket. Takes no lock but
// handles_lock() when the handle is closed meanwhile.
int loss_of(struct handle *handle);

// The same, while the caller holds handles_lock() or is inside the row.
int loss_of_open(const struct handle *handle);

#endif
