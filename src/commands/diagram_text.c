// diagram_text: the picture as lines of a terminal.
//
// Each row is painted on a canvas of cells and then written without the blanks at its end. Calls
// stand outside the first and the last lifeline, states inside; what finds no room there gets a row
// of its own. Where there are more columns than fit beside each other, conversations follow below
// one another.

#include <stdlib.h>
#include <string.h>

#include "base/look.h"
#include "base/memory.h"
#include "base/message.h"
#include "base/utf8.h"
#include "commands/diagram.h"
#include "commands/diagram_canvas.h"
#include "commands/handles.h"

enum {
    LANES_MOST = 8,
    GAP_LEAST = 34,   // columns between two lifelines, where there are more than two …
    GAP_MOST = 76,    // … and at most
    MARGIN_LEAST = 8, // for calls, on either side
    MARGIN_MOST = 40,
    STATE = 13,         // columns before a lone lifeline: for ESTABLISHED
    COLUMNS_LEAST = 20, // of all; a narrower terminal wraps the lines
};
enum arrow { ARROW_WHOLE, ARROW_LOST, ARROW_MIDWAY }; // the last begins on the way

struct painter {
    const struct diagram *diagram;
    struct buffer *to;
    uint16_t talk; // only this one; DIAGRAM_NOBODY for all
    uint16_t lanes[LANES_MOST];
    size_t lane_count;
    size_t at[LANES_MOST];       // where the lifelines stand
    size_t left, right;          // columns outside
    unsigned inside[LANES_MOST]; // calls that are under way
    struct canvas canvas;
    struct buffer pending; // a line each: what found no room in its row: lane, side, text
};

// --- texts ---------------------------------------------------------------------------------------

// The words of a call; with how long it waited, where `wait` is NULL, and else that on its own.
static void show_call(const struct painter *painter, const struct diagram_event *event,
                      struct buffer *to, struct buffer *wait)
{
    struct buffer words = {0}, time = {0};
    diagram_show_call(event, SIZE_MAX, &words);
    if (event->kind != DIAGRAM_BEGIN)
        diagram_show_wait(event, &time);
    if (time.size > 0 && wait == NULL)
        buffer_print(to, _("%s after %s"), buffer_text(&words), buffer_text(&time));
    else
        buffer_add(to, buffer_str(&words));
    if (time.size > 0 && wait != NULL)
        buffer_print(wait, _("after %s"), buffer_text(&time));
    canvas_make_plain(&painter->canvas, to);
    buffer_finish(&words);
    buffer_finish(&time);
}

// How many calls the line hides at that endpoint.
static void show_folded(const struct painter *painter, const struct diagram_event *event,
                        uint16_t endpoint, struct buffer *to)
{
    if (event->at == endpoint || event->to == endpoint)
        diagram_show_folded(event, event->at == endpoint ? 0 : 1, to);
    canvas_make_plain(&painter->canvas, to);
}

// --- lanes ---------------------------------------------------------------------------------------

static size_t lane_of(const struct painter *painter, uint16_t endpoint)
{
    for (size_t i = 0; i < painter->lane_count; i++)
        if (painter->lanes[i] == endpoint)
            return i;
    return SIZE_MAX;
}

static bool is_first(const struct painter *painter, size_t lane)
{
    return lane == 0 && painter->lane_count > 1;
}

static bool is_last(const struct painter *painter, size_t lane)
{
    return lane + 1 == painter->lane_count;
}

static bool is_drawn(const struct painter *painter, const struct diagram_event *event)
{
    bool of_all = event->talk == DIAGRAM_NOBODY && event->kind == DIAGRAM_GAP;
    return painter->talk == DIAGRAM_NOBODY || event->talk == painter->talk || of_all ||
           event->kind == DIAGRAM_LEAP;
}

// Columns that the texts outside a lifeline want.
static size_t want_margin(const struct painter *painter, size_t lane)
{
    size_t most = MARGIN_LEAST;
    for (size_t i = 0; i < painter->diagram->count; i++) {
        const struct diagram_event *event = &painter->diagram->events[i];
        struct buffer text = {0};
        bool is_call = event->kind <= DIAGRAM_END && event->at == painter->lanes[lane];
        if (!is_drawn(painter, event))
            continue;
        if (is_call)
            show_call(painter, event, &text, NULL);
        else if (event->kind == DIAGRAM_FOLD)
            show_folded(painter, event, painter->lanes[lane], &text);
        else if (event->kind == DIAGRAM_PACKET && event->to == painter->lanes[lane])
            diagram_show_fate(&event->packet, &text);
        else if (event->kind == DIAGRAM_PACKET && event->at == painter->lanes[lane])
            diagram_show_mark(&event->packet, &text);
        size_t width = utf8_width(buffer_str(&text)) + 2;
        most = width > most ? width : most;
        buffer_finish(&text);
    }
    return most;
}

