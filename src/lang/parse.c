// parse: taking tokens, making nodes, reading arguments, and saying what does not fit.

#include "lang/parse.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/message.h"
#include "lang/literal.h"

// --- tokens ---------------------------------------------------------------------------------------------------------

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
    case TOKEN_OPEN_BLOCK:
    case TOKEN_COMMA:
        return true;
    default:
        return false;
    }
}

bool parse_unexpected(struct parser *parser, const char *wanted)
{
    struct range range = parser->token.range;
    struct str text = parse_text(parser, range);
    if (parse_at(parser, TOKEN_BAD)) {
        *parser->diag = parser->lexer->diag;
        return false;
    }
    if (parse_at(parser, TOKEN_EOF) || parse_at(parser, TOKEN_NEWLINE)) {
        // The place is the end of what was read, not the next line.
        range = (struct range){parser->taken_to, parser->taken_to};
        diag_set(parser->diag, range, _("something is missing here: %s"), wanted);
        parser->diag->incomplete = parser->lexer->brackets > 0;
        return false;
    }
    return diag_set(parser->diag, range, _("\"%.*s\" does not fit here; wanted: %s"), STR_ARG(text), wanted);
}

// --- nodes ----------------------------------------------------------------------------------------------------------

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
    nodes.items = arena_adopt(&parser->program->arena, list->items, list->count, sizeof *list->items);
    *list = (struct collected){0};
    return nodes;
}

bool parse_deepen(struct parser *parser, struct node *node, const struct node *child)
{
    if (child->depth + 1U > node->depth)
        node->depth = (child->depth + 1U) & UINT16_MAX;
    if (node->depth <= DEPTH_MOST)
        return true;
    diag_set(parser->diag, child->range, _("this is nested too deeply, or has too many operators in a row"));
    return diag_hint(parser->diag, "%s", _("take parts of it into variables of their own"));
}

bool parse_enter(struct parser *parser, struct range range)
{
    if (parser->nesting++ < NESTING_MOST)
        return true;
    return diag_set(parser->diag, range, _("brackets, blocks and calls nest at most %d deep"), NESTING_MOST);
}

void parse_leave(struct parser *parser)
{
    parser->nesting--;
}

// --- names ----------------------------------------------------------------------------------------------------------

bool parse_free_name(struct parser *parser, const char *what)
{
    struct range range = parser->token.range;
    struct str name = parse_text(parser, range);
    if (!parse_at(parser, TOKEN_NAME))
        return parse_unexpected(parser, what);
    if (str_is(name, "else") || str_is(name, "catch")) {
        diag_set(parser->diag, range, _("\"%.*s\" stands on the line of the } before it"), STR_ARG(name));
        return diag_hint(parser->diag, "} %.*s {", STR_ARG(name));
    }
    if (is_language_word(name))
        return diag_set(parser->diag, range, _("\"%.*s\" is a word of the language; wanted: %s"),
                        STR_ARG(name), what);
    if (command_find(name)) {
        diag_set(parser->diag, range, _("\"%.*s\" is a command and cannot be %s"), STR_ARG(name), what);
        return diag_hint(parser->diag, "%s", _("choose another name"));
    }
    if (symbol_find(name)) {
        diag_set(parser->diag, range, _("\"%.*s\" is a constant and cannot be %s"), STR_ARG(name), what);
        return diag_hint(parser->diag, "%s", _("choose another name"));
    }
    return true;
}

// --- what does not fit ----------------------------------------------------------------------------------------------

// The rest of the statement's line from `start`, without the blanks at its end.
static struct str rest_of_line(const struct parser *parser, size_t start)
{
    struct str text = str_slice(parser->lexer->text, start, parser->lexer->end);
    size_t end = 0;
    while (end < text.size && strchr("\n;{#)]", text.data[end]) == NULL)
        end++;
    while (end > 0 && isspace((unsigned char)text.data[end - 1]))
        end--;
    return str_slice(text, 0, end);
}

// `len d == 0` -> (len d) == 0        `print x + 1` -> print (x + 1)        `recv s n-1` -> recv s (n-1)
static bool operator_behind_call(struct parser *parser, const struct node *call)
{
    struct str rest = rest_of_line(parser, parser->token.range.start);
    struct nodes args = call->call.args;
    bool gives = call->call.command == NULL || call->call.command->results.count > 0;
    struct str op = parse_text(parser, parser->token.range);
    diag_set(parser->diag, parser->token.range, _("a call takes no operator (%.*s) without parentheses"),
             STR_ARG(op));
    if (args.count > 0 && (!gives || !parser->token.spaced)) {
        size_t last = args.items[args.count - 1]->range.start;
        struct str head = parse_text(parser, (struct range){call->range.start, last});
        struct str tail = parse_text(parser, (struct range){last, parser->token.range.start});
        return diag_hint(parser->diag, _("write %.*s(%.*s%.*s)"), STR_ARG(head), STR_ARG(tail), STR_ARG(rest));
    }
    struct str text = parse_text(parser, (struct range){call->range.start, parser->taken_to});
    return diag_hint(parser->diag, _("write (%.*s) %.*s"), STR_ARG(text), STR_ARG(rest));
}

