// network: a network of the process's own, in which its ports are free and nothing leaves the
// computer.
//
// A user namespace gives the rights (port 80, capture) and a network namespace the interfaces:
// nothing but a loopback, 127.0.0.0/8 and ::1, that is up. No root is needed, where the system
// allows it. user_namespaces(7), network_namespaces(7).

#ifndef SOCKSH_NET_NETWORK_H
#define SOCKSH_NET_NETWORK_H

#include <stdbool.h>
#include <stddef.h>

// Moves the process into a network of its own. All or nothing: after false it is where it was, and
// `why` holds one clause in the person's language (cut at `size` octets). While the process has one
// thread, and before handles_start(), kernel_start() and whatever else opens sockets. Takes about a
// millisecond. unshare(2), setns(2).
bool network_own(char *why, size_t size);

// Why network_own() was refused, the same clause; NULL where it was not, or not called. From any
// thread.
const char *network_refusal(void);

// Whether network_own() would succeed, found out by doing it in a child. It takes low descriptors
// for a moment, so not while scripts run.
bool network_allowed(char *why, size_t size);

// Has TIME_WAIT last as it should in the calling thread's network, which no other one gives it: its
// whole time, whatever comes. Where the kernel does not let it, that is rare enough. Takes
// handles_lock(). tcp(7)
void network_keep_time_wait(void);

// Whether the process is in a network that network_own() made. From any thread.
bool network_is_own(void);

// Takes CAP_NET_BIND_SERVICE out of the calling thread's effective set, so that a port below 1024
// is EACCES as it is for any user, and puts it back where it is permitted. Other threads keep what
// they have; threads made meanwhile inherit it. False with errno when the kernel refuses.
// capabilities(7).
bool network_drop_bind(void);
bool network_restore_bind(void);

// Lets the programs that this process becomes or starts keep what an own network is worked with:
// ports below 1024, capture, interfaces. Without it only root's do. False with errno.
// capabilities(7).
bool network_share_rights(void);

#endif
