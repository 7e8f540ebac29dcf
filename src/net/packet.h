// packet: what one packet of the network says, read from the octets that passed.

#ifndef SOCKSH_NET_PACKET_H
#define SOCKSH_NET_PACKET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/str.h"

enum packet_kind {
    PACKET_OTHER,       // what else there is: `protocol` and `ether_type` say what
    PACKET_TCP,         // RFC 9293
    PACKET_UDP,         // RFC 768
    PACKET_ARP,         // who has an IPv4 address? RFC 826
    PACKET_UNREACHABLE, // ICMP's answer to what did not get there; `quoted` is what it answers
};

// Bits of packet.flags, as they stand in the header. RFC 9293 section 3.1
enum {
    PACKET_FIN = 0x01,
    PACKET_SYN = 0x02,
    PACKET_RST = 0x04,
    PACKET_PSH = 0x08,
    PACKET_ACK = 0x10,
    PACKET_URG = 0x20,
    PACKET_ECE = 0x40,
    PACKET_CWR = 0x80,
};

// One end of a conversation. All of it is compared: what is not used is 0.
struct packet_end {
    uint8_t ip[16];   // network order; IPv4 uses the first four
    uint16_t port;    // 0 where the protocol has none
    uint16_t version; // 4 or 6; 0 for no address
};

// What a SYN offers. RFC 9293 section 3.2, RFC 7323, RFC 2018
struct packet_options {
    uint16_t mss;   // the largest segment its sender takes; 0 when it does not say
    int8_t scale;   // its windows are to be shifted left by so many bits; -1: it does not say
    bool sack;      // selective acknowledgements may be sent to it
    bool stamped;   // it carries a time stamp
    uint32_t stamp; // … this one …
    uint32_t echo;  // … and the last one that it had from its peer
    uint8_t sacked; // blocks of data that have arrived beyond a hole
};

enum { PACKET_EXTENSIONS = 8 }; // between IPv6's header and what it carries; more are nobody's

// How long the extension header of that kind (IPPROTO_*) is that stands at `at`, or 0 when none
// stands there whole. RFC 8200 section 4
size_t packet_extension_size(struct str frame, size_t at, uint8_t kind);

struct packet {
    enum packet_kind kind;
    uint16_t ether_type; // what the frame carries: 0x0800 IPv4, 0x86dd IPv6. IEEE 802.3
    uint8_t version;     // 4 or 6; 0 for what is no IP
    uint8_t protocol;    // IPPROTO_*, behind whatever stands between it and the IP header
    uint8_t ttl;         // one more than the routers that it may still pass
    bool is_for_many;    // the frame goes to all stations of a network, or to a group of them
    bool is_piece;       // of a packet that IP has cut: `size` is the piece's. RFC 791, 8200
    struct packet_end from, to;
    // Where headers begin, counted from the frame's first octet, and their sizes. 0 without one.
    size_t ip_at, ip_size;
    size_t extensions_size; // of IPv6's extension headers, which stand behind the IP header
    size_t transport_at, transport_size;
    uint32_t size;   // octets of data behind the headers, as they were on the wire
    uint32_t whole;  // of UDP, by its header: of all pieces; else as `size`
    struct str data; // as many of them as were kept; lies in the frame

    // Of TCP.
    uint8_t flags;
    uint32_t seq, ack;
    uint16_t window; // as it stands there, not shifted
    struct packet_options options;

    // Of ARP: `from` asks or answers, `to` is asked about or told.
    bool is_request;
    uint8_t hardware[6]; // the Ethernet address of who sends it

    // Of ICMP, where `protocol` says so and there is a header. RFC 792, 4443, 4861
    uint8_t icmp_type, icmp_code;

    // Of UNREACHABLE: the beginning of the packet that could not be delivered, and whether somebody
    // on its way says so, and not who it was sent to.
    bool by_router;
    uint8_t quoted_protocol;
    struct packet_end quoted_from, quoted_to;
};

// Reads the Ethernet frame `frame`, of which `length` octets were on the wire: as many or more.
// What is damaged, or cut before its headers end, becomes a packet of kind OTHER with whatever
// could be read. Never reads beyond `frame`, whatever stands in it. RFC 791, 8200, 768, 9293, 792,
// 4443
void packet_read(struct str frame, size_t length, struct packet *packet);

// Whether both are the same.
bool packet_end_equal(const struct packet_end *a, const struct packet_end *b);

// Appends "127.0.0.1:80", "[::1]:80", or the host alone when the port is 0.
void packet_end_show(const struct packet_end *end, struct buffer *to);

// Appends "SYN ACK", in the order in which people say them.
void packet_show_flags(uint8_t flags, struct buffer *to);

// The name of a protocol that IP carries, "TCP"; NULL when it is none of those that are known.
const char *packet_protocol_name(uint8_t protocol);

#endif