static bool glued(struct parser *parser)
{
    struct range range = {parser->taken_to, parser->token.range.end};
    diag_set(parser->diag, range, _("arguments are set off by blanks"));
    return diag_hint(parser->diag, "%s", _("as in: send s \"hello\", or f (x + 1)"));
}

bool parse_misplaced(struct parser *parser, const struct node *before)
{
    switch (parser->token.type) {
    case TOKEN_BAD:
        if (parser->lexer->text.data[parser->token.range.start] == '.' && !parser->token.spaced) {
            diag_set(parser->diag, parser->token.range, _("there are no methods: the command comes first"));
            return diag_hint(parser->diag, "%s", _("as in: recv s 1024"));
        }
        return parse_unexpected(parser, "");
    case TOKEN_COMMA:
        diag_set(parser->diag, parser->token.range, _("a comma has no place here"));
        return diag_hint(parser->diag, "%s", _("arguments are set off by blanks"));
    case TOKEN_CLOSE:
    case TOKEN_CLOSE_LIST:
        return diag_set(parser->diag, parser->token.range, _("this %.*s closes nothing"),
                        STR_ARG(parse_text(parser, parser->token.range)));
    case TOKEN_OPEN:
    case TOKEN_OPEN_LIST:
    case TOKEN_STRING:
    case TOKEN_RAW:
        if (!parser->token.spaced)
            return glued(parser);
        break;
    case TOKEN_OPERATOR:
    case TOKEN_NAME:
        if ((before->type == NODE_CALL || before->type == NODE_SPAWN) &&
            (parse_at(parser, TOKEN_OPERATOR) || is_language_word(parse_text(parser, parser->token.range))))
            return operator_behind_call(parser, before);
        break;
    default:
        break;
    }
    return parse_unexpected(parser, _("the end of this statement (a new line or ;)"));
}

// --- arguments ------------------------------------------------------------------------------------------------------

static struct node *word_argument(struct parser *parser)
{
    parser->token = lexer_word(parser->lexer, parser->token.range.start);
    if (!parse_at(parser, TOKEN_WORD))
        return parse_string(parser);
    struct node *node = parse_node(parser, NODE_LITERAL, parser->token.range.start);
    node->literal = value_bytes(parse_text(parser, parser->token.range));
    literal_keep(parser->program, &parser->literal_capacity, node->literal);
    parse_advance(parser);
    return parse_finish(parser, node);
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
    node->actor.may_be_variable = end == name.size;
    uint64_t number;
    if (end < name.size && (name.data[end] != '.' ||
                            !str_to_number(str_slice(name, end + 1, name.size), INT32_MAX, &number))) {
        diag_set(parser->diag, parser->token.range, _("\"%.*s\" is no name of an actor"), STR_ARG(name));
        diag_hint(parser->diag, "%s", _("as in: server, or tcplink.1 for the first that spawn tcplink made"));
        return NULL;
    }
    parse_advance(parser);
    return parse_finish(parser, node);
}

static struct node *variable_argument(struct parser *parser)
{
    if (!parse_free_name(parser, _("the name of a variable")))
        return NULL;
    struct node *node = parse_node(parser, NODE_VARIABLE, parser->token.range.start);
    node->variable.name = parse_text(parser, parser->token.range);
    parse_advance(parser);
    return parse_finish(parser, node);
}

static struct node *argument(struct parser *parser, enum form form)
{
    switch (form) {
    case FORM_WORD:
        return word_argument(parser);
    case FORM_ACTOR:
        return actor_argument(parser);
    case FORM_VARIABLE:
        return variable_argument(parser);
    default:
        return parse_primary(parser);
    }
}

// A sign that is set off before and not behind belongs to a number: f -1. A word's argument may begin with anything.
static bool begins_argument(const struct parser *parser, enum form form)
{
    if (parse_at_end(parser))
        return form == FORM_WORD && parse_at(parser, TOKEN_COMMA);
    if (form == FORM_WORD)
        return parser->token.spaced;
    if (parse_at(parser, TOKEN_OPERATOR)) {
        size_t next = parser->token.range.end;
        struct str text = parser->lexer->text;
        return parse_at_operator(parser, "-") && parser->token.spaced && next < parser->lexer->end &&
               text.data[next] >= '0' && text.data[next] <= '9';
    }
    if (parse_at_word(parser, "and") || parse_at_word(parser, "or") || parse_at_word(parser, "in"))
        return false;
    return parser->token.spaced;
}

static enum form form_of(struct params params, size_t i)
{
    if (params.count > 0 && i >= params.count && params.items[params.count - 1].many)
        i = params.count - 1;
    return i < params.count ? params.items[i].form : FORM_VALUE;
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
    call->call.args = parse_collected(parser, &list);
    call->range.end = parser->taken_to;
    if (good && !parse_at_end(parser))
        return parse_misplaced(parser, call);
    return good;
}
