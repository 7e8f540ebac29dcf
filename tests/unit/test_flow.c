// test_flow: relative numbers, windows, and what is sent again.

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <netinet/in.h>
#include <stdlib.h>

#include "net/flow.h"

static struct flows flows;

static struct packet_end end(unsigned port)
{
    return (struct packet_end){.version = 4, .ip = {127, 0, 0, 1}, .port = (uint16_t)port};
}

static struct packet segment(unsigned from, unsigned to, uint8_t flags, uint32_t seq, uint32_t ack,
                             uint32_t size)
{
    return (struct packet){.kind = PACKET_TCP,
                           .version = 4,
                           .protocol = IPPROTO_TCP,
                           .from = end(from),
                           .to = end(to),
                           .flags = flags,
                           .seq = seq,
                           .ack = ack,
                           .size = size,
                           .window = 100,
                           .options.scale = -1};
}

static struct flow_place follow(struct packet packet)
{
    static int64_t time;
    struct flow_place place;
    flows_follow(&flows, &packet, ++time, 0, &place);
    return place;
}

static void expect(struct flow_place place, int side, uint32_t seq, uint32_t ack, int mark)
{
    cr_expect(eq(int, place.side, side));
    cr_expect(eq(u32, place.seq, seq));
    cr_expect(eq(u32, place.ack, ack));
    cr_expect(eq(int, place.mark, mark));
}

// Of a client at 1000 and a server at 80, which begin at the numbers given.
static void shake_hands(uint32_t client, uint32_t server)
{
    struct packet syn = segment(1000, 80, PACKET_SYN, client, 0, 0);
    struct packet answer = segment(80, 1000, PACKET_SYN | PACKET_ACK, server, client + 1, 0);
    syn.options.scale = 3;
    answer.options.scale = 5;
    expect(follow(syn), 0, 0, 0, FLOW_PLAIN);
    expect(follow(answer), 1, 0, 1, FLOW_PLAIN);
    expect(follow(segment(1000, 80, PACKET_ACK, client + 1, server + 1, 0)), 0, 1, 1, FLOW_PLAIN);
}

static void finish(void)
{
    flows_finish(&flows);
}

TestSuite(flow, .fini = finish);

Test(flow, counts_from_the_syn_of_each_side)
{
    shake_hands(5000, 9000);
    expect(follow(segment(1000, 80, PACKET_PSH | PACKET_ACK, 5001, 9001, 7)), 0, 1, 1, FLOW_PLAIN);
    expect(follow(segment(80, 1000, PACKET_ACK, 9001, 5008, 0)), 1, 1, 8, FLOW_PLAIN);
    cr_expect(eq(u32, flows_get(&flows, 1)->packets, 5));
}

// The numbers go around at 2^32.
Test(flow, counts_past_the_end_of_the_numbers)
{
    shake_hands(UINT32_MAX - 2, UINT32_MAX);
    expect(follow(segment(1000, 80, PACKET_ACK, UINT32_MAX - 1, 0, 10)), 0, 1, 1, FLOW_PLAIN);
    expect(follow(segment(1000, 80, PACKET_ACK, 8, 0, 10)), 0, 11, 1, FLOW_PLAIN);
    expect(follow(segment(1000, 80, PACKET_ACK, UINT32_MAX - 1, 0, 10)), 0, 1, 1, FLOW_AGAIN);
}

Test(flow, scales_windows_but_those_of_a_syn)
{
    struct packet syn = segment(1000, 80, PACKET_SYN, 1, 0, 0);
    struct packet answer = segment(80, 1000, PACKET_SYN | PACKET_ACK, 1, 2, 0);
    syn.options.scale = 3;
    cr_expect(eq(u32, follow(syn).window, 100));
    answer.options.scale = 5;
    cr_expect(eq(u32, follow(answer).window, 100));
    cr_expect(eq(u32, follow(segment(1000, 80, PACKET_ACK, 2, 2, 0)).window, 800));
    cr_expect(eq(u32, follow(segment(80, 1000, PACKET_ACK, 2, 2, 0)).window, 3200));
}

