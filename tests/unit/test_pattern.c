// test_pattern: what an expectation allows.

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lesson/pattern.h"

static struct captures captures;

static void tear_down(void)
{
    captures_finish(&captures);
}

TestSuite(pattern, .fini = tear_down);

static bool matches(const char *pattern, const char *text)
{
    return pattern_matches(&captures, str_from(pattern), str_from(text));
}

static char *filled_in(const char *pattern)
{
    static char kept[200];
    struct buffer text = {0};
    pattern_show(&captures, str_from(pattern), &text);
    snprintf(kept, sizeof kept, "%s", buffer_text(&text));
    buffer_finish(&text);
    return kept;
}

Test(pattern, matches_text_as_it_is)
{
    cr_assert(matches("", ""));
    cr_assert(matches("5", "5"));
    cr_assert(not(matches("5", "55")));
    cr_assert(not(matches("55", "5")));
    cr_assert(not(matches("", "5")));
    cr_assert(not(matches("a", "")));
    cr_assert(matches("\"a.b\" .. [x] <", "\"a.b\" .. [x] <"));
    cr_assert(not(matches("a.c", "abc")));
    cr_assert(not(matches("a*", "aa")));
}

Test(pattern, takes_dots_for_any_text)
{
    cr_assert(matches("...", ""));
    cr_assert(matches("...", "anything at all"));
    cr_assert(matches("a...z", "az"));
    cr_assert(matches("a...z", "abcz, zz"));
    cr_assert(not(matches("a...z", "azb")));
    cr_assert(matches("...b...", "abc"));
    cr_assert(matches("error ...", "error EADDRINUSE: taken"));
    cr_assert(matches("....", "a."));
    cr_assert(not(matches("....", "")));
    cr_assert(matches("......", "a"));
}

Test(pattern, takes_a_name_for_the_same_text_everywhere)
{
    cr_assert(matches("<conn>, 127.0.0.1:<port>", "4, 127.0.0.1:53210"));
    cr_assert(matches("127.0.0.1:<port>", "127.0.0.1:53210"));
    cr_assert(not(matches("127.0.0.1:<port>", "127.0.0.1:53211")));
    cr_assert(matches("<conn>", "4"));
    cr_assert(matches("[<a>, <b>, <a>]", "[1, 2, 1]"));
    cr_assert(not(matches("[<c>, <c>]", "[1, 2]")));
    cr_assert(matches("<c><c>", "abab"));
    cr_assert(matches("<c>", "ab"));
}

Test(pattern, takes_no_empty_text_for_a_name)
{
    cr_assert(not(matches("<x>", "")));
    cr_assert(not(matches("a<x>b", "ab")));
    cr_assert(matches("a<x>...b", "a1b"));
}

Test(pattern, captures_only_when_all_matches)
{
    cr_assert(not(matches("<x>, 5", "1, 6")));
    cr_assert(matches("<x>", "2"));
    cr_assert(not(matches("<x>", "1")));
    cr_assert(eq(str, filled_in("<x> <y> ..."), "2 <y> ..."));
}

Test(pattern, leaves_other_angle_brackets_alone)
{
    cr_assert(matches("<>", "<>"));
    cr_assert(matches("< a>", "< a>"));
    cr_assert(matches("<a-b>", "<a-b>"));
    cr_assert(matches("<a", "<a"));
    cr_assert(matches("1 < 2 > 1", "1 < 2 > 1"));
    cr_assert(matches("<A_1>", "any"));
    cr_assert(eq(str, filled_in("<> <A_1> <a"), "<> any <a"));
}

Test(pattern, goes_back_where_the_first_try_fails)
{
    cr_assert(matches("<a>:<b>", "x:y:z"));
    cr_assert(eq(str, filled_in("<a>|<b>"), "x|y:z"));
    cr_assert(matches("<p>...<q>!", "ab!c!"));
    cr_assert(matches("<m><n><m>", "1221 1221"));
}

// A hostile pattern ends.
Test(pattern, ends_soon, .timeout = 20)
{
    char pattern[200] = "", text[200];
    for (int i = 0; i < 40; i++)
        strcat(pattern, "...");
    strcat(pattern, "x");
    memset(text, 'a', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    cr_assert(not(matches(pattern, text)));
    pattern[0] = '\0';
    for (int i = 0; i < 26; i++)
        sprintf(pattern + strlen(pattern), "<n%d>", i);
    cr_assert(not(matches(pattern, text))); // more new names than one pattern may have
}

Test(pattern, survives_anything)
{
    static const char octets[] = "ab<>._... 1\0\xFF";
    srand(10);
    for (int round = 0; round < 50000; round++) {
        char *pattern = malloc(12), *text = malloc(12);
        size_t sizes[] = {(size_t)rand() % 13, (size_t)rand() % 13};
        for (size_t i = 0; i < 12; i++) {
            pattern[i] = octets[(size_t)rand() % (sizeof octets - 1)];
            text[i] = octets[(size_t)rand() % (sizeof octets - 1)];
        }
        struct str p = {pattern, sizes[0]}, t = {text, sizes[1]};
        if (pattern_matches(&captures, p, t))
            cr_assert(pattern_matches(&captures, p, t));
        if (round % 50 == 0)
            captures_finish(&captures);
        free(pattern);
        free(text);
    }
}
