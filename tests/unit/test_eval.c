// test_eval: what expressions and statements give, with a host that has no other lines of
// execution.

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "commands/table.h"
#include "lang/eval.h"

static struct world world;
static struct waiter waiter;
static struct interp interp;
static const atomic_int traces;
static struct buffer events; // what the host was told

static bool host_spawn(struct interp *at, const struct node *node,
                       const struct definition *definition, const struct value *args, size_t count,
                       struct value *actor)
{
    (void)args, (void)actor;
    buffer_print(&events, "spawn %.*s %zu;", STR_ARG(definition->name), count);
    return interp_fail(at, node, "no actors here");
}

static bool host_at(struct interp *at, const struct node *node, struct value *last)
{
    buffer_print(&events, "at %.*s;", STR_ARG(node->at.name));
    bool good = interp_run_inside(at, node->at.block, last);
    value_release(*last);
    *last = value_int(7);
    return good;
}

static bool host_actor(struct interp *at, struct str name, struct value *actor)
{
    (void)at, (void)name, (void)actor;
    return false;
}

static bool host_ended(struct interp *at, const struct node *node, struct value value, bool failed)
{
    (void)node;
    buffer_add_text(&events, failed ? "failed " : "ended ");
    value_show(failed ? at->failure.error : value, &events);
    buffer_add_char(&events, ';');
    return true;
}

static void host_called(const struct call *call, bool good)
{
    (void)call, (void)good;
}

static void host_begins(struct interp *at, const struct node *node)
{
    (void)at, (void)node;
    buffer_add_text(&events, "begins;");
}

// Which errors somebody takes, and which will be read by a person.
static int calls_taken, calls_untaken;

static void host_failed(const struct call *call, bool taken)
{
    cr_assert(eq(int, call->error.type, TYPE_ERROR));
    calls_taken += taken;
    calls_untaken += !taken;
}

static const struct host host = {host_spawn,  host_at,     host_actor, host_ended, host_called,
                                 host_begins, host_failed, NULL,       NULL,       NULL};

static void set_up(void)
{
    commands_install();
    world_init(&world);
    interp_init(&interp, &host, &waiter, NULL, &traces);
    interp_set_stack(&interp, 1024 * 1024);
    interp_begin_take(&interp, value_list(0));
    interp.keep_last = true;
}

static void tear_down(void)
{
    interp_finish(&interp);
    world_finish(&world);
    buffer_finish(&events);
}

TestSuite(eval, .init = set_up, .fini = tear_down);

static bool run(const char *text)
{
    struct reading reading = program_read(&world, STR("t"), str_from(text), STR("main"), NULL);
    cr_assert(ne(ptr, reading.program, NULL), "%s: %s", text, reading.diag.message);
    value_release(interp.last);
    interp.last = VALUE_UNSET;
    return interp_run(&interp, reading.program, reading.program->block, reading.program->slots);
}

// What the last statement of the text gives, or "error" and what went wrong; lasts until the next
// call.
static char *given(const char *text)
{
    static char kept[500];
    struct buffer shown = {0};
    size_t top = interp.top;
    bool good = run(text);
    if (!good)
        buffer_add_text(&shown, "error ");
    value_show(good ? interp.last : interp.failure.error, &shown);
    snprintf(kept, sizeof kept, "%s", buffer_text(&shown));
    buffer_finish(&shown);
    cr_assert(eq(uint, interp.level, 0));
    cr_assert(ge(sz, interp.top, top)); // a new variable may have come, nothing else
    return kept;
}

