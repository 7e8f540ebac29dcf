// table: widths, then rows.

#include "base/table.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/utf8.h"

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

// How wide each column is, and which have a cell besides the heading: only those are shown.
static void measure(const struct table *table, size_t widths[TABLE_COLUMNS],
                    bool used[TABLE_COLUMNS])
{
    for (size_t i = 0; i < table->count; i++) {
        size_t column = i % table->columns, width = utf8_width(table->cells[i]);
        if (width > widths[column])
            widths[column] = width;
        used[column] = used[column] || (i >= table->columns && width > 0);
    }
}

void table_show(const struct table *table, struct buffer *to)
{
    size_t widths[TABLE_COLUMNS] = {0}, pending = 0;
    bool used[TABLE_COLUMNS] = {0};
    measure(table, widths, used);
    for (size_t i = 0; i < table->count; i++) {
        size_t column = i % table->columns;
        // Blanks are kept back until a cell follows, so that no line ends in any.
        if (used[column] && table->cells[i].size) {
            buffer_print(to, "%*s", (int)pending, "");
            buffer_add(to, table->cells[i]);
            pending = widths[column] - utf8_width(table->cells[i]) + 2;
        } else if (used[column]) {
            pending += widths[column] + 2;
        }
        if (column + 1 == table->columns) {
            buffer_add_char(to, '\n');
            pending = 0;
        }
    }
}

void table_finish(struct table *table)
{
    for (size_t i = 0; i < table->count; i++)
        free((void *)table->cells[i].data);
    free(table->cells);
    *table = (struct table){.columns = table->columns};
}
