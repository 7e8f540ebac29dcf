// help_command: what there is to say about one command, all of it from its row.

#include <ctype.h>
#include <string.h>

#include "base/message.h"
#include "commands/form.h"
#include "commands/help.h"
#include "commands/help_page.h"

// Types of results, not their names: they tell what can be done with them.
void help_usage(const struct command *command, struct buffer *to)
{
    usage_show(str_from(command->name), command->params, to);
    for (size_t i = 0; i < command->results.count; i++) {
        buffer_add_text(to, i ? ", " : " -> ");
        type_show(command->results.items[i].type, to);
    }
}

// What may stand there, by the way it is written.
static void add_kind(const struct param *param, struct buffer *to)
{
    switch (param->form) {
    case FORM_WORD:
        buffer_add_text(to, _("a word, without quotes"));
        break;
    case FORM_PATH:
        buffer_add_text(to, _("a handle, or the name of a file, with a dot in it"));
        break;
    case FORM_VARIABLE:
        buffer_add_text(to, _("the name of a variable that holds "));
        type_show(param->type, to);
        break;
    case FORM_ACTOR:
        buffer_add_text(to, _("an actor, or its name"));
        break;
    case FORM_OPTION_VALUE:
        buffer_add_text(to, _("what the option takes: help SO_LINGER tells"));
        break;
    default:
        type_show(param->type, to);
    }
}

void help_param_name(const struct param *param, struct buffer *to)
{
    for (const char *c = param->name; *c; c++)
        buffer_add_char(to, (char)toupper((unsigned char)*c));
}

// What the call gets for an argument that was left out, as the row's form in C has it behind the
// bar: "{type|SOCK_STREAM}". Empty where C says "none" by NULL or -1.
static struct str default_of(const struct command *command, const struct param *param)
{
    struct buffer place = {0};
    struct str form = str_from(command->c ? command->c : "");
    buffer_print(&place, "{%s", param->name);
    size_t begin = str_find(form, buffer_str(&place), 0);
    buffer_finish(&place);
    struct str rest = str_slice(form, begin < form.size ? begin : form.size, form.size);
    rest = str_slice(rest, 0, str_find(rest, STR("}"), 0));
    size_t bar = str_find(rest, STR("|"), 0);
    struct str text = str_slice(rest, bar < rest.size ? bar + 1 : rest.size, rest.size);
    return str_is(text, "NULL") || str_is(text, "-1") ? STR("") : text;
}

// "; AF_INET when left out"
static void add_optional(const struct command *command, const struct param *param,
                         struct buffer *to)
{
    struct str text = default_of(command, param);
    if (param->many)
        buffer_add_text(to, _("; any number of them"));
    else if (param->optional && text.size)
        buffer_print(to, _("; %.*s when left out"), STR_ARG(text));
    else if (param->optional)
        buffer_add_text(to, _("; may be left out"));
}

// Constants are named by their beginning: Tab and `help MSG_` list them.
void help_param(const struct command *command, const struct param *param, struct buffer *to)
{
    add_kind(param, to);
    // The family of SOMAXCONN has no others: the default names it.
    if (param->family != FAMILY_LIMIT && help_prefixes(param->family))
        buffer_print(to, ": %s", help_prefixes(param->family));
    if (param->bounded) {
        buffer_add_text(to, _(", at least "));
        value_show(param->type & TYPE_DURATION ? value_duration(param->least)
                                               : value_int(param->least),
                   to);
    }
    add_optional(command, param, to);
}

// One fact each, labelled as in the usage line.
static void add_params(const struct command *command, struct facts *facts)
{
    for (size_t i = 0; i < command->params.count; i++) {
        struct buffer label = {0};
        help_param_name(&command->params.items[i], &label);
        help_param(command, &command->params.items[i], facts_add(facts, buffer_str(&label)));
        buffer_finish(&label);
    }
}

// "gives   data: bytes, address: address"
static void add_results(const struct command *command, struct facts *facts)
{
    if (command->results.count == 0)
        return;
    struct buffer *text = facts_add(facts, str_from(_("gives")));
    for (size_t i = 0; i < command->results.count; i++) {
        struct buffer type = {0};
        type_show(command->results.items[i].type, &type);
        // A result called by its type says it once: "gives address".
        bool same = str_is(buffer_str(&type), command->results.items[i].name);
        buffer_print(text, "%s%s%s", i ? ", " : "", same ? "" : command->results.items[i].name,
                     same ? "" : ": ");
        buffer_add(text, buffer_str(&type));
        buffer_finish(&type);
    }
}

// The same call elsewhere, and where its manual is.
// "in C connect(socket, …)", "Python socket.connect(address)", "manual connect(2)"
static void add_forms(const struct command *command, struct facts *facts)
{
    if (command->c)
        form_show_names(command, TRACE_C, facts_add(facts, str_from(_("in C"))));
    if (command->python)
        form_show_names(command, TRACE_PYTHON, facts_add(facts, STR("Python")));
    if (command->manual)
        facts_add_text(facts, _("manual"), command->manual);
}

// All errnos by name alone, for a screen without the room for their meanings.
// "errors EACCES EADDRINUSE … (help NAME tells more)"
static void add_errno_names(const struct command *command, struct facts *facts)
{
    struct buffer *names = facts_add(facts, str_from(_("errors")));
    for (const int *number = command->errnos; *number; number++)
        page_add_word(names, errno_name(*number));
    buffer_add_text(names, _(" (help NAME)"));
}

// A table of its own below the facts.
// EADDRINUSE another socket already has that address and port
static void add_errno_meanings(const struct command *command, struct buffer *to)
{
    struct facts facts = {0};
    for (const int *number = command->errnos; *number; number++) {
        const struct symbol *symbol = symbol_of(FAMILY_ERRNO, *number);
        facts_add_text(&facts, errno_name(*number), symbol ? _(symbol->meaning) : "");
    }
    buffer_add_char(to, '\n');
    facts_show(&facts, to);
}

// The list in a row ends with 0.
static size_t count_errnos(const struct command *command)
{
    size_t count = 0;
    while (command->errnos && command->errnos[count])
        count++;
    return count;
}

// The example comes first: most who ask want to see how it is written.
static void add_head(const struct command *command, struct buffer *to)
{
    struct buffer usage = {0};
    page_add_example(str_from(command->example), to);
    help_usage(command, &usage);
    page_add_text(buffer_str(&usage), 4, to);
    page_add_text(str_from(_(command->summary)), 0, to);
    if (command->details) {
        buffer_add_char(to, '\n');
        page_add_text(str_from(_(command->details)), 0, to);
    }
    buffer_add_char(to, '\n');
    buffer_finish(&usage);
}

void help_command(const struct command *command, struct buffer *to)
{
    struct facts facts = {0};
    add_head(command, to);
    add_params(command, &facts);
    add_results(command, &facts);
    if (command->waits)
        facts_add_text(&facts, _("waits"), _(command->waits));
    add_forms(command, &facts);
    // A topic that is called like the command stands below it anyway.
    bool other = command->topic && strcmp(command->topic, command->name) != 0;
    help_add_taught((struct taught){command->lesson, other ? command->topic : NULL}, &facts);
    size_t errnos = count_errnos(command);
    // Names of errnos go on the screen anyway; their meanings only when all of it fits, with the
    // blank line before them.
    bool room = page_lines(to) + facts_lines(&facts) + errnos + 1 <= HELP_LINES;
    if (errnos && !room)
        add_errno_names(command, &facts);
    facts_show(&facts, to);
    if (errnos && room)
        add_errno_meanings(command, to);
}
