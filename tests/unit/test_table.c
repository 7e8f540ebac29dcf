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

Test(table, one_row_without_a_heading_is_shown)
{
    struct buffer text = {0};
    struct table table = {.columns = 3, .bare = true};
    add_row(&table, "args", "[]", "");
    cr_assert(eq(str, shown(&table, &text), "args  []\n"));
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

// --- within a width ------------------------------------------------------------------------------

static char *shown_within(const struct table *table, size_t columns, struct buffer *to)
{
    static const unsigned char ranks[] = {0, 2, 1};
    buffer_clear(to);
    table_show_within(table, columns, ranks, to);
    return (char *)buffer_text(to);
}

Test(table, leaves_out_what_is_wanted_least)
{
    struct buffer text = {0};
    struct table table = {.columns = 3};
    add_row(&table, "no", "kind", "opened");
    add_row(&table, "1024", "stream", "main");
    cr_expect(eq(str, shown_within(&table, SIZE_MAX, &text),
                 "no    kind    opened\n"
                 "1024  stream  main\n"));
    cr_expect(eq(str, shown_within(&table, 20, &text),
                 "no    kind    opened\n"
                 "1024  stream  main\n"));
    cr_expect(eq(str, shown_within(&table, 19, &text),
                 "no    opened\n"
                 "1024  main\n"));
    cr_expect(eq(str, shown_within(&table, 11, &text),
                 "no\n"
                 "1024\n"));
    table_finish(&table);
    buffer_finish(&text);
}

// A column that is not let in is as wide as it likes.
Test(table, cuts_only_what_is_shown)
{
    struct buffer text = {0};
    struct table table = {.columns = 3};
    add_row(&table, "name", "kind of socket, in many words", "opened");
    add_row(&table, "a name that is long", "a stream of octets, as it were", "main");
    cr_expect(eq(str, shown_within(&table, 12, &text),
                 "name\n"
                 "a name that…\n"));
    table_finish(&table);
    buffer_finish(&text);
}

Test(table, sets_numbers_at_the_right)
{
    struct buffer text = {0};
    struct table table = {.columns = 3, .right = 1 << 0 | 1 << 2};
    add_row(&table, "number", "kind", "len");
    add_row(&table, "7", "stream", "1024");
    add_row(&table, "", "dgram", "1");
    cr_expect(eq(str, shown(&table, &text),
                 "number  kind     len\n"
                 "     7  stream  1024\n"
                 "        dgram      1\n"));
    table_finish(&table);
    buffer_finish(&text);
}

Test(table, the_last_column_takes_what_is_left)
{
    struct buffer text = {0};
    struct table table = {.columns = 3};
    add_row(&table, "no", "kind", "data");
    add_row(&table, "3", "stream", "a sentence that is long");
    cr_expect(eq(str, shown_within(&table, 35, &text),
                 "no  kind    data\n"
                 "3   stream  a sentence that is long\n"));
    cr_expect(eq(str, shown_within(&table, 28, &text),
                 "no  kind    data\n"
                 "3   stream  a sentence that\u2026\n"));
    cr_expect(eq(str, shown_within(&table, 24, &text), // 16 for the last are good
                 "no  data\n"
                 "3   a sentence that is …\n"));
    cr_expect(eq(str, shown_within(&table, 13, &text),
                 "no  kind\n"
                 "3   stream\n"));
    table_finish(&table);
    buffer_finish(&text);
}

Test(table, cuts_what_must_stay)
{
    struct buffer text = {0};
    struct table table = {.columns = 3};
    add_row(&table, "no", "kind", "opened");
    add_row(&table, "你好世界", "stream", "main");
    setlocale(LC_ALL, "C.UTF-8");
    // A wide character is not cut in two: its place stays empty.
    cr_expect(eq(str, shown_within(&table, 6, &text),
                 "no\n"
                 "你好…\n"));
    table_finish(&table);
    buffer_finish(&text);
}

Test(table, looks_take_no_room)
{
    struct buffer text = {0};
    struct table table = {.columns = 2};
    table_add_look(&table, LOOK_HEADING, "state");
    table_add_text(&table, "no");
    table_add_look(&table, LOOK_GOOD, "ESTABLISHED");
    table_add_text(&table, "3");
    table_add_look(&table, LOOK_PLAIN, "LISTEN");
    table_add_text(&table, "4");
    table_show(&table, &text);
    cr_expect(eq(str, (char *)buffer_text(&text),
                 "\x0ehstate\x0f        no\n"
                 "\x0egESTABLISHED\x0f  3\n"
                 "LISTEN       4\n"));
    table_finish(&table);
    buffer_finish(&text);
}

Test(look, is_taken_apart_and_left_out)
{
    struct buffer text = {0}, plain = {0};
    enum look look;
    struct str piece;
    buffer_add_text(&text, "a ");
    look_add(LOOK_BAD, STR("b"), &text);
    look_add(LOOK_PLAIN, STR(" c"), &text);
    struct str rest = buffer_str(&text);
    cr_assert(look_take(&rest, &look, &piece));
    cr_expect(look == LOOK_PLAIN && str_is(piece, "a "));
    cr_assert(look_take(&rest, &look, &piece));
    cr_expect(look == LOOK_BAD && str_is(piece, "b"));
    cr_assert(look_take(&rest, &look, &piece));
    cr_expect(look == LOOK_PLAIN && str_is(piece, " c"));
    cr_expect(not(look_take(&rest, &look, &piece)));
    look_strip(buffer_str(&text), &plain);
    cr_expect(eq(str, (char *)buffer_text(&plain), "a b c"));
    cr_expect(eq(sz, look_width(buffer_str(&text)), 5));
    buffer_finish(&text);
    buffer_finish(&plain);
}

Test(look, marks_that_are_cut_off_do_no_harm)
{
    static const struct str texts[] = {{"\x0e", 1}, {"\x0eg", 2}, {"\x0f", 1}, {"a\x0e", 2}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct str rest = texts[i], piece;
        enum look look;
        size_t pieces = 0;
        while (look_take(&rest, &look, &piece))
            cr_assert(lt(sz, ++pieces, 4));
    }
}
