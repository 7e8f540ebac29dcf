// svg_ladder: row by row from top to bottom. What waits is drawn behind, texts in front.

#include "commands/svg_ladder.h"

#include <stdio.h>
#include <string.h>

#include "base/message.h"
#include "base/utf8.h"
#include "base/wrap.h"
#include "commands/svg.h"

// Pixels, unless something else is said.
enum {
    HEAD = 66,         // of the box over a lifeline
    BEFORE = 13,       // above what stands in a row: a call, a state …
    BEFORE_LABEL = 21, // … an arrow with its label
    BEHIND = 7,        // below it
    LINE = 15,         // one more line of text below it
    BAR = 9,           // how wide a wait is
    WAITS = 32,        // that are under way at a time
    ENDS_AT = 75,      // percent of its way, where a lost packet ends
};

struct wait {
    uint64_t call;
    size_t column;
    int y, shift;
};

// One ladder while it is drawn.
struct ladder {
    const struct svg_ladder *is;
    int span;                        // between two lifelines
    uint32_t first, last;            // rows of what is its own
    int top, y;                      // of its lifelines; of the row at hand, where arrows run
    int below;                       // how much of what stands below them is taken
    const struct diagram_event *row; // the row at hand
    size_t row_count;
    struct wait waits[WAITS];
    size_t wait_count;
    struct buffer bars, front;
};

// --- places --------------------------------------------------------------------------------------

static size_t column_of(const struct ladder *ladder, uint16_t endpoint)
{
    for (size_t i = 0; i < ladder->is->count; i++)
        if (ladder->is->ends[i] == endpoint)
            return i;
    return SIZE_MAX;
}

static int x_of(const struct ladder *ladder, size_t column)
{
    return SVG_SIDE + (int)column * ladder->span;
}

static bool is_arrow(const struct diagram_event *event)
{
    return event->kind == DIAGRAM_PACKET || event->kind == DIAGRAM_FOLD;
}

// Whether the row at hand has one, anywhere.
static bool has_arrow(const struct ladder *ladder)
{
    for (size_t i = 0; i < ladder->row_count; i++)
        if (is_arrow(&ladder->row[i]))
            return true;
    return false;
}

// Whether calls stand on the left of a lifeline, and states on its right: of the first one, and of
// those in the middle where an arrow is on the right.
static bool is_left(const struct ladder *ladder, size_t column)
{
    if (column == 0 || column == ladder->is->count - 1)
        return column == 0;
    for (size_t i = 0; i < ladder->row_count; i++) {
        const struct diagram_event *event = &ladder->row[i];
        size_t from = column_of(ladder, event->at), to = column_of(ladder, event->to);
        bool own = from == column && to == column;
        if (is_arrow(event) && from != SIZE_MAX && to != SIZE_MAX &&
            (own || (from == column && to > column) || (to == column && from > column)))
            return true;
    }
    return false;
}

// In front of a lifeline that runs behind it.
static void add_over(struct ladder *ladder, const char *class, struct svg_at at,
                     enum svg_anchor anchor, struct str text)
{
    int width = (int)utf8_width(text) * SVG_CHAR + 4;
    int left = anchor == SVG_START ? at.x - 2
               : anchor == SVG_END ? at.x - width + 2
                                   : at.x - width / 2;
    svg_box("page", (struct svg_at){left, at.y - 13}, width, 17, 0, &ladder->front);
    svg_text(class, at, anchor, text, &ladder->front);
}

// --- who takes part ------------------------------------------------------------------------------

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

