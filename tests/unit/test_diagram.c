// test_diagram: the picture of conversations: states, order, what was lost, what is counted.

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/look.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "commands/diagram_canvas.h"
#include "commands/diagram_story.h"

enum { SYN = PACKET_SYN, ACK = PACKET_ACK, FIN = PACKET_FIN, PSH = PACKET_PSH, RST = PACKET_RST };

static const int64_t MS = 1000000;

static struct story story;
static struct diagram picture;
static size_t sockets, flows, packets, calls;

static void finish(void)
{
    story_finish(&story);
    diagram_finish(&picture);
    sockets = flows = packets = calls = 0;
}

TestSuite(diagram, .fini = finish);

// --- a story to tell -----------------------------------------------------------------------------

static struct packet_end end(unsigned port)
{
    return (struct packet_end){.version = 4, .ip = {127, 0, 0, 1}, .port = (uint16_t)port};
}

static long add_socket(const char *opener, int fd, int type, uint64_t root)
{
    uint64_t serial = story.socket_count + 1;
    story.sockets = mem_grow(story.sockets, story.socket_count, &sockets, sizeof *story.sockets);
    struct story_socket *socket = &story.sockets[story.socket_count++];
    *socket = (struct story_socket){.root = root ? root : serial,
                                    .endpoint = DIAGRAM_NOBODY,
                                    .is = {.serial = serial, .fd = fd, .type = type}};
    strcpy(socket->is.opener, opener);
    return (long)story.socket_count - 1;
}

static void add_flow(uint8_t protocol, long one, long other)
{
    story.flows = mem_grow(story.flows, story.flow_count, &flows, sizeof *story.flows);
    story.flows[story.flow_count++] = (struct story_flow){.number = 1,
                                                          .protocol = protocol,
                                                          .ends = {end(1000), end(80)},
                                                          .sockets = {one, other},
                                                          .settled = true};
}

// A client `c` of actor main, socket 0, and a listener and what it gave, of actor server: 1, 2.
static void add_connection(void)
{
    add_socket("main", 4, SOCK_STREAM, 0);
    add_socket("server", 3, SOCK_STREAM, 0);
    add_socket("server", 5, SOCK_STREAM, 2);
    story.sockets[1].is.listens = true;
    add_flow(IPPROTO_TCP, 0, 2);
}

// The next packet, at that millisecond.
static struct story_packet *add(int side, int flags, uint32_t seq, uint32_t ack, const char *data,
                                int64_t ms)
{
    story.packets = mem_grow(story.packets, story.packet_count, &packets, sizeof *story.packets);
    struct story_packet *packet = &story.packets[story.packet_count++];
    bool asks = data[0] != '\0' || ((flags & (SYN | FIN)) && (flags & (SYN | ACK)) != (SYN | ACK));
    *packet = (struct story_packet){.before = STORY_NONE,
                                    .flow = (uint32_t)story.flow_count - 1,
                                    .side = (uint8_t)side,
                                    .called_for = asks,
                                    .is = {.number = story.packet_count,
                                           .kind = PACKET_TCP,
                                           .flags = (uint8_t)flags,
                                           .seq = seq,
                                           .ack = ack,
                                           .size = (uint32_t)strlen(data),
                                           .data_size = (uint8_t)strlen(data),
                                           .time = ms * MS}};
    memcpy(packet->is.data, data, strlen(data));
    return packet;
}

static void shake_hands(void)
{
    add(0, SYN, 0, 0, "", 10);
    add(1, SYN | ACK, 0, 1, "", 10);
    add(0, ACK, 1, 1, "", 10);
}

