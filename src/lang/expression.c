// expression: the half of the parser that reads values, operators and calls.

#include <stdlib.h>
#include <string.h>

#include "base/message.h"
#include "base/nearest.h"
#include "lang/literal.h"
#include "lang/mend.h"
#include "lang/parse.h"

// --- operators -----------------------------------------------------------------------------------

// Binary operators by level, loosest first. `and`, `or` and `not` have rules of their own above
// these.
enum { LEVEL_COMPARE, LEVEL_BIT_OR, LEVEL_BIT_AND, LEVEL_SUM, LEVEL_PRODUCT, LEVELS };

static const struct {
    const char *text;
    enum operator_type op;
    int level;
} operators[] = {
    {"==", OP_EQUAL, LEVEL_COMPARE},  {"!=", OP_UNEQUAL, LEVEL_COMPARE},
    {"<", OP_LESS, LEVEL_COMPARE},    {"<=", OP_LESS_EQUAL, LEVEL_COMPARE},
    {">", OP_GREATER, LEVEL_COMPARE}, {">=", OP_GREATER_EQUAL, LEVEL_COMPARE},
    {"in", OP_IN, LEVEL_COMPARE},     {"|", OP_BIT_OR, LEVEL_BIT_OR},
    {"&", OP_BIT_AND, LEVEL_BIT_AND}, {"+", OP_ADD, LEVEL_SUM},
    {"-", OP_SUBTRACT, LEVEL_SUM},    {"*", OP_MULTIPLY, LEVEL_PRODUCT},
    {"/", OP_DIVIDE, LEVEL_PRODUCT},  {"%", OP_REMAINDER, LEVEL_PRODUCT},
};

// The operator the next token is, if it is one of that level.
static bool at_operator(const struct parser *parser, int level, enum operator_type *op)
{
    if (!parse_at(parser, TOKEN_OPERATOR) && !parse_at_word(parser, "in"))
        return false;
    struct str text = parse_text(parser, parser->token.range);
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
        if (operators[i].level == level && str_is(text, operators[i].text)) {
            *op = operators[i].op;
            return true;
        }
    }
    return false;
}

// A node over both; NULL with the diag set when it is too deep.
static struct node *binary_node(struct parser *parser, enum node_type type, struct node *left,
                                struct node *right)
{
    struct node *node = parse_node(parser, type, left->range.start);
    node->binary.left = left;
    node->binary.right = right;
    parse_finish(parser, node);
    return parse_deepen(parser, node, left) && parse_deepen(parser, node, right) ? node : NULL;
}

static struct node *unary(struct parser *parser);

// level = level + 1 { operator level + 1 }, from the left; comparisons do not chain.
static struct node *binary(struct parser *parser, int level)
{
    if (level == LEVELS)
        return unary(parser);
    struct node *left = binary(parser, level + 1);
    enum operator_type op;
    for (unsigned count = 0; left != NULL && at_operator(parser, level, &op); count++) {
        // a < b < c means another thing in C than in Python: neither is guessed.
        if (level == LEVEL_COMPARE && count > 0) {
            diag_set(parser->diag, parser->token.range, _("comparisons do not chain"));
            diag_hint(parser->diag, "%s", _("write a < b and b < c"));
            return NULL;
        }
        parse_advance(parser);
        struct node *right = binary(parser, level + 1);
        left = right ? binary_node(parser, NODE_BINARY, left, right) : NULL;
        if (left != NULL)
            left->binary.op = op;
    }
    return left;
}

// unary = "-" unary | primary
static struct node *unary(struct parser *parser)
{
    if (!parse_at_operator(parser, "-"))
        return parse_primary(parser);
    size_t start = parser->token.range.start;
    // A digit right behind the sign: a number with its sign, which fits where the sign alone would
    // not (the smallest int).
    if (parser->lexer->at < parser->lexer->end &&
        parser->lexer->text.data[parser->lexer->at] >= '0' &&
        parser->lexer->text.data[parser->lexer->at] <= '9')
        return parse_primary(parser);
    if (!parse_enter(parser, parser->token.range))
        return NULL;
    parse_advance(parser);
    struct node *value = unary(parser);
    parse_leave(parser);
    if (value == NULL)
        return NULL;
    struct node *node = parse_node(parser, NODE_MINUS, start);
    node->binary.right = value;
    return parse_deepen(parser, node, value) ? parse_finish(parser, node) : NULL;
}

