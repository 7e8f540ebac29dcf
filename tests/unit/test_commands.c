// test_commands: the rows of the command table keep to what everything that walks them expects.

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <ctype.h>
#include <string.h>

#include "base/utf8.h"
#include "commands/form.h"
#include "commands/help.h"
#include "commands/help_page.h"
#include "commands/table.h"
#include "lang/parser.h"
#include "lang/program.h"

static const struct command *const *rows;
static size_t count;

static void install(void)
{
    commands_install();
    rows = command_rows(&count);
}

TestSuite(commands, .init = install);

Test(commands, are_sorted_and_unique)
{
    cr_assert(gt(sz, count, 0));
    for (size_t i = 1; i < count; i++)
        cr_expect(strcmp(rows[i - 1]->name, rows[i]->name) < 0, "%s", rows[i]->name);
}

Test(commands, have_names_of_their_own)
{
    for (size_t i = 0; i < count; i++) {
        struct str name = str_from(rows[i]->name);
        cr_expect(not(is_language_word(name)), "%s", rows[i]->name);
        cr_expect(eq(ptr, (void *)symbol_find(name), NULL), "%s", rows[i]->name);
    }
}

Test(commands, have_short_summaries)
{
    for (size_t i = 0; i < count; i++) {
        cr_assert(ne(ptr, (void *)rows[i]->summary, NULL), "%s", rows[i]->name);
        struct str summary = str_from(rows[i]->summary);
        cr_expect(le(sz, utf8_width(summary), 60), "%s", rows[i]->name);
        cr_expect(summary.data[summary.size - 1] != '.', "%s", rows[i]->name);
    }
}

// Summaries and meanings stand beside names in one line.
static void check_line(const char *name, const char *text, size_t most)
{
    cr_assert(text != NULL, "%s", name);
    struct str line = str_from(text);
    cr_expect(gt(sz, line.size, 0), "%s", name);
    cr_expect(le(sz, utf8_width(line), most), "%s", name);
    cr_expect(line.data[line.size - 1] != '.', "%s", name);
}

Test(symbols, have_short_meanings)
{
    for (size_t i = 0; i < symbol_count; i++)
        check_line(symbols[i].name, symbols[i].meaning, 60);
}

static void check_taught(const char *name, const char *lesson, const char *topic)
{
    struct buffer text = {0};
    cr_expect(lesson || topic, "%s", name);
    help_show_lesson(lesson, &text);
    bool lesson_known = lesson == NULL || text.size > 0;
    cr_expect(lesson_known, "%s: %s", name, lesson);
    bool topic_known = topic == NULL || help_topic(str_from(topic), &text);
    cr_expect(topic_known, "%s: %s", name, topic);
    buffer_finish(&text);
}

Test(commands, have_a_lesson_or_a_topic)
{
    for (size_t i = 0; i < count; i++)
        check_taught(rows[i]->name, rows[i]->lesson, rows[i]->topic);
}

Test(symbols, have_a_lesson_or_a_topic, .init = install)
{
    for (size_t i = 0; i < symbol_count; i++) {
        struct taught taught = help_taught(str_from(symbols[i].name), symbols[i].family);
        check_taught(symbols[i].name, taught.lesson, taught.topic);
    }
}

Test(words, have_a_lesson_or_a_topic, .init = install)
{
    for (const struct help_word *word = help_words; word->name; word++) {
        struct taught taught = help_taught(str_from(word->name), FAMILY_NONE);
        check_taught(word->name, taught.lesson, taught.topic);
        check_line(word->name, word->form, 74);
    }
}

Test(topics, are_sorted_and_have_short_titles)
{
    for (const struct help_text *text = help_texts; text->name; text++) {
        check_line(text->name, text->title, 60);
        if (text[1].name)
            cr_expect(strcmp(text->name, text[1].name) < 0, "%s", text->name);
    }
}