// A call of socket `socket` in the milliseconds from `begin` to `end`, 0 for one under way.
static struct story_call *call(uint32_t actor, const char *command, long socket,
                               const char *outcome, int64_t begin, int64_t until)
{
    story.calls = mem_grow(story.calls, story.call_count, &calls, sizeof *story.calls);
    struct story_call *call = &story.calls[story.call_count++];
    *call = (struct story_call){.socket = socket,
                                .made = STORY_NONE,
                                .packet = STORY_NONE,
                                .met = STORY_NONE,
                                .actor = actor,
                                .row = {.number = story.call_count,
                                        .begin = begin * MS - 1000,
                                        .end = until ? until * MS + 1000 : 0,
                                        .command = command,
                                        .number_given = -1}};
    strcpy(call->row.outcome, outcome);
    story.actors = actor >= story.actors ? actor + 1 : story.actors;
    return call;
}

// --- what came of it -----------------------------------------------------------------------------

static const char *const kinds[] = {"call",  "begin", "end",  "packet",
                                    "state", "gap",   "fold", "leap"};

// "row:kind@endpoint what", a line an event.
static void describe(struct buffer *to)
{
    for (size_t i = 0; i < picture.count; i++) {
        const struct diagram_event *event = &picture.events[i];
        buffer_print(to, "%u:%s@%d ", event->row, kinds[event->kind], (int16_t)event->at);
        if (event->kind == DIAGRAM_PACKET)
            packet_show_flags(event->packet.flags, to);
        else if (event->kind <= DIAGRAM_END)
            diagram_show_call(event, SIZE_MAX, to);
        else if (event->kind == DIAGRAM_STATE)
            buffer_add_text(to, event->state.name);
        buffer_add_char(to, '\n');
    }
}

static void expect(const char *wanted)
{
    struct buffer text = {0};
    diagram_make(&story, &picture);
    describe(&text);
    cr_expect(eq(str, (char *)buffer_text(&text), (char *)wanted));
    buffer_finish(&text);
}

static const struct diagram_packet *nth_packet(size_t n)
{
    for (size_t i = 0; i < picture.count; i++)
        if (picture.events[i].kind == DIAGRAM_PACKET && n-- == 0)
            return &picture.events[i].packet;
    cr_assert(false, "there are not so many packets");
    return NULL;
}

// --- states --------------------------------------------------------------------------------------

static const char *state(struct diagram_tcp *one, bool takes, int flags, uint32_t seq, uint32_t ack,
                         uint32_t size)
{
    struct diagram_packet packet = {
        .kind = PACKET_TCP, .flags = (uint8_t)flags, .seq = seq, .ack = ack, .size = size};
    if (takes)
        diagram_tcp_takes(one, &packet);
    else
        diagram_tcp_sends(one, &packet);
    return one->state ? one->state : "unknown";
}

Test(diagram, states_of_who_ends_first)
{
    struct diagram_tcp one = {0};
    cr_expect(eq(str, (char *)state(&one, false, SYN, 0, 0, 0), "SYN_SENT"));
    cr_expect(eq(str, (char *)state(&one, true, SYN | ACK, 0, 1, 0), "ESTABLISHED"));
    cr_expect(eq(str, (char *)state(&one, false, FIN | ACK, 1, 1, 3), "FIN_WAIT1"));
    cr_expect(eq(str, (char *)state(&one, true, ACK, 1, 4, 0), "FIN_WAIT1")); // of its data alone
    cr_expect(eq(str, (char *)state(&one, true, ACK, 1, 5, 0), "FIN_WAIT2"));
    cr_expect(eq(str, (char *)state(&one, true, FIN | ACK, 1, 5, 0), "TIME_WAIT"));
}

Test(diagram, states_of_who_ends_last)
{
    struct diagram_tcp one = {0};
    cr_expect(eq(str, (char *)state(&one, true, SYN, 0, 0, 0), "unknown"));
    cr_expect(eq(str, (char *)state(&one, false, SYN | ACK, 0, 1, 0), "SYN_RECV"));
    cr_expect(eq(str, (char *)state(&one, true, ACK, 1, 1, 0), "ESTABLISHED"));
    cr_expect(eq(str, (char *)state(&one, true, FIN | ACK, 1, 1, 0), "CLOSE_WAIT"));
    cr_expect(eq(str, (char *)state(&one, false, FIN | ACK, 1, 2, 0), "LAST_ACK"));
    cr_expect(eq(str, (char *)state(&one, true, ACK, 2, 2, 0), "CLOSED"));
}

