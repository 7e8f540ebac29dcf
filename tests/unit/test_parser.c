// test_parser: the tree that a text becomes, the places of its nodes, and what is unfinished rather
// than wrong.

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands/table.h"
#include "lang/parser.h"

static struct world world;

static void set_up(void)
{
    commands_install();
    world_init(&world);
}

static void tear_down(void)
{
    world_finish(&world);
}

TestSuite(parser, .init = set_up, .fini = tear_down);

static struct reading read_text(const char *text)
{
    return program_read(&world, STR("t"), str_from(text), STR("main"), NULL);
}

// --- the tree as text --------------------------------------------------------------------------

static void shape(const struct node *node, struct buffer *to);

static void shape_all(const char *name, struct nodes nodes, struct buffer *to)
{
    buffer_print(to, "(%s", name);
    for (size_t i = 0; i < nodes.count; i++) {
        buffer_add_char(to, ' ');
        shape(nodes.items[i], to);
    }
    buffer_add_char(to, ')');
}

static void shape_of(const char *name, struct buffer *to, const struct node *const nodes[])
{
    buffer_print(to, "(%s", name);
    for (; *nodes != NULL; nodes++) {
        buffer_add_char(to, ' ');
        shape(*nodes, to);
    }
    buffer_add_char(to, ')');
}

#define SHAPE_OF(name, ...) shape_of(name, to, (const struct node *const[]){__VA_ARGS__, NULL})

static void shape_call(const char *name, const struct node *node, struct buffer *to)
{
    char text[100];
    snprintf(text, sizeof text, "%s %.*s", name, STR_ARG(node->call.name));
    shape_all(text, node->call.args, to);
}

static void shape_targets(const char *name, struct nodes targets, const struct node *source,
                          const struct node *block, struct buffer *to)
{
    shape_all(name, targets, to);
    to->size--; // the ) goes behind the rest
    buffer_add_char(to, ' ');
    shape(source, to);
    if (block != NULL) {
        buffer_add_char(to, ' ');
        shape(block, to);
    }
    buffer_add_char(to, ')');
}

static void shape_choice(const struct node *node, struct buffer *to)
{
    buffer_add_text(to, "(if");
    for (size_t i = 0; i < node->choice.count; i++) {
        buffer_add_char(to, ' ');
        if (node->choice.branches[i].condition != NULL)
            shape(node->choice.branches[i].condition, to);
        else
            buffer_add_text(to, "else");
        buffer_add_char(to, ' ');
        shape(node->choice.branches[i].block, to);
    }
    buffer_add_char(to, ')');
}

static void shape_binary(const struct node *node, struct buffer *to)
{
    static const char *const names[] = {"+",  "-",  "*", "/",  "%", "&",  "|",
                                        "==", "!=", "<", "<=", ">", ">=", "in"};
    SHAPE_OF(names[node->binary.op], node->binary.left, node->binary.right);
}

static void shape_statement(const struct node *node, struct buffer *to)
{
    switch (node->type) {
    case NODE_IF:
        shape_choice(node, to);
        break;
    case NODE_WHILE:
        SHAPE_OF("while", node->loop.condition, node->loop.block);
        break;
    case NODE_LOOP:
        SHAPE_OF("loop", node->loop.block);
        break;
    case NODE_FOR:
        shape_targets("for", node->each.targets, node->each.source, node->each.block, to);
        break;
    case NODE_TRY:
        SHAPE_OF("try", node->attempt.block, node->attempt.caught, node->attempt.handler);
        break;
    case NODE_AT:
        buffer_print(to, "(@%.*s ", STR_ARG(node->at.name));
        shape(node->at.block, to);
        buffer_add_char(to, ')');
        break;
    case NODE_DEF:
        buffer_print(to, "(def %.*s/%zu ", STR_ARG(node->definition->name),
                     node->definition->param_count);
        shape(node->definition->block, to);
        buffer_add_char(to, ')');
        break;
    case NODE_RETURN:
        SHAPE_OF("return", node->source);
        break;
    case NODE_EXPECT:
        buffer_print(to, "(expect %.*s)", STR_ARG(node->expects->text));
        break;
    default:
        buffer_add_text(to, node->type == NODE_BREAK ? "break" : "continue");
    }
}

