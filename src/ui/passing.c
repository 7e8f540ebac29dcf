// passing: a packet is looked at once, and finds its line.

#include "ui/passing.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "actor/ties.h"
#include "base/memory.h"
#include "base/message.h"
#include "base/utf8.h"
#include "commands/packet_page.h"
#include "lang/value.h"
#include "net/capture.h"
#include "ui/passing_fold.h"
#include "ui/passing_sockets.h"

enum {
    AHEAD = 8192, // packets that one look takes; of more the last ones
    SHOWN = 24,   // octets of data that are shown
    KEPT = 400,   // packets, put together, that can still change
};

// What is known of one conversation beside struct flow.
struct course {
    unsigned turn;     // of its latest packet
    bool over;         // by a reset
    uint32_t ends[2];  // one above the highest number each side has used, counted from 0 …
    uint32_t acked[2]; // … and what each has acknowledged
    bool loses[2];     // something that this side sent was lost
    char hosts[2][32]; // where what is for this side was seen last, if that is another computer
};

static struct {
    bool on;
    uint64_t seen;   // the number of the last packet that was looked at
    uint64_t call;   // … and of the last call that was noted
    uint64_t *first; // by turn: the number of the first call that it can have made
    size_t turns, turn_capacity;
    struct course *courses; // by the conversation's number
    size_t course_count;
    struct passed *items; // in the order of their turns
    size_t count, capacity;
    unsigned changed; // the first turn whose packets are not on the board as they are here; 0: none
} passing;

// --- turns ---------------------------------------------------------------------------------------

static bool note_call(const struct call_row *row, void *context)
{
    (void)context;
    passing.call = row->number;
    passing_socket_note(row);
    return true;
}

static void note_calls(void)
{
    calls_each(passing.call + 1, note_call, NULL);
}

void passing_turn(unsigned turn)
{
    if (!passing.on)
        return;
    note_calls();
    while (passing.turns <= turn) {
        passing.first =
            mem_grow(passing.first, passing.turns, &passing.turn_capacity, sizeof *passing.first);
        passing.first[passing.turns++] = passing.call + 1;
    }
}

// Whose call that was. Turn 0 is what was before the first one.
static unsigned turn_of(uint64_t call)
{
    unsigned turn = passing.turns > 0 ? (unsigned)passing.turns - 1 : 0;
    while (turn > 0 && passing.first[turn] > call)
        turn--;
    return turn;
}

// The turn of the last call on the socket before `time`.
static unsigned turn_of_cause(const struct tie *tie, int side, int64_t time)
{
    struct call_row row;
    if (!tie->known[side] || !calls_find_cause(tie->sockets[side].serial, time, &row))
        return 0;
    return turn_of(row.number);
}

// --- conversations -------------------------------------------------------------------------------

static struct course *course_of(uint32_t flow)
{
    if (flow >= passing.course_count) {
        size_t count = flow + flow / 2 + 16;
        passing.courses = mem_resize(passing.courses, count * sizeof *passing.courses);
        memset(passing.courses + passing.course_count, 0,
               (count - passing.course_count) * sizeof *passing.courses);
        passing.course_count = count;
    }
    return &passing.courses[flow];
}

// Whether the packet ends a conversation of which no call says so: the kernel answers what comes
// too late, or whoever had the socket was ended.
static bool is_end_without_call(const struct passed *item, const struct tie *tie, int64_t time)
{
    struct call_row row;
    if (item->mark != FLOW_PLAIN || !(item->flags & (PACKET_FIN | PACKET_RST)))
        return false;
    return !tie->known[item->side] ||
           !calls_find_cause(tie->sockets[item->side].serial, time, &row) ||
           (strcmp(row.command, "close") != 0 && strcmp(row.command, "shutdown") != 0);
}

// A later one than that of what passed before, when a call has asked for it, or has changed what
// becomes of it (`undrop`); else the same.
static unsigned find_turn(const struct course *course, const struct capture_packet *from,
                          const struct packet *packet, const struct passed *item,
                          const struct tie *tie)
{
    unsigned turn = course->turn, own, other;
    if (is_end_without_call(item, tie, from->time) && passing.turns > 0)
        return (unsigned)passing.turns - 1;
    bool news = passed_is_ack(item) && item->ack > course->acked[item->side];
    if (news ||
        (item->mark == FLOW_PLAIN && !passed_is_ack(item) && !packet_is_called_for(from, packet)))
        return turn;
    own = turn_of_cause(tie, item->side, from->time);
    other = item->mark == FLOW_PLAIN ? 0 : turn_of_cause(tie, !item->side, from->time);
    own = own > other ? own : other;
    return own > turn ? own : turn;
}

