// help: screens of text about one thing each, put together from the tables.
//
// A screen is an example, a line or two, and facts: labels with text beside them, in aligned
// columns. Facts are collected first and shown together, because the widest label sets the column.
// Widths are those of a terminal, so that translations stay aligned.

#include "commands/help.h"

#include <ctype.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/message.h"
#include "base/nearest.h"
#include "base/utf8.h"
#include "commands/form.h"

const struct help_group help_groups[] = {
    [GROUP_SOCKETS] = {"sockets", N_("Sockets")},
    [GROUP_ADDRESSES] = {"addresses", N_("Addresses and numbers")},
    [GROUP_DATA] = {"data", N_("Data")},
    [GROUP_ACTORS] = {"actors", N_("Actors")},
    [GROUP_KERNEL] = {"kernel", N_("What the kernel knows")},
    [GROUP_SESSION] = {"session", N_("The session")},
};

const size_t help_group_count = sizeof help_groups / sizeof *help_groups;

// Groups that have words in place of commands.
static const char language_key[] = "language", values_key[] = "values";

// --- facts: a label, and text that is broken into lines beside it --------------------------------

enum { LABEL_GAP = 2 }; // blanks between the widest label and the texts

struct fact {
    char *label;        // what stands on the left; owned
    struct buffer text; // what stands beside it, in one line that is broken when it is shown
};

// Zero-initialised is empty and ready; facts_show() frees it.
struct facts {
    struct fact *items; // in the order in which they are shown
    size_t count, capacity;
};

// The text of a new fact, to be written by the caller before the next one is added.
static struct buffer *fact_add(struct facts *facts, struct str label)
{
    facts->items = mem_grow(facts->items, facts->count, &facts->capacity, sizeof *facts->items);
    struct fact *fact = &facts->items[facts->count++];
    *fact = (struct fact){.label = mem_copy(label)};
    return &fact->text;
}

// A fact whose text is known whole.
static void fact_text(struct facts *facts, const char *label, const char *text)
{
    buffer_add_text(fact_add(facts, str_from(label)), text);
}

// How much of `rest` stands on a line of `columns`: whole words, or what fits of a long one.
static size_t line_size(struct str rest, size_t columns)
{
    size_t fits = 0, width = 0;
    for (size_t i = 0; i < rest.size;) {
        uint32_t point = 0;
        size_t size = utf8_decode(str_slice(rest, i, rest.size), &point);
        width += size ? utf8_point_width(point) : 1;
        // A word that is longer than the line is cut where the line ends.
        if (width > columns)
            return fits ? fits : i;
        if (rest.data[i] == ' ')
            fits = i;
        i += size ? size : 1;
    }
    return rest.size;
}

// Appends `text` broken into lines of at most HELP_COLUMNS, all but the first behind `indent`
// blanks. It ends in a newline.
static void add_wrapped(struct str text, size_t indent, struct buffer *to)
{
    do {
        size_t size = line_size(text, HELP_COLUMNS - indent);
        buffer_add(to, str_slice(text, 0, size));
        buffer_add_char(to, '\n');
        text = str_slice(text, size, text.size);
        while (str_starts(text, STR(" ")))
            text = str_slice(text, 1, text.size);
        buffer_print(to, "%*s", text.size ? (int)indent : 0, "");
    } while (text.size);
}

// In columns of a terminal, since labels are translated.
static size_t label_width(const struct facts *facts)
{
    size_t width = 0;
    for (size_t i = 0; i < facts->count; i++) {
        size_t its_width = utf8_width(str_from(facts->items[i].label));
        width = its_width > width ? its_width : width;
    }
    return width;
}

// Appends the facts, a line or more each, and frees them.
static void facts_show(struct facts *facts, struct buffer *to)
{
    size_t width = label_width(facts);
    for (size_t i = 0; i < facts->count; i++) {
        struct fact *fact = &facts->items[i];
        size_t padding = width - utf8_width(str_from(fact->label)) + LABEL_GAP;
        buffer_print(to, "  %s%*s", fact->label, fact->text.size ? (int)padding : 0, "");
        add_wrapped(buffer_str(&fact->text), width + 2 + LABEL_GAP, to);
        buffer_finish(&fact->text);
        free(fact->label);
    }
    free(facts->items);
    *facts = (struct facts){0};
}