static void shape(const struct node *node, struct buffer *to)
{
    switch (node->type) {
    case NODE_LITERAL:
        value_show(node->literal, to);
        break;
    case NODE_VARIABLE:
        buffer_add(to, node->variable.name);
        break;
    case NODE_TEXT:
        shape_all("text", node->list, to);
        break;
    case NODE_LIST:
        shape_all("list", node->list, to);
        break;
    case NODE_BLOCK:
        shape_all("block", node->list, to);
        break;
    case NODE_INDEX:
        SHAPE_OF("index", node->index.base, node->index.at);
        break;
    case NODE_NOT:
        SHAPE_OF("not", node->binary.right);
        break;
    case NODE_MINUS:
        SHAPE_OF("minus", node->binary.right);
        break;
    case NODE_BINARY:
        shape_binary(node, to);
        break;
    case NODE_AND:
        SHAPE_OF("and", node->binary.left, node->binary.right);
        break;
    case NODE_OR:
        SHAPE_OF("or", node->binary.left, node->binary.right);
        break;
    case NODE_CALL:
        shape_call("call", node, to);
        break;
    case NODE_SPAWN:
        shape_call("spawn", node, to);
        break;
    case NODE_ACTOR:
        buffer_print(to, "(actor %.*s)", STR_ARG(node->actor.name));
        break;
    case NODE_ASSIGN:
        shape_targets(node->assign.appends ? "append" : "assign", node->assign.targets,
                      node->assign.source, NULL, to);
        break;
    default:
        shape_statement(node, to);
    }
}

static char *tree(const char *text)
{
    static char kept[1000];
    struct buffer shown = {0};
    tear_down(); // a world of its own: nothing is left of the text before
    world_init(&world);
    struct reading reading = read_text(text);
    cr_assert(ne(ptr, reading.program, NULL), "%s: %s", text, reading.diag.message);
    shape(reading.program->block, &shown);
    snprintf(kept, sizeof kept, "%s", buffer_text(&shown));
    buffer_finish(&shown);
    return kept;
}

