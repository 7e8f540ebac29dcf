// test_utf8: what is a character and what is none (RFC 3629), and how wide a terminal shows it.

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <locale.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "base/wrap.h"

static void use_utf8(void)
{
    cr_assert(ne(ptr, setlocale(LC_CTYPE, "C.UTF-8"), NULL));
}

static const struct {
    const char *octets;
    size_t size; // 0: no character
    uint32_t point;
} table[] = {
    {"A", 1, 0x41},
    {"\x7F", 1, 0x7F},
    {"\xC2\x80", 2, 0x80},
    {"\xC3\xA4", 2, 0xE4},
    {"\xDF\xBF", 2, 0x7FF},
    {"\xE0\xA0\x80", 3, 0x800},
    {"\xE4\xBD\xA0", 3, 0x4F60},
    {"\xED\x9F\xBF", 3, 0xD7FF},
    {"\xEF\xBF\xBF", 3, 0xFFFF},
    {"\xF0\x90\x80\x80", 4, 0x10000},
    {"\xF0\x9F\x98\x80", 4, 0x1F600},
    {"\xF4\x8F\xBF\xBF", 4, 0x10FFFF},
    {"\x80", 0, 0},             // a continuation alone
    {"\xC0\x80", 0, 0},         // an overlong NUL
    {"\xC1\xBF", 0, 0},         // overlong
    {"\xE0\x9F\xBF", 0, 0},     // overlong
    {"\xF0\x8F\xBF\xBF", 0, 0}, // overlong
    {"\xED\xA0\x80", 0, 0},     // a surrogate
    {"\xED\xBF\xBF", 0, 0},     // a surrogate
    {"\xF4\x90\x80\x80", 0, 0}, // above 0x10FFFF
    {"\xF5\x80\x80\x80", 0, 0}, // above 0x10FFFF
    {"\xC3", 0, 0},             // cut
    {"\xE4\xBD", 0, 0},         // cut
    {"\xF0\x9F\x98", 0, 0},     // cut
    {"\xC3(", 0, 0},            // no continuation
    {"\xE4\xBD(", 0, 0},
    {"\xFF", 0, 0},
};

Test(utf8, decodes_one_character)
{
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        uint32_t point = 0;
        cr_assert(eq(sz, utf8_decode(str_from(table[i].octets), &point), table[i].size), "row %zu",
                  i);
        if (table[i].size > 0)
            cr_assert(eq(u32, point, table[i].point), "row %zu", i);
    }
    uint32_t point = 1;
    cr_assert(eq(sz, utf8_decode(STR("\0"), &point), 1));
    cr_assert(eq(u32, point, 0));
}

// The size that a text of one octet that is cut looks behind its end for must never be read.
Test(utf8, reads_nothing_behind_the_end)
{
    static const unsigned char firsts[] = {0xC3, 0xE4, 0xF0, 0x41, 0xFF};
    for (size_t i = 0; i < sizeof firsts; i++) {
        for (size_t size = 1; size <= 3; size++) {
            char *octets = malloc(size); // so that the sanitizer sees the end
            uint32_t point;
            for (size_t j = 0; j < size; j++)
                octets[j] = (char)(j ? 0x80 : firsts[i]);
            struct str s = {octets, size};
            utf8_decode(s, &point);
            utf8_cut(s, size);
            utf8_width(s);
            free(octets);
        }
    }
}

Test(utf8, counts_characters)
{
    cr_assert(eq(sz, utf8_count(STR("")), 0));
    cr_assert(eq(sz, utf8_count(STR("abc")), 3));
    cr_assert(eq(sz, utf8_count(STR("你好")), 2));
    cr_assert(eq(sz,
                 utf8_count(STR("\xFF\xFE"
                                "a")),
                 3));
    cr_assert(eq(sz, utf8_count(STR("\xE4\xBD")), 2)); // each stray octet counts
}

