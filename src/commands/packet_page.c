// packet_page: boxes of fields; those of a packet stand below each other, or side by side.

#include "commands/packet_page.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "actor/ties.h"
#include "base/memory.h"
#include "base/message.h"
#include "base/utf8.h"
#include "base/wrap.h"
#include "commands/packet_fields.h"

enum {
    OCTETS_A_LINE = 4, // as the header's picture in its RFC
    OCTETS_WIDTH = OCTETS_A_LINE * 3 - 1,
    GAP = 2,
    FRAME = 4,       // a line and a blank on each side
    WIDTH_MOST = 78, // of one box
};

// --- lines of a box ------------------------------------------------------------------------------

// What stands in the box's frame, line by line; owned.
struct lines {
    char **items;
    size_t count, capacity;
    size_t width; // of the widest, in columns
};

static void add_line(struct lines *lines, struct buffer *text)
{
    size_t width = utf8_width(buffer_str(text));
    lines->items = mem_grow(lines->items, lines->count, &lines->capacity, sizeof *lines->items);
    lines->items[lines->count++] = mem_copy(buffer_str(text));
    lines->width = width > lines->width ? width : lines->width;
    buffer_clear(text);
}

static void finish_lines(struct lines *lines)
{
    for (size_t i = 0; i < lines->count; i++)
        free(lines->items[i]);
    free(lines->items);
}

static size_t widest_label(const struct packet_fields *fields)
{
    size_t widest = 0;
    for (size_t i = 0; i < fields->count; i++) {
        size_t width = utf8_width(str_from(fields->items[i].label));
        widest = width > widest ? width : widest;
    }
    return widest;
}

// A few octets, and blanks up to the next column.
static void add_octets(struct str octets, struct buffer *to)
{
    for (size_t i = 0; i < OCTETS_A_LINE; i++) {
        if (i < octets.size)
            buffer_print(to, "%s%02x", i ? " " : "", (unsigned char)octets.data[i]);
        else
            buffer_add_text(to, i ? "   " : "  ");
    }
}

// As many lines as its octets and its meaning take, side by side.
static void add_field(const struct packet_field *field, size_t label_width, size_t room,
                      struct lines *lines)
{
    struct buffer text = {0};
    struct str meaning = buffer_str(&field->meaning), octets = field->octets;
    size_t label = utf8_width(str_from(field->label));
    for (bool first = true; first || octets.size > 0 || meaning.size > 0; first = false) {
        size_t size = meaning.size > 0 ? wrap_size(meaning, room) : 0;
        struct str part = str_trim(str_slice(meaning, 0, size), " ");
        buffer_print(&text, "%s%*s", first ? field->label : "",
                     (int)(label_width - (first ? label : 0) + GAP), "");
        add_octets(octets, &text);
        if (part.size > 0)
            buffer_print(&text, "%*s%.*s", GAP, "", STR_ARG(part));
        octets = str_slice(octets, octets.size < OCTETS_A_LINE ? octets.size : OCTETS_A_LINE,
                           octets.size);
        meaning = str_slice(meaning, size, meaning.size);
        add_line(lines, &text);
    }
    buffer_finish(&text);
}

// Text without fields, over the whole width.
static void add_text(struct str rest, size_t room, struct lines *lines)
{
    struct buffer text = {0};
    while (rest.size > 0) {
        size_t size = wrap_size(rest, room);
        buffer_add(&text, str_trim(str_slice(rest, 0, size), " "));
        add_line(lines, &text);
        rest = str_slice(rest, size, rest.size);
    }
    buffer_finish(&text);
}

// --- the frame -----------------------------------------------------------------------------------

// "┌─ title ─────┐", or what closes a box.
static void add_edge(const char *left, const char *title, const char *right, size_t width,
                     struct buffer *text)
{
    size_t taken = utf8_width(str_from(title));
    buffer_print(text, "%s─%s%s%s", left, taken ? " " : "", title, taken ? " " : "");
    for (size_t i = taken ? taken + 3 : 1; i < width - 2; i++)
        buffer_add_text(text, "─");
    buffer_add_text(text, right);
}

// Puts a frame around the lines; each is then as wide as the others.
static void frame_lines(struct lines *lines, const char *title, struct lines *framed)
{
    struct buffer text = {0};
    size_t title_width = utf8_width(str_from(title)) + 2;
    size_t inner = lines->width > title_width ? lines->width : title_width;
    add_edge("┌", title, "┐", inner + FRAME, &text);
    add_line(framed, &text);
    for (size_t i = 0; i < lines->count; i++) {
        size_t width = utf8_width(str_from(lines->items[i]));
        buffer_print(&text, "│ %s%*s │", lines->items[i], (int)(inner - width), "");
        add_line(framed, &text);
    }
    add_edge("└", "", "┘", inner + FRAME, &text);
    add_line(framed, &text);
    buffer_finish(&text);
}

