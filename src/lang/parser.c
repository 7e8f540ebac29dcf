// parser: the half that reads statements; expression.c reads values and calls.

#include "lang/parser.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/message.h"
#include "lang/literal.h"
#include "lang/parse.h"

// Nothing else can have one of these names. (`source` is a command, as far as names go.)
const char *const language_words[] = {
    "and",  "break", "catch", "continue", "def",    "else",  "false", "for", "if",    "in",
    "loop", "none",  "not",   "or",       "return", "spawn", "true",  "try", "while", NULL,
};

// `else` and `catch` go on with one.
const char *const statement_words[] = {
    "break", "continue", "def", "for", "if", "loop", "return", "spawn", "try", "while", NULL,
};

bool is_language_word(struct str name)
{
    for (size_t i = 0; language_words[i]; i++)
        if (str_is(name, language_words[i]))
            return true;
    return false;
}

// --- blocks --------------------------------------------------------------------------------------

static struct node *statement(struct parser *parser);

// Expectations read since `before` that stand behind a statement on its line belong to it.
static void attach_expectations(struct parser *parser, struct node *node, size_t before)
{
    struct expectation **last = &node->expects;
    for (size_t i = before; i < parser->lexer->expectation_count; i++) {
        struct expectation *read = &parser->lexer->expectations[i];
        // One within the statement's braces belongs to a statement there.
        if (read->alone || read->range.start < node->range.end)
            continue;
        struct expectation *kept = arena_zero(&parser->program->arena, sizeof *kept);
        *kept = *read;
        *last = kept;
        last = &kept->next;
    }
}

// Expectations that stand alone on their lines, as statements of their own; those before `end`, the
// end of the statement before them, stand within its braces and are there already.
static void collect_expectations(struct parser *parser, struct collected *list, size_t *seen,
                                 size_t end)
{
    for (; *seen < parser->lexer->expectation_count; ++*seen) {
        struct expectation *read = &parser->lexer->expectations[*seen];
        if (!read->alone || read->range.start < end)
            continue;
        struct node *node = parse_node(parser, NODE_EXPECT, read->range.start);
        node->range = read->range;
        node->expects = arena_zero(&parser->program->arena, sizeof *node->expects);
        *node->expects = *read;
        parse_collect(list, node);
    }
}

// Where statements cannot go on.
static bool at_block_end(const struct parser *parser)
{
    return parse_at(parser, TOKEN_CLOSE_BLOCK) || parse_at(parser, TOKEN_EOF);
}

// A statement has ended: only its END, or what closes its block, may follow.
static bool statement_end(struct parser *parser, const struct node *node)
{
    if (parse_at(parser, TOKEN_NEWLINE) || parse_at(parser, TOKEN_SEMICOLON)) {
        parse_advance(parser);
        return true;
    }
    return at_block_end(parser) || parse_misplaced(parser, node);
}

// script = { [ statement ] END }, up to the end of the text or a }
static bool statements(struct parser *parser, struct node *block)
{
    struct collected list = {0};
    bool good = true;
    size_t seen = parser->lexer->expectation_count, end = 0;
    while (good) {
        collect_expectations(parser, &list, &seen, end);
        if (at_block_end(parser))
            break;
        if (parse_at(parser, TOKEN_NEWLINE) || parse_at(parser, TOKEN_SEMICOLON)) {
            parse_advance(parser);
            continue;
        }
        struct node *node = statement(parser);
        good = node != NULL && parse_deepen(parser, block, node);
        if (!good)
            break;
        parse_collect(&list, node);
        attach_expectations(parser, node, seen);
        end = node->range.end;
        good = statement_end(parser, node);
    }
    block->list = parse_collected(parser, &list);
    return good;
}

// block = "{" [ statement ] { END [ statement ] } "}"
static struct node *block(struct parser *parser)
{
    if (!parse_at(parser, TOKEN_OPEN_BLOCK)) {
        parse_unexpected(parser, _("a { … } block"));
        return NULL;
    }
    if (!parse_enter(parser, parser->token.range))
        return NULL;
    struct node *block = parse_node(parser, NODE_BLOCK, parser->token.range.start);
    // A block within brackets has lines again.
    unsigned brackets = parser->lexer->brackets;
    parser->lexer->brackets = 0;
    parse_advance(parser);
    bool good = statements(parser, block);
    if (good && !parse_at(parser, TOKEN_CLOSE_BLOCK)) {
        diag_set(parser->diag, (struct range){block->range.start, block->range.start + 1},
                 _("this { is not closed"));
        diag_hint(parser->diag, "%s", _("every { wants a } of its own"));
        parser->diag->incomplete = true;
        good = false;
    }
    parser->lexer->brackets = brackets;
    parse_leave(parser);
    if (!good)
        return NULL;
    parse_advance(parser);
    return parse_finish(parser, block);
}