static void add_end(struct ladder *ladder, size_t column)
{
    enum { FIRST = 20, NEXT = 18, GAP = 24, LEAST = 180 };
    const struct diagram_endpoint *end = &ladder->is->diagram->endpoints[ladder->is->ends[column]];
    struct buffer who = {0}, socket = {0}, address = {0};
    int x = x_of(ladder, column), width = ladder->span - 2 * GAP;
    if (end->actor[0] != '\0')
        buffer_print(&who, "%s", end->actor);
    else
        diagram_show_endpoint(end, &who);
    if (end->host[0] != '\0' && strcmp(end->host, end->actor) != 0)
        buffer_print(&who, " @ %s", end->host);
    if (end->actor[0] != '\0')
        diagram_show_endpoint(end, &socket);
    if (end->actor[0] != '\0' && end->address.version != 0)
        packet_end_show(&end->address, &address);
    wrap_cut(&who, (size_t)width / (SVG_CHAR + 2), "…");
    wrap_cut(&socket, (size_t)width / SVG_CHAR, "…");
    wrap_cut(&address, (size_t)width / SVG_CHAR, "…");
    size_t longest = utf8_width(buffer_str(&who)) * (SVG_CHAR + 2) / SVG_CHAR;
    longest =
        larger(longest, larger(utf8_width(buffer_str(&socket)), utf8_width(buffer_str(&address))));
    width = (int)larger(longest * SVG_CHAR + GAP, LEAST);
    svg_box("end", (struct svg_at){x - width / 2, ladder->top - HEAD}, width, HEAD, 6,
            &ladder->front);
    int first = ladder->top - HEAD + (socket.size > 0 ? FIRST : (HEAD + LINE) / 2 - 2);
    svg_text("who", (struct svg_at){x, first}, SVG_MIDDLE, buffer_str(&who), &ladder->front);
    if (socket.size > 0)
        svg_text("socket", (struct svg_at){x, first + NEXT}, SVG_MIDDLE, buffer_str(&socket),
                 &ladder->front);
    if (address.size > 0)
        svg_text("small", (struct svg_at){x, first + 2 * NEXT}, SVG_MIDDLE, buffer_str(&address),
                 &ladder->front);
    buffer_finish(&who);
    buffer_finish(&socket);
    buffer_finish(&address);
}

// --- calls ---------------------------------------------------------------------------------------

// Beside its lifeline, `line` lines below the row.
static void add_beside(struct ladder *ladder, const char *class, size_t column, int line,
                       struct buffer *text)
{
    enum { AWAY = 16, DOWN = 4 };
    int x = x_of(ladder, column), y = ladder->y + DOWN + line * LINE;
    bool left = is_left(ladder, column);
    struct svg_at at = {left ? x - AWAY : x + AWAY, y};
    bool outer = left || column == ladder->is->count - 1;
    int between = has_arrow(ladder) ? ladder->span / 2 : ladder->span - SVG_EDGE;
    size_t room = (size_t)(outer ? SVG_SIDE - SVG_EDGE : between) - AWAY;
    wrap_cut(text, room / SVG_CHAR, "…");
    add_over(ladder, class, at, left ? SVG_END : SVG_START, buffer_str(text));
    if (ladder->below < line * LINE)
        ladder->below = line * LINE;
}

static void add_bar(struct ladder *ladder, const struct wait *wait, int end, bool is_open)
{
    int x = x_of(ladder, wait->column) - BAR / 2 + wait->shift;
    svg_box(is_open ? "open" : "wait", (struct svg_at){x, wait->y}, BAR, end - wait->y, 2,
            &ladder->bars);
}

static void begin_wait(struct ladder *ladder, uint64_t call, size_t column)
{
    enum { SHIFT = 5 };
    struct wait wait = {.call = call, .column = column, .y = ladder->y};
    if (ladder->wait_count == WAITS)
        return;
    for (size_t i = 0; i < ladder->wait_count; i++)
        wait.shift += ladder->waits[i].column == column ? SHIFT : 0;
    ladder->waits[ladder->wait_count++] = wait;
}

static void end_wait(struct ladder *ladder, uint64_t call)
{
    for (size_t i = 0; i < ladder->wait_count; i++) {
        if (ladder->waits[i].call != call)
            continue;
        add_bar(ladder, &ladder->waits[i], ladder->y, false);
        ladder->waits[i] = ladder->waits[--ladder->wait_count];
        return;
    }
}

