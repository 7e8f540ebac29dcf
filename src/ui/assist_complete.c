// assist_complete: what could stand at the cursor, by what the walk to there expects.

#include <stdlib.h>
#include <strings.h>

#include "actor/variables.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "commands/network_hosts.h"
#include "lang/check.h"
#include "lang/parser.h"
#include "ui/assist_offer.h"

// --- candidates ----------------------------------------------------------------------------------

static bool is_plain(struct str text)
{
    for (size_t i = 0; i < text.size;) {
        uint32_t point;
        size_t size = utf8_decode(str_slice(text, i, text.size), &point);
        if (size == 0 || utf8_is_control(point))
            return false;
        i += size;
    }
    return true;
}

// Whether the text begins with the word.
static bool goes_on(const struct offers *offers, struct str text)
{
    struct str word = offers->word;
    if (!offers->caseless)
        return str_starts(text, word);
    return text.size >= word.size && strncasecmp(text.data, word.data, word.size) == 0;
}

void offer_add(struct offers *offers, struct str text, struct str about)
{
    struct candidates *list = offers->list;
    if (text.size == 0 || !goes_on(offers, text) || !is_plain(text))
        return;
    for (size_t i = 0; i < list->count; i++)
        if (str_equal(list->items[i].text, text))
            return;
    if (!is_plain(about))
        about = STR("");
    list->items = mem_grow(list->items, list->count, &list->capacity, sizeof *list->items);
    list->items[list->count++] = (struct candidate){.text = {mem_copy(text), text.size},
                                                    .about = {mem_copy(about), about.size}};
}

void candidates_finish(struct candidates *candidates)
{
    for (size_t i = 0; i < candidates->count; i++) {
        free((char *)candidates->items[i].text.data);
        free((char *)candidates->items[i].about.data);
    }
    free(candidates->items);
    *candidates = (struct candidates){0};
}

// --- by place ------------------------------------------------------------------------------------

// The value of an option, by the option before it.
static void offer_option_value(struct offers *offers, const struct symbol *symbol)
{
    static const char *const switches[] = {"1", "0", "true", "false", NULL};
    static const char *const nothing[] = {"none", NULL};
    const struct option *option = symbol ? option_of(symbol) : NULL;
    enum type types = option ? check_option_types(option) : TYPE_ANY;
    if (option && option->type == OPTION_BOOL)
        offer_words(offers, switches);
    else if (option && option->type == OPTION_CONSTANT)
        offer_constants(offers, option->values, NULL);
    else if (types != TYPE_ANY && (types & TYPE_NONE))
        offer_words(offers, nothing);
    offer_variables(offers, types);
}

// The arguments in front of the word, as they are written.
static struct str words_before(const struct offers *offers)
{
    struct str text = offers->walk->lexer.text;
    size_t word = (size_t)(offers->word.data - text.data);
    return str_trim(str_slice(text, walk_level(offers->walk)->call.end, word), " \t");
}

// By what its text names. False when it names nothing.
static bool offer_subject(struct offers *offers, const struct param *param)
{
    bool is_word = param->form == FORM_WORD;
    bool quoted = offers->word.size > 0 && char_is_one_of(offers->word.data[0], "\"'");
    switch (param->subject) {
    case SUBJECT_FILE:
        if (param->words != NULL)
            offer_words(offers, param->words);
        if (!is_word && !quoted)
            offer_variables(offers, param->type);
        offer_files(offers, is_word || param->form == FORM_PATH);
        return true;
    case SUBJECT_HELP:
        offer_topics(offers);
        return true;
    case SUBJECT_ERROR:
        offer_errors(offers);
        return true;
    case SUBJECT_SETTING:
        offer_settings(offers);
        return true;
    case SUBJECT_LESSON:
        offer_lessons(offers);
        return true;
    case SUBJECT_HOST:
        if (network_names_host(words_before(offers)))
            offer_hosts(offers);
        return true;
    case SUBJECT_NONE:
        break;
    }
    return false;
}