static const struct {
    const char *text, *gives;
} rows[] = {
    // ints
    {"1 + 2 * 3", "7"},
    {"7 / 2", "3"},
    {"-7 / 2", "-3"}, // truncates, as C does
    {"-7 % 3", "-1"},
    {"6 & 3 | 8", "10"},
    {"9223372036854775807 + 1", "error the result does not fit into 64 bits"},
    {"-9223372036854775808 - 1", "error the result does not fit into 64 bits"},
    {"4611686018427387904 * 2", "error the result does not fit into 64 bits"},
    {"-9223372036854775808 / -1", "error the result does not fit into 64 bits"},
    {"-9223372036854775808 % -1", "0"},
    {"x = -9223372036854775808; - x", "error the result does not fit into 64 bits"},
    {"1 / 0", "error division by zero"},
    {"1 % 0", "error division by zero"},
    {"1s / 0", "error division by zero"},
    {"0x10 + AF_INET", "18"},
    {"MSG_PEEK | MSG_OOB", "MSG_OOB|MSG_PEEK"},
    {"MSG_PEEK & MSG_OOB", "0"},
    {"MSG_PEEK | 4", "6"},
    // durations
    {"1s + 500ms", "1500ms"},
    {"1s - 2s", "-1s"},
    {"500ms * 3", "1500ms"},
    {"3 * 500ms", "1500ms"},
    {"1m / 3", "20s"},
    {"x = 1s; - x", "-1s"},
    {"1s * 1s", "error \"*\" does not work on a duration and a duration"},
    {"1s + 1", "error \"+\" does not work on a duration and an int"},
    {"2 / 1s", "error \"/\" does not work on an int and a duration"},
    {"153722867m + 153722867m", "error the result does not fit into 64 bits"},
    // bytes and lists
    {"\"ab\" + \"cd\"", "\"abcd\""},
    {"[1] + [2, [3]]", "[1, 2, [3]]"},
    {"\"a\" + 1", "error \"+\" does not work on bytes and an int"},
    {"\"a\" * 2", "error \"*\" does not work on bytes and an int"},
    {"\"b\" in \"abc\"", "true"},
    {"\"\" in \"\"", "true"},
    {"1 in [2, [1]]", "false"},
    {"[1] in [2, [1]]", "true"},
    {"1 in 1", "error \"in\" does not work on an int and an int"},
    {"\"abc\"[1]", "\"b\""},
    {"\"abc\"[-1]", "\"c\""},
    {"[1, 2][5]", "error there is no element 5: it has 2, counted from 0"},
    {"[1][-2]", "error there is no element -2: it has 1, counted from 0"},
    {"\"\"[0]", "error there is no element 0: it has 0, counted from 0"},
    {"5[0]", "error an int has no elements to take one of"},
    {"[1][\"a\"]", "error an index is an int, not bytes"},
    {"127.0.0.1:80[0]", "\"127.0.0.1\""},
    {"127.0.0.1:80[1]", "80"},
    {"[::1]:80[0]", "\"::1\""},
    {"localhost:http[1]", "\"http\""},
    {"localhost:80[1]", "80"},
    // comparisons
    {"1 == 1", "true"},
    {"1 == \"1\"", "false"},
    {"1 == 1s", "false"},
    {"AF_INET == 2", "true"},
    {"none == false", "false"},
    {"[1, \"a\"] == [1, \"a\"]", "true"},
    {"127.0.0.1:80 == \"127.0.0.1:80\"", "false"},
    {"\"a\" < \"b\"", "true"},
    {"false < true", "true"},
    {"1s >= 1000ms", "true"},
    {"1 < \"2\"", "error \"<\" does not work on an int and bytes"},
    {"[1] < [2]", "error \"<\" does not work on a list and a list"},
    {"none < none", "error \"<\" does not work on none and none"},
    // and, or, not give bools and stop early
    {"1 and \"a\"", "true"},
    {"0 or []", "false"},
    {"false and 1 / 0", "false"},
    {"true or 1 / 0", "true"},
    {"true and 1 / 0", "error division by zero"},
    {"not 127.0.0.1:0", "false"},
    // strings
    {"x = 5; \"{x} {(x + 1)}{x}\"", "\"5 65\""},
    {"x = [\"a\"]; \"{x}\"", "\"[\\\"a\\\"]\""},
    {"\"{(1 / 0)}\"", "error division by zero"},
    // calls
    {"len \"abc\"", "3"},
    {"split \"a,b\" \",\"", "[\"a\", \"b\"]"},
    {"x = none; len x", "error len takes bytes or a list as its data, not none"},
    {"x = \"5\"; len x[0]", "1"},
    {"x = \"x\"; close x", "error close takes a handle, not bytes"},
    {"x = -1; random x", NULL},
    {"fail \"mine\"", "error mine"},
    {"fail EPIPE", NULL},
    {"def f a b { return b - a }; f 1 (f 2 5)", "2"},
    {"def f { }; f", "none"},
    {"def f { return }; f", "none"},
    {"def f a { a = a + 1; return a }; x = 1; f x; x", "1"},
    {"def f n { if n < 2 { return n }; return (f (n - 1)) + (f (n - 2)) }; f 15", "610"},
    {"def f { x = 1; return x }; x = 5; f; x", "5"},
    {"def f { print nothing; nothing = 1 }; f", "error \"nothing\" has no value yet"},
    // assignments
    {"a, b = [1, 2]; a, b = [b, a]; [a, b]", "[2, 1]"},
    {"a, b = 127.0.0.1:80", "[\"127.0.0.1\", 80]"},
    {"l = [1, 2, 3]; a, b = l", "error here are 2 names for 3 values"},
    {"l = 5; a, b = l", "error one value (an int) cannot be taken by 2 names"},
    {"x = y; y = 1", "error \"y\" has no value yet"},
    {"z = z + 1", "error \"z\" has no value yet"},
    {"x = \"a\"; y = x; x = x + \"b\"; [x, y]", "[\"ab\", \"a\"]"},
    {"x = \"a\"; x = x + x; x = x + x; x", "\"aaaa\""},
    {"x = [1]; x = x + x; x", "[1, 1]"},
    {"x = \"a\"; x = x + 1", "error \"+\" does not work on bytes and an int"},
    {"x = 1; x = x + 1s", "error \"+\" does not work on an int and a duration"},
    // control
    {"x = 0; while x < 5 { x = x + 1; if x == 3 { break } }; x", "3"},
    {"s = 0; for i in [1, 2, 3, 4] { if i % 2 == 0 { continue }; s = s + i }; s", "4"},
    {"s = \"\"; for c in \"abc\" { s = c + s }; s", "\"cba\""},
    {"for a, b in [[1, 2], [3, 4]] { x = a * b }; x", "12"},
    {"for a, b in [[1, 2], 3] { }", "error one value (an int) cannot be taken by 2 names"},
    {"l = [1, 2]; n = 0; for x in l { append l x; n = n + 1 }; n", "2"},
    {"x = 5; for i in x { }", "error for goes through a list or bytes, not an int"},
    {"def f { loop { for x in [1] { while true { return x } } } }; f", "1"},
    {"if none { x = 1 } else if \"\" { x = 2 } else { x = 3 }; x", "3"},
    // try
    {"try { fail \"a\" } catch e { x = \"{e}\" }; x", "\"a\""},
    {"try { try { fail \"in\" } catch e { fail \"{e}, out\" } } catch e { x = e }; x", "in, out"},
    {"try { 1 / 0 } catch e { x = e == EPIPE }; x", "false"},
    {"try { close 4000 } catch e { x = e == EBADF }; x", "true"},
    {"try { close 4000 } catch e { fail e }", "error EBADF: no handle has the number 4000"},
    {"def f { try { return 1 } catch e { } ; return 2 }; f", "1"},
    {"loop { try { break } catch e { } }; x = 1", "1"},
    {"try { [1, [2, (1 / 0)]] } catch e { }; x = 1", "1"},
    {"def f a { return 1 / a }; try { [f 1, f 0] } catch e { x = \"{e}\" }; x",
     "\"division by zero\""},
};