static void add_call(struct ladder *ladder, const struct diagram_event *event)
{
    enum { RADIUS = 4, MOST = 80 };
    size_t column = column_of(ladder, event->at);
    struct buffer text = {0}, waited = {0}, line = {0};
    diagram_show_call(event, MOST, &text);
    add_beside(ladder, event->call.failed ? "bad" : "call", column, 0, &text);
    if (event->kind == DIAGRAM_BEGIN)
        begin_wait(ladder, event->call.number, column);
    else if (event->kind == DIAGRAM_END)
        end_wait(ladder, event->call.number);
    diagram_show_wait(event, &waited);
    if (waited.size > 0) {
        buffer_print(&line, _("waited %s"), buffer_text(&waited));
        add_beside(ladder, "small", column, 1, &line);
    }
    svg_dot("at", (struct svg_at){x_of(ladder, column), ladder->y}, RADIUS, &ladder->front);
    buffer_finish(&text);
    buffer_finish(&waited);
    buffer_finish(&line);
}

// --- packets -------------------------------------------------------------------------------------

static const char *class_of(const struct diagram_packet *packet)
{
    if (packet->kind == PACKET_UNREACHABLE)
        return "reset";
    if (packet->kind != PACKET_TCP)
        return "data";
    if (packet->flags & PACKET_RST)
        return "reset";
    if (packet->flags & PACKET_SYN)
        return "begin";
    if (packet->flags & PACKET_FIN)
        return "finish";
    return packet->size > 0 ? "data" : "ack";
}

static void add_cross(struct ladder *ladder, struct svg_at at)
{
    enum { HALF = 7 };
    struct svg_at a = {at.x - HALF, at.y - HALF}, b = {at.x + HALF, at.y + HALF};
    struct svg_at c = {at.x - HALF, at.y + HALF}, d = {at.x + HALF, at.y - HALF};
    svg_line("reset", a, b, &ladder->front);
    svg_line("reset", c, d, &ladder->front);
}

// A line from lifeline to lifeline, or as far as it gets, with what is at its end.
struct shaft {
    int from, to, end; // where it begins, would end, and ends
    bool right;
};

static struct shaft find_shaft(const struct ladder *ladder, uint16_t from, uint16_t to, bool lost)
{
    enum { AWAY = 5 };
    size_t begin = column_of(ladder, from), end = column_of(ladder, to);
    bool arrives = end != SIZE_MAX && end != begin;
    struct shaft shaft = {.from = x_of(ladder, begin)};
    if (!arrives) // to nobody: on the side where there is room for it
        end = begin + 1 < ladder->is->count || begin == 0 ? begin + 1 : begin - 1;
    shaft.right = end > begin;
    shaft.to = x_of(ladder, end);
    shaft.from += shaft.right ? AWAY : -AWAY;
    shaft.to -= shaft.right ? AWAY : -AWAY;
    shaft.end = shaft.to;
    if (!arrives || lost)
        shaft.end = shaft.from + (shaft.to - shaft.from) * ENDS_AT / 100;
    return shaft;
}

static int length_of(const struct shaft *shaft)
{
    return shaft->end > shaft->from ? shaft->end - shaft->from : shaft->from - shaft->end;
}

// An arrow that comes back to its lifeline.
static void add_own(struct ladder *ladder, const struct diagram_event *event, const char *class)
{
    enum { OUT = 60, AWAY = 5, HEAD_LENGTH = 9 };
    bool right = is_left(ladder, column_of(ladder, event->at)) || ladder->is->count == 1;
    int sign = right ? 1 : -1, x = x_of(ladder, column_of(ladder, event->at)) + sign * AWAY;
    int far = x + sign * OUT, down = ladder->y + LINE;
    bool lost = event->packet.lost != DIAGRAM_ARRIVED;
    struct buffer text = {0};
    svg_line(class, (struct svg_at){x, ladder->y}, (struct svg_at){far, ladder->y}, &ladder->front);
    svg_line(class, (struct svg_at){far, ladder->y}, (struct svg_at){far, down}, &ladder->front);
    if (lost) {
        add_cross(ladder, (struct svg_at){far, down});
    } else {
        svg_line(class, (struct svg_at){far, down}, (struct svg_at){x + sign * HEAD_LENGTH, down},
                 &ladder->front);
        svg_head(class, (struct svg_at){x, down}, !right, &ladder->front);
    }
    diagram_show_packet(&event->packet, (size_t)(ladder->span - OUT) / SVG_CHAR, &text);
    add_over(ladder, "label", (struct svg_at){far + sign * 2 * AWAY, ladder->y + AWAY},
             right ? SVG_START : SVG_END, buffer_str(&text));
    buffer_clear(&text);
    diagram_show_note(&event->packet, &text);
    if (text.size > 0)
        add_over(ladder, lost ? "small bad" : "small",
                 (struct svg_at){far + sign * 2 * AWAY, down + AWAY}, right ? SVG_START : SVG_END,
                 buffer_str(&text));
    ladder->below = LINE;
    buffer_finish(&text);
}

