// passing_fold: what a class need not see one by one.

#include "ui/passing_fold.h"

#include <string.h>

bool passed_is_ack(const struct passed *packet)
{
    const uint8_t special = PACKET_SYN | PACKET_FIN | PACKET_RST | PACKET_ACK;
    return !packet->skipped && packet->kind == PACKET_TCP && packet->size == 0 &&
           (packet->flags & special) == PACKET_ACK &&
           (packet->mark == FLOW_PLAIN || packet->mark == FLOW_DUPLICATE);
}

static bool is_data(const struct passed *packet)
{
    const uint8_t special = PACKET_SYN | PACKET_FIN | PACKET_RST;
    return !packet->skipped && packet->size > 0 && packet->mark == FLOW_PLAIN && !packet->lost &&
           !(packet->flags & special);
}

static bool is_same_way(const struct passed *a, const struct passed *b)
{
    return !a->skipped && !b->skipped && a->flow == b->flow && a->side == b->side;
}

// --- the same again and again --------------------------------------------------------------------

static bool is_same(const struct passed *a, const struct passed *b)
{
    if (!is_same_way(a, b) || a->kind != b->kind || a->lost != b->lost)
        return false;
    if (passed_is_ack(a) && passed_is_ack(b))
        return true;
    return a->mark != FLOW_PLAIN && a->mark == b->mark && a->flags == b->flags &&
           a->seq == b->seq && a->size == b->size;
}

static size_t fold_same(struct passed *packets, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (kept > 0 && is_same(&packets[kept - 1], &packets[i]))
            packets[kept - 1].packets += packets[i].packets;
        else
            packets[kept++] = packets[i];
    }
    return kept;
}

// --- runs of data --------------------------------------------------------------------------------

struct run {
    size_t items;           // how many stand there …
    size_t data;            // … and how many of these have data
    unsigned packets, acks; // with data, and without
    size_t ack;             // where the last acknowledgement stands
};

static struct run measure(const struct passed *packets, size_t count)
{
    struct run run = {0};
    for (; run.items < count; run.items++) {
        const struct passed *packet = &packets[run.items];
        if (is_same_way(packet, packets) && is_data(packet)) {
            run.packets += packet->packets;
            run.data++;
        } else if (packet->flow == packets->flow && packet->side != packets->side &&
                   passed_is_ack(packet)) {
            run.acks += packet->packets;
            run.ack = run.items;
        } else {
            break;
        }
    }
    return run;
}

// The first one stays, then one stands for all others, then one for what acknowledges them.
static size_t join_run(struct passed *packets, const struct run *run)
{
    struct passed ack = packets[run->ack];
    size_t last = 0, kept = 2;
    uint64_t size = 0;
    for (size_t i = 1; i < run->items; i++) {
        if (packets[i].side != packets[0].side)
            continue;
        size += packets[i].size;
        last = i;
    }
    packets[1] = packets[last];
    packets[1].packets = run->packets - 1;
    packets[1].size = size;
    if (run->acks > 0) {
        packets[kept] = ack;
        packets[kept++].packets = run->acks;
    }
    return kept;
}

static size_t fold_runs(struct passed *packets, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count;) {
        struct run run = {0};
        if (is_data(&packets[i]))
            run = measure(packets + i, count - i);
        size_t taken = run.packets >= PASSED_RUN && run.data > 1 ? run.items : 1;
        size_t left = taken > 1 ? join_run(packets + i, &run) : 1;
        memmove(packets + kept, packets + i, left * sizeof *packets);
        kept += left;
        i += taken;
    }
    return kept;
}

// --- too many ------------------------------------------------------------------------------------

// Half of those that may stay are the first, half are the last.
static size_t skip_middle(struct passed *packets, size_t count)
{
    enum { HALF = PASSED_MOST / 2 };
    if (count <= PASSED_MOST)
        return count;
    size_t end = count - HALF;
    unsigned skipped = 0;
    for (size_t i = HALF; i < end; i++)
        skipped += packets[i].packets;
    packets[HALF] =
        (struct passed){.turn = packets[HALF].turn, .packets = skipped, .skipped = true};
    memmove(packets + HALF + 1, packets + end, HALF * sizeof *packets);
    return 2 * HALF + 1;
}

size_t passed_fold(struct passed *packets, size_t count)
{
    return skip_middle(packets, fold_runs(packets, fold_same(packets, count)));
}