// A box no wider than `columns`.
static void make_box(const struct packet_fields *fields, size_t columns, struct lines *framed)
{
    struct lines lines = {0};
    size_t width = columns < WIDTH_MOST ? columns : WIDTH_MOST;
    size_t label = widest_label(fields), taken = FRAME + label + GAP + OCTETS_WIDTH + GAP;
    size_t room = width > taken + 8 ? width - taken : 8;
    for (size_t i = 0; i < fields->count; i++)
        add_field(&fields->items[i], label, room, &lines);
    add_text(buffer_str(&fields->text), width - FRAME, &lines);
    frame_lines(&lines, buffer_text((struct buffer *)&fields->title), framed);
    finish_lines(&lines);
}

// --- the page ------------------------------------------------------------------------------------

// Two boxes side by side; the lower one ends earlier.
static void show_beside(const struct lines *left, const struct lines *right, struct buffer *to)
{
    size_t count = left->count > right->count ? left->count : right->count;
    for (size_t i = 0; i < count; i++) {
        const char *line = i < left->count ? left->items[i] : "";
        buffer_add_text(to, line);
        if (i < right->count)
            buffer_print(to, "%*s%s", (int)(left->width - utf8_width(str_from(line)) + GAP), "",
                         right->items[i]);
        buffer_add_char(to, '\n');
    }
}

static void show_lines(const struct lines *lines, struct buffer *to)
{
    for (size_t i = 0; i < lines->count; i++)
        buffer_print(to, "%s\n", lines->items[i]);
}

// The first two beside each other where both fit.
static void show_boxes(const struct lines *boxes, size_t count, size_t columns, struct buffer *to)
{
    size_t i = 0;
    if (count >= 2 && boxes[0].width + GAP + boxes[1].width <= columns) {
        show_beside(&boxes[0], &boxes[1], to);
        i = 2;
    }
    for (; i < count; i++)
        show_lines(&boxes[i], to);
}

static void show_end(bool known, const struct call_socket *socket, const struct packet_end *end,
                     struct buffer *to)
{
    if (known)
        packet_show_socket(socket, to);
    else
        packet_end_show(end, to);
}

// Why it was sent: by a call, or by the kernel itself, and when it is not the first time.
static void show_reason(const struct capture_packet *from, const struct packet *packet,
                        const struct tie *tie, struct buffer *to)
{
    struct call_row cause;
    int side = from->place.side;
    if (from->place.mark == FLOW_AGAIN)
        buffer_print(to, "%s\n", _("sent again by the kernel: no acknowledgement had come"));
    else if (from->place.mark == FLOW_KEEPALIVE)
        buffer_print(to, "%s\n", _("the kernel asks whether the peer is still there"));
    else if (from->place.mark == FLOW_PROBE)
        buffer_print(to, "%s\n", _("the kernel asks whether the peer has room again"));
    else if (from->place.mark == FLOW_ONWARD)
        buffer_print(to, "%s\n", _("passed on: it was seen before at another interface"));
    else if (tie->known[side] && !packet_is_called_for(from, packet))
        buffer_print(to, "%s\n", _("sent by the kernel itself, without a call"));
    else if (tie->known[side] && calls_find_cause(tie->sockets[side].serial, from->time, &cause))
        buffer_print(to, _("sent upon a call of %s: %s\n"), cause.actor, cause.command);
}

static void show_head(const struct capture_packet *from, const struct packet *packet,
                      const struct tie *tie, struct buffer *to)
{
    struct buffer sender = {0}, receiver = {0};
    struct capture_point point;
    int side = from->place.side;
    show_end(tie->known[side] && !packet->by_router, &tie->sockets[side], &packet->from, &sender);
    show_end(tie->known[!side], &tie->sockets[!side], &packet->to, &receiver);
    buffer_print(to, _("packet %llu, from %s to %s, %.3f ms after the first\n"),
                 (unsigned long long)from->number, buffer_text(&sender), buffer_text(&receiver),
                 (double)(from->time - capture_range().begin) / 1e6);
    if (capture_get_point(1, &point) && capture_get_point(from->point, &point))
        buffer_print(to,
                     point.host[0] ? _("seen at %s of the host %s\n")
                                   : _("seen at %s of the run's own network\n"),
                     point.name, point.host);
    show_reason(from, packet, tie, to);
    if (from->stopped)
        buffer_print(to, "%s\n", _("lost on the way: a cable is pulled, and it arrives nowhere"));
    buffer_finish(&sender);
    buffer_finish(&receiver);
}

void packet_page(const struct capture_packet *from, size_t columns, struct buffer *to)
{
    struct packet packet;
    struct packet_fields fields[PACKET_BOXES] = {0};
    struct lines boxes[PACKET_BOXES] = {0};
    struct ties ties = {0};
    packet_read((struct str){from->octets, from->kept}, from->length, &packet);
    show_head(from, &packet, ties_find(&ties, from->place.flow), to);
    size_t count = packet_list_fields(from, &packet, fields);
    for (size_t i = 0; i < count; i++) {
        make_box(&fields[i], columns, &boxes[i]);
        packet_fields_finish(&fields[i]);
    }
    show_boxes(boxes, count, columns, to);
    for (size_t i = 0; i < count; i++)
        finish_lines(&boxes[i]);
    ties_finish(&ties);
}