// How wide all of it may be at the least, with as many lifelines.
static size_t least_width(size_t lanes)
{
    return 2 * (MARGIN_LEAST + 6) + lanes + (lanes - 1) * GAP_LEAST;
}

// Whether a lone one talks to itself: calls stand before it then, as everywhere beside arrows.
static bool has_own_arrows(const struct painter *painter)
{
    for (size_t i = 0; i < painter->diagram->count; i++) {
        const struct diagram_event *event = &painter->diagram->events[i];
        if (event->kind == DIAGRAM_PACKET && is_drawn(painter, event) && event->at == event->to)
            return true;
    }
    return false;
}

static void lay_out(struct painter *painter)
{
    size_t count = painter->lane_count, columns = painter->canvas.columns;
    if (count == 1) {
        bool talks = has_own_arrows(painter);
        size_t left = talks ? want_margin(painter, 0) : STATE, most = columns / 4;
        painter->left = left > most ? most : left;
        painter->left = painter->left < STATE ? STATE : painter->left;
        painter->at[0] = painter->left;
        painter->right = columns - painter->left - 1;
        return;
    }
    size_t most = count == 2 ? columns / 4 : (columns - (count - 1) * GAP_LEAST - count) / 2;
    most = most > MARGIN_MOST ? MARGIN_MOST : most;
    size_t left = want_margin(painter, 0), right = want_margin(painter, count - 1);
    painter->left = left > most ? most : left;
    painter->right = right > most ? most : right;
    size_t gap = (columns - painter->left - painter->right - count) / (count - 1);
    gap = gap > GAP_MOST ? GAP_MOST : gap;
    for (size_t i = 0; i < count; i++)
        painter->at[i] = painter->left + i * (gap + 1);
    // What is left over goes to the right.
    painter->right = columns - painter->at[count - 1] - 1;
}

static void put_lifelines(struct painter *painter)
{
    canvas_clear(&painter->canvas);
    for (size_t i = 0; i < painter->lane_count; i++)
        canvas_put_glyph(&painter->canvas, painter->at[i],
                         painter->inside[i] > 0 ? GLYPH_INSIDE : GLYPH_LIFE, LOOK_PLAIN);
}

// --- headings ------------------------------------------------------------------------------------

// Over its lifeline, but beside the others.
static void put_heading(struct painter *painter, size_t lane, struct buffer *text)
{
    size_t count = painter->lane_count, at = painter->at[lane];
    size_t begin = lane == 0 ? 0 : (painter->at[lane - 1] + at) / 2 + 1;
    size_t end = lane + 1 == count ? painter->canvas.columns : (at + painter->at[lane + 1]) / 2;
    canvas_make_plain(&painter->canvas, text);
    canvas_cut(&painter->canvas, end - begin, text);
    size_t width = utf8_width(buffer_str(text));
    size_t from = at > begin + width / 2 ? at - width / 2 : begin;
    from = from + width > end ? end - width : from;
    canvas_put(&painter->canvas, from, buffer_str(text), LOOK_PLAIN);
    buffer_clear(text);
}

static void write_headings(struct painter *painter)
{
    struct buffer text = {0};
    canvas_clear(&painter->canvas);
    for (size_t i = 0; i < painter->lane_count; i++) {
        diagram_show_who(&painter->diagram->endpoints[painter->lanes[i]], &text);
        put_heading(painter, i, &text);
    }
    canvas_write(&painter->canvas, painter->to);
    canvas_clear(&painter->canvas);
    for (size_t i = 0; i < painter->lane_count; i++) {
        const struct diagram_endpoint *endpoint = &painter->diagram->endpoints[painter->lanes[i]];
        diagram_show_endpoint(endpoint, &text);
        if (endpoint->fd >= 0 && endpoint->address.version != 0) {
            buffer_add_text(&text, "  ");
            packet_end_show(&endpoint->address, &text);
        }
        put_heading(painter, i, &text);
    }
    canvas_write(&painter->canvas, painter->to);
    buffer_finish(&text);
}

