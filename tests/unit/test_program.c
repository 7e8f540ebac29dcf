// test_program: programs that follow one another in a world, as at a prompt, and files that others
// source.

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands/table.h"
#include "lang/program.h"

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

TestSuite(program, .init = set_up, .fini = tear_down);

static struct reading typed_by(const char *actor, const char *text)
{
    return program_read(&world, STR(""), str_from(text), str_from(actor), NULL);
}

static struct reading typed(const char *text)
{
    return typed_by("main", text);
}

static const struct program *good(const char *text)
{
    struct reading reading = typed(text);
    cr_assert(ne(ptr, reading.program, NULL), "%s: %s", text, reading.diag.message);
    return reading.program;
}

static uint32_t slot(const char *name)
{
    return names_find(&world_scope(&world, STR("main"))->names, str_from(name));
}

// --- what outlives a program -------------------------------------------------------------------

Test(program, leaves_its_variables)
{
    cr_assert(eq(u32, good("a = 1")->slots, 2));
    cr_assert(eq(u32, good("b = a")->slots, 3));
    cr_assert(eq(u32, good("a = b; c = a")->slots, 4));
    cr_assert(eq(u32, slot("args"), 0));
    cr_assert(eq(u32, slot("a"), 1));
    cr_assert(eq(u32, slot("c"), 3));
    cr_assert(eq(ptr, typed_by("other", "print a").program, NULL));
    cr_assert(eq(str, typed_by("other", "print a").diag.hint,
                 "main has a variable a; this is other, and actors share none"));
}

Test(program, leaves_nothing_when_it_fails)
{
    good("a = 1");
    static const char *const failing[] = {
        "b = 1; nosuch",                      // a name
        "b = 1; print (",                     // syntax
        "b = 1; @new c = 1; @new print d",    // in a new actor
        "def f { }; b = 1; listen",           // a count
        "def f { }; def g { b = 1; nosuch }", // in a function
        "b, c = [1, 2, 3]",
    };
    for (size_t i = 0; i < sizeof failing / sizeof *failing; i++) {
        cr_assert(eq(ptr, typed(failing[i]).program, NULL), "%s", failing[i]);
        cr_assert(eq(u32, slot("b"), NAME_MISSING), "%s", failing[i]);
        cr_assert(eq(u32, world_scope(&world, STR("main"))->names.count, 2));
        cr_assert(eq(u32, world_scope(&world, STR("new"))->names.count, 1));
        cr_assert(eq(ptr, world_function(&world, STR("f")), NULL), "%s", failing[i]);
        cr_assert(eq(u32, world.function_names.count, 0));
    }
    cr_assert(eq(u32, good("z = a")->slots, 3)); // the next one gets the slot
}

// Whether the text reads well, said without keeping anything.
static bool tried(const char *text, struct diag *diag)
{
    *diag = (struct diag){0};
    return program_try(&world, str_from(text), STR("main"), diag);
}

Test(program, leaves_nothing_when_it_is_tried)
{
    struct diag diag;
    good("a = 1; def f x { }");
    const struct program *newest = world.programs;
    typed("nosuch"); // the source of the last failed reading is still there afterwards
    const struct program *failed = world.failed;
    cr_assert(tried("b = a; @new c = 1; def g { }; g; source no.such.file; f 1", &diag));
    cr_assert(not(tried("b = a; @newer c = 1; f", &diag)));
    cr_assert(eq(str, diag.message, "f lacks its x"));
    cr_assert(eq(sz, diag.range.start, 21));
    cr_assert(not(tried("loop {", &diag)));
    cr_assert(diag.incomplete);
    cr_assert(eq(ptr, (void *)world.programs, (void *)newest));
    cr_assert(eq(ptr, (void *)world.failed, (void *)failed));
    cr_assert(eq(u32, world.function_names.count, 1));
    cr_assert(eq(u32, slot("b"), NAME_MISSING));
    cr_assert(eq(ptr, world.scopes->next, NULL));
}

Test(program, leaves_its_functions)
{
    good("def f a { return a }");
    const struct function *f = world_function(&world, STR("f"));
    cr_assert(ne(ptr, (void *)f, NULL));
    cr_assert(eq(ptr, good("f 1")->block->list.items[0]->call.function, (void *)f));
    cr_assert(eq(str, typed("f").diag.message, "f lacks its a"));
    cr_assert(eq(str, typed("f = 1").diag.message,
                 "\"f\" is a function and cannot be the name of a variable"));
}

// Callers hold the function, not its version: whoever defines it again means all of them.
Test(program, defines_a_function_again)
{
    good("def f a { return a }");
    struct function *f = world_function(&world, STR("f"));
    const struct definition *first = atomic_load(&f->definition);
    good("def f a b { return b }");
    cr_assert(eq(ptr, world_function(&world, STR("f")), f));
    cr_assert(ne(ptr, (void *)atomic_load(&f->definition), (void *)first));
    cr_assert(eq(sz, atomic_load(&f->definition)->param_count, 2));
    cr_assert(eq(ptr, typed("def f c { nosuch }").program, NULL)); // a bad version changes nothing
    cr_assert(eq(sz, atomic_load(&f->definition)->param_count, 2));
    good("f 1 2");
    good("def f { f }");
    cr_assert(eq(u32, world.function_names.count, 1));
}

