// test_play: what a class sees, on screens of several sizes, against pictures in boards/.
//
// With BOARDS_WRITE set the pictures are written, for a person to look at what has changed.

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "ui/board.h"
#include "ui/output.h"
#include "ui/screen.h"

static struct session session;

static void set_up(void)
{
    screen_start(stdout, &session, COLOR_NEVER);
    output_use_ascii(false);
}

TestSuite(play, .init = set_up, .timeout = 60);

// --- a lesson ------------------------------------------------------------------------------------

static size_t named(struct board *board, const char *name)
{
    return board_actor(board, str_from(name));
}

static void add(struct board *board, enum board_kind kind, const char *actor, const char *text)
{
    board_add(board, kind, named(board, actor), str_from(text));
}

static void meet(struct board *board, const char *actor, const char *from, const char *label,
                 const char *count)
{
    board_meet(board, named(board, actor), str_from(from), str_from(label), str_from(count));
}

static void wait_in(struct board *board, const char *actor, const char *call)
{
    struct buffer *waits = &board->actors[named(board, actor)].waits;
    buffer_clear(waits);
    buffer_add_text(waits, call);
}

// A server takes a client, greets it, and waits for a name that was sent.
static void play_hello(struct board *board)
{
    board->title = STR("Hello over TCP");
    board->page = STR("## Welcome\n\nThen the server waits for a name. A call that waits stops its "
                      "actor, and nobody else.\n");
    board->step = 7, board->steps = 21;
    named(board, "server");
    named(board, "client");
    add(board, BOARD_TYPED, "server", "sock, addr = accept s");
    add(board, BOARD_TYPED, "client", "connect c 127.0.0.1:9999");
    add(board, BOARD_TRACE, "client", "connect(4, {AF_INET, 127.0.0.1, port 9999}, 16) = 0");
    meet(board, "server", "client", "connect", "");
    add(board, BOARD_TRACE, "server", "accept(3, {AF_INET, 127.0.0.1, port 45678}, 16) = 5");
    add(board, BOARD_VALUE, "server", "sock, addr = 5, 127.0.0.1:45678");
    add(board, BOARD_TYPED, "server", "send sock \"Welcome!\"");
    add(board, BOARD_TRACE, "server", "send(5, \"Welcome!\", 8, 0) = 8");
    add(board, BOARD_VALUE, "server", "8");
    add(board, BOARD_TYPED, "client", "recv c 1024");
    meet(board, "client", "server", "\"Welcome!\"", "8");
    add(board, BOARD_TRACE, "client", "recv(4, buf, 1024, 0) = 8 \"Welcome!\"");
    add(board, BOARD_VALUE, "client", "\"Welcome!\"");
    add(board, BOARD_TYPED, "server", "data = recv sock 1024");
    wait_in(board, "server", "recv 5  12 s");
}

// --- pictures ------------------------------------------------------------------------------------

static struct buffer shown(struct board *board, size_t columns, size_t rows)
{
    struct buffer picture = {0};
    board_show(board, columns, rows, &picture);
    return picture;
}

static bool shows(struct board *board, const char *text)
{
    struct buffer picture = shown(board, 120, 40);
    bool found = str_find(buffer_str(&picture), str_from(text), 0) != SIZE_MAX;
    buffer_finish(&picture);
    return found;
}

static FILE *open_picture(const char *name, const char *mode)
{
    char path[400];
    snprintf(path, sizeof path, "%s/%s.txt", BOARDS, name);
    return fopen(path, mode);
}

static void compare(struct board *board, size_t columns, size_t rows, const char *name)
{
    struct buffer picture = shown(board, columns, rows), wanted = {0};
    FILE *file = open_picture(name, getenv("BOARDS_WRITE") ? "w+" : "r");
    cr_assert(file != NULL, "there is no picture %s", name);
    if (getenv("BOARDS_WRITE"))
        fwrite(picture.data, 1, picture.size, file);
    rewind(file);
    for (int c; (c = fgetc(file)) != EOF;)
        buffer_add_char(&wanted, (char)c);
    fclose(file);
    cr_assert(eq(str, (char *)buffer_text(&picture), (char *)buffer_text(&wanted)), "%s", name);
    buffer_finish(&picture);
    buffer_finish(&wanted);
}