Test(diagram, states_when_both_end_at_once_and_after_a_reset)
{
    struct diagram_tcp one = {.state = "ESTABLISHED", .taken = 1};
    state(&one, false, FIN | ACK, 1, 1, 0);
    cr_expect(eq(str, (char *)state(&one, true, FIN | ACK, 1, 1, 0), "CLOSING"));
    cr_expect(eq(str, (char *)state(&one, true, ACK, 2, 2, 0), "TIME_WAIT"));
    cr_expect(eq(str, (char *)state(&one, true, RST, 2, 2, 0), "CLOSED"));
    struct diagram_tcp nobody = {0};
    cr_expect(eq(str, (char *)state(&nobody, false, RST | ACK, 0, 1, 0), "unknown"));
}

Test(diagram, a_fin_counts_when_all_before_it_has_come)
{
    struct diagram_tcp one = {.state = "ESTABLISHED", .taken = 1};
    cr_expect(eq(str, (char *)state(&one, true, FIN | ACK, 6, 1, 0), "ESTABLISHED"));
    state(&one, true, PSH | ACK, 1, 1, 5);
    cr_expect(eq(str, (char *)one.state, "CLOSE_WAIT"));
}

// --- order ---------------------------------------------------------------------------------------

Test(diagram, calls_stand_between_their_causes_and_what_they_bring_about)
{
    add_connection();
    shake_hands();
    add(0, PSH | ACK, 1, 1, "Michael", 11);
    add(1, ACK, 1, 8, "", 11);
    call(1, "listen", 1, "", 1, 1)->row.number_given = 5;
    struct story_call *accept = call(1, "accept", 1, "5", 2, 10);
    accept->made = 2;
    accept->row.slept = true;
    call(0, "connect", 0, "", 10, 10);
    call(0, "send", 0, "7", 11, 11)->row.octets = 7;
    struct story_call *recv = call(1, "recv", 2, "\"Michael\"", 10, 12);
    recv->row.octets = 7;
    recv->row.slept = true;
    expect("0:call@1 listen 5\n0:state@1 LISTEN\n1:begin@1 accept\n"
           "2:packet@0 SYN\n2:begin@0 connect\n3:state@0 SYN_SENT\n"
           "4:packet@1 SYN ACK\n5:state@0 ESTABLISHED\n5:state@1 SYN_RECV\n"
           "6:packet@0 ACK\n7:state@1 ESTABLISHED\n7:end@1 = 5\n7:end@0 = 0\n8:begin@1 recv\n"
           "9:packet@0 PSH ACK\n9:call@0 send = 7\n10:packet@1 ACK\n11:end@1 = \"Michael\"\n");
}

Test(diagram, what_follows_a_statement_that_was_given_stands_below)
{
    add_connection();
    call(0, "bind", 0, "", 1, 1);
    call(1, "bind", 1, "", 1, 1);
    call(0, "connect", 0, "EACCES", 1, 1)->row.phase = 1;
    // The first call of an actor follows all before; its next ones go their own way.
    expect("0:call@0 bind\n1:call@1 bind\n2:call@0 connect = EACCES\n");
}

Test(diagram, calls_of_two_actors_stand_beside_each_other)
{
    add_connection();
    call(0, "bind", 0, "", 1, 1);
    call(1, "bind", 1, "", 1, 1);
    call(0, "listen", 0, "", 1, 1);
    call(1, "drop", 1, "", 2000, 2000); // by the clock
    call(1, "shutdown", 1, "", 2000, 2000)->row.number_given = SHUT_WR;
    call(0, "close", 0, "", 2000, 2000);
    story.sockets[0].is.listens = false;
    expect("0:call@0 bind\n1:call@1 bind\n1:call@0 listen\n1:state@0 LISTEN\n2:call@1 drop\n"
           "2:call@0 close\n3:call@1 shutdown SHUT_WR\n");
}