static void follow(struct course *course, const struct passed *item)
{
    course->turn = item->turn;
    if (item->kind != PACKET_TCP)
        return;
    course->over = course->over || (item->flags & PACKET_RST);
    if (item->end > course->ends[item->side])
        course->ends[item->side] = item->end;
    if ((item->flags & PACKET_ACK) && item->ack > course->acked[item->side])
        course->acked[item->side] = item->ack;
    course->loses[item->side] = item->lost || (item->mark == FLOW_AGAIN && course->turn > 0);
}

bool passing_is_under_way(void)
{
    for (size_t i = 0; i < passing.course_count; i++) {
        const struct course *course = &passing.courses[i];
        if (course->turn + 1 != passing.turns || course->over)
            continue;
        for (int side = 0; side < 2; side++)
            if (course->acked[!side] < course->ends[side] && !course->loses[side])
                return true;
    }
    return false;
}

// --- loss ----------------------------------------------------------------------------------------

static void change(unsigned turn)
{
    if (passing.changed == 0 || turn < passing.changed)
        passing.changed = turn;
}

// What is sent again without ever having been acknowledged was lost.
static void lose_earlier(const struct course *course, const struct passed *again)
{
    for (size_t i = passing.count; i-- > 0;) {
        struct passed *item = &passing.items[i];
        if (item->flow != again->flow || item->side != again->side || item->packets > 1 ||
            item->lost || item->seq == item->end || item->seq < again->seq ||
            item->end > again->end || item->end <= course->acked[!item->side])
            continue;
        item->lost = true;
        change(item->turn);
    }
}

// An acknowledgement of all that tells of a piece besides has had that piece twice: what was sent
// again had arrived at first. RFC 2883
static void find_again(const struct course *course, const struct passed *ack)
{
    const struct passed *again = NULL;
    if (ack->ack < course->ends[!ack->side])
        return;
    for (size_t i = passing.count; i-- > 0;) {
        struct passed *item = &passing.items[i];
        if (item->flow != ack->flow || item->side == ack->side)
            continue;
        if (again == NULL && item->mark == FLOW_AGAIN) {
            again = item;
        } else if (again != NULL && item->lost && item->seq >= again->seq &&
                   item->end <= again->end) {
            item->lost = false;
            change(item->turn);
            return;
        }
    }
}

// --- one packet ----------------------------------------------------------------------------------

static void name_ends(struct passed *item, const struct tie *tie)
{
    for (int i = 0; i < 2; i++) {
        int side = i == 0 ? item->side : !item->side;
        if (!tie->known[side])
            continue;
        item->serials[i] = tie->sockets[side].serial;
        snprintf(item->openers[i], sizeof item->openers[i], "%s", tie->sockets[side].opener);
    }
}

// The beginning of the data; "…" says that it goes on.
static void show_data(struct passed *item, const struct packet *packet)
{
    struct buffer text = {0};
    size_t most = packet->size > SHOWN ? SHOWN : SIZE_MAX;
    bytes_show(packet->data, most, &text);
    struct str whole = buffer_str(&text);
    size_t size = utf8_cut(whole, whole.size < PASSED_DATA ? whole.size : PASSED_DATA - 1);
    memcpy(item->data, whole.data, size);
    item->data[size] = '\0';
    buffer_finish(&text);
}

static void read_packet(const struct capture_packet *from, const struct packet *packet,
                        struct passed *item)
{
    bool numbered = packet->flags & (PACKET_SYN | PACKET_FIN);
    *item = (struct passed){.packets = 1,
                            .flow = from->place.flow,
                            .side = from->place.side,
                            .kind = packet->kind,
                            .says = packet_icmp_text(packet),
                            .mark = (enum flow_mark)from->place.mark,
                            .flags = packet->flags,
                            .seq = from->place.seq,
                            .end = from->place.seq + packet->size + (numbered ? 1 : 0),
                            .ack = from->place.ack};
    if (packet->kind == PACKET_TCP || packet->kind == PACKET_UDP) {
        item->size = packet->size;
        if (packet->data.size > 0)
            show_data(item, packet);
    }
}

// Behind all of its turn and of earlier ones.
static void insert(const struct passed *item)
{
    size_t place = passing.count;
    while (place > 0 && passing.items[place - 1].turn > item->turn)
        place--;
    passing.items =
        mem_grow(passing.items, passing.count, &passing.capacity, sizeof *passing.items);
    memmove(&passing.items[place + 1], &passing.items[place],
            (passing.count - place) * sizeof *passing.items);
    passing.items[place] = *item;
    passing.count++;
    change(item->turn);
}

