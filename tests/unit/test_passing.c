// test_passing: how runs of packets are put together before a class sees them.

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "base/buffer.h"
#include "ui/passing_fold.h"

enum { MOST = 400 };

static struct passed packets[MOST];
static size_t count;

static struct passed *add(uint8_t side, uint8_t flags, uint64_t size)
{
    struct passed *packet = &packets[count++];
    *packet = (struct passed){.turn = 3, .packets = 1, .flow = 1, .side = side, .size = size};
    packet->kind = PACKET_TCP;
    packet->flags = flags;
    packet->seq = (uint32_t)count * 100;
    packet->end = packet->seq + (uint32_t)size;
    return packet;
}

static struct passed *add_data(uint8_t side, uint64_t size)
{
    return add(side, PACKET_PSH | PACKET_ACK, size);
}

static void add_ack(uint8_t side)
{
    add(side, PACKET_ACK, 0);
}

// "0:10 1:ack 0:2x20" for what is left: side, how many, octets.
static const char *folded(struct buffer *to)
{
    count = passed_fold(packets, count);
    buffer_clear(to);
    for (size_t i = 0; i < count; i++) {
        const struct passed *packet = &packets[i];
        buffer_add_text(to, i > 0 ? " " : "");
        if (packet->skipped) {
            buffer_print(to, "...%u", packet->packets);
            continue;
        }
        buffer_print(to, "%u:", packet->side);
        if (packet->packets > 1)
            buffer_print(to, "%ux", packet->packets);
        if (passed_is_ack(packet))
            buffer_add_text(to, "ack");
        else
            buffer_print(to, "%llu%s", (unsigned long long)packet->size, packet->lost ? "!" : "");
    }
    return buffer_text(to);
}

static void check(const char *wanted)
{
    struct buffer text = {0};
    cr_assert(eq(str, (char *)folded(&text), (char *)wanted));
    cr_assert(eq(str, (char *)folded(&text), (char *)wanted), "twice is the same");
    buffer_finish(&text);
}

Test(passing, leaves_a_dialogue_alone)
{
    add(0, PACKET_SYN, 0);
    add(1, PACKET_SYN | PACKET_ACK, 0);
    add_ack(0);
    add_data(0, 7);
    add_ack(1);
    add_data(1, 15);
    add_ack(0);
    add(0, PACKET_FIN | PACKET_ACK, 0);
    check("0:0 1:0 0:ack 0:7 1:ack 1:15 0:ack 0:0");
}

Test(passing, joins_a_run_of_data)
{
    for (unsigned i = 0; i < 3; i++)
        add_data(0, 10);
    check("0:10 0:10 0:10");
    add_ack(1);
    add_data(0, 5);
    check("0:10 0:3x25 1:ack");
    // What comes later joins what was put together.
    add_data(0, 100);
    add_ack(1);
    check("0:10 0:4x125 1:2xack");
    add_data(1, 7);
    add(0, PACKET_FIN | PACKET_ACK, 0);
    check("0:10 0:4x125 1:2xack 1:7 0:0");
}

Test(passing, joins_datagrams)
{
    for (unsigned i = 0; i < 50; i++)
        add(0, 0, 4)->kind = PACKET_UDP;
    check("0:4 0:49x196");
}

Test(passing, keeps_conversations_apart)
{
    for (uint32_t i = 0; i < 8; i++)
        add_data(0, 1)->flow = i % 2;
    check("0:1 0:1 0:1 0:1 0:1 0:1 0:1 0:1");
}

Test(passing, counts_what_is_sent_again)
{
    add_data(0, 5)->lost = true;
    for (unsigned i = 0; i < 4; i++) {
        struct passed *again = add_data(0, 5);
        again->seq = packets[0].seq, again->end = packets[0].end;
        again->mark = FLOW_AGAIN;
        again->lost = i < 3;
    }
    check("0:5! 0:3x5! 0:5");
}

Test(passing, counts_the_middle_of_too_many)
{
    for (unsigned i = 0; i < 100; i++) {
        add_data(0, 1);
        add_data(1, 2);
    }
    struct buffer text = {0};
    folded(&text);
    cr_assert(eq(sz, count, PASSED_MOST + 1));
    cr_assert(packets[PASSED_MOST / 2].skipped);
    cr_assert(eq(u32, packets[PASSED_MOST / 2].packets, 200 - PASSED_MOST));
    cr_assert(eq(u32, packets[PASSED_MOST / 2].turn, 3));
    for (unsigned i = 0; i < 10; i++)
        add_data(i % 2, 1);
    folded(&text);
    unsigned all = 0;
    for (size_t i = 0; i < count; i++)
        all += packets[i].packets;
    cr_assert(eq(u32, all, 210));
    cr_assert(eq(sz, count, PASSED_MOST + 1));
    buffer_finish(&text);
}
