// diagram_ends: who took part: the columns of a picture, and who talked with whom.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "commands/diagram_story.h"

// The lists under work.
struct ends {
    struct story *story;
    struct diagram *to;
    size_t endpoints, talks; // that there is room for
};

static uint16_t add_endpoint(struct ends *ends, const struct diagram_endpoint *endpoint)
{
    struct diagram *to = ends->to;
    to->endpoints =
        mem_grow(to->endpoints, to->endpoint_count, &ends->endpoints, sizeof *to->endpoints);
    to->endpoints[to->endpoint_count++] = *endpoint;
    return (uint16_t)(to->endpoint_count - 1);
}

static uint16_t add_socket(struct ends *ends, struct story_socket *socket, uint8_t protocol,
                           const struct packet_end *address)
{
    struct diagram_endpoint endpoint = {.fd = socket->is.fd,
                                        .serial = socket->is.serial,
                                        .protocol = protocol,
                                        .address = *address};
    memcpy(endpoint.actor, socket->is.opener, sizeof endpoint.actor);
    memcpy(endpoint.host, socket->is.host, sizeof endpoint.host);
    memcpy(endpoint.name, socket->is.name, sizeof endpoint.name);
    return add_endpoint(ends, &endpoint);
}

// A listener and all that it gave are one column.
static struct story_socket *root_of(struct story *story, long socket)
{
    long root = story_find_socket(story, story->sockets[socket].root);
    return &story->sockets[root >= 0 ? root : socket];
}

// The column of another program, by its address.
static uint16_t find_stranger(struct ends *ends, const struct story_flow *flow, int side)
{
    struct diagram_endpoint endpoint = {
        .fd = -1, .protocol = flow->protocol, .address = flow->ends[side]};
    if (side == 1 || !flow->is_for_many)
        memcpy(endpoint.host, flow->host, sizeof endpoint.host);
    for (size_t i = 0; i < ends->to->endpoint_count; i++) {
        const struct diagram_endpoint *one = &ends->to->endpoints[i];
        if (one->serial == 0 && one->protocol == flow->protocol &&
            packet_end_equal(&one->address, &endpoint.address) &&
            strcmp(one->host, endpoint.host) == 0)
            return (uint16_t)i;
    }
    return add_endpoint(ends, &endpoint);
}

static uint16_t find_endpoint(struct ends *ends, const struct story_flow *flow, int side)
{
    if (flow->sockets[side] < 0)
        return find_stranger(ends, flow, side);
    struct story_socket *root = root_of(ends->story, flow->sockets[side]);
    bool is_all = side == 1 && flow->is_for_many; // the address is everybody's
    const struct packet_end *address = is_all ? &root->is.local : &flow->ends[side];
    if (root->endpoint == DIAGRAM_NOBODY)
        root->endpoint = add_socket(ends, root, flow->protocol, address);
    ends->story->sockets[flow->sockets[side]].endpoint = root->endpoint;
    return root->endpoint;
}

static uint16_t find_talk(struct ends *ends, uint16_t one, uint16_t other)
{
    struct diagram *to = ends->to;
    for (size_t i = 0; i < to->talk_count; i++) {
        const uint16_t *both = to->talks[i].ends;
        if ((both[0] == one && both[1] == other) || (both[0] == other && both[1] == one))
            return (uint16_t)i;
    }
    to->talks = mem_grow(to->talks, to->talk_count, &ends->talks, sizeof *to->talks);
    to->talks[to->talk_count] = (struct diagram_talk){.ends = {one, other}};
    return (uint16_t)to->talk_count++;
}

// Other programs of which no more was seen than the kernel's word that nobody is there.
static void find_absent(struct ends *ends)
{
    for (size_t i = 0; i < ends->to->endpoint_count; i++)
        ends->to->endpoints[i].absent = ends->to->endpoints[i].fd < 0 && !ends->story->from_calls;
    for (size_t i = 0; i < ends->story->packet_count; i++) {
        const struct story_packet *packet = &ends->story->packets[i];
        uint16_t from = ends->story->flows[packet->flow].endpoints[packet->side];
        if (packet->is.kind != PACKET_UNREACHABLE && !(packet->is.flags & PACKET_RST))
            ends->to->endpoints[from].absent = false;
    }
}

static void add_flow(struct ends *ends, struct story_flow *flow)
{
    flow->endpoints[0] = find_endpoint(ends, flow, 0);
    flow->endpoints[1] = find_endpoint(ends, flow, 1);
    // A column has one talk with itself: also a listener and what it gave, by what they sent.
    bool is_own = flow->endpoints[0] == flow->endpoints[1];
    flow->talk = find_talk(ends, flow->endpoints[0], is_own ? DIAGRAM_NOBODY : flow->endpoints[1]);
}

// Whether the call says that its socket wanted to talk, though nobody may have answered.
static bool wants_to_talk(const struct story_call *call)
{
    static const char *const wanting[] = {"accept", "connect", "listen", "sendto"};
    for (size_t i = 0; i < sizeof wanting / sizeof *wanting; i++)
        if (strcmp(call->row.command, wanting[i]) == 0)
            return true;
    return false;
}

// A column for a socket that nobody has talked with so far.
static void add_lone(struct ends *ends, struct story_socket *socket)
{
    struct story_socket *root = root_of(ends->story, socket - ends->story->sockets);
    if (root->endpoint == DIAGRAM_NOBODY) {
        root->endpoint = add_socket(ends, root, 0, &root->is.local);
        find_talk(ends, root->endpoint, DIAGRAM_NOBODY);
    }
    socket->endpoint = root->endpoint;
}

static void add_lone_ones(struct ends *ends)
{
    struct story *story = ends->story;
    for (size_t i = 0; i < story->call_count && ends->to->talk_count < DIAGRAM_TALKS_MOST; i++) {
        struct story_call *call = &story->calls[i];
        if (call->socket < 0)
            continue;
        struct story_socket *socket = &story->sockets[call->socket];
        bool asked_for = story->only != 0 && socket->is.serial == story->only;
        if (asked_for || (story->only == 0 && wants_to_talk(call)))
            add_lone(ends, socket);
    }
}

// What was accepted and has not talked stands in its listener's column.
static void place_accepted(struct story *story)
{
    for (size_t i = 0; i < story->socket_count; i++)
        story->sockets[i].endpoint = root_of(story, (long)i)->endpoint;
}

void diagram_ends(struct story *story, struct diagram *to)
{
    struct ends ends = {.story = story, .to = to};
    for (size_t i = 0; i < story->flow_count; i++)
        add_flow(&ends, &story->flows[i]);
    find_absent(&ends);
    add_lone_ones(&ends);
    place_accepted(story);
}
