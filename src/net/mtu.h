// mtu: how large a packet may be on the loopback of a network of one's own.
//
// The loopback carries 65,536 octets at once, and passes on whole what TCP would cut into segments:
// 20,000 octets are one packet there. With an Ethernet's 1500, and without that short cut, they are
// the 14 segments that a wire would carry. netdevice(7), ethtool's ioctl SIOCETHTOOL.

#ifndef SOCKSH_NET_MTU_H
#define SOCKSH_NET_MTU_H

enum {
    MTU_LEAST = 1280,  // what IPv6 asks for (RFC 8200 section 5): with less ::1 is gone for good
    MTU_USUAL = 65536, // of the loopback, as the kernel makes it
};

// The largest packet of the loopback in the calling thread's network, in octets with the IP header;
// negative: an errno, less than 0. Takes handles_lock().
int mtu_get(void);

// Sets it: with MTU_USUAL segments pass uncut again, with any other number nobody joins them on
// the way (TSO, GSO, GRO). Connections that are open send smaller segments from then on, but never
// larger ones than they agreed on.
// Returns 0 or an errno: EPERM outside a network of one's own, EINVAL for what is below MTU_LEAST
// or above MTU_USUAL. Takes handles_lock().
int mtu_set(int octets);

#endif