// A list of words is built with one blank between them, ready to be broken into lines.
static void add_word(struct buffer *list, const char *word)
{
    buffer_print(list, "%s%s", list->size ? " " : "", word);
}

// Indented, as it would be typed, with an empty line behind it.
static void add_example(const char *example, struct buffer *to)
{
    struct str rest = str_from(example);
    while (rest.size) {
        size_t end = str_find(rest, STR("\n"), 0);
        struct str line = str_slice(rest, 0, end);
        buffer_print(to, "  %.*s\n", STR_ARG(line));
        rest = str_slice(rest, end == SIZE_MAX ? rest.size : end + 1, rest.size);
    }
    buffer_add_char(to, '\n');
}

// --- options -------------------------------------------------------------------------------------

// A line that runs: sets what is on or off, reads all else that can be read.
static void add_option_example(const struct option *option, struct buffer *to)
{
    if (option->type == OPTION_BOOL && option->writable)
        buffer_print(to, "  s = socket\n  setsockopt s %s 1\n\n", option->name);
    else if (option->readable)
        buffer_print(to, "  s = socket\n  getsockopt s %s\n\n", option->name);
    else if (option->type == OPTION_GROUP)
        buffer_print(to, "  s = socket %s SOCK_DGRAM\n  setsockopt s %s \"%s\"\n\n",
                     option->level == IPPROTO_IP ? "AF_INET" : "AF_INET6", option->name,
                     option->level == IPPROTO_IP ? "239.1.2.3" : "ff02::1:2");
}

// --- constants -----------------------------------------------------------------------------------

// Whether a command's row lists it.
static bool knows_errno(const struct command *command, int64_t number)
{
    for (const int *known = command->errnos; known && *known; known++)
        if (*known == number)
            return true;
    return false;
}

// Whether a parameter wants constants of it.
static bool takes_family(const struct command *command, enum family family)
{
    for (size_t i = 0; i < command->params.count; i++)
        if (command->params.items[i].family == family)
            return true;
    return false;
}

// The commands that an errno is known of, or that take constants of the family.
static void add_commands(const struct symbol *symbol, struct buffer *to)
{
    size_t count;
    const struct command *const *rows = command_rows(&count);
    for (size_t i = 0; i < count; i++)
        if (symbol->family == FAMILY_ERRNO ? knows_errno(rows[i], symbol->value)
                                           : takes_family(rows[i], symbol->family))
            add_word(to, rows[i]->name);
}

// What differs from option to option: level, value, direction.
// "level SOL_SOCKET", "value 0 or 1, false or true", "can be set and read"
static void add_option_facts(const struct option *option, struct facts *facts)
{
    fact_text(facts, _("level"), option->level_name);
    struct buffer *value = fact_add(facts, str_from(_("value")));
    buffer_add_text(value, help_option_value(option));
    if (option->type == OPTION_CONSTANT)
        buffer_print(value, " (%s)", help_prefixes(option->values));
    fact_text(facts, _("can be"),
              option->readable && option->writable ? _("set and read")
              : option->readable                   ? _("read only")
                                                   : _("set only"));
}

// The number is shown too: it is what strace prints on machines without the name.
void help_symbol(const struct symbol *symbol, struct buffer *to)
{
    struct facts facts = {0};
    struct buffer commands = {0};
    const struct option *option = symbol->family == FAMILY_OPTION ? option_of(symbol) : NULL;
    bool is_errno = symbol->family == FAMILY_ERRNO;
    if (option)
        add_option_example(option, to);
    buffer_print(to, "%s = %lld\n", symbol->name, (long long)symbol->value);
    add_wrapped(str_from(_(symbol->meaning)), 0, to);
    buffer_add_char(to, '\n');
    if (help_family(symbol->family))
        fact_text(&facts, _("kind"), help_family(symbol->family));
    if (option)
        add_option_facts(option, &facts);
    add_commands(symbol, &commands);
    if (commands.size)
        fact_text(&facts, is_errno ? _("known of") : _("taken by"), buffer_text(&commands));
    if (option || is_errno)
        fact_text(&facts, _("manual"), option ? help_option_manual(option) : "errno(3)");
    facts_show(&facts, to);
    buffer_finish(&commands);
}

