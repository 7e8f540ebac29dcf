// test_pair: a lesson against its other language, and against what it promises.

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "lesson/pair.h"

#define HEAD "---\ntitle: T\nminutes: 5\n---\n" // four lines

static char top[] = "/tmp/socksh-pair-XXXXXX";
static struct lesson_mistake mistake;

static void set_up(void)
{
    cr_assert(mkdtemp(top) != NULL);
    cr_assert(eq(int, chdir(top), 0));
}

static void tear_down(void)
{
    char command[64];
    snprintf(command, sizeof command, "rm -r %s", top);
    cr_assert(eq(int, system(command), 0));
}

TestSuite(pair, .init = set_up, .fini = tear_down);

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    cr_assert(file != NULL);
    fputs(text, file);
    fclose(file);
}

// Whether English and Chinese agree, asked of the English; NULL for no Chinese.
static bool agree(const char *folder, const char *english, const char *chinese)
{
    char en[64], zh[64];
    struct lesson lesson;
    snprintf(en, sizeof en, "%s/en.md", folder);
    snprintf(zh, sizeof zh, "%s/zh.md", folder);
    mkdir(folder, 0755);
    write_file(en, english);
    unlink(zh);
    if (chinese != NULL)
        write_file(zh, chinese);
    bool good = lesson_read(en, NULL, NULL, &lesson, &mistake);
    cr_expect(good, "%s", mistake.text);
    good = good && pair_check(&lesson, &mistake);
    lesson_finish(&lesson);
    return good;
}

#define QUESTION(a, b) "```predict\nA?\n" a b "r\n```\n"

static const char english[] = HEAD "One.\n"                              // 5
    QUESTION("- [x] a #=> 1\n", "- [ ] b #=> 2\n")                       // 6
    "```socksh\nx = 1 # one\n\nx #=> 1\n```\n"                           // 12
    "```program p\n1 # one\n```\n"                                       // 17
    "```socksh server task\ny = 2\n```\n```check\n1 == 1 # same\n```\n"; // 20, 23

Test(pair, what_may_differ)
{
    cr_assert(agree("05-mine", english, NULL));
    cr_assert(agree("05-mine", english, english));
    cr_assert(agree("05-mine", english,
                    "---\ntitle: Anders\nminutes: 6\n---\nEins.\n\nZwei.\n"
                    "```predict\nWie?\n\n- [x] eins #=> 1\n- [ ] zwei #=> 2\n\ndarum\n```\n"
                    "```socksh\nx = 1 # eins\n# noch\nx   #=> 1\n```\n"
                    "```program p\n1 # eins\n```\n"
                    "```socksh server task\ny = 2\n```\n```hint\nh\n```\n"
                    "```check\n1 == 1\n```\n```notes\nn\n```\nEnde.\n") == false);
    cr_assert(agree("05-mine", english,
                    "---\ntitle: Anders\nminutes: 6\n---\nEins.\n\nZwei.\n"
                    "```predict\nWie?\n\n- [x] eins #=> 1\n- [ ] zwei #=> 2\n\ndarum\n```\n"
                    "```socksh\nx = 1 # eins\n# noch\nx #=> 1\n```\n"
                    "```program p\n1 # eins\n```\n"
                    "```socksh server task\ny = 2\n```\n```hint\nh\n```\n"
                    "```check\n1 == 1\n```\n```notes\nn\n```\n"),
              "%u: %s", mistake.line, mistake.text);
}

