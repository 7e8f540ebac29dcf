// test_excerpt: what is shown of a long line around a place, and where its mark stands.

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "ui/excerpt.h"
#include "ui/output.h"

#define TEN "0123456789"

// The excerpt, valid until the next call.
static char *cut(const char *line, const char *mark, size_t columns)
{
    static struct buffer text;
    buffer_clear(&text);
    excerpt_add(str_from(line), str_from(mark), columns, &text);
    return (char *)buffer_text(&text);
}

Test(excerpt, leaves_what_fits)
{
    cr_assert(
        eq(str, cut("  print abc", "        ^^^  a hint", 20), "  print abc\n        ^^^  a hint"));
    cr_assert(eq(str, cut("  ", "  ^", 20), "  \n  ^"));
}

Test(excerpt, cuts_the_end_where_the_place_is_at_the_beginning)
{
    cr_assert(eq(str, cut("  " TEN TEN TEN TEN, "     ^^  a hint", 40),
                 "  " TEN TEN "01234567 …\n     ^^  a hint"));
}

Test(excerpt, cuts_the_beginning_where_the_place_is_at_the_end)
{
    cr_assert(eq(str,
                 cut("  " TEN TEN TEN TEN "!", "                                          ^", 40),
                 "  … 3456789" TEN TEN "!\n                               ^"));
    // Behind the last character, where something is missing.
    cr_assert(eq(str, cut("  " TEN TEN TEN TEN, "                                          ^", 40),
                 "  … 23456789" TEN TEN "\n                                ^"));
}

Test(excerpt, cuts_a_mark_where_its_line_is_cut)
{
    cr_assert(eq(str, cut("  " TEN TEN TEN TEN, "  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^", 40),
                 "  " TEN TEN "01234567 …\n  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^"));
}

Test(excerpt, counts_three_dots_where_they_stand_in)
{
    output_use_ascii(true);
    cr_assert(eq(str,
                 cut("  " TEN TEN TEN TEN "!", "                                          ^", 40),
                 "  ... 3456789" TEN TEN "!\n                                 ^"));
    output_use_ascii(false);
}

// The column at which the '@' of an excerpt stands, or its mark; SIZE_MAX where there is none.
static size_t column_of(const char *text, char sign)
{
    const char *found = strchr(text, sign);
    const char *line = found;
    if (found == NULL)
        return SIZE_MAX;
    while (line > text && line[-1] != '\n')
        line--;
    return utf8_width((struct str){line, (size_t)(found - line)});
}

// An '@' at each place of a line of narrow and wide characters, in terminals of each width.
Test(excerpt, marks_the_place_wherever_it_is)
{
    for (size_t columns = 1; columns <= 120; columns++) {
        for (size_t before = 0; before <= 90; before++) {
            char line[512] = "  ", mark[512] = "  ";
            for (size_t i = 0; i < before; i++)
                strcat(line, i % 3 == 1 ? "你" : "a");
            size_t start = utf8_width(str_from(line));
            snprintf(mark, sizeof mark, "%*s^", (int)start, "");
            strcat(line, "@");
            for (size_t i = before; i < 90; i++)
                strcat(line, i % 5 == 1 ? "好" : "b");
            char *text = cut(line, mark, columns);
            cr_assert(eq(sz, column_of(text, '@'), column_of(text, '^')), "%s", text);
            cr_assert(ne(sz, column_of(text, '@'), SIZE_MAX), "%s", text);
            size_t width = utf8_width((struct str){text, strcspn(text, "\n")});
            cr_assert(lt(sz, width, columns > 28 ? columns : 29), "%s", text);
        }
    }
}
