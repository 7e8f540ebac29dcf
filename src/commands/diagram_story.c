// diagram_story: copies what calls and the capture know, as far as it has to do with the
// conversations that are asked for.

#include "commands/diagram_story.h"

#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "actor/ties.h"
#include "base/memory.h"
#include "base/message.h"
#include "commands/packet_page.h"
#include "net/confine.h"
#include "net/kernel.h"
#include "net/lan.h"
#include "net/network.h"

// What is under work.
struct collecting {
    struct story *story;
    size_t sockets, calls, flows, packets; // that there is room for
    struct ties ties;
    long *known; // by number of the conversation: its index + 1, or 0 while it is not wanted
    size_t known_count;
    uint32_t *passed; // the numbers of all that passed, as they began
    size_t passed_count, passed_capacity;
    uint64_t last;    // the last packet that is looked at
    uint64_t settled; // the last packet that had passed when the kernel was asked for states
    bool has_calls;   // a call was looked at
};

// --- sockets -------------------------------------------------------------------------------------

static bool copy_socket(const struct call_socket *socket, void *context)
{
    struct collecting *to = context;
    struct story *story = to->story;
    if (socket->family == AF_UNIX && story->only != socket->serial)
        return true;
    story->sockets =
        mem_grow(story->sockets, story->socket_count, &to->sockets, sizeof *story->sockets);
    story->sockets[story->socket_count++] =
        (struct story_socket){.is = *socket, .root = socket->serial, .endpoint = DIAGRAM_NOBODY};
    return true;
}

long story_find_socket(const struct story *story, uint64_t serial)
{
    size_t low = 0, high = story->socket_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (story->sockets[middle].is.serial < serial)
            low = middle + 1;
        else
            high = middle;
    }
    bool found =
        serial != 0 && low < story->socket_count && story->sockets[low].is.serial == serial;
    return found ? (long)low : STORY_NONE;
}

// --- calls ---------------------------------------------------------------------------------------

// Those that a conversation consists of; what only looks or sets is none of it.
static bool is_shown(const char *command)
{
    static const char *const shown[] = {"accept", "bind",     "close",    "connect", "drop",
                                        "listen", "recv",     "recvfrom", "send",    "sendall",
                                        "sendto", "shutdown", "undrop",   NULL};
    return str_is_one_of(str_from(command), shown);
}

static bool copy_call(const struct call_row *row, void *context)
{
    struct collecting *to = context;
    struct story *story = to->story;
    if (!to->has_calls) // it is the oldest that is known
        story->forgets = row->number > 1;
    to->has_calls = true;
    if (!is_shown(row->command))
        return true;
    story->calls = mem_grow(story->calls, story->call_count, &to->calls, sizeof *story->calls);
    story->calls[story->call_count++] = (struct story_call){.row = *row,
                                                            .socket = STORY_NONE,
                                                            .made = STORY_NONE,
                                                            .packet = STORY_NONE,
                                                            .met = STORY_NONE};
    return true;
}

// By actor, and those of one actor by number.
static int compare_actors(const void *a, const void *b)
{
    const struct story_call *one = *(struct story_call *const *)a;
    const struct story_call *other = *(struct story_call *const *)b;
    int order = strcmp(one->row.actor, other->row.actor);
    return order != 0 ? order : (one->row.number > other->row.number) - 1;
}

static void number_actors(struct story *story)
{
    struct story_call **sorted = mem_zero((story->call_count + 1) * sizeof *sorted);
    for (size_t i = 0; i < story->call_count; i++)
        sorted[i] = &story->calls[i];
    qsort(sorted, story->call_count, sizeof *sorted, compare_actors);
    for (size_t i = 0; i < story->call_count; i++) {
        bool same = i > 0 && strcmp(sorted[i]->row.actor, sorted[i - 1]->row.actor) == 0;
        story->actors += same ? 0 : 1;
        sorted[i]->actor = story->actors - 1;
    }
    free(sorted);
}

// Which sockets the calls are about, and which listener gave each.
static void join_calls(struct story *story)
{
    for (size_t i = 0; i < story->call_count; i++) {
        struct story_call *call = &story->calls[i];
        call->socket = story_find_socket(story, call->row.socket);
        call->made = story_find_socket(story, call->row.made[0]);
        if (call->socket >= 0 && call->made >= 0)
            story->sockets[call->made].root = call->row.socket;
    }
}

// --- packets -------------------------------------------------------------------------------------

static bool is_only(const struct story *story, long socket)
{
    return socket >= 0 && (story->sockets[socket].is.serial == story->only ||
                           story->sockets[socket].root == story->only);
}

static bool is_wanted(const struct story *story, const long sockets[2])
{
    if (story->only != 0)
        return is_only(story, sockets[0]) || is_only(story, sockets[1]);
    return network_is_own() || sockets[0] >= 0 || sockets[1] >= 0;
}

