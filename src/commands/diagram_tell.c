// diagram_tell: where packets cannot be seen, calls tell what they have given the kernel, and to
// whom: a connection, so many octets, the end. How many segments that took, nobody knows.

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/memory.h"
#include "commands/diagram_story.h"

// Of each side of a conversation: its next octet, and whether it has ended.
struct told {
    uint32_t next[2];
    bool ended[2];
};

struct telling {
    struct story *story;
    struct told *told;           // of each conversation
    size_t told_count;           // the same as that of the conversations
    size_t flows, packets, room; // that there is room for, the last in `told`
};

static uint8_t protocol_of(const struct call_socket *socket)
{
    bool inet = socket->family == AF_INET || socket->family == AF_INET6;
    int type = socket->type & 0xF;
    if (!inet)
        return 0;
    return type == SOCK_STREAM ? IPPROTO_TCP : type == SOCK_DGRAM ? IPPROTO_UDP : 0;
}

static bool is_asked_for(const struct story *story, const long sockets[2])
{
    for (int i = 0; i < 2; i++)
        if (story->only == 0 ||
            (sockets[i] >= 0 && (story->sockets[sockets[i]].is.serial == story->only ||
                                 story->sockets[sockets[i]].root == story->only)))
            return true;
    return false;
}

static long add_flow(struct telling *telling, long socket, const struct packet_end *peer,
                     int64_t time)
{
    struct story *story = telling->story;
    const struct call_socket *one = &story->sockets[socket].is;
    struct call_socket other;
    struct story_flow flow = {.number = (uint32_t)story->flow_count + 1,
                              .protocol = protocol_of(one),
                              .is_own = packet_end_equal(&one->local, peer),
                              .settled = true,
                              .talk = DIAGRAM_NOBODY,
                              .ends = {one->local, *peer},
                              .sockets = {socket, STORY_NONE}};
    if (calls_find_socket(flow.protocol, peer, &one->local, NULL, time, &other))
        flow.sockets[1] = story_find_socket(story, other.serial);
    if (!is_asked_for(story, flow.sockets))
        return STORY_NONE;
    story->flows = mem_grow(story->flows, story->flow_count, &telling->flows, sizeof *story->flows);
    story->flows[story->flow_count] = flow;
    telling->told =
        mem_grow(telling->told, telling->told_count, &telling->room, sizeof *telling->told);
    telling->told[telling->told_count++] = (struct told){.next = {1, 1}};
    return (long)story->flow_count++;
}

// The conversation between the socket and that peer, from either side.
static long find_flow(struct telling *telling, long socket, const struct packet_end *peer,
                      int64_t time)
{
    const struct story *story = telling->story;
    const struct packet_end *local = &story->sockets[socket].is.local;
    for (size_t i = story->flow_count; i-- > 0;) { // mostly it is one of the last
        const struct story_flow *flow = &story->flows[i];
        for (int side = 0; side < 2; side++)
            if ((flow->sockets[side] == socket ||
                 (flow->sockets[side] < 0 && packet_end_equal(&flow->ends[side], local))) &&
                packet_end_equal(&flow->ends[!side], peer))
                return (long)i;
    }
    return add_flow(telling, socket, peer, time);
}

static void add_packet(struct telling *telling, size_t index, long at, uint8_t flags)
{
    struct story *story = telling->story;
    struct story_call *call = &story->calls[index];
    const struct story_flow *flow = &story->flows[at];
    int side = flow->sockets[1] == call->socket;
    struct story_packet packet = {
        .flow = (uint32_t)at,
        .before = STORY_NONE,
        .side = (uint8_t)side,
        .called_for = true,
        .is = {.call = call->row.number,
               .kind = flow->protocol == IPPROTO_UDP ? PACKET_UDP : PACKET_TCP,
               .flags = flags,
               .seq = telling->told[at].next[side],
               .size = (uint32_t)call->row.octets,
               .time = call->row.begin}};
    telling->told[at].next[side] += packet.is.size;
    story->packets =
        mem_grow(story->packets, story->packet_count, &telling->packets, sizeof *story->packets);
    call->packet = (long)story->packet_count;
    story->packets[story->packet_count++] = packet;
}

// What the call has given the kernel for the peer, if anything.
static void tell(struct telling *telling, size_t index)
{
    static const char *const tellers[] = {"connect", "send",     "sendall",
                                          "sendto",  "shutdown", "close"};
    const struct story_call *call = &telling->story->calls[index];
    const struct call_row *row = &call->row;
    size_t which = 0;
    while (which < 6 && strcmp(row->command, tellers[which]) != 0)
        which++;
    if (which == 6 || call->socket < 0 || row->failed || row->end == 0)
        return;
    const struct call_socket *socket = &telling->story->sockets[call->socket].is;
    bool is_tcp = protocol_of(socket) == IPPROTO_TCP, connects = which == 0, ends = which >= 4;
    // A connection has one peer: 0.0.0.0 was asked for, 127.0.0.1 was reached.
    bool asked = row->to.version != 0 && !(is_tcp && socket->peer.version != 0);
    const struct packet_end *peer = asked ? &row->to : &socket->peer;
    if (protocol_of(socket) == 0 || peer->version == 0 || socket->listens ||
        (!is_tcp && (connects || ends)) || (which == 4 && row->number_given == SHUT_RD))
        return;
    long flow = find_flow(telling, call->socket, peer, row->begin);
    if (flow < 0)
        return;
    int side = telling->story->flows[flow].sockets[1] == call->socket;
    bool *ended = &telling->told[flow].ended[side];
    if (ends && *ended)
        return;
    *ended = ends;
    add_packet(telling, index, flow, ends ? PACKET_FIN : 0);
}

// Of many conversations the last ones stay, in the order in which they began.
static void leave_out(struct story *story, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < story->call_count; i++) {
        struct story_call *call = &story->calls[i];
        if (call->packet < 0)
            continue;
        struct story_packet packet = story->packets[call->packet];
        call->packet = packet.flow < count ? STORY_NONE : (long)kept;
        packet.flow -= (uint32_t)count;
        if (call->packet >= 0) // packets stand in the order of their calls
            story->packets[kept++] = packet;
    }
    story->packet_count = kept;
    story->flow_count -= count;
    memmove(story->flows, story->flows + count, story->flow_count * sizeof *story->flows);
    story->left_out += count;
}

void diagram_tell(struct story *story)
{
    struct telling telling = {.story = story};
    for (size_t i = 0; i < story->call_count; i++)
        tell(&telling, i);
    if (story->flow_count > DIAGRAM_TALKS_MOST)
        leave_out(story, story->flow_count - DIAGRAM_TALKS_MOST);
    free(telling.told);
}