Test(eval, gives_values)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        tear_down(); // variables of one row are none of the next
        set_up();
        if (rows[i].gives != NULL)
            cr_expect(eq(str, given(rows[i].text), (char *)rows[i].gives), "%s", rows[i].text);
        else
            cr_expect(not(run(rows[i].text)), "%s", rows[i].text);
    }
}

Test(eval, keeps_variables_between_programs)
{
    cr_assert(eq(str, given("a = 1"), "1"));
    cr_assert(eq(str, given("b = a + 1; 1 / 0"), "error division by zero"));
    cr_assert(eq(str, given("a + b"), "3")); // what ran before the error has run
    cr_assert(eq(str, given("args"), "[]"));
    cr_assert(eq(str, given("def f x { return x + 1 }"), "(no value)"));
    cr_assert(eq(str, given("f b"), "3"));
}

Test(eval, tells_the_place_of_a_failure)
{
    cr_assert(not(run("x = 1\ndef f y { return 10 / y }\nprint_me = [f (x - 1)]")));
    cr_assert(eq(sz, interp.failure.range.start, 23));
    struct str text = str_slice(interp.failure.program->source.text, interp.failure.range.start,
                                interp.failure.range.end);
    cr_assert(str_is(text, "10 / y"));
}

Test(eval, refuses_endless_recursion)
{
    cr_assert(eq(str, given("def f n { return f (n + 1) }; f 0"),
                 "error calls nest too deeply here; does this function call itself without end?"));
    cr_assert(eq(str, given("x = 1; try { f 0 } catch e { x = 2 }; x"), "2"));
    cr_assert(eq(str, given("def g n { if n == 0 { return 0 }; return g (n - 1) }; g 200"), "0"));
}

