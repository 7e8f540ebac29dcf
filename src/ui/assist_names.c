// assist_names: commands, constants, actors and whatever else has a name, as candidates.

#include <stdlib.h>
#include <string.h>

#include "actor/actor.h"
#include "base/memory.h"
#include "base/message.h"
#include "commands/explain.h"
#include "commands/help.h"
#include "commands/settings.h"
#include "net/lan.h"
#include "ui/assist_offer.h"

// --- words ---------------------------------------------------------------------------------------

// What help says of a word of the language.
static const char *meaning_of(const char *word)
{
    for (const struct help_word *known = help_words; known->name; known++)
        if (strcmp(known->name, word) == 0)
            return _(known->meaning);
    return "";
}

void offer_words(struct offers *offers, const char *const *words)
{
    for (size_t i = 0; words[i]; i++)
        offer_add(offers, str_from(words[i]), str_from(meaning_of(words[i])));
}

void offer_commands(struct offers *offers, bool with_value)
{
    size_t count;
    const struct command *const *rows = command_rows(&count);
    for (size_t i = 0; i < count; i++)
        if (!with_value || rows[i]->results.count > 0)
            offer_add(offers, str_from(rows[i]->name), str_from(_(rows[i]->summary)));
}

void offer_functions(struct offers *offers)
{
    struct world *world = &offers->assist->session->world;
    struct buffer usage = {0};
    pthread_mutex_lock(&world->lock);
    for (uint32_t i = 0; i < world->function_names.count; i++) {
        const struct definition *definition = atomic_load(&world->functions[i]->definition);
        if (definition == NULL)
            continue;
        buffer_clear(&usage);
        usage_show(definition->name, (struct params){definition->params, definition->param_count},
                   &usage);
        offer_add(offers, definition->name, buffer_str(&usage));
    }
    pthread_mutex_unlock(&world->lock);
    for (uint32_t i = 0; i < offers->walk->defined.count; i++)
        offer_add(offers, offers->walk->defined.items[i], STR(""));
    buffer_finish(&usage);
}

// --- constants -----------------------------------------------------------------------------------

// How well a constant serves: the less the better.
static int rank_of(const struct symbol *symbol, const struct command *command)
{
    const char *usual = symbol->name;
    const struct symbol *first = symbol_of(symbol->family, symbol->value);
    struct str example = str_from(command && command->example ? command->example : "");
    if (str_find(example, str_from(usual), 0) != SIZE_MAX)
        return 0;                                    // what its example is written with
    return first == NULL || first == symbol ? 1 : 2; // another name of the same number
}

// Of two of one family: by use, then by number, as headers list them.
static int compare_symbols(const void *a, const void *b, void *command)
{
    const struct symbol *one = *(const struct symbol *const *)a;
    const struct symbol *other = *(const struct symbol *const *)b;
    int ranks = rank_of(one, command) - rank_of(other, command);
    if (ranks != 0)
        return ranks;
    return (one->value > other->value) - (one->value < other->value);
}

static bool is_taken(const struct offers *offers, const char *name)
{
    // MSG_PEEK|MSG_P: what stands before the bar is not offered again.
    const char *end = offers->word.data;
    const char *start = end;
    while (start > offers->walk->lexer.text.data && (is_name_part(start[-1]) || start[-1] == '|'))
        start--;
    struct str before = {start, (size_t)(end - start)};
    size_t size = strlen(name), found = str_find(before, str_from(name), 0);
    return found != SIZE_MAX && found + size < before.size && before.data[found + size] == '|';
}

// Whether the call at hand heeds a flag, where it wants some.
static bool is_heeded(const struct offers *offers, const struct symbol *symbol)
{
    const struct param *param = walk_param(offers->walk);
    return param == NULL || param->side == SIDE_NONE || (symbol->side & param->side);
}

void offer_constants(struct offers *offers, enum family family, const struct command *command)
{
    const struct symbol **fitting = mem_zero(symbol_count * sizeof *fitting);
    size_t count = 0;
    for (size_t i = 0; i < symbol_count; i++)
        if (family == FAMILY_NONE ||
            (symbols[i].family == family && is_heeded(offers, &symbols[i])))
            fitting[count++] = &symbols[i];
    if (family != FAMILY_NONE && count > 0)
        qsort_r(fitting, count, sizeof *fitting, compare_symbols, (void *)(uintptr_t)command);
    for (size_t i = 0; i < count; i++)
        if (!is_taken(offers, fitting[i]->name))
            offer_add(offers, str_from(fitting[i]->name), str_from(_(fitting[i]->meaning)));
    free(fitting);
}

// Those of every socket first.
void offer_options(struct offers *offers, bool writable)
{
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < option_count; i++) {
            bool general = str_starts(str_from(options[i].name), STR("SO_"));
            const struct symbol *symbol = symbol_find(str_from(options[i].name));
            if (general == (pass == 0) && (writable ? options[i].writable : options[i].readable))
                offer_add(offers, str_from(symbol->name), str_from(_(symbol->meaning)));
        }
    }
}

