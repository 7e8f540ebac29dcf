// misplaced: what stands behind something where it cannot follow, and how the line was meant.

#include <string.h>

#include "base/message.h"
#include "lang/mend.h"
#include "lang/parse.h"

// The statement from `start` to its end.
static struct str rest_from(const struct parser *parser, size_t start)
{
    return mend_statement(str_slice(parser->lexer->text, start, parser->lexer->end));
}

// What stands right before the next token: a call's last argument, NULL for a call without any.
static const struct node *last_argument(const struct node *before)
{
    bool is_call = before->type == NODE_CALL || before->type == NODE_SPAWN;
    if (!is_call)
        return before;
    return before->call.args.count ? before->call.args.items[before->call.args.count - 1] : NULL;
}

// Whether it is there and is a literal of that type.
static bool is_literal(const struct node *node, enum type type)
{
    return node != NULL && node->type == NODE_LITERAL && node->literal.type == type;
}

// The operators that a learner puts behind a call with something else in mind. Whether it was one
// of these.
static bool familiar_operator(struct parser *parser, const struct node *last)
{
    struct range range = parser->token.range;
    struct str op = parse_text(parser, range), behind = rest_from(parser, range.end);
    if (!parser->token.spaced && is_literal(last, TYPE_ADDRESS)) {
        diag_set(parser->diag, range, _("an address ends behind its port"));
    } else if (behind.size == 0) {
        diag_set(parser->diag, range, _("there is nothing behind this %.*s"), STR_ARG(op));
        if (str_is(op, "*"))
            diag_hint(parser->diag, "%s", _("every address of this computer is written *:80"));
    } else if (str_is(op, "|") && is_literal(last, TYPE_INT) && value_symbol_of(last->literal)) {
        diag_set(parser->diag, range, _("constants are joined without blanks"));
        diag_hint(parser->diag, _("write %.*s|%.*s"), STR_ARG(parse_text(parser, last->range)),
                  STR_ARG(behind));
    } else if (str_is(op, "%") &&
               (is_literal(last, TYPE_BYTES) || (last && last->type == NODE_TEXT))) {
        diag_set(parser->diag, range, _("values are not put into a string with %%"));
        diag_hint(parser->diag, "%s", _("write them where they belong: \"Hello, {name}!\""));
    } else {
        return false;
    }
    return true;
}

// Whether an operator behind a call is more likely to mean the call's last argument: `send s "a" +
// b`, `fact n - 1`. Not a comparison, and not what data is made of: `len d - 1`.
static bool means_argument(const struct parser *parser, const struct node *call, struct str op)
{
    static const char *const sums[] = {"+", "-", "*", "/", "%", "|", "&", NULL};
    const struct command *command = call->call.command;
    if (!parser->token.spaced || (command != NULL && command->results.count == 0))
        return true;
    if (!str_is_one_of(op, sums))
        return false;
    return command == NULL || command->group != GROUP_DATA ||
           command->results.items[0].type == TYPE_LIST;
}

// Whether a minus right behind the command's name stands before its first argument: `print -x`.
static bool is_sign(const struct parser *parser, const struct node *call, struct str op)
{
    const struct command *command = call->call.command;
    return str_is(op, "-") && parser->token.spaced && command != NULL &&
           command->params.count > 0 && command->results.count == 0;
}

// What was meant by an operator behind a call:
//   len d == 0      -> (len d) == 0
//   print x + 1     -> print (x + 1)
//   send s "a" + b  -> send s ("a" + b)
//   recv s n-1      -> recv s (n-1)
//   print -x        -> print (-x)
static bool operator_behind_call(struct parser *parser, const struct node *call)
{
    struct str rest = rest_from(parser, parser->token.range.start);
    const struct node *last = last_argument(call);
    struct str op = parse_text(parser, parser->token.range);
    if (familiar_operator(parser, last))
        return false;
    diag_set(parser->diag, parser->token.range,
             _("a call takes no operator (%.*s) without parentheses"), STR_ARG(op));
    if (last != NULL ? means_argument(parser, call, op) : is_sign(parser, call, op)) {
        size_t at = last != NULL ? last->range.start : parser->token.range.start;
        struct str head = parse_text(parser, (struct range){call->range.start, at});
        struct str tail = parse_text(parser, (struct range){at, parser->token.range.start});
        struct buffer operands = {0};
        size_t end = mend_operands(rest, &operands);
        diag_offer(parser->diag, "%.*s(%.*s%s)%.*s", STR_ARG(head), STR_ARG(tail),
                   buffer_text(&operands), STR_ARG(str_slice(rest, end, rest.size)));
        buffer_finish(&operands);
        return false;
    }
    struct str text = parse_text(parser, (struct range){call->range.start, parser->taken_to});
    return diag_offer(parser->diag, "(%.*s) %.*s", STR_ARG(text), STR_ARG(rest));
}

