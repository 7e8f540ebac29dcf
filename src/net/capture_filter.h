// capture_filter: which packets a ring takes, and how much of each, as a program for the kernel.
//
// It runs as a packet passes, so that it knows of one that leaves whether it can arrive just then.
// Documentation/networking/filter.rst in the kernel's sources.

#ifndef SOCKSH_NET_CAPTURE_FILTER_H
#define SOCKSH_NET_CAPTURE_FILTER_H

#include <linux/filter.h>
#include <stdbool.h>
#include <stdint.h>

enum {
    CAPTURE_FILTER_MOST = 1536, // steps: five for each interface whose cable is pulled
};

// With `octets` set and all else zero it is empty and ready. Steps are taken in the order in which
// they were added, until one has decided.
struct capture_filter {
    struct sock_filter steps[CAPTURE_FILTER_MOST];
    uint16_t count;
    uint32_t octets; // of each packet that is taken
};

// Takes what comes in; not what leaves through a loopback, where it comes in at once, or for many.
// What else leaves is left to the steps behind.
void capture_filter_take_coming(struct capture_filter *filter);

// Takes what is for the Ethernet address of an interface in the network that the socket `fd` is in;
// for a loopback, which has none, nothing. netdevice(7)
void capture_filter_take_for(struct capture_filter *filter, int fd, const char *interface);

// Takes what is left, or does not.
void capture_filter_end(struct capture_filter *filter, bool takes);

// Has the packet socket `fd` go by it, and with `leaves` look at what leaves as well. False with
// errno. packet(7)
bool capture_filter_set(const struct capture_filter *filter, int fd, bool leaves);

#endif
