// test_mend: how a line of another language is written here.

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "commands/table.h"
#include "lang/mend.h"

static char *arguments(const char *written)
{
    static char kept[200];
    struct buffer text = {0};
    mend_arguments(str_from(written), &text);
    snprintf(kept, sizeof kept, "%s", buffer_text(&text));
    buffer_finish(&text);
    return kept;
}

Test(mend, takes_commas_and_parentheses_away)
{
    cr_assert(eq(str, arguments(""), ""));
    cr_assert(eq(str, arguments("1024"), "1024"));
    cr_assert(eq(str, arguments("s, 1024"), "s 1024"));
    cr_assert(eq(str, arguments("s,1024,x"), "s 1024 x"));
    cr_assert(eq(str, arguments("s, \"a, b\", [1, 2]"), "s \"a, b\" [1, 2]"));
    cr_assert(eq(str, arguments("-1"), "-1"));
    cr_assert(eq(str, arguments("x + 1"), "(x + 1)"));
    cr_assert(eq(str, arguments("x-1"), "(x-1)"));
    cr_assert(eq(str, arguments("len x"), "(len x)"));
    cr_assert(eq(str, arguments("\"a b\""), "\"a b\""));
}

Test(mend, finds_the_end_of_a_statement)
{
    static const struct {
        const char *text, *statement;
    } rows[] = {
        {"a b  \nc", "a b"},
        {"a; b", "a"},
        {"a # c", "a"},
        {" a \"; #\" b } c", "a \"; #\" b"},
        {"(a) b) c", "(a) b"},
        {"[a] { b", "[a]"},
        {"\"a\\\"; b\" c; d", "\"a\\\"; b\" c"},
        {"'a\\'; b", "'a\\'"},
        {"", ""},
        {"\"open", "\"open"},
        {"\"end\\", "\"end\\"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        cr_assert(str_is(mend_statement(str_from(rows[i].text)), rows[i].statement), "%s",
                  rows[i].text);
}

Test(mend, finds_what_stands_in_brackets)
{
    struct str inside;
    cr_assert(mend_inside(STR("( a, (b) ) c"), &inside));
    cr_assert(str_is(inside, "a, (b)"));
    cr_assert(mend_inside(STR("()"), &inside));
    cr_assert(str_is(inside, ""));
    cr_assert(mend_inside(STR("(\")\")"), &inside));
    cr_assert(str_is(inside, "\")\""));
    cr_assert(not(mend_inside(STR("(a\n)"), &inside)));
    cr_assert(not(mend_inside(STR("(a"), &inside)));
    cr_assert(not(mend_inside(STR("(\"a\\"), &inside)));
}

// What belongs to the operator, a | behind it, and the rest.
static const char *operands(const char *rest)
{
    static char kept[100];
    struct buffer to = {0};
    struct str text = str_from(rest);
    commands_install();
    size_t end = mend_operands(text, &to);
    snprintf(kept, sizeof kept, "%s|%s", buffer_text(&to), rest + end);
    buffer_finish(&to);
    return kept;
}

Test(mend, finds_what_an_operator_joins)
{
    static const char *const rows[][2] = {
        {"+ name", "+ name|"},
        {"+ name 127.0.0.1:80", "+ name| 127.0.0.1:80"},
        {"+ 'a b' + \"c d\" 1", "+ 'a b' + \"c d\"| 1"},
        {"* (len d) x", "* (len d)| x"},
        {"+ len d", "+ (len d)|"},
        {"- 1 + len d", "- 1 + (len d)|"},
        {"-1 x", "-1| x"},
        {"== x and y z", "== x and y| z"},
        {"+", "+|"},
        {"+ \"a", "+ \"a|"},
        {"", "|"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        cr_expect_str_eq(operands(rows[i][0]), rows[i][1]);
}

Test(mend, knows_habits)
{
    cr_assert(eq(str, (char *)mend_habit(STR("elif")), "write else if"));
    cr_assert(eq(str, (char *)mend_habit(STR("None")), "write none"));
    cr_assert(eq(ptr, (void *)mend_habit(STR("none")), NULL));
    cr_assert(eq(ptr, (void *)mend_habit(STR("")), NULL));
}

Test(mend, survives_anything)
{
    static const char octets[] = "ab ,()[]{}\"'\\#;\n-+\0\xFF";
    struct buffer text = {0};
    srand(6);
    commands_install();
    for (int round = 0; round < 50000; round++) {
        size_t size = (size_t)rand() % 12 + 1;
        char *octet = malloc(size); // so that the sanitizer sees the end
        for (size_t i = 0; i < size; i++)
            octet[i] = octets[(size_t)rand() % (sizeof octets - 1)];
        struct str s = {octet, size}, inside;
        mend_statement(s);
        mend_inside(s, &inside);
        mend_arguments(s, &text);
        buffer_clear(&text);
        cr_assert(mend_operands(s, &text) <= s.size);
        buffer_clear(&text);
        free(octet);
    }
    buffer_finish(&text);
}