// --- assignments and conditions ------------------------------------------------------------------

// NAME { "," NAME }, the first of which has been read.
static bool targets(struct parser *parser, struct node *first, struct nodes *names)
{
    struct collected list = {0};
    struct node *node = first;
    parse_collect(&list, first);
    while (node != NULL && parse_at(parser, TOKEN_COMMA)) {
        parse_advance(parser);
        node = parse_variable(parser);
        if (node != NULL)
            parse_collect(&list, node);
    }
    *names = parse_collected(parser, &list);
    return node != NULL;
}

// x = x + …: what is added can be appended in place.
static bool is_append(const struct node *assign)
{
    const struct node *source = assign->assign.source;
    if (assign->assign.targets.count != 1 || source->type != NODE_BINARY ||
        source->binary.op != OP_ADD || source->binary.left->type != NODE_VARIABLE)
        return false;
    return str_equal(assign->assign.targets.items[0]->variable.name,
                     source->binary.left->variable.name);
}

// assignment = NAME { "," NAME } "=" source, behind the first NAME
static struct node *assignment(struct parser *parser, struct node *first)
{
    struct node *node = parse_node(parser, NODE_ASSIGN, first->range.start);
    if (!targets(parser, first, &node->assign.targets))
        return NULL;
    if (!parse_at_operator(parser, "=")) {
        parse_unexpected(parser, _("a = and what these names are to hold"));
        return NULL;
    }
    parse_advance(parser);
    node->assign.source = parse_source(parser);
    if (node->assign.source == NULL || !parse_deepen(parser, node, node->assign.source))
        return NULL;
    node->assign.appends = is_append(node);
    return parse_finish(parser, node);
}

// Whether the next token is a NAME that "," or "=" follows: then it begins an assignment. (Behind a
// command's name a comma is one of C or Python.)
static bool begins_assignment(struct parser *parser)
{
    if (!parse_at(parser, TOKEN_NAME))
        return false;
    bool callable = parse_is_callable(parser, parse_text(parser, parser->token.range));
    struct lexer ahead = *parser->lexer;
    ahead.expectations = NULL;
    ahead.expectation_count = ahead.expectation_capacity = 0;
    struct token next = lexer_next(&ahead);
    struct str text = lexer_text(&ahead, next.range);
    lexer_finish(&ahead);
    return (next.type == TOKEN_COMMA && !callable) ||
           (next.type == TOKEN_OPERATOR && str_is(text, "="));
}

// condition = NAME { "," NAME } "=" call | source
static struct node *condition(struct parser *parser)
{
    if (parse_at(parser, TOKEN_OPEN_BLOCK) || parse_at(parser, TOKEN_NEWLINE) ||
        parse_at(parser, TOKEN_EOF)) {
        parse_unexpected(parser, _("a condition"));
        return NULL;
    }
    if (!begins_assignment(parser))
        return parse_source(parser);
    struct node *first = parse_variable(parser);
    if (first == NULL)
        return NULL;
    size_t sign = parser->token.range.start;
    struct node *node = assignment(parser, first);
    // `if x = 5` is most often meant as ==: only what calls something may stand there.
    if (node == NULL || node->assign.source->type == NODE_CALL)
        return node;
    diag_set(parser->diag, (struct range){sign, sign + 1},
             _("a condition takes only a call's result"));
    diag_hint(parser->diag, "%s", _("to compare, write =="));
    return NULL;
}

// --- statements ----------------------------------------------------------------------------------