static const struct {
    const char *text, *tree;
} trees[] = {
    {"", "(block)"},
    {";\n ;;\n", "(block)"},
    {"1; 2\n3", "(block 1 2 3)"},
    {"1 + 2 * 3 - 4", "(block (- (+ 1 (* 2 3)) 4))"},
    {"1 | 2 & 3 + 4", "(block (| 1 (& 2 (+ 3 4))))"},
    {"not 1 == 2 and true or false", "(block (or (and (not (== 1 2)) true) false))"},
    {"true or true and true", "(block (or true (and true true)))"},
    {"1 + 2 in [3]", "(block (in (+ 1 2) (list 3)))"},
    {"(1 + 2) * -3", "(block (* (+ 1 2) -3))"},
    {"x = 1; - x * 2", "(block (assign x 1) (* (minus x) 2))"},
    {"x = 1; x-1", "(block (assign x 1) (- x 1))"},
    {"x = 1; x -1", "(block (assign x 1) (- x 1))"},
    {"x = [1]; x[0]; x[0][1]", "(block (assign x (list 1)) (index x 0) (index (index x 0) 1))"},
    {"x = [1]; print x[0] [0]", "(block (assign x (list 1)) (call print (index x 0) (list 0)))"},
    {"\"a\"[0]", "(block (index \"a\" 0))"},
    {"print", "(block (call print))"},
    {"print 1 -2 (3 - 4)", "(block (call print 1 -2 (- 3 4)))"},
    {"print (len \"a\") [len \"b\"]",
     "(block (call print (call len \"a\") (list (call len \"b\"))))"},
    {"x = recv 3 10 MSG_PEEK|MSG_OOB", "(block (assign x (call recv 3 10 MSG_OOB|MSG_PEEK)))"},
    {"connect 3 [::1]:80", "(block (call connect 3 [::1]:80))"},
    {"pack u16 5", "(block (call pack \"u16\" 5))"},
    {"hosts web 127.0.0.1:80; print 1",
     "(block (call hosts \"web\" \"127.0.0.1:80\") (call print 1))"},
    {"help \"recv\"", "(block (call help \"recv\"))"},
    {"join f.1", "(block (call join (actor f.1)))"},
    {"f = 1; join f", "(block (assign f 1) (call join (actor f)))"},
    {"x = \"\"; append x \"a\"", "(block (assign x \"\") (call append x \"a\"))"},
    {"x = 1; x = x + 1", "(block (assign x 1) (append x (+ x 1)))"},
    {"x = 1; x = 1 + x", "(block (assign x 1) (assign x (+ 1 x)))"},
    {"a, b = [1, 2]", "(block (assign a b (list 1 2)))"},
    {"x = 5; \"a {x} b{x}\"", "(block (assign x 5) (text \"a \" x \" b\" x))"},
    {"\"{(1 + 2)}\"", "(block (text (+ 1 2)))"},
    {"\"{len [1]}{none}\"", "(block (text (call len (list 1)) none))"},
    {"\"{ x } {1} {\"", "(block \"{ x } {1} {\")"},
    {"\"\\{x}\"", "(block \"{x}\")"},
    {"'{x}'", "(block \"{x}\")"},
    {"\"a\r\nb\"", "(block \"a\\nb\")"},
    {"if true { 1 } else if false { 2 } else { 3 }",
     "(block (if true (block 1) false (block 2) else (block 3)))"},
    {"if x = len \"a\" { x }", "(block (if (assign x (call len \"a\")) (block x)))"},
    {"if len \"a\" { 1 }", "(block (if (call len \"a\") (block 1)))"},
    {"while true { break; continue }", "(block (while true (block break continue)))"},
    {"loop {\n\n1\n;2 }", "(block (loop (block 1 2)))"},
    {"for a, b in [1] { a }", "(block (for a b (list 1) (block a)))"},
    {"for x in range 3 { }", "(block (for x (call range 3) (block)))"},
    {"try { 1 } catch e { e }", "(block (try (block 1) e (block e)))"},
    {"def f a b { return a }", "(block (def f/2 (block (return a))))"},
    {"def f { return }", "(block (def f/0 (block (return))))"},
    {"f 1; def f a { }", "(block (call f 1) (def f/1 (block)))"},
    {"def f a { }; spawn f 1", "(block (def f/1 (block)) (spawn f 1))"},
    {"def f a { }; x = spawn f (1 + 2)", "(block (def f/1 (block)) (assign x (spawn f (+ 1 2))))"},
    {"@a 1; 2\n3", "(block (@a (block 1 2)) 3)"},
    {"@a.1 { 1 }; 2", "(block (@a.1 (block 1)) 2)"},
    {"@a @b 1", "(block (@a (block (@b (block 1)))))"},
    {"if true { @a 1 }", "(block (if true (block (@a (block 1)))))"},
    {"(1 +\n2) # c\n", "(block (+ 1 2))"},
    {"1 + \\\n 2", "(block (+ 1 2))"},
    {"1 #=> 1\n#=> alone\n", "(block 1 (expect alone))"},
    {"#!/usr/bin/env socksh\n1", "(block 1)"},
    {"\xEF\xBB\xBF"
     "1\r\n2",
     "(block 1 2)"},
};

Test(parser, makes_trees)
{
    for (size_t i = 0; i < sizeof trees / sizeof *trees; i++)
        cr_expect(eq(str, tree(trees[i].text), (char *)trees[i].tree), "%s", trees[i].text);
}

// --- places ------------------------------------------------------------------------------------

static struct str text_of(const struct reading *reading, const struct node *node)
{
    return str_slice(reading->program->source.text, node->range.start, node->range.end);
}

Test(parser, knows_the_place_of_each_node)
{
    struct reading reading =
        read_text("x = (len \"ab\") + 1 ; @a { x = [2] }\nif x > 0 { print x }");
    const struct node *block = reading.program->block;
    const struct node *assign = block->list.items[0], *at = block->list.items[1],
                      *choice = block->list.items[2];
    cr_assert(str_is(text_of(&reading, assign), "x = (len \"ab\") + 1"));
    cr_assert(str_is(text_of(&reading, assign->assign.targets.items[0]), "x"));
    cr_assert(str_is(text_of(&reading, assign->assign.source), "(len \"ab\") + 1"));
    cr_assert(str_is(text_of(&reading, assign->assign.source->binary.left), "(len \"ab\")"));
    cr_assert(str_is(text_of(&reading, assign->assign.source->binary.right), "1"));
    cr_assert(str_is(text_of(&reading, at), "@a { x = [2] }"));
    cr_assert(str_is(text_of(&reading, at->at.block), "{ x = [2] }"));
    cr_assert(str_is(text_of(&reading, choice), "if x > 0 { print x }"));
    const struct node *call = choice->choice.branches[0].block->list.items[0];
    cr_assert(str_is(text_of(&reading, call), "print x"));
    cr_assert(str_is(text_of(&reading, call->call.args.items[0]), "x"));
}

