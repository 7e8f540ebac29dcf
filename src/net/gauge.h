// gauge: what the kernel counts of one socket: queues, times, losses.

#ifndef SOCKSH_NET_GAUGE_H
#define SOCKSH_NET_GAUGE_H

#include "net/handle.h"

struct gauge {
    bool listens;        // then the next two are about connections that wait for accept
    int64_t to_read;     // kernel_queued(): octets that can be read, or connections; -1 unknown
    int64_t unacked;     // … and octets not acknowledged, or how many may wait; -1 unknown
    int64_t round_trip;  // of TCP once it has been measured, in nanoseconds, smoothed; else -1
    unsigned window;     // of TCP: segments that may be under way (congestion window); else 0
    unsigned sent_again; // of TCP: segments sent again since the beginning
    unsigned lost;       // packets that arrived and were thrown away: no room, or drop
    int drops;           // how many of 100 packets `drop` loses; 0 for none
};

// Asks now, about 2 us. Returns 0 or an errno: EBADF when closed, ENOTSOCK. Takes handles_lock() at
// times. tcp(7) TCP_INFO, socket(7), SO_MEMINFO (linux/sock_diag.h).
int gauge_read(struct handle *handle, struct gauge *gauge);

#endif
