// test_packet: headers read out of octets, whole and damaged.

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "net/packet.h"

// As tcpdump showed them on a loopback; its Ethernet header is zeros and the type.
#define LINK4 "\0\0\0\0\0\0\0\0\0\0\0\0\x08\x00"
#define LINK6 "\0\0\0\0\0\0\0\0\0\0\0\0\x86\xdd"
#define IP4(length, protocol)                                                                      \
    "\x45\x00\x00" length "\x7d\xb2\x40\x00\x40" protocol "\xbf\x07\x7f\x00\x00\x01\x7f\x00\x00"   \
    "\x02"
#define ONE6              "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01"
#define IP6(length, next) "\x60\x00\x00\x00\x00" length next "\x40" ONE6 ONE6

#define SYN                                                                                        \
    LINK4 IP4("\x3c", "\x06") "\xda\xe2\x00\x50\x48\xff\xf5\xd5\x00\x00\x00\x00\xa0\x02\xff\xd7"   \
                              "\xfe\x30\x00\x00\x02\x04\xff\xd7\x04\x02\x08\x0a\xdf\x60\x6f\x8f"   \
                              "\x00\x00\x00\x07\x01\x03\x03\x0a"
#define DATA                                                                                       \
    LINK4 IP4("\x2f", "\x06") "\xda\xe2\x00\x50\x48\xff\xf5\xd6\xae\x05\x5c\x07\x50\x18\x00\x40"   \
                              "\xfe\x2f\x00\x00Michael"

static struct packet read_as(struct str frame, size_t length)
{
    struct packet packet;
    // Of its own size, so that a sanitizer sees what is read beyond.
    char *copy = malloc(frame.size ? frame.size : 1);
    memcpy(copy, frame.data, frame.size);
    packet_read((struct str){copy, frame.size}, length, &packet);
    if (packet.data.size > 0)
        packet.data.data = frame.data + (packet.data.data - copy);
    free(copy);
    return packet;
}

static struct packet read_all(struct str frame)
{
    return read_as(frame, frame.size);
}

static void expect_end(const struct packet_end *end, const char *text)
{
    struct buffer shown = {0};
    packet_end_show(end, &shown);
    cr_expect(eq(str, (char *)buffer_text(&shown), (char *)text));
    buffer_finish(&shown);
}

Test(packet, reads_a_syn_with_its_options)
{
    struct packet packet = read_all(STR(SYN));
    cr_assert(eq(int, packet.kind, PACKET_TCP));
    expect_end(&packet.from, "127.0.0.1:56034");
    expect_end(&packet.to, "127.0.0.2:80");
    cr_expect(eq(int, packet.flags, PACKET_SYN));
    cr_expect(eq(u32, packet.seq, 0x48fff5d5));
    cr_expect(eq(u32, packet.ack, 0));
    cr_expect(eq(int, packet.window, 65495));
    cr_expect(eq(int, packet.ttl, 64));
    cr_expect(eq(int, packet.options.mss, 65495));
    cr_expect(eq(int, packet.options.scale, 10));
    cr_expect(ne(int, packet.options.sack, 0));
    cr_expect(ne(int, packet.options.stamped, 0));
    cr_expect(eq(u32, packet.options.stamp, 0xdf606f8f));
    cr_expect(eq(u32, packet.options.echo, 7));
    cr_expect(eq(u32, packet.size, 0));
    cr_expect(eq(sz, packet.ip_at, 14));
    cr_expect(eq(sz, packet.ip_size, 20));
    cr_expect(eq(sz, packet.transport_at, 34));
    cr_expect(eq(sz, packet.transport_size, 40));
}

Test(packet, finds_the_data)
{
    struct packet packet = read_all(STR(DATA));
    cr_assert(eq(int, packet.kind, PACKET_TCP));
    cr_expect(eq(int, packet.flags, PACKET_PSH | PACKET_ACK));
    cr_expect(eq(u32, packet.size, 7));
    cr_expect(str_is(packet.data, "Michael"));
    cr_expect(eq(int, packet.options.scale, -1));
}

Test(packet, leaves_padding_out)
{
    struct packet packet = read_all(STR(DATA "\0\0\0\0\0"));
    cr_expect(eq(u32, packet.size, 7));
    cr_expect(str_is(packet.data, "Michael"));
}