// def = "def" NAME { NAME } block
static bool parameters(struct parser *parser, struct definition *definition)
{
    // On the stack, as the number is known only at the end; then moved into the arena.
    struct param list[UINT8_MAX];
    struct range ranges[UINT8_MAX];
    size_t count = 0;
    for (; parse_at(parser, TOKEN_NAME); parse_advance(parser)) {
        if (!parse_free_name(parser, _("the name of a parameter")))
            return false;
        if (count == UINT8_MAX)
            return diag_set(parser->diag, parser->token.range,
                            _("a function takes at most 255 parameters"));
        struct str name =
            arena_copy(&parser->program->arena, parse_text(parser, parser->token.range));
        // A call of it within the function would mean the parameter.
        if (names_find(parser->functions, name) != NAME_MISSING)
            return diag_set(parser->diag, parser->token.range,
                            _("\"%.*s\" is a function and cannot be the name of a parameter"),
                            STR_ARG(name));
        for (size_t i = 0; i < count; i++)
            if (str_is(name, list[i].name))
                return diag_set(parser->diag, parser->token.range,
                                _("two parameters are named \"%.*s\""), STR_ARG(name));
        list[count] = (struct param){.name = name.data, .type = TYPE_ANY};
        ranges[count++] = parser->token.range;
    }
    if (parse_at(parser, TOKEN_OPEN) || parse_at(parser, TOKEN_COMMA)) {
        diag_set(parser->diag, parser->token.range, _("parameters are set off by blanks"));
        return diag_hint(parser->diag, "%s", _("as in: def greet name times { … }"));
    }
    definition->param_count = count;
    definition->params = arena_zero(&parser->program->arena, (count + 1) * sizeof *list);
    definition->param_ranges = arena_zero(&parser->program->arena, (count + 1) * sizeof *ranges);
    memcpy(definition->params, list, count * sizeof *list);
    memcpy(definition->param_ranges, ranges, count * sizeof *ranges);
    return true;
}

// def = "def" NAME { NAME } block. The name is known in all of the text already (world.c).
static struct node *define(struct parser *parser)
{
    struct node *node = parse_node(parser, NODE_DEF, parser->token.range.start);
    struct definition *definition = arena_zero(&parser->program->arena, sizeof *definition);
    parse_advance(parser);
    if (!parse_free_name(parser, _("the name of a function")))
        return NULL;
    definition->name = parse_text(parser, parser->token.range);
    definition->name_range = parser->token.range;
    definition->program = parser->program;
    parse_advance(parser);
    if (!parameters(parser, definition))
        return NULL;
    definition->block = block(parser);
    if (definition->block == NULL || !parse_deepen(parser, node, definition->block))
        return NULL;
    node->definition = definition;
    struct nodes *all = &parser->program->definitions;
    all->items = mem_grow(all->items, all->count, &parser->definition_capacity, sizeof node);
    all->items[all->count++] = node;
    return parse_finish(parser, node);
}

// if = "if" condition block { "else" "if" condition block } [ "else" block ]
static struct node *choice(struct parser *parser)
{
    struct node *node = parse_node(parser, NODE_IF, parser->token.range.start);
    struct branch *branches = NULL;
    size_t count = 0, capacity = 0;
    bool good = true, more = true;
    parse_advance(parser);
    // One round a branch; `last` is the one behind a bare `else`.
    for (bool last = false; good && more;) {
        struct branch branch = {0};
        if (!last)
            branch.condition = condition(parser);
        if (last || branch.condition != NULL)
            branch.block = block(parser);
        good = branch.block != NULL && parse_deepen(parser, node, branch.block) &&
               (last || parse_deepen(parser, node, branch.condition));
        branches = mem_grow(branches, count, &capacity, sizeof branch);
        branches[count++] = branch;
        more = good && !last && parse_at_word(parser, "else");
        if (more)
            parse_advance(parser);
        if (more && parse_at_word(parser, "if"))
            parse_advance(parser);
        else
            last = true;
    }
    node->choice.count = count;
    node->choice.branches = arena_adopt(&parser->program->arena, branches, count, sizeof *branches);
    return good ? parse_finish(parser, node) : NULL;
}

// while = "while" condition block        loop = "loop" block
static struct node *looping(struct parser *parser, bool has_condition)
{
    struct node *node =
        parse_node(parser, has_condition ? NODE_WHILE : NODE_LOOP, parser->token.range.start);
    parse_advance(parser);
    if (has_condition) {
        node->loop.condition = condition(parser);
        if (node->loop.condition == NULL || !parse_deepen(parser, node, node->loop.condition))
            return NULL;
    }
    node->loop.block = block(parser);
    if (node->loop.block == NULL || !parse_deepen(parser, node, node->loop.block))
        return NULL;
    return parse_finish(parser, node);
}