// By the types that the parameter accepts.
static void offer_typed(struct offers *offers, const struct param *param)
{
    static const char *const truths[] = {"true", "false", NULL};
    enum type types = param->type;
    if (types == TYPE_HANDLE)
        offer_handles(offers, param->fit);
    else if (types == TYPE_ADDRESS)
        offer_addresses(offers);
    else if (types == TYPE_BOOL)
        offer_words(offers, truths);
    if (param->family != FAMILY_NONE)
        offer_constants(offers, param->family, walk_level(offers->walk)->command);
    // Bytes serve as an address, too.
    offer_variables(offers, types == TYPE_ADDRESS ? types | TYPE_BYTES : types);
    if (types == TYPE_ANY && offers->word.size > 0)
        offer_constants(offers, FAMILY_NONE, NULL);
}

static void offer_argument(struct offers *offers)
{
    const struct level *level = walk_level(offers->walk);
    const struct param *param = walk_param(offers->walk);
    if (param == NULL || offer_subject(offers, param))
        return;
    if (param->words != NULL) {
        offer_words(offers, param->words);
        return;
    }
    switch (param->form) {
    case FORM_ACTOR:
        offer_variables(offers, TYPE_ACTOR);
        offer_actors(offers, false);
        break;
    case FORM_VARIABLE:
        offer_variables(offers, param->type);
        break;
    case FORM_OPTION: // set where a value follows, else read
        offer_options(offers, level->argument + 1 < level->params.count);
        break;
    case FORM_OPTION_VALUE:
        offer_option_value(offers, level->option);
        break;
    case FORM_VALUE:
    case FORM_PATH:
        offer_typed(offers, param);
        break;
    case FORM_WORD: // made up, or about another computer
        break;
    }
}

// A value that is no call.
static void offer_values(struct offers *offers)
{
    static const char *const values[] = {"true", "false", "none", "not", NULL};
    offer_variables(offers, TYPE_ANY);
    if (offers->word.size == 0)
        return; // hundreds
    offer_words(offers, values);
    offer_constants(offers, FAMILY_NONE, NULL);
}

// A call, or a value.
static void offer_sources(struct offers *offers)
{
    static const char *const spawn[] = {"spawn", NULL};
    offer_functions(offers);
    offer_commands(offers, true);
    offer_words(offers, spawn);
    offer_values(offers);
}

static void offer_statements(struct offers *offers)
{
    offer_functions(offers);
    offer_commands(offers, false);
    if (offers->assist->words != NULL && offers->list->start == 0)
        offer_words(offers, offers->assist->words);
    offer_words(offers, statement_words);
    offer_variables(offers, TYPE_ANY);
}

static void offer_all(struct offers *offers)
{
    static const char *const operators[] = {"and", "or", "in", NULL};
    static const char *const branches[] = {"else", "catch", NULL};
    switch (walk_level(offers->walk)->expects) {
    case EXPECT_STATEMENT:
        offer_statements(offers);
        break;
    case EXPECT_SOURCE:
        offer_sources(offers);
        break;
    case EXPECT_ARGUMENT:
        offer_argument(offers);
        break;
    case EXPECT_OPERAND:
        offer_values(offers);
        break;
    case EXPECT_MORE:
        if (offers->word.size > 0)
            offer_words(offers, operators);
        break;
    case EXPECT_BRANCH:
        offer_words(offers, branches);
        break;
    case EXPECT_FUNCTION:
        offer_functions(offers);
        break;
    case EXPECT_ACTOR:
        offer_actors(offers, true);
        break;
    case EXPECT_TARGET:
        offer_variables(offers, TYPE_ANY);
        break;
    case EXPECT_NEW:
    case EXPECT_BLOCK:
        break;
    }
}

// --- the word ------------------------------------------------------------------------------------

// Whether the token at hand goes on to the cursor, and may go on behind it. `*end` is the end of
// what belongs to it.
static bool is_word(const struct walk *walk)
{
    struct str text = walk->lexer.text;
    size_t end = walk->token.range.end;
    bool flags = walk->token.type == TOKEN_NAME || walk->token.type == TOKEN_CONSTANTS;
    if (flags && end + 1 == text.size && text.data[end] == '|')
        end++; // another flag may follow
    switch (walk->token.type) {
    case TOKEN_NAME:
    case TOKEN_CONSTANTS:
    case TOKEN_NUMBER:
    case TOKEN_DURATION:
    case TOKEN_ADDRESS:
    case TOKEN_WORD:
    case TOKEN_BAD:
        return end == text.size;
    default:
        return false;
    }
}