Test(play, shows_two_actors)
{
    struct board board = {0};
    play_hello(&board);
    compare(&board, 70, 22, "hello-70x22");
    compare(&board, 80, 24, "hello-80x24");
    compare(&board, 120, 30, "hello-120x30");
    compare(&board, 200, 50, "hello-200x50");
    output_use_ascii(true);
    compare(&board, 70, 22, "ascii-70x22");
    board_finish(&board);
}

Test(play, shows_chinese)
{
    struct board board = {0};
    play_hello(&board);
    board.title = STR("用 TCP 打招呼");
    board.page = STR("服务器等着名字。一个等待的调用只停住它的执行者，不会停住别人；客户端这时可以"
                     "继续做它自己的事情，直到把名字发出去为止。\n");
    add(&board, BOARD_TYPED, "client", "send c \"张三，你好！这是一个比较长的名字，要换行\"");
    meet(&board, "server", "client", "\"张三，你好！\"", "18");
    add(&board, BOARD_VALUE, "server", "data = \"张三，你好！\"");
    wait_in(&board, "server", "");
    compare(&board, 70, 22, "chinese-70x22");
    board_finish(&board);
}

static void pass(struct board *board, unsigned turn, const struct board_packet *packets,
                 size_t count)
{
    board->packets = true;
    board_pass(board, turn, packets, count);
}

// What passes in place of what met: a connection, data both ways, a loss and what is sent again, a
// run, an answer from nobody, and what there was too much of.
static void play_packets(struct board *board)
{
    board->title = STR("Hello over TCP");
    board->page = STR("Then the server waits for a name.\n");
    board->step = 7, board->steps = 21;
    size_t server = named(board, "server"), client = named(board, "client"), nobody = SIZE_MAX;
    add(board, BOARD_TYPED, "client", "connect c 127.0.0.1:9998");
    add(board, BOARD_ERROR, "client", "error: ECONNREFUSED: nobody listens");
    add(board, BOARD_TYPED, "client", "connect c 127.0.0.1:9999");
    add(board, BOARD_VALUE, "client", "connected");
    add(board, BOARD_VALUE, "server", "sock, addr = 5, 127.0.0.1:45678");
    add(board, BOARD_TYPED, "client", "send c \"Michael\"; sendall c big");
    add(board, BOARD_VALUE, "client", "7");
    wait_in(board, "server", "recv 5  12 s");
    pass(board, 1,
         (struct board_packet[]){
             {.from = client, .to = nobody, .what = STR("SYN")},
             {.from = nobody, .to = client, .what = STR("RST ACK")},
         },
         2);
    pass(board, 3,
         (struct board_packet[]){
             {client, server, STR(""), STR("\"Michael\""), STR("7"), true},
             {client, server, STR(""), STR("again \"Michael\""), STR("7 ×3"), true},
             {client, server, STR(""), STR("\"0123456789\"…"), STR("1448"), false},
             {client, server, STR(""), STR("12 more"), STR("17376"), false},
             {server, client, STR("ACK"), STR(""), STR("×7"), false},
             {.from = nobody, .to = nobody, .count = STR("960 more")},
         },
         6);
    pass(board, 2,
         (struct board_packet[]){
             {.from = client, .to = server, .what = STR("SYN")},
             {.from = server, .to = client, .what = STR("SYN ACK")},
             {.from = client, .to = server, .what = STR("ACK")},
         },
         3);
}