// not = "not" not | comparison
static struct node *negation(struct parser *parser)
{
    if (!parse_at_word(parser, "not"))
        return binary(parser, LEVEL_COMPARE);
    size_t start = parser->token.range.start;
    if (!parse_enter(parser, parser->token.range))
        return NULL;
    parse_advance(parser);
    struct node *value = negation(parser);
    parse_leave(parser);
    if (value == NULL)
        return NULL;
    struct node *node = parse_node(parser, NODE_NOT, start);
    node->binary.right = value;
    return parse_deepen(parser, node, value) ? parse_finish(parser, node) : NULL;
}

// and = not { "and" not }
static struct node *conjunction(struct parser *parser)
{
    struct node *left = negation(parser);
    while (left != NULL && parse_at_word(parser, "and")) {
        parse_advance(parser);
        struct node *right = negation(parser);
        left = right ? binary_node(parser, NODE_AND, left, right) : NULL;
    }
    return left;
}

// expression = and { "or" and }
static struct node *expression(struct parser *parser)
{
    struct node *left = conjunction(parser);
    while (left != NULL && parse_at_word(parser, "or")) {
        parse_advance(parser);
        struct node *right = conjunction(parser);
        left = right ? binary_node(parser, NODE_OR, left, right) : NULL;
    }
    return left;
}

// --- primaries -----------------------------------------------------------------------------------

// A literal of the next token, which is taken.
static struct node *literal_node(struct parser *parser, struct value value)
{
    struct node *node = parse_node(parser, NODE_LITERAL, parser->token.range.start);
    node->literal = value;
    parse_advance(parser);
    return parse_finish(parser, node);
}

// `range` is that of the token, with a sign before it where there is one.
static struct node *number(struct parser *parser, struct range range)
{
    struct value value;
    struct str text = parse_text(parser, range);
    bool good = parse_at(parser, TOKEN_DURATION)
                    ? literal_duration(text, range, &value, parser->diag)
                    : literal_int(text, range, &value, parser->diag);
    if (!good)
        return NULL;
    struct node *node = literal_node(parser, value);
    node->range.start = range.start;
    return node;
}

// -5 as an argument: one token behind another, and one value.
static struct node *negative(struct parser *parser)
{
    size_t start = parser->token.range.start;
    parse_advance(parser);
    if (!parse_at(parser, TOKEN_NUMBER) && !parse_at(parser, TOKEN_DURATION)) {
        parse_unexpected(parser, _("a number"));
        return NULL;
    }
    return number(parser, (struct range){start, parser->token.range.end});
}

// ADDRESS, read at once, so that what is wrong with it is told at its place.
static struct node *address(struct parser *parser)
{
    struct address read = {0};
    struct diag diag = {0};
    struct range range = parser->token.range;
    if (parse_stray_colon(parser))
        return NULL;
    if (!address_parse(parse_text(parser, range), &read, &diag)) {
        *parser->diag = diag;
        // Its range counts from the address, not from the text.
        parser->diag->range.start += range.start;
        parser->diag->range.end += range.start;
        return NULL;
    }
    struct value value = value_address(&read);
    literal_keep(parser->program, &parser->literal_capacity, value);
    return literal_node(parser, value);
}

// MSG_PEEK|MSG_DONTWAIT
static struct node *constants(struct parser *parser)
{
    struct value value;
    struct range range = parser->token.range;
    if (!literal_constants(parse_text(parser, range), range, &value, parser->diag))
        return NULL;
    return literal_node(parser, value);
}

// Behind an element of a list: the comma before the next one, or the end. False after a mistake.
static bool list_goes_on(struct parser *parser)
{
    if (!parse_at(parser, TOKEN_COMMA))
        return parse_unexpected(parser, _("a , or the ] of this list"));
    struct range comma = parser->token.range;
    parse_advance(parser);
    if (!parse_at(parser, TOKEN_CLOSE_LIST))
        return true;
    return diag_set(parser->diag, comma, _("a list has no comma behind its last element"));
}

