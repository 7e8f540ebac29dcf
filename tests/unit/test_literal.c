// test_literal: from the written form of numbers, durations, constants and escapes to their values.

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "lang/literal.h"

static const struct range where = {10, 20};

static const struct {
    const char *text;
    int64_t number;
    const char *message; // NULL when it is good
} ints[] = {
    {"0", 0, NULL},
    {"-0", 0, NULL},
    {"1024", 1024, NULL},
    {"-5", -5, NULL},
    {"0x1f", 31, NULL},
    {"0xABCdef", 0xABCDEF, NULL},
    {"0x00ff", 255, NULL},
    {"-0x10", -16, NULL},
    {"9223372036854775807", INT64_MAX, NULL},
    {"-9223372036854775808", INT64_MIN, NULL},
    {"0x7fffffffffffffff", INT64_MAX, NULL},
    {"9223372036854775808", 0, "this number does not fit into 64 bits"},
    {"-9223372036854775809", 0, "this number does not fit into 64 bits"},
    {"0x8000000000000000", 0, "this number does not fit into 64 bits"},
    {"99999999999999999999999999", 0, "this number does not fit into 64 bits"},
    {"010", 0, "a number has no leading 0"},
    {"-010", 0, "a number has no leading 0"},
    {"00", 0, "a number has no leading 0"},
    {"0x", 0, "\"0x\" is no number"},
    {"0xg", 0, "\"0xg\" is no number"},
    {"12a", 0, "\"12a\" is no number"},
    {"-", 0, "\"-\" is no number"},
};

Test(literal, reads_ints)
{
    for (size_t i = 0; i < sizeof ints / sizeof *ints; i++) {
        struct value value = VALUE_UNSET;
        struct diag diag = {0};
        bool good = literal_int(str_from(ints[i].text), where, &value, &diag);
        cr_assert(eq(int, good, ints[i].message == NULL), "%s", ints[i].text);
        if (good) {
            cr_assert(eq(int, value.type, TYPE_INT));
            cr_assert(eq(i64, value.number, ints[i].number), "%s", ints[i].text);
        } else {
            cr_assert(eq(str, diag.message, (char *)ints[i].message));
            cr_assert(eq(sz, diag.range.start, where.start));
        }
    }
}

Test(literal, reads_durations)
{
    static const struct {
        const char *text;
        int64_t number; // -1: wrong
    } rows[] = {
        {"10us", 10000},
        {"500ms", 500000000},
        {"2s", 2000000000},
        {"1m", 60000000000},
        {"0s", 0},
        {"-1s", -1000000000},
        {"153722867m", 9223372020000000000},
        {"153722868m", -1},
        {"08ms", -1},
        {"9223372036854775808s", -1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct value value = VALUE_UNSET;
        struct diag diag = {0};
        bool good = literal_duration(str_from(rows[i].text), where, &value, &diag);
        cr_assert(eq(int, good, rows[i].number != -1), "%s", rows[i].text);
        if (good) {
            cr_assert(eq(int, value.type, TYPE_DURATION));
            cr_assert(eq(i64, value.number, rows[i].number), "%s", rows[i].text);
        }
    }
}

Test(literal, reads_constants_of_one_family)
{
    struct value value = VALUE_UNSET;
    struct diag diag = {0};
    cr_assert(literal_constants(STR("MSG_PEEK|MSG_DONTWAIT"), where, &value, &diag));
    cr_assert(eq(i64, value.number, MSG_PEEK | MSG_DONTWAIT));
    cr_assert(eq(int, value_symbol_of(value)->family, FAMILY_MSG));

    cr_assert(not(literal_constants(STR("MSG_PEEK|MSG_DONTWAT"), where, &value, &diag)));
    cr_assert(eq(str, diag.message, "there is no constant \"MSG_DONTWAT\""));
    cr_assert(eq(str, diag.hint, "did you mean \"MSG_DONTWAIT\"?"));
    cr_assert(eq(sz, diag.range.start, where.start + 9));
    cr_assert(eq(sz, diag.range.end, where.start + 20));

    cr_assert(not(literal_constants(STR("AF_INET|MSG_PEEK"), where, &value, &diag)));
    cr_assert(eq(str, diag.message, "AF_INET and MSG_PEEK are constants for different things"));
    cr_assert(not(literal_constants(STR("a|b"), where, &value, &diag)));
    cr_assert(ne(int, diag.hint[0], '\0'));
}

Test(literal, reads_escapes)
{
    static const char written[] = "\\r\\n\\t\\0\\\\\\\"\\{\\}\\x41\\xFf\\x00";
    static const char octets[] = "\r\n\t\0\\\"{}A\xFF\0";
    struct diag diag = {0};
    size_t at = 0, count = 0;
    while (at < sizeof written - 1) {
        char octet;
        cr_assert(literal_escape(STR(written), 0, &at, &octet, &diag), "%s", diag.message);
        cr_assert(eq(int, octet, octets[count]), "escape %zu", count);
        count++;
    }
    cr_assert(eq(sz, count, sizeof octets - 1));
}

Test(literal, refuses_other_escapes)
{
    static const char *const wrong[] = {"\\q", "\\x", "\\x4", "\\xg0", "\\u0041", "\\ ", "\\"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        size_t size = strlen(wrong[i]), at = 0;
        char *text = malloc(size); // so that the sanitizer sees the end
        char octet;
        struct diag diag = {0};
        memcpy(text, wrong[i], size);
        cr_assert(not(literal_escape((struct str){text, size}, 100, &at, &octet, &diag)));
        cr_assert(eq(sz, at, 0));
        cr_assert(eq(sz, diag.range.start, 100), "%s", wrong[i]);
        cr_assert(ne(int, diag.message[0], '\0'));
        free(text);
    }
}
