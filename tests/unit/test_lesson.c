// test_lesson: what is read from a lesson's file, and each mistake that its author can make.

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "lesson/answers.h"
#include "lesson/lesson.h"

static struct lesson lesson;
static struct lesson_mistake mistake;

static void tear_down(void)
{
    lesson_finish(&lesson);
}

TestSuite(lesson, .fini = tear_down);

#define HEAD "---\ntitle: T\nminutes: 5\n---\n" // four lines

static bool read_text(const char *text)
{
    lesson_finish(&lesson);
    return lesson_read_text("lessons/05-hello/en.md", str_from(text), &lesson, &mistake);
}

static void expect_text(struct str got, const char *wanted)
{
    cr_expect(str_is(got, wanted), "wanted \"%s\", got \"%.*s\"", wanted, STR_ARG(got));
}

static void expect_passage(struct passage got, unsigned line, const char *wanted)
{
    cr_expect(got.line == line, "%s: line %u, not %u", wanted, got.line, line);
    expect_text(got.text, wanted);
}

// --- what is read --------------------------------------------------------------------------------

Test(lesson, head_and_name)
{
    cr_assert(read_text("---\ntitle: Hello: over TCP\nreplays:  W3 \n\ncorrects: A8.5, A8.6\n"
                        "minutes: 10\n---\nprose\n"));
    expect_text(lesson.title, "Hello: over TCP");
    expect_text(lesson.replays, "W3");
    expect_text(lesson.corrects, "A8.5, A8.6");
    expect_text(lesson.minutes, "10");
    expect_text(lesson.name, "hello");
    expect_text(lesson.language, "en");
    cr_assert(eq(int, lesson.number, 5));
}