Test(play, shows_packets)
{
    struct board board = {0};
    play_packets(&board);
    compare(&board, 70, 22, "packets-70x22");
    compare(&board, 80, 30, "packets-80x30");
    compare(&board, 120, 30, "packets-120x30");
    compare(&board, 200, 40, "packets-200x40");
    output_use_ascii(true);
    compare(&board, 70, 22, "packets-ascii-70x22");
    board_finish(&board);
}

// What is for nobody that has a column ends at a bar, and not at the column beyond: what stays on
// one's own computer, and what goes to an actor that is not shown. What is lost has no other bar.
Test(play, ends_at_a_bar_what_is_for_no_column)
{
    struct board board = {.title = STR("Hosts"), .step = 4, .steps = 9};
    size_t nobody = SIZE_MAX, carol = named(&board, "carol");
    add(&board, BOARD_VALUE, "carol", "10.0.0.3");
    size_t bob = named(&board, "bob"), alice = named(&board, "alice");
    add(&board, BOARD_TYPED, "bob", "connect (socket) 127.0.0.1:8000");
    add(&board, BOARD_TYPED, "alice", "connect t 127.0.0.1:8000");
    add(&board, BOARD_TYPED, "alice", "sendto v \"who?\" 10.0.0.255:9999");
    pass(&board, 1,
         (struct board_packet[]){{.from = bob, .to = nobody, .what = STR("SYN")},
                                 {.from = nobody, .to = bob, .what = STR("SYN ACK")}},
         2);
    pass(&board, 2,
         (struct board_packet[]){
             {.from = alice, .to = nobody, .what = STR("SYN")},
             {.from = nobody, .to = alice, .what = STR("RST ACK")},
             {.from = alice, .to = nobody, .what = STR("SYN"), .lost = true},
             {.from = nobody, .to = alice, .what = STR("RST"), .lost = true},
         },
         4);
    pass(&board, 3,
         (struct board_packet[]){
             {alice, bob, STR("UDP"), STR("\"who?\""), STR("4"), false},
             {alice, carol, STR("UDP"), STR("\"who?\""), STR("4"), false},
         },
         2);
    compare(&board, 70, 22, "bars-70x22");
    compare(&board, 120, 24, "bars-120x24");
    output_use_ascii(true);
    compare(&board, 70, 22, "bars-ascii-70x22");
    board_finish(&board);
}

// Their place is below the statements that caused them, whenever they are told of.
Test(play, puts_packets_in_place_of_those_before)
{
    struct board board = {0}, other = {0};
    play_packets(&board);
    play_packets(&other);
    struct board_packet wrong = {
        .from = 1, .to = 0, .what = STR("RST"), .label = STR("x"), .count = STR("1")};
    for (unsigned turn = 1; turn <= 3; turn++)
        for (unsigned i = 0; i < 3; i++)
            board_pass(&other, turn, &wrong, 1);
    board_pass(&other, 9, NULL, 0);
    cr_assert(eq(sz, other.count, board.count - 8));
    board_clear(&other);
    board_pass(&other, 2, &wrong, 1);
    cr_assert(eq(sz, other.count, 0), "their statements are gone");
    board_finish(&other);
    board_finish(&board);
}

// One actor with both ends, and a table for which its column is too narrow.
Test(play, shows_who_is_alone_and_wide_tables)
{
    struct board board = {.title = STR("Loss"), .step = 3, .steps = 9};
    size_t main = named(&board, "main");
    add(&board, BOARD_TYPED, "main", "connect c 127.0.0.1:9999; send c \"Tracy\"");
    add(&board, BOARD_VALUE, "main", "5");
    pass(&board, 1,
         (struct board_packet[]){
             {.from = main, .to = SIZE_MAX, .what = STR("SYN")},
             {.from = SIZE_MAX, .to = main, .what = STR("SYN ACK")},
             {.from = main, .to = SIZE_MAX, .what = STR("ACK")},
             {main, SIZE_MAX, STR(""), STR("\"Tracy\""), STR("5"), true},
         },
         4);
    compare(&board, 70, 22, "alone-70x22");
    add(&board, BOARD_VALUE, "watcher", "waits until something comes");
    add(&board, BOARD_TYPED, "main", "handles");
    add(&board, BOARD_VALUE, "main",
        "handle    local             peer              state\n"
        "3 l       127.0.0.1:9999    -                 LISTEN\n"
        "4 c       127.0.0.1:45678   127.0.0.1:9999    ESTABLISHED with more than is room for\n");
    add(&board, BOARD_TYPED, "watcher", "print \"next\"");
    compare(&board, 70, 22, "wide-70x22");
    board_finish(&board);
}

