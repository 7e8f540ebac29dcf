// table: rows of text in aligned columns.

#ifndef SOCKSH_BASE_TABLE_H
#define SOCKSH_BASE_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "base/look.h"
#include "base/str.h"

enum {
    TABLE_COLUMNS = 16,    // the most that a table may have: widths are kept on the stack
    TABLE_LAST_LEAST = 10, // columns of a terminal: table_show_within()
    TABLE_LAST_GOOD = 16,
};

// Zero-initialised with `columns` set is empty and ready. The first row is the heading, unless
// `bare` says that there is none.
struct table {
    size_t columns;    // at most TABLE_COLUMNS
    bool bare;         // the first row is one like the others
    unsigned right;    // bit i: the cells of column i stand at its right end, as numbers do
    struct str *cells; // row after row; owned copies
    size_t count;      // of cells
    size_t capacity;   // cells that there is room for
};

// Adds the next cell of the current row, a copy of what is given. The last of them finishes `cell`,
// which is ready for the next one then.
void table_add(struct table *table, struct str cell);
void table_add_text(struct table *table, const char *text);
void table_add_buffer_take(struct table *table, struct buffer *cell);
void table_add_look(struct table *table, enum look look, const char *text);

// Appends the table: two blanks between columns, which are as wide as their widest cell; columns
// without any cell but a heading are left out; no blanks at the ends of lines.
void table_show(const struct table *table, struct buffer *to);

// The same in at most `columns` of a terminal. `ranks` says of each column how soon it is wanted:
// in that order they get their room, and who finds none is left out. 0 is never left out: where
// these alone are too wide, the widest is cut. A last column of another rank than 0 comes in
// with TABLE_LAST_LEAST, has TABLE_LAST_GOOD before any column behind its rank comes in, and is cut
// to what these leave.
void table_show_within(const struct table *table, size_t columns, const unsigned char *ranks,
                       struct buffer *to);

// Frees the cells; the table is empty and ready, with as many columns.
void table_finish(struct table *table);

#endif
