// packet: reading headers out of octets that anybody may have sent.
//
// Nothing is believed: each length is held against what is there before it is used. A reader moves
// through the frame; where it runs out, what was read so far stays.

#include "net/packet.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

enum {
    ETHERNET_SIZE = 14,
    GROUP = 1, // bit of an Ethernet address's first octet. IEEE 802.3
    ETHER_IPV4 = 0x0800,
    ETHER_IPV6 = 0x86dd,
    ETHER_ARP = 0x0806,
    ARP_SIZE = 28,
    IPV4_LEAST = 20,
    IPV6_SIZE = 40,
    TCP_LEAST = 20,
    UDP_SIZE = 8,
    ICMP_SIZE = 8,
};

// Two octets in network order, four of them; `at` and what follows is inside.
static uint16_t get16(struct str octets, size_t at)
{
    const uint8_t *data = (const uint8_t *)octets.data + at;
    return (uint16_t)(data[0] << 8 | data[1]);
}

static uint32_t get32(struct str octets, size_t at)
{
    return (uint32_t)get16(octets, at) << 16 | get16(octets, at + 2);
}

static uint8_t get8(struct str octets, size_t at)
{
    return (uint8_t)octets.data[at];
}

// --- ends ----------------------------------------------------------------------------------------

bool packet_end_equal(const struct packet_end *a, const struct packet_end *b)
{
    return a->port == b->port && a->version == b->version &&
           memcmp(a->ip, b->ip, sizeof a->ip) == 0;
}

void packet_end_show(const struct packet_end *end, struct buffer *to)
{
    char host[INET6_ADDRSTRLEN] = "-";
    if (end->version != 0)
        inet_ntop(end->version == 4 ? AF_INET : AF_INET6, end->ip, host, sizeof host);
    if (end->port == 0)
        buffer_add_text(to, host);
    else
        buffer_print(to, end->version == 6 ? "[%s]:%u" : "%s:%u", host, end->port);
}

static void set_end(struct packet_end *end, uint16_t version, struct str octets, size_t at)
{
    end->version = version;
    memcpy(end->ip, octets.data + at, version == 4 ? 4 : 16);
}

// --- TCP and UDP ---------------------------------------------------------------------------------

// One option of a kind that is known and has the length that it should.
static void read_option(struct str option, struct packet_options *options)
{
    switch (get8(option, 0)) {
    case 2: // maximum segment size
        if (option.size == 4)
            options->mss = get16(option, 2);
        break;
    case 3: // window scale; more than 14 counts as 14. RFC 7323 section 2.3
        if (option.size == 3)
            options->scale = (int8_t)(get8(option, 2) > 14 ? 14 : get8(option, 2));
        break;
    case 4: // SACK permitted
        options->sack = option.size == 2;
        break;
    case 5: // SACK
        options->sacked = (uint8_t)((option.size - 2) / 8);
        break;
    case 8: // time stamps
        options->stamped = option.size == 10;
        if (options->stamped) {
            options->stamp = get32(option, 2);
            options->echo = get32(option, 6);
        }
        break;
    default:
        break;
    }
}

// Kind, length, value; kinds 0 (the end) and 1 (nothing) are one octet. RFC 9293 section 3.1
static void read_options(struct str options, struct packet_options *to)
{
    to->scale = -1;
    for (size_t at = 0; at < options.size && get8(options, at) != 0;) {
        if (get8(options, at) == 1) {
            at++;
            continue;
        }
        size_t size = at + 1 < options.size ? get8(options, at + 1) : 0;
        if (size < 2 || size > options.size - at)
            return;
        read_option(str_slice(options, at, at + size), to);
        at += size;
    }
}