// Two actors whose calls end at the same time: who is faster to tell changes nothing.
Test(play, shows_the_same_whoever_tells_first)
{
    struct board boards[2] = {0};
    struct buffer pictures[2];
    for (size_t i = 0; i < 2; i++) {
        struct board *board = &boards[i];
        play_packets(board);
        wait_in(board, "server", "");
        for (size_t j = 0; j < 2; j++) {
            const char *who = i == j ? "server" : "client";
            add(board, BOARD_TRACE, who, "a call that takes\nseveral lines\nto be told");
            add(board, BOARD_VALUE, who, "its value");
        }
        add(board, BOARD_TYPED, "server", "close sock");
        pictures[i] = shown(board, 120, 40);
    }
    cr_assert(eq(str, (char *)buffer_text(&pictures[0]), (char *)buffer_text(&pictures[1])));
    for (size_t i = 0; i < 2; i++) {
        buffer_finish(&pictures[i]);
        board_finish(&boards[i]);
    }
}

// A line that is typed meanwhile goes on.
Test(play, packets_come_while_somebody_types)
{
    struct board board = {0};
    play_packets(&board);
    board_type_begin(&board, named(&board, "client"));
    board_type(&board, STR("cl"));
    struct board_packet more[] = {{.from = 1, .to = 0, .what = STR("ACK")},
                                  {.from = 1, .to = 0, .what = STR("RST")}};
    board_pass(&board, 3, more, 2);
    board_type(&board, STR("close c"));
    board_pass(&board, 3, more, 1);
    board_type_end(&board, true);
    cr_assert(shows(&board, "client> close c\n"));
    cr_assert(shows(&board, "ACK"));
    cr_assert(not(shows(&board, "RST ──")));
    board_type_begin(&board, named(&board, "server"));
    board_type(&board, STR("never"));
    board_pass(&board, 3, more, 2);
    board_type_end(&board, false);
    cr_assert(not(shows(&board, "never")));
    cr_assert(shows(&board, "─ RST ─"));
    board_finish(&board);
}

Test(play, says_that_packets_cannot_be_seen)
{
    struct board board = {0};
    play_hello(&board);
    cr_assert(shows(&board, " calls "));
    cr_assert(not(shows(&board, "Packets cannot be seen")));
    board.blind = true;
    cr_assert(shows(&board, "Packets cannot be seen here"));
    board_finish(&board);
}

// As many columns as there is room for; those without one are named below.
Test(play, shows_four_actors)
{
    struct board board = {0};
    play_hello(&board);
    add(&board, BOARD_TYPED, "alice", "recv a 10");
    wait_in(&board, "alice", "recv 7");
    add(&board, BOARD_TYPED, "bob", "send b \"all of you\"");
    meet(&board, "server", "bob", "\"all of you\"", "10");
    add(&board, BOARD_VALUE, "server", "data = \"all of you\"");
    compare(&board, 120, 24, "four-120x24");
    compare(&board, 80, 24, "four-80x24");
    board_finish(&board);
}