Test(diagram, a_call_under_way_has_no_end)
{
    add_connection();
    shake_hands();
    call(0, "recv", 0, "", 10, 0);
    diagram_make(&story, &picture);
    size_t begins = 0, ends = 0;
    for (size_t i = 0; i < picture.count; i++) {
        begins += picture.events[i].kind == DIAGRAM_BEGIN;
        ends += picture.events[i].kind == DIAGRAM_END;
    }
    cr_expect(eq(sz, begins, 1));
    cr_expect(eq(sz, ends, 0));
}

Test(diagram, the_kernel_has_the_last_word)
{
    add_connection();
    shake_hands();
    story.sockets[0].kernel = "CLOSED";
    story.sockets[2].kernel = "ESTABLISHED";
    diagram_make(&story, &picture);
    const struct diagram_event *last = &picture.events[picture.count - 1];
    cr_expect(eq(int, last->kind, DIAGRAM_STATE));
    cr_expect(last->state.by_kernel);
    cr_expect(eq(int, last->at, 0));
    cr_expect(eq(str, (char *)last->state.name, "CLOSED"));
}

// --- lost ----------------------------------------------------------------------------------------

Test(diagram, what_is_dropped_does_not_arrive)
{
    add_connection();
    shake_hands();
    call(1, "drop", 2, "", 20, 20);
    add(0, PSH | ACK, 1, 1, "lost", 21);
    call(1, "undrop", 2, "", 300, 300);
    add(0, PSH | ACK, 1, 1, "lost", 421)->is.mark = FLOW_AGAIN;
    diagram_make(&story, &picture);
    cr_expect(eq(int, nth_packet(3)->lost, DIAGRAM_LOST_DROP));
    cr_expect(eq(int, nth_packet(3)->lost_fd, 5));
    cr_expect(eq(int, nth_packet(4)->lost, DIAGRAM_ARRIVED));
    cr_expect(eq(i64, nth_packet(4)->since, 400 * MS));
}

Test(diagram, what_nobody_acknowledged_before_it_came_again_is_lost)
{
    add_connection();
    shake_hands();
    add(0, PSH | ACK, 1, 1, "one", 20);
    add(0, PSH | ACK, 4, 1, "two", 20);
    add(1, ACK, 1, 4, "", 20);
    add(0, PSH | ACK, 4, 1, "two", 220)->is.mark = FLOW_AGAIN;
    add(0, PSH | ACK, 4, 1, "two", 620)->is.mark = FLOW_AGAIN;
    add(1, ACK, 1, 7, "", 620);
    add(0, PSH | ACK, 4, 1, "two", 700)->is.mark = FLOW_AGAIN; // all the same
    diagram_make(&story, &picture);
    cr_expect(eq(int, nth_packet(3)->lost, DIAGRAM_ARRIVED));
    cr_expect(eq(int, nth_packet(4)->lost, DIAGRAM_LOST_AGAIN));
    cr_expect(eq(int, nth_packet(6)->lost, DIAGRAM_LOST_AGAIN));
    cr_expect(eq(int, nth_packet(7)->lost, DIAGRAM_ARRIVED));
    cr_expect(eq(i64, nth_packet(7)->since, 600 * MS)); // since it was sent first
}