// Whether it can be the socket that is asked for: looking up who it is takes a while, where many
// have come and gone. A connect that failed has lost its address.
static bool may_be_wanted(const struct story *story, const struct flow *flow)
{
    long only = story_find_socket(story, story->only);
    uint16_t port = only >= 0 ? story->sockets[only].is.local.port : 0;
    return port == 0 || flow->ends[0].port == port || flow->ends[1].port == port;
}

// Adds the conversation, if it is one of those asked for; where there are enough, it is counted.
static void add_flow(struct collecting *to, const struct flow *flow)
{
    struct story *story = to->story;
    struct capture_point point;
    const struct tie *tie = ties_find(&to->ties, flow->number);
    struct story_flow found = {.number = flow->number,
                               .protocol = flow->protocol,
                               .is_for_many = flow->is_for_many,
                               .is_own = packet_end_equal(&flow->ends[0], &flow->ends[1]),
                               .settled = true,
                               .talk = DIAGRAM_NOBODY};
    for (int i = 0; i < 2; i++)
        found.sockets[i] =
            tie->known[i] ? story_find_socket(story, tie->sockets[i].serial) : STORY_NONE;
    if (!is_wanted(story, found.sockets))
        return;
    if (story->flow_count == DIAGRAM_TALKS_MOST) {
        story->left_out++;
        return;
    }
    memcpy(found.ends, flow->ends, sizeof found.ends);
    if (flow->realm > 0 && capture_get_point((uint16_t)(flow->realm - 1), &point))
        memcpy(found.host, point.host, sizeof found.host);
    story->flows = mem_grow(story->flows, story->flow_count, &to->flows, sizeof *story->flows);
    story->flows[story->flow_count++] = found;
}

// Notes which conversations there are.
static bool pass_packet(const struct capture_packet *packet, void *context)
{
    struct collecting *to = context;
    uint32_t number = packet->place.flow;
    if (number >= to->known_count) {
        size_t count = number + number / 2 + 16;
        to->known = mem_resize(to->known, count * sizeof *to->known);
        memset(to->known + to->known_count, 0, (count - to->known_count) * sizeof *to->known);
        to->known_count = count;
    }
    if (number != 0 && to->known[number] == 0) {
        to->passed =
            mem_grow(to->passed, to->passed_count, &to->passed_capacity, sizeof *to->passed);
        to->passed[to->passed_count++] = number;
        to->known[number] = 1; // for once
    }
    return packet->number < to->last;
}

// Of many conversations the last ones, in the order in which they began.
static void choose_flows(struct collecting *to)
{
    struct story *story = to->story;
    for (size_t i = to->passed_count; i-- > 0;) {
        struct flow flow;
        to->known[to->passed[i]] = 0;
        if (capture_get_flow(to->passed[i], &flow) && may_be_wanted(story, &flow))
            add_flow(to, &flow);
    }
    for (size_t i = 0, j = story->flow_count; i + 1 < j; i++) {
        struct story_flow flow = story->flows[--j];
        story->flows[j] = story->flows[i];
        story->flows[i] = flow;
    }
    for (size_t i = 0; i < story->flow_count; i++)
        to->known[story->flows[i].number] = (long)i + 1;
}

static const struct lan_host *owner_of(const struct packet_end *end)
{
    struct address address = {.kind = end->version == 4 ? ADDRESS_INET : ADDRESS_INET6};
    memcpy(address.ip, end->ip, sizeof address.ip);
    return lan_owner(&address);
}

// Who has sent it, by the name of the host, or the address.
static void name_router(const struct packet *packet, char *to, size_t size)
{
    const struct lan_host *host = owner_of(&packet->from);
    struct buffer text = {0};
    packet_end_show(&packet->from, &text);
    snprintf(to, size, "%s", host != NULL ? host->name : buffer_text(&text));
    buffer_finish(&text);
}

// Whether a router that passes it on has seen it, and not who it is for.
static bool is_passing(const struct capture_packet *from, const struct packet *packet)
{
    struct capture_point point;
    const struct lan_host *host = owner_of(&packet->to);
    return host != NULL && capture_get_point(from->point, &point) &&
           strcmp(point.host, host->name) != 0;
}

static struct diagram_packet describe(const struct capture_packet *from,
                                      const struct packet *packet)
{
    struct diagram_packet to = {.number = from->number,
                                .kind = (uint8_t)packet->kind,
                                .flags = packet->flags,
                                .mark = from->place.mark,
                                .ttl = packet->ttl,
                                .seq = from->place.seq,
                                .ack = from->place.ack,
                                .lost = from->stopped ? DIAGRAM_LOST_ONWARD : DIAGRAM_ARRIVED,
                                .window = from->place.window,
                                .size = packet->whole,
                                .time = from->time};
    if (packet->kind == PACKET_UNREACHABLE)
        to.says = packet_icmp_text(packet);
    if (packet->by_router)
        name_router(packet, to.router, sizeof to.router);
    bool has_data = packet->kind == PACKET_TCP || packet->kind == PACKET_UDP;
    size_t most = packet->data.size < DIAGRAM_DATA ? packet->data.size : DIAGRAM_DATA;
    to.data_size = has_data ? (uint8_t)most : 0;
    memcpy(to.data, packet->data.data, to.data_size);
    return to;
}