static void check_params(const struct command *row)
{
    bool optional = false;
    cr_expect(le(sz, row->params.count, PARAMS_MOST), "%s", row->name);
    for (size_t i = 0; i < row->params.count; i++) {
        const struct param *param = &row->params.items[i];
        bool last = i + 1 == row->params.count;
        bool behind_option = i > 0 && row->params.items[i - 1].form == FORM_OPTION;
        bool in_order = param->optional || !optional;
        bool many_last = last || !param->many;
        bool placed = param->form != FORM_OPTION_VALUE || behind_option;
        cr_expect(in_order, "%s: %s", row->name, param->name);
        cr_expect(many_last, "%s: %s", row->name, param->name);
        cr_expect(placed, "%s: %s", row->name, param->name);
        cr_expect(ne(int, param->type, TYPE_UNSET), "%s: %s", row->name, param->name);
        bool lower = strpbrk(param->name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ ") == NULL;
        cr_expect(lower, "%s: %s", row->name, param->name);
        optional = param->optional;
    }
}

Test(commands, have_optional_parameters_last)
{
    for (size_t i = 0; i < count; i++)
        check_params(rows[i]);
}

Test(commands, have_at_most_two_results)
{
    for (size_t i = 0; i < count; i++)
        cr_expect(le(sz, rows[i]->results.count, RESULTS_MOST), "%s", rows[i]->name);
}

// In the order of their names, each once, so that what is missing is seen.
Test(commands, name_known_errnos)
{
    for (size_t i = 0; i < count; i++) {
        const char *before = "";
        for (const int *number = rows[i]->errnos; number && *number; number++) {
            const struct symbol *symbol = symbol_of(FAMILY_ERRNO, *number);
            cr_assert(symbol != NULL, "%s: %d", rows[i]->name, *number);
            cr_expect(strcmp(before, symbol->name) < 0, "%s: %s", rows[i]->name, symbol->name);
            before = symbol->name;
        }
    }
}

Test(commands, have_manual_sections)
{
    for (size_t i = 0; i < count; i++) {
        struct str manual = str_from(rows[i]->manual ? rows[i]->manual : "socksh(1)");
        bool good = manual.size > 3 && manual.data[manual.size - 3] == '(' &&
                    isdigit((unsigned char)manual.data[manual.size - 2]) &&
                    manual.data[manual.size - 1] == ')';
        cr_expect(good, "%s: %s", rows[i]->name, manual.data);
    }
}

Test(commands, have_templates_that_name_their_parameters)
{
    for (size_t i = 0; i < count; i++) {
        struct buffer why = {0};
        cr_expect(form_check(rows[i], &why), "%s", buffer_text(&why));
        cr_expect(rows[i]->python == NULL || rows[i]->c != NULL, "%s", rows[i]->name);
        buffer_finish(&why);
    }
}

// --- examples
// -------------------------------------------------------------------------------------

static bool empty_file(struct str file, struct buffer *text, char *why, size_t why_size)
{
    (void)file, (void)text, (void)why, (void)why_size;
    return true;
}

static void check_example(const char *name, const char *example)
{
    struct world world;
    cr_assert(example != NULL, "%s", name);
    world_init(&world);
    struct reading reading =
        program_read(&world, str_from(name), str_from(example), STR("main"), empty_file);
    cr_expect(reading.program != NULL, "%s: %s", name, reading.diag.message);
    world_finish(&world);
}

Test(commands, have_examples_that_read_well)
{
    for (size_t i = 0; i < count; i++)
        check_example(rows[i]->name, rows[i]->example);
}

Test(words, have_examples_that_read_well, .init = install)
{
    for (const struct help_word *word = help_words; word->name; word++)
        check_example(word->name, word->example);
    for (const struct help_word *word = help_values; word->name; word++)
        check_example(word->name, word->example);
}

Test(symbols, have_examples_that_read_well, .init = install)
{
    for (size_t i = 0; i < symbol_count; i++) {
        struct buffer text = {0};
        help_symbol_example(&symbols[i], &text);
        check_example(symbols[i].name, buffer_text(&text));
        buffer_finish(&text);
    }
}

Test(topics, have_examples_that_read_well, .init = install)
{
    for (const struct help_text *text = help_texts; text->name; text++)
        check_example(text->name, text->example);
}

Test(words, are_all_those_of_the_language)
{
    for (size_t i = 0; language_words[i]; i++) {
        bool found = false;
        for (const struct help_word *word = help_words; word->name && !found; word++)
            found = strcmp(word->name, language_words[i]) == 0;
        cr_expect(found, "%s", language_words[i]);
    }
}

// --- help
// -----------------------------------------------------------------------------------------

static void check_screen(struct str topic, const struct buffer *text)
{
    struct str rest = buffer_str(text);
    size_t lines = 0;
    while (rest.size) {
        size_t end = str_find(rest, STR("\n"), 0);
        struct str line = str_slice(rest, 0, end);
        cr_assert(lt(sz, end, SIZE_MAX), "%.*s: the last line has no end", STR_ARG(topic));
        cr_expect(le(sz, utf8_width(line), HELP_COLUMNS), "%.*s: %.*s", STR_ARG(topic),
                  STR_ARG(line));
        cr_expect(line.size == 0 || line.data[line.size - 1] != ' ', "%.*s: %.*s", STR_ARG(topic),
                  STR_ARG(line));
        rest = str_slice(rest, end + 1, rest.size);
        lines++;
    }
    cr_expect(le(sz, lines, HELP_LINES), "%.*s", STR_ARG(topic));
}

static void check_topic(const char *name)
{
    struct buffer text = {0};
    cr_expect(help_topic(str_from(name), &text), "%s", name);
    cr_expect(gt(sz, text.size, 0), "%s", name);
    check_screen(str_from(name), &text);
    buffer_finish(&text);
}

Test(help, fits_a_screen, .init = install)
{
    static const char *const others[] = {"@sockets", "@addresses", "@data",   "@actors", "@kernel",
                                         "@session", "@language",  "@values", "SO_",     "MSG_",
                                         "IP",       "E",          "TCP_",    "topics"};
    for (size_t i = 0; i < count; i++)
        check_topic(rows[i]->name);
    for (size_t i = 0; i < symbol_count; i++)
        check_topic(symbols[i].name);
    for (const struct help_word *word = help_words; word->name; word++)
        check_topic(word->name);
    for (const struct help_word *word = help_values; word->name; word++)
        check_topic(word->name);
    for (const struct help_text *text = help_texts; text->name; text++)
        check_topic(text->name);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        check_topic(others[i]);
}

Test(help, lists_everything_on_one_screen, .init = install)
{
    struct buffer text = {0};
    help_overview(&text);
    check_screen(STR("help"), &text);
    for (size_t i = 0; i < count; i++)
        cr_expect(lt(sz, str_find(buffer_str(&text), str_from(rows[i]->name), 0), SIZE_MAX), "%s",
                  rows[i]->name);
    buffer_finish(&text);
}

// As on a narrow terminal: only examples, which are typed as they stand, may be longer.
Test(help, keeps_to_narrow_terminals, .init = install)
{
    struct buffer text = {0};
    page_set_columns(60);
    help_command(command_find(STR("recv")), &text);
    struct str rest = buffer_str(&text);
    while (rest.size) {
        size_t end = str_find(rest, STR("\n"), 0);
        struct str line = str_slice(rest, 0, end);
        cr_expect(le(sz, utf8_width(line), 60), "%.*s", STR_ARG(line));
        rest = str_slice(rest, end + 1, rest.size);
    }
    page_set_columns(HELP_COLUMNS);
    buffer_finish(&text);
}

Test(help, says_what_an_errno_is_known_of, .init = install)
{
    struct buffer text = {0};
    cr_assert(help_topic(STR("EADDRINUSE"), &text));
    struct str shown = buffer_str(&text);
    cr_expect(lt(sz, str_find(shown, STR("another socket already has that address"), 0), SIZE_MAX));
    cr_expect(lt(sz, str_find(shown, STR(" bind "), 0), SIZE_MAX));
    cr_expect(eq(sz, str_find(shown, STR(" accept "), 0), SIZE_MAX));
    buffer_finish(&text);
}

Test(help, knows_what_was_meant, .init = install)
{
    struct buffer text = {0};
    cr_expect(not(help_topic(STR("recvv"), &text)));
    cr_expect(not(help_topic(STR("@nobody"), &text)));
    cr_expect(not(help_topic(STR(""), &text)));
    cr_expect(eq(sz, text.size, 0));
    struct str nearest = help_nearest(STR("AF_INNET"));
    cr_expect(str_is(nearest, "AF_INET"), "%.*s", STR_ARG(nearest));
    nearest = help_nearest(STR("recvv"));
    cr_expect(str_is(nearest, "recv"), "%.*s", STR_ARG(nearest));
    cr_expect(eq(sz, help_nearest(STR("xyzzyplugh")).size, 0));
    buffer_finish(&text);
}