// --- what stands beside a lifeline ---------------------------------------------------------------

// Columns that there are on that side of the lifeline, up to the next one or the edge.
static size_t room_at(const struct painter *painter, size_t lane, bool to_left)
{
    size_t at = painter->at[lane];
    if (to_left)
        return lane == 0 ? at : at - painter->at[lane - 1] - 1;
    return (is_last(painter, lane) ? painter->canvas.columns : painter->at[lane + 1]) - at - 1;
}

// Puts the text next to the lifeline, with a blank between, cut to what there is.
static void put_beside(struct painter *painter, size_t lane, bool to_left, struct buffer *text,
                       enum look look)
{
    size_t room = room_at(painter, lane, to_left), at = painter->at[lane];
    canvas_cut(&painter->canvas, room > 1 ? room - 1 : 0, text);
    size_t width = utf8_width(buffer_str(text));
    canvas_put(&painter->canvas, to_left ? at - 1 - width : at + 2, buffer_str(text), look);
}

// Keeps a text for a row of its own, next to the lifeline.
static void add_pending(struct painter *painter, size_t lane, bool to_left, struct str text)
{
    buffer_print(&painter->pending, "%zu%c%.*s\n", lane, to_left ? '<' : '>', STR_ARG(text));
}

// The lane and the side of a kept text.
static size_t take_pending(struct str *rest, bool *to_left, struct buffer *text)
{
    struct str line = str_take_line(rest);
    *to_left = line.data[1] == '<';
    buffer_clear(text);
    buffer_add(text, str_slice(line, 2, line.size));
    return (size_t)(line.data[0] - '0');
}

// A row for each, but for two that stand on both outsides.
static void write_pending(struct painter *painter)
{
    struct str rest = buffer_str(&painter->pending);
    struct buffer text = {0};
    bool to_left;
    while (rest.size > 0) {
        put_lifelines(painter);
        size_t lane = take_pending(&rest, &to_left, &text);
        put_beside(painter, lane, to_left, &text, LOOK_PLAIN);
        struct str next = rest;
        if (is_first(painter, lane) && to_left && next.size > 0) {
            lane = take_pending(&next, &to_left, &text);
            if (is_last(painter, lane) && !to_left) {
                put_beside(painter, lane, to_left, &text, LOOK_PLAIN);
                rest = next;
            }
        }
        canvas_write(&painter->canvas, painter->to);
    }
    buffer_finish(&text);
    buffer_clear(&painter->pending);
}

// Where arrows come from and go to stand no words: the other side, or outside.
static bool stands_left(const struct painter *painter, size_t lane,
                        const struct diagram_event *arrow)
{
    bool own = arrow != NULL && arrow->at == arrow->to;
    if (is_first(painter, lane) || is_last(painter, lane))
        return is_first(painter, lane) || (own && painter->lane_count == 1);
    return arrow != NULL && (own || lane_of(painter, arrow->to) > lane);
}

// Words that are too long for their place are put in several rows: what came of the call below its
// name, and how long it waited below that.
static void put_call(struct painter *painter, const struct diagram_event *event, size_t lane,
                     bool to_left)
{
    struct buffer text = {0}, wait = {0};
    enum look look = event->call.failed ? LOOK_BAD : LOOK_PLAIN;
    size_t room = room_at(painter, lane, to_left) - 1;
    show_call(painter, event, &text, NULL);
    if (utf8_width(buffer_str(&text)) > room) {
        buffer_clear(&text);
        show_call(painter, event, &text, &wait);
    }
    size_t equals = str_find(buffer_str(&text), STR(" = "), 0);
    if (utf8_width(buffer_str(&text)) > room && equals != SIZE_MAX) {
        add_pending(painter, lane, to_left, str_slice(buffer_str(&text), equals + 1, text.size));
        text.size = equals;
    }
    if (wait.size > 0)
        add_pending(painter, lane, to_left, buffer_str(&wait));
    put_beside(painter, lane, to_left, &text, look);
    buffer_finish(&text);
    buffer_finish(&wait);
}

static void paint_call(struct painter *painter, const struct diagram_event *event,
                       const struct diagram_event *arrow)
{
    size_t lane = lane_of(painter, event->at);
    if (lane == SIZE_MAX)
        return;
    bool to_left = stands_left(painter, lane, arrow);
    put_call(painter, event, lane, to_left);
    if (arrow == NULL)
        canvas_put_glyph(&painter->canvas, painter->at[lane],
                         to_left ? GLYPH_FROM_RIGHT : GLYPH_FROM_LEFT, LOOK_PLAIN);
    painter->inside[lane] += event->kind == DIAGRAM_BEGIN;
    painter->inside[lane] -= event->kind == DIAGRAM_END && painter->inside[lane] > 0;
}

