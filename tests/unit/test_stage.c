// test_stage: what comes of a lesson's statements, and whether a task is done.

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "actor/actor.h"
#include "commands/table.h"
#include "lesson/stage.h"
#include "lesson/task.h"
#include "net/handle.h"
#include "net/wait.h"

static struct session session;
static struct stage stage;
static struct lesson lesson;
static struct buffer told; // "LINE: wanted WANTED, got GOT\n" of each that was not as expected

static void on_write(struct sink *sink, enum stream stream, const struct actor *actor,
                     struct str text)
{
    (void)sink, (void)actor;
    stage_keep_written(&stage, stream, text);
}

static void on_finished(void *context, struct actor *actor, const struct job *job)
{
    (void)context;
    stage_keep_finished(&stage, actor, (struct job *)job);
}

static void on_tell(void *context, const struct verdict *verdict)
{
    (void)context;
    if (verdict->good)
        return;
    struct place place = source_place(&verdict->program->source, verdict->range.start);
    buffer_print(&told, "%u: wanted %.*s, got %.*s\n", place.line, STR_ARG(verdict->wanted),
                 STR_ARG(verdict->got));
}

static void set_up(void)
{
    static struct sink sink = {.write = on_write};
    // Statements name handles by their numbers: the first is 30, whatever the runner holds open.
    while (dup(STDIN_FILENO) < 29)
        continue;
    wait_start();
    commands_install();
    handles_keep_records(true);
    session_init(&session, &sink);
    session.observer = (struct observer){.finished = on_finished};
    stage = (struct stage){.session = &session, .path = "en.md", .fd = -1, .tell = on_tell};
    cr_assert(stage_begin(&stage));
}

static void tear_down(void)
{
    stage_finish(&stage);
    session_finish(&session);
    lesson_finish(&lesson);
    buffer_finish(&told);
}

TestSuite(stage, .init = set_up, .fini = tear_down, .timeout = 30);

static void read_lesson(const char *body)
{
    struct lesson_mistake mistake;
    struct buffer text = {0};
    buffer_print(&text, "---\ntitle: T\nminutes: 5\n---\n%s", body); // four lines
    lesson_finish(&lesson);
    cr_assert(lesson_read_text("en.md", buffer_str(&text), &lesson, &mistake), "%s", mistake.text);
    buffer_finish(&text);
}

static bool run_step(const struct step *step)
{
    struct scene scene;
    struct line line;
    struct buffer why = {0};
    bool good = stage_read(&stage, step, &scene, &why);
    cr_assert(good, "%s", buffer_text(&why));
    buffer_finish(&why);
    for (size_t at = 0; good && (line = scene_line(&scene, &at)).count > 0;)
        good = stage_run(&stage, &scene, &line);
    return good;
}

// Runs all blocks, as long as they come out as expected. What does not is told.
static const char *run(const char *body)
{
    buffer_clear(&told);
    read_lesson(body);
    for (size_t i = 0; i < lesson.count; i++)
        if (lesson.steps[i].code.passage.line > 0 && !run_step(&lesson.steps[i]))
            break;
    return buffer_text(&told);
}

#define EXPECT(body, wanted)                                                                       \
    do {                                                                                           \
        const char *got = run(body);                                                               \
        cr_expect(strcmp(got, wanted) == 0, "wanted \"%s\", got \"%s\"", wanted, got);             \
    } while (0)

#define EXPECT_BEGIN(body, wanted)                                                                 \
    do {                                                                                           \
        const char *got = run(body);                                                               \
        cr_expect(strncmp(got, wanted, strlen(wanted)) == 0, "wanted \"%s\", got \"%s\"", wanted,  \
                  got);                                                                            \
    } while (0)

// --- values --------------------------------------------------------------------------------------

Test(stage, what_is_as_expected)
{
    EXPECT(
        "```socksh\n1 + 1 #=> 2\nx = [1, 2] #=> [<a>, 2]\na, b = x #=> <a>, <b>\nx[1] #=> <b>\n"
        "def f { } #=> done\nclose 400 #=> error EBADF\nfail \"on purpose\" #=> error on purpose\n"
        "print \"one\\ntwo\" #| one\n#| ...\n1; 2 #=> 2\n```\n",
        "");
}

Test(stage, what_is_not)
{
    EXPECT("```socksh\n1 + 1 #=> 3\n```\n", "6: wanted 3, got 2\n");
    EXPECT("```socksh\n1 #=> 1\n```\ntext\n```socksh\n[1, 2] #=> [<a>, <a>]\n```\n",
           "10: wanted [<a>, <a>], got [1, 2]\n");
    EXPECT("```socksh\n1 #=> <c>\n2 #=> <c>\n```\n", "7: wanted 1, got 2\n");
    EXPECT("```socksh\nclose 400 #=> done\n```\n", "6: wanted done, got error EBADF: no handle"
                                                   " has the number 400\n");
    EXPECT_BEGIN("```socksh\nclose 400\n```\n", "6: wanted done, got error EBADF: ");
    EXPECT_BEGIN("```socksh\nclose 400 #=> error EINVAL\n```\n",
                 "6: wanted error EINVAL, got error EBADF: ");
    EXPECT("```socksh\nx = 1 #=> error EBADF\n```\n", "6: wanted error EBADF, got 1\n");
    EXPECT("```socksh\nx = 1 #=> waits\n```\n", "6: wanted waits, got 1\n");
}