// "[" [ source { "," source } ] "]"
static struct node *list(struct parser *parser)
{
    struct node *node = parse_node(parser, NODE_LIST, parser->token.range.start);
    struct collected items = {0};
    bool good = true;
    size_t outer = parse_open(parser);
    while (good && !parse_at(parser, TOKEN_CLOSE_LIST)) {
        good = items.count == 0 || list_goes_on(parser);
        struct node *item = good ? parse_source(parser) : NULL;
        good = item != NULL && parse_deepen(parser, node, item);
        if (good)
            parse_collect(&items, item);
    }
    node->list = parse_collected(parser, &items);
    parse_shut(parser, outer);
    if (!good)
        return NULL;
    parse_advance(parser);
    return parse_finish(parser, node);
}

// What stands before the ) is no whole source, or more than one. ("127.0.0.1", 9999) is how Python
// writes an address.
static void wrong_parenthesis(struct parser *parser, const struct node *inner)
{
    bool is_call = inner->type == NODE_CALL || inner->type == NODE_SPAWN;
    if (!parse_at(parser, TOKEN_COMMA)) {
        parse_unexpected(parser, _("the ) that closes this ("));
    } else if (is_call) {
        parse_misplaced(parser, inner);
    } else {
        diag_set(parser->diag, parser->token.range, _("( ) holds one value"));
        diag_hint(parser->diag, "%s", _("an address is written 127.0.0.1:9999, a list [a, b]"));
    }
}

// "(" source ")": the brackets leave nothing behind but a range.
static struct node *parenthesis(struct parser *parser)
{
    size_t start = parser->token.range.start;
    size_t outer = parse_open(parser);
    struct node *inner = parse_source(parser);
    if (inner != NULL && !parse_at(parser, TOKEN_CLOSE)) {
        wrong_parenthesis(parser, inner);
        inner = NULL;
    }
    parse_shut(parser, outer);
    if (inner == NULL)
        return NULL;
    parse_advance(parser);
    // So that messages underline the brackets with it.
    inner->range = (struct range){start, parser->taken_to};
    return inner;
}

// What stands behind that octet.
static struct str text_from(const struct parser *parser, size_t start)
{
    return str_slice(parser->lexer->text, start, parser->lexer->end);
}

// A command among values, as in `print len x`.
static bool refuse_callable(struct parser *parser, struct str name)
{
    if (!parse_is_callable(parser, name))
        return true;
    if (parse_forgotten_bracket(parser))
        return false;
    if (command_find(name))
        diag_set(parser->diag, parser->token.range,
                 _("\"%.*s\" is a command: a call among values stands in ( )"), STR_ARG(name));
    else
        diag_set(parser->diag, parser->token.range,
                 _("\"%.*s\" is a function: a call among values stands in ( )"), STR_ARG(name));
    diag_hint(parser->diag, _("write (%.*s …)"), STR_ARG(name));
    return diag_offer(parser->diag, "(%.*s)",
                      STR_ARG(mend_statement(text_from(parser, parser->token.range.start))));
}

// `print not x`: an operator among arguments.
static bool refuse_not(struct parser *parser, struct str name)
{
    if (!str_is(name, "not"))
        return true;
    diag_set(parser->diag, parser->token.range, _("an argument with an operator stands in ( )"));
    return diag_hint(parser->diag, "%s", _("write (not …)"));
}

// NAME among values: a constant, `true`, `false`, `none`, or a variable.
static struct node *named(struct parser *parser)
{
    struct str text = parse_text(parser, parser->token.range);
    const struct symbol *symbol = symbol_find(text);
    if (str_is(text, "true") || str_is(text, "false"))
        return literal_node(parser, value_bool(str_is(text, "true")));
    if (str_is(text, "none"))
        return literal_node(parser, VALUE_NONE);
    if (symbol != NULL)
        return literal_node(parser, value_symbol(symbol));
    if (!refuse_callable(parser, text) || !refuse_not(parser, text) ||
        parse_forgotten_bracket(parser) || !parse_free_name(parser, _("a value")))
        return NULL;
    struct node *node = parse_node(parser, NODE_VARIABLE, parser->token.range.start);
    node->variable.name = text;
    parse_advance(parser);
    return parse_finish(parser, node);
}