// Where no line can be offered; of a function the message says enough.
static void hint_usage(struct parser *parser, const struct command *command)
{
    struct buffer usage = {0};
    if (command == NULL)
        return;
    usage_show(str_from(command->name), command->params, &usage);
    diag_hint(parser->diag, _("usage: %s"), buffer_text(&usage));
    buffer_finish(&usage);
}

// The letter right before a string: b"GET", f"{x}".
static bool is_prefix(const struct parser *parser, size_t end)
{
    const char *text = parser->lexer->text.data;
    return end > 1 && strchr("bBfFrRuU", text[end - 1]) && !is_name_part(text[end - 2]) &&
           (parse_at(parser, TOKEN_STRING) || parse_at(parser, TOKEN_RAW));
}

// print(1), len"x", poll[s], b"GET": what stands right behind the last argument, or behind the
// command.
static bool glued(struct parser *parser, const struct node *before)
{
    struct range range = parser->token.range;
    struct str inside, text = parse_text(parser, range), rest = rest_from(parser, range.start);
    struct str head = parse_text(parser, (struct range){before->range.start, range.start});
    if (is_prefix(parser, range.start)) {
        diag_set(parser->diag, (struct range){range.start - 1, range.start},
                 _("a string has no prefix"));
        return diag_offer(parser->diag, "%.*s", STR_ARG(mend_statement(text)));
    }
    diag_set(parser->diag, (struct range){range.start, range.start + 1},
             _("arguments are set off by blanks"));
    hint_usage(parser, before->call.command);
    if (!parse_at(parser, TOKEN_OPEN) || !mend_inside(rest, &inside))
        return diag_offer(parser->diag, "%.*s %.*s", STR_ARG(head), STR_ARG(rest));
    struct buffer arguments = {0};
    mend_arguments(inside, &arguments);
    diag_offer(parser->diag, "%.*s %s", STR_ARG(head), buffer_text(&arguments));
    buffer_finish(&arguments);
    return false;
}

// The brackets behind a method's name and what stands in them. False when there are none.
static bool read_brackets(struct str behind, struct str *inside, struct str *rest)
{
    if (!str_starts(behind, STR("(")) || !mend_inside(behind, inside))
        return false;
    size_t end = inside->size ? (size_t)(inside->data - behind.data) + inside->size : 1;
    *rest = str_slice(behind, str_find(behind, STR(")"), end) + 1, behind.size);
    return true;
}

// Whether it is Python's for the step between text and bytes, which are one here.
static bool is_coding(struct str name)
{
    return str_is(name, "encode") || str_is(name, "decode");
}

// What was meant by a method behind the last argument of a call, or behind a value that stands
// alone:
//   s.recv(1024)          -> recv s 1024
//   send c data.encode()  -> send c data
//   print data.len()      -> print (len data)
static void mend_method(struct parser *parser, const struct node *before, struct str name,
                        struct str inside, struct str rest)
{
    const struct node *last = last_argument(before);
    size_t start = last ? last->range.start : before->range.start;
    struct str head = parse_text(parser, (struct range){before->range.start, start});
    struct str object = parse_text(parser, (struct range){start, parser->token.range.start});
    struct buffer arguments = {0};
    if (inside.size)
        buffer_add_char(&arguments, ' ');
    mend_arguments(inside, &arguments);
    if (is_coding(name))
        diag_offer(parser->diag, "%.*s%.*s%.*s", STR_ARG(head), STR_ARG(object), STR_ARG(rest));
    else if (last == before)
        diag_offer(parser->diag, "%.*s %.*s%s%.*s", STR_ARG(name), STR_ARG(object),
                   buffer_text(&arguments), STR_ARG(rest));
    else
        diag_offer(parser->diag, "%.*s(%.*s %.*s%s)%.*s", STR_ARG(head), STR_ARG(name),
                   STR_ARG(object), buffer_text(&arguments), STR_ARG(rest));
    buffer_finish(&arguments);
}