// Whether it was seen on the computer of the socket that it goes to: where it arrives, and not at a
// router on the way.
static bool is_there(const struct capture_packet *from, const struct tie *tie)
{
    struct capture_point point;
    int to = !from->place.side;
    return !tie->known[to] || !capture_get_point(from->point, &point) ||
           strcmp(point.host, tie->sockets[to].host) == 0;
}

// A packet to an address of its own computer passes on the loopback, and reaches no other one.
static void note_host(const struct capture_packet *from)
{
    struct capture_point point;
    if (capture_get_point(from->point, &point) && strcmp(point.name, "lo") != 0)
        memcpy(course_of(from->place.flow)->hosts[!from->place.side], point.host,
               sizeof point.host);
}

// A router has passed it on: the last one that is like it was on the way until now.
static void arrive(const struct passed *copy)
{
    for (size_t i = passing.count; i-- > 0;) {
        struct passed *item = &passing.items[i];
        if (!item->on_way || item->flow != copy->flow || item->side != copy->side ||
            item->seq != copy->seq || item->end != copy->end || item->ack != copy->ack ||
            item->size != copy->size || strcmp(item->data, copy->data) != 0)
            continue;
        item->on_way = false;
        item->lost = item->dropped;
        change(item->turn);
        return;
    }
}

// A packet that is seen for the first time.
static void enter(const struct capture_packet *from, const struct packet *packet,
                  const struct tie *tie, struct passed *item)
{
    struct course *course = course_of(from->place.flow);
    name_ends(item, tie);
    item->turn = find_turn(course, from, packet, item, tie);
    int to = !item->side;
    item->lost = item->dropped =
        tie->known[to] && passing_socket_loses(tie->sockets[to].serial, from->time);
    if (item->mark == FLOW_AGAIN)
        lose_earlier(course, item);
    if (packet->options.sacked > 0)
        find_again(course, item);
    follow(course, item);
    item->on_way = !is_there(from, tie);
    item->lost = item->lost || item->on_way;
    if (item->turn > 0)
        insert(item);
}

static void look_at(const struct capture_packet *from, void *ties)
{
    struct packet packet;
    struct passed item;
    if (from->place.flow == 0)
        return;
    const struct tie *tie = ties_find(ties, from->place.flow);
    if (!tie->known[0] && !tie->known[1])
        return;
    packet_read((struct str){from->octets, from->kept}, from->length, &packet);
    if (packet.kind == PACKET_UNREACHABLE && !is_there(from, tie)) // at a router
        return;
    read_packet(from, &packet, &item);
    if (!from->stopped) // else it came nowhere
        note_host(from);
    if (item.mark != FLOW_ONWARD)
        enter(from, &packet, tie, &item);
    else if (is_there(from, tie))
        arrive(&item);
}

// --- what an arrow says --------------------------------------------------------------------------

static void say_what(const struct passed *item, struct buffer *to)
{
    if (item->kind == PACKET_UNREACHABLE)
        buffer_add_text(to, "ICMP");
    else if (item->kind == PACKET_UDP)
        buffer_add_text(to, "UDP");
    else if (item->size == 0)
        packet_show_flags(item->flags, to);
    else if (item->flags & PACKET_SYN) // data may come with it. tcp(7), TCP Fast Open
        buffer_add_text(to, "SYN");
    else if (item->flags & PACKET_FIN)
        buffer_add_text(to, "FIN");
}

static void say_label(const struct passed *item, struct buffer *to)
{
    if (item->kind == PACKET_UNREACHABLE)
        buffer_add_text(to, item->says);
    else if (item->mark == FLOW_KEEPALIVE)
        buffer_add_text(to, _("are you there?"));
    else if (item->mark == FLOW_PROBE)
        buffer_add_text(to, _("is there room?"));
    else if (item->mark == FLOW_AGAIN && item->size > 0)
        buffer_print(to, _("again %s"), item->data);
    else if (item->mark == FLOW_AGAIN)
        buffer_add_text(to, _("again"));
    else if (item->packets > 1 && item->size > 0)
        buffer_print(to, _("%u more"), item->packets);
    else
        buffer_add_text(to, item->data);
}

static void say_count(const struct passed *item, struct buffer *to)
{
    bool several = item->packets > 1 && (item->mark != FLOW_PLAIN || item->size == 0);
    if (item->skipped)
        buffer_print(to, _("%u more"), item->packets);
    else if (item->size > 0 || item->kind == PACKET_UDP)
        buffer_print(to, "%llu", (unsigned long long)item->size);
    if (several && !item->skipped)
        buffer_print(to, "%s×%u", to->size > 0 ? " " : "", item->packets);
}

