// diagram_svg: the picture of conversations for a slide or a report. Endpoints that have talked
// with each other stand side by side in one ladder; where they are too many, each conversation has
// one. Ladders stand one below the other.

#include <stdlib.h>

#include "base/memory.h"
#include "base/message.h"
#include "base/wrap.h"
#include "commands/svg.h"
#include "commands/svg_ladder.h"

// White behind everything: a slide or page of any colour is no harm.
static const char style[] =
    ".page{fill:#ffffff}\n"
    "text{font-family:monospace;font-size:13px;fill:#1b2430;white-space:pre}\n"
    ".who{font-family:sans-serif;font-size:16px;font-weight:bold}\n"
    ".small{font-size:12px;fill:#5a6675}\n"
    ".bad{fill:#b42318}\n"
    ".end{fill:#eef2f6;stroke:#b8c2cc}\n"
    ".life{stroke:#8793a0;stroke-width:2}\n"
    ".wait{fill:#ffe9ad;stroke:#b98900}\n"
    ".open{fill:#ffe9ad;stroke:#b98900;stroke-dasharray:4 3}\n"
    ".at{fill:#1b2430}\n"
    ".data{stroke:#0b57d0;fill:#0b57d0;stroke-width:2}\n"
    ".begin{stroke:#137a3a;fill:#137a3a;stroke-width:2}\n"
    ".finish{stroke:#a25b00;fill:#a25b00;stroke-width:2}\n"
    ".ack{stroke:#7a8794;fill:#7a8794;stroke-width:1.5}\n"
    ".reset{stroke:#b42318;fill:#b42318;stroke-width:2}\n"
    ".fold{stroke:#0b57d0;fill:#0b57d0;stroke-width:2;stroke-dasharray:2 5}\n"
    ".again{stroke-dasharray:7 4}\n"
    ".gap{stroke:#b8c2cc;stroke-width:2;stroke-dasharray:2 6}\n"
    ".ready{fill:#07687a}\n"
    ".good{fill:#137a3a}\n"
    ".way{fill:#7a3fb0}\n"
    ".ending{fill:#a25b00}\n"
    ".faint{fill:#5a6675}\n";

// --- who stands with whom ------------------------------------------------------------------------

// All ladders of a picture.
struct ladders {
    struct svg_ladder *items;
    size_t count, capacity;
    bool *placed; // by endpoint: it has a lifeline
};

static struct svg_ladder *add(struct ladders *ladders, const struct diagram *diagram, uint16_t talk)
{
    ladders->items =
        mem_grow(ladders->items, ladders->count, &ladders->capacity, sizeof *ladders->items);
    struct svg_ladder *ladder = &ladders->items[ladders->count++];
    *ladder = (struct svg_ladder){.diagram = diagram, .talk = talk};
    return ladder;
}

// The smallest number of an endpoint that each one is connected with.
static uint16_t *find_groups(const struct diagram *diagram)
{
    uint16_t *groups = mem_zero((diagram->endpoint_count + 1) * sizeof *groups);
    for (size_t i = 0; i < diagram->endpoint_count; i++)
        groups[i] = (uint16_t)i;
    for (size_t i = 0; i < diagram->talk_count; i++) {
        const uint16_t *ends = diagram->talks[i].ends;
        if (ends[1] == DIAGRAM_NOBODY || groups[ends[0]] == groups[ends[1]])
            continue;
        uint16_t from = groups[ends[0]], to = groups[ends[1]];
        for (size_t j = 0; j < diagram->endpoint_count; j++)
            if (groups[j] == from || groups[j] == to)
                groups[j] = from < to ? from : to;
    }
    return groups;
}

static size_t group_size(const struct diagram *diagram, const uint16_t *groups, uint16_t group)
{
    size_t size = 0;
    for (size_t i = 0; i < diagram->endpoint_count; i++)
        size += groups[i] == group ? 1 : 0;
    return size;
}