// for = "for" NAME { "," NAME } "in" source block
static struct node *each(struct parser *parser)
{
    struct node *node = parse_node(parser, NODE_FOR, parser->token.range.start);
    parse_advance(parser);
    struct node *first = parse_variable(parser);
    if (first == NULL || !targets(parser, first, &node->each.targets))
        return NULL;
    if (!parse_at_word(parser, "in")) {
        parse_unexpected(parser, _("\"in\", as in: for x in list { … }"));
        return NULL;
    }
    parse_advance(parser);
    node->each.source = parse_source(parser);
    if (node->each.source == NULL || !parse_deepen(parser, node, node->each.source))
        return NULL;
    node->each.block = block(parser);
    if (node->each.block == NULL || !parse_deepen(parser, node, node->each.block))
        return NULL;
    return parse_finish(parser, node);
}

// Where a `catch` stands on a later line, that is the place of the mistake.
static void missing_catch(struct parser *parser)
{
    size_t taken_to = parser->taken_to;
    struct lexer ahead = *parser->lexer;
    struct token token = parser->token, first = token;
    while (token.type == TOKEN_NEWLINE)
        token = lexer_next(parser->lexer);
    parser->token = token;
    if (parse_at_word(parser, "catch")) {
        parse_free_name(parser, "");
        return;
    }
    ahead.expectations = parser->lexer->expectations;
    *parser->lexer = ahead;
    parser->token = first;
    parser->taken_to = taken_to;
    parse_unexpected(parser, _("\"catch\" and a name, on the line of the }"));
}

// try = "try" block "catch" NAME block
static struct node *attempt(struct parser *parser)
{
    struct node *node = parse_node(parser, NODE_TRY, parser->token.range.start);
    parse_advance(parser);
    node->attempt.block = block(parser);
    if (node->attempt.block == NULL || !parse_deepen(parser, node, node->attempt.block))
        return NULL;
    if (!parse_at_word(parser, "catch")) {
        missing_catch(parser);
        return NULL;
    }
    parse_advance(parser);
    node->attempt.caught = parse_variable(parser);
    if (node->attempt.caught == NULL)
        return NULL;
    node->attempt.handler = block(parser);
    if (node->attempt.handler == NULL || !parse_deepen(parser, node, node->attempt.handler))
        return NULL;
    return parse_finish(parser, node);
}

enum { ACTOR_MOST = 63 }; // characters of an actor's name: struct actor has room for them

// ACTOR = NAME [ "." NUMBER ], behind the "@". (`server.1 print` would read as a method.)
static bool actor_name(struct parser *parser, struct node *node)
{
    if (!parse_at(parser, TOKEN_NAME) || parser->token.spaced)
        return parse_unexpected(parser, _("an actor's name right behind the @"));
    struct range range = parser->token.range;
    struct str text = str_slice(parser->lexer->text, 0, parser->lexer->end);
    // The lexer takes no dot into a name: this is the one place where it belongs to one.
    if (range.end < text.size && text.data[range.end] == '.') {
        size_t digits = ++range.end;
        while (range.end < text.size &&
               (is_name_part(text.data[range.end]) || text.data[range.end] == '.'))
            range.end++;
        uint64_t number;
        if (!str_to_number(str_slice(text, digits, range.end), INT32_MAX, &number))
            return parse_no_actor(parser, range);
    }
    if (range.end - range.start > ACTOR_MOST) {
        diag_set(parser->diag, range, _("an actor's name has at most %d characters"), ACTOR_MOST);
        return false;
    }
    node->at.name_range = range;
    node->at.name = parse_text(parser, range);
    parser->token.range.end = parser->lexer->at = range.end;
    parse_advance(parser);
    return true;
}

// at = "@" ACTOR ( block | statement { ";" statement } )
static struct node *at_actor(struct parser *parser)
{
    struct node *node = parse_node(parser, NODE_AT, parser->token.range.start);
    parse_advance(parser);
    if (!actor_name(parser, node))
        return NULL;
    if (parse_at(parser, TOKEN_OPEN_BLOCK)) {
        node->at.block = block(parser);
        return node->at.block && parse_deepen(parser, node, node->at.block)
                   ? parse_finish(parser, node)
                   : NULL;
    }
    if (parse_at_end(parser)) {
        parse_unexpected(parser, _("a statement for that actor"));
        return NULL;
    }
    struct node *block = parse_node(parser, NODE_BLOCK, parser->token.range.start);
    struct collected list = {0};
    // @a @b @c …: each is a level, as a block would be.
    bool good = parse_enter(parser, parser->token.range);
    while (good) {
        struct node *inner = statement(parser);
        good = inner != NULL && parse_deepen(parser, block, inner);
        if (good)
            parse_collect(&list, inner);
        while (good && parse_at(parser, TOKEN_SEMICOLON))
            parse_advance(parser);
        if (!good || parse_at(parser, TOKEN_NEWLINE) || at_block_end(parser))
            break;
        if (parser->lexer->text.data[parser->taken_to - 1] != ';')
            good = parse_misplaced(parser, inner);
    }
    parse_leave(parser);
    block->list = parse_collected(parser, &list);
    node->alone = true;
    node->at.block = parse_finish(parser, block);
    return good && parse_deepen(parser, node, block) ? parse_finish(parser, node) : NULL;
}

