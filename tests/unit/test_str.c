// test_str: borrowed pieces of text, the empty ones and those without memory among them.

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <limits.h>

#include "base/str.h"

static const struct str nothing = {NULL, 0};

Test(str, knows_the_size_of_a_literal_with_a_nul_in_it)
{
    cr_assert(eq(sz, STR("a\0b").size, 3));
    cr_assert(eq(sz, STR("").size, 0));
    cr_assert(eq(sz, str_from("abc").size, 3));
}

Test(str, compares_pieces)
{
    cr_assert(str_equal(STR("ab"), STR("ab")));
    cr_assert(not(str_equal(STR("ab"), STR("ac"))));
    cr_assert(not(str_equal(STR("ab"), STR("abc"))));
    cr_assert(not(str_equal(STR("a\0b"), STR("a\0c"))));
    cr_assert(str_equal(nothing, STR("")));
    cr_assert(str_is(STR("ab"), "ab"));
    cr_assert(not(str_is(STR("ab\0"), "ab")));
    cr_assert(str_is(nothing, ""));
    cr_assert(str_starts(STR("abc"), STR("ab")));
    cr_assert(str_starts(STR("abc"), nothing));
    cr_assert(not(str_starts(STR("ab"), STR("abc"))));
    cr_assert(str_ends(STR("abc"), STR("bc")));
    struct str rest = STR("one\n\nlast");
    cr_assert(str_is(str_take_line(&rest), "one"));
    cr_assert(str_is(str_take_line(&rest), ""));
    cr_assert(str_is(rest, "last"));
    cr_assert(str_is(str_take_line(&rest), "last"));
    cr_assert(eq(sz, rest.size, 0));
    cr_assert(str_is(str_take_line(&rest), ""));
    cr_assert(str_ends(STR("abc"), nothing));
    cr_assert(not(str_ends(STR("bc"), STR("abc"))));
    cr_assert(not(str_ends(STR("abc"), STR("ab"))));
}

Test(str, orders_as_memcmp_does)
{
    cr_assert(lt(int, str_compare(STR("a"), STR("b")), 0));
    cr_assert(lt(int, str_compare(STR("a"), STR("aa")), 0));
    cr_assert(gt(int, str_compare(STR("\xFF"), STR("a")), 0));
    cr_assert(eq(int, str_compare(STR("ab"), STR("ab")), 0));
    cr_assert(eq(int, str_compare(nothing, STR("")), 0));
    cr_assert(lt(int, str_compare(nothing, STR("a")), 0));
}

Test(str, cuts_slices_to_what_there_is)
{
    struct str s = STR("hello");
    cr_assert(str_is(str_slice(s, 1, 3), "el"));
    cr_assert(str_is(str_slice(s, 3, SIZE_MAX), "lo"));
    cr_assert(str_is(str_slice(s, 4, 2), ""));
    cr_assert(str_is(str_slice(s, 9, 12), ""));
    cr_assert(str_is(str_slice(nothing, 0, 5), ""));
}

Test(str, finds_needles)
{
    struct str s = STR("a\r\n\r\nb");
    cr_assert(eq(sz, str_find(s, STR("\r\n\r\n"), 0), 1));
    cr_assert(eq(sz, str_find(s, STR("\n"), 3), 4));
    cr_assert(eq(sz, str_find(s, STR("x"), 0), SIZE_MAX));
    cr_assert(eq(sz, str_find(s, STR(""), 2), 2));
    cr_assert(eq(sz, str_find(s, STR("b"), 6), SIZE_MAX));
    cr_assert(eq(sz, str_find(s, STR(""), 7), SIZE_MAX));
    cr_assert(eq(sz, str_find(nothing, STR("b"), 0), SIZE_MAX));
}

Test(str, reads_numbers)
{
    uint64_t number = 77;
    cr_assert(str_to_number(STR("65535"), 65535, &number));
    cr_assert(eq(u64, number, 65535));
    cr_assert(str_to_number(STR("000"), 0, &number));
    cr_assert(str_to_number(STR("18446744073709551615"), UINT64_MAX, &number));
    cr_assert(eq(u64, number, UINT64_MAX));
    number = 77;
    static const char *const wrong[] = {
        "", "65536", "-1", "+1", "1 ", " 1", "0x1", "1a", "99999999999999999999"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        cr_assert(not(str_to_number(str_from(wrong[i]), 65535, &number)), "%s", wrong[i]);
    cr_assert(not(str_to_number(STR("18446744073709551616"), UINT64_MAX, &number)));
    cr_assert(not(str_to_number(STR("7"), 6, &number)));
    cr_assert(eq(u64, number, 77));
}

Test(str, trims_blanks_at_both_ends)
{
    cr_assert(str_is(str_trim(STR("  a b\r\n"), " \r\n"), "a b"));
    cr_assert(str_is(str_trim(STR("ab"), " "), "ab"));
    cr_assert(eq(sz, str_trim(STR(" \t "), " \t").size, 0));
    cr_assert(eq(sz, str_trim(nothing, " ").size, 0));
    cr_assert(eq(sz, str_trim(STR("\0a\0"), " ").size, 3)); // a NUL is no blank
}

Test(str, is_one_of_words)
{
    static const char *const words[] = {"send", "recv", NULL};
    cr_assert(str_is_one_of(STR("send"), words));
    cr_assert(str_is_one_of(STR("recv"), words));
    cr_assert(not(str_is_one_of(STR("sen"), words)));
    cr_assert(not(str_is_one_of(nothing, words)));
    cr_assert(not(str_is_one_of(STR("send"), words + 2)));
}
