// test_source: lines and places of a script, and how a mistake in it is shown.

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "lang/source.h"

static struct source made(const char *text)
{
    struct source source;
    cr_assert(ne(ptr, setlocale(LC_CTYPE, "C.UTF-8"), NULL));
    source_init(&source, STR("f.socksh"), str_from(text));
    return source;
}

// What is said of octets `start` to `end` of the text; in a buffer that lasts until the next call.
static char *said(const char *text, size_t start, size_t end, const char *hint)
{
    static char kept[2000];
    struct source source = made(text);
    struct buffer buffer = {0};
    source_show_error(&source, "wrong", hint, (struct range){start, end}, &buffer);
    cr_assert(lt(sz, buffer.size, sizeof kept));
    strcpy(kept, buffer_text(&buffer));
    buffer_finish(&buffer);
    source_finish(&source);
    return kept;
}

static const struct {
    const char *text;
    size_t offset;
    unsigned line, column;
} places[] = {
    {"", 0, 1, 1},
    {"abc", 0, 1, 1},
    {"abc", 3, 1, 4},
    {"a\nbc\n", 1, 1, 2}, // the line's end belongs to its line
    {"a\nbc\n", 2, 2, 1},
    {"a\nbc\n", 4, 2, 3},
    {"a\nbc\n", 5, 3, 1},
    {"\n\n\n", 2, 3, 1},
    {"a\r\nbc\r\nd", 3, 2, 1},
    {"a\r\nbc\r\nd", 7, 3, 1},
    {"你好 x", 7, 1, 4},      // columns are code points
    {"e\xCC\x81 x", 4, 1, 4}, // also of what takes no room
    {"\xFF\xFE x", 3, 1, 4},  // a stray octet counts as one
    {"\xEF\xBB\xBF"
     "ab",
     1, 1, 2}, // a byte order mark is no part of the text
};

Test(source, tells_lines_and_columns)
{
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        struct source source = made(places[i].text);
        struct place place = source_place(&source, places[i].offset);
        cr_assert(eq(uint, place.line, places[i].line), "row %zu", i);
        cr_assert(eq(uint, place.column, places[i].column), "row %zu", i);
        source_finish(&source);
    }
}

Test(source, gives_lines_without_their_ends)
{
    struct source source = made("one\r\ntwo\n\nfour\r");
    cr_assert(eq(sz, source.line_count, 4));
    cr_assert(str_is(source_line(&source, 1), "one"));
    cr_assert(str_is(source_line(&source, 2), "two"));
    cr_assert(str_is(source_line(&source, 3), ""));
    cr_assert(str_is(source_line(&source, 4), "four"));
    source_finish(&source);
}

Test(source, underlines_the_place)
{
    cr_assert(eq(str, said("a bcd e", 2, 5, ""),
                 "f.socksh:1:3: error: wrong\n"
                 "  a bcd e\n"
                 "    ^^^\n"));
    cr_assert(eq(str, said("a\nb", 2, 2, "do this"),
                 "f.socksh:2:1: error: wrong\n"
                 "  b\n"
                 "  ^  do this\n"));
    cr_assert(eq(str, said("ab", 2, 2, ""), // behind the last character
                 "f.socksh:1:3: error: wrong\n"
                 "  ab\n"
                 "    ^\n"));
}

Test(source, remarks_on_another_place)
{
    struct source source;
    struct buffer text = {0};
    source_init(&source, STR("f.socksh"), STR("a\nbcd e"));
    source_show_remark(&source, "here", (struct range){6, 7}, &text);
    cr_assert(eq(str, (char *)buffer_text(&text),
                 "f.socksh:2:5: here\n"
                 "  bcd e\n"
                 "      ^\n"));
    buffer_finish(&text);
    source_finish(&source);
}

Test(source, underlines_wide_characters_with_as_many_columns)
{
    cr_assert(eq(str, said("x = \"你好\" 世界", 13, 19, ""),
                 "f.socksh:1:10: error: wrong\n"
                 "  x = \"你好\" 世界\n"
                 "             ^^^^\n"));
}