// The label below an arrow is as much in the way as the arrow.
Test(play, keeps_arrows_apart)
{
    struct board board = {0};
    play_hello(&board);
    wait_in(&board, "server", "");
    for (unsigned i = 0; i < 3; i++) {
        meet(&board, "server", "client", "\"too long for it\"", "15");
        add(&board, BOARD_VALUE, "server", "15");
    }
    meet(&board, "client", "server", "\"back\"", "4");
    add(&board, BOARD_VALUE, "client", "4");
    compare(&board, 70, 22, "arrows-70x22");
    board_finish(&board);
}

static const struct question question = {
    .ask = {.text = {"The client has closed its socket. What does `recv` give?", 56}, .line = 1},
    .options = {{.text = {.text = {"an error: the client is gone", 28}}},
                {.text = {.text = {"what the client has sent, before anything else; only then "
                                   "comes the end of the stream",
                                   85}},
                 .right = true},
                {.text = {.text = {"empty bytes", 11}}}},
    .count = 3,
    .reason = {"What was sent is not gone. The server reads that first.", 55}};

Test(play, holds_a_question)
{
    struct board board = {0};
    play_hello(&board);
    board.question = &question;
    buffer_add_text(&board.status, " A vote. Any key goes on.");
    compare(&board, 70, 22, "vote-70x22");
    board.answered = true;
    buffer_clear(&board.status);
    compare(&board, 70, 22, "answer-70x22");
    board_finish(&board);
}

Test(play, shows_keys_and_what_differs)
{
    struct board board = {0};
    play_hello(&board);
    add(&board, BOARD_ERROR, "server", "error: EPIPE: the peer is gone\n");
    add(&board, BOARD_DIFFERS, "server", "✗ on the page: 8");
    wait_in(&board, "server", "");
    compare(&board, 80, 24, "differs-80x24");
    board.lists_keys = true;
    compare(&board, 80, 24, "keys-80x24");
    board_finish(&board);
}

Test(play, says_that_the_screen_is_too_small)
{
    struct board board = {0};
    play_hello(&board);
    compare(&board, 59, 20, "small-59x20");
    compare(&board, 70, 17, "small-70x17");
    board_finish(&board);
}

// --- what holds on every screen ------------------------------------------------------------------

// One assertion a picture: each costs a message to another process.
static void check_size(struct board *board, size_t columns, size_t rows)
{
    struct buffer picture = shown(board, columns, rows);
    struct str rest = buffer_str(&picture), wide = STR("");
    size_t lines = 0;
    for (; rest.size > 0; lines++) {
        struct str line = str_take_line(&rest);
        if (utf8_width(line) > columns)
            wide = line;
    }
    cr_assert(wide.size == 0 && lines == rows, "%zux%zu: %zu lines; too wide: \"%.*s\"", columns,
              rows, lines, STR_ARG(wide));
    buffer_finish(&picture);
}

Test(play, fits_every_screen)
{
    struct board board = {0};
    play_hello(&board);
    add(&board, BOARD_VALUE, "a_name_that_is_longer_than_a_column_of_the_smallest_screen", "1");
    meet(&board, "client", "server", "\"a label that fits into no arrow there is\"", "123456789");
    add(&board, BOARD_VALUE, "client",
        "aWordThatIsLongerThanAColumnOfTheSmallestScreenThereIs\n\n");
    add(&board, BOARD_TYPED, "alice", "if a {\n    print \"世界世界世界世界世界世界世界世界\"\n}");
    add(&board, BOARD_VALUE, "client", "a table\nof lines\nof which one is longer than the column");
    board.packets = true;
    for (size_t from = 0; from < 4; from++)
        for (size_t to = 0; to < 4; to++) {
            struct board_packet packet = {
                from, to, STR("SYN ACK"), STR("世界世界世界世界"), STR("123456789 ×12"), from == 2};
            board_pass(&board, (unsigned)from + 1, &packet, 1);
            packet.from = from == 3 ? SIZE_MAX : from;
            packet.to = to == 3 ? SIZE_MAX : to;
            board_pass(&board, (unsigned)to + 1, &packet, 1);
        }
    wait_in(&board, "alice", "a_call_that_is_longer_than_a_column_of_the_screen 3  123456 s");
    for (size_t columns = 20; columns <= 210; columns++)
        for (size_t rows = 2; rows <= 51; rows += 7)
            check_size(&board, columns, rows);
    board.question = &question;
    board.answered = true;
    for (size_t columns = 60; columns <= 210; columns += 10)
        check_size(&board, columns, 18);
    board_finish(&board);
}