Test(lesson, name_without_a_number)
{
    static const struct {
        const char *path, *name, *language;
        int number;
    } rows[] = {
        {"en.md", "en", "en", -1},
        {"mine.md", "mine", "mine", -1},
        {"a/b/zh.md", "zh", "zh", -1},
        {"/x/007-udp/zh.md", "udp", "zh", 7},
        {"-1/en.md", "en", "en", -1},
        {"x-1/en.md", "en", "en", -1},
        {"00-terminals/en.md", "terminals", "en", 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        lesson_finish(&lesson);
        cr_expect(lesson_read_text(rows[i].path, STR(HEAD), &lesson, &mistake));
        expect_text(lesson.name, rows[i].name);
        expect_text(lesson.language, rows[i].language);
        cr_expect(eq(int, lesson.number, rows[i].number));
    }
}

static const char whole[] = HEAD            // 1 to 4
    "\n"                                    // 5
    "One.\n\n"                              // 6
    "```text\nshown\n```\n"                 // 8
    "```socksh server private\n"            // 11
    "s = socket\n\n# a comment\nlisten s\n" // 12
    "```\n\n"                               // 16
    "Two.\n"                                // 18
    "```predict\nWhich?\nOr not?\n"         // 19
    "- [ ] this   #=> error EPIPE\n"        // 22
    "- [x] that #=> done\n\n"               // 23
    "Because.\n\nSo.\n```\n"                // 25
    "```socksh ordinary\n1 #=> 1\n```\n"    // 29
    "```notes\nAsk.\n```\n"                 // 32
    "```program a.socksh\nprint 1\n```\n"   // 35
    "```socksh client task\nx = 1\n```\n"   // 38
    "```hint\nfirst\n```\n"                 // 41
    "```check\ntrue\n```\n"                 // 44
    "```hint\nsecond\n```\n"                // 47
    "````challenge\nHarder.\n```\n````\n"   // 50
    "```socksh task\ny = 2\n```\n"          // 54
    "~~~check\nfalse\n~~~\n"                // 57
    "The end.\n";                           // 60

Test(lesson, steps)
{
    cr_assert(read_text(whole), "%u: %s", mistake.line, mistake.text);
    cr_assert(eq(sz, lesson.count, 5));
    const struct step *step = lesson.steps;
    expect_passage(step[0].page, 6, "One.\n\n```text\nshown\n```\n");
    expect_passage(step[0].code.passage, 12, "s = socket\n\n# a comment\nlisten s\n");
    expect_text(step[0].code.actor, "server");
    cr_expect(step[0].code.needs_network && !step[0].code.ordinary && !step[0].code.task);
    expect_passage(step[1].page, 18, "Two.\n");
    expect_text(step[1].code.actor, "main");
    cr_expect(step[1].code.ordinary && !step[1].code.needs_network);
    expect_passage(step[1].notes, 33, "Ask.\n");
    expect_passage(step[2].page, 35, "```program a.socksh\nprint 1\n```\n");
    cr_expect(step[2].code.task);
    expect_passage(step[2].check, 45, "true\n");
    cr_assert(eq(sz, step[2].hint_count, 2));
    expect_passage(step[2].hints[0], 42, "first\n");
    expect_passage(step[2].hints[1], 48, "second\n");
    expect_passage(step[3].challenge, 51, "Harder.\n```\n");
    expect_passage(step[3].check, 58, "false\n");
    expect_passage(step[4].page, 60, "The end.\n");
    cr_expect(eq(u32, step[4].code.passage.line, 0));
    for (unsigned i = 0; i < lesson.count; i++)
        cr_expect(eq(u32, step[i].number, i + 1));
}

Test(lesson, question)
{
    cr_assert(read_text(whole));
    const struct question *question = &lesson.steps[1].question;
    expect_passage(question->ask, 20, "Which?\nOr not?");
    cr_assert(eq(sz, question->count, 2));
    expect_passage(question->options[0].text, 22, "this");
    expect_text(question->options[0].outcome, "error EPIPE");
    cr_expect(not(question->options[0].right));
    expect_passage(question->options[1].text, 23, "that");
    expect_text(question->options[1].outcome, "done");
    cr_expect(question->options[1].right);
    expect_text(question->reason, "Because.\n\nSo.");
}

Test(lesson, programs)
{
    cr_assert(read_text(whole));
    cr_assert(eq(sz, lesson.program_count, 1));
    expect_text(lesson.programs[0].name, "a.socksh");
    expect_passage(lesson.programs[0].passage, 36, "print 1\n");
}

// Comments, the challenge and stand-ins are typed by nobody.
Test(lesson, lines_to_type)
{
    cr_assert(read_text(whole));
    cr_expect(eq(u32, lesson.typed, 4));
    cr_assert(
        read_text(HEAD "```socksh s stand-in\n1\n2\n```\n```socksh\n#=> 1\n#| 2\nx = {\n}\n```\n"));
    cr_expect(eq(u32, lesson.typed, 2));
    cr_expect(lesson.steps[0].code.stand_in);
}

Test(lesson, line_ends_of_windows)
{
    cr_assert(read_text("---\r\ntitle: T\r\nminutes: 5\r\n---\r\n```predict\r\nA?\r\n- [x] a\r\n"
                        "- [ ] b\r\nr\r\n```\r\n```socksh\r\n1\r\n```\r\n"));
    expect_text(lesson.title, "T");
    expect_text(lesson.steps[0].question.options[0].text.text, "a");
    expect_text(lesson.steps[0].question.reason, "r");
}

Test(lesson, without_steps)
{
    cr_assert(read_text(HEAD));
    cr_expect(eq(sz, lesson.count, 0));
    cr_assert(read_text(HEAD "\n\n  \n"));
    cr_expect(eq(sz, lesson.count, 0));
}

// --- mistakes ------------------------------------------------------------------------------------

#define TASK "```socksh task\n1\n```\n" // three lines

// What stands behind the head, the line of the mistake, and a part of what is said.
static const struct {
    const char *body;
    unsigned line;
    const char *says;
} mistakes[] = {
    {"```sock\n```\n", 5, "no block \"sock\""},
    {"text\n```bash\n```\n", 6, "no block \"bash\""},
    {"```socksh\n1\n", 5, "no end: a line of 3 \"`\""},
    {"````text\n```\n", 5, "no end: a line of 4 \"`\""},
    {"~~~\n```\n", 5, "no end: a line of 3 \"~\""},
    {"```socksh a b\n```\n", 5, "\"b\" is not known here"},
    {"```socksh ../x\n```\n", 5, "\"../x\" is not known here"},
    {"```socksh -\n```\n", 5, "is not known here"},
    {"```socksh (lesson)\n```\n", 5, "is not known here"},
    {"```socksh 1\n```\n", 5, "is not known here"},
    {"```socksh a.b\n```\n", 5, "is not known here"},
    {"```socksh abcdefghijabcdefghijabcdefghij12\n```\n", 5, "is not known here"},
    {"```check\n1\n```\n", 5, "this check belongs to no task"},
    {"```hint\n1\n```\n", 5, "this hint belongs to no task"},
    {"```socksh\n1\n```\n```check\n1\n```\n", 8, "this check belongs to no task"},
    {TASK "text\n```hint\nh\n```\n", 6, "this task has no check"},
    {TASK "```check\n1\n```\ntext\n```hint\nh\n```\n", 12, "this hint belongs to no task"},
    {TASK, 6, "this task has no check"},
    {TASK "```socksh\n2\n```\n", 6, "this task has no check"},
    {TASK "```check\n1\n```\n```check\n1\n```\n", 11, "has a check already"},
    {"```predict\nA?\n- [x] a\n- [ ] b\nr\n```\n", 6, "no socksh block follows"},
    {"```predict\nA?\n- [x] a\n- [ ] b\nr\n```\ntext\n", 11, "text stands between"},
    {"```predict\nA?\n- [x] a\n- [ ] b\nr\n```\n```text\n```\n", 11, "text stands between"},
    {"```predict\nA?\n- [x] a\n- [ ] b\nr\n```\n```predict\nA?\n- [x] a\n- [ ] b\nr\n```\n", 11,
     "two questions"},
    {"```predict\nA?\n- [ ] a\n- [ ] b\nr\n```\n", 6, "one option is the right one"},
    {"```predict\nA?\n- [x] a\n- [x] b\nr\n```\n", 6, "one option is the right one"},
    {"```predict\nA?\n- [x] a\nr\n```\n", 6, "at least two options"},
    {"```predict\n- [x] a\n- [ ] b\nr\n```\n", 6, "wants a text"},
    {"```predict\nA?\n- [x] a #=> 1\n- [ ] b\nr\n```\n", 6, "either all options foretell"},
    {"```predict\nA?\n- [x] a #=>\n- [ ] b #=> 1\nr\n```\n", 6, "either all options foretell"},
    {"```predict\nA?\n- [x] a\n- [ ] b\n```\n", 6, "why the right one is right"},
    {"```predict\nA?\n- [x] a\n  and\n- [ ] b\n- [ ] c\nr\n```\n", 9, "an option is one line"},
    {"```predict\nA?\n- [ ] a\n- [X] b\n- [ ] c\nr\n```\n", 8, "an option is one line"},
    {"```predict\nA?\n- [x] 1\n- [ ] 2\n- [ ] 3\n- [ ] 4\n- [ ] 5\n- [ ] 6\n- [ ] 7\nr\n```\n", 13,
     "at most 6 options"},
    {"```challenge\nc\n```\n", 6, "no task follows this challenge"},
    {"```challenge\nc\n```\n```socksh\n1\n```\n", 6, "no task follows this challenge"},
    {"```challenge\nc\n```\n" TASK "```check\n1\n```\n```challenge\nc\n```\n", 14, "one challenge"},
    {"```challenge\nc\n```\ntext\n", 8, "text stands between"},
    {"```program\n1\n```\n", 5, "a program wants a file's name"},
    {"```program ../x\n1\n```\n", 5, "a program wants a file's name"},
    {"```program /etc/passwd\n1\n```\n", 5, "a program wants a file's name"},
    {"```program ..\n1\n```\n", 5, "a program wants a file's name"},
    {"```program .x\n1\n```\n", 5, "a program wants a file's name"},
    {"```program -\n1\n```\n", 5, "a program wants a file's name"},
    {"```program a b\n1\n```\n", 5, "a program wants a file's name"},
    {"```program a;b\n1\n```\n", 5, "a program wants a file's name"},
    {"```program abcdefghijabcdefghijabcdefghij12\n1\n```\n", 5, "a program wants a file's name"},
    {"```program a\n1\n```\n```program a\n2\n```\n", 8, "a program \"a\" already"},
    {"one\n\033[2J\n", 6, "UTF-8 without control characters"},
    {"\n\n\302\233\n", 7, "UTF-8 without control characters"},
    {"a\177\n", 5, "UTF-8 without control characters"},
    {"\377\n", 5, "UTF-8 without control characters"},
};

Test(lesson, each_mistake_is_told_with_its_line)
{
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        struct buffer text = {0};
        buffer_print(&text, HEAD "%s", mistakes[i].body);
        cr_expect(not(read_text(buffer_text(&text))), "%s", mistakes[i].body);
        cr_expect(mistake.line == mistakes[i].line, "%s: line %u", mistakes[i].body, mistake.line);
        cr_expect(ne(ptr, strstr(mistake.text, mistakes[i].says), NULL), "%s: %s", mistakes[i].body,
                  mistake.text);
        buffer_finish(&text);
    }
}

