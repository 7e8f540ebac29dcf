// dump_markdown: the reference, in Markdown (CommonMark, with tables).
//
// The same facts as `help` in one long page, to be read in a browser or searched. Tables are those
// of GitHub's Markdown: a bar within a cell is escaped.

#include "base/message.h"
#include "commands/form.h"
#include "commands/help.h"
#include "ui/dump.h"
#include "ui/usage.h"

// Text within a table's cell: a bar would end it. Within code only the bar is escaped.
static void add_cell(const char *text, bool is_code, struct buffer *to)
{
    for (; *text; text++) {
        if (*text == '|' || (!is_code && (*text == '<' || *text == '*' || *text == '_')))
            buffer_add_char(to, '\\');
        buffer_add_char(to, *text);
    }
}

// Running text: what Markdown would understand is escaped, as in a cell.
static void add_prose(const char *before, struct str text, struct buffer *to)
{
    struct buffer line = {0};
    buffer_add(&line, text);
    buffer_add_text(to, before);
    add_cell(buffer_text(&line), false, to);
    buffer_add_char(to, '\n');
    buffer_finish(&line);
}

// A row whose first cell is code. A form that is quoted by its own backtick does not occur.
static void add_row(const char *code, const char *text, struct buffer *to)
{
    buffer_add_text(to, "| `");
    add_cell(code, true, to);
    buffer_add_text(to, "` | ");
    add_cell(text, false, to);
    buffer_add_text(to, " |\n");
}

// The head of a table with two columns, behind the empty line that it needs.
static void add_head(const char *first, const char *second, struct buffer *to)
{
    buffer_print(to, "\n| %s | %s |\n| --- | --- |\n", first, second);
}

// Names in capitals, as in the usage line above it.
static void add_params(const struct command *command, struct buffer *to)
{
    if (command->params.count == 0)
        return;
    add_head(_("parameter"), _("is"), to);
    for (size_t i = 0; i < command->params.count; i++) {
        struct buffer name = {0}, text = {0};
        help_param_name(&command->params.items[i], &name);
        help_param(command, &command->params.items[i], &text);
        add_row(buffer_text(&name), buffer_text(&text), to);
        buffer_finish(&name);
        buffer_finish(&text);
    }
}

// With their meanings: here is room for them.
static void add_errnos(const struct command *command, struct buffer *to)
{
    if (command->errnos == NULL)
        return;
    add_head(_("error"), _("means"), to);
    for (size_t i = 0; command->errnos[i]; i++) {
        const struct symbol *symbol = symbol_of(FAMILY_ERRNO, command->errnos[i]);
        add_row(errno_name(command->errnos[i]), symbol ? _(symbol->meaning) : "", to);
    }
}

// One item of the list of forms, if there is such a form.
static void add_form(const char *label, const struct command *command, enum trace trace,
                     struct buffer *to)
{
    struct buffer text = {0};
    form_show_names(command, trace, &text);
    if (text.size)
        buffer_print(to, "%s: `%s`\n", label, buffer_text(&text));
    buffer_finish(&text);
}

// Topics are chapters of this document.
static void add_forms(const struct command *command, struct buffer *to)
{
    buffer_add_text(to, "\n");
    if (command->waits)
        buffer_print(to, "%s: %s\n", _("- It may wait"), _(command->waits));
    add_form(_("- In C"), command, TRACE_C, to);
    add_form(_("- In Python"), command, TRACE_PYTHON, to);
    if (command->manual)
        buffer_print(to, "%s: %s\n", _("- Manual"), command->manual);
    if (command->lesson) {
        buffer_print(to, "%s: ", _("- Lesson"));
        help_show_lesson(command->lesson, to);
        buffer_add_char(to, '\n');
    }
    if (command->topic)
        buffer_print(to, "%s: %s\n", _("- Topic"), command->topic);
}

// A heading each, so that every command can be linked to.
static void add_command(const struct command *command, struct buffer *to)
{
    struct buffer usage = {0};
    help_usage(command, &usage);
    buffer_print(to, "\n### %s\n\n`%s` – %s.", command->name, buffer_text(&usage),
                 _(command->summary));
    buffer_add_char(to, '\n');
    if (command->details)
        add_prose("\n", str_from(_(command->details)), to);
    add_params(command, to);
    add_forms(command, to);
    add_errnos(command, to);
    if (command->example)
        buffer_print(to, "\n```\n%s\n```\n", command->example);
    buffer_finish(&usage);
}

