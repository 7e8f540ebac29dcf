// test_names: an ordered set of names.

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>

#include "base/names.h"

static struct str numbered(unsigned i)
{
    static char text[20];
    snprintf(text, sizeof text, "name%u", i);
    return str_from(text);
}

Test(names, finds_nothing_in_an_empty_set)
{
    struct names names = {0};
    cr_assert(eq(u32, names_find(&names, STR("a")), NAME_MISSING));
    names_truncate(&names, 0);
    names_finish(&names);
}

Test(names, keeps_the_order)
{
    struct names names = {0};
    cr_assert(eq(u32, names_add(&names, STR("b")), 0));
    cr_assert(eq(u32, names_add(&names, STR("a")), 1));
    cr_assert(eq(u32, names_add(&names, STR("b")), 0));
    cr_assert(eq(u32, names_add(&names, STR("")), 2));
    cr_assert(eq(u32, names.count, 3));
    cr_assert(eq(u32, names_find(&names, STR("a")), 1));
    cr_assert(eq(u32, names_find(&names, STR("")), 2));
    cr_assert(eq(u32, names_find(&names, STR("c")), NAME_MISSING));
    cr_assert(eq(str, (char *)names.items[1].data, "a"));
    names_finish(&names);
}

Test(names, copies_what_it_is_given)
{
    struct names names = {0};
    char text[] = "abc";
    names_add(&names, (struct str){text, 2});
    text[0] = 'x';
    cr_assert(eq(u32, names_find(&names, STR("ab")), 0));
    cr_assert(eq(str, (char *)names.items[0].data, "ab"));
    names_finish(&names);
}

Test(names, holds_many)
{
    struct names names = {0};
    for (unsigned i = 0; i < 20000; i++)
        cr_assert(eq(u32, names_add(&names, numbered(i)), i));
    for (unsigned i = 0; i < 20000; i += 7)
        cr_assert(eq(u32, names_find(&names, numbered(i)), i));
    cr_assert(eq(u32, names_find(&names, numbered(20000)), NAME_MISSING));
    names_finish(&names);
}

Test(names, forgets_the_last_ones)
{
    struct names names = {0};
    for (unsigned i = 0; i < 100; i++)
        names_add(&names, numbered(i));
    names_truncate(&names, 200);
    cr_assert(eq(u32, names.count, 100));
    names_truncate(&names, 10);
    for (unsigned i = 0; i < 100; i++)
        cr_assert(eq(u32, names_find(&names, numbered(i)), i < 10 ? i : NAME_MISSING));
    cr_assert(eq(u32, names_add(&names, numbered(50)), 10));
    names_truncate(&names, 0);
    cr_assert(eq(u32, names_find(&names, numbered(0)), NAME_MISSING));
    cr_assert(eq(u32, names_add(&names, STR("new")), 0));
    names_finish(&names);
}