// begin, `times` times each, end, as often closing, last.
static void nested(struct buffer *text, const char *const parts[5], int times)
{
    buffer_add_text(text, parts[0]);
    for (int i = 0; i < times; i++)
        buffer_add_text(text, parts[1]);
    buffer_add_text(text, parts[2]);
    for (int i = 0; i < times; i++)
        buffer_add_text(text, parts[3]);
    buffer_add_text(text, parts[4]);
}

enum { THREAD_STACK = 512 * 1024, THREAD_ROOM = THREAD_STACK - 64 * 1024 };

static void *run_on_small_stack(void *text)
{
    interp_set_stack(&interp, THREAD_ROOM);
    return run(text) ? text : NULL;
}

// Operators and blocks between two calls take stack as well, and what is kept behind the floor is
// little.
Test(eval, refuses_endless_recursion_with_deep_trees_between)
{
    static const struct {
        const char *parts[5];
        int times;
    } trees[] = {
        {{"def f n { x = 1", " + 1", "; return f n }; f 0", "", ""}, 590},
        {{"def f n { x = (f n)", " + 1", " }; f 0", "", ""}, 590},
        {{"def f n { x = [0]; y = ", "x[", "(f n)", "]", " }; f 0"}, 190},
        {{"def f n { ", "if true { ", "f n ", "}", " }; f 0"}, 190},
        {{"def f n { return ", "not ", "(f n) }; f 0", "", ""}, 190},
    };
    for (size_t i = 0; i < sizeof trees / sizeof *trees; i++) {
        struct buffer text = {0};
        pthread_attr_t attributes;
        pthread_t thread;
        void *good;
        nested(&text, trees[i].parts, trees[i].times);
        pthread_attr_init(&attributes);
        pthread_attr_setstacksize(&attributes, THREAD_STACK);
        cr_assert(
            eq(int,
               pthread_create(&thread, &attributes, run_on_small_stack, (void *)buffer_text(&text)),
               0));
        pthread_join(thread, &good);
        pthread_attr_destroy(&attributes);
        cr_assert(eq(ptr, good, NULL));
        cr_assert(eq(str, interp.failure.error.error->text,
                     "calls nest too deeply here; does this function call itself without end?"));
        buffer_finish(&text);
    }
}

Test(eval, refuses_lists_that_nest_too_deeply)
{
    cr_assert(eq(str, given("l = []; for i in range 300 { l = [l] }"),
                 "error lists nest at most 200 deep"));
    cr_assert(eq(str, given("x = 1; x"), "1"));
}