// `length` is what IP says of header and data together.
static void read_tcp(struct str frame, size_t at, size_t length, struct packet *packet)
{
    struct str octets = str_slice(frame, at, frame.size);
    if (octets.size < TCP_LEAST)
        return;
    size_t size = (size_t)(get8(octets, 12) >> 4) * 4;
    if (size < TCP_LEAST || size > length)
        return;
    packet->kind = PACKET_TCP;
    packet->from.port = get16(octets, 0);
    packet->to.port = get16(octets, 2);
    packet->seq = get32(octets, 4);
    packet->ack = get32(octets, 8);
    packet->flags = get8(octets, 13);
    packet->window = get16(octets, 14);
    packet->transport_at = at;
    packet->transport_size = size;
    packet->size = (uint32_t)(length - size);
    read_options(str_slice(octets, TCP_LEAST, size < octets.size ? size : octets.size),
                 &packet->options);
}

static void read_udp(struct str frame, size_t at, size_t length, struct packet *packet)
{
    struct str octets = str_slice(frame, at, frame.size);
    if (octets.size < UDP_SIZE || length < UDP_SIZE)
        return;
    packet->kind = PACKET_UDP;
    packet->from.port = get16(octets, 0);
    packet->to.port = get16(octets, 2);
    packet->transport_at = at;
    packet->transport_size = UDP_SIZE;
    packet->size = (uint32_t)(length - UDP_SIZE);
    packet->whole =
        get16(octets, 4) > length ? get16(octets, 4) - (uint32_t)UDP_SIZE : packet->size;
}

// --- IP ------------------------------------------------------------------------------------------

// Where the header stood and what follows it.
struct inner {
    size_t at;     // of what IP carries
    size_t length; // of it, by what the header says
    uint8_t protocol;
    bool is_piece; // a fragment …
    bool is_part;  // … other than the first: no header of TCP or UDP stands in it
};

// `length`: octets on the wire from `at` on. False when it is no IPv4 header.
static bool read_ipv4(struct str frame, size_t at, size_t length, struct packet *packet,
                      struct inner *inner)
{
    struct str octets = str_slice(frame, at, frame.size);
    if (octets.size < IPV4_LEAST || get8(octets, 0) >> 4 != 4)
        return false;
    size_t size = (size_t)(get8(octets, 0) & 0xf) * 4, total = get16(octets, 2);
    // A frame may be padded; a segment larger than 64 KiB, which never leaves the computer, says 0.
    total = total == 0 || total > length ? length : total;
    if (size < IPV4_LEAST || size > octets.size || size > total)
        return false;
    packet->version = 4;
    packet->ttl = get8(octets, 8);
    packet->ip_at = at;
    packet->ip_size = size;
    set_end(&packet->from, 4, octets, 12);
    set_end(&packet->to, 4, octets, 16);
    *inner = (struct inner){.at = at + size,
                            .length = total - size,
                            .protocol = get8(octets, 9),
                            .is_piece = (get16(octets, 6) & 0x3fff) != 0,
                            .is_part = (get16(octets, 6) & 0x1fff) != 0};
    return true;
}

// They say which one follows, and how long they are: all but the one of a fragment.
size_t packet_extension_size(struct str frame, size_t at, uint8_t kind)
{
    bool fragment = kind == IPPROTO_FRAGMENT;
    bool known =
        fragment || kind == IPPROTO_HOPOPTS || kind == IPPROTO_ROUTING || kind == IPPROTO_DSTOPTS;
    if (!known || frame.size < at + 8)
        return 0;
    size_t size = fragment ? 8 : ((size_t)get8(frame, at + 1) + 1) * 8;
    return size <= frame.size - at ? size : 0;
}

static void skip_extensions(struct str frame, struct inner *inner)
{
    for (int i = 0; i < PACKET_EXTENSIONS; i++) {
        bool fragment = inner->protocol == IPPROTO_FRAGMENT;
        size_t size = packet_extension_size(frame, inner->at, inner->protocol);
        if (size == 0 || size > inner->length)
            return;
        // Offset, two bits that are not used, and whether more follows: all 0 is a whole packet.
        inner->is_piece = inner->is_piece || (fragment && get16(frame, inner->at + 2) & 0xfff9);
        inner->is_part = inner->is_part || (fragment && get16(frame, inner->at + 2) >> 3 != 0);
        inner->protocol = get8(frame, inner->at);
        inner->at += size;
        inner->length -= size;
    }
}