// Who does not offer it gets none. RFC 7323
Test(flow, scales_no_window_that_only_one_side_offers)
{
    struct packet syn = segment(1000, 80, PACKET_SYN, 1, 0, 0);
    syn.options.scale = 3;
    follow(syn);
    follow(segment(80, 1000, PACKET_SYN | PACKET_ACK, 1, 2, 0));
    cr_expect(eq(u32, follow(segment(1000, 80, PACKET_ACK, 2, 2, 0)).window, 100));
}

Test(flow, knows_what_is_sent_again)
{
    expect(follow(segment(1000, 80, PACKET_SYN, 10, 0, 0)), 0, 0, 0, FLOW_PLAIN);
    expect(follow(segment(1000, 80, PACKET_SYN, 10, 0, 0)), 0, 0, 0, FLOW_AGAIN);
    expect(follow(segment(80, 1000, PACKET_SYN | PACKET_ACK, 20, 11, 0)), 1, 0, 1, FLOW_PLAIN);
    expect(follow(segment(1000, 80, PACKET_ACK, 11, 21, 0)), 0, 1, 1, FLOW_PLAIN);
    expect(follow(segment(1000, 80, PACKET_ACK, 11, 21, 5)), 0, 1, 1, FLOW_PLAIN);
    expect(follow(segment(1000, 80, PACKET_ACK, 16, 21, 5)), 0, 6, 1, FLOW_PLAIN);
    expect(follow(segment(1000, 80, PACKET_ACK, 11, 21, 10)), 0, 1, 1, FLOW_AGAIN);
    expect(follow(segment(1000, 80, PACKET_ACK, 16, 21, 9)), 0, 6, 1, FLOW_PLAIN);
    expect(follow(segment(1000, 80, PACKET_FIN | PACKET_ACK, 25, 21, 0)), 0, 15, 1, FLOW_PLAIN);
    expect(follow(segment(1000, 80, PACKET_FIN | PACKET_ACK, 25, 21, 0)), 0, 15, 1, FLOW_AGAIN);
    cr_expect(eq(u32, flows_get(&flows, 1)->again, 3));
}

Test(flow, knows_acknowledgements_that_say_nothing_new)
{
    shake_hands(100, 200);
    expect(follow(segment(80, 1000, PACKET_ACK, 201, 101, 0)), 1, 1, 1, FLOW_PLAIN);
    expect(follow(segment(80, 1000, PACKET_ACK, 201, 101, 0)), 1, 1, 1, FLOW_DUPLICATE);
    struct packet more = segment(80, 1000, PACKET_ACK, 201, 101, 0);
    more.window = 50;
    expect(follow(more), 1, 1, 1, FLOW_PLAIN);
}

// Its answer is no duplicate: it was asked for.
Test(flow, knows_keepalives)
{
    shake_hands(100, 200);
    follow(segment(80, 1000, PACKET_ACK, 201, 101, 0));
    expect(follow(segment(1000, 80, PACKET_ACK, 100, 201, 0)), 0, 0, 1, FLOW_KEEPALIVE);
    expect(follow(segment(80, 1000, PACKET_ACK, 201, 101, 0)), 1, 1, 1, FLOW_PLAIN);
}

Test(flow, knows_probes_of_a_window_that_is_shut)
{
    shake_hands(100, 200);
    struct packet full = segment(80, 1000, PACKET_ACK, 201, 101, 0);
    full.window = 0;
    follow(full);
    expect(follow(segment(1000, 80, PACKET_ACK, 100, 201, 0)), 0, 0, 1, FLOW_PROBE);
}

// A refused connection: the RST counts as 1, as Wireshark has it.
Test(flow, numbers_a_refusal)
{
    expect(follow(segment(1000, 80, PACKET_SYN, 777, 0, 0)), 0, 0, 0, FLOW_PLAIN);
    expect(follow(segment(80, 1000, PACKET_RST | PACKET_ACK, 0, 778, 0)), 1, 1, 1, FLOW_PLAIN);
}

Test(flow, begins_in_the_middle)
{
    expect(follow(segment(1000, 80, PACKET_ACK, 7000, 8000, 10)), 0, 1, 1, FLOW_PLAIN);
    expect(follow(segment(80, 1000, PACKET_ACK, 8000, 7010, 0)), 1, 1, 11, FLOW_PLAIN);
    expect(follow(segment(1000, 80, PACKET_ACK, 7000, 8000, 10)), 0, 1, 1, FLOW_AGAIN);
}

