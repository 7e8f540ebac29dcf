// page_table: a table of a page, in columns that fit.

#ifndef SOCKSH_UI_PAGE_TABLE_H
#define SOCKSH_UI_PAGE_TABLE_H

#include "ui/page_text.h"

enum page_align { PAGE_LEFT, PAGE_CENTER, PAGE_RIGHT };

struct page_cell {
    struct page_text text;
    enum page_align align;
};

// Zero-initialised with `columns` set is empty and ready. The first row is the heading.
struct page_table {
    size_t columns; // of cells, above 0
    struct page_cell *cells;
    size_t count, capacity;
};

// Adds the next cell of the row at hand. The table takes `text`, which is empty and ready then.
void page_table_add(struct page_table *table, struct page_text *text, enum page_align align);

// Appends the table as whole lines of at most `room` columns of the screen. What is too wide is
// wrapped in its cells; where that leaves them no room, rows become lists. No blanks at the ends.
void page_table_show(const struct page_table *table, size_t room, struct buffer *to);

// Frees the cells; the table is empty and ready, with as many columns.
void page_table_finish(struct page_table *table);

#endif