// What stands behind a line that is wrong would build on it.
Test(stage, nothing_runs_behind_a_wrong_line)
{
    EXPECT("```socksh\nx = 5\nx #=> 6\nx = 7\n```\n", "7: wanted 6, got 5\n");
    EXPECT("```socksh\nx #=> 5\n```\n", "");
}

Test(stage, printed_lines)
{
    EXPECT("```socksh\nprint 1 #| 2\n```\n", "6: wanted 2, got 1\n");
    EXPECT("```socksh\nx = 1 #| 1\n```\n", "6: wanted 1, got (nothing was printed)\n");
    EXPECT("```socksh\nprint 1\nx = 1 #| 1\n```\n", "7: wanted 1, got (nothing was printed)\n");
    EXPECT("```socksh\nprint 1; print 2 #| 1\n#| 3\n```\n", "7: wanted 3, got 2\n");
    // `...` alone is any number of lines, up to the one that is wanted next.
    EXPECT("```socksh\nprint \"a\\nb\\nc\\nd\" #| ...\n#| c\n#| d\n```\n", "");
    EXPECT("```socksh\nprint 1 #| ...\n#| 1\n#| ...\n```\n", "");
    EXPECT("```socksh\nprint \"a\\nb\\nc\" #| ...\n#| b\n#| d\n```\n", "8: wanted d, got c\n");
    EXPECT("```socksh\nprint \"a\\nb\" #| ...\n#| c\n```\n", "7: wanted c, got a\n");
    EXPECT("```socksh\nprint 1 #| ...\nprint 2 #| 1\n```\n", "7: wanted 1, got 2\n");
    // By whomever it was printed.
    EXPECT(
        "```socksh\na, b = socketpair #=> ...\n```\n```socksh r\nprint (recv 30 9) #=> waits\n```\n"
        "```socksh\nsend b \"x\"\n#| x\n```\n",
        "");
}

// What is written with looks is compared without them.
Test(stage, styled_lines)
{
    session.shows_looks = true;
    EXPECT("```socksh\na = socket; listen a\n```\n```socksh\nhandles\n#| ...\n"
           "#| ...30...LISTEN...\n```\n",
           "");
}

// --- waiting -------------------------------------------------------------------------------------

#define PAIR "```socksh\na, b = socketpair #=> <a>, <b>\n```\n" // three lines

Test(stage, a_statement_is_left_waiting)
{
    EXPECT(PAIR "```socksh r\nrecv 30 9 #=> waits\n```\n```socksh\nsend b \"x\" #=> 1\n```\n"
                "```socksh r\n#=> \"x\"\n```\n",
           "");
    EXPECT("```socksh r\nrecv 30 9 #=> waits\n```\n```socksh\nsend b \"y\"\n```\n"
           "```socksh r\n#=> \"x\"\n```\n",
           "12: wanted \"x\", got \"y\"\n");
}

Test(stage, several_are_left_waiting)
{
    EXPECT(PAIR
           "```socksh\nc, d = socketpair #=> <c>, <d>\n```\n```socksh r\nrecv 30 9 #=> waits\n```\n"
           "```socksh q\nrecv 32 9 #=> waits\n```\n"
           "```socksh\nsend d \"2\"\nsend b \"1\"\n```\n```socksh r\n#=> \"1\"\n```\n"
           "```socksh q\n#=> \"2\"\n```\n",
           "");
}

Test(stage, a_statement_that_waits_unexpectedly)
{
    EXPECT(PAIR "```socksh r\nrecv 30 9\n```\n",
           "9: wanted that it ends; \"waits\" is for one that is left waiting, got main: idle; r: "
           "waiting in recv 30 for 5 s (nothing was sent to it)\n");
}

Test(stage, an_actor_that_cannot_begin)
{
    EXPECT(PAIR "```socksh r\nrecv 30 9 #=> waits\nprint 1\n```\n",
           "10: wanted that this actor can begin, got main: idle; r: waiting in recv 30 for 5 s "
           "(nothing was sent to it)\n");
}

Test(stage, nothing_was_left_waiting)
{
    EXPECT("```socksh\nx = 1\n#=> 1\n```\n",
           "7: wanted the end of a statement that was left waiting, got main: idle\n");
}

