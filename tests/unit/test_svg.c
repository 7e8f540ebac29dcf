// test_svg: the picture as SVG: what is in it, and what does not get in.

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "commands/diagram.h"
#include "commands/svg.h"

static struct buffer escaped(struct str text)
{
    struct buffer shown = {0};
    svg_escape(text, &shown);
    return shown;
}

static void check_escaped(struct str text, const char *wanted)
{
    struct buffer shown = escaped(text);
    cr_assert(eq(str, (char *)buffer_text(&shown), (char *)wanted));
    buffer_finish(&shown);
}

Test(svg, lets_no_markup_through)
{
    check_escaped(STR("</text><script>alert('x')</script>"),
                  "&lt;/text&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;");
    check_escaped(STR("\"&amp;\" ]]>"), "&quot;&amp;amp;&quot; ]]&gt;");
    check_escaped(STR("张三"), "张三");
}

// Controls, what is no UTF-8, characters that XML has not, and those that turn a line around.
Test(svg, shows_no_control_characters)
{
    check_escaped(STR("a\033[2Jb\n\t\x7f"), "a�[2Jb���");
    check_escaped((struct str){"\0", 1}, "�");
    check_escaped(STR("\xff\xc3("), "��(");
    check_escaped(STR("a\xe2\x80\xae"
                      "b\xef\xbf\xbe\xc2\x9b"),
                  "a�b��");
}

// --- a picture by hand ---------------------------------------------------------------------------

static struct diagram picture;

static struct diagram_event *add(enum diagram_kind kind, uint16_t at, bool beside)
{
    static size_t capacity;
    if (picture.count == 0)
        capacity = 0;
    picture.events = mem_grow(picture.events, picture.count, &capacity, sizeof *picture.events);
    if (!beside)
        picture.rows++;
    struct diagram_event *event = &picture.events[picture.count++];
    *event = (struct diagram_event){
        .kind = kind, .at = at, .to = DIAGRAM_NOBODY, .row = (uint32_t)picture.rows - 1};
    return event;
}

static void add_end(const char *actor, const char *name, int fd, uint16_t port)
{
    static size_t capacity;
    if (picture.endpoint_count == 0)
        capacity = 0;
    picture.endpoints =
        mem_grow(picture.endpoints, picture.endpoint_count, &capacity, sizeof *picture.endpoints);
    struct diagram_endpoint *end = &picture.endpoints[picture.endpoint_count++];
    *end = (struct diagram_endpoint){.fd = fd,
                                     .serial = (uint64_t)fd,
                                     .protocol = IPPROTO_TCP,
                                     .address = {.ip = {127, 0, 0, 1}, .port = port, .version = 4}};
    snprintf(end->actor, sizeof end->actor, "%s", actor);
    snprintf(end->name, sizeof end->name, "%s", name);
}

static struct diagram_event *add_call(enum diagram_kind kind, uint16_t at, bool beside,
                                      const char *command, const char *outcome)
{
    struct diagram_event *event = add(kind, at, beside);
    event->call.command = command;
    event->call.number = (uint64_t)at + 1;
    snprintf(event->call.outcome, sizeof event->call.outcome, "%s", outcome);
    return event;
}

static struct diagram_packet *add_packet(uint16_t from, uint16_t to, uint8_t flags,
                                         const char *data)
{
    struct diagram_event *event = add(DIAGRAM_PACKET, from, false);
    event->to = to;
    event->packet = (struct diagram_packet){.number = picture.count,
                                            .kind = PACKET_TCP,
                                            .flags = flags,
                                            .size = (uint32_t)strlen(data)};
    event->packet.data_size = (uint8_t)strlen(data);
    memcpy(event->packet.data, data, strlen(data));
    return &event->packet;
}

static void add_state(uint16_t at, const char *name)
{
    add(DIAGRAM_STATE, at, true)->state.name = name;
}

static void draw_dialogue(const char *data)
{
    picture = (struct diagram){0};
    add_end("client", "c", 4, 45678);
    add_end("server", "l", 3, 9999);
    picture.talks = mem_zero(sizeof *picture.talks);
    picture.talks[0] = (struct diagram_talk){{0, 1}};
    picture.talk_count = 1;
    add_call(DIAGRAM_BEGIN, 1, false, "accept", "");
    add_call(DIAGRAM_CALL, 0, false, "connect", "");
    add_packet(0, 1, PACKET_SYN, "");
    add_packet(1, 0, PACKET_SYN | PACKET_ACK, "");
    add_call(DIAGRAM_END, 1, false, "accept", "5")->call.waited = 41000000000;
    add_state(1, "ESTABLISHED");
    add_packet(0, 1, PACKET_PSH | PACKET_ACK, data)->lost = DIAGRAM_LOST_DROP;
    add_packet(0, 1, PACKET_PSH | PACKET_ACK, data)->mark = FLOW_AGAIN;
    add(DIAGRAM_GAP, DIAGRAM_NOBODY, false)->missing = 12;
    add_call(DIAGRAM_BEGIN, 1, false, "recv", "");
    add_packet(0, DIAGRAM_NOBODY, PACKET_RST, "");
}