// A chapter each; a group without commands has none.
static void add_group(size_t group, struct buffer *to)
{
    size_t count;
    bool titled = false;
    const struct command *const *rows = command_rows(&count);
    for (size_t i = 0; i < count; i++) {
        if (rows[i]->group != group)
            continue;
        if (!titled)
            buffer_print(to, "\n## %s\n", _(help_groups[group].title));
        titled = true;
        add_command(rows[i], to);
    }
}

// Two columns; the examples are in `help`.
static void add_words(const char *title, const struct help_word *word, struct buffer *to)
{
    buffer_print(to, "\n## %s\n", title);
    add_head(_("word"), _("means"), to);
    for (; word->name; word++)
        add_row(word->form ? word->form : word->name, _(word->meaning), to);
}

// The facts of a topic are items of a list.
static void add_topic(const struct help_text *topic, struct buffer *to)
{
    struct str rest = str_from(_(topic->text));
    buffer_print(to, "\n### %s\n\n%s.\n\n```\n%s\n```\n", topic->name, _(topic->title),
                 topic->example);
    bool in_list = false;
    while (rest.size) {
        struct str line = str_take_line(&rest);
        size_t tab = str_find(line, STR("\t"), 0);
        if (tab < line.size) {
            buffer_print(to, "%s- `%.*s`:", in_list ? "" : "\n", (int)tab, line.data);
            add_prose(" ", str_slice(line, tab + 1, line.size), to);
        } else {
            add_prose("\n", line, to);
        }
        in_list = tab < line.size;
    }
}

// All of one family, in the order of their names.
static void add_constants(enum family family, const char *title, struct buffer *to)
{
    buffer_print(to, "\n### %s\n", title);
    add_head(_("constant"), _("means"), to);
    for (size_t i = 0; i < symbol_count; i++)
        if (symbols[i].family == family)
            add_row(symbols[i].name, _(symbols[i].meaning), to);
}

// Options have two columns more than other constants: level and value.
static void add_options(struct buffer *to)
{
    buffer_print(to, "\n## %s\n\n| %s | %s | %s | %s |\n| --- | --- | --- | --- |\n",
                 _("Socket options"), _("option"), _("level"), _("value"), _("means"));
    for (size_t i = 0; i < option_count; i++) {
        const struct symbol *symbol = symbol_find(str_from(options[i].name));
        buffer_print(to, "| `%s` | `%s` | %s%s | ", options[i].name, options[i].level_name,
                     help_option_value(&options[i]), options[i].writable ? "" : _("; read only"));
        add_cell(_(symbol->meaning), false, to);
        buffer_add_text(to, " |\n");
    }
}

// Rows without a head: what the columns are is plain.
static void add_usage(const char *title, const struct usage_row *row, struct buffer *to)
{
    buffer_print(to, "\n## %s\n\n| | |\n| --- | --- |\n", title);
    for (; row->form; row++)
        add_row(row->form, _(row->meaning), to);
}

// How to call it first, then commands, words, and the long tables of names.
void dump_markdown(struct buffer *to)
{
    buffer_print(to, "# %s\n", _("socksh: reference"));
    add_usage(_("Calling it"), usage_calls, to);
    add_usage(_("Options"), usage_options, to);
    add_usage(_("Exit status"), usage_statuses, to);
    for (size_t group = 0; group < help_group_count; group++)
        add_group(group, to);
    add_words(_("Words of the language"), help_words, to);
    add_words(_("Values"), help_values, to);
    buffer_print(to, "\n## %s\n", _("Topics"));
    for (const struct help_text *topic = help_texts; topic->name; topic++)
        add_topic(topic, to);
    add_options(to);
    buffer_print(to, "\n## %s\n", _("Constants"));
    // Options have a table of their own above.
    for (enum family family = FAMILY_AF; help_family(family); family++)
        if (family != FAMILY_OPTION)
            add_constants(family, help_family(family), to);
}
