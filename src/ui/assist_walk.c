// assist_walk: one token after the other, with a stack of open brackets.

#include "ui/assist_walk.h"

#include <stdlib.h>

#include "base/memory.h"
#include "lang/parser.h"

// --- levels --------------------------------------------------------------------------------------

struct level *walk_level(const struct walk *walk)
{
    return &walk->levels[walk->count - 1];
}

const struct param *walk_param(const struct walk *walk)
{
    const struct level *level = walk_level(walk);
    struct params params = level->params;
    if (level->expects != EXPECT_ARGUMENT || params.count == 0)
        return NULL;
    if (level->argument < params.count)
        return &params.items[level->argument];
    return params.items[params.count - 1].many ? &params.items[params.count - 1] : NULL;
}

static void push(struct walk *walk, struct level level)
{
    walk->levels = mem_grow(walk->levels, walk->count, &walk->capacity, sizeof *walk->levels);
    walk->levels[walk->count++] = level;
}

// A bracket or brace is opened; line ends are blanks in the first, and ends in the second.
static void open_level(struct walk *walk, enum expects expects, bool is_index)
{
    unsigned brackets = walk->lexer.brackets;
    bool is_block = walk->token.type == TOKEN_OPEN_BLOCK;
    push(walk, (struct level){.opener = walk->token.type,
                              .is_index = is_index,
                              .brackets = brackets,
                              .expects = expects,
                              .actor = walk_level(walk)->actor});
    walk->lexer.brackets = is_block ? 0 : brackets + 1;
}

// A value stands there whole.
static void value_done(struct walk *walk)
{
    struct level *level = walk_level(walk);
    if (level->expects == EXPECT_ARGUMENT)
        level->argument++;
    else
        level->expects = EXPECT_MORE;
}

// A bracket that opens nothing is a mistake, and passed over.
static void close_level(struct walk *walk, enum token_type opener)
{
    struct level closed = *walk_level(walk);
    if (walk->count == 1 || closed.opener != opener)
        return;
    walk->count--;
    walk->lexer.brackets = closed.brackets;
    if (opener == TOKEN_OPEN_BLOCK)
        walk_level(walk)->expects = EXPECT_BRANCH;
    else if (!closed.is_index)
        value_done(walk);
}

// After an END everything is new, but for the actor that has the rest of a line.
static void begin_statement(struct walk *walk, bool new_line)
{
    struct level *level = walk_level(walk), kept = *level;
    struct str around = walk->count > 1 ? walk->levels[walk->count - 2].actor : walk->assist->actor;
    *level = (struct level){.opener = kept.opener,
                            .brackets = kept.brackets,
                            .expects = EXPECT_STATEMENT,
                            .actor = new_line ? around : kept.actor};
}

// --- names ---------------------------------------------------------------------------------------

bool walk_callable(const struct walk *walk, struct str name, const struct command **command,
                   struct params *params)
{
    struct world *world = &walk->assist->session->world;
    *command = command_find(name);
    *params = (struct params){0};
    if (*command != NULL) {
        *params = (*command)->params;
        return true;
    }
    pthread_mutex_lock(&world->lock);
    struct function *function = world_function(world, name);
    // What is defined once lasts as long as the world.
    const struct definition *definition = function ? atomic_load(&function->definition) : NULL;
    pthread_mutex_unlock(&world->lock);
    if (definition != NULL)
        *params = (struct params){definition->params, definition->param_count};
    return definition != NULL || names_find(&walk->defined, name) != NAME_MISSING;
}

// The token behind the one at hand, which stays where it is.
static struct token token_ahead(const struct walk *walk)
{
    struct lexer ahead = walk->lexer;
    ahead.expectations = NULL;
    ahead.expectation_count = ahead.expectation_capacity = 0;
    struct token token = lexer_next(&ahead);
    lexer_finish(&ahead);
    return token;
}

// Whether = or a comma says that the name at hand gets a value.
static bool is_target(const struct walk *walk)
{
    struct token next = token_ahead(walk);
    if (next.type == TOKEN_COMMA)
        return walk_level(walk)->opener != TOKEN_OPEN_LIST;
    return next.type == TOKEN_OPERATOR && str_is(lexer_text(&walk->lexer, next.range), "=");
}

// The call's name is taken; its arguments follow.
static enum role begin_call(struct walk *walk)
{
    struct level *level = walk_level(walk);
    level->call = walk->token.range;
    level->argument = 0;
    level->option = NULL;
    level->expects = EXPECT_ARGUMENT;
    walk_callable(walk, walk_text(walk), &level->command, &level->params);
    return ROLE_CALL;
}