Test(program, keeps_variables_and_functions_apart)
{
    good("v = 1; @other w = 1");
    cr_assert(
        eq(str, typed("def v { }").diag.message, "\"v\" is a variable and cannot be a function"));
    cr_assert(
        eq(str, typed("def w { }").diag.message, "\"w\" is a variable and cannot be a function"));
    cr_assert(eq(str, typed("def x { }\nx = 1").diag.message,
                 "\"x\" is a function and cannot be the name of a variable"));
    good("def y x { }; x = 1"); // a parameter is the function's own
    cr_assert(
        eq(str, typed("def x { }").diag.message, "\"x\" is a variable and cannot be a function"));
}

// A word that looks like a definition is none where it is an argument.
Test(program, takes_no_word_for_a_definition)
{
    good("hosts def web; hosts a def");
    good("web = 1; print web");
    good("print \"def inside { }\"; inside = 1");
    good("# def comment { }\ncomment = 1");
}

Test(program, knows_functions_wherever_they_are_defined)
{
    good("f 1; if true { def f a { g } }; @x def g { }; @x.1 { def h { } }; h; loop { def i { }; "
         "break }; i");
}

Test(program, keeps_no_failed_programs)
{
    for (int i = 0; i < 100; i++) {
        struct reading reading = typed("x = \"a long text\"; print nosuch");
        cr_assert(eq(ptr, reading.program, NULL));
        cr_assert(str_starts(reading.source->text, STR("x = \"a long")));
        cr_assert(eq(ptr, world.programs, NULL));
        cr_assert(ne(ptr, world.failed, NULL));
        cr_assert(eq(ptr, world.failed->next, NULL));
    }
    good("x = 1");
    cr_assert(eq(ptr, world.failed, NULL));
}

// --- files -------------------------------------------------------------------------------------

static const struct {
    const char *name, *text;
} files[] = {
    {"lib", "def helper a { return a }\nshared = 5\n"},
    {"deep", "source lib\ndef second { helper 1 }\n"},
    {"bad", "x = 1\n  print nosuch\n"},
    {"syntax", "print (\n"},
    {"self", "source self"},
    {"ping", "source pong"},
    {"pong", "print 1\nsource ping"},
    {"quoted name", "q = 1"},
    {"empty", ""},
    {"uses", "print outer; f 1"},
};

static unsigned loads;

static bool load(struct str file, struct buffer *text, char *why, size_t why_size)
{
    loads++;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        if (str_is(file, files[i].name)) {
            buffer_add_text(text, files[i].text);
            return true;
        }
    }
    if (str_starts(file, STR("tree"))) { // each of these sources two others
        buffer_print(text, "source %.*s0\nsource %.*s1\n", STR_ARG(file), STR_ARG(file));
        return true;
    }
    snprintf(why, why_size, "no such file");
    return false;
}

static struct reading loaded(const char *text)
{
    return program_read(&world, STR("t"), str_from(text), STR("main"), load);
}

Test(program, reads_the_files_it_sources)
{
    struct reading reading =
        loaded("print (helper 1)\nsource deep\nsecond\nprint shared\nsource empty");
    cr_assert(ne(ptr, reading.program, NULL), "%s", reading.diag.message);
    cr_assert(eq(sz, reading.program->includes.count, 2));
    const struct program *deep = reading.program->sourced[0];
    cr_assert(str_is(deep->source.name, "deep"));
    cr_assert(str_is(deep->sourced[0]->source.name, "lib"));
    cr_assert(
        ne(ptr, (void *)atomic_load(&world_function(&world, STR("helper"))->definition), NULL));
    cr_assert(eq(u32, slot("shared"), 1));
    reading = loaded("source \"quoted name\"; print q; if true { source 'empty' }");
    cr_assert(ne(ptr, reading.program, NULL), "%s", reading.diag.message);
    reading = loaded("outer = 1; source uses; def f x { }");
    cr_assert(ne(ptr, reading.program, NULL), "%s", reading.diag.message);
}

static const struct {
    const char *text, *name, *message;
    size_t start;
} mistakes[] = {
    {"source bad", "bad", "nothing sets a variable \"nosuch\"", 14},
    {"print 1; source syntax", "syntax", "this ( is not closed", 6},
    {"source nofile", "t", "cannot source \"nofile\": no such file", 7},
    {"source self", "self", "cannot source \"self\": it is being read already: it sources itself",
     7},
    {"source ping", "pong", "cannot source \"ping\": it is being read already: it sources itself",
     15},
    {"source t", "t", "cannot source \"t\": it is being read already: it sources itself", 7},
    {"source tree", "tree00000000000000",
     "cannot source \"tree000000000000000\": files source one another too deeply", 7},
    {"def f { source lib }", "t", "\"source\" has a place only outside functions", 8},
    {"source lib; def helper { }", "lib", "there are two functions \"helper\"", 4},
    {"source", "t", "source wants one file, written out", 0},
};