Test(stage, what_was_given_with_at)
{
    EXPECT(PAIR
           "```socksh\n@r recv 30 9 #=> waits\nsend b \"x\"\n```\n```socksh r\n#=> \"x\"\n```\n",
           "");
}

Test(stage, failures_that_nobody_asked_for)
{
    EXPECT(PAIR "```socksh r\nrecv 30 9 #=> waits\n```\n```socksh\nclose a\n```\n", "");
    cr_expect(eq(u32, stage_tell_left(&stage), 1));
    cr_expect(eq(int, strncmp(buffer_text(&told), "9: wanted that it does not fail", 31), 0), "%s",
              buffer_text(&told));
    // One that is expected is nobody's fault.
    EXPECT("```socksh r\n#=> error EBADF\n```\n", "");
    cr_expect(eq(u32, stage_tell_left(&stage), 0));
}

// --- the kernel's state --------------------------------------------------------------------------

Test(stage, a_state_is_asked_again)
{
    EXPECT("```socksh\nl = socket; bind l 127.0.0.1:0; listen l\nc = socket; connect c "
           "(getsockname l)\n"
           "s, peer = accept l\nclose c\nstate s #=> \"CLOSE_WAIT\"\nqueued s #=> 0, 0\n```\n",
           "");
}

Test(stage, what_stands_before_a_question_is_not_done_again)
{
    EXPECT("```socksh\nn = 0; s = socket\nn = n + 1; state s #=> \"LISTEN\"\n```\n",
           "7: wanted \"LISTEN\", got \"CLOSED\"\n");
    EXPECT("```socksh\nn #=> 1\n```\n", "");
}

// --- questions -----------------------------------------------------------------------------------

static size_t foretold(const char *statement, const char *answers)
{
    struct buffer body = {0};
    buffer_print(&body, "```predict\nA?\n%sr\n```\n```socksh\n%s\n```\n", answers, statement);
    run(buffer_text(&body));
    buffer_finish(&body);
    return stage_foretold(&stage, &lesson.steps[0].question);
}

Test(stage, foretold)
{
    cr_expect(eq(sz, foretold("1", "- [x] a #=> 1\n- [ ] b #=> 2\n"), 0));
    cr_expect(eq(sz, foretold("2", "- [x] a #=> 1\n- [ ] b #=> 2\n"), 1));
    cr_expect(eq(sz, foretold("3", "- [x] a #=> 1\n- [ ] b #=> 2\n"), SIZE_MAX));
    cr_expect(eq(sz, foretold("1", "- [x] a #=> 1\n- [ ] b #=> ...\n"), SIZE_MAX));
    cr_expect(eq(sz, foretold("close 400", "- [ ] a #=> done\n- [x] b #=> error EBADF\n"), 1));
    cr_expect(eq(sz, foretold("close (socket)", "- [x] a #=> done\n- [ ] b #=> waits\n"), 0));
}

// --- tasks ---------------------------------------------------------------------------------------

// Runs the statements, of which the last block is the task, and asks its check.
static bool is_done(const char *before, const char *answer, const char *check)
{
    struct buffer body = {0}, why = {0};
    buffer_print(&body, "%s```socksh client task\n%s\n```\n```check\n%s\n```\n", before, answer,
                 check);
    cr_expect(eq(str, (char *)run(buffer_text(&body)), ""));
    const struct step *task = &lesson.steps[lesson.count - 1];
    cr_expect(task_read(&stage, task, &why), "%s: %s", check, buffer_text(&why));
    bool done = task_is_done(&stage, task);
    buffer_finish(&why);
    buffer_finish(&body);
    return done;
}

Test(stage, a_check_finds_a_handle)
{
    cr_expect(is_done("", "x = socket; bind x 127.0.0.1:0", "(state ?c) == \"CLOSED\""));
    // Later blocks know it by the page's name.
    EXPECT("```socksh client\nc == x #=> true\n```\n", "");
    cr_expect(not(is_done("", "close x", "(state ?c) == \"CLOSED\"")));
    // Another actor's is none.
    EXPECT("```socksh other\ny = socket #=> ...\n```\n", "");
    cr_expect(not(is_done("", "z = 1", "(state ?c) == \"CLOSED\"")));
}

Test(stage, a_check_with_two_handles)
{
    static const char both[] = "(getsockopt ?a SO_TYPE) == SOCK_STREAM\n"
                               "(getsockopt ?b SO_TYPE) == SOCK_DGRAM";
    cr_expect(not(is_done("", "x = socket", both)));
    cr_expect(is_done("", "y = socket AF_INET SOCK_DGRAM", both));
    EXPECT("```socksh client\na == x and b == y #=> true\n```\n", "");
    // One handle cannot be both of two names.
    EXPECT("```socksh client\nclose x; close y\n```\n", "");
    cr_expect(not(is_done("", "x = socket", "(state ?m) == \"CLOSED\"\n(state ?n) == \"CLOSED\"")));
    cr_expect(is_done("", "y = socket", "(state ?m) == \"CLOSED\"\n(state ?n) == \"CLOSED\""));
}