Test(diagram, a_datagram_that_never_came_out_is_lost)
{
    add_socket("main", 3, SOCK_DGRAM, 0);
    add_socket("main", 4, SOCK_DGRAM, 0);
    add_flow(IPPROTO_UDP, 0, 1);
    for (int i = 0; i < 3; i++) {
        char data[] = {'a', (char)('0' + i), '\0'};
        add(0, 0, 0, 0, data, 10 + i)->is.kind = PACKET_UDP;
    }
    call(0, "recv", 1, "\"a1\"", 20, 20)->row.octets = 2;
    diagram_make(&story, &picture);
    cr_expect(eq(int, nth_packet(0)->lost, DIAGRAM_LOST_SKIPPED));
    cr_expect(eq(int, nth_packet(1)->lost, DIAGRAM_ARRIVED));
    cr_expect(eq(int, nth_packet(2)->lost, DIAGRAM_ARRIVED)); // it may still come
}

// --- what is counted -----------------------------------------------------------------------------

Test(diagram, long_runs_are_folded)
{
    add_connection();
    shake_hands();
    for (uint32_t i = 0; i < 20; i++)
        add(0, ACK, 1 + 5 * i, 1, "12345", 20)->called_for = false;
    diagram_make(&story, &picture);
    cr_expect(eq(sz, picture.count, 3 + 3 + 1 + 4));
    const struct diagram_event *fold = &picture.events[picture.count - 3];
    cr_assert(eq(int, fold->kind, DIAGRAM_FOLD));
    cr_expect(eq(u32, fold->fold.packets, 17)); // the handshake's last ACK begins the run
    cr_expect(eq(u64, fold->fold.octets, 85));
}

// So many calls of send by the client, each acknowledged, from millisecond 20 + `from` on.
static void add_sends(uint32_t from, uint32_t count)
{
    for (uint32_t i = from; i < from + count; i++) {
        add(0, PSH | ACK, 1 + 5 * i, 1, "again", 20 + i);
        add(1, ACK, 1, 6 + 5 * i, "", 20 + i);
        call(0, "send", 0, "5", 20 + i, 20 + i)->row.octets = 5;
    }
}

static void add_recvs(uint32_t from, uint32_t count)
{
    for (uint32_t i = from; i < from + count; i++)
        call(1, "recv", 2, "\"again\"", 20 + i, 20 + i)->row.octets = 5;
}

// How many events of a kind, and what the lines that count say, with " | " between.
static size_t count_kind(enum diagram_kind kind)
{
    size_t count = 0;
    for (size_t i = 0; i < picture.count; i++)
        count += picture.events[i].kind == kind;
    return count;
}

static void expect_folds(const char *wanted)
{
    struct buffer text = {0};
    for (size_t i = 0; i < picture.count; i++) {
        if (picture.events[i].kind != DIAGRAM_FOLD)
            continue;
        buffer_add_text(&text, text.size > 0 ? " | " : "");
        diagram_show_folded(&picture.events[i], 0, &text);
        buffer_add_text(&text, " > ");
        diagram_show_count(&picture.events[i], &text);
        buffer_add_text(&text, " > ");
        diagram_show_folded(&picture.events[i], 1, &text);
    }
    cr_expect(eq(str, (char *)buffer_text(&text), (char *)wanted));
    buffer_finish(&text);
}

Test(diagram, a_loop_is_folded_with_its_calls)
{
    add_connection();
    shake_hands();
    add_sends(0, 20);
    diagram_make(&story, &picture);
    expect_folds("… 17 × send > … 17 segments, 85 bytes > ");
    cr_expect(eq(sz, count_kind(DIAGRAM_CALL), 3));
    cr_expect(eq(sz, count_kind(DIAGRAM_PACKET), 3 + 6));
}

Test(diagram, one_byte_is_no_bytes)
{
    const struct diagram_event event = {.kind = DIAGRAM_FOLD, .fold = {.packets = 9, .octets = 1}};
    struct buffer text = {0};
    diagram_show_count(&event, &text);
    cr_expect(eq(str, (char *)buffer_text(&text), "… 9 segments, 1 byte"));
    buffer_finish(&text);
}