Test(lesson, mistakes_of_the_head)
{
    static const struct {
        const char *text;
        unsigned line;
        const char *says;
    } rows[] = {
        {"", 1, "begins with a head"},
        {"\n---\n", 1, "begins with a head"},
        {"# Title\n", 1, "begins with a head"},
        {"---\ntitle: T\n", 1, "no end"},
        {"---\ntitle: T\n---\n", 1, "lacks its title or its minutes"},
        {"---\nminutes: 5\n---\n", 1, "lacks its title or its minutes"},
        {"---\ntitle: T\nauthor: A\n---\n", 3, "the head holds title"},
        {"---\ntitle\n---\n", 2, "the head holds title"},
        {"---\ntitle:\n---\n", 2, "the head holds title"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        cr_expect(not(read_text(rows[i].text)), "%s", rows[i].text);
        cr_expect(mistake.line == rows[i].line, "%s: line %u", rows[i].text, mistake.line);
        cr_expect(ne(ptr, strstr(mistake.text, rows[i].says), NULL), "%s: %s", rows[i].text,
                  mistake.text);
    }
}

Test(lesson, nine_hints)
{
    struct buffer text = {0};
    buffer_add_text(&text, HEAD TASK "```check\n1\n```\n");
    for (int i = 0; i < LESSON_HINTS; i++)
        buffer_add_text(&text, "```hint\nh\n```\n");
    cr_assert(read_text(buffer_text(&text)));
    cr_expect(eq(sz, lesson.steps[0].hint_count, LESSON_HINTS));
    buffer_add_text(&text, "```hint\nh\n```\n");
    cr_assert(not(read_text(buffer_text(&text))));
    cr_expect(eq(u32, mistake.line, 11 + 3 * LESSON_HINTS));
    buffer_finish(&text);
}

Test(lesson, a_file_that_is_none)
{
    static const struct {
        const char *path, *says;
    } rows[] = {{"/nonexistent/en.md", "cannot be read: No such file"},
                {"/tmp", "no file"},
                {"/dev/zero", "no file"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        lesson_finish(&lesson);
        cr_expect(not(lesson_read(rows[i].path, NULL, NULL, &lesson, &mistake)));
        cr_expect(eq(u32, mistake.line, 0));
        cr_expect(ne(ptr, strstr(mistake.text, rows[i].says), NULL), "%s", mistake.text);
    }
}

Test(lesson, the_first_mistake_counts)
{
    struct lesson_mistake one = {0};
    cr_assert(not(lesson_mistaken(&one, 3, "%s", "first")));
    cr_assert(not(lesson_mistaken(&one, 4, "%s", "second")));
    cr_assert(eq(u32, one.line, 3));
    cr_assert(eq(str, one.text, "first"));
}

// --- lines ---------------------------------------------------------------------------------------

Test(lesson, comments_of_lines)
{
    static const struct {
        const char *line, *expecting, *typed;
    } rows[] = {
        {"  x = 1  ", "x = 1", "x = 1"},
        {"x = 1 # one", "x = 1", "x = 1"},
        {"x #=> 1", "x #=> 1", "x"},
        {"x #=> 1 # one", "x #=> 1 # one", "x"},
        {"print 1 #| 1\r", "print 1 #| 1", "print 1"},
        {"#=> waits", "#=> waits", ""},
        {"# only", "", ""},
        {"print \"a # b\" # c", "print \"a # b\"", "print \"a # b\""},
        {"print 'a \\' # b", "print 'a \\'", "print 'a \\'"},
        {"print \"\\\"#\" #=> 1", "print \"\\\"#\" #=> 1", "print \"\\\"#\""},
        {"print \"open # no", "print \"open # no", "print \"open # no"},
        {"x #", "x", "x"},
        {"", "", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        expect_text(lesson_line_with_expectation(str_from(rows[i].line)), rows[i].expecting);
        expect_text(lesson_line_to_type(str_from(rows[i].line)), rows[i].typed);
    }
}

// --- answers -------------------------------------------------------------------------------------

static bool read_answers(struct answers *answers, const char *text)
{
    return answers_read_text(str_from(text), answers, &mistake);
}

Test(lesson, answers)
{
    struct answers answers;
    cr_assert(read_answers(&answers, "Prose.\n# task 1\n```right client\nk = socket\n@s 1\n```\n"
                                     "```wrong\n```\n\n# challenge\n```wrong  a \n2\n```\n"));
    cr_assert(eq(sz, answers.count, 3));
    cr_expect(answers.items[0].right && answers.items[0].task == 1);
    expect_text(answers.items[0].actor, "client");
    expect_passage(answers.items[0].passage, 4, "k = socket\n@s 1\n");
    cr_expect(not(answers.items[1].right));
    expect_text(answers.items[1].actor, "main");
    expect_passage(answers.items[1].passage, 8, "");
    cr_expect(eq(u32, answers.items[2].task, 2));
    expect_text(answers.items[2].actor, "a");
    answers_finish(&answers);
}

Test(lesson, mistakes_of_answers)
{
    static const struct {
        const char *text;
        unsigned line;
        const char *says;
    } rows[] = {
        {"```right\n1\n```\n", 1, "below the heading of its task"},
        {"# t\n```good\n1\n```\n", 2, "right or wrong"},
        {"# t\n\n```\n1\n```\n", 3, "right or wrong"},
        {"# t\n```right\n1\n", 2, "no end"},
        {"# t\n```right ../x\n1\n```\n", 2, "an actor"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct answers answers;
        cr_expect(not(read_answers(&answers, rows[i].text)), "%s", rows[i].text);
        cr_expect(mistake.line == rows[i].line, "%s: line %u", rows[i].text, mistake.line);
        cr_expect(ne(ptr, strstr(mistake.text, rows[i].says), NULL), "%s: %s", rows[i].text,
                  mistake.text);
        answers_finish(&answers);
    }
}
