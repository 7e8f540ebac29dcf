// table: widths, then rows.

#include "base/table.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "base/wrap.h"

enum { GAP = 2 }; // blanks between columns

// How a table is laid out.
struct layout {
    size_t widths[TABLE_COLUMNS]; // of each column
    bool shown[TABLE_COLUMNS];
};

void table_add(struct table *table, struct str cell)
{
    table->cells = mem_grow(table->cells, table->count, &table->capacity, sizeof *table->cells);
    table->cells[table->count++] = (struct str){mem_copy(cell), cell.size};
}

void table_add_text(struct table *table, const char *text)
{
    table_add(table, str_from(text));
}

void table_add_buffer_take(struct table *table, struct buffer *cell)
{
    table_add(table, buffer_str(cell));
    buffer_finish(cell);
}

void table_add_look(struct table *table, enum look look, const char *text)
{
    struct buffer cell = {0};
    look_add(look, str_from(text), &cell);
    table_add_buffer_take(table, &cell);
}

// --- layout --------------------------------------------------------------------------------------

// How wide each column is, and which have a cell besides the heading: only those are shown.
static void measure(const struct table *table, struct layout *layout)
{
    size_t heading = table->bare ? 0 : table->columns;
    *layout = (struct layout){0};
    for (size_t i = 0; i < table->count; i++) {
        size_t column = i % table->columns, width = look_width(table->cells[i]);
        if (width > layout->widths[column])
            layout->widths[column] = width;
        layout->shown[column] = layout->shown[column] || (i >= heading && width > 0);
    }
}

// Lets in the columns of one rank that still find room; those of rank 0 need none. Returns what is
// taken then.
static size_t let_in(const struct table *table, unsigned rank, const unsigned char *ranks,
                     size_t taken, size_t columns, struct layout *layout)
{
    for (size_t i = 0; i < table->columns; i++) {
        size_t width = layout->widths[i] + (taken > 0 ? GAP : 0);
        if (ranks[i] != rank || !layout->shown[i])
            continue;
        layout->shown[i] = rank == 0 || taken + width <= columns;
        taken += layout->shown[i] ? width : 0;
    }
    return taken;
}

// Of those that are never left out.
static size_t widest(const struct table *table, const unsigned char *ranks,
                     const struct layout *layout)
{
    size_t found = table->columns;
    for (size_t i = 0; i < table->columns; i++)
        if (ranks[i] == 0 && layout->shown[i] &&
            (found == table->columns || layout->widths[i] > layout->widths[found]))
            found = i;
    return found;
}

// Gives the last column, when it was let in, up to `wanted` of what is left. Returns what is taken
// then.
static size_t widen_last(const struct table *table, size_t wanted, size_t taken, size_t columns,
                         struct layout *layout)
{
    size_t last = table->columns - 1, left = taken < columns ? columns - taken : 0;
    if (!layout->shown[last] || layout->widths[last] >= wanted)
        return taken;
    size_t more = wanted - layout->widths[last] < left ? wanted - layout->widths[last] : left;
    layout->widths[last] += more;
    return taken + more;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

// Leaves out what finds no room, by rank, and cuts where that is not enough.
static void fit(const struct table *table, size_t columns, const unsigned char *ranks,
                struct layout *layout)
{
    enum { LEAST = 4 }; // of a column that is cut
    size_t last = table->columns - 1, wanted = layout->widths[last];
    if (ranks[last] != 0)
        layout->widths[last] = least(wanted, TABLE_LAST_LEAST);
    size_t taken = let_in(table, 0, ranks, 0, columns, layout);
    while (taken > columns) {
        size_t cut = widest(table, ranks, layout);
        if (cut == table->columns || layout->widths[cut] <= LEAST)
            break;
        layout->widths[cut]--;
        taken--;
    }
    for (unsigned rank = 1; rank <= TABLE_COLUMNS; rank++) {
        taken = let_in(table, rank, ranks, taken, columns, layout);
        if (rank == ranks[last])
            taken = widen_last(table, least(wanted, TABLE_LAST_GOOD), taken, columns, layout);
    }
    widen_last(table, wanted, taken, columns, layout);
}

// --- showing -------------------------------------------------------------------------------------

// Appends as much of the cell as fits, the last column of which is … then. Returns its width.
static size_t show_cell(struct str cell, size_t room, struct buffer *to)
{
    size_t width = look_width(cell);
    if (width <= room) {
        buffer_add(to, cell);
        return width;
    }
    struct buffer plain = {0}; // a cell that is cut is an address or a name, and those are plain
    look_strip(cell, &plain);
    wrap_cut(&plain, room, "…");
    width = utf8_width(buffer_str(&plain));
    buffer_add(to, buffer_str(&plain));
    buffer_finish(&plain);
    return width;
}

static bool is_right(const struct table *table, size_t column)
{
    return table->right >> column & 1;
}

// Appends the cell, and the blanks before it that were kept back. Returns how many follow it.
static size_t show_placed(struct str cell, size_t pending, size_t room, bool right,
                          struct buffer *to)
{
    size_t width = look_width(cell), before = right && width < room ? room - width : 0;
    buffer_print(to, "%*s", (int)(pending + before), "");
    return room - before - show_cell(cell, room, to) + GAP;
}

static void show(const struct table *table, const struct layout *layout, struct buffer *to)
{
    size_t pending = 0;
    for (size_t i = 0; i < table->count; i++) {
        size_t column = i % table->columns, room = layout->widths[column];
        // Blanks are kept back until a cell follows, so that no line ends in any.
        if (layout->shown[column] && table->cells[i].size)
            pending = show_placed(table->cells[i], pending, room, is_right(table, column), to);
        else if (layout->shown[column])
            pending += room + GAP;
        if (column + 1 == table->columns) {
            buffer_add_char(to, '\n');
            pending = 0;
        }
    }
}

void table_show(const struct table *table, struct buffer *to)
{
    struct layout layout;
    measure(table, &layout);
    show(table, &layout, to);
}

void table_show_within(const struct table *table, size_t columns, const unsigned char *ranks,
                       struct buffer *to)
{
    struct layout layout;
    measure(table, &layout);
    fit(table, columns, ranks, &layout);
    show(table, &layout, to);
}

void table_finish(struct table *table)
{
    for (size_t i = 0; i < table->count; i++)
        free((void *)table->cells[i].data);
    free(table->cells);
    *table = (struct table){.columns = table->columns};
}
