// board_rows: where entries of a board stand: rows and places, before they are painted.
//
// Places are numbered from the left: a column, a gap, a column … Statements and arrows begin on no
// row above one where an earlier entry begins, and statements below all that came before. So does
// all else where arrows are calls; where they are packets, what actors tell stands beside each
// other.

#ifndef SOCKSH_UI_BOARD_ROWS_H
#define SOCKSH_UI_BOARD_ROWS_H

#include "ui/board.h"

enum { BOARD_SHOWN = 4 }; // actors that can have a column

// A text in one row.
struct board_cell {
    size_t row, place;
    size_t span;       // places that it takes
    size_t begin, end; // octets of `texts`
    size_t prompt;     // how many of them are the prompt of who types
    enum board_kind kind;
    size_t actor;
    bool arrow, lost, cursor;
};

struct board_rows {
    size_t shown[BOARD_SHOWN]; // actors with a column, from the left
    size_t count;
    size_t places;     // columns and gaps
    size_t width, gap; // columns of the screen
    struct buffer texts;
    struct board_cell *cells;
    size_t cell_count, capacity;
    size_t next[2 * BOARD_SHOWN]; // the first free row of each place
    size_t rows;                  // that are used
};

// Chooses who is shown on a screen of so many columns, and lays out all that they did.
void board_rows_make(const struct board *board, size_t columns, struct board_rows *rows);
void board_rows_finish(struct board_rows *rows);

// The place of an actor's column; SIZE_MAX when it has none.
size_t board_rows_place(const struct board_rows *rows, size_t actor);

// The part of `text` that fits in `columns`, with "…" or "..." at its end when that is not all.
void board_rows_cut(struct str text, size_t columns, struct buffer *to);

#endif
