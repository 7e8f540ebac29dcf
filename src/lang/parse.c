// parse: taking tokens, making nodes, reading arguments, and saying what does not fit.

#include "lang/parse.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/message.h"
#include "config.h"
#include "lang/literal.h"
#include "lang/mend.h"

// --- tokens --------------------------------------------------------------------------------------

void parse_advance(struct parser *parser)
{
    parser->taken_to = parser->token.range.end;
    parser->token = lexer_next(parser->lexer);
}

struct str parse_text(const struct parser *parser, struct range range)
{
    return lexer_text(parser->lexer, range);
}

bool parse_at(const struct parser *parser, enum token_type type)
{
    return parser->token.type == type;
}

bool parse_at_word(const struct parser *parser, const char *word)
{
    return parse_at(parser, TOKEN_NAME) && str_is(parse_text(parser, parser->token.range), word);
}

bool parse_at_operator(const struct parser *parser, const char *op)
{
    return parse_at(parser, TOKEN_OPERATOR) && str_is(parse_text(parser, parser->token.range), op);
}

bool parse_at_end(const struct parser *parser)
{
    switch (parser->token.type) {
    case TOKEN_EOF:
    case TOKEN_NEWLINE:
    case TOKEN_SEMICOLON:
    case TOKEN_CLOSE:
    case TOKEN_CLOSE_LIST:
    case TOKEN_CLOSE_BLOCK:
    // Of a condition, or of the source of a `for`.
    case TOKEN_OPEN_BLOCK:
    case TOKEN_COMMA:
        return true;
    default:
        return false;
    }
}

size_t parse_open(struct parser *parser)
{
    size_t outer = parser->bracket;
    parser->bracket = parser->token.range.start;
    parser->lexer->brackets++;
    parse_advance(parser);
    return outer;
}

void parse_shut(struct parser *parser, size_t outer)
{
    parser->lexer->brackets--;
    parser->bracket = outer;
}

// --- what is not there ---------------------------------------------------------------------------

// Reports the innermost one that is open. Returns true: it was reported.
static bool bracket_not_closed(struct parser *parser)
{
    struct range range = {parser->bracket, parser->bracket + 1};
    diag_set(parser->diag, range, _("this %.*s is not closed"), STR_ARG(parse_text(parser, range)));
    return true;
}

// Whether only blanks stand before the next token on its line.
static bool begins_line(const struct parser *parser)
{
    size_t i = parser->token.range.start;
    const char *text = parser->lexer->text.data;
    while (i > 0 && (text[i - 1] == ' ' || text[i - 1] == '\t'))
        i--;
    return i == 0 || text[i - 1] == '\n';
}

// NAME = …, where NAME is the next token.
static bool is_assigned(const struct parser *parser)
{
    struct str rest = str_slice(parser->lexer->text, parser->token.range.end, parser->lexer->end);
    size_t i = 0;
    while (i < rest.size && rest.data[i] == ' ')
        i++;
    return i + 1 < rest.size && rest.data[i] == '=' && rest.data[i + 1] != '=';
}

bool parse_forgotten_bracket(struct parser *parser)
{
    if (parser->bracket == SIZE_MAX || !parse_at(parser, TOKEN_NAME) || !begins_line(parser))
        return false;
    struct str name = parse_text(parser, parser->token.range);
    return (parse_is_callable(parser, name) || is_language_word(name) || is_assigned(parser)) &&
           bracket_not_closed(parser);
}

bool parse_stray_colon(struct parser *parser)
{
    struct str text = parse_text(parser, parser->token.range);
    if (!parse_at(parser, TOKEN_ADDRESS) || text.data[text.size - 1] != ':' ||
        str_is(text, "unix:") || str_find(text, STR("."), 0) != SIZE_MAX)
        return false;
    diag_set(parser->diag, (struct range){parser->token.range.end - 1, parser->token.range.end},
             _("\":\" stands between the host and the port of an address"));
    diag_hint(parser->diag, "%s", _("a block begins with {; an address is written localhost:80"));
    return true;
}

// Reports that `wanted` is not there.
static void something_missing(struct parser *parser, const char *wanted)
{
    // The place is the end of what was read, not the next line.
    struct range range = {parser->taken_to, parser->taken_to};
    diag_set(parser->diag, range, _("something is missing here: %s"), wanted);
}