// A primary without the indexes behind it.
static struct node *primary_alone(struct parser *parser)
{
    switch (parser->token.type) {
    case TOKEN_STRING:
    case TOKEN_RAW:
        return parse_string(parser);
    case TOKEN_NUMBER:
    case TOKEN_DURATION:
        return number(parser, parser->token.range);
    case TOKEN_ADDRESS:
        return address(parser);
    case TOKEN_CONSTANTS:
        return constants(parser);
    case TOKEN_NAME:
        return named(parser);
    case TOKEN_OPEN:
        return parenthesis(parser);
    case TOKEN_OPEN_LIST:
        return list(parser);
    case TOKEN_AT:
        diag_set(parser->diag, parser->token.range, _("an @ stands where a statement begins"));
        diag_hint(parser->diag, "%s",
                  _("a value stays with the actor that takes it: @server x = accept l"));
        return NULL;
    default:
        if (parse_at_operator(parser, "-"))
            return negative(parser);
        parse_unexpected(parser, _("a value"));
        return NULL;
    }
}

// The "[" expression "]" behind `base`.
static struct node *indexed(struct parser *parser, struct node *base)
{
    struct node *index = parse_node(parser, NODE_INDEX, base->range.start);
    size_t outer = parse_open(parser);
    index->index.base = base;
    if (parse_at(parser, TOKEN_ADDRESS)) { // x[0:2]
        diag_set(parser->diag, parser->token.range, _("an index is one int"));
        diag_hint(parser->diag, "%s", _("a part is taken with slice: (slice x 0 2)"));
    } else {
        index->index.at = expression(parser);
    }
    bool good =
        index->index.at != NULL && parse_deepen(parser, index, base) &&
        parse_deepen(parser, index, index->index.at) &&
        (parse_at(parser, TOKEN_CLOSE_LIST) || parse_unexpected(parser, _("the ] of this index")));
    parse_shut(parser, outer);
    if (!good)
        return NULL;
    parse_advance(parser);
    return parse_finish(parser, index);
}

// primary = … | primary "[" expression "]"
struct node *parse_primary(struct parser *parser)
{
    if (!parse_enter(parser, parser->token.range))
        return NULL;
    struct node *node = primary_alone(parser);
    while (node != NULL && parse_at(parser, TOKEN_OPEN_LIST) && !parser->token.spaced)
        node = indexed(parser, node);
    parse_leave(parser);
    return node;
}

// --- calls ---------------------------------------------------------------------------------------

bool parse_is_callable(const struct parser *parser, struct str name)
{
    return command_find(name) != NULL || names_find(parser->functions, name) != NAME_MISSING;
}

struct node *parse_call(struct parser *parser)
{
    struct node *call = parse_node(parser, NODE_CALL, parser->token.range.start);
    struct params any = {0};
    call->call.name = parse_text(parser, parser->token.range);
    call->call.name_range = parser->token.range;
    call->call.command = command_find(call->call.name);
    parse_advance(parser);
    if (!parse_arguments(parser, call, call->call.command ? call->call.command->params : any))
        return NULL;
    return parse_finish(parser, call);
}

// spawn = "spawn" NAME { argument }
static struct node *spawn(struct parser *parser)
{
    struct node *spawn = parse_node(parser, NODE_SPAWN, parser->token.range.start);
    struct params any = {0};
    parse_advance(parser);
    if (!parse_at(parser, TOKEN_NAME)) {
        parse_unexpected(parser, _("the name of a function, as in: spawn serve client"));
        return NULL;
    }
    spawn->call.name = parse_text(parser, parser->token.range);
    spawn->call.name_range = parser->token.range;
    if (command_find(spawn->call.name)) {
        diag_set(parser->diag, parser->token.range,
                 _("\"%.*s\" is a command; spawn runs a function"), STR_ARG(spawn->call.name));
        diag_hint(parser->diag, "%s",
                  _("put the command into a function: def f { … }, then spawn f"));
        return NULL;
    }
    parse_advance(parser);
    return parse_arguments(parser, spawn, any) ? parse_finish(parser, spawn) : NULL;
}