Test(packet, knows_how_long_a_cut_packet_was)
{
    struct str whole = STR(DATA);
    struct packet packet = read_as(str_slice(whole, 0, whole.size - 4), whole.size);
    cr_expect(eq(u32, packet.size, 7));
    cr_expect(str_is(packet.data, "Mic"));
}

// The largest segments of the loopback: IP says 0, the frame how long it is.
Test(packet, reads_a_length_of_none)
{
    char frame[] = DATA;
    frame[16] = frame[17] = 0;
    struct packet packet = read_as((struct str){frame, sizeof frame - 1}, 100054);
    cr_expect(eq(u32, packet.size, 100000));
}

Test(packet, reads_udp)
{
    struct packet packet =
        read_all(STR(LINK4 IP4("\x22", "\x11") "\x9c\x40\x00\x35\x00\x0e\xfe\x21nobody"));
    cr_assert(eq(int, packet.kind, PACKET_UDP));
    expect_end(&packet.from, "127.0.0.1:40000");
    expect_end(&packet.to, "127.0.0.2:53");
    cr_expect(str_is(packet.data, "nobody"));
}

Test(packet, reads_ipv6)
{
    struct packet packet =
        read_all(STR(LINK6 IP6("\x09", "\x11") "\x9c\x40\x00\x09\x00\x09\x00\x1cx"));
    cr_assert(eq(int, packet.kind, PACKET_UDP));
    cr_expect(eq(int, packet.version, 6));
    expect_end(&packet.from, "[::1]:40000");
    expect_end(&packet.to, "[::1]:9");
    cr_expect(str_is(packet.data, "x"));
}

// Options for each router, then a fragment's header: the first piece has the ports.
Test(packet, passes_ipv6_extensions)
{
    struct packet packet =
        read_all(STR(LINK6 IP6("\x19", "\x00") "\x2c\0\x01\x04\0\0\0\0"
                                               "\x11\0\0\x01\0\0\0\x07"
                                               "\x9c\x40\x00\x09\x00\x09\x00\x1cx"));
    cr_assert(eq(int, packet.kind, PACKET_UDP));
    cr_expect(eq(sz, packet.transport_at, 70));
    cr_expect(str_is(packet.data, "x"));
    cr_expect(packet.is_piece);
    cr_expect(eq(u32, packet.whole, 1));
}

// The first piece's header tells how long the whole datagram is. RFC 768
Test(packet, knows_how_much_all_pieces_are)
{
    char frame[] = LINK4 IP4("\x22", "\x11") "\x9c\x40\x00\x35\x0b\xc0\xfe\x21nobody";
    frame[20] = 0x20;
    struct packet packet = read_all((struct str){frame, sizeof frame - 1});
    cr_expect(eq(u32, packet.size, 6));
    cr_expect(eq(u32, packet.whole, 3000));
}

Test(packet, finds_no_ports_in_a_later_piece)
{
    char frame[] = DATA;
    frame[20] = 0x20;
    frame[21] = 1;
    struct packet packet = read_all((struct str){frame, sizeof frame - 1});
    cr_expect(eq(int, packet.kind, PACKET_OTHER));
    cr_expect(eq(int, packet.protocol, IPPROTO_TCP));
    cr_expect(eq(int, packet.from.port, 0));
    cr_expect(packet.is_piece);
}

// More follow it. That it must not be cut is another bit.
Test(packet, tells_the_first_piece)
{
    char frame[] = DATA;
    frame[20] = 0x40;
    cr_expect(not(read_all((struct str){frame, sizeof frame - 1}).is_piece));
    frame[20] = 0x20;
    struct packet packet = read_all((struct str){frame, sizeof frame - 1});
    cr_expect(eq(int, packet.kind, PACKET_TCP));
    cr_expect(packet.is_piece);
}

Test(packet, reads_what_a_port_unreachable_quotes)
{
    struct packet packet = read_all(
        STR(LINK4 IP4("\x3e", "\x01") "\x03\x03\x12\x34\0\0\0\0" IP4("\x22", "\x11") "\x9c\x40\x00"
                                                                                     "\x09\x00\x0e"
                                                                                     "\xfe\x21"));
    cr_assert(eq(int, packet.kind, PACKET_UNREACHABLE));
    expect_end(&packet.from, "127.0.0.1");
    expect_end(&packet.quoted_from, "127.0.0.1:40000");
    expect_end(&packet.quoted_to, "127.0.0.2:9");
    cr_expect(eq(int, packet.quoted_protocol, IPPROTO_UDP));
}