static bool read_ipv6(struct str frame, size_t at, size_t length, struct packet *packet,
                      struct inner *inner)
{
    struct str octets = str_slice(frame, at, frame.size);
    if (octets.size < IPV6_SIZE || length < IPV6_SIZE || get8(octets, 0) >> 4 != 6)
        return false;
    size_t carried = get16(octets, 4), most = length - IPV6_SIZE;
    packet->version = 6;
    packet->ttl = get8(octets, 7);
    packet->ip_at = at;
    packet->ip_size = IPV6_SIZE;
    set_end(&packet->from, 6, octets, 8);
    set_end(&packet->to, 6, octets, 24);
    *inner = (struct inner){.at = at + IPV6_SIZE,
                            .length = carried == 0 || carried > most ? most : carried,
                            .protocol = get8(octets, 6)};
    skip_extensions(frame, inner);
    packet->extensions_size = inner->at - at - IPV6_SIZE;
    return true;
}

// By the version that stands in the first half octet.
static bool read_ip(struct str frame, size_t at, size_t length, struct packet *packet,
                    struct inner *inner)
{
    return read_ipv4(frame, at, length, packet, inner) ||
           read_ipv6(frame, at, length, packet, inner);
}

// --- ICMP ----------------------------------------------------------------------------------------

// An error quotes the IP header that it is about, and at least eight octets behind it: the ports.
// RFC 792, RFC 4443 section 3.1
static void read_quoted(struct str frame, size_t at, size_t length, struct packet *packet)
{
    struct packet quoted = {0};
    struct inner inner;
    if (!read_ip(frame, at, length, &quoted, &inner) || inner.at > frame.size ||
        frame.size - inner.at < 4 || inner.is_part)
        return;
    packet->kind = PACKET_UNREACHABLE;
    packet->quoted_protocol = inner.protocol;
    packet->quoted_from = quoted.from;
    packet->quoted_to = quoted.to;
    packet->by_router = !packet_end_equal(&packet->from, &quoted.to); // neither has a port yet
    packet->quoted_from.port = get16(frame, inner.at);
    packet->quoted_to.port = get16(frame, inner.at + 2);
}

// Whether it tells of an error: unreachable, TTL ran out, and what cannot be read; in IPv6 also too
// large. RFC 792, RFC 4443 section 2.1
static bool is_error(uint8_t protocol, uint8_t type)
{
    return protocol == IPPROTO_ICMP ? type == 3 || type == 11 || type == 12
                                    : type >= 1 && type <= 4;
}

static void read_icmp(struct str frame, const struct inner *inner, struct packet *packet)
{
    if (frame.size - inner->at < ICMP_SIZE || inner->length < ICMP_SIZE)
        return;
    uint16_t meaning = get16(frame, inner->at);
    packet->icmp_type = (uint8_t)(meaning >> 8);
    packet->icmp_code = (uint8_t)meaning;
    packet->transport_at = inner->at;
    packet->transport_size = ICMP_SIZE;
    packet->size = (uint32_t)(inner->length - ICMP_SIZE);
    if (is_error(inner->protocol, packet->icmp_type))
        read_quoted(frame, inner->at + ICMP_SIZE, packet->size, packet);
}

// --- ARP -----------------------------------------------------------------------------------------