Test(source, underlines_to_the_end_of_the_first_line_only)
{
    cr_assert(eq(str, said("x = \"one\ntwo\" y", 4, 13, ""),
                 "f.socksh:1:5: error: wrong\n"
                 "  x = \"one\n"
                 "      ^^^^\n"));
    cr_assert(eq(str, said("ab\r\ncd", 1, 6, ""),
                 "f.socksh:1:2: error: wrong\n"
                 "  ab\n"
                 "   ^\n"));
}

Test(source, lets_no_control_character_through)
{
    cr_assert(eq(str, said("a\tb\x1B[31m\x7F \xC2\x9B \xFF x", 15, 16, ""),
                 "f.socksh:1:15: error: wrong\n"
                 "  a b [31m      x\n"
                 "                ^\n"));
}

Test(source, shows_the_part_of_a_long_line_that_matters)
{
    char text[1001];
    memset(text, 'a', 1000);
    text[1000] = '\0';
    memcpy(text + 700, "HERE", 4);
    char *shown = said(text, 700, 704, "");
    char *line = strchr(shown, '\n') + 3;
    cr_assert(eq(int, strncmp(shown, "f.socksh:1:701: error: wrong\n", 29), 0));
    cr_assert(eq(sz, (size_t)(strstr(line, "HERE") - line), 80));
    cr_assert(eq(sz, strcspn(line, "\n"), 80 + 160));
    cr_assert(eq(sz, strspn(strchr(line, '\n') + 1, " "), 2 + 80));
    cr_assert(ne(ptr, strstr(shown, " ^^^^\n"), NULL));
    // The end of the underlined part may lie beyond what is shown.
    cr_assert(ne(ptr, strstr(said(text, 700, 1000, ""), "^^^^^^^^^^^\n"), NULL));
    cr_assert(ne(ptr, strstr(said(text, 0, 1000, ""), "^^^^^^^^^^^\n"), NULL));
}

Test(source, cuts_a_long_line_between_characters)
{
    char text[1000] = "";
    for (int i = 0; i < 200; i++)
        strcat(text, "你");
    for (size_t start = 0; start < 600; start += 3) {
        char *shown = said(text, start, start + 3, "");
        cr_assert(eq(ptr, strchr(shown, '\xFF'), NULL));
        char *line = strchr(shown, '\n') + 3;
        size_t size = strcspn(line, "\n");
        cr_assert(eq(sz, size % 3, 0), "at %zu", start);
        cr_assert(ne(ptr, strstr(line + size, "^^"), NULL), "at %zu", start);
    }
}

Test(source, needs_no_name)
{
    struct source source;
    struct buffer text = {0};
    struct diag diag = {0};
    source_init(&source, STR(""), STR("a"));
    diag_set(&diag, (struct range){0, 1}, "wrong");
    diag_hint(&diag, "hint");
    source_show_diag(&source, &diag, &text);
    cr_assert(eq(str, (char *)buffer_text(&text), "error: wrong\n  a\n  ^  hint\n"));
    source_finish(&source);
    buffer_finish(&text);
}

// Any octets, any place in them.
Test(source, survives_anything)
{
    static const char octets[] = "a \t\n\r\0\x1B\x7F\x80\xBB\xBF\xC3\xE4\xEF\xF0\xFF";
    struct buffer buffer = {0};
    srand(4);
    for (int round = 0; round < 20000; round++) {
        char text[300];
        struct source source;
        size_t size = (size_t)rand() % (round % 10 ? 20 : sizeof text);
        for (size_t i = 0; i < size; i++)
            text[i] = octets[(size_t)rand() % (sizeof octets - 1)];
        source_init(&source, STR("f"), (struct str){text, size});
        size_t start = (size_t)rand() % (source.text.size + 1);
        size_t end = start + (size_t)rand() % (source.text.size - start + 1);
        buffer_clear(&buffer);
        source_show_error(&source, "wrong", "hint", (struct range){start, end}, &buffer);
        cr_assert(eq(ptr, memchr(buffer.data, '\x1B', buffer.size), NULL));
        cr_assert(eq(ptr, memchr(buffer.data, '\r', buffer.size), NULL));
        source_finish(&source);
    }
    buffer_finish(&buffer);
}