bool parse_unexpected(struct parser *parser, const char *wanted)
{
    struct str text = parse_text(parser, parser->token.range);
    if (parse_at(parser, TOKEN_BAD)) {
        // The lexer knew what is wrong; the parser, that it matters.
        *parser->diag = parser->lexer->diag;
    } else if (parse_at(parser, TOKEN_EOF) && parser->bracket != SIZE_MAX) {
        bracket_not_closed(parser);
        parser->diag->incomplete = true;
    } else if (parse_at(parser, TOKEN_EOF) || parse_at(parser, TOKEN_NEWLINE)) {
        something_missing(parser, wanted);
    } else if (parse_at(parser, TOKEN_STRING) || parse_at(parser, TOKEN_RAW)) {
        diag_set(parser->diag, parser->token.range, _("this string does not fit here; wanted: %s"),
                 wanted);
    } else if (!parse_forgotten_bracket(parser) && !parse_stray_colon(parser)) {
        const char *hint = parse_at(parser, TOKEN_NAME) ? mend_habit(text) : NULL;
        diag_set(parser->diag, parser->token.range, _("\"%.*s\" does not fit here; wanted: %s"),
                 STR_ARG(text), wanted);
        if (hint != NULL)
            diag_hint(parser->diag, "%s", hint);
    }
    return false;
}

// --- nodes ---------------------------------------------------------------------------------------

struct node *parse_node(struct parser *parser, enum node_type type, size_t start)
{
    struct node *node = arena_zero(&parser->program->arena, sizeof *node);
    node->type = type;
    node->range = (struct range){start, start};
    return node;
}

struct node *parse_finish(struct parser *parser, struct node *node)
{
    node->range.end = parser->taken_to;
    return node;
}

void parse_collect(struct collected *list, struct node *node)
{
    list->items = mem_grow(list->items, list->count, &list->capacity, sizeof node);
    list->items[list->count++] = node;
}

struct nodes parse_collected(struct parser *parser, struct collected *list)
{
    struct nodes nodes = {.count = list->count};
    nodes.items =
        arena_adopt(&parser->program->arena, list->items, list->count, sizeof *list->items);
    *list = (struct collected){0};
    return nodes;
}

bool parse_deepen(struct parser *parser, struct node *node, const struct node *child)
{
    if (child->depth + 1U > node->depth)
        node->depth = (child->depth + 1U) & UINT16_MAX;
    if (node->depth <= DEPTH_MOST)
        return true;
    // Where it became too much, not where it began.
    struct range end = {child->range.end - 1, child->range.end};
    diag_set(parser->diag, end, _("this is nested too deeply, or has too many operators in a row"));
    return diag_hint(parser->diag, "%s", _("take parts of it into variables of their own"));
}

bool parse_enter(struct parser *parser, struct range range)
{
    if (parser->nesting++ < NESTING_MOST)
        return true;
    return diag_set(parser->diag, range, _("brackets, blocks and calls nest at most %d deep"),
                    NESTING_MOST);
}

void parse_leave(struct parser *parser)
{
    parser->nesting--;
}

// --- names ---------------------------------------------------------------------------------------

bool parse_free_name(struct parser *parser, const char *what)
{
    struct range range = parser->token.range;
    struct str name = parse_text(parser, range);
    if (!parse_at(parser, TOKEN_NAME))
        return parse_unexpected(parser, what);
    // On a line of its own: the most frequent slip of who knows C.
    if (str_is(name, "else") || str_is(name, "catch")) {
        diag_set(parser->diag, range, _("\"%.*s\" stands on the line of the } before it"),
                 STR_ARG(name));
        return diag_hint(parser->diag, str_is(name, "else") ? "} else {" : "} catch e {");
    }
    if (is_language_word(name))
        return diag_set(parser->diag, range,
                        _("\"%.*s\" is a word of the language and cannot be %s"), STR_ARG(name),
                        what);
    if (command_find(name)) {
        diag_set(parser->diag, range, _("\"%.*s\" is a command and cannot be %s"), STR_ARG(name),
                 what);
        // The version, for a script that was written before the command was there.
        return diag_hint(parser->diag, _("choose another name; socksh %s has a command %.*s"),
                         VERSION, STR_ARG(name));
    }
    if (symbol_find(name)) {
        diag_set(parser->diag, range, _("\"%.*s\" is a constant and cannot be %s"), STR_ARG(name),
                 what);
        return diag_hint(parser->diag, "%s", _("choose another name"));
    }
    return true;
}

// A name that means a function already can be no variable: NAME alone would be either.
static bool refuse_function(struct parser *parser, const char *what)
{
    struct str name = parse_text(parser, parser->token.range);
    if (names_find(parser->functions, name) == NAME_MISSING)
        return true;
    diag_set(parser->diag, parser->token.range, _("\"%.*s\" is a function and cannot be %s"),
             STR_ARG(name), what);
    return diag_hint(parser->diag, "%s", _("choose another name"));
}

