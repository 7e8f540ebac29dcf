// test_check: what can be said of names, counts and types before anything runs. The texts of
// mistakes stand in tests/scripts/mistakes.txt; here is what is accepted, and what the tree knows
// afterwards.

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "commands/table.h"
#include "lang/check.h"

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

TestSuite(check, .init = set_up, .fini = tear_down);

// Reads a text in a world of its own.
static struct reading read_alone(const char *text)
{
    tear_down();
    world_init(&world);
    return program_read(&world, STR("t"), str_from(text), STR("main"), NULL);
}

static const char *const good[] = {
    "loop { if true { print x; break }; x = 1 }", // set below the place, in a loop
    "print args",
    "@a print args",
    "if x = len \"a\" { print x } else { print x }",
    "for x in [1] { }; print x",
    "try { } catch e { }; print e",
    "while a, b = split \"a b\" \" \" { print a b; break }",
    "def f x { if x { return 1 }; y = 2; return y }; print (f 1)",
    ("def even n { if n == 0 { return true }; return odd (n - 1) }\n"
     "def odd n { if n == 0 { return false }; return even (n - 1) }"),
    "def f { def g { } }; g",
    "@server x = 1; @server print x",
    "def f { @server y = 1 }; @server print y",
    "x = 1; @server { x = 2 }",
    "loop { @x { loop { break } }; break }",
    "def f { loop { return 1 } }",
    "f = 1; @f print 1",
    // any number fits an int, a constant is one, an int may be a handle
    "listen 3 AF_INET; close 0; recv 3 10 0; recv 3 10 MSG_PEEK",
    "x = \"3\"; close x", // known when it runs
    "bind 3 \"127.0.0.1:80\"; bind 3 127.0.0.1:80; bind 3 \"{(1)}:80\"",
    "connect 3 h:80",
    "setsockopt 3 SO_LINGER none; setsockopt 3 SO_LINGER 5s; setsockopt 3 SO_REUSEADDR true",
    "setsockopt 3 SO_RCVTIMEO 500ms; setsockopt 3 IP_ADD_MEMBERSHIP \"239.1.2.3\"",
    "o = SO_REUSEADDR; setsockopt 3 o 1",
    "poll [3, [4, POLLIN]] 0s",
    "sleep 0s; recv 3 0",
    "print; print 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20",
    "a, b = accept 3; c = accept 3; d, e = [1, 2]; f, g = 127.0.0.1:80; h, i = split \"a\" \"b\"",
    "a, b = (accept 3)",
    "join f.1; join nobody; join [1][0]",
    "x = []; append x 1; append x x; remove x 1",
    "pack u16 5; hosts a b; help; help recv; trace off",
};

Test(check, accepts_what_may_be_right)
{
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        struct reading reading = read_alone(good[i]);
        cr_expect(ne(ptr, reading.program, NULL), "%s: %s", good[i], reading.diag.message);
    }
}

static const struct {
    const char *text, *message;
} bad[] = {
    {"print x", "nothing sets a variable \"x\""},
    {"x = 1; def f { print x }", "nothing sets a variable \"x\""},
    {"def f x { }; print x", "nothing sets a variable \"x\""},
    {"@a x = 1\nprint x", "nothing sets a variable \"x\""},
    {"def f { y = 1 }; @a print y", "nothing sets a variable \"y\""},
    {"nosuch", "there is no command and no variable \"nosuch\""},
    {"print AF_INT", "there is no constant \"AF_INT\""},
    {"h = 1; connect 3 h:80", "\"h\" is a variable, and an address looks into none"},
    {"def f h { connect 3 h:80 }", "\"h\" is a variable, and an address looks into none"},
    {"def f { }; def f { }", "there are two functions \"f\""},
    {"def f { }; f 1", "f does not take this"},
    {"spawn f", "there is no function \"f\""},
    {"def f a { }; spawn f", "f lacks its a"},
    {"x = print 1", "print gives no value"},
    {"for x in 5 { }", "for goes through a list or bytes, not an int"},
    {"a, b = 1", "one value cannot be taken by 2 names"},
    {"a, b, c = accept 3", "here are 3 names for 2 values"},
    {"a, b = [1, 2, 3]", "here are 2 names for 3 values"},
    {"listen \"x\"", "listen takes a handle as its socket, not bytes"},
    {"recv 3 -1", "the size of recv is at least 0"},
    {"setsockopt 3 SO_LINGER 5", "the value of SO_LINGER is a duration or none, not an int"},
    {"setsockopt 3 AF_INET 5", "setsockopt wants the name of an option"},
    {"loop { @a break }", "\"break\" has a place only in a loop"},
    {"def f { @a return }", "\"return\" has a place only in a function"},
    {"print (f 1)", "there is no command \"f\""},
};

Test(check, says_what_is_wrong)
{
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct reading reading = read_alone(bad[i].text);
        cr_expect(eq(ptr, reading.program, NULL), "%s", bad[i].text);
        cr_expect(eq(str, reading.diag.message, (char *)bad[i].message), "%s", bad[i].text);
    }
}

Test(check, gives_slots_to_variables)
{
    struct reading reading =
        read_alone("a = 1; b = a; def f x y { z = x; return z }\n@other c = 1");
    const struct program *program = reading.program;
    cr_assert(eq(u32, program->slots, 3)); // args, a, b
    const struct node *second = program->block->list.items[1];
    cr_assert(eq(u32, second->assign.targets.items[0]->variable.slot, 2));
    cr_assert(eq(u32, second->assign.source->variable.slot, 1));
    const struct definition *f = program->definitions.items[0]->definition;
    cr_assert(eq(u32, f->slots, 3)); // x, y, z
    cr_assert(eq(u32, f->block->list.items[1]->source->variable.slot, 2));
    cr_assert(eq(u32, program->block->list.items[3]->at.slots, 2)); // args, c
}

Test(check, sees_a_variable_that_holds_an_actor)
{
    struct reading reading = read_alone("f = 1; join f; join g; join f.1");
    const struct node *const *calls =
        (const struct node *const *)reading.program->block->list.items;
    cr_assert(eq(u32, calls[1]->call.args.items[0]->actor.slot, 1));
    cr_assert(eq(u32, calls[2]->call.args.items[0]->actor.slot, NAME_MISSING));
    cr_assert(eq(u32, calls[3]->call.args.items[0]->actor.slot, NAME_MISSING));
}

Test(check, sees_whether_records_are_wanted)
{
    cr_assert(not(read_alone("send 3 \"x\"").program->uses_records));
    cr_assert(read_alone("sent 3").program->uses_records);
    cr_assert(read_alone("def f { if true { print (received 3) } }").program->uses_records);
}

Test(check, knows_the_types_of_literals)
{
    static const struct {
        const char *text;
        enum type type;
    } rows[] = {{"1", TYPE_INT},           {"AF_INET", TYPE_INT},  {"\"a\"", TYPE_BYTES},
                {"\"{(1)}\"", TYPE_BYTES}, {"[1]", TYPE_LIST},     {"1s", TYPE_DURATION},
                {"*:80", TYPE_ADDRESS},    {"none", TYPE_NONE},    {"true", TYPE_BOOL},
                {"not 1", TYPE_BOOL},      {"1 and 2", TYPE_BOOL}, {"1 + 2", TYPE_ANY},
                {"len \"a\"", TYPE_ANY}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct reading reading = read_alone(rows[i].text);
        enum type type = check_static_type(reading.program->block->list.items[0]);
        cr_assert(eq(int, type, rows[i].type), "%s", rows[i].text);
    }
}