// A word of the language says what comes behind it.
static enum role take_word(struct walk *walk, struct str word)
{
    static const struct {
        const char *word;
        enum expects expects;
    } follows[] = {
        {"and", EXPECT_OPERAND}, {"catch", EXPECT_NEW},     {"def", EXPECT_NEW},
        {"else", EXPECT_BLOCK},  {"for", EXPECT_TARGET},    {"if", EXPECT_SOURCE},
        {"in", EXPECT_OPERAND},  {"loop", EXPECT_BLOCK},    {"not", EXPECT_OPERAND},
        {"or", EXPECT_OPERAND},  {"return", EXPECT_SOURCE}, {"spawn", EXPECT_FUNCTION},
        {"try", EXPECT_BLOCK},   {"while", EXPECT_SOURCE},
    };
    struct level *level = walk_level(walk);
    for (size_t i = 0; i < sizeof follows / sizeof *follows; i++) {
        if (str_is(word, follows[i].word)) {
            bool in_each = level->each && str_is(word, "in");
            level->expects = in_each ? EXPECT_SOURCE : follows[i].expects;
            level->each = str_is(word, "for");
            level->defines = str_is(word, "def");
            return ROLE_WORD;
        }
    }
    value_done(walk); // true, false, none; break and continue
    return ROLE_WORD;
}

// A name where one is made up.
static enum role take_new(struct walk *walk)
{
    struct level *level = walk_level(walk);
    if (level->defines) {
        names_add(&walk->defined, walk_text(walk));
        level->defines = false; // parameters follow
        return ROLE_CALL;
    }
    names_add(&walk->set, walk_text(walk));
    return ROLE_TARGET;
}

// Remembers the option that says how the value behind it is written.
static void note_option(struct walk *walk, const struct param *param)
{
    const struct symbol *symbol = symbol_find(walk_text(walk));
    if (param != NULL && param->form == FORM_OPTION && symbol && symbol->family == FAMILY_OPTION)
        walk_level(walk)->option = symbol;
}

static enum role take_name(struct walk *walk)
{
    struct level *level = walk_level(walk);
    struct str name = walk_text(walk);
    const struct param *param = walk_param(walk);
    const struct command *command;
    struct params params;
    bool begins = level->expects == EXPECT_STATEMENT || level->expects == EXPECT_SOURCE;
    if (is_language_word(name))
        return take_word(walk, name);
    if (level->expects == EXPECT_NEW)
        return take_new(walk);
    if (level->expects == EXPECT_FUNCTION)
        return begin_call(walk);
    if (level->expects == EXPECT_TARGET || (begins && is_target(walk))) {
        names_add(&walk->set, name);
        level->expects = EXPECT_MORE;
        return ROLE_TARGET;
    }
    if (begins && walk_callable(walk, name, &command, &params))
        return begin_call(walk);
    if (level->expects == EXPECT_STATEMENT)
        level->lone = walk->token.range;
    note_option(walk, param);
    value_done(walk);
    return ROLE_VALUE;
}

// --- tokens --------------------------------------------------------------------------------------

// server, tcplink.1: up to where an actor's name cannot go on.
static struct token actor_token(struct walk *walk, struct token token)
{
    struct str text = walk->lexer.text;
    size_t end = token.range.end;
    while (end < walk->lexer.end && (is_name_part(text.data[end]) || text.data[end] == '.'))
        end++;
    token.type = TOKEN_WORD;
    token.range.end = walk->lexer.at = end;
    return token;
}

// Whether a command takes the token at hand as it stands.
static bool is_word_argument(const struct walk *walk)
{
    const struct param *param = walk_param(walk);
    bool is_path =
        param && param->form == FORM_PATH && lexer_is_path(&walk->lexer, walk->token.range.start);
    switch (walk->token.type) {
    case TOKEN_NEWLINE:
    case TOKEN_SEMICOLON:
    case TOKEN_CLOSE:
    case TOKEN_CLOSE_LIST:
    case TOKEN_CLOSE_BLOCK:
    case TOKEN_OPEN_BLOCK:
        return false;
    case TOKEN_NAME:
        return is_path || (param && (param->form == FORM_WORD || param->form == FORM_ACTOR));
    default:
        return param && (is_path || param->form == FORM_WORD) && walk->token.spaced;
    }
}

bool walk_read(struct walk *walk)
{
    bool follows_at = walk->token.type == TOKEN_AT;
    walk->token = lexer_next(&walk->lexer);
    if (walk->token.type == TOKEN_EOF)
        return false;
    if (follows_at && walk->token.type == TOKEN_NAME && !walk->token.spaced)
        walk->token = actor_token(walk, walk->token);
    else if (is_word_argument(walk))
        walk->token = lexer_word(&walk->lexer, walk->token.range.start);
    return true;
}