// A point behind a value.
static bool method(struct parser *parser, const struct node *before)
{
    struct str behind = rest_from(parser, parser->token.range.end), inside, rest;
    size_t end = 0;
    while (end < behind.size && is_name_part(behind.data[end]))
        end++;
    struct str name = str_slice(behind, 0, end);
    behind = str_slice(behind, end, behind.size);
    diag_set(parser->diag, parser->token.range, _("there are no methods: the command comes first"));
    if (name.size && !is_coding(name) && !parse_is_callable(parser, name))
        return diag_hint(parser->diag, _("and there is no command \"%.*s\""), STR_ARG(name));
    diag_hint(parser->diag, "%s", _("as in: recv s 1024"));
    hint_usage(parser, command_find(name));
    if (last_argument(before) != NULL && read_brackets(behind, &inside, &rest))
        mend_method(parser, before, name, inside, rest);
    return false;
}

// f a, b and f(a, b) are how other languages set arguments off.
static bool comma(struct parser *parser, const struct node *before)
{
    // The call whose value is given to a name takes arguments, too.
    const struct node *call = before->type == NODE_ASSIGN ? before->assign.source : before;
    diag_set(parser->diag, parser->token.range, _("a comma has no place here"));
    if (call->type != NODE_CALL && call->type != NODE_SPAWN)
        return diag_hint(parser->diag, "%s", _("several values are a list: [a, b]"));
    struct buffer arguments = {0};
    struct str head = parse_text(parser, (struct range){before->range.start, parser->taken_to});
    mend_arguments(rest_from(parser, parser->token.range.start), &arguments);
    diag_hint(parser->diag, _("arguments are set off by blanks: %.*s%s"), STR_ARG(head),
              buffer_text(&arguments));
    buffer_finish(&arguments);
    return false;
}

// Only names can be given a value.
static bool equals(struct parser *parser, const struct node *before)
{
    diag_set(parser->diag, parser->token.range,
             _("\"=\" stands behind a name, where a statement begins"));
    if (before->type == NODE_INDEX)
        return diag_hint(parser->diag, "%s",
                         _("elements are not set; append and remove change a list"));
    return diag_hint(parser->diag, "%s", _("to compare, write =="));
}

// A string over several lines that something is glued to is most often one that was not closed
// where it should have been.
static bool long_string(struct parser *parser, const struct node *before)
{
    const struct node *last = last_argument(before);
    if (parser->token.spaced || last == NULL ||
        (!is_literal(last, TYPE_BYTES) && last->type != NODE_TEXT) ||
        str_find(parse_text(parser, last->range), STR("\n"), 0) == SIZE_MAX)
        return false;
    struct place end = source_place(&parser->program->source, last->range.end);
    diag_set(parser->diag, last->range, _("this string goes on to line %u"), end.line);
    diag_hint(parser->diag, "%s", _("is the quote missing that closes it?"));
    return true;
}

bool parse_misplaced(struct parser *parser, const struct node *before)
{
    bool is_call = before->type == NODE_CALL || before->type == NODE_SPAWN;
    if (long_string(parser, before))
        return false;
    switch (parser->token.type) {
    case TOKEN_BAD:
        if (!parser->token.spaced && str_is(parse_text(parser, parser->token.range), "."))
            return method(parser, before);
        break;
    case TOKEN_COMMA:
        return comma(parser, before);
    case TOKEN_CLOSE:
    case TOKEN_CLOSE_LIST:
        if (parser->bracket != SIZE_MAX)
            break;
        return diag_set(parser->diag, parser->token.range, _("this %.*s closes nothing"),
                        STR_ARG(parse_text(parser, parser->token.range)));
    case TOKEN_OPEN:
    case TOKEN_OPEN_LIST:
    case TOKEN_STRING:
    case TOKEN_RAW:
        if (!parser->token.spaced && is_call)
            return glued(parser, before);
        break;
    case TOKEN_OPERATOR:
        if (parse_at_operator(parser, "="))
            return equals(parser, before);
        if (is_call)
            return operator_behind_call(parser, before);
        break;
    case TOKEN_NAME:
        if (is_call && is_language_word(parse_text(parser, parser->token.range)))
            return operator_behind_call(parser, before);
        break;
    default:
        break;
    }
    return parse_unexpected(parser, _("the end of this statement (a new line or ;)"));
}