// return = "return" [ source ]
static struct node *leave(struct parser *parser)
{
    struct node *node = parse_node(parser, NODE_RETURN, parser->token.range.start);
    parse_advance(parser);
    if (!parse_at_end(parser)) {
        node->source = parse_source(parser);
        if (node->source == NULL || !parse_deepen(parser, node, node->source))
            return NULL;
    }
    return parse_finish(parser, node);
}

// break = "break", continue = "continue"
static struct node *single_word(struct parser *parser, enum node_type type)
{
    struct node *node = parse_node(parser, type, parser->token.range.start);
    parse_advance(parser);
    return parse_finish(parser, node);
}

// source FILE: read, checked and run with the text that holds it.
static struct node *include(struct parser *parser)
{
    struct node *node = parse_node(parser, NODE_SOURCE, parser->token.range.start);
    struct node *call = parse_call(parser);
    if (call == NULL)
        return NULL;
    const struct node *file = call->call.args.count == 1 ? call->call.args.items[0] : NULL;
    if (file == NULL || file->type != NODE_LITERAL) {
        diag_set(parser->diag, file ? file->range : call->call.name_range,
                 _("source wants one file, written out"));
        diag_hint(parser->diag, "%s", _("as in: source tools.socksh"));
        return NULL;
    }
    node->include.file = value_str(file->literal);
    node->include.file_range = file->range;
    struct nodes *all = &parser->program->includes;
    all->items = mem_grow(all->items, all->count, &parser->include_capacity, sizeof node);
    all->items[all->count++] = node;
    return parse_finish(parser, node);
}

static struct node *statement(struct parser *parser)
{
    if (parse_at(parser, TOKEN_AT))
        return at_actor(parser);
    // First: what = or a comma follows is an assignment; parse_variable() says when it can be none.
    if (begins_assignment(parser)) {
        struct node *first = parse_variable(parser);
        return first ? assignment(parser, first) : NULL;
    }
    if (parse_at_word(parser, "def"))
        return define(parser);
    if (parse_at_word(parser, "if"))
        return choice(parser);
    if (parse_at_word(parser, "while"))
        return looping(parser, true);
    if (parse_at_word(parser, "loop"))
        return looping(parser, false);
    if (parse_at_word(parser, "for"))
        return each(parser);
    if (parse_at_word(parser, "try"))
        return attempt(parser);
    if (parse_at_word(parser, "break"))
        return single_word(parser, NODE_BREAK);
    if (parse_at_word(parser, "continue"))
        return single_word(parser, NODE_CONTINUE);
    if (parse_at_word(parser, "return"))
        return leave(parser);
    // The one command that is no call: its file is read before anything runs.
    if (parse_at_word(parser, "source"))
        return include(parser);
    return parse_source(parser);
}

bool parse(struct program *program, const struct names *functions, struct diag *diag)
{
    struct lexer lexer;
    lexer_init(&lexer, program->source.text, 0, program->source.text.size);
    struct parser parser = {
        .program = program,
        .lexer = &lexer,
        .bracket = SIZE_MAX,
        .functions = functions,
        .diag = diag,
    };
    if (str_starts(lexer.text, STR("#!"))) // the system's line for scripts; a comment anyway
        while (lexer.at < lexer.end && lexer.text.data[lexer.at] != '\n')
            lexer.at++;
    parser.token = lexer_next(&lexer);
    program->block = parse_node(&parser, NODE_BLOCK, 0);
    bool good = statements(&parser, program->block);
    if (good && parse_at(&parser, TOKEN_CLOSE_BLOCK)) {
        diag_set(diag, parser.token.range, _("this } closes nothing"));
        good = false;
    }
    program->block->range.end = lexer.end;
    lexer_finish(&lexer);
    return good;
}
