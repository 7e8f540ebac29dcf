// svg_ladder: one ladder of an SVG picture: its lifelines, and what happened between them.

#ifndef SOCKSH_COMMANDS_SVG_LADDER_H
#define SOCKSH_COMMANDS_SVG_LADDER_H

#include "commands/diagram.h"

// Pixels, unless something else is said.
enum {
    SVG_CHAR = 8,        // a column of a terminal: a little more than fonts of 13 have
    SVG_EDGE = 16,       // at the border
    SVG_SIDE = 256,      // beside the outer lifelines, for calls
    SVG_SPAN_TWO = 480,  // between two lifelines
    SVG_SPAN = 340,      // between more of them
    SVG_BESIDE_MOST = 5, // lifelines of one ladder
};

// Which part of a picture it is.
struct svg_ladder {
    const struct diagram *diagram;
    uint16_t ends[SVG_BESIDE_MOST]; // its endpoints, from the left
    size_t count;
    uint16_t talk; // only what belongs to this conversation; DIAGRAM_NOBODY: to any
    bool alone;    // there is no other ladder: what belongs to no endpoint stands here, too …
    int width;     // … as wide as the picture
};

// How wide a ladder of so many lifelines is.
int svg_ladder_width(size_t count);

// Appends it, from `y` on. Returns where it ends.
int svg_ladder_add(const struct svg_ladder *ladder, int y, struct buffer *to);

#endif