static void add_packet(const struct capture_packet *from, void *context)
{
    struct collecting *to = context;
    struct story *story = to->story;
    struct packet packet;
    long flow = to->known[from->place.flow] - 1; // of what belongs to none, number 0, there is none
    story->missing += from->lost; // before the next packet that is drawn, whatever it is
    if (flow < 0)
        return;
    packet_read((struct str){from->octets, from->kept}, from->length, &packet);
    if (packet.kind == PACKET_UNREACHABLE && is_passing(from, &packet))
        return;
    story->packets =
        mem_grow(story->packets, story->packet_count, &to->packets, sizeof *story->packets);
    story->packets[story->packet_count++] =
        (struct story_packet){.is = describe(from, &packet),
                              .gap = story->missing,
                              .flow = (uint32_t)flow,
                              .before = STORY_NONE,
                              .point = from->point,
                              .side = from->place.side,
                              .called_for = packet_is_called_for(from, &packet)};
    story->missing = 0;
    if (from->number > to->settled)
        story->flows[flow].settled = false;
}

static void collect_packets(struct collecting *to)
{
    struct capture_range range = capture_range();
    to->last = range.last;
    capture_each(range.first, pass_packet, to);
    choose_flows(to);
    capture_walk(range.first, range.last, add_packet, to);
    to->story->missing += range.lost;
}

// --- the kernel's word ---------------------------------------------------------------------------

// Rows of the table, with a reference each: asking takes the table's lock at times.
struct rows {
    int type; // of those that are wanted
    struct handle **items;
    size_t count, capacity;
};

static void copy_row(struct handle *handle, void *context)
{
    struct rows *rows = context;
    if (!handle->is_socket || handle->type != rows->type || handle->family == AF_UNIX)
        return;
    rows->items = mem_grow(rows->items, rows->count, &rows->capacity, sizeof(struct handle *));
    handle_retain(handle);
    rows->items[rows->count++] = handle;
}

// Whether no datagram waits there; an error that does is left where it is. poll(2)
static bool is_drained(struct handle *handle)
{
    if (!handle_enter(handle))
        return false;
    struct pollfd asked = {handle->fd, POLLIN, 0};
    bool drained = poll(&asked, 1, 0) >= 0 && !(asked.revents & POLLIN);
    handle_leave(handle);
    return drained;
}

static void ask_kernel(struct story *story, int type)
{
    struct rows rows = {.type = type};
    handles_each(copy_row, &rows);
    for (size_t i = 0; i < rows.count; i++) {
        struct kernel_state state;
        long socket = story_find_socket(story, rows.items[i]->serial);
        if (socket >= 0 && type == SOCK_DGRAM)
            story->sockets[socket].drained = is_drained(rows.items[i]);
        else if (socket >= 0 && kernel_state(rows.items[i], &state) == 0)
            story->sockets[socket].kernel = state.name;
        handle_release(rows.items[i]);
    }
    free(rows.items);
}

// --- the whole -----------------------------------------------------------------------------------

// Whether packets can be seen, or why not.
static bool see_packets(struct story *story)
{
    bool just_begun = !capture_is_on();
    calls_follow(true);
    if (confine_is_on() && !network_is_own()) {
        snprintf(story->why, sizeof story->why, "%s", _("this lesson has no network of its own"));
        return false;
    }
    if (!capture_start(story->why, sizeof story->why))
        return false;
    capture_sync();
    if (!just_begun || capture_range().last > 0)
        return true;
    snprintf(story->why, sizeof story->why, "%s", _("they are taken only from now on"));
    return false;
}

void story_collect(uint64_t only, struct story *story)
{
    struct collecting to = {.story = story};
    *story = (struct story){.only = only};
    story->from_calls = !see_packets(story);
    if (!story->from_calls)
        to.settled = capture_range().last;
    calls_refresh();
    calls_each_socket(copy_socket, &to);
    ask_kernel(story, SOCK_DGRAM); // before calls: who empties it meanwhile is seen doing so
    calls_each(1, copy_call, &to);
    number_actors(story);
    join_calls(story);
    ask_kernel(story, SOCK_STREAM);
    if (!story->from_calls) {
        capture_sync();
        collect_packets(&to);
    }
    ties_finish(&to.ties);
    free(to.known);
    free(to.passed);
}

void story_finish(struct story *story)
{
    free(story->sockets);
    free(story->calls);
    free(story->flows);
    free(story->packets);
    *story = (struct story){0};
}