// Whether the next token would begin an argument: then the name before it was meant as a command,
// as in foo(1) too.
static bool at_argument(const struct parser *parser)
{
    if (!parser->token.spaced)
        return parse_at(parser, TOKEN_OPEN);
    switch (parser->token.type) {
    case TOKEN_NAME:
        return !parse_at_word(parser, "and") && !parse_at_word(parser, "or") &&
               !parse_at_word(parser, "in");
    case TOKEN_CONSTANTS:
    case TOKEN_NUMBER:
    case TOKEN_DURATION:
    case TOKEN_STRING:
    case TOKEN_RAW:
    case TOKEN_ADDRESS:
    case TOKEN_OPEN:
    case TOKEN_OPEN_LIST:
        return true;
    default:
        return false;
    }
}

// The command, function or word that a statement may begin with that is nearest to `name`.
static struct str nearest_command(const struct parser *parser, struct str name)
{
    struct nearest nearest = nearest_begin(name);
    size_t count;
    const struct command *const *rows = command_rows(&count);
    for (uint32_t i = 0; i < parser->functions->count; i++)
        nearest_offer(&nearest, parser->functions->items[i]);
    for (size_t i = 0; i < count; i++)
        nearest_offer(&nearest, str_from(rows[i]->name));
    for (size_t i = 0; statement_words[i]; i++)
        nearest_offer(&nearest, str_from(statement_words[i]));
    return nearest.best;
}

// A name that nothing is known of, with arguments: said as of a command.
// Whether a statement begins at that octet.
static bool begins_statement(const struct parser *parser, size_t start)
{
    const char *text = parser->lexer->text.data;
    while (start > 0 && char_is_one_of(text[start - 1], " \t"))
        start--;
    return start == 0 || char_is_one_of(text[start - 1], "\n;{");
}

// Whether a call begins there whose values two names take.
static bool gives_two(struct str source)
{
    size_t end = 0;
    source = str_trim(source, " \t");
    while (end < source.size && is_name_part(source.data[end]))
        end++;
    const struct command *command = command_find(str_slice(source, 0, end));
    return command != NULL && command->results.count == 2;
}

// A sign that was forgotten behind or before a name: conn peer = accept l, server accept l.
static void offer_sign(struct parser *parser, const struct node *name)
{
    struct str text = name->variable.name;
    struct str rest = mend_statement(text_from(parser, parser->token.range.start));
    struct str word = parse_text(parser, parser->token.range);
    struct str behind = str_trim(str_slice(rest, word.size, rest.size), " \t");
    if (!parse_at(parser, TOKEN_NAME))
        return;
    bool assigns = str_starts(behind, STR("=")) || str_starts(behind, STR(","));
    if (str_starts(behind, STR("=")) && gives_two(str_slice(behind, 1, behind.size)))
        diag_offer(parser->diag, "%.*s, %.*s", STR_ARG(text), STR_ARG(rest));
    else if ((assigns || parse_is_callable(parser, word)) &&
             begins_statement(parser, name->range.start))
        diag_offer(parser->diag, "@%.*s %.*s", STR_ARG(text), STR_ARG(rest));
}

static void unknown_command(struct parser *parser, const struct node *name)
{
    struct str text = name->variable.name, nearest = nearest_command(parser, text);
    const char *habit = mend_habit(text);
    diag_set(parser->diag, name->range, _("there is no command \"%.*s\""), STR_ARG(text));
    if (habit != NULL)
        diag_hint(parser->diag, "%s", habit);
    else if (nearest.size)
        diag_hint(parser->diag, _("did you mean \"%.*s\"?"), STR_ARG(nearest));
    else if (parse_at(parser, TOKEN_OPEN_LIST))
        diag_hint(parser->diag, _("an index stands right behind its value: %.*s[0]"),
                  STR_ARG(text));
    else
        diag_hint(parser->diag, "%s", _("\"help\" lists the commands"));
    if (habit == NULL && nearest.size == 0)
        offer_sign(parser, name);
}

struct node *parse_source(struct parser *parser)
{
    if (parse_at_word(parser, "spawn"))
        return spawn(parser);
    if (parse_at(parser, TOKEN_NAME) &&
        parse_is_callable(parser, parse_text(parser, parser->token.range)))
        return parse_call(parser);
    struct node *node = expression(parser);
    if (node != NULL && node->type == NODE_VARIABLE && at_argument(parser)) {
        unknown_command(parser, node);
        return NULL;
    }
    return node;
}