// A router's answer quotes as well.
Test(packet, reads_what_a_router_says)
{
    struct packet packet = read_all(
        STR(LINK4 IP4("\x3e", "\x01") "\x0b\x00\x12\x34\0\0\0\0" IP4("\x22", "\x11") "\x9c\x40\x00"
                                                                                     "\x09\x00\x0e"
                                                                                     "\xfe\x21"));
    cr_assert(eq(int, packet.kind, PACKET_UNREACHABLE));
    cr_expect(packet.by_router);
    cr_expect(eq(int, packet.icmp_type, 11));
    expect_end(&packet.quoted_to, "127.0.0.2:9");
}

Test(packet, tells_other_icmp_apart)
{
    struct packet packet = read_all(STR(LINK4 IP4("\x1c", "\x01") "\x08\x00\x12\x34\0\x01\0\x01"));
    cr_expect(eq(int, packet.kind, PACKET_OTHER));
    cr_expect(eq(int, packet.icmp_type, 8));
    cr_expect(eq(int, packet.icmp_code, 0));
    cr_expect(eq(str, (char *)packet_protocol_name(packet.protocol), "ICMP"));
}

Test(packet, reads_what_is_no_ip)
{
    struct packet packet = read_all(STR("\0\0\0\0\0\0\0\0\0\0\0\0\x88\xcc\x02\x07"));
    cr_expect(eq(int, packet.kind, PACKET_OTHER));
    cr_expect(eq(int, packet.version, 0));
    cr_expect(eq(int, packet.ether_type, 0x88cc));
}

#define ARP "\xff\xff\xff\xff\xff\xff\2\0\0\0\0\1\x08\x06\0\x01\x08\0\x06\x04\0\x01"

Test(packet, reads_arp)
{
    struct str whole = STR(ARP "\2\0\0\0\0\1\x0a\0\0\1\0\0\0\0\0\0\x0a\0\0\2");
    struct packet packet = read_all(whole);
    cr_assert(eq(int, packet.kind, PACKET_ARP));
    cr_expect(ne(int, packet.is_request, 0));
    expect_end(&packet.from, "10.0.0.1");
    expect_end(&packet.to, "10.0.0.2");
    cr_expect(eq(int, packet.hardware[5], 1));
    packet = read_all(str_slice(whole, 0, whole.size - 1));
    cr_expect(eq(int, packet.kind, PACKET_OTHER));
}

// Each length up to the whole: nothing is read beyond, and nothing is invented.
Test(packet, survives_each_cut)
{
    struct str whole = STR(SYN);
    for (size_t size = 0; size < whole.size; size++) {
        struct packet packet = read_as(str_slice(whole, 0, size), whole.size);
        cr_expect(eq(int, packet.kind, size < 54 ? PACKET_OTHER : PACKET_TCP), "%zu", size);
        cr_expect(le(sz, packet.data.size, packet.size));
        packet = read_as(str_slice(whole, 0, size), size);
        cr_expect(le(sz, packet.data.size, packet.size));
    }
}

Test(packet, survives_wrong_lengths)
{
    char frame[] = SYN;
    for (size_t at = 12; at < sizeof frame - 1; at++) {
        char right = frame[at];
        for (int value = 0; value < 256; value++) {
            frame[at] = (char)value;
            struct packet packet = read_all((struct str){frame, sizeof frame - 1});
            cr_assert(le(sz, packet.data.size, packet.size));
        }
        frame[at] = right;
    }
}

Test(packet, shows_flags_as_they_are_said)
{
    struct buffer text = {0};
    packet_show_flags(PACKET_ACK | PACKET_SYN, &text);
    buffer_add_char(&text, ';');
    packet_show_flags(0, &text);
    buffer_add_char(&text, ';');
    packet_show_flags(PACKET_ACK | PACKET_PSH | PACKET_FIN, &text);
    cr_expect(eq(str, (char *)buffer_text(&text), "SYN ACK;;FIN PSH ACK"));
    buffer_finish(&text);
}