Test(stage, a_check_with_three_names)
{
    static const char three[] = "(state ?l) == \"LISTEN\"\n(getpeername ?c) == (getsockname ?l)\n"
                                "(getpeername ?s) == (getsockname ?c)";
    cr_expect(not(is_done("", "one = socket; bind one 127.0.0.1:0; listen one", three)));
    cr_expect(not(is_done("", "two = socket; connect two (getsockname one)", three)));
    cr_expect(is_done("", "three, peer = accept one", three));
    EXPECT("```socksh client\n[l, c, s] == [one, two, three] #=> true\n```\n", "");
}

Test(stage, question_marks_in_strings)
{
    cr_expect(is_done("", "x = 1", "\"a ?b c\" == 'a ?b c'\n1 == 1"));
}

Test(stage, plain_names_of_a_check)
{
    cr_expect(not(is_done("", "x = socket", "(state k) == \"CLOSED\"")));
    cr_expect(is_done("", "k = socket", "(state k) == \"CLOSED\""));
    cr_expect(not(is_done("", "k = 1", "(state k) == \"CLOSED\"")));
    // Closed, but still known by its name.
    cr_expect(is_done("", "m, n = socketpair; send m \"Sarah\"; close m", "(sent m) == \"Sarah\""));
}

Test(stage, a_check_that_fails_is_false)
{
    cr_expect(not(is_done("", "x = 1", "1 / 0 == 1")));
    cr_expect(not(is_done("", "x = socket", "(getpeername ?c) == 127.0.0.1:1")));
    cr_expect(not(is_done("", "x = 1", "(load \"nowhere\") == \"\"")));
    cr_expect(not(is_done("", "x = 1", "none")));
    cr_expect(not(is_done("", "x = 1", "1 == 1\n1 == 2")));
}

// What changes something, waits or names too much is no condition.
Test(stage, what_is_no_condition)
{
    static const char *const wrong[] = {
        "x = 1",
        "print 1",
        "send ?c \"a\"",
        "(accept ?c)",
        "close ?c",
        "sleep 1s",
        "(socket)",
        "if true { 1 }",
        "(input)",
        "spawn f",
        "(recv ?c 1)",
        "?a ?b",
        "(state ?a",
        "conect ?c",
        "\"{(recv ?c 1)}\"",
        "?a == ?b == ?c == ?d",
        "@client 1",
        "setsockopt ?c SO_REUSEADDR 1",
        "quit",
        "shell \"ls\"",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct buffer body = {0}, why = {0};
        buffer_print(&body, "```socksh task\n1\n```\n```check\n1 == 1\n%s\n```\n", wrong[i]);
        read_lesson(buffer_text(&body));
        cr_expect(not(task_read(&stage, &lesson.steps[0], &why)), "%s", wrong[i]);
        cr_expect(eq(int, strncmp(buffer_text(&why), "en.md:10:", 9), 0), "%s: %s", wrong[i],
                  buffer_text(&why));
        cr_expect(not(task_is_done(&stage, &lesson.steps[0])), "%s", wrong[i]);
        buffer_finish(&body);
        buffer_finish(&why);
    }
}

// An empty check is no check.
Test(stage, a_check_without_conditions)
{
    cr_expect(not(is_done("", "x = 1", "# nothing")));
}

// --- whoever types -------------------------------------------------------------------------------

static bool try_lines(const char *text, const char *actor)
{
    struct scene scene;
    struct line line;
    struct buffer why = {0};
    bool good = stage_read_passage(&stage, (struct passage){str_from(text), 1}, str_from(actor),
                                   &scene, &why);
    cr_assert(good, "%s", buffer_text(&why));
    buffer_finish(&why);
    for (size_t at = 0; good && (line = scene_line(&scene, &at)).count > 0;)
        good = stage_try(&stage, &scene, &line);
    return good;
}

Test(stage, answers_may_fail_and_wait)
{
    cr_expect(try_lines("close 400\na, b = socketpair\nrecv a 1\nx = 1\n", "client"));
    // The actor waits: what stood behind was not run.
    EXPECT("```socksh\nsend 31 \"x\"\n(blocked client) == none #=> true\n```\n", "");
    EXPECT_BEGIN("```socksh client\na == 30 #=> ...\n```\n", "");
}

Test(stage, the_run_is_over)
{
    cr_expect(not(try_lines("quit\nx = 1\n", "client")));
}

Test(stage, may_be_finished_twice)
{
    stage_finish(&stage);
    cr_assert(eq(ptr, stage.self, NULL));
    stage_finish(&stage); // and again when the test is torn down
}
