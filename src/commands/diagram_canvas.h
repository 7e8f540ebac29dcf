// diagram_canvas: one row of a picture in text: things are put where they belong, in any order, and
// the row is written when it is whole.

#ifndef SOCKSH_COMMANDS_DIAGRAM_CANVAS_H
#define SOCKSH_COMMANDS_DIAGRAM_CANVAS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "base/look.h"

enum {
    CANVAS_COLUMNS = 400, // at most
    CANVAS_CELL = 12,     // octets of one character with what combines with it
};

// What is drawn with, in Unicode or in ASCII; each takes one column.
enum glyph {
    GLYPH_LIFE,       // a lifeline …
    GLYPH_INSIDE,     // … while its side is inside a call
    GLYPH_FROM_LEFT,  // something begins at it, towards the right
    GLYPH_FROM_RIGHT, // … towards the left
    GLYPH_LINE,       // an arrow …
    GLYPH_CROSS,      // … that crosses a lifeline …
    GLYPH_LOST,       // … and ends before it arrives
    GLYPHS
};

// One column.
struct canvas_cell {
    char text[CANVAS_CELL];
    unsigned char size; // 0 for a blank
    unsigned char look; // enum look
    bool covered;       // by the wide character before it
};

// With `columns` set and all else zero it is empty and ready.
struct canvas {
    bool ascii;     // glyphs
    size_t columns; // at most CANVAS_COLUMNS; nothing stands beyond
    struct canvas_cell cells[CANVAS_COLUMNS];
};

// Empties the row.
void canvas_clear(struct canvas *canvas);

// Puts a glyph, or a text that is fit for the screen, over what was there.
void canvas_put_glyph(struct canvas *canvas, size_t at, enum glyph glyph, enum look look);
void canvas_put(struct canvas *canvas, size_t at, struct str text, enum look look);

// Appends the row as a line, with looks and without blanks at its end.
void canvas_write(const struct canvas *canvas, struct buffer *to);

// Makes of "…" and "×" what they are in ASCII, "..." and "x", on such a canvas.
void canvas_make_plain(const struct canvas *canvas, struct buffer *text);

// Cuts the text to so many columns, with a sign that it goes on.
void canvas_cut(const struct canvas *canvas, size_t columns, struct buffer *text);

#endif