Test(diagram, loops_behind_each_other_are_folded_each)
{
    add_connection();
    shake_hands();
    add_sends(0, 20);
    add_recvs(200, 20);
    diagram_make(&story, &picture);
    expect_folds("… 17 × send > … 17 segments, 85 bytes >  | "
                 "… 17 × recv >  > ");
}

Test(diagram, both_sides_by_turns_are_folded_together)
{
    add_connection();
    shake_hands();
    for (uint32_t i = 0; i < 30; i++) {
        add_sends(200 * i, 1);
        add_recvs(200 * i + 100, 1);
    }
    diagram_make(&story, &picture);
    expect_folds("… 27 × send > … 27 segments, 135 bytes > … 27 × recv");
}

Test(diagram, what_is_said_seven_times_is_not_folded)
{
    add_connection();
    shake_hands();
    add_sends(0, 7);
    diagram_make(&story, &picture);
    expect_folds("");
    cr_expect(eq(sz, count_kind(DIAGRAM_CALL), 7));
}

Test(diagram, what_is_said_once_is_not_folded_among_what_repeats)
{
    add_connection();
    shake_hands();
    add_sends(0, 20);
    call(1, "recv", 2, "\"once\"", 500, 500)->row.octets = 4;
    add_sends(500, 20);
    diagram_make(&story, &picture);
    expect_folds("… 17 × send > … 17 segments, 85 bytes >  | "
                 "… 17 × send > … 17 segments, 85 bytes > ");
    cr_expect(eq(sz, count_kind(DIAGRAM_CALL), 7));
}

Test(diagram, what_was_lost_or_waited_is_not_folded)
{
    add_connection();
    shake_hands();
    add_sends(0, 20);
    add_recvs(200, 20);
    story.packets[3 + 2 * 10].is.lost = DIAGRAM_LOST_SKIPPED;
    story.calls[30].row.slept = true;
    story.calls[30].row.begin -= 2000 * MS;
    diagram_make(&story, &picture);
    expect_folds("… 7 × send > … 7 segments, 35 bytes >  | "
                 "… 6 × send > … 6 segments, 30 bytes >  | "
                 "… 7 × recv >  >  | … 6 × recv >  > ");
}

Test(diagram, who_talks_to_itself_is_one_column)
{
    add_socket("main", 3, SOCK_STREAM, 0);
    add_flow(IPPROTO_TCP, 0, 0);
    story.flows[0].ends[1] = story.flows[0].ends[0];
    story.flows[0].is_own = true;
    add(0, SYN, 0, 0, "", 10);
    add(0, SYN | ACK, 0, 1, "", 10);
    add(0, ACK, 1, 1, "", 10);
    add(0, FIN | ACK, 1, 1, "", 20);
    add(0, ACK, 2, 2, "", 20);
    expect("0:packet@0 SYN\n"
           "1:state@0 SYN_SENT\n"
           "2:state@0 SYN_RECV\n"
           "3:packet@0 SYN ACK\n"
           "4:state@0 ESTABLISHED\n"
           "5:packet@0 ACK\n"
           "6:packet@0 FIN ACK\n"
           "7:state@0 FIN_WAIT1\n"
           "8:state@0 CLOSING\n"
           "9:packet@0 ACK\n"
           "10:state@0 TIME_WAIT\n");
    cr_expect(eq(sz, picture.endpoint_count, 1));
    cr_expect(eq(u16, picture.talks[0].ends[1], DIAGRAM_NOBODY));
}

