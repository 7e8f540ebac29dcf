// test_json: that what is written can be read again as JSON (RFC 8259 section 7).

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "base/json.h"

static const struct {
    struct str text;
    const char *wanted;
} rows[] = {
    {{"", 0}, "\"\""},
    {{"say \"hi\" \\", 10}, "\"say \\\"hi\\\" \\\\\""},
    {{"a\n\tb", 4}, "\"a\\n\\tb\""},
    {{"\0\033\177", 3}, "\"\\u0000\\u001b\\u007f\""},
    {{"你\xFF\xE4z", 6}, "\"你\\ufffd\\ufffdz\""}, // each stray octet by itself
};

Test(json, escapes_what_has_no_place_in_a_string)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buffer shown = {0};
        json_add(rows[i].text, &shown);
        cr_expect(eq(str, (char *)buffer_text(&shown), (char *)rows[i].wanted), "row %zu", i);
        buffer_finish(&shown);
    }
}