// Inside the first and the last lifeline, and before the others.
static void paint_state(struct painter *painter, const struct diagram_event *event)
{
    size_t lane = lane_of(painter, event->at);
    struct buffer text = {0};
    if (lane == SIZE_MAX)
        return;
    if (event->state.by_kernel)
        buffer_print(&text, _("%s, says the kernel"), event->state.name);
    else
        buffer_add_text(&text, event->state.name);
    bool to_left = lane > 0 || painter->lane_count == 1;
    put_beside(painter, lane, to_left, &text, handles_look_of_state(event->state.name));
    buffer_finish(&text);
}

// --- arrows --------------------------------------------------------------------------------------

// The words stand at the arrow's tail, what is to be known besides where it arrives.
static void put_arrow(struct painter *painter, size_t from, size_t to, struct buffer *label,
                      enum arrow arrow, enum look look)
{
    bool right = to > from, lost = arrow == ARROW_LOST;
    size_t a = painter->at[from], b = painter->at[to], width = utf8_width(buffer_str(label));
    size_t whole = right ? b - a : a - b, away = arrow == ARROW_MIDWAY ? whole / 4 : 0;
    away = away + width + 6 <= whole ? away : arrow == ARROW_MIDWAY;
    size_t length = whole - away, end = lost ? length * 3 / 4 : length - 1;
    a = right ? a + away : a - away;
    if (end < width + 5)
        end = width + 5 < length - 1 ? width + 5 : length - 1;
    enum glyph tail = right ? GLYPH_FROM_LEFT : GLYPH_FROM_RIGHT;
    canvas_put_glyph(&painter->canvas, a, away > 0 ? GLYPH_LINE : tail, LOOK_PLAIN);
    for (size_t i = 1; i < end; i++) {
        size_t at = right ? a + i : a - i;
        bool crosses = painter->canvas.cells[at].size > 0;
        canvas_put_glyph(&painter->canvas, at, crosses ? GLYPH_CROSS : GLYPH_LINE, look);
    }
    size_t tip = right ? a + end : a - end;
    if (lost)
        canvas_put_glyph(&painter->canvas, tip, GLYPH_LOST, LOOK_BAD);
    else
        canvas_put(&painter->canvas, tip, right ? STR(">") : STR("<"), look);
    buffer_add_char(label, ' ');
    size_t begin = right ? a + 2 : a > 3 + width ? a - 3 - width : 0;
    canvas_put(&painter->canvas, begin, STR(" "), look);
    canvas_put(&painter->canvas, begin + 1, buffer_str(label), look);
}

// Beside the lifeline outside; in a row of its own where there is none, or no room.
static void paint_note(struct painter *painter, size_t lane, struct buffer *note, enum look look)
{
    canvas_make_plain(&painter->canvas, note);
    bool outside = is_first(painter, lane) || is_last(painter, lane);
    size_t width = utf8_width(buffer_str(note)), room = room_at(painter, lane, lane == 0);
    if (width > 0 && outside && width < room)
        put_beside(painter, lane, lane == 0, note, look);
    else if (width > 0)
        add_pending(painter, lane, lane > 0, buffer_str(note));
    buffer_finish(note);
}

// To which side an arrow from a lifeline to itself runs: the last one has others on its left.
static bool runs_left(const struct painter *painter, size_t lane)
{
    return lane > 0 && is_last(painter, lane);
}