Test(diagram, of_very_long_pictures_the_middle_is_left_out)
{
    add_connection();
    shake_hands();
    for (uint32_t i = 0; i < 50000; i++) {
        add(0, PSH | ACK, 1 + i, 1 + i, "x", 20 + i);
        call(0, "send", 0, "1", 20 + i, 20 + i)->row.octets = 1;
        add(1, PSH | ACK, 1 + i, 2 + i, "y", 20 + i)->is.mark = FLOW_AGAIN; // nothing is folded
        call(1, "send", 2, "1", 20 + i, 20 + i)->row.octets = 1;
    }
    diagram_make(&story, &picture);
    cr_expect(picture.count < 1000, "%zu events", picture.count);
    uint64_t shown = 0, left = 0;
    for (size_t i = 0; i < picture.count; i++) {
        shown += picture.events[i].kind == DIAGRAM_PACKET;
        left += picture.events[i].kind == DIAGRAM_LEAP ? picture.events[i].leap.packets : 0;
    }
    cr_expect(eq(u64, shown + left, 100003));
}

Test(diagram, what_the_capture_lost_is_a_gap)
{
    struct buffer text = {0};
    add_connection();
    add(0, PSH | ACK, 1, 1, "a", 20);
    add(0, PSH | ACK, 900, 1, "b", 20)->gap = 7;
    story.missing = 3;
    diagram_make(&story, &picture);
    cr_assert(eq(sz, picture.count, 4));
    cr_expect(eq(int, picture.events[1].kind, DIAGRAM_GAP));
    cr_expect(eq(u64, picture.events[1].missing, 7));
    cr_expect(eq(int, picture.events[3].kind, DIAGRAM_GAP));
    diagram_show_count(&picture.events[3], &text);
    cr_expect(str_starts(buffer_str(&text), STR("… 3 packets are missing here")));
    buffer_finish(&text);
}

// --- text ----------------------------------------------------------------------------------------

Test(diagram, no_line_is_wider_than_the_terminal)
{
    add_connection();
    shake_hands();
    add(0, PSH | ACK, 1, 1, "\x1b[2J \xff 米歇尔 Michael Tracy", 20);
    add(0, PSH | ACK, 1, 1, "\x1b[2J \xff 米歇尔 Michael Tracy", 20)->is.mark = FLOW_AGAIN;
    call(1, "recv", 2, "\"米歇尔米歇尔米歇尔米\"", 30, 5030)->row.slept = true;
    diagram_make(&story, &picture);
    for (size_t columns = 40; columns <= 200; columns++) {
        struct buffer text = {0}, line = {0};
        diagram_write_text(&picture, columns, columns % 2, &text);
        for (struct str rest = buffer_str(&text); rest.size > 0;) {
            struct str one = str_take_line(&rest);
            buffer_clear(&line);
            look_strip(one, &line);
            cr_expect(look_width(one) <= columns, "%zu: %s", columns, buffer_text(&line));
            cr_expect(eq(sz, str_find(buffer_str(&line), STR("\x1b"), 0), SIZE_MAX));
        }
        buffer_finish(&text);
        buffer_finish(&line);
    }
}

Test(diagram, a_terminal_of_a_few_columns_does_no_harm)
{
    add_connection();
    shake_hands();
    for (unsigned side = 0; side < 2; side++) {
        add(side, PSH | ACK, 1, 1, "Michael, Tracy, Sarah", 20);
        add(side, PSH | ACK, 1, 1, "Michael, Tracy, Sarah", 20)->is.mark = FLOW_AGAIN;
    }
    diagram_make(&story, &picture);
    for (size_t columns = 1; columns < 80; columns++) {
        struct buffer text = {0};
        diagram_write_text(&picture, columns / 2 + 1, columns % 2, &text);
        cr_expect(lt(sz, text.size, 10000));
        buffer_finish(&text);
    }
}

Test(diagram, wide_characters_take_two_cells)
{
    struct canvas canvas = {.columns = 6};
    struct buffer text = {0};
    canvas_put(&canvas, 0, STR("米e\u0301尔尔"), LOOK_PLAIN); // the last one has no room
    canvas_write(&canvas, &text);
    cr_expect(eq(str, (char *)buffer_text(&text), "米e\u0301尔\n"));
    buffer_finish(&text);
}