static struct buffer drawn(void)
{
    struct buffer svg = {0};
    diagram_write_svg(&picture, &svg);
    diagram_finish(&picture);
    return svg;
}

static size_t count_of(const struct buffer *svg, const char *text)
{
    size_t count = 0, at = 0;
    while ((at = str_find(buffer_str(svg), str_from(text), at)) != SIZE_MAX) {
        count++;
        at++;
    }
    return count;
}

Test(svg, draws_a_dialogue)
{
    draw_dialogue("Michael");
    struct buffer svg = drawn();
    cr_assert(eq(sz, count_of(&svg, "class=\"life\""), 2));
    cr_assert(eq(sz, count_of(&svg, "class=\"end\""), 2));
    cr_assert(eq(sz, count_of(&svg, "<polygon"), 4), "the lost one has no head");
    cr_assert(eq(sz, count_of(&svg, "<line class=\"reset\""), 3), "a cross, and a reset");
    cr_assert(eq(sz, count_of(&svg, "class=\"data again\""), 1));
    cr_assert(eq(sz, count_of(&svg, "class=\"wait\""), 1));
    cr_assert(eq(sz, count_of(&svg, "class=\"open\""), 1), "recv still waits");
    cr_assert(eq(sz, count_of(&svg, "class=\"good\""), 1));
    cr_assert(eq(sz, count_of(&svg, "&quot;Michael&quot;"), 2));
    cr_assert(eq(sz, count_of(&svg, "41 s"), 1));
    buffer_finish(&svg);
}

Test(svg, has_nothing_to_load_or_run)
{
    draw_dialogue("</text><script>&\033[2J\xff");
    struct buffer svg = drawn();
    static const char *const never[] = {"<script", "href",   "url(", "@import", "<image",
                                        "\033",    "onload", "<use", "\xff",    "&\\"};
    for (size_t i = 0; i < sizeof never / sizeof *never; i++)
        cr_assert(eq(sz, count_of(&svg, never[i]), 0), "%s", never[i]);
    cr_assert(eq(sz, count_of(&svg, "http"), 1), "the name of SVG");
    cr_assert(ge(sz, count_of(&svg, "&lt;/text&gt;"), 1));
    buffer_finish(&svg);
}

// More than stand side by side: a ladder for each conversation.
Test(svg, draws_many_below_each_other)
{
    picture = (struct diagram){0};
    add_end("server", "l", 3, 9999);
    picture.talks = mem_zero(9 * sizeof *picture.talks);
    for (uint16_t i = 0; i < 9; i++) {
        add_end("client", "c", 4 + i, (uint16_t)(40000 + i));
        picture.talks[picture.talk_count++] = (struct diagram_talk){{(uint16_t)(i + 1), 0}};
        add_packet((uint16_t)(i + 1), 0, PACKET_SYN, "");
        picture.events[picture.count - 1].talk = i;
    }
    struct buffer svg = drawn();
    cr_assert(eq(sz, count_of(&svg, "class=\"life\""), 18));
    cr_assert(eq(sz, count_of(&svg, "<polygon"), 9));
    cr_assert(eq(sz, count_of(&svg, ">9 c<"), 1));
    buffer_finish(&svg);
}

Test(svg, what_waits_where_rows_are_left_out_is_not_said_to_wait_still)
{
    draw_dialogue("Michael");
    add(DIAGRAM_LEAP, DIAGRAM_NOBODY, false)->leap.packets = 1000;
    add_packet(1, 0, PACKET_PSH | PACKET_ACK, "Hello");
    struct buffer svg = drawn();
    cr_assert(eq(sz, count_of(&svg, "class=\"open\""), 0));
    cr_assert(eq(sz, count_of(&svg, "class=\"wait\""), 2));
    buffer_finish(&svg);
}

Test(svg, draws_nothing)
{
    picture = (struct diagram){0};
    struct buffer svg = drawn();
    cr_assert(eq(sz, count_of(&svg, "</svg>"), 1));
    buffer_finish(&svg);
}