// Words say that it comes back.
static void paint_own(struct painter *painter, const struct diagram_event *event, size_t lane)
{
    bool to_left = runs_left(painter, lane), ascii = painter->canvas.ascii;
    bool lost = event->packet.lost != DIAGRAM_ARRIVED;
    const char *line = ascii ? "-" : "─", *end = lost ? (ascii ? "x" : "╳") : to_left ? "<" : ">";
    size_t room = room_at(painter, lane, to_left) - 1, at = painter->at[lane];
    struct buffer label = {0}, text = {0}, note = {0};
    size_t words = utf8_width(str_from(_("itself"))) + 6;
    diagram_show_packet(&event->packet, room > words ? room - words : 0, &label);
    canvas_make_plain(&painter->canvas, &label);
    if (to_left)
        buffer_print(&text, "%s %s%s %s %s", _("itself"), end, line, buffer_text(&label), line);
    else
        buffer_print(&text, "%s %s %s%s %s", line, buffer_text(&label), line, end, _("itself"));
    canvas_cut(&painter->canvas, room, &text);
    size_t width = utf8_width(buffer_str(&text));
    enum look look = lost ? LOOK_BAD : LOOK_PLAIN;
    canvas_put_glyph(&painter->canvas, at, to_left ? GLYPH_FROM_RIGHT : GLYPH_FROM_LEFT,
                     LOOK_PLAIN);
    canvas_put(&painter->canvas, to_left ? at - width : at + 1, buffer_str(&text), look);
    diagram_show_note(&event->packet, &note);
    canvas_make_plain(&painter->canvas, &note);
    if (note.size > 0)
        add_pending(painter, lane, to_left, buffer_str(&note));
    buffer_finish(&label);
    buffer_finish(&text);
    buffer_finish(&note);
}

static void paint_packet(struct painter *painter, const struct diagram_event *event)
{
    size_t from = lane_of(painter, event->at), to = lane_of(painter, event->to);
    struct buffer label = {0}, mark = {0}, fate = {0};
    if (from == SIZE_MAX || to == SIZE_MAX)
        return;
    if (from == to) {
        paint_own(painter, event, from);
        return;
    }
    bool right = to > from, lost = event->packet.lost != DIAGRAM_ARRIVED;
    bool midway = event->packet.kind == PACKET_UNREACHABLE && event->packet.router[0] != '\0';
    size_t inner =
        right ? painter->at[to] - painter->at[from] : painter->at[from] - painter->at[to];
    size_t around = (painter->canvas.ascii ? 8U : 6U) + (lost ? 2U : 0U);
    diagram_show_packet(&event->packet, inner > around ? inner - around : 0, &label);
    canvas_make_plain(&painter->canvas, &label);
    enum arrow arrow = lost ? ARROW_LOST : midway ? ARROW_MIDWAY : ARROW_WHOLE;
    put_arrow(painter, from, to, &label, arrow,
              lost                               ? LOOK_BAD
              : event->packet.mark == FLOW_AGAIN ? LOOK_UNDER_WAY
                                                 : LOOK_PLAIN);
    diagram_show_mark(&event->packet, &mark);
    diagram_show_fate(&event->packet, &fate);
    paint_note(painter, from, &mark, LOOK_UNDER_WAY);
    paint_note(painter, to, &fate, lost ? LOOK_BAD : LOOK_PLAIN);
    buffer_finish(&label);
}

// What it hides of the calls there; what finds no room gets a row of its own.
static void put_folded(struct painter *painter, const struct diagram_event *event, size_t lane)
{
    struct buffer text = {0};
    bool to_left = stands_left(painter, lane, event);
    size_t room = room_at(painter, lane, to_left) - 1;
    show_folded(painter, event, painter->lanes[lane], &text);
    size_t comma = str_find(buffer_str(&text), STR(", "), 0);
    if (utf8_width(buffer_str(&text)) > room && comma != SIZE_MAX) {
        add_pending(painter, lane, to_left, str_slice(buffer_str(&text), comma + 2, text.size));
        text.size = comma + 1;
    }
    bool alone = event->fold.packets + event->fold.packets_back == 0;
    if (text.size > 0 && alone)
        canvas_put_glyph(&painter->canvas, painter->at[lane],
                         to_left ? GLYPH_FROM_RIGHT : GLYPH_FROM_LEFT, LOOK_PLAIN);
    put_beside(painter, lane, to_left, &text, LOOK_FAINT);
    buffer_finish(&text);
}

// In the place of many packets; where that is too narrow, the words without the arrow.
static void paint_fold(struct painter *painter, const struct diagram_event *event)
{
    size_t from = lane_of(painter, event->at), to = lane_of(painter, event->to);
    struct buffer text = {0};
    if (from == SIZE_MAX || to == SIZE_MAX)
        return;
    diagram_show_count(event, &text);
    canvas_make_plain(&painter->canvas, &text);
    size_t a = painter->at[from], b = painter->at[to], width = utf8_width(buffer_str(&text));
    size_t room = (a < b ? b - a : a - b) - 1;
    if (from == to) {
        put_beside(painter, from, runs_left(painter, from), &text, LOOK_FAINT);
    } else if (width > 0 && width + 5 <= room && event->fold.octets_back == 0) {
        put_arrow(painter, from, to, &text, ARROW_WHOLE, LOOK_FAINT);
    } else {
        canvas_cut(&painter->canvas, room, &text);
        canvas_put(&painter->canvas, (a < b ? a : b) + (width < room ? 2 : 1), buffer_str(&text),
                   LOOK_FAINT);
    }
    put_folded(painter, event, from < to ? from : to);
    if (from != to)
        put_folded(painter, event, from < to ? to : from);
    buffer_finish(&text);
}