// --- the board -----------------------------------------------------------------------------------

// Where there is no socket, the computer itself takes or answers: its actor, when that is known.
static size_t host_of(const struct board *board, const struct passed *item, int end)
{
    const char *host = course_of(item->flow)->hosts[end == 0 ? item->side : !item->side];
    for (size_t i = 0; !item->skipped && host[0] != '\0' && i < board->actor_count; i++)
        if (strcmp(board->actors[i].name, host) == 0)
            return i;
    return SIZE_MAX;
}

// Who talks through the socket, else who opened it: a server's helper is given what was accepted.
static size_t actor_of(struct board *board, const struct passed *item, int end)
{
    uint64_t serial = item->serials[end];
    if (serial == 0)
        return host_of(board, item, end);
    const char *user = passing_socket_user(serial);
    if (user[0] != '\0')
        return board_actor(board, str_from(user));
    return board_actor(board, str_from(item->openers[end]));
}

// Puts those of one turn on the board.
static void pass(struct board *board, const struct passed *items, size_t count)
{
    struct board_packet packets[PASSED_MOST + 1] = {0};
    struct buffer texts[PASSED_MOST + 1][3] = {0};
    for (size_t i = 0; i < count; i++) {
        struct buffer *text = texts[i];
        if (!items[i].skipped) {
            say_what(&items[i], &text[0]);
            say_label(&items[i], &text[1]);
        }
        say_count(&items[i], &text[2]);
        size_t from = actor_of(board, &items[i], 0), to = actor_of(board, &items[i], 1);
        if (from == to && from != SIZE_MAX) // both ends are its own: what its peer sends comes in
            *(items[i].side == 0 ? &to : &from) = SIZE_MAX;
        packets[i] = (struct board_packet){.from = from,
                                           .to = to,
                                           .what = buffer_str(&text[0]),
                                           .label = buffer_str(&text[1]),
                                           .count = buffer_str(&text[2]),
                                           .lost = items[i].lost};
    }
    board_pass(board, items[0].turn, packets, count);
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < 3; j++)
            buffer_finish(&texts[i][j]);
}

// Folds and shows each turn from the first that has changed.
static void show_changes(struct board *board)
{
    size_t at = 0;
    while (at < passing.count && passing.items[at].turn < passing.changed)
        at++;
    while (at < passing.count) {
        size_t end = at;
        while (end < passing.count && passing.items[end].turn == passing.items[at].turn)
            end++;
        size_t left = passed_fold(&passing.items[at], end - at);
        memmove(&passing.items[at + left], &passing.items[end],
                (passing.count - end) * sizeof *passing.items);
        passing.count -= end - at - left;
        pass(board, &passing.items[at], left);
        at += left;
    }
    passing.changed = 0;
}

// What is kept of long ago changes no more.
static void forget_old(void)
{
    size_t old = passing.count > KEPT ? passing.count - KEPT : 0;
    while (old > 0 && old < passing.count && passing.items[old].turn == passing.items[old - 1].turn)
        old++;
    if (old == passing.count)
        old = 0;
    passing.count -= old;
    memmove(passing.items, passing.items + old, passing.count * sizeof *passing.items);
}

// --- looking -------------------------------------------------------------------------------------

void passing_look(struct board *board)
{
    struct ties ties = {0}; // anew each time: who could not be found may be known by now
    if (!passing.on)
        return;
    capture_sync();
    uint64_t last = capture_range().last;
    if (last == passing.seen)
        return;
    calls_refresh();
    note_calls();
    if (last - passing.seen > AHEAD)
        passing.seen = last - AHEAD;
    capture_walk(passing.seen + 1, last, look_at, &ties);
    passing.seen = last;
    if (passing.changed > 0)
        show_changes(board);
    ties_finish(&ties);
    forget_old();
}

void passing_settle(struct board *board)
{
    if (!passing.on || passing.turns == 0)
        return;
    note_calls();
    change((unsigned)passing.turns - 1);
    show_changes(board);
}

// --- begin and end -------------------------------------------------------------------------------

bool passing_start(void)
{
    passing.on = capture_is_on();
    passing.seen = passing.on ? capture_range().last : 0;
    passing_turn(0);
    return passing.on;
}

void passing_finish(void)
{
    free(passing.first);
    free(passing.courses);
    free(passing.items);
    passing_sockets_forget();
    memset(&passing, 0, sizeof passing);
}
