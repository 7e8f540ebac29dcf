// page_table: how wide each column may be, then rows of several lines.

#include "ui/page_table.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "ui/output.h"
#include "ui/screen.h"

enum {
    BETWEEN = 2,      // columns of the screen between two of the table
    WIDTH_LEAST = 8,  // of a column that was shrunk
    COLUMNS_MOST = 32 // of a table that is shown as one
};

// What a table looks like in the room that it has.
struct layout {
    size_t widths[COLUMNS_MOST];
    bool wraps; // some cell takes several lines
};

void page_table_add(struct page_table *table, struct page_text *text, enum page_align align)
{
    table->cells = mem_grow(table->cells, table->count, &table->capacity, sizeof *table->cells);
    table->cells[table->count++] = (struct page_cell){*text, align};
    *text = (struct page_text){0};
}

void page_table_finish(struct page_table *table)
{
    for (size_t i = 0; i < table->count; i++)
        page_text_finish(&table->cells[i].text);
    free(table->cells);
    *table = (struct page_table){.columns = table->columns};
}

// --- widths --------------------------------------------------------------------------------------

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

// How wide columns would be if nothing was wrapped, and if each word had a line; at most `room`.
static void measure(const struct page_table *table, size_t room, size_t widths[COLUMNS_MOST],
                    size_t words[COLUMNS_MOST])
{
    for (size_t i = 0; i < table->count; i++) {
        struct page_widths cell = page_text_widths(&table->cells[i].text);
        size_t column = i % table->columns;
        if (cell.line > widths[column])
            widths[column] = smaller(cell.line, room);
        if (cell.word > words[column])
            words[column] = smaller(cell.word, room);
    }
}

// Narrows the widest column that has more than its least, one by one, until all fit. Whether they
// do.
static bool shrink(size_t columns, size_t room, const size_t least[COLUMNS_MOST],
                   size_t widths[COLUMNS_MOST])
{
    size_t sum = BETWEEN * (columns - 1);
    for (size_t i = 0; i < columns; i++)
        sum += widths[i];
    for (; sum > room; sum--) {
        size_t widest = columns;
        for (size_t i = 0; i < columns; i++)
            if (widths[i] > least[i] && (widest == columns || widths[i] > widths[widest]))
                widest = i;
        if (widest == columns)
            return false;
        widths[widest]--;
    }
    return true;
}

// Words are cut only where there is no other way. False when columns would become too narrow to be
// read.
static bool lay_out(const struct page_table *table, size_t room, struct layout *layout)
{
    size_t least[COLUMNS_MOST] = {0}, columns = table->columns;
    *layout = (struct layout){0};
    if (columns > COLUMNS_MOST)
        return false;
    measure(table, room, layout->widths, least);
    bool fits = shrink(columns, room, least, layout->widths);
    for (size_t i = 0; !fits && i < columns; i++)
        least[i] = smaller(least[i], WIDTH_LEAST);
    fits = fits || shrink(columns, room, least, layout->widths);
    for (size_t i = 0; i < table->count; i++)
        if (page_text_widths(&table->cells[i].text).line > layout->widths[i % columns])
            layout->wraps = true;
    return fits;
}

// --- rows ----------------------------------------------------------------------------------------

static void add_blanks(size_t count, struct buffer *to)
{
    buffer_print(to, "%*s", (int)count, "");
}

// One line of one cell, behind the blanks that are due. Returns those that are due behind it.
static size_t add_cell_line(const struct page_cell *cell, struct page_place *place, size_t width,
                            size_t blanks, struct buffer *to)
{
    struct buffer line = {0};
    size_t used = 0;
    if (page_text_take_line(&cell->text, place, width, &used, &line) && used > 0) {
        size_t spare = width > used ? width - used : 0;
        size_t before = cell->align == PAGE_RIGHT    ? spare
                        : cell->align == PAGE_CENTER ? spare / 2
                                                     : 0;
        add_blanks(blanks + before, to);
        buffer_add(to, buffer_str(&line));
        blanks = spare - before;
    } else {
        blanks += width;
    }
    buffer_finish(&line);
    return blanks + BETWEEN;
}

// A row in as many lines as its longest cell takes.
static void add_row(const struct page_table *table, size_t first, const struct layout *layout,
                    struct buffer *to)
{
    struct page_place places[COLUMNS_MOST] = {0};
    for (bool more = true; more;) {
        size_t blanks = 0;
        more = false;
        for (size_t i = 0; i < table->columns && first + i < table->count; i++) {
            const struct page_cell *cell = &table->cells[first + i];
            blanks = add_cell_line(cell, &places[i], layout->widths[i], blanks, to);
            more = more || places[i].octet < cell->text.text.size;
        }
        buffer_add_char(to, '\n');
    }
}

// Under the heading.
static void add_rule(const struct page_table *table, const struct layout *layout, struct buffer *to)
{
    struct buffer rule = {0};
    for (size_t i = 0; i < table->columns; i++) {
        add_blanks(i ? BETWEEN : 0, &rule);
        for (size_t column = 0; column < layout->widths[i]; column++)
            output_fit(STR("─"), &rule);
    }
    screen_add_styled(screen_faint_style(), buffer_str(&rule), to);
    buffer_add_char(to, '\n');
    buffer_finish(&rule);
}

// --- lists ---------------------------------------------------------------------------------------

static void add_lines(const struct page_text *text, size_t indent, size_t room, struct buffer *to)
{
    struct page_place place = {0};
    for (;;) {
        size_t width, before = to->size;
        add_blanks(indent, to);
        if (!page_text_take_line(text, &place, room - indent, &width, to)) {
            to->size = before;
            return;
        }
        buffer_add_char(to, '\n');
    }
}

// Each cell below the heading of its column. Empty ones are left out.
static void show_lists(const struct page_table *table, size_t room, struct buffer *to)
{
    for (size_t i = table->columns; i < table->count; i++) {
        size_t column = i % table->columns;
        if (column == 0 && i > table->columns)
            buffer_add_char(to, '\n');
        if (table->cells[i].text.text.size > 0) {
            add_lines(&table->cells[column].text, 0, room, to);
            add_lines(&table->cells[i].text, BETWEEN, room, to);
        }
    }
}

void page_table_show(const struct page_table *table, size_t room, struct buffer *to)
{
    struct layout layout;
    if (!lay_out(table, room, &layout)) {
        show_lists(table, room, to);
        return;
    }
    for (size_t i = 0; i < table->count; i += table->columns) {
        // Where rows have several lines, it is to be seen where the next begins.
        if (layout.wraps && i > table->columns)
            buffer_add_char(to, '\n');
        add_row(table, i, &layout, to);
        if (i == 0)
            add_rule(table, &layout, to);
    }
}