// All endpoints of the group in one ladder, from the left as they stand in the picture.
static void add_group(struct ladders *ladders, const struct diagram *diagram,
                      const uint16_t *groups, uint16_t group)
{
    struct svg_ladder *ladder = add(ladders, diagram, DIAGRAM_NOBODY);
    for (size_t i = 0; i < diagram->endpoint_count; i++) {
        if (groups[i] != group)
            continue;
        ladder->ends[ladder->count++] = (uint16_t)i;
        ladders->placed[i] = true;
    }
}

static void add_talk(struct ladders *ladders, const struct diagram *diagram, uint16_t talk)
{
    const uint16_t *ends = diagram->talks[talk].ends;
    struct svg_ladder *ladder = add(ladders, diagram, talk);
    for (size_t i = 0; i < 2; i++) {
        if (ends[i] == DIAGRAM_NOBODY)
            continue;
        ladder->ends[ladder->count++] = ends[i];
        ladders->placed[ends[i]] = true;
    }
}

// In the order in which conversations began; last those who have talked with nobody.
static void arrange(const struct diagram *diagram, struct ladders *ladders)
{
    uint16_t *groups = find_groups(diagram);
    ladders->placed = mem_zero(diagram->endpoint_count + 1);
    for (size_t i = 0; i < diagram->talk_count; i++) {
        uint16_t first = diagram->talks[i].ends[0];
        if (group_size(diagram, groups, groups[first]) > SVG_BESIDE_MOST)
            add_talk(ladders, diagram, (uint16_t)i);
        else if (!ladders->placed[first])
            add_group(ladders, diagram, groups, groups[first]);
    }
    for (size_t i = 0; i < diagram->endpoint_count; i++)
        if (!ladders->placed[i])
            add_group(ladders, diagram, groups, groups[i]);
    free(groups);
}

// --- the whole -----------------------------------------------------------------------------------

static int find_width(const struct ladders *ladders)
{
    int width = svg_ladder_width(2);
    for (size_t i = 0; i < ladders->count; i++)
        if (svg_ladder_width(ladders->items[i].count) > width)
            width = svg_ladder_width(ladders->items[i].count);
    return width;
}

// A text in lines as wide as the picture, from `y` on. Returns where it ends.
static int add_lines(struct str text, int width, int y, struct buffer *to)
{
    enum { NEXT = 18 };
    struct buffer lines = {0};
    wrap_add(str_trim(text, "\n"), 0, 0, (size_t)(width - 2 * SVG_EDGE) / SVG_CHAR, &lines);
    for (struct str rest = buffer_str(&lines); rest.size > 0; y += NEXT)
        svg_text("small", (struct svg_at){SVG_EDGE, y + SVG_EDGE}, SVG_START, str_take_line(&rest),
                 to);
    buffer_finish(&lines);
    return y;
}

// What is to be said of it first.
static int add_remarks(const struct diagram *diagram, int width, int y, struct buffer *to)
{
    struct buffer text = {0};
    diagram_show_source(diagram, &text);
    if (diagram->left_out > 0)
        buffer_print(&text,
                     _("%llu earlier conversations are not drawn; diagram HANDLE draws one\n"),
                     (unsigned long long)diagram->left_out);
    for (struct str rest = buffer_str(&text); rest.size > 0;)
        y = add_lines(str_take_line(&rest), width, y, to);
    buffer_finish(&text);
    return y;
}

void diagram_write_svg(const struct diagram *diagram, struct buffer *to)
{
    enum { BETWEEN = 28 };
    struct ladders ladders = {0};
    struct buffer body = {0};
    arrange(diagram, &ladders);
    int width = find_width(&ladders), y = add_remarks(diagram, width, SVG_EDGE, &body);
    for (size_t i = 0; i < ladders.count; i++) {
        ladders.items[i].width = width;
        ladders.items[i].alone = ladders.count == 1;
        y = svg_ladder_add(&ladders.items[i], i > 0 ? y + BETWEEN : y, &body);
    }
    y += SVG_EDGE;
    svg_begin(width, y, str_from(_("who sent what to whom, and what each of them did")), style, to);
    svg_box("page", (struct svg_at){0, 0}, width, y, 8, to);
    buffer_add(to, buffer_str(&body));
    svg_end(to);
    buffer_finish(&body);
    free(ladders.items);
    free(ladders.placed);
}
