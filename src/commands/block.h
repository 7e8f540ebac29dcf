// block: how a command waits: what a blocking call of the kernel would do, over
// descriptors that never block.

#ifndef SOCKSH_COMMANDS_BLOCK_H
#define SOCKSH_COMMANDS_BLOCK_H

#include "lang/command.h"

// One call's patience: the time-out is read once, when the kernel first says "not now".
struct patience {
    int option;               // SO_RCVTIMEO or SO_SNDTIMEO
    bool started;             // the time-out has been read
    bool limited;             // there is one; else the wait has no end of its own
    struct timespec deadline; // absolute, CLOCK_MONOTONIC: one for the call, however often it tries
};

// Waits until `events` are true of the handle, as a blocking call would. 0: try again. Else an
// errno: EAGAIN at once when the script made the socket non-blocking or `flags` say so, EAGAIN when
// time is up, EINTR, EBADF, ECANCELED. The caller is inside the handle. socket(7).
int block_until(struct call *call, struct handle *handle, short events, int flags,
                struct patience *patience);

// Lets `attempt` make the blocking call itself, for waits that poll() cannot foretell (see
// net/wait.h). The descriptor's O_NONBLOCK is off meanwhile. `attempt` returns 0 or an errno.
int block_in(struct call *call, struct handle *handle, int (*attempt)(void *context),
             void *context);

// Ends the call with EBADF because its handle was closed before; says that a C program would
// have been less lucky.
bool block_stale(struct call *call);

// Ends the call with that errno, in words that fit: EBADF means that another actor closed the
// handle while this call waited, or, of a command that does not wait, as in block_stale().
bool block_failed(struct call *call, struct handle *handle, int error);

// The waiter of the actor that makes the call.
struct waiter *block_waiter(const struct call *call);

// Writes into a new row who opened it and where.
void block_note_opener(const struct call *call, struct handle *handle);

struct resolve_query;
struct resolve_answer;

// Looks a name up as the call, and shows that in the trace. 0, an errno, or a code of
// getaddrinfo(3).
int block_resolve(struct call *call, const struct address *name, struct handle *handle,
                  struct resolve_answer *answer);

// Argument `i`, an address, as the kernel wants it; a name is looked up, and the first address that
// fits the socket takes the argument's place. `peer`: it is where data goes. Returns the size, or 0
// with the call failed.
socklen_t block_address(struct call *call, size_t i, struct handle *handle, bool peer,
                        struct sockaddr_storage *to);

// Whether the call may give the kernel this address (net/confine.h); else it has failed.
bool block_may_use(struct call *call, const struct sockaddr_storage *address, socklen_t size,
                   bool peer);

#endif