// Several constants that begin alike: with their meanings when they fit on a screen.
static bool add_prefix(struct str prefix, struct buffer *to)
{
    // Four lines are left for the prompt and what was typed.
    enum { BESIDE = HELP_LINES - 4 };
    struct facts facts = {0};
    struct buffer names = {0};
    size_t count = 0;
    for (size_t i = 0; i < symbol_count; i++) {
        if (!str_starts(str_from(symbols[i].name), prefix))
            continue;
        add_word(&names, symbols[i].name);
        if (++count <= BESIDE)
            fact_text(&facts, symbols[i].name, _(symbols[i].meaning));
    }
    struct buffer shown = {0};
    facts_show(&facts, &shown);
    // Collected all the same: only at the end is it known how many there are.
    if (count > BESIDE)
        add_wrapped(buffer_str(&names), 0, to);
    else
        buffer_add(to, buffer_str(&shown));
    buffer_finish(&shown);
    buffer_finish(&names);
    return count > 0;
}

// --- commands ------------------------------------------------------------------------------------

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

// Constants are named by their beginning: Tab and `help MSG_` list them.
void help_param(const struct param *param, struct buffer *to)
{
    add_kind(param, to);
    if (help_prefixes(param->family))
        buffer_print(to, ": %s", help_prefixes(param->family));
    if (param->bounded) {
        buffer_add_text(to, _(", at least "));
        value_show(param->type & TYPE_DURATION ? value_duration(param->least)
                                               : value_int(param->least),
                   to);
    }
    if (param->many)
        buffer_add_text(to, _("; any number of them"));
    else if (param->optional)
        buffer_add_text(to, _("; may be left out"));
}

// One fact each, labelled as in the usage line.
static void add_params(const struct command *command, struct facts *facts)
{
    for (size_t i = 0; i < command->params.count; i++) {
        struct buffer label = {0};
        help_param_name(&command->params.items[i], &label);
        help_param(&command->params.items[i], fact_add(facts, buffer_str(&label)));
        buffer_finish(&label);
    }
}

// "gives   data: bytes, address: address"
static void add_results(const struct command *command, struct facts *facts)
{
    if (command->results.count == 0)
        return;
    struct buffer *text = fact_add(facts, str_from(_("gives")));
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
        form_show_names(command, TRACE_C, fact_add(facts, str_from(_("in C"))));
    if (command->python)
        form_show_names(command, TRACE_PYTHON, fact_add(facts, STR("Python")));
    if (command->manual)
        fact_text(facts, _("manual"), command->manual);
}

// How much of the screen is taken.
static size_t lines_of(const struct buffer *text)
{
    size_t lines = 0;
    for (size_t i = 0; i < text->size; i++)
        lines += text->data[i] == '\n';
    return lines;
}

// All errnos by name alone, for a screen without the room for their meanings.
// "errors EACCES EADDRINUSE … (explain NAME tells more)"
static void add_errno_names(const struct command *command, struct facts *facts)
{
    struct buffer *names = fact_add(facts, str_from(_("errors")));
    for (const int *number = command->errnos; *number; number++)
        add_word(names, errno_name(*number));
    buffer_print(names, " (%s)", _("explain NAME tells more"));
}

