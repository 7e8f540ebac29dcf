// test_table: rows of text in aligned columns.

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <locale.h>

#include "base/table.h"

static char *shown(const struct table *table, struct buffer *to)
{
    buffer_clear(to);
    table_show(table, to);
    return (char *)buffer_text(to);
}

static void add_row(struct table *table, const char *a, const char *b, const char *c)
{
    table_add_text(table, a);
    table_add_text(table, b);
    table_add_text(table, c);
}

Test(table, aligns_columns)
{
    struct buffer text = {0};
    struct table table = {.columns = 3};
    add_row(&table, "no", "kind", "opened");
    add_row(&table, "3", "stream", "main");
    add_row(&table, "1024", "dgram", "server");
    cr_assert(eq(str, shown(&table, &text),
                 "no    kind    opened\n"
                 "3     stream  main\n"
                 "1024  dgram   server\n"));
    table_finish(&table);
    buffer_finish(&text);
}

Test(table, leaves_out_columns_without_cells_and_blanks_at_ends)
{
    struct buffer text = {0};
    struct table table = {.columns = 3};
    add_row(&table, "a", "nothing", "c");
    add_row(&table, "long", "", "");
    add_row(&table, "", "", "x");
    cr_assert(eq(str, shown(&table, &text), "a     c\nlong\n      x\n"));
    table_finish(&table);
    buffer_finish(&text);
}

Test(table, measures_wide_characters)
{
    cr_assert(ne(ptr, setlocale(LC_CTYPE, "C.UTF-8"), NULL));
    struct buffer text = {0}, cell = {0};
    struct table table = {.columns = 2};
    table_add(&table, STR("名字"));
    table_add(&table, STR("b"));
    table_add(&table, STR("x"));
    buffer_add_text(&cell, "y");
    table_add_buffer_take(&table, &cell);
    cr_assert(eq(sz, cell.size, 0));
    cr_assert(eq(str, shown(&table, &text), "名字  b\nx     y\n"));
    table_finish(&table);
    buffer_finish(&text);
}

Test(table, shows_nothing_when_empty)
{
    struct buffer text = {0};
    struct table table = {.columns = 2};
    cr_assert(eq(str, shown(&table, &text), ""));
    table_finish(&table);
    cr_assert(eq(sz, table.columns, 2));
    buffer_finish(&text);
}