// The English text with one piece replaced, as the other language; the line of the mistake, and a
// part of what is said.
static const struct {
    const char *from, *to;
    unsigned line;
    const char *says;
} changes[] = {
    {"x = 1", "x = 2", 13, "zh.md:13 has another line here: x = 2"},
    {"#=> 1\n```", "#=> 3\n```", 15, "zh.md:15 has another line here: x #=> 3"},
    {"\n\nx #=> 1", "\nx #=> 1", 14, "another line"},
    {"x #=> 1\n", "x #=> 1\nx\n", 16, "another line"},
    {"```socksh\nx", "```socksh main private\nx", 13, "another kind of block"},
    {"server", "client", 21, "another kind of block"},
    {"1 == 1", "2 == 2", 24, "another line here: 2 == 2"},
    {"[x] a #=> 1\n- [ ] b #=> 2", "[ ] a #=> 1\n- [x] b #=> 2", 7, "are others"},
    {"b #=> 2", "b #=> 3", 7, "are others"},
    {"b #=> 2\n", "b #=> 2\n- [ ] c #=> 3\n", 7, "are others"},
    {"program p", "program q", 18, "another program"},
    {"p\n1", "p\n2", 18, "another line here: 2"},
    {"```program p\n1 # one\n```\n", "", 0, "another number of programs"},
    {"title: T", "title: T\nreplays: W1", 1, "replays or corrects"},
    {"title: T", "title: T\ncorrects: A8.5", 1, "replays or corrects"},
    {"1 == 1 # same\n```\n", "1 == 1\n```\nmore\n", 0, "has 3 steps, and this one 2"},
};

Test(pair, what_must_not_differ)
{
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        struct buffer text = {0};
        struct str whole = str_from(english);
        size_t at = str_find(whole, str_from(changes[i].from), 0);
        cr_assert(ne(sz, at, SIZE_MAX), "%s", changes[i].from);
        buffer_add(&text, str_slice(whole, 0, at));
        buffer_add_text(&text, changes[i].to);
        buffer_add(&text, str_slice(whole, at + strlen(changes[i].from), whole.size));
        cr_expect(not(agree("05-mine", english, buffer_text(&text))), "%s", changes[i].to);
        cr_expect(mistake.line == changes[i].line, "%s: line %u, %s", changes[i].to, mistake.line,
                  mistake.text);
        cr_expect(ne(ptr, strstr(mistake.text, changes[i].says), NULL), "%s: %s", changes[i].to,
                  mistake.text);
        buffer_finish(&text);
    }
}

// Whoever reads the file that is wrong is told there.
Test(pair, another_language_that_does_not_read)
{
    cr_assert(agree("05-mine", english, "no head\n"));
}

Test(pair, corrections)
{
    static const char none[] = HEAD, one[] = "---\ntitle: T\nminutes: 5\ncorrects: A8.2\n---\n",
                      both[] = "---\ntitle: T\nminutes: 5\ncorrects: A8.17,A8.2\n---\n",
                      other[] = "---\ntitle: T\nminutes: 5\ncorrects: A8.1, A8.22\n---\n";
    cr_expect(not(agree("06-recv", none, NULL)));
    cr_expect(eq(u32, mistake.line, 1));
    cr_expect(ne(ptr, strstr(mistake.text, "corrects: A8.2,"), NULL), "%s", mistake.text);
    cr_expect(not(agree("06-recv", one, NULL)));
    cr_expect(ne(ptr, strstr(mistake.text, "corrects: A8.17"), NULL), "%s", mistake.text);
    cr_expect(not(agree("06-recv", other, NULL)));
    cr_expect(eq(u32, mistake.line, 4));
    cr_expect(ne(ptr, strstr(mistake.text, "correction \"A8.22\""), NULL), "%s", mistake.text);
    cr_expect(not(agree("recv", other, NULL)));
    cr_expect(agree("06-recv", both, NULL));
    cr_expect(agree("recv", none, NULL)); // a lesson of one's own, without a number
}

Test(pair, lines_to_type)
{
    struct buffer text = {0};
    buffer_add_text(&text, HEAD "```socksh\n");
    for (int i = 0; i < LESSON_TYPED; i++)
        buffer_add_text(&text, "x = 1\n");
    struct buffer more = {0};
    buffer_print(&more, "%sx = 2\n```\n", buffer_text(&text));
    buffer_add_text(&text, "```\n");
    cr_expect(agree("05-mine", buffer_text(&text), NULL));
    cr_expect(not(agree("05-mine", buffer_text(&more), NULL)));
    cr_expect(ne(ptr, strstr(mistake.text, "21 lines; 20 are the most"), NULL), "%s", mistake.text);
    buffer_finish(&text);
    buffer_finish(&more);
}
