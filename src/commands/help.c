// help: what is found under a name, and the lists of all names.
//
// A screen is an example, a line or two, and facts: labels with text beside them, in aligned
// columns (help_page.h). All of it is put together from the tables when somebody asks.

#include "commands/help.h"

#include <string.h>

#include "base/message.h"
#include "base/nearest.h"
#include "commands/help_page.h"

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
            facts_add_text(&facts, rows[i]->name, _(rows[i]->summary));
    for (const struct help_word *word = words_of(key); word && word->name; word++)
        facts_add_text(&facts, word->name, _(word->meaning));
    bool some = facts.count > 0;
    facts_show(&facts, to);
    return some;
}

// The commands of a group by name alone.
// "sockets accept bind close connect …": a line, or as many as the names need.
static void add_names(const char *key, struct facts *facts)
{
    struct buffer *names = facts_add(facts, str_from(key));
    size_t count;
    const struct command *const *rows = command_rows(&count);
    for (size_t i = 0; i < count; i++)
        if (strcmp(help_groups[rows[i]->group].key, key) == 0)
            page_add_word(names, rows[i]->name);
    for (const struct help_word *word = words_of(str_from(key)); word && word->name; word++)
        page_add_word(names, word->name);
    if (names->size == 0) // a group without commands is not named
        facts_drop(facts);
}

// It must fit a screen: names only, and how to get at more.
void help_overview(struct buffer *to)
{
    struct facts facts = {0};
    for (size_t i = 0; i < help_group_count; i++)
        add_names(help_groups[i].key, &facts);
    add_names(language_key, &facts);
    add_names(values_key, &facts);
    struct buffer *topics = facts_add(&facts, STR("topics"));
    for (const struct help_text *text = help_texts; text->name; text++)
        page_add_word(topics, text->name);
    facts_show(&facts, to);
    buffer_add_char(to, '\n');
    facts_add_text(&facts, "help recv", _("explains a command, a constant, an errno, a topic"));
    facts_add_text(&facts, "help @sockets",
                   _("lists a group with a line for each; so does topics"));
    facts_add_text(&facts, "help MSG_", _("lists the constants that begin so"));
    facts_show(&facts, to);
}

// --- words and topics ----------------------------------------------------------------------------

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

static const struct help_text *find_text(struct str name)
{
    for (const struct help_text *text = help_texts; text->name; text++)
        if (str_is(name, text->name))
            return text;
    return NULL;
}

// As a command's help, without the table below.
static void add_language_word(const struct help_word *word, struct buffer *to)
{
    struct facts facts = {0};
    page_add_example(str_from(word->example), to);
    buffer_print(to, "%s\n", word->form ? word->form : word->name);
    page_add_text(str_from(_(word->meaning)), 0, to);
    buffer_add_char(to, '\n');
    struct taught taught = help_taught(str_from(word->name), FAMILY_NONE);
    help_add_taught(taught, &facts);
    facts_show(&facts, to);
}

// The commands that belong to it stand below the text.
static void add_text(const struct help_text *text, struct buffer *to)
{
    struct facts facts = {0};
    size_t count;
    const struct command *const *rows = command_rows(&count);
    page_add_example(str_from(text->example), to);
    buffer_print(to, "%s – %s\n\n", text->name, _(text->title));
    page_add_texts(str_from(_(text->text)), to);
    struct buffer *names = facts_add(&facts, str_from(_("commands")));
    for (size_t i = 0; i < count; i++)
        if (strcmp(rows[i]->topic, text->name) == 0)
            page_add_word(names, rows[i]->name);
    if (names->size == 0)
        facts_drop(&facts);
    else
        buffer_add_char(to, '\n');
    facts_show(&facts, to);
}

// `help topics`: one line each.
static void add_texts(struct buffer *to)
{
    struct facts facts = {0};
    for (const struct help_text *text = help_texts; text->name; text++)
        facts_add_text(&facts, text->name, _(text->title));
    facts_show(&facts, to);
}

// --- what was asked for --------------------------------------------------------------------------

// A command that a topic is called like (`actors`) has that below.
static void add_command(const struct command *command, struct buffer *to)
{
    const struct help_text *text = find_text(str_from(command->name));
    help_command(command, to);
    if (text) {
        buffer_add_char(to, '\n');
        add_text(text, to);
    }
}

// Commands before words: `int` and `error` are both, and the command has more to say.
bool help_topic(struct str topic, struct buffer *to)
{
    const struct command *command = command_find(topic);
    const struct symbol *symbol = symbol_find(topic);
    const struct help_word *word = find_word(topic);
    const struct help_text *text = find_text(topic);
    if (command)
        add_command(command, to);
    else if (symbol)
        help_symbol(symbol, to);
    else if (word)
        add_language_word(word, to);
    else if (text)
        add_text(text, to);
    else if (str_is(topic, "topics"))
        add_texts(to);
    else if (str_starts(topic, STR("@")) && topic.size > 1)
        return add_group(str_slice(topic, 1, topic.size), to);
    else
        return topic.size > 0 && help_prefix(topic, to);
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
    for (const struct help_word *word = help_values; word->name; word++)
        nearest_offer(&nearest, str_from(word->name));
    for (const struct help_text *text = help_texts; text->name; text++)
        nearest_offer(&nearest, str_from(text->name));
    return nearest.best;
}