Test(flow, tells_connections_between_the_same_ends_apart)
{
    shake_hands(100, 200);
    struct flow_place place = follow(segment(1000, 80, PACKET_SYN, 5555, 0, 0));
    cr_expect(eq(u32, place.flow, 2));
    expect(place, 0, 0, 0, FLOW_PLAIN);
    place = follow(segment(80, 1000, PACKET_SYN | PACKET_ACK, 6666, 5556, 0));
    cr_expect(eq(u32, place.flow, 2));
    expect(place, 1, 0, 1, FLOW_PLAIN);
}

Test(flow, gives_an_answer_to_the_datagram_that_it_quotes)
{
    struct packet datagram = {
        .kind = PACKET_UDP, .version = 4, .protocol = IPPROTO_UDP, .from = end(1000), .to = end(9)};
    struct packet answer = {.kind = PACKET_UNREACHABLE,
                            .version = 4,
                            .protocol = IPPROTO_ICMP,
                            .from = end(0),
                            .to = end(0),
                            .quoted_protocol = IPPROTO_UDP,
                            .quoted_from = end(1000),
                            .quoted_to = end(9)};
    struct flow_place place = follow(datagram);
    cr_expect(eq(u32, place.flow, 1));
    place = follow(answer);
    cr_expect(eq(u32, place.flow, 1));
    cr_expect(eq(int, place.side, 1));
    answer.quoted_to.port = 10;
    cr_expect(eq(u32, follow(answer).flow, 0));
}

// Behind a router the same segment is no retransmission.
Test(flow, counts_each_segment_at_one_interface)
{
    struct flow_place place;
    struct packet syn = segment(1000, 80, PACKET_SYN, 10, 0, 0);
    syn.from.ip[0] = syn.to.ip[0] = 10;
    syn.ttl = 64;
    flows_follow(&flows, &syn, 1, 3, &place);
    expect(place, 0, 0, 0, FLOW_PLAIN);
    syn.ttl = 63;
    flows_follow(&flows, &syn, 2, 4, &place);
    expect(place, 0, 0, 0, FLOW_ONWARD);
    syn.ttl = 64;
    flows_follow(&flows, &syn, 3, 3, &place);
    expect(place, 0, 0, 0, FLOW_AGAIN);
    struct packet answer = segment(80, 1000, PACKET_SYN | PACKET_ACK, 20, 11, 0);
    answer.from.ip[0] = answer.to.ip[0] = 10;
    flows_follow(&flows, &answer, 4, 5, &place);
    expect(place, 1, 0, 1, FLOW_PLAIN);
}

// Who sends may change its TTL: what comes behind a router with more than the first had is passed
// on all the same.
Test(flow, knows_what_was_passed_on_with_another_ttl)
{
    struct flow_place place;
    struct packet datagram = {
        .kind = PACKET_UDP, .version = 4, .protocol = IPPROTO_UDP, .from = end(1000), .to = end(9)};
    datagram.from.ip[0] = datagram.to.ip[0] = 10;
    datagram.ttl = 1;
    flows_follow(&flows, &datagram, 1, 3, &place);
    datagram.ttl = 9;
    flows_follow(&flows, &datagram, 2, 3, &place);
    cr_expect(eq(int, place.mark, FLOW_PLAIN));
    datagram.ttl = 8;
    flows_follow(&flows, &datagram, 3, 4, &place);
    cr_expect(eq(int, place.mark, FLOW_ONWARD));
}

// By way of another router it is seen first at another interface.
Test(flow, goes_on_when_the_way_changes)
{
    struct flow_place place;
    struct packet part = segment(1000, 80, PACKET_ACK, 10, 1, 5);
    part.from.ip[0] = part.to.ip[0] = 10;
    part.ttl = 64;
    flows_follow(&flows, &part, 1, 3, &place);
    expect(place, 0, 1, 1, FLOW_PLAIN);
    part.seq = 15;
    flows_follow(&flows, &part, 2, 7, &place);
    expect(place, 0, 6, 1, FLOW_PLAIN);
    part.ttl = 63;
    flows_follow(&flows, &part, 3, 4, &place);
    expect(place, 0, 6, 1, FLOW_ONWARD);
}

