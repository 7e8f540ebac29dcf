// assist_hint: what is still to come behind a line: the parameters of its innermost unfinished
// call.

#include "actor/variables.h"
#include "commands/help.h"
#include "lang/parser.h"
#include "ui/assist_walk.h"

enum { REST_LEAST = 2 }; // letters of a name before the rest of it is offered

// The names that begin with a word.
struct beginning {
    struct str word, found; // found: the only one so far
    size_t count;
};

static void offer(struct beginning *beginning, struct str name)
{
    if (!str_starts(name, beginning->word))
        return;
    beginning->found = name;
    beginning->count++;
}

static void offer_variable(const struct actor *actor, const struct variable *variable,
                           void *context)
{
    (void)actor;
    offer(context, variable->name);
}

// The command, function or word of the language that alone begins with `word`, where no variable
// does.
static bool find_only(const struct walk *walk, struct beginning *beginning)
{
    struct session *session = walk->assist->session;
    size_t count;
    const struct command *const *rows = command_rows(&count);
    variables_each(session, walk_level(walk)->actor, offer_variable, beginning);
    if (beginning->count > 0 || beginning->word.size < REST_LEAST)
        return false;
    for (size_t i = 0; i < count; i++)
        offer(beginning, str_from(rows[i]->name));
    for (size_t i = 0; language_words[i]; i++)
        offer(beginning, str_from(language_words[i]));
    pthread_mutex_lock(&session->world.lock);
    const struct names *functions = &session->world.function_names;
    // A name that several definitions had stands here once, and lasts as long as the world.
    for (uint32_t i = 0; i < functions->count; i++)
        offer(beginning, functions->items[i]);
    pthread_mutex_unlock(&session->world.lock);
    return beginning->count == 1;
}

// Parameters from `from` on; in place of the value of a known option, how it is written.
static void show_params(const struct level *level, size_t from, struct buffer *to)
{
    struct params params = level->params;
    const struct option *option = level->option ? option_of(level->option) : NULL;
    if (params.count > 0 && from >= params.count && params.items[params.count - 1].many)
        from = params.count - 1;
    if (option == NULL || from >= params.count || params.items[from].form != FORM_OPTION_VALUE) {
        usage_show_params(params, from, to);
        return;
    }
    buffer_print(to, " %s", help_option_value(option));
    if (option->type == OPTION_CONSTANT)
        buffer_print(to, " (%s)", help_prefixes(option->values));
}

// A name is being typed where a call may begin. False when there is nothing to say.
static void hint_name(struct walk *walk, struct buffer *to)
{
    struct beginning beginning = {.word = walk_text(walk)};
    struct params params;
    const struct command *command;
    struct str name = beginning.word;
    if (!walk_callable(walk, name, &command, &params)) {
        if (!find_only(walk, &beginning))
            return;
        name = beginning.found;
        buffer_add(to, str_slice(name, beginning.word.size, name.size));
    }
    if (walk_callable(walk, name, &command, &params))
        usage_show_params(params, 0, to);
}

// Whether the token at hand is the last, and still being typed.
static bool is_last(const struct walk *walk)
{
    return walk->token.range.end == walk->lexer.end;
}

// Walks to the end. False when a hint was given on the way, or there is to be none.
static bool walk_to_end(struct walk *walk, struct buffer *to)
{
    size_t taken_to = 0;
    for (; walk_read(walk); taken_to = walk->token.range.end) {
        enum expects expects = walk_level(walk)->expects;
        bool begins = expects == EXPECT_STATEMENT || expects == EXPECT_SOURCE;
        if (is_last(walk) && begins && walk->token.type == TOKEN_NAME) {
            hint_name(walk, to);
            return false;
        }
        if (is_last(walk) && (walk->token.type == TOKEN_BAD || walk->token.type == TOKEN_OPERATOR))
            return false;
        walk_take(walk);
    }
    return str_find(walk->lexer.text, STR("#"), taken_to) == SIZE_MAX; // no comment follows
}

void assist_hint(const struct assist *assist, struct str line, struct buffer *to)
{
    struct buffer text = {0}, hint = {0};
    struct range name;
    if (assist->ghost.size > 0 && str_starts(assist->ghost, line)) {
        buffer_add(to, str_slice(assist->ghost, line.size, assist->ghost.size));
        return;
    }
    struct walk walk;
    buffer_add(&text, assist->before);
    buffer_add(&text, line);
    walk_begin(&walk, assist, buffer_str(&text), 0, EXPECT_STATEMENT);
    if (walk_own_form(assist, line, &name) == OWN_NONE && walk_to_end(&walk, &hint)) {
        const struct level *level = walk_level(&walk);
        if (level->expects == EXPECT_ARGUMENT)
            show_params(level, level->argument, &hint);
    }
    // A blank is there already.
    struct str shown = buffer_str(&hint);
    if (line.size > 0 && char_is_one_of(line.data[line.size - 1], " \t"))
        shown = str_trim(shown, " ");
    buffer_add(to, shown);
    walk_finish(&walk);
    buffer_finish(&hint);
    buffer_finish(&text);
}