Test(utf8, cuts_between_characters)
{
    struct str s = STR("a你好"); // 1 + 3 + 3 octets
    static const size_t cuts[] = {0, 1, 1, 1, 4, 4, 4, 7, 7};
    for (size_t most = 0; most < sizeof cuts / sizeof *cuts; most++)
        cr_assert(eq(sz, utf8_cut(s, most), cuts[most]), "at %zu", most);
    // A text that ends in half a character is cut before it.
    cr_assert(eq(sz, utf8_cut(STR("a\xE4\xBD"), 9), 1));
    cr_assert(eq(sz, utf8_cut(STR("a\xF0\x9F\x98"), 9), 1));
    cr_assert(eq(sz, utf8_cut(STR("\x80\x80"), 9), 2));
}

Test(utf8, knows_what_controls)
{
    static const uint32_t control[] = {0, '\t', '\n', 0x1B, 0x1F, 0x7F, 0x80, 0x9B, 0x9F};
    static const uint32_t none[] = {' ', 'a', '~', 0xA0, 0x4F60, 0x10FFFF};
    for (size_t i = 0; i < sizeof control / sizeof *control; i++)
        cr_expect(utf8_is_control(control[i]), "U+%04x", control[i]);
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        cr_expect(not(utf8_is_control(none[i])), "U+%04x", none[i]);
}

Test(utf8, knows_what_can_be_shown)
{
    static const uint32_t hidden[] = {
        '\n',   0x9B,   0xAD,   0x61C,  0x200B, 0x200F, 0x2028, 0x202A, 0x202E,  0x2060,  0x2066,
        0x2069, 0xE000, 0xF8FF, 0xFDD0, 0xFEFF, 0xFFF9, 0xFFFE, 0xFFFF, 0x1FFFE, 0xE0001, 0x10FFFF,
    };
    static const uint32_t shown[] = {' ', '~', 0xA0, 0x2026, 0x4F60, 0xFF1A, 0xFFFD, 0x1F600};
    for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++)
        cr_expect(not(utf8_is_showable(hidden[i])), "U+%04x", hidden[i]);
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++)
        cr_expect(utf8_is_showable(shown[i]), "U+%04x", shown[i]);
}

Test(utf8, measures_columns)
{
    use_utf8();
    cr_assert(eq(sz, utf8_width(STR("abc")), 3));
    cr_assert(eq(sz, utf8_width(STR("你好")), 4));
    cr_assert(eq(sz, utf8_width(STR("e\xCC\x81")), 1)); // a combining accent
    cr_assert(eq(sz, utf8_width(STR("\xFF")), 1));
    cr_assert(eq(sz, utf8_point_width(0x1B), 1));
    cr_assert(eq(sz, utf8_point_width('a'), 1));
    cr_assert(eq(sz, utf8_point_width(0xFF1A), 2)); // a full-width colon
}

Test(utf8, cuts_to_columns)
{
    use_utf8();
    struct str s = STR("a你e\xCC\x81z"); // columns 1, 2, 1 with its accent, 1
    static const size_t sizes[] = {0, 1, 1, 4, 7, 8, 8};
    for (size_t columns = 0; columns < sizeof sizes / sizeof *sizes; columns++)
        cr_assert(eq(sz, utf8_fit(s, columns), sizes[columns]), "at %zu", columns);
    cr_assert(eq(sz, utf8_fit(STR("\xFF\xE4z"), 2), 2)); // each stray octet takes one
}

Test(utf8, cut_texts_say_so)
{
    static const struct {
        size_t columns;
        const char *sign, *wanted;
    } rows[] = {
        {5, "…", "a你bc"},   {4, "…", "a你…"},   {3, "…", "a…"},    {1, "…", "…"},  {0, "…", ""},
        {5, "...", "a你bc"}, {4, "...", "a..."}, {3, "...", "..."}, {2, "...", ""},
    };
    use_utf8();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buffer text = {0};
        buffer_add_text(&text, "a你bc");
        wrap_cut(&text, rows[i].columns, rows[i].sign);
        cr_expect(eq(str, (char *)buffer_text(&text), (char *)rows[i].wanted), "row %zu", i);
        buffer_finish(&text);
    }
}