// A line of its own: something is missing here.
static void paint_count(struct painter *painter, const struct diagram_event *event)
{
    struct buffer text = {0};
    diagram_show_count(event, &text);
    canvas_make_plain(&painter->canvas, &text);
    canvas_clear(&painter->canvas);
    canvas_cut(&painter->canvas, painter->canvas.columns - 4, &text);
    canvas_put(&painter->canvas, 4, buffer_str(&text), LOOK_BAD);
    for (size_t i = 0; i < painter->lane_count && event->kind == DIAGRAM_LEAP; i++)
        painter->inside[i] = 0; // what ended meanwhile is not told
    buffer_finish(&text);
}

// --- rows ----------------------------------------------------------------------------------------

// All events of one row. Arrows come first: words stand over them.
static void paint_row(struct painter *painter, const struct diagram_event *events, size_t count)
{
    const struct diagram_event *arrow = NULL;
    bool drawn = false;
    put_lifelines(painter);
    for (size_t i = 0; i < count; i++) {
        if (!is_drawn(painter, &events[i]))
            continue;
        drawn = true;
        if (events[i].kind == DIAGRAM_PACKET) {
            arrow = &events[i];
            paint_packet(painter, arrow);
        } else if (events[i].kind == DIAGRAM_FOLD) {
            paint_fold(painter, &events[i]);
        } else if (events[i].kind >= DIAGRAM_GAP) {
            paint_count(painter, &events[i]);
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (!is_drawn(painter, &events[i]))
            continue;
        if (events[i].kind <= DIAGRAM_END)
            paint_call(painter, &events[i], arrow);
        else if (events[i].kind == DIAGRAM_STATE)
            paint_state(painter, &events[i]);
    }
    if (drawn)
        canvas_write(&painter->canvas, painter->to);
    write_pending(painter);
}

static void write_ladder(struct painter *painter)
{
    const struct diagram *diagram = painter->diagram;
    memset(painter->inside, 0, sizeof painter->inside);
    lay_out(painter);
    write_headings(painter);
    for (size_t i = 0; i < diagram->count;) {
        size_t end = i;
        while (end < diagram->count && diagram->events[end].row == diagram->events[i].row)
            end++;
        paint_row(painter, &diagram->events[i], end - i);
        i = end;
    }
}

// A ladder for each conversation.
static void write_talks(struct painter *painter)
{
    for (size_t i = 0; i < painter->diagram->talk_count; i++) {
        const struct diagram_talk *talk = &painter->diagram->talks[i];
        painter->talk = (uint16_t)i;
        painter->lane_count = talk->ends[1] == DIAGRAM_NOBODY ? 1 : 2;
        memcpy(painter->lanes, talk->ends, sizeof talk->ends);
        if (i > 0)
            buffer_add_char(painter->to, '\n');
        write_ladder(painter);
    }
}

void diagram_write_text(const struct diagram *diagram, size_t columns, bool ascii,
                        struct buffer *to)
{
    struct painter *painter = mem_zero(sizeof *painter);
    size_t count = diagram->endpoint_count;
    columns = columns < COLUMNS_LEAST ? COLUMNS_LEAST : columns;
    *painter = (struct painter){
        .diagram = diagram,
        .to = to,
        .canvas = {.ascii = ascii, .columns = columns > CANVAS_COLUMNS ? CANVAS_COLUMNS : columns},
        .talk = DIAGRAM_NOBODY};
    if (diagram->left_out > 0)
        buffer_print(to, _("%llu earlier conversations are not drawn; diagram HANDLE draws one\n"),
                     (unsigned long long)diagram->left_out);
    if (count >= 2 && count <= LANES_MOST && least_width(count) <= painter->canvas.columns) {
        painter->lane_count = count;
        for (size_t i = 0; i < count; i++)
            painter->lanes[i] = (uint16_t)i;
        write_ladder(painter);
    } else {
        write_talks(painter);
    }
    buffer_finish(&painter->pending);
    free(painter);
}