// Of Ethernet and IPv4, which is what there is: sender and target, each by both addresses.
static void read_arp(struct str octets, struct packet *packet)
{
    if (octets.size < ARP_SIZE || get32(octets, 0) != 0x00010800 || get16(octets, 4) != 0x0604)
        return;
    packet->kind = PACKET_ARP;
    packet->is_request = get16(octets, 6) == 1;
    memcpy(packet->hardware, octets.data + 8, sizeof packet->hardware);
    set_end(&packet->from, 4, octets, 14);
    set_end(&packet->to, 4, octets, 24);
}

// --- the whole -----------------------------------------------------------------------------------

// What IP carries: `inner.at` is not beyond the frame.
static void read_inner(struct str frame, const struct inner *inner, struct packet *packet)
{
    packet->protocol = inner->protocol;
    packet->size = (uint32_t)inner->length;
    packet->is_piece = inner->is_piece;
    if (inner->is_part)
        return;
    if (inner->protocol == IPPROTO_TCP)
        read_tcp(frame, inner->at, inner->length, packet);
    else if (inner->protocol == IPPROTO_UDP)
        read_udp(frame, inner->at, inner->length, packet);
    else if (inner->protocol == (packet->version == 4 ? IPPROTO_ICMP : IPPROTO_ICMPV6))
        read_icmp(frame, inner, packet);
}

// As many octets of data as were kept; what is behind them pads the frame.
static struct str find_data(struct str frame, const struct inner *inner,
                            const struct packet *packet)
{
    size_t at = inner->at + packet->transport_size;
    if (at >= frame.size)
        return (struct str){frame.data + frame.size, 0};
    size_t kept = frame.size - at;
    return str_slice(frame, at, at + (kept < packet->size ? kept : packet->size));
}

void packet_read(struct str frame, size_t length, struct packet *packet)
{
    struct inner inner;
    *packet = (struct packet){.options.scale = -1, .data = {frame.data, 0}};
    if (frame.size < ETHERNET_SIZE || length < frame.size)
        return;
    packet->ether_type = get16(frame, ETHERNET_SIZE - 2);
    packet->is_for_many = get8(frame, 0) & GROUP;
    packet->size = (uint32_t)(length - ETHERNET_SIZE);
    if (packet->ether_type == ETHER_ARP)
        read_arp(str_slice(frame, ETHERNET_SIZE, frame.size), packet);
    if (packet->ether_type != ETHER_IPV4 && packet->ether_type != ETHER_IPV6)
        return;
    if (!read_ip(frame, ETHERNET_SIZE, length - ETHERNET_SIZE, packet, &inner))
        return;
    if (inner.at <= frame.size)
        read_inner(frame, &inner, packet);
    packet->data = find_data(frame, &inner, packet);
    if (packet->kind != PACKET_UDP)
        packet->whole = packet->size;
}

// --- words ---------------------------------------------------------------------------------------

void packet_show_flags(uint8_t flags, struct buffer *to)
{
    // A SYN that is answered is called SYN ACK, and data with its acknowledgement PSH ACK.
    static const struct {
        uint8_t bit;
        const char *name;
    } names[] = {{PACKET_SYN, "SYN"}, {PACKET_FIN, "FIN"}, {PACKET_RST, "RST"},
                 {PACKET_PSH, "PSH"}, {PACKET_ACK, "ACK"}, {PACKET_URG, "URG"},
                 {PACKET_ECE, "ECE"}, {PACKET_CWR, "CWR"}};
    const char *between = "";
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (!(flags & names[i].bit))
            continue;
        buffer_print(to, "%s%s", between, names[i].name);
        between = " ";
    }
}

const char *packet_protocol_name(uint8_t protocol)
{
    switch (protocol) {
    case IPPROTO_TCP:
        return "TCP";
    case IPPROTO_UDP:
        return "UDP";
    case IPPROTO_ICMP:
        return "ICMP";
    case IPPROTO_ICMPV6:
        return "ICMPv6";
    case IPPROTO_IGMP:
        return "IGMP";
    case IPPROTO_SCTP:
        return "SCTP";
    default:
        return NULL;
    }
}