// x = x + … and append work in place: 20 million octets in a moment.
Test(eval, appends_in_place, .timeout = 20)
{
    cr_assert(eq(str,
                 given("page = \"\"; for i in range 100000 { page = page + \"0123456789\" }\n"
                       "for i in range 100000 { append page \"0123456789\" }\n"
                       "len page"),
                 "2000000"));
    cr_assert(eq(str, given("l = []; for i in range 200000 { append l i }; l[199999]"), "199999"));
}

Test(eval, ends_when_told_to)
{
    atomic_store(&waiter.interrupted, true);
    cr_assert(eq(int, run("x = 0; loop { x = x + 1 }"), false));
    cr_assert(eq(int, interp.failure.error.error->name->value, 4)); // EINTR
    cr_assert(not(atomic_load(&waiter.interrupted)));
    atomic_store(&waiter.interrupted, true);
    cr_assert(run("try { loop { x = x + 1 } } catch e { }; x")); // it can be caught
    atomic_store(&waiter.ended, true);
    cr_assert(not(run("try { loop { x = x + 1 } } catch e { x = -1 }"))); // this cannot
    cr_assert(interp.unwinding);
    atomic_store(&waiter.ended, false);
    cr_assert(ne(str, given("x"), "-1"));
}

Test(eval, asks_its_host)
{
    cr_assert(not(run("def f a b { }; spawn f 1 2")));
    cr_assert(run("@server 5"));
    cr_assert(eq(str, given("@server { 5 }"), "7"));
    cr_assert(eq(str, given("join nobody"), "error there is no actor \"nobody\""));
    cr_assert(eq(str, (char *)buffer_text(&events), "spawn f 2;at server;at server;"));
}

Test(eval, tells_of_watched_statements)
{
    interp.watch_expectations = true;
    cr_assert(
        run("1\n2 #=> 2\nif true { 3 #=> 3\n 4 }\n1 / 0 #=> error ...\na, b = [5, 6] #=> 5, 6"));
    cr_assert(eq(str, (char *)buffer_text(&events),
                 "begins;ended 2;begins;ended 3;begins;failed division by zero;"
                 "begins;ended [5, 6];"));
    buffer_clear(&events);
    interp.watch_expectations = false;
    interp.watch_top = true;
    cr_assert(run("if true { 1 }\nnone"));
    cr_assert(eq(str, (char *)buffer_text(&events), "begins;ended (no value);begins;ended none;"));
}

Test(eval, tells_whether_somebody_takes_an_error)
{
    calls_taken = calls_untaken = 0;
    cr_assert(run("try { fail \"x\" } catch e { }"));
    cr_assert(run("def f { fail \"x\" }; try { if true { f } } catch e { try { f } catch e { } }"));
    cr_assert(eq(int, calls_taken, 3));
    cr_assert(not(run("try { fail \"x\" } catch e { fail e }")));
    cr_assert(eq(int, calls_untaken, 1));
    interp.watch_expectations = true;
    cr_assert(run("fail \"x\" #=> error x"));
    cr_assert(eq(int, calls_taken, 5));
    cr_assert(eq(uint, interp.takers, 0));
}

Test(eval, repeats_a_statement)
{
    cr_assert(run("n = 0; n = n + 1"));
    const struct node *node = world.programs->block->list.items[1];
    struct value kept = VALUE_UNSET;
    cr_assert(interp_repeat(&interp, node, &kept));
    cr_assert(eq(i64, kept.number, 2));
}

Test(eval, calls_a_function)
{
    cr_assert(run("def f a b { return [b, a] }"));
    struct value args[] = {value_int(1), value_bytes(STR("x"))}, result = VALUE_UNSET;
    const struct definition *f = atomic_load(&world_function(&world, STR("f"))->definition);
    struct interp other;
    interp_init(&other, &host, &waiter, NULL, &traces);
    interp_set_stack(&other, 256 * 1024);
    cr_assert(interp_call(&other, f, args, 2, &result));
    cr_assert(eq(sz, result.list->count, 2));
    cr_assert(str_is(value_str(result.list->items[0]), "x"));
    value_release(result);
    interp_finish(&other);
}