Test(program, tells_mistakes_of_files_where_they_stand)
{
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        struct reading reading = loaded(mistakes[i].text);
        cr_assert(eq(ptr, reading.program, NULL), "%s", mistakes[i].text);
        cr_expect(eq(str, reading.diag.message, (char *)mistakes[i].message), "%s",
                  mistakes[i].text);
        cr_expect(str_is(reading.source->name, mistakes[i].name), "%s", mistakes[i].text);
        cr_expect(eq(sz, reading.diag.range.start, mistakes[i].start), "%s", mistakes[i].text);
        cr_expect(eq(ptr, world.programs, NULL));
    }
}

// Depth alone bounds nothing where each file sources two others.
Test(program, reads_a_bounded_number_of_files)
{
    cr_assert(eq(ptr, loaded("source tree").program, NULL));
    cr_assert(lt(uint, loads, 5000));
}

Test(program, sources_nothing_without_a_loader)
{
    cr_assert(
        eq(str, typed("source lib").diag.message, "cannot source \"lib\": no files are read here"));
}

// --- damage ------------------------------------------------------------------------------------

static const char whole[] =
    "#!/usr/bin/env socksh\n"
    "def tcplink sock addr {\n"
    "    print \"Accept {addr}, {(1 + 2)} {len addr}\" # \xE4\xBD\xA0\n"
    "    loop { data = recv sock 1024; sleep 1s\n"
    "        if data == \"\" or data == 'exit' { break } else if not data in [1, 2] { continue } "
    "else { }\n"
    "        send sock \"Hello, {data}!\\r\\n\\x00\\{\" MSG_PEEK|MSG_OOB }\n"
    "    return [sock, [1][0], -5, - 6]\n"
    "}\n"
    "s = socket AF_INET SOCK_STREAM\n"
    "setsockopt s SO_REUSEADDR 1; bind s [::1]:9999; listen s 0x1f\n"
    "try { sock, addr = accept s } catch e { print (e == EINTR) \\\n \"x\" }\n"
    "for h, ev in poll [s, [s, POLLIN]] 500ms { append page h; page = page + [ev] }\n"
    "while d = recv s 10 { } #=> ...\n"
    "page = []\n"
    "@server.1 { c = spawn tcplink 3 \"*:80\"; join c; join server.1 }\n"
    "@client connect 3 unix:/tmp/x; source lib; hosts web 127.0.0.1:80; x = (1 | 2 & 3 * 4 % 5 / "
    "6)\n"
    "#| printed\n";

static size_t damage(char *text, size_t size)
{
    static const char octets[] = "\"'{}()[]\\\n\r\t #;,.:|&=<>@*%/-+_0aZ\0\x1B\x7F\x80\xC3\xE4\xFF";
    size_t at = (size_t)rand() % size, count = (size_t)rand() % 8 + 1;
    if (count > size - at)
        count = size - at;
    switch (rand() % 4) {
    case 0: // octets go
        memmove(text + at, text + at + count, size - at - count);
        return size - count;
    case 1: // octets come twice
        memmove(text + at + count, text + at, size - at);
        return size + count;
    case 2: // another octet
        text[at] = octets[(size_t)rand() % (sizeof octets - 1)];
        return size;
    default: // the text ends here
        return rand() % 8 ? size : at;
    }
}

Test(program, survives_damage)
{
    unsigned refused = 0;
    srand(9);
    cr_assert(eq(str, loaded(whole).diag.message, ""));
    for (int round = 0; round < 8000; round++) {
        char *text = malloc(sizeof whole + 100);
        size_t size = sizeof whole - 1;
        memcpy(text, whole, size);
        for (int i = rand() % 4; i >= 0 && size > 8; i--)
            size = damage(text, size);
        text = realloc(text, size + 1); // so that the sanitizer sees the end
        if (round % 200 == 0) {
            tear_down();
            world_init(&world);
        }
        struct reading reading =
            program_read(&world, STR("t"), (struct str){text, size}, STR("main"), load);
        if (reading.program == NULL) {
            struct buffer shown = {0};
            refused++;
            cr_assert(ne(int, reading.diag.message[0], '\0'));
            cr_assert(le(sz, reading.diag.range.start, reading.diag.range.end));
            cr_assert(le(sz, reading.diag.range.end, reading.source->text.size));
            source_show_diag(reading.source, &reading.diag, &shown);
            cr_assert(eq(ptr, memchr(shown.data, '\x1B', shown.size), NULL));
            buffer_finish(&shown);
        }
        free(text);
    }
    cr_assert(gt(uint, refused, 4000));
    cr_assert(lt(uint, refused, 8000));
}