// 127.0.0.1 is another host there.
Test(flow, tells_the_loopbacks_of_two_hosts_apart)
{
    struct flow_place place;
    struct packet syn = segment(1000, 80, PACKET_SYN, 10, 0, 0);
    flows_follow(&flows, &syn, 1, 3, &place);
    cr_expect(eq(u32, place.flow, 1));
    flows_follow(&flows, &syn, 2, 4, &place);
    cr_expect(eq(u32, place.flow, 2));
    expect(place, 0, 0, 0, FLOW_PLAIN);
}

// RFC 9293 section 3.5: who calls itself is called while it calls.
Test(flow, takes_the_answer_to_oneself_for_no_repetition)
{
    expect(follow(segment(1000, 1000, PACKET_SYN, 500, 0, 0)), 0, 0, 0, FLOW_PLAIN);
    expect(follow(segment(1000, 1000, PACKET_SYN | PACKET_ACK, 500, 501, 0)), 0, 0, 1, FLOW_PLAIN);
    expect(follow(segment(1000, 1000, PACKET_SYN | PACKET_ACK, 500, 501, 0)), 0, 0, 1, FLOW_AGAIN);
}

// Its own SYN tells how its windows are to be read.
Test(flow, scales_the_window_of_who_talks_to_itself)
{
    struct packet syn = segment(1000, 1000, PACKET_SYN, 500, 0, 0);
    syn.options.scale = 3;
    cr_expect(eq(u32, follow(syn).window, 100));
    follow(segment(1000, 1000, PACKET_SYN | PACKET_ACK, 500, 501, 0));
    cr_expect(eq(u32, follow(segment(1000, 1000, PACKET_ACK, 501, 501, 0)).window, 800));
}

Test(flow, takes_an_answer_that_is_sent_again_for_that)
{
    shake_hands(5000, 9000);
    expect(follow(segment(80, 1000, PACKET_SYN | PACKET_ACK, 9000, 5001, 0)), 1, 0, 1, FLOW_AGAIN);
}

Test(flow, a_broadcast_is_one_conversation_for_each_who_gets_it)
{
    struct flow_place first, other, again;
    struct packet packet = {.kind = PACKET_UDP,
                            .version = 4,
                            .protocol = IPPROTO_UDP,
                            .from = end(1000),
                            .to = {.version = 4, .ip = {10, 0, 0, 255}, .port = 9999},
                            .is_for_many = true};
    flows_follow(&flows, &packet, 1, 3, &first);
    flows_follow(&flows, &packet, 1, 4, &other);
    flows_follow(&flows, &packet, 2, 3, &again);
    cr_expect(eq(u32, first.flow, 1));
    cr_expect(eq(u32, other.flow, 2));
    cr_expect(eq(u32, again.flow, 1));
    cr_expect(eq(u16, flows_get(&flows, 2)->realm, 5));
}

Test(flow, forgets_all_when_there_are_too_many)
{
    struct flow_place place;
    for (uint32_t i = 0; i < FLOWS_MOST; i++) {
        struct packet packet = segment(1000, 80, PACKET_SYN, 1, 0, 0);
        packet.to.ip[0] = 10;
        packet.from.ip[1] = (uint8_t)(i >> 16);
        packet.from.ip[2] = (uint8_t)(i >> 8);
        packet.from.ip[3] = (uint8_t)i;
        flows_follow(&flows, &packet, 1, 0, &place);
    }
    cr_expect(eq(u32, place.flow, FLOWS_MOST));
    cr_expect(ne(ptr, (void *)flows_get(&flows, 1), NULL));
    place = follow(segment(1, 2, PACKET_SYN, 1, 0, 0));
    cr_expect(eq(u32, place.flow, FLOWS_MOST + 1));
    cr_expect(eq(ptr, (void *)flows_get(&flows, FLOWS_MOST), NULL));
    cr_expect(eq(u32, flows_get(&flows, FLOWS_MOST + 1)->number, FLOWS_MOST + 1));
    cr_expect(eq(ptr, (void *)flows_get(&flows, 0), NULL));
}
