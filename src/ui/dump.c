// dump: which document is asked for; and the tables as JSON.
//
// The JSON is for tools: completion in other programs, pages, checks of what changed between two
// versions. Its keys are those of struct command and struct symbol.

#include "ui/dump.h"

#include <string.h>

#include "base/json.h"
#include "base/message.h"
#include "commands/form.h"
#include "commands/help.h"
#include "config.h"

// --- the three formats ---------------------------------------------------------------------------

bool dump(const char *format, struct buffer *to)
{
    if (strcmp(format, "man") == 0)
        dump_man(to);
    else if (strcmp(format, "markdown") == 0)
        dump_markdown(to);
    else if (strcmp(format, "json") == 0)
        dump_json(to);
    else
        return false;
    return true;
}

// --- JSON (RFC 8259) -----------------------------------------------------------------------------

// A member of an object; the first one has no comma before it, which is seen by the brace.
static void add_key(const char *key, struct buffer *to)
{
    char last = to->data[to->size - 1];
    buffer_add_text(to, last == '{' ? "" : ", ");
    json_add(str_from(key), to);
    buffer_add_text(to, ": ");
}

// A text that is not there is left out rather than null.
static void add_member(const char *key, const char *text, struct buffer *to)
{
    if (text == NULL)
        return;
    add_key(key, to);
    json_add(str_from(text), to);
}

// Always written, so that readers need no defaults.
static void add_truth(const char *key, bool truth, struct buffer *to)
{
    add_key(key, to);
    buffer_add_text(to, truth ? "true" : "false");
}

// "handle or list", in the words of usage lines.
static void add_type(enum type types, struct buffer *to)
{
    struct buffer text = {0};
    type_show(types, &text);
    add_member("type", buffer_text(&text), to);
    buffer_finish(&text);
}

// In the order of enum form.
static const char *form_name(enum form form)
{
    static const char *const names[] = {
        [FORM_VALUE] = "value",
        [FORM_WORD] = "word",
        [FORM_PATH] = "path",
        [FORM_VARIABLE] = "variable",
        [FORM_ACTOR] = "actor",
        [FORM_OPTION] = "option",
        [FORM_OPTION_VALUE] = "option value",
    };
    return names[form];
}

// Everything that a completion or an editor needs of one parameter.
static void add_param(const struct param *param, struct buffer *to)
{
    buffer_add_char(to, '{');
    add_member("name", param->name, to);
    add_type(param->type, to);
    add_member("form", form_name(param->form), to);
    add_member("family", help_family(param->family), to);
    if (param->bounded) {
        add_key("least", to);
        buffer_print(to, "%lld", (long long)param->least);
    }
    add_truth("optional", param->optional, to);
    add_truth("many", param->many, to);
    buffer_add_char(to, '}');
}

// An array of objects, in the order in which they are typed.
static void add_params(struct params params, struct buffer *to)
{
    add_key("params", to);
    buffer_add_char(to, '[');
    for (size_t i = 0; i < params.count; i++) {
        buffer_add_text(to, i ? ", " : "");
        add_param(&params.items[i], to);
    }
    buffer_add_char(to, ']');
}

// Only name and type: a result has nothing else.
static void add_results(struct params results, struct buffer *to)
{
    add_key("results", to);
    buffer_add_char(to, '[');
    for (size_t i = 0; i < results.count; i++) {
        buffer_add_text(to, i ? ", {" : "{");
        add_member("name", results.items[i].name, to);
        add_type(results.items[i].type, to);
        buffer_add_char(to, '}');
    }
    buffer_add_char(to, ']');
}

// By name, since numbers differ between machines.
static void add_errnos(const int *errnos, struct buffer *to)
{
    add_key("errnos", to);
    buffer_add_char(to, '[');
    for (size_t i = 0; errnos && errnos[i]; i++) {
        buffer_add_text(to, i ? ", " : "");
        json_add(str_from(errno_name(errnos[i])), to);
    }
    buffer_add_char(to, ']');
}

// The call with names, as `help` shows it; the templates are nobody else's business.
static void add_form(const char *key, const struct command *command, enum trace trace,
                     struct buffer *to)
{
    struct buffer text = {0};
    form_show_names(command, trace, &text);
    if (text.size)
        add_member(key, buffer_text(&text), to);
    buffer_finish(&text);
}

