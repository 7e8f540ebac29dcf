// passing_sockets: what the calls that were made on a socket say of its packets.

#ifndef SOCKSH_UI_PASSING_SOCKETS_H
#define SOCKSH_UI_PASSING_SOCKETS_H

#include "actor/calls.h"

// Takes note of a call. Each call is to be noted once, in their order.
void passing_socket_note(const struct call_row *row);

// The name of the actor that talked through the socket last; empty when none has. Borrowed until
// the next passing_socket_note().
const char *passing_socket_user(uint64_t serial);

// Whether the socket throws away all that arrives (`drop`), and did so at `time` (CLOCK_REALTIME,
// ns). Takes handles_lock().
bool passing_socket_loses(uint64_t serial, int64_t time);

// Forgets all of them.
void passing_sockets_forget(void);

#endif
