// test_nearest: which of the known words was meant.

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "base/nearest.h"

static const char *const words[] = {"accept", "bind",     "connect",  "listen",
                                    "recv",   "recvfrom", "send",     "sendto",
                                    "socket", "AF_INET",  "AF_INET6", "x"};

static char *meant(const char *wanted)
{
    struct nearest nearest = nearest_begin(str_from(wanted));
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        nearest_offer(&nearest, str_from(words[i]));
    return nearest.best.size ? (char *)nearest.best.data : "";
}

Test(nearest, finds_the_word_that_was_meant)
{
    static const struct {
        const char *wanted, *best;
    } rows[] = {
        {"sokcet", "socket"},   // two neighbours swapped
        {"soket", "socket"},    // one left out
        {"sockett", "socket"},  // one too many
        {"sacket", "socket"},   // another one
        {"SOCKET", "socket"},   // case aside
        {"af_inet", "AF_INET"}, //
        {"AF_INETT", "AF_INET"}, {"recvform", "recvfrom"}, {"lsten", "listen"},
        {"conect", "connect"},   {"listen", "listen"},     {"bnd", "bind"},
        {"sedn", "send"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        cr_assert(eq(str, meant(rows[i].wanted), (char *)rows[i].best), "%s", rows[i].wanted);
}

Test(nearest, suggests_nothing_far_away)
{
    static const char *const far[] = {"",   "frobnicate", "y",       "q",
                                      "zz", "bxyd",       "accxyzt", "telnet"};
    for (size_t i = 0; i < sizeof far / sizeof *far; i++)
        cr_assert(eq(str, meant(far[i]), ""), "%s", far[i]);
}

Test(nearest, keeps_the_first_of_two_that_are_as_near)
{
    struct nearest nearest = nearest_begin(STR("abcd"));
    nearest_offer(&nearest, STR("abcx"));
    nearest_offer(&nearest, STR("abcy"));
    cr_assert(str_is(nearest.best, "abcx"));
    nearest_offer(&nearest, STR("abcd"));
    cr_assert(str_is(nearest.best, "abcd"));
}

Test(nearest, passes_over_words_that_are_too_long)
{
    char text[100];
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = 'a';
    struct nearest nearest = nearest_begin((struct str){text, sizeof text});
    nearest_offer(&nearest, (struct str){text, sizeof text});
    nearest_offer(&nearest, STR("a"));
    cr_assert(eq(sz, nearest.best.size, 0));
    nearest = nearest_begin(STR("a"));
    nearest_offer(&nearest, (struct str){text, sizeof text});
    nearest_offer(&nearest, STR(""));
    cr_assert(eq(sz, nearest.best.size, 0));
}