Test(parser, knows_the_place_of_what_stands_in_a_string)
{
    struct reading reading = read_text("x = 5; \"a {x[0]} b\"");
    const struct node *text = reading.program->block->list.items[1];
    cr_assert(str_is(text_of(&reading, text), "\"a {x[0]} b\""));
    cr_assert(str_is(text_of(&reading, text->list.items[1]), "x[0]"));
}

Test(parser, attaches_expectations)
{
    struct reading reading =
        read_text("1 #=> a #| b\n2 #| c\nif true { 3 #=> d\n} #=> e\n4\n#=> f");
    struct nodes list = reading.program->block->list;
    cr_assert(eq(sz, list.count, 5));
    cr_assert(str_is(list.items[0]->expects->text, "a #| b"));
    cr_assert(list.items[1]->expects->printed);
    cr_assert(str_is(list.items[2]->expects->text, "e"));
    const struct node *inner = list.items[2]->choice.branches[0].block->list.items[0];
    cr_assert(str_is(inner->expects->text, "d"));
    cr_assert(eq(ptr, list.items[3]->expects, NULL));
    cr_assert(str_is(list.items[4]->expects->text, "f"));
}

// --- unfinished --------------------------------------------------------------------------------

static const struct {
    const char *text;
    bool incomplete;
} rows[] = {
    {"if true {", true},
    {"if true {\n", true},
    {"def f x {\n    print x\n", true},
    {"loop { if true { }", true},
    {"@a {", true},
    {"try { } catch e {", true},
    {"x = (1 +", true},
    {"x = (1 + 2", true},
    {"x = [1,\n", true},
    {"x = [1", true},
    {"x = [", true},
    {"print (len (", true},
    {"x = [1]; y = x[", true},
    {"x = [1]; y = x[0", true},
    {"x = \"abc", true},
    {"x = 'abc\n", true},
    {"x = \"abc\ndef", true},
    {"print 1 \\", true},
    {"x = 1 + \\", true},
    {"if true { x = \"abc", true},
    {"loop { print (1,", false},
    {"if true", false},
    {"if", false},
    {"x =", false},
    {"x = 1 +", false},
    {"def f", false},
    {"def f x\n{", false},
    {"try { }", false},
    {"try { }\n", false},
    {"}", false},
    {")", false},
    {"x = (1 ]", false},
    {"print \"{(1}\"", false},
    {"print \"{x\"", false},
    {"x = 'a' \"b", true},
    {"nosuch", false},
    {"if nosuch {", true}, // names are looked for when all of it reads
};

Test(parser, tells_unfinished_from_wrong)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct reading reading = read_text(rows[i].text);
        cr_expect(eq(ptr, reading.program, NULL), "%s", rows[i].text);
        cr_expect(eq(int, reading.diag.incomplete, rows[i].incomplete), "%s: %s", rows[i].text,
                  reading.diag.message);
    }
}

// What is unfinished becomes good when more comes, octet by octet: at no point is it called wrong.
Test(parser, calls_no_beginning_of_a_block_wrong)
{
    static const char text[] = "def serve s {\n"
                               "    while d = recv s 10 { # until the end\n"
                               "        send s \"got {d}\"\n"
                               "    }\n"
                               "    return [1,\n"
                               "        (2)]\n"
                               "}\n";
    for (size_t end = 1; end < sizeof text; end++) {
        if (text[end - 1] != '\n')
            continue; // the prompt asks after whole lines
        struct reading reading =
            program_read(&world, STR(""), (struct str){text, end}, STR("main"), NULL);
        bool whole = end == sizeof text - 1;
        cr_assert(eq(int, reading.program != NULL, whole), "%zu: %s", end, reading.diag.message);
        cr_assert(eq(int, reading.diag.incomplete, !whole), "%zu: %s", end, reading.diag.message);
    }
}

Test(parser, keeps_its_words_sorted)
{
    for (size_t i = 1; language_words[i] != NULL; i++)
        cr_assert(lt(int, strcmp(language_words[i - 1], language_words[i]), 0));
    cr_assert(is_language_word(STR("while")));
    cr_assert(not(is_language_word(STR("whil"))));
    cr_assert(not(is_language_word(STR("print"))));
}
