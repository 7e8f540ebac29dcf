// svg: pieces of a picture in SVG 1.1, each one element, with nothing in it but what was asked for.
//
// Sizes and places are whole pixels. Fonts are the generic ones, colours are in one style sheet of
// its own, and there is nothing to load and nothing that runs.

#ifndef SOCKSH_COMMANDS_SVG_H
#define SOCKSH_COMMANDS_SVG_H

#include <stdbool.h>

#include "base/buffer.h"
#include "base/str.h"

// A point.
struct svg_at {
    int x, y;
};

// How a text stands to its point.
enum svg_anchor { SVG_START, SVG_MIDDLE, SVG_END };

// Appends the beginning of a picture of that size, with what it shows for who cannot see it, and
// its style sheet: lines of CSS. `style` is trusted.
void svg_begin(int width, int height, struct str title, const char *style, struct buffer *to);
void svg_end(struct buffer *to);

// Appends a line; `class` is a name in the style sheet, as everywhere.
void svg_line(const char *class, struct svg_at from, struct svg_at end, struct buffer *to);

// Appends a rectangle with corners of that radius.
void svg_box(const char *class, struct svg_at corner, int width, int height, int radius,
             struct buffer *to);

void svg_dot(const char *class, struct svg_at at, int radius, struct buffer *to);

// Appends the head of an arrow that points at `tip`, to the right or to the left.
void svg_head(const char *class, struct svg_at tip, bool right, struct buffer *to);

// Appends a text in one line; what XML does not take, or would move other text, becomes U+FFFD.
void svg_text(const char *class, struct svg_at at, enum svg_anchor anchor, struct str text,
              struct buffer *to);

// Appends a text as it may stand between tags or in quotes.
void svg_escape(struct str text, struct buffer *to);

#endif