// Where the word at the end begins, with the walk in front of it; SIZE_MAX where nothing can be
// offered. An open string with a value in braces is walked into.
static size_t find_word(struct walk *walk)
{
    struct str text = walk->lexer.text;
    size_t taken_to = 0;
    for (; walk_read(walk); taken_to = walk->token.range.end) {
        if (!is_word(walk)) {
            walk_take(walk);
            continue;
        }
        size_t inside = walk->token.type == TOKEN_BAD ? walk_interpolated(walk) : SIZE_MAX;
        if (inside != SIZE_MAX) {
            const struct assist *assist = walk->assist;
            struct str actor = walk_level(walk)->actor;
            walk_finish(walk);
            walk_begin(walk, assist, text, inside, EXPECT_SOURCE);
            walk_level(walk)->actor = actor;
            continue;
        }
        size_t start = walk->token.range.start;
        for (size_t i = start; walk->token.type != TOKEN_BAD && i < text.size; i++)
            if (text.data[i] == '|')
                start = i + 1;
        return start;
    }
    return str_find(text, STR("#"), taken_to) == SIZE_MAX ? text.size : SIZE_MAX;
}

// --- completing ----------------------------------------------------------------------------------

// Under actor->lock.
static void hold(const struct actor *actor, const struct variable *variable, void *context)
{
    struct offers *offers = context;
    (void)actor;
    offers->held =
        mem_grow(offers->held, offers->held_count, &offers->held_capacity, sizeof *offers->held);
    if (variable->handle != NULL)
        handle_retain(variable->handle);
    offers->held[offers->held_count++] =
        (struct held){.name = {mem_copy(variable->name), variable->name.size},
                      .type = variable->type,
                      .handle = variable->handle};
}

static void let_go(struct offers *offers)
{
    for (size_t i = 0; i < offers->held_count; i++) {
        free((char *)offers->held[i].name.data);
        if (offers->held[i].handle != NULL)
            handle_release(offers->held[i].handle);
    }
    free(offers->held);
}

// As it is written; where nothing begins so, without regard to case.
static void offer_either_way(struct offers *offers, void (*offer)(struct offers *offers))
{
    offer(offers);
    offers->caseless = offers->list->count == 0 && offers->word.size > 0;
    if (offers->caseless)
        offer(offers);
}

// The line up to the cursor, with what was entered before.
static void complete(struct walk *walk, struct candidates *candidates)
{
    struct str text = walk->lexer.text;
    const struct assist *assist = walk->assist;
    size_t before = assist->before.size, start = find_word(walk);
    // A string that began on a line before cannot be replaced.
    if (start == SIZE_MAX || start < before)
        return;
    struct offers offers = {.assist = assist,
                            .walk = walk,
                            .word = str_slice(text, start, text.size),
                            .list = candidates};
    candidates->start = start - before;
    variables_each(assist->session, walk_level(walk)->actor, hold, &offers);
    offer_either_way(&offers, offer_all);
    let_go(&offers);
}

// ?NAME, and @NAME as all of the line. False for any other form.
static bool complete_own_form(struct walk *walk, struct str line, struct candidates *candidates)
{
    struct range name;
    enum own_form form = walk_own_form(walk->assist, line, &name);
    struct offers offers = {.assist = walk->assist,
                            .walk = walk,
                            .word = str_slice(walk->lexer.text, name.start, name.end),
                            .list = candidates};
    if (form == OWN_NONE || form == OWN_ACTOR || form == OWN_JOBS)
        return false;
    candidates->start = name.start;
    if (form == OWN_HELP && name.end == line.size && str_starts(line, STR("?")))
        offer_either_way(&offers, offer_topics);
    return true;
}

void assist_complete(const struct assist *assist, struct str line, size_t cursor,
                     struct candidates *candidates)
{
    struct buffer text = {0};
    struct walk walk;
    struct str typed = str_slice(line, 0, cursor);
    *candidates = (struct candidates){.start = typed.size};
    buffer_add(&text, assist->before);
    buffer_add(&text, typed);
    walk_begin(&walk, assist, buffer_str(&text), 0, EXPECT_STATEMENT);
    if (!complete_own_form(&walk, typed, candidates))
        complete(&walk, candidates);
    // A folder's files, or a host's port.
    if (candidates->count == 1)
        candidates->is_folder = str_ends(candidates->items[0].text, STR("/")) ||
                                str_ends(candidates->items[0].text, STR(":"));
    walk_finish(&walk);
    buffer_finish(&text);
}