// A table of its own below the facts.
// EADDRINUSE another socket already has that address and port
static void add_errno_meanings(const struct command *command, struct buffer *to)
{
    struct facts facts = {0};
    for (const int *number = command->errnos; *number; number++) {
        const struct symbol *symbol = symbol_of(FAMILY_ERRNO, *number);
        fact_text(&facts, errno_name(*number), symbol ? _(symbol->meaning) : "");
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
static void add_command(const struct command *command, struct buffer *to)
{
    enum { WRAPPED = 2 }; // facts that may need a second line, and the blank one
    struct facts facts = {0};
    struct buffer usage = {0};
    if (command->example)
        add_example(command->example, to);
    help_usage(command, &usage);
    add_wrapped(buffer_str(&usage), 4, to);
    add_wrapped(str_from(_(command->summary)), 0, to);
    buffer_add_char(to, '\n');
    add_params(command, &facts);
    add_results(command, &facts);
    if (command->waits != NULL)
        fact_text(&facts, _("waits"), _("until the kernel can go on; only its actor stands still"));
    add_forms(command, &facts);
    size_t errnos = count_errnos(command);
    // Names of errnos go on the screen anyway; their meanings only when all of it fits.
    bool room = lines_of(to) + facts.count + errnos + WRAPPED <= HELP_LINES;
    if (errnos && !room)
        add_errno_names(command, &facts);
    facts_show(&facts, to);
    if (errnos && room)
        add_errno_meanings(command, to);
    buffer_finish(&usage);
}

// --- groups --------------------------------------------------------------------------------------

// The words of a group that has no commands, or NULL.
static const struct help_word *words_of(struct str key)
{
    if (str_is(key, language_key))
        return help_words;
    return str_is(key, values_key) ? help_values : NULL;
}

// One line a command. False for a key that is none.
static bool add_group(struct str key, struct buffer *to)
{
    struct facts facts = {0};
    size_t count;
    const struct command *const *rows = command_rows(&count);
    for (size_t i = 0; i < count; i++)
        if (str_is(key, help_groups[rows[i]->group].key))
            fact_text(&facts, rows[i]->name, _(rows[i]->summary));
    for (const struct help_word *word = words_of(key); word && word->name; word++)
        fact_text(&facts, word->name, _(word->meaning));
    bool some = facts.count > 0;
    facts_show(&facts, to);
    return some;
}

// The commands of a group by name alone.
// "sockets accept bind close connect …": a line, or as many as the names need.
static void add_names(const char *key, struct facts *facts)
{
    struct buffer *names = fact_add(facts, str_from(key));
    size_t count;
    const struct command *const *rows = command_rows(&count);
    for (size_t i = 0; i < count; i++)
        if (strcmp(help_groups[rows[i]->group].key, key) == 0)
            add_word(names, rows[i]->name);
    for (const struct help_word *word = words_of(str_from(key)); word && word->name; word++)
        add_word(names, word->name);
    if (names->size == 0) { // a group without commands is not named
        facts->count--;
        buffer_finish(names);
        free(facts->items[facts->count].label);
    }
}

// It must fit a screen: names only, and how to get at more.
void help_overview(struct buffer *to)
{
    struct facts facts = {0};
    for (size_t i = 0; i < help_group_count; i++)
        add_names(help_groups[i].key, &facts);
    add_names(language_key, &facts);
    add_names(values_key, &facts);
    facts_show(&facts, to);
    buffer_add_char(to, '\n');
    fact_text(&facts, "help recv", _("explains a command; a constant or an errno as well"));
    fact_text(&facts, "help @sockets", _("lists a group with a line for each"));
    fact_text(&facts, "help MSG_", _("lists the constants that begin so"));
    facts_show(&facts, to);
}

// --- topics --------------------------------------------------------------------------------------

// In either list.
static const struct help_word *find_word(struct str name)
{
    const struct help_word *const lists[] = {help_words, help_values};
    for (size_t i = 0; i < 2; i++)
        for (const struct help_word *word = lists[i]; word->name; word++)
            if (str_is(name, word->name))
                return word;
    return NULL;
}

// As a command's help, without the table below.
static void add_language_word(const struct help_word *word, struct buffer *to)
{
    add_example(word->example, to);
    buffer_print(to, "%s\n", word->name);
    add_wrapped(str_from(_(word->meaning)), 0, to);
}

// Commands before words: `int` and `error` are both, and the command has more to say.
bool help_topic(struct str topic, struct buffer *to)
{
    const struct command *command = command_find(topic);
    const struct symbol *symbol = symbol_find(topic);
    const struct help_word *word = find_word(topic);
    if (command)
        add_command(command, to);
    else if (symbol)
        help_symbol(symbol, to);
    else if (word)
        add_language_word(word, to);
    else if (str_starts(topic, STR("@")))
        return add_group(str_slice(topic, 1, topic.size), to);
    else
        return topic.size > 0 && add_prefix(topic, to);
    return true;
}

// Over all that help_topic() would know by its whole name.
struct str help_nearest(struct str topic)
{
    struct nearest nearest = nearest_begin(topic);
    size_t count;
    const struct command *const *rows = command_rows(&count);
    for (size_t i = 0; i < count; i++)
        nearest_offer(&nearest, str_from(rows[i]->name));
    for (size_t i = 0; i < symbol_count; i++)
        nearest_offer(&nearest, str_from(symbols[i].name));
    for (const struct help_word *word = help_words; word->name; word++)
        nearest_offer(&nearest, str_from(word->name));
    return nearest.best;
}
