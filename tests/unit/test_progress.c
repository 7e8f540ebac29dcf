// test_progress: lines that are added, lines that are not ours, and where a learner stands.

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lesson/progress.h"

static char folder[] = "/tmp/socksh-progress-XXXXXX";
static struct buffer path;

static void begin(void)
{
    cr_assert(mkdtemp(folder) != NULL);
    setenv("XDG_STATE_HOME", folder, 1);
    cr_assert(progress_path(&path));
}

static void end(void)
{
    char command[100];
    progress_close();
    snprintf(command, sizeof command, "rm -r %s", folder);
    cr_expect(eq(int, system(command), 0));
    buffer_finish(&path);
}

static struct progress_line line_of(enum progress_event event, unsigned step,
                                    enum progress_help help)
{
    return (struct progress_line){.lesson = "hello",
                                  .language = "en",
                                  .event = event,
                                  .step = step,
                                  .steps = 12,
                                  .tries = 1,
                                  .help = help,
                                  .seconds = 30};
}

static void add(enum progress_event event, unsigned step, enum progress_help help)
{
    cr_assert(progress_add(line_of(event, step, help)));
}

// What was read last, and how many lines there were.
static struct progress_line last;
static unsigned lines;

static void count(void *context, const struct progress_line *line)
{
    (void)context;
    last = *line;
    lines++;
}

static unsigned read_all(void)
{
    unsigned strange = 0;
    lines = 0;
    cr_assert(progress_read(buffer_text(&path), count, NULL, &strange));
    return strange;
}

TestSuite(progress, .init = begin, .fini = end);

Test(progress, adds_lines_that_read_the_same)
{
    cr_assert(progress_open());
    add(PROGRESS_BEGIN, 1, PROGRESS_ALONE);
    add(PROGRESS_STEP, 3, PROGRESS_SHOW);
    cr_expect(eq(uint, read_all(), 0));
    cr_expect(eq(uint, lines, 2));
    cr_expect(eq(str, last.lesson, "hello"));
    cr_expect(eq(str, last.language, "en"));
    cr_expect(eq(int, last.event, PROGRESS_STEP));
    cr_expect(eq(int, last.help, PROGRESS_SHOW));
    cr_expect(eq(uint, last.step, 3));
    cr_expect(eq(uint, last.steps, 12));
    cr_expect(eq(uint, last.seconds, 30));
    cr_expect(eq(sz, strlen(last.when), 20));
}

Test(progress, keeps_out_of_the_way_of_scripts)
{
    int next = dup(0);
    close(next);
    cr_assert(progress_open());
    int after = dup(0);
    close(after);
    cr_expect(eq(int, after, next));
}

Test(progress, reads_up_to_a_cut_and_goes_on_behind_it)
{
    cr_assert(progress_open());
    add(PROGRESS_STEP, 3, PROGRESS_ALONE);
    add(PROGRESS_STEP, 4, PROGRESS_ALONE);
    // At each place where a kill or a full disk could have cut the second line.
    FILE *file = fopen(buffer_text(&path), "r");
    char text[1024] = "";
    size_t size = fread(text, 1, sizeof text, file), first = strcspn(text, "\n") + 1;
    fclose(file);
    for (size_t cut = first + 1; cut < size; cut++) {
        cr_assert(eq(int, truncate(buffer_text(&path), (off_t)cut), 0));
        cr_expect(eq(uint, read_all(), 0));
        cr_expect(eq(uint, lines, 1));
        add(PROGRESS_STEP, 5, PROGRESS_ALONE);
        read_all();
        cr_expect(eq(uint, last.step, 5));
        cr_expect(eq(uint, lines, cut == size - 1 ? 3 : 2)); // nothing but its end was lacking
        cr_assert(eq(int, truncate(buffer_text(&path), (off_t)first), 0));
        FILE *again = fopen(buffer_text(&path), "a");
        fwrite(text + first, 1, size - first, again);
        fclose(again);
    }
}

Test(progress, is_none_without_a_file)
{
    struct progress_state state;
    progress_of(STR("hello"), &state);
    cr_expect(not(state.begun));
    cr_expect(not(progress_add(line_of(PROGRESS_BEGIN, 1, PROGRESS_ALONE))));
}

Test(progress, goes_on_where_it_was_left)
{
    struct progress_state state;
    cr_assert(progress_open());
    add(PROGRESS_BEGIN, 1, PROGRESS_ALONE);
    add(PROGRESS_STEP, 1, PROGRESS_ALONE);
    add(PROGRESS_STEP, 2, PROGRESS_HINT);
    progress_of(STR("hello"), &state);
    cr_expect(state.begun && !state.finished);
    cr_expect(eq(uint, state.step, 3));
    add(PROGRESS_BEGIN, 3, PROGRESS_ALONE);
    add(PROGRESS_STEP, 12, PROGRESS_ALONE);
    add(PROGRESS_FINISH, 12, PROGRESS_ALONE);
    progress_of(STR("hello"), &state);
    cr_expect(state.finished);
    cr_expect(eq(uint, state.step, 0));
    cr_expect(eq(int, state.help, PROGRESS_HINT));
    progress_of(STR("udp"), &state);
    cr_expect(not(state.begun));
}

Test(progress, of_a_second_time_counts_for_itself)
{
    struct progress_state state;
    cr_assert(progress_open());
    add(PROGRESS_BEGIN, 1, PROGRESS_ALONE);
    add(PROGRESS_STEP, 12, PROGRESS_SKIP);
    add(PROGRESS_FINISH, 12, PROGRESS_SKIP);
    add(PROGRESS_BEGIN, 1, PROGRESS_ALONE);
    add(PROGRESS_STEP, 5, PROGRESS_ALONE);
    progress_of(STR("hello"), &state);
    cr_expect(state.finished);
    cr_expect(eq(int, state.help, PROGRESS_SKIP));
    cr_expect(eq(uint, state.step, 6));
    add(PROGRESS_FINISH, 12, PROGRESS_ALONE);
    progress_of(STR("hello"), &state);
    cr_expect(eq(int, state.help, PROGRESS_ALONE));
}