// The lesson with its number and title.
static void add_taught(struct taught taught, struct buffer *to)
{
    struct buffer lesson = {0};
    help_show_lesson(taught.lesson, &lesson);
    if (lesson.size)
        add_member("lesson", buffer_text(&lesson), to);
    add_member("topic", taught.topic, to);
    buffer_finish(&lesson);
}

// One object a command, in the order of the row's fields.
static void add_command(const struct command *command, struct buffer *to)
{
    struct buffer usage = {0};
    help_usage(command, &usage);
    buffer_add_char(to, '{');
    add_member("name", command->name, to);
    add_member("usage", buffer_text(&usage), to);
    add_member("group", help_groups[command->group].key, to);
    add_member("summary", _(command->summary), to);
    add_params(command->params, to);
    add_results(command->results, to);
    add_member("details", command->details ? _(command->details) : NULL, to);
    add_member("waits", command->waits ? _(command->waits) : NULL, to);
    add_errnos(command->errnos, to);
    add_form("c", command, TRACE_C, to);
    add_form("python", command, TRACE_PYTHON, to);
    add_member("manual", command->manual, to);
    add_taught((struct taught){command->lesson, command->topic}, to);
    add_member("example", command->example, to);
    buffer_add_char(to, '}');
    buffer_finish(&usage);
}

// Options carry their level and the form of their value besides.
static void add_symbol(const struct symbol *symbol, struct buffer *to)
{
    const struct option *option = symbol->family == FAMILY_OPTION ? option_of(symbol) : NULL;
    buffer_add_char(to, '{');
    add_member("name", symbol->name, to);
    add_key("value", to);
    buffer_print(to, "%lld", (long long)symbol->value);
    add_member("family", help_family(symbol->family), to);
    add_member("meaning", _(symbol->meaning), to);
    if (option) {
        add_member("level", option->level_name, to);
        add_member("takes", help_option_value(option), to);
        add_truth("readable", option->readable, to);
        add_truth("writable", option->writable, to);
    }
    struct buffer example = {0};
    help_symbol_example(symbol, &example);
    add_taught(help_taught(str_from(symbol->name), symbol->family), to);
    add_member("example", buffer_text(&example), to);
    buffer_finish(&example);
    buffer_add_char(to, '}');
}

// Names, meanings and examples.
static void add_words(const char *key, const struct help_word *word, struct buffer *to)
{
    buffer_print(to, ",\n\"%s\": [", key);
    for (size_t i = 0; word[i].name; i++) {
        buffer_add_text(to, i ? ",\n{" : "\n{");
        add_member("name", word[i].name, to);
        add_member("form", word[i].form, to);
        add_member("meaning", _(word[i].meaning), to);
        add_taught(help_taught(str_from(word[i].name), FAMILY_NONE), to);
        add_member("example", word[i].example, to);
        buffer_add_char(to, '}');
    }
    buffer_add_char(to, ']');
}

// As they are written: paragraphs by newlines, facts by tabs.
static void add_topics(struct buffer *to)
{
    buffer_add_text(to, ",\n\"topics\": [");
    for (const struct help_text *text = help_texts; text->name; text++) {
        buffer_add_text(to, text == help_texts ? "\n{" : ",\n{");
        add_member("name", text->name, to);
        add_member("title", _(text->title), to);
        add_member("text", _(text->text), to);
        add_member("example", text->example, to);
        buffer_add_char(to, '}');
    }
    buffer_add_char(to, ']');
}

// A line a row, so that two versions can be compared with diff(1).
void dump_json(struct buffer *to)
{
    size_t count;
    const struct command *const *rows = command_rows(&count);
    buffer_add_text(to, "{\"version\": \"" VERSION "\",\n\"commands\": [");
    for (size_t i = 0; i < count; i++) {
        buffer_add_text(to, i ? ",\n" : "\n");
        add_command(rows[i], to);
    }
    buffer_add_text(to, "],\n\"constants\": [");
    for (size_t i = 0; i < symbol_count; i++) {
        buffer_add_text(to, i ? ",\n" : "\n");
        add_symbol(&symbols[i], to);
    }
    buffer_add_char(to, ']');
    add_words("words", help_words, to);
    add_words("values", help_values, to);
    add_topics(to);
    buffer_add_text(to, "}\n");
}