// In the middle of the arrow, above it or `line` lines below.
static void add_on_shaft(struct ladder *ladder, const char *class, const struct shaft *shaft,
                         int line, struct buffer *text)
{
    enum { ABOVE = 7, DOWN = 2 };
    int y = line == 0 ? ladder->y - ABOVE : ladder->y + DOWN + line * LINE - ABOVE / 2;
    int length = length_of(shaft);
    struct svg_at at = {(shaft->from + shaft->end) / 2, y};
    wrap_cut(text, (size_t)length / SVG_CHAR, "…");
    if (length > ladder->span)
        add_over(ladder, class, at, SVG_MIDDLE, buffer_str(text));
    else
        svg_text(class, at, SVG_MIDDLE, buffer_str(text), &ladder->front);
    if (ladder->below < line * LINE)
        ladder->below = line * LINE;
}

static void add_packet(struct ladder *ladder, const struct diagram_event *event)
{
    enum { HEAD_LENGTH = 9 };
    const struct diagram_packet *packet = &event->packet;
    bool lost = packet->lost != DIAGRAM_ARRIVED;
    const char *class = class_of(packet);
    if (event->at == event->to) {
        add_own(ladder, event, class);
        return;
    }
    struct shaft shaft = find_shaft(ladder, event->at, event->to, lost);
    if (packet->kind == PACKET_UNREACHABLE && packet->router[0] != '\0') // it begins on the way
        shaft.from = shaft.to + (shaft.from - shaft.to) * ENDS_AT / 100;
    struct buffer text = {0}, note = {0};
    char whole[32];
    snprintf(whole, sizeof whole, "%s%s", class, packet->mark == FLOW_AGAIN ? " again" : "");
    int end = lost ? shaft.end : shaft.end + (shaft.right ? -HEAD_LENGTH : HEAD_LENGTH);
    svg_line(whole, (struct svg_at){shaft.from, ladder->y}, (struct svg_at){end, ladder->y},
             &ladder->front);
    if (lost)
        add_cross(ladder, (struct svg_at){shaft.end, ladder->y});
    else
        svg_head(class, (struct svg_at){shaft.end, ladder->y}, shaft.right, &ladder->front);
    diagram_show_packet(packet, (size_t)length_of(&shaft) / SVG_CHAR, &text);
    add_on_shaft(ladder, "label", &shaft, 0, &text);
    diagram_show_note(packet, &note);
    if (note.size > 0)
        add_on_shaft(ladder, lost ? "small bad" : "small", &shaft, 1, &note);
    buffer_finish(&text);
    buffer_finish(&note);
}

// Many packets, with heads at both ends when data came back; and how many calls there were.
static void add_fold(struct ladder *ladder, const struct diagram_event *event)
{
    struct shaft shaft = find_shaft(ladder, event->at, event->to, false);
    struct buffer text = {0};
    diagram_show_count(event, &text);
    if (text.size > 0) {
        svg_line("fold", (struct svg_at){shaft.from, ladder->y},
                 (struct svg_at){shaft.to, ladder->y}, &ladder->front);
        svg_head("data", (struct svg_at){shaft.to, ladder->y}, shaft.right, &ladder->front);
        if (event->fold.octets_back > 0)
            svg_head("data", (struct svg_at){shaft.from, ladder->y}, !shaft.right, &ladder->front);
        add_on_shaft(ladder, "label", &shaft, 0, &text);
    }
    for (int side = 0; side < (event->at == event->to ? 1 : 2); side++) {
        size_t column = column_of(ladder, side == 0 ? event->at : event->to);
        buffer_clear(&text);
        diagram_show_folded(event, side, &text);
        if (text.size > 0 && column != SIZE_MAX)
            add_beside(ladder, "small", column, 0, &text);
    }
    buffer_finish(&text);
}

