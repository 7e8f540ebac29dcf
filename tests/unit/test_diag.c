// test_diag: messages that fit, and messages that are cut.

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#include "base/diag.h"
#include "base/utf8.h"

Test(diag, says_what_and_where)
{
    struct diag diag = {.incomplete = true};
    diag_hint(&diag, "%s", "an old hint");
    cr_assert(not(diag_set(&diag, (struct range){3, 5}, "wrong: %d", 7)));
    cr_assert(eq(str, diag.message, "wrong: 7"));
    cr_assert(eq(str, diag.hint, ""));
    cr_assert(eq(sz, diag.range.start, 3));
    cr_assert(eq(sz, diag.range.end, 5));
    cr_assert(not(diag.incomplete));
    cr_assert(not(diag_hint(&diag, "do %s", "this")));
    cr_assert(eq(str, diag.hint, "do this"));
    cr_assert(eq(str, diag.message, "wrong: 7"));
}

Test(diag, cuts_at_a_character)
{
    for (size_t lead = 0; lead < 3; lead++) {
        char text[3000] = "";
        memset(text, 'a', lead);
        while (strlen(text) < 2000)
            strcat(text, "你");
        struct diag diag = {0};
        diag_set(&diag, (struct range){0, 1}, "%s", text);
        size_t size = strlen(diag.message);
        cr_assert(gt(sz, size, sizeof diag.message - 4));
        cr_assert(lt(sz, size, sizeof diag.message));
        cr_assert(eq(sz, utf8_cut((struct str){diag.message, size}, size), size));
        cr_assert(eq(sz, (size - lead) % 3, 0));
    }
}
