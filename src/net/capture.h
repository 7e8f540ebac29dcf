// capture: the packets that pass in this network, kept as they come, once each and in the order in
// which one caused the other.
//
// AF_PACKET with a ring that the kernel writes and a thread of our own reads; it sleeps while
// nothing passes. What was sent on the loopback comes in at once, so that each packet is taken
// where it arrives; where a cable is pulled, and it arrives nowhere, where it leaves. A network of
// the process's own, or CAP_NET_RAW, gives the right. packet(7),
// Documentation/networking/packet_mmap.rst in the kernel's sources.
//
// One lock guards all of it. It comes behind that of net/lan.h and before handles_lock(), and a
// visitor locks nothing.

#ifndef SOCKSH_NET_CAPTURE_H
#define SOCKSH_NET_CAPTURE_H

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/flow.h"

enum {
    CAPTURE_KEPT = 144,    // octets kept of each packet: all headers, and the beginning of the data
    CAPTURE_MOST = 200000, // packets kept; the oldest go first
};

struct capture_packet {
    uint64_t number;         // from 1 on, without a gap
    int64_t time;            // when it passed: CLOCK_REALTIME, ns, by the kernel
    uint64_t lost;           // packets that the kernel lost just before this one: too many at once
    uint32_t length;         // octets of the frame
    uint16_t kept;           // as many of them stand in `octets`
    uint16_t point;          // where it was seen: capture_get_point()
    bool stopped;            // it left from there, and a pulled cable let it arrive nowhere
    struct flow_place place; // in its conversation
    char octets[CAPTURE_KEPT];
};

// An interface at which packets are taken.
struct capture_point {
    char host[32];          // its host's name; empty for that of the process
    char name[IF_NAMESIZE]; // "lo"
    int index;              // there
};

// What is there to be visited.
struct capture_range {
    uint64_t first, last; // numbers of the packets kept; first > last: none
    uint64_t lost;        // packets that the kernel lost behind the last one
    int64_t begin;        // when packet 1 passed: CLOCK_REALTIME, ns
};

// Begins, unless it has. Packets are taken on the loopback, and in a network of the process's own
// on every interface. False with one clause in the person's language why not (cut at `size`
// octets). Takes handles_lock(). May take 10 ms.
bool capture_start(char *why, size_t size);

// Takes packets also in the network namespace that the calling thread is in, on every interface;
// `host` names it. After capture_start(). False when it cannot (errno). Takes handles_lock().
bool capture_add_host(const char *host);

// Says that the cables of the host of that name are pulled, or plugged in again: what is sent into
// them from now on, by the host or to it, is taken where it leaves. What is for many is not: others
// get it. Without packets being taken there, nothing.
void capture_pull(const char *host, bool pulled);

// Ends it: the thread, the descriptors, and what was kept; a file that is being written is closed
// with all that passed until now. May be called when nothing was started. 0, or the errno with
// which writing that file failed.
int capture_stop(void);

// Whether it has begun. From any thread.
bool capture_is_on(void);

// Returns when all that the kernel has taken until now can be visited: some milliseconds. What was
// sent on the loopback before is among it.
void capture_sync(void);

// What is kept.
struct capture_range capture_range(void);

// Calls `visit` for the packets with the numbers from `from` on, in order, until it gives false.
// Locked meanwhile: `visit` must not call anything of this header.
void capture_each(uint64_t from, bool (*visit)(const struct capture_packet *packet, void *context),
                  void *context);

// Calls `visit` for copies of the packets with the numbers from `from` to `until`, in order and
// without the lock: it may look up who sent them.
void capture_walk(uint64_t from, uint64_t until,
                  void (*visit)(const struct capture_packet *packet, void *context), void *context);

// Copies the packet with that number. False when it is not kept (any more).
bool capture_get(uint64_t number, struct capture_packet *packet);

// Copies the conversation with that number. False when it is not known (any more).
bool capture_get_flow(uint32_t number, struct flow *flow);

// Copies an interface, of which the first is number 0. False when there are not so many.
bool capture_get_point(uint16_t number, struct capture_point *point);

// Writes what passes from now on whole into the file open as `fd`, which is hidden and belongs to
// this room from now on; -1 ends that. Returns 0, or the errno with which writing the last file
// failed: what is in it then ends with a whole packet. pcapng, as Wireshark and tcpdump read it.
int capture_write(int fd);

#endif
