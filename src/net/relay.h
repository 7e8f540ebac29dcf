// relay: cables that take their time: a thread takes each frame at one end, and puts it in at the
// other when it is due.
//
// The kernel does this with netem (tc-netem(8)), which many systems do not have; a relay needs no
// more than the right to AF_PACKET that a network of one's own gives. The frames must be whole on
// their way in, as on a wire: link_stop_offloads(). packet(7).
//
// Process-wide. A lock of its own guards all of it; no other one is taken while it is held. Cables
// are laid by one thread at a time: that one holds the lock of net/lan.h.

#ifndef SOCKSH_NET_RELAY_H
#define SOCKSH_NET_RELAY_H

#include <stdbool.h>
#include <stdint.h>

#include "net/lan.h"

enum {
    RELAY_CABLES = LAN_DELAYED,
    RELAY_MOST = 4096, // frames on their way in one cable, each way: what a TCP connection of four
                       // megabytes has sent. What comes besides is lost, as in any full queue
};

// How many cables can be laid as yet.
int relay_room(void);

// Carries frames between two interfaces of the namespace that the calling thread is in, both ways
// and for now without delay. Both must be up, and neither of them a port of a bridge. Returns the
// cable's number, from 1 on, or an errno below 0: ENOSPC when there are RELAY_CABLES. Takes
// handles_lock().
int relay_lay(uint32_t one, uint32_t other);

// What enters the cable from now on, at either end, comes out after `delay` nanoseconds, and up to
// `jitter` more, drawn anew for each frame: frames overtake one another. Without jitter they come
// out in the order in which they went in. Neither is negative.
void relay_set(int cable, int64_t delay, int64_t jitter);

// Pulls the cable, or plugs it in again: what is in it is lost, and what enters while it is pulled.
void relay_plug(int cable, bool in);

// Whether anything is on its way: what somebody waits for may still come by itself. When nothing is
// any more, wait_notify_rest() is called.
bool relay_is_busy(void);

// Ends the thread, and all cables with what is in them. No other thread may use this room.
void relay_finish(void);

#endif