// Closes the bars of all that waits, here.
static void end_waits(struct ladder *ladder)
{
    for (size_t i = 0; i < ladder->wait_count; i++)
        add_bar(ladder, &ladder->waits[i], ladder->y, false);
    ladder->wait_count = 0;
}

// Something is missing here, of all columns.
static void add_gap(struct ladder *ladder, const struct diagram_event *event)
{
    struct buffer text = {0};
    diagram_show_count(event, &text);
    wrap_cut(&text, (size_t)ladder->is->width / SVG_CHAR - 8, "…");
    svg_line("gap", (struct svg_at){SVG_EDGE, ladder->y},
             (struct svg_at){ladder->is->width - SVG_EDGE, ladder->y}, &ladder->front);
    add_over(ladder, event->kind == DIAGRAM_GAP ? "bad" : "small",
             (struct svg_at){ladder->is->width / 2, ladder->y + 4}, SVG_MIDDLE, buffer_str(&text));
    buffer_finish(&text);
}

// --- states --------------------------------------------------------------------------------------

static const char *class_of_state(const char *name)
{
    static const struct {
        const char *name, *class;
    } classes[] = {{"ESTABLISHED", "good"}, {"LISTEN", "ready"},    {"SYN_SENT", "way"},
                   {"SYN_RECV", "way"},     {"TIME_WAIT", "faint"}, {"CLOSED", "faint"},
                   {"CLOSE", "faint"}};
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
        if (strcmp(classes[i].name, name) == 0)
            return classes[i].class;
    return "ending";
}

// Between the lifelines, beside its own; `line` lines below what else stands there.
static void add_state(struct ladder *ladder, const struct diagram_event *event, int line)
{
    enum { AWAY = 10, DOWN = 4 };
    size_t column = column_of(ladder, event->at);
    bool right = is_left(ladder, column);
    struct buffer text = {0};
    struct svg_at at = {x_of(ladder, column) + (right ? AWAY : -AWAY),
                        ladder->y + DOWN + line * LINE};
    if (event->state.by_kernel)
        buffer_print(&text, _("%s, says the kernel"), event->state.name);
    else
        buffer_add_text(&text, event->state.name);
    add_over(ladder, class_of_state(event->state.name), at, right ? SVG_START : SVG_END,
             buffer_str(&text));
    buffer_finish(&text);
    if (ladder->below < line * LINE)
        ladder->below = line * LINE;
}

// --- rows ----------------------------------------------------------------------------------------

// The first conversation that has this endpoint.
static uint16_t first_talk(const struct diagram *diagram, uint16_t endpoint)
{
    for (uint16_t i = 0; i < diagram->talk_count; i++)
        if (diagram->talks[i].ends[0] == endpoint || diagram->talks[i].ends[1] == endpoint)
            return i;
    return DIAGRAM_NOBODY;
}

// Whether it happened at a lifeline of this ladder, in its conversation. What belongs to none
// stands in the first one of its socket.
static bool is_own(const struct ladder *ladder, const struct diagram_event *event)
{
    const struct svg_ladder *is = ladder->is;
    if (event->at == DIAGRAM_NOBODY || column_of(ladder, event->at) == SIZE_MAX)
        return false;
    return is->talk == DIAGRAM_NOBODY || event->talk == is->talk ||
           (event->talk == DIAGRAM_NOBODY && first_talk(is->diagram, event->at) == is->talk);
}

// The same; or something is missing while the conversation was under way, as which it also counts
// when packets are missing behind its last one.
static bool belongs(const struct ladder *ladder, const struct diagram_event *event)
{
    bool under_way =
        event->row > ladder->first && (event->row < ladder->last || event->kind == DIAGRAM_GAP);
    if (event->at == DIAGRAM_NOBODY)
        return ladder->is->alone || under_way;
    return is_own(ladder, event);
}

static void find_rows(struct ladder *ladder)
{
    const struct diagram *diagram = ladder->is->diagram;
    ladder->first = UINT32_MAX;
    for (size_t i = 0; i < diagram->count; i++) {
        if (!is_own(ladder, &diagram->events[i]))
            continue;
        ladder->last = diagram->events[i].row;
        if (ladder->first == UINT32_MAX)
            ladder->first = ladder->last;
    }
}