static enum role take_operator(struct walk *walk)
{
    struct level *level = walk_level(walk);
    if (str_is(walk_text(walk), "="))
        level->expects = EXPECT_SOURCE;
    else if (level->expects != EXPECT_ARGUMENT)
        level->expects = EXPECT_OPERAND;
    return ROLE_NONE;
}

// Brackets, marks and ends.
static enum role take_mark(struct walk *walk)
{
    struct level *level = walk_level(walk);
    bool behind = level->expects == EXPECT_MORE || level->expects == EXPECT_ARGUMENT;
    switch (walk->token.type) {
    case TOKEN_NEWLINE:
    case TOKEN_SEMICOLON:
        begin_statement(walk, walk->token.type == TOKEN_NEWLINE);
        break;
    case TOKEN_AT:
        level->expects = EXPECT_ACTOR;
        break;
    case TOKEN_OPEN:
        open_level(walk, EXPECT_SOURCE, false);
        break;
    case TOKEN_OPEN_LIST:
        open_level(walk, EXPECT_SOURCE, behind && !walk->token.spaced);
        break;
    case TOKEN_OPEN_BLOCK:
        open_level(walk, EXPECT_STATEMENT, false);
        break;
    case TOKEN_CLOSE:
        close_level(walk, TOKEN_OPEN);
        break;
    case TOKEN_CLOSE_LIST:
        close_level(walk, TOKEN_OPEN_LIST);
        break;
    case TOKEN_CLOSE_BLOCK:
        close_level(walk, TOKEN_OPEN_BLOCK);
        break;
    default: // a comma: another element, or another name
        level->expects = level->opener == TOKEN_OPEN_LIST ? EXPECT_SOURCE : EXPECT_TARGET;
    }
    return ROLE_NONE;
}

// The rest of the line, or a block, is that actor's.
static enum role take_actor(struct walk *walk)
{
    walk_level(walk)->actor = walk_text(walk);
    walk_level(walk)->expects = EXPECT_STATEMENT;
    return ROLE_ACTOR;
}

enum role walk_take(struct walk *walk)
{
    struct level *level = walk_level(walk);
    const struct param *param = walk_param(walk);
    level->lone = (struct range){0};
    switch (walk->token.type) {
    case TOKEN_NAME:
        return take_name(walk);
    case TOKEN_WORD:
        if (level->expects == EXPECT_ACTOR)
            return take_actor(walk);
        value_done(walk);
        return param && param->form == FORM_ACTOR ? ROLE_ACTOR : ROLE_TEXT;
    case TOKEN_CONSTANTS:
    case TOKEN_NUMBER:
    case TOKEN_DURATION:
    case TOKEN_STRING:
    case TOKEN_RAW:
    case TOKEN_ADDRESS:
    case TOKEN_BAD:
        value_done(walk);
        return ROLE_VALUE;
    case TOKEN_OPERATOR:
        return take_operator(walk);
    default:
        return take_mark(walk);
    }
}

struct str walk_text(const struct walk *walk)
{
    return lexer_text(&walk->lexer, walk->token.range);
}

size_t walk_interpolated(const struct walk *walk)
{
    struct str text = walk->lexer.text;
    size_t found = SIZE_MAX;
    if (text.data[walk->token.range.start] != '"')
        return SIZE_MAX;
    for (size_t i = walk->token.range.start + 1; i < text.size; i++) {
        if (text.data[i] == '\\')
            i++;
        else if (text.data[i] == '{')
            found = i + 1;
        else if (text.data[i] == '}')
            found = SIZE_MAX;
    }
    // A { before anything else is a {.
    bool begins = found < text.size && (is_name_start(text.data[found]) || text.data[found] == '(');
    return begins ? found : SIZE_MAX;
}

void walk_begin(struct walk *walk, const struct assist *assist, struct str text, size_t from,
                enum expects expects)
{
    *walk = (struct walk){.assist = assist};
    lexer_init(&walk->lexer, text, from, text.size);
    push(walk, (struct level){.opener = TOKEN_EOF, .expects = expects, .actor = assist->actor});
}

void walk_finish(struct walk *walk)
{
    lexer_finish(&walk->lexer);
    names_finish(&walk->defined);
    names_finish(&walk->set);
    free(walk->levels);
}

// --- the prompt's own forms ----------------------------------------------------------------------

enum own_form walk_own_form(const struct assist *assist, struct str line, struct range *name)
{
    *name = (struct range){line.size, line.size};
    return assist->before.size > 0 ? OWN_NONE : own_form_of(line, name);
}
