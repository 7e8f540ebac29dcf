// test_situation: the table of situations and the long texts hold together.

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "commands/explain.h"
#include "commands/situation.h"
#include "commands/table.h"
#include "lang/command.h"

TestSuite(situation, .init = commands_install);

// What situation_show() fills in.
static bool is_placeholder(struct str name)
{
    static const char *const known[] = {
        "socket", "handle", "kind",   "other", "that",     "local",  "peer",  "address",
        "found",  "path",   "port",   "host",  "service",  "amount", "time",  "word",
        "text",   "call",   "family", "type",  "protocol", "here",   "there", "refusal"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (str_is(name, known[i]))
            return true;
    return false;
}

static void check_sentence(const char *sentence)
{
    struct str rest = str_from(sentence);
    cr_expect(rest.size == 0 || rest.data[rest.size - 1] != '.', "%s", sentence);
    for (size_t open; (open = str_find(rest, STR("{"), 0)) != SIZE_MAX;) {
        size_t close = str_find(rest, STR("}"), open);
        cr_assert(ne(sz, close, SIZE_MAX), "%s", sentence);
        cr_expect(is_placeholder(str_slice(rest, open + 1, close)), "%s", sentence);
        rest = str_slice(rest, close + 1, rest.size);
    }
}

Test(situation, sentences_have_known_placeholders_and_no_full_stop)
{
    for (size_t i = 0; i < situation_count; i++) {
        cr_expect(situations[i].here[0] != '\0', "row %zu", i);
        check_sentence(situations[i].here);
        check_sentence(situations[i].advice);
    }
}

// Calls `visit` for each command that the row names.
static void each_call(const struct situation *row,
                      void (*visit)(const struct situation *row, struct str name))
{
    struct str rest = str_from(row->calls ? row->calls : "");
    while (rest.size > 0) {
        size_t end = str_find(rest, STR(" "), 0);
        visit(row, str_slice(rest, 0, end));
        rest = str_slice(rest, end == SIZE_MAX ? rest.size : end + 1, rest.size);
    }
}

static void expect_command(const struct situation *row, struct str name)
{
    cr_expect(ne(ptr, (void *)command_find(name), NULL), "%.*s: %s", STR_ARG(name), row->here);
}

Test(situation, calls_are_commands)
{
    for (size_t i = 0; i < situation_count; i++)
        each_call(&situations[i], expect_command);
}

Test(situation, rows_of_an_errno_stand_together)
{
    for (size_t i = 0; i < situation_count; i++)
        for (size_t k = 0; k + 1 < i; k++)
            if (situations[k].number == situations[i].number)
                cr_expect(eq(int, situations[i - 1].number, situations[i].number), "%s",
                          situations[i].here);
}

Test(situation, no_row_stands_behind_one_that_always_applies)
{
    for (size_t i = 1; i < situation_count; i++) {
        const struct situation *before = &situations[i - 1], *row = &situations[i];
        bool same_calls =
            before->calls == NULL || (row->calls != NULL && strcmp(before->calls, row->calls) == 0);
        cr_expect(before->number != row->number || before->applies != NULL || !same_calls, "%s",
                  row->here);
    }
}

Test(situation, each_leads_to_a_long_text)
{
    for (size_t i = 0; i < situation_count; i++) {
        const struct explanation *found = explain_find(str_from(situations[i].topic));
        cr_assert(ne(ptr, (void *)found, NULL), "%s", situations[i].topic);
        cr_expect(eq(str, (char *)found->name, (char *)situations[i].topic));
    }
}

// --- the long texts ------------------------------------------------------------------------------

static void check_screen(const struct explanation *explanation)
{
    struct buffer text = {0};
    unsigned lines = 0;
    explain_show(explanation, &text);
    struct str rest = buffer_str(&text);
    while (rest.size > 0) {
        size_t end = str_find(rest, STR("\n"), 0);
        cr_expect(le(sz, utf8_width(str_slice(rest, 0, end)), 80), "%s: %.*s", explanation->name,
                  STR_ARG(str_slice(rest, 0, end)));
        rest = str_slice(rest, end == SIZE_MAX ? rest.size : end + 1, rest.size);
        lines++;
    }
    cr_expect(le(uint, lines, 24), "%s", explanation->name);
    buffer_finish(&text);
}

static void check_list(const struct explanation *list)
{
    for (size_t i = 0; list[i].name != NULL; i++) {
        check_screen(&list[i]);
        cr_expect(i == 0 || strcmp(list[i - 1].name, list[i].name) < 0, "%s", list[i].name);
        cr_expect(eq(ptr, (void *)explain_find(str_from(list[i].name)), (void *)&list[i]));
    }
}

Test(situation, long_texts_are_sorted_screens)
{
    check_list(explain_errnos);
    check_list(explain_topics);
}

Test(situation, long_texts_are_found_in_other_words)
{
    cr_expect(eq(str, (char *)explain_find(STR("Empty Recv"))->name, "empty-recv"));
    cr_expect(eq(str, (char *)explain_find(STR("EWOULDBLOCK"))->name, "EAGAIN"));
    cr_expect(eq(ptr, (void *)explain_find(STR("AF_INET")), NULL));
    cr_expect(eq(ptr, (void *)explain_find(STR("")), NULL));
    cr_expect(str_is(explain_nearest(STR("EPIP")), "EPIPE"));
}