// How many lines below the row a state stands: arrows that touch its lifeline come first.
static int line_of_state(const struct ladder *ladder, const struct diagram_event *row, size_t count,
                         const struct diagram_event *state)
{
    int line = 0;
    for (size_t i = 0; i < count; i++) {
        bool touches = is_arrow(&row[i]) && belongs(ladder, &row[i]) &&
                       (row[i].at == state->at || row[i].to == state->at || ladder->is->count > 2);
        if (touches && line == 0)
            line = ladder->below / LINE + 1;
        if (row[i].kind == DIAGRAM_STATE && row[i].at == state->at && &row[i] < state)
            line++;
    }
    return line;
}

static void add_event(struct ladder *ladder, const struct diagram_event *event)
{
    switch (event->kind) {
    case DIAGRAM_CALL:
    case DIAGRAM_BEGIN:
    case DIAGRAM_END:
        add_call(ladder, event);
        break;
    case DIAGRAM_PACKET:
        add_packet(ladder, event);
        break;
    case DIAGRAM_FOLD:
        add_fold(ladder, event);
        break;
    case DIAGRAM_LEAP: // what ended meanwhile is not told
        end_waits(ladder);
        add_gap(ladder, event);
        break;
    case DIAGRAM_GAP:
        add_gap(ladder, event);
        break;
    case DIAGRAM_STATE:
        break; // behind the others
    }
}

// The events of one row.
static void add_row(struct ladder *ladder, const struct diagram_event *row, size_t count)
{
    bool any = false, arrows = false;
    for (size_t i = 0; i < count; i++) {
        any = any || belongs(ladder, &row[i]);
        arrows = arrows || (belongs(ladder, &row[i]) && is_arrow(&row[i]));
    }
    if (!any)
        return;
    ladder->y += arrows ? BEFORE_LABEL : BEFORE;
    ladder->below = 0;
    ladder->row = row;
    ladder->row_count = count;
    for (size_t i = 0; i < count; i++)
        if (belongs(ladder, &row[i]))
            add_event(ladder, &row[i]);
    for (size_t i = 0; i < count; i++)
        if (row[i].kind == DIAGRAM_STATE && belongs(ladder, &row[i]))
            add_state(ladder, &row[i], line_of_state(ladder, row, count, &row[i]));
    ladder->y += ladder->below + BEHIND;
}

static void add_rows(struct ladder *ladder)
{
    const struct diagram *diagram = ladder->is->diagram;
    for (size_t i = 0; i < diagram->count;) {
        size_t end = i;
        while (end < diagram->count && diagram->events[end].row == diagram->events[i].row)
            end++;
        add_row(ladder, diagram->events + i, end - i);
        i = end;
    }
}

// --- ladders -------------------------------------------------------------------------------------

static int span_for(size_t count)
{
    return count > 2 ? SVG_SPAN : SVG_SPAN_TWO;
}

int svg_ladder_width(size_t count)
{
    return 2 * SVG_SIDE + (count > 1 ? (int)(count - 1) * span_for(count) : 0);
}

int svg_ladder_add(const struct svg_ladder *is, int y, struct buffer *to)
{
    enum { TAIL = 14, SPACE = 10 };
    struct ladder ladder = {.is = is, .span = span_for(is->count), .top = y + HEAD};
    ladder.y = ladder.top + SPACE;
    find_rows(&ladder);
    for (size_t i = 0; i < is->count; i++)
        add_end(&ladder, i);
    add_rows(&ladder);
    ladder.y += TAIL;
    for (size_t i = 0; i < ladder.wait_count; i++)
        add_bar(&ladder, &ladder.waits[i], ladder.y, true);
    for (size_t i = 0; i < is->count; i++)
        svg_line("life", (struct svg_at){x_of(&ladder, i), ladder.top},
                 (struct svg_at){x_of(&ladder, i), ladder.y}, to);
    buffer_add(to, buffer_str(&ladder.bars));
    buffer_add(to, buffer_str(&ladder.front));
    buffer_finish(&ladder.bars);
    buffer_finish(&ladder.front);
    return ladder.y;
}