// --- help ----------------------------------------------------------------------------------------

void offer_topics(struct offers *offers)
{
    offer_commands(offers, false);
    for (const struct help_word *word = help_words; word->name; word++)
        offer_add(offers, str_from(word->name), str_from(_(word->meaning)));
    for (const struct help_word *word = help_values; word->name; word++)
        offer_add(offers, str_from(word->name), str_from(_(word->meaning)));
    for (const struct help_text *topic = help_texts; topic->name; topic++)
        offer_add(offers, str_from(topic->name), str_from(_(topic->title)));
    for (size_t i = 0; i < help_group_count; i++) {
        struct buffer name = {0};
        buffer_print(&name, "@%s", help_groups[i].key);
        offer_add(offers, buffer_str(&name), str_from(_(help_groups[i].title)));
        buffer_finish(&name);
    }
    if (offers->word.size > 0) // hundreds
        offer_constants(offers, FAMILY_NONE, NULL);
}

// The last error first: it is what is mostly asked about.
void offer_errors(struct offers *offers)
{
    struct session *session = offers->assist->session;
    pthread_mutex_lock(&session->lock);
    struct value error = session->last_error;
    const struct symbol *last = error.type == TYPE_ERROR ? error.error->name : NULL;
    pthread_mutex_unlock(&session->lock);
    if (last != NULL)
        offer_add(offers, str_from(last->name), str_from(_(last->meaning)));
    for (size_t i = 0; i < symbol_count; i++)
        if (symbols[i].family == FAMILY_ERRNO || symbols[i].family == FAMILY_EAI)
            offer_add(offers, str_from(symbols[i].name), str_from(_(symbols[i].meaning)));
    for (const struct explanation *topic = explain_topics; topic->name != NULL; topic++)
        offer_add(offers, str_from(topic->name), str_from(_(topic->title)));
    if (offers->word.size > 0)
        offer_constants(offers, FAMILY_NONE, NULL);
}

void offer_settings(struct offers *offers)
{
    for (size_t i = 0; i < setting_count; i++)
        offer_add(offers, str_from(settings[i].name), str_from(_(settings[i].about)));
}

// In the order of learning.
void offer_lessons(struct offers *offers)
{
    for (const struct help_lesson *lesson = help_lessons; lesson->name; lesson++)
        offer_add(offers, str_from(lesson->name), str_from(_(lesson->title)));
}

// Called under the lock of net/lan.h.
static void offer_host(struct lan_host *host, void *context)
{
    struct buffer about = {0};
    for (size_t i = 0; i < host->leg_count; i++) {
        char text[LINK_TEXT];
        buffer_print(&about, "%s%s", i > 0 ? ", " : "", link_text(&host->legs[i].at, true, text));
    }
    offer_add(context, str_from(host->name), buffer_str(&about));
    buffer_finish(&about);
}

void offer_hosts(struct offers *offers)
{
    lan_each(offer_host, offers);
}

// --- actors and variables ------------------------------------------------------------------------

// Actors with a reference each: what one does is asked under locks of its own.
struct actors {
    struct actor **items;
    size_t count, capacity;
};

// Called under session->lock.
static void collect_actor(struct actor *actor, void *context)
{
    struct actors *actors = context;
    actors->items =
        mem_grow(actors->items, actors->count, &actors->capacity, sizeof *actors->items);
    atomic_fetch_add(&actor->shared.references, 1);
    actors->items[actors->count++] = actor;
}

// `talkable`: those that statements can be given to. The one that types has no use for itself.
void offer_actors(struct offers *offers, bool talkable)
{
    struct actors actors = {0};
    actors_each(offers->assist->session, collect_actor, &actors);
    for (size_t i = 0; i < actors.count; i++) {
        struct actor *actor = actors.items[i];
        struct str name = str_from(actor->name);
        struct buffer state = {0};
        bool gone = actor->takes_statements && atomic_load(&actor->has_ended);
        actor_show_state(actor, &state);
        if (!gone && (!talkable || actor->takes_statements) &&
            !str_equal(name, offers->assist->actor))
            offer_add(offers, name, buffer_str(&state));
        buffer_finish(&state);
        actor_release(actor);
    }
    free(actors.items);
}

void offer_variables(struct offers *offers, enum type types)
{
    struct buffer about = {0};
    for (size_t i = 0; i < offers->held_count; i++) {
        struct held *held = &offers->held[i];
        if (!(held->type & types))
            continue;
        buffer_clear(&about);
        if (held->handle != NULL)
            offer_describe(held->handle, &about);
        else
            buffer_add_text(&about, type_with_article(held->type));
        offer_add(offers, held->name, buffer_str(&about));
    }
    buffer_finish(&about);
}
