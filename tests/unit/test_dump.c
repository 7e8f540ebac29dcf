// test_dump: the documents are well formed, and hold every command.

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "commands/table.h"
#include "lang/command.h"
#include "ui/dump.h"

TestSuite(dump, .init = commands_install);

// Feeds the document to a program. Its exit status; what it prints goes to standard error.
static int feed(const char *format, const char *program)
{
    struct buffer text = {0};
    FILE *pipe = popen(program, "w");
    cr_assert(pipe != NULL);
    cr_expect(dump(format, &text));
    fwrite(text.data, 1, text.size, pipe);
    buffer_finish(&text);
    return pclose(pipe);
}

static void expect_all_commands(const char *format, const char *before, const char *behind)
{
    struct buffer text = {0}, wanted = {0};
    size_t count;
    const struct command *const *rows = command_rows(&count);
    cr_assert(dump(format, &text));
    for (size_t i = 0; i < count; i++) {
        buffer_clear(&wanted);
        buffer_print(&wanted, "%s%s%s", before, rows[i]->name, behind);
        cr_expect(lt(sz, str_find(buffer_str(&text), buffer_str(&wanted), 0), SIZE_MAX), "%s: %s",
                  format, rows[i]->name);
    }
    buffer_finish(&text);
    buffer_finish(&wanted);
}

Test(dump, holds_every_command)
{
    expect_all_commands("man", "\n\\fB", "");
    expect_all_commands("markdown", "\n### ", "\n");
    expect_all_commands("json", "{\"name\": \"", "\", \"usage\"");
}

Test(dump, json_is_valid)
{
    cr_expect(eq(int, feed("json", "python3 -m json.tool >/dev/null"), 0));
}

// groff(1) says on standard error what it does not understand, and goes on.
Test(dump, man_is_clean)
{
    if (system("command -v groff >/dev/null") != 0)
        cr_skip("groff is not here");
    cr_expect(eq(int, feed("man", "! groff -man -Tutf8 -ww 2>&1 >/dev/null | grep ."), 0));
}

Test(dump, man_has_no_line_that_roff_would_take_for_a_request)
{
    struct buffer text = {0};
    cr_assert(dump("man", &text));
    for (size_t i = 1; i < text.size; i++) {
        bool quoted = text.data[i - 1] == '\n' && text.data[i] == '\'';
        bool ascii = (unsigned char)text.data[i] < 0x80;
        cr_expect(not(quoted), "octet %zu", i);
        cr_expect(ascii, "octet %zu", i);
    }
    buffer_finish(&text);
}

Test(dump, knows_no_other_format)
{
    struct buffer text = {0};
    cr_expect(not(dump("html", &text)));
    cr_expect(not(dump("", &text)));
    cr_expect(eq(sz, text.size, 0));
    buffer_finish(&text);
}
