// option_value: the values of socket options, as scripts write them and as setsockopt(2) takes
// them.

#ifndef SOCKSH_COMMANDS_OPTION_VALUE_H
#define SOCKSH_COMMANDS_OPTION_VALUE_H

#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "lang/command.h"

// What the kernel reads or writes.
struct option_octets {
    const void *data; // to be set: the room below, or octets of the value itself, borrowed
    socklen_t size;   // of what is to be set, or what the kernel wrote
    // One member for each form that enum option_type has.
    union {
        int number; // of most options, in whatever unit
        struct linger linger;
        struct timeval time;
        struct ip_mreqn group;   // of IPv4; also for an interface alone
        struct ipv6_mreq group6; // of IPv6
        struct in_addr address;  // of an interface, read back
        struct tcp_info info;
        struct ucred credentials;
        char bytes[256]; // more than any option of octets gives
    } room;
};

// Puts `value` into the form that the option has in C (socket(7), ip(7), ipv6(7), tcp(7)). False
// with the call failed when its type is wrong, when it does not fit, or when it names an interface
// that is not there (ENODEV). What the option allows is left to the kernel.
bool option_encode(struct call *call, const struct option *option, struct value value,
                   struct option_octets *octets);

// What getsockopt(2) wrote into the room, with the size that it said. TYPE_UNSET without memory.
struct value option_decode(const struct option *option, const struct option_octets *octets);

// struct tcp_info as a list of [name, value]: as many fields as fit into `size`. Times are
// durations, the state is a name. TYPE_UNSET without memory.
struct value tcp_info_value(const struct tcp_info *info, size_t size);

#endif