struct node *parse_variable(struct parser *parser)
{
    const char *what = _("the name of a variable");
    if (!parse_free_name(parser, what) || !refuse_function(parser, what))
        return NULL;
    struct node *node = parse_node(parser, NODE_VARIABLE, parser->token.range.start);
    node->variable.name = parse_text(parser, parser->token.range);
    parse_advance(parser);
    return parse_finish(parser, node);
}

// --- arguments -----------------------------------------------------------------------------------

// Up to the next blank, as in a shell; a string where blanks are to belong to it.
static struct node *word_argument(struct parser *parser)
{
    parser->token = lexer_word(parser->lexer, parser->token.range.start);
    if (parse_at(parser, TOKEN_BAD))
        parse_unexpected(parser, "");
    if (!parse_at(parser, TOKEN_WORD))
        return parse_at(parser, TOKEN_BAD) ? NULL : parse_string(parser);
    struct node *node = parse_node(parser, NODE_LITERAL, parser->token.range.start);
    node->literal = value_bytes(parse_text(parser, parser->token.range));
    literal_keep(parser->program, &parser->literal_capacity, node->literal);
    parse_advance(parser);
    return parse_finish(parser, node);
}

bool parse_no_actor(struct parser *parser, struct range range)
{
    diag_set(parser->diag, range, _("\"%.*s\" is no name of an actor"),
             STR_ARG(parse_text(parser, range)));
    return diag_hint(parser->diag, "%s",
                     _("as in: server, or tcplink.1 for the first that spawn tcplink made"));
}

// NAME or NAME.NUMBER as an actor; anything else is a value.
static struct node *actor_argument(struct parser *parser)
{
    if (!parse_at(parser, TOKEN_NAME))
        return parse_primary(parser);
    struct node *node = parse_node(parser, NODE_ACTOR, parser->token.range.start);
    parser->token = lexer_word(parser->lexer, parser->token.range.start);
    node->actor.name = parse_text(parser, parser->token.range);
    struct str name = node->actor.name;
    size_t end = 0;
    while (end < name.size && is_name_part(name.data[end]))
        end++;
    // A name with a number is no name of a variable.
    node->actor.may_be_variable = end == name.size;
    uint64_t number;
    if (end < name.size &&
        (name.data[end] != '.' ||
         !str_to_number(str_slice(name, end + 1, name.size), INT32_MAX, &number))) {
        parse_no_actor(parser, parser->token.range);
        return NULL;
    }
    parse_advance(parser);
    return parse_finish(parser, node);
}

// By its parameter's form: the lexer does not know what a word stands for.
static struct node *argument(struct parser *parser, enum form form)
{
    switch (form) {
    case FORM_WORD:
        return word_argument(parser);
    case FORM_PATH:
        return lexer_is_path(parser->lexer, parser->token.range.start) ? word_argument(parser)
                                                                       : parse_primary(parser);
    case FORM_ACTOR:
        return actor_argument(parser);
    case FORM_VARIABLE:
        return parse_variable(parser);
    default:
        return parse_primary(parser);
    }
}

// A sign that is set off before and not behind belongs to a number: f -1. A word's argument may
// begin with anything.
static bool begins_argument(const struct parser *parser, enum form form)
{
    if (parse_at_end(parser))
        return form == FORM_WORD && parse_at(parser, TOKEN_COMMA);
    if (form == FORM_WORD ||
        (form == FORM_PATH && lexer_is_path(parser->lexer, parser->token.range.start)))
        return parser->token.spaced;
    if (parse_at(parser, TOKEN_OPERATOR)) {
        size_t next = parser->token.range.end;
        struct str text = parser->lexer->text;
        return parse_at_operator(parser, "-") && parser->token.spaced &&
               next < parser->lexer->end && text.data[next] >= '0' && text.data[next] <= '9';
    }
    if (parse_at_word(parser, "and") || parse_at_word(parser, "or") || parse_at_word(parser, "in"))
        return false;
    return parser->token.spaced;
}

// What is too much is read like the last one, so that the checker can say that it is too much.
static enum form form_of(struct params params, size_t i)
{
    if (params.count == 0)
        return FORM_VALUE;
    return params.items[i < params.count ? i : params.count - 1].form;
}

bool parse_arguments(struct parser *parser, struct node *call, struct params params)
{
    struct collected list = {0};
    bool good = true;
    while (good && begins_argument(parser, form_of(params, list.count))) {
        struct node *node = argument(parser, form_of(params, list.count));
        good = node != NULL && parse_deepen(parser, call, node);
        if (good)
            parse_collect(&list, node);
    }
    // Also after a mistake, so that the list's memory is the arena's.
    call->call.args = parse_collected(parser, &list);
    call->range.end = parser->taken_to;
    if (good && !parse_at_end(parser))
        return parse_misplaced(parser, call);
    return good;
}
