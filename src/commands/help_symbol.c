// help_symbol: what there is to say about one constant, or about those that begin alike.
//
// Options, flags and errnos are constants too: what they have besides is shown with them.

#include "base/message.h"
#include "commands/help.h"
#include "commands/help_page.h"

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
            page_add_word(to, rows[i]->name);
}

// What differs from option to option: level, value, direction.
// "level SOL_SOCKET", "value 0 or 1, false or true", "can be set and read"
static void add_option_facts(const struct option *option, struct facts *facts)
{
    facts_add_text(facts, _("level"), option->level_name);
    struct buffer *value = facts_add(facts, str_from(_("value")));
    buffer_add_text(value, help_option_value(option));
    if (option->type == OPTION_CONSTANT)
        buffer_print(value, " (%s)", help_prefixes(option->values));
    facts_add_text(facts, _("can be"),
                   option->readable && option->writable ? _("set and read")
                   : option->readable                   ? _("read only")
                                                        : _("set only"));
}

// What is to be looked up elsewhere.
static void add_references(const struct symbol *symbol, struct facts *facts)
{
    const struct option *option = symbol->family == FAMILY_OPTION ? option_of(symbol) : NULL;
    if (option || symbol->family == FAMILY_ERRNO)
        facts_add_text(facts, _("manual"), option ? help_option_manual(option) : "errno(3)");
    struct taught taught = help_taught(str_from(symbol->name), symbol->family);
    help_add_taught(taught, facts);
}

// The number is shown too: it is what strace prints on machines without the name.
void help_symbol(const struct symbol *symbol, struct buffer *to)
{
    struct facts facts = {0};
    struct buffer example = {0}, commands = {0};
    const struct option *option = symbol->family == FAMILY_OPTION ? option_of(symbol) : NULL;
    help_symbol_example(symbol, &example);
    page_add_example(buffer_str(&example), to);
    buffer_print(to, "%s = %lld\n", symbol->name, (long long)symbol->value);
    page_add_text(str_from(_(symbol->meaning)), 0, to);
    buffer_add_char(to, '\n');
    if (help_family(symbol->family))
        facts_add_text(&facts, _("kind"), help_family(symbol->family));
    if (option)
        add_option_facts(option, &facts);
    add_commands(symbol, &commands);
    if (commands.size)
        facts_add_text(&facts, symbol->family == FAMILY_ERRNO ? _("known of") : _("taken by"),
                       buffer_text(&commands));
    add_references(symbol, &facts);
    facts_show(&facts, to);
    buffer_finish(&commands);
    buffer_finish(&example);
}

// Several constants that begin alike: with their meanings when they fit on a screen.
bool help_prefix(struct str prefix, struct buffer *to)
{
    // Four lines are left for the prompt and what was typed.
    enum { BESIDE = HELP_LINES - 4 };
    struct facts facts = {0};
    struct buffer names = {0};
    size_t count = 0;
    for (size_t i = 0; i < symbol_count; i++) {
        if (!str_starts(str_from(symbols[i].name), prefix))
            continue;
        page_add_word(&names, symbols[i].name);
        if (++count <= BESIDE)
            facts_add_text(&facts, symbols[i].name, _(symbols[i].meaning));
    }
    struct buffer shown = {0};
    facts_show(&facts, &shown);
    // Collected all the same: only at the end is it known how many there are.
    if (count > BESIDE)
        page_add_text(buffer_str(&names), 0, to);
    else
        buffer_add(to, buffer_str(&shown));
    buffer_finish(&shown);
    buffer_finish(&names);
    return count > 0;
}