// --- what was done -------------------------------------------------------------------------------

Test(play, types_beside_what_others_say)
{
    struct board board = {0};
    play_hello(&board);
    board_type_begin(&board, named(&board, "client"));
    board_type(&board, STR("send c \"Mic"));
    add(&board, BOARD_VALUE, "server", "somebody knocks");
    cr_assert(shows(&board, "client> send c \"Mic_"));
    board_type(&board, STR("send c \"Michael\""));
    board_type_end(&board, true);
    cr_assert(shows(&board, "client> send c \"Michael\"\n"));
    board_type_begin(&board, named(&board, "client"));
    board_type(&board, STR("never"));
    add(&board, BOARD_VALUE, "server", "and again");
    board_type_end(&board, false);
    cr_assert(not(shows(&board, "never")));
    cr_assert(shows(&board, "and again"));
    board_clear(&board);
    cr_assert(not(shows(&board, "somebody knocks")));
    board_finish(&board);
}

Test(play, forgets_what_is_long_ago)
{
    struct board board = {0};
    play_hello(&board);
    for (unsigned i = 0; i < 10000; i++) {
        char text[20];
        snprintf(text, sizeof text, "line %u", i);
        meet(&board, "server", "client", "hello", "5");
        add(&board, BOARD_VALUE, "server", text);
    }
    cr_assert(shows(&board, "line 9999"));
    cr_assert(le(sz, board.count, 400));
    board_finish(&board);
}

Test(play, lets_no_control_character_through)
{
    struct board board = {0};
    play_hello(&board);
    add(&board, BOARD_VALUE, "server", "\033[2Jgone\a\tand here");
    meet(&board, "server", "client", "\033[31m", "\n1\n");
    add(&board, BOARD_VALUE, "server", "more");
    struct buffer picture = shown(&board, 100, 30);
    size_t harmless = 0;
    for (size_t i = 0; i < picture.size; i++)
        harmless += picture.data[i] == '\n' || (unsigned char)picture.data[i] >= ' ' ? 1 : 0;
    cr_assert(eq(sz, harmless, picture.size));
    buffer_finish(&picture);
    board_finish(&board);
}

Test(play, shows_no_calls_on_a_projector)
{
    struct board board = {0};
    play_hello(&board);
    board.projector = true;
    cr_assert(not(shows(&board, "accept(3")));
    cr_assert(shows(&board, "<─"));
    board_finish(&board);
}

Test(play, scrolls_a_page_no_further_than_it_goes)
{
    struct board board = {0};
    play_hello(&board);
    board.page = STR("one\n\ntwo\n\nthree\n\nfour\n\nfive\n\nsix\n\nseven\n\neight\n\nnine\n\nend");
    cr_assert(not(shows(&board, "\n end\n")));
    board.scrolled = 1000;
    cr_assert(shows(&board, "\n end\n"));
    cr_assert(lt(sz, board.scrolled, 20));
    board_finish(&board);
}

Test(play, knows_a_number_of_actors)
{
    struct board board = {0};
    for (unsigned i = 0; i < 100; i++) {
        char name[20];
        snprintf(name, sizeof name, "actor%u", i);
        add(&board, BOARD_VALUE, name, "1");
    }
    cr_assert(eq(sz, board.actor_count, BOARD_ACTORS));
    cr_assert(eq(sz, named(&board, "actor99"), SIZE_MAX));
    check_size(&board, 120, 30);
    board_finish(&board);
}
