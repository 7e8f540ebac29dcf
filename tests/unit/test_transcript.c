// test_transcript: what was typed becomes blocks with expectations that hold in another run.

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#include "base/memory.h"
#include "commands/table.h"
#include "lang/eval.h"
#include "lang/program.h"
#include "lesson/transcript.h"
#include "net/handle.h"

static struct transcript transcript;
static struct world world;

static void set_up(void)
{
    commands_install();
    world_init(&world);
}

static void tear_down(void)
{
    transcript_finish(&transcript);
    world_finish(&world);
}

TestSuite(transcript, .init = set_up, .fini = tear_down);

static void add(const char *actor, const char *input, const char *outcome, const char *printed)
{
    transcript_add(&transcript, str_from(actor), str_from(input), str_from(outcome),
                   str_from(printed));
}

static void expect_text(const char *wanted)
{
    struct str got = buffer_str(&transcript.text);
    cr_expect(str_is(got, wanted), "wanted:\n%s\ngot:\n%.*s", wanted, STR_ARG(got));
}

// What the statement's value is shown as.
static const char *shown(const char *statement, struct value value)
{
    static struct buffer text;
    struct reading reading = program_read(&world, STR("t"), str_from(statement), STR("main"), NULL);
    cr_assert(reading.program != NULL, "%s", statement);
    buffer_clear(&text);
    transcript_show(&transcript, reading.program->block->list.items[0], value, &text);
    value_release(value);
    return buffer_text(&text);
}

// A row that nothing frees: one reference stays with this array.
static struct value a_socket(int number)
{
    static struct handle rows[16];
    static size_t count;
    struct handle *handle = &rows[count++ % 16];
    *handle = (struct handle){.fd = number, .is_socket = true};
    atomic_init(&handle->references, 2);
    return value_handle_take(handle);
}

// --- blocks --------------------------------------------------------------------------------------

#define SAY "\n(Say here what happens, and why.)\n\n"

Test(transcript, a_block_for_whoever_types)
{
    add("main", "x = 1\n", "1", "");
    add("main", "print x", "", "1\n2\n");
    add("server", "accept s", "waits", "");
    add("main", "y = 2", "", "");
    expect_text(SAY
                "```socksh\nx = 1                             #=> 1\nprint x\n#| 1\n#| 2\n```\n" SAY
                "```socksh server\naccept s                          #=> waits\n```\n" SAY
                "```socksh\ny = 2\n");
}

Test(transcript, an_outcome_that_comes_later_stands_alone)
{
    add("server", "", "<c>, 127.0.0.1:<port>", "");
    add("server", "", "", "");
    expect_text(SAY "```socksh server\n#=> <c>, 127.0.0.1:<port>\n");
}

Test(transcript, inputs_of_several_lines)
{
    add("main", "def f {\n    print 1\n}\n", "", "");
    add("main", "if true {\n    2\n}", "2", "");
    add("main", "x = \"a text that goes on for longer than where they stand\"", "1", "");
    expect_text(SAY "```socksh\ndef f {\n    print 1\n}\nif true {\n    2\n"
                    "}                                 #=> 2\n"
                    "x = \"a text that goes on for longer than where they stand\" #=> 1\n");
}

#define HEAD_OF_MINE                                                                               \
    "---\ntitle: mine\nminutes: 10\n---\n\n(Say here in two sentences what will be seen.)\n"
#define END "\n(Say here in three lines what was learned.)\n"

static void expect_end(const char *wanted)
{
    struct buffer end = {0};
    transcript_show_end(&transcript, &end);
    cr_expect(eq(str, (char *)buffer_text(&end), (char *)wanted));
    buffer_finish(&end);
}

Test(transcript, the_file_is_whole_at_any_time)
{
    transcript_begin(&transcript, STR("mine"));
    expect_text(HEAD_OF_MINE);
    expect_end(END);
    add("main", "x = 1", "", "");
    expect_text(HEAD_OF_MINE SAY "```socksh\nx = 1\n");
    expect_end("```\n" END);
}

// A lesson may hold none of them.
Test(transcript, characters_that_control_are_any_text)
{
    add("main", "print x", "", "a\033[2Jb\n\377\303\244\n");
    expect_text(SAY "```socksh\nprint x\n#| a...[2Jb\n#| ...\303\244\n");
}

// --- values --------------------------------------------------------------------------------------

Test(transcript, handles_have_names)
{
    cr_expect(eq(str, (char *)shown("s = 1", a_socket(3)), "<s>"));
    cr_expect(eq(str, (char *)shown("s", a_socket(3)), "<s>"));
    cr_expect(eq(str, (char *)shown("socket", a_socket(4)), "<s2>"));
    // The name is taken: another socket of that number is another one.
    cr_expect(eq(str, (char *)shown("s = 1", a_socket(5)), "<s3>"));
    cr_expect(eq(str, (char *)shown("s", a_socket(5)), "<s3>"));
    // A number that is used again, by a socket with a name of its own.
    cr_expect(eq(str, (char *)shown("t = 1", a_socket(3)), "<t>"));
    cr_expect(eq(str, (char *)shown("s", a_socket(3)), "<t>"));
}

static struct value address(const char *text)
{
    struct address address;
    struct diag diag;
    cr_assert(address_parse(str_from(text), &address, &diag), "%s", text);
    return value_address(&address);
}

Test(transcript, ports_of_the_kernel_have_names)
{
    cr_expect(eq(str, (char *)shown("1", address("127.0.0.1:9999")), "127.0.0.1:9999"));
    cr_expect(eq(str, (char *)shown("1", address("127.0.0.1:41234")), "127.0.0.1:<port>"));
    cr_expect(eq(str, (char *)shown("1", address("127.0.0.1:41235")), "127.0.0.1:<port2>"));
    cr_expect(eq(str, (char *)shown("1", address("[::1]:41234")), "[::1]:<port>"));
    cr_expect(eq(str, (char *)shown("1", address("0.0.0.0:41234")), "0.0.0.0:<port>"));
}

Test(transcript, other_values)
{
    cr_expect(eq(str, (char *)shown("1", value_int(5)), "5"));
    cr_expect(eq(str, (char *)shown("1", VALUE_UNSET), ""));
    cr_expect(eq(str, (char *)shown("1", value_bytes(STR("a\n"))), "\"a\\n\""));
    struct value list = value_list(2);
    list.list->items[0] = a_socket(3);
    list.list->items[1] = address("127.0.0.1:50000");
    list.list->count = 2;
    cr_expect(eq(str, (char *)shown("c, peer = [1, 2]", list), "<c>, 127.0.0.1:<port>"));
}

// Long ones are cut between characters, and the rest is any text.
Test(transcript, long_values)
{
    struct buffer text = {0};
    for (int i = 0; i < 100; i++)
        buffer_add_text(&text, "\303\244");
    const char *cut = shown("1", value_bytes(buffer_str(&text)));
    size_t size = strlen(cut);
    cr_expect(size <= 110 && size > 90, "%zu", size);
    cr_expect(eq(str, (char *)cut + size - 3, "..."));
    cr_expect(str_is(str_slice(str_from(cut), size - 5, size), "\303\244..."), "%s", cut);
    buffer_finish(&text);
}
