// address: where a socket is or where data goes: a host and a port, or a path of an AF_UNIX socket.

#ifndef SOCKSH_NET_ADDRESS_H
#define SOCKSH_NET_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "base/buffer.h"
#include "base/diag.h"
#include "base/str.h"

enum address_kind {
    ADDRESS_INET,  // an IPv4 number and a port: 127.0.0.1:9999, *:9999
    ADDRESS_INET6, // an IPv6 number and a port: [::1]:9999, [fe80::1%lo]:80
    ADDRESS_UNIX, // unix:/tmp/x.sock; unix:@name is an abstract one; unix: alone is the unnamed one
    ADDRESS_NAME, // not a number yet: localhost:http, www.sina.com.cn:80, 127.0.0.1:http
    ADDRESS_OTHER, // of a family that socksh cannot show
};

// Room for the longest host and service, and for sun_path, which is shorter. unix(7)
enum { ADDRESS_TEXT = 300 };

// A plain value. Only the first address_size() octets are in use, so that short ones can be kept
// short.
struct address {
    enum address_kind kind;
    uint16_t port;      // of INET and INET6, host order
    uint16_t family;    // AF_* of OTHER
    uint32_t scope;     // interface index of an INET6 zone, 0 for none
    uint8_t ip[16];     // network order; INET uses the first four
    uint16_t text_size; // octets used of text
    uint16_t host_size; // of NAME: how many of them are the host; the service follows at once
    // UNIX: sun_path as the kernel has it (an abstract name begins with NUL); NAME: host, service.
    char text[ADDRESS_TEXT];
};

// Reads an address as it is written in a script. False with a diag whose range counts from the
// start of `text`. Hosts that look like numbers must be good numbers (four parts, each 0 to 255),
// ports go from 0 to 65535. Whether a name exists is not asked. A host or service is made of
// letters, digits, '-', '_' and '.'.
bool address_parse(struct str text, struct address *address, struct diag *diag);

// Appends the address as it is written in a script.
void address_show(const struct address *address, struct buffer *to);

// Appends the host alone (127.0.0.1, ::1, localhost, /tmp/x.sock).
void address_show_host(const struct address *address, struct buffer *to);

// Appends the address as C programs think of it: {AF_INET, 127.0.0.1, port 9999},
// {AF_UNIX, "/tmp/x.sock"}.
void address_show_c(const struct address *address, struct buffer *to);

// Fills `to` and returns its size as bind(2) wants it, or 0 for a NAME, which must be looked up
// first.
socklen_t address_to_sockaddr(const struct address *address, struct sockaddr_storage *to);

// What the kernel gave. `size` as it came back from accept(2) and its kin; 0 makes the
// unnamed AF_UNIX address.
void address_from_sockaddr(const struct sockaddr_storage *from, socklen_t size, struct address *to);

// Octets in use, for copying a short address into a short allocation.
size_t address_size(const struct address *address);

// Whether it is one of 127.0.0.0/8, also as IPv6 sockets use it (::ffff:127.0.0.1), or ::1. ipv6(7)
bool address_is_loopback(const struct address *address);

// Whether both name the same place, as far as can be told without asking: a NAME equals no number.
bool address_equal(const struct address *a, const struct address *b);

#endif
