// test_running: a lesson's process is found while it runs, with its step and its notes.

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lesson/running.h"

static char folder[] = "/tmp/socksh-running-XXXXXX";
static struct running running;
static struct buffer notes;

static void start(void)
{
    cr_assert(mkdtemp(folder) != NULL);
    setenv("XDG_RUNTIME_DIR", folder, 1);
    setenv("TMPDIR", folder, 1);
}

static void finish(void)
{
    char path[100];
    buffer_finish(&notes);
    snprintf(path, sizeof path, "%s/socksh", folder);
    rmdir(path);
    cr_expect(eq(int, rmdir(folder), 0)); // nothing is left in it
}

TestSuite(running, .init = start, .fini = finish, .timeout = 30);

static void expect_found(const char *lesson, unsigned step, const char *text)
{
    cr_assert(running_find(&running, &notes));
    cr_expect(eq(int, running.process, getpid()));
    cr_expect(eq(str, running.lesson, (char *)lesson));
    cr_expect(eq(uint, running.step, step));
    cr_expect(str_is(buffer_str(&notes), text), "%s", buffer_text(&notes));
    cr_expect(not(running.own_network));
}

Test(running, is_found_until_it_ends)
{
    cr_expect(not(running_find(&running, &notes)));
    running_step(1, 2, STR("not begun"));
    cr_expect(not(running_find(&running, &notes)));
    cr_expect(running_begin("hello"));
    expect_found("hello", 0, "");
    running_step(3, 12, STR("Ask the room.\n\nThen go on.\n"));
    expect_found("hello", 3, "Ask the room.\n\nThen go on.\n");
    cr_expect(eq(uint, running.total, 12));
    running_step(4, 12, STR(""));
    expect_found("hello", 4, "");
    running_begin("framing");
    expect_found("framing", 0, "");
    running_end();
    cr_expect(not(running_find(&running, &notes)));
    running_end();
}

// A process that was started for something else ends without a word.
Test(running, belongs_to_one_process)
{
    int status;
    running_begin("hello");
    pid_t child = fork();
    if (child == 0) {
        running_step(9, 9, STR("not the lesson"));
        running_end();
        _exit(0);
    }
    cr_assert(eq(int, waitpid(child, &status, 0), child));
    expect_found("hello", 0, "");
    running_end();
}

Test(running, is_no_more_where_the_process_is_gone)
{
    int status, ends[2];
    char none;
    cr_assert(eq(int, pipe(ends), 0));
    pid_t child = fork();
    if (child == 0) {
        running_begin("killed");
        close(ends[1]);
        pause();
    }
    close(ends[1]);
    cr_assert(eq(long, read(ends[0], &none, 1), 0)); // it has begun
    close(ends[0]);
    cr_assert(running_find(&running, &notes));
    cr_expect(eq(int, running.process, child));
    int process = running_open(&running);
    cr_assert(ge(int, process, 0));
    kill(child, SIGKILL);
    struct pollfd poll_process = {process, POLLIN, 0};
    cr_expect(eq(int, poll(&poll_process, 1, 10000), 1));
    close(process);
    cr_expect(not(running_find(&running, &notes))); // nobody has waited for it yet: a zombie
    cr_assert(eq(int, waitpid(child, &status, 0), child));
    cr_expect(eq(int, running_open(&running), -1));
}

Test(running, tells_of_changes)
{
    char events[1000];
    running_begin("hello");
    int news = running_watch();
    cr_assert(ge(int, news, 0));
    cr_expect(lt(long, read(news, events, sizeof events), 0));
    running_step(1, 2, STR("look"));
    cr_expect(gt(long, read(news, events, sizeof events), 0));
    running_end();
    cr_expect(gt(long, read(news, events, sizeof events), 0));
    close(news);
}

// In a folder that others may write to, anybody could have put the files.
Test(running, trusts_no_open_folder)
{
    char path[100];
    snprintf(path, sizeof path, "%s/socksh", folder);
    mkdir(path, 0700);
    chmod(path, 0770);
    setenv("TMPDIR", "/nonexistent", 1);
    cr_expect(not(running_begin("hello")));
    cr_expect(not(running_find(&running, &notes)));
    running_end();
}

// --- doors ---------------------------------------------------------------------------------------

Test(running, has_a_door_until_it_is_shut)
{
    pid_t process = 0;
    cr_expect(lt(int, running_connect(&process), 0));
    int door = running_listen();
    cr_assert(ge(int, door, 0));
    int visitor = running_connect(&process);
    cr_assert(ge(int, visitor, 0));
    cr_expect(eq(int, process, getpid()));
    cr_expect(not(running_find(&running, &notes))); // it is no lesson for that
    close(visitor);
    running_shut(door);
    cr_expect(lt(int, running_connect(&process), 0));
}

Test(running, doors_of_the_dead_are_removed_and_the_newest_is_taken)
{
    int status, ends[2];
    char none;
    pid_t process = 0;
    int door = running_listen();
    cr_assert(eq(int, pipe(ends), 0));
    pid_t child = fork();
    if (child == 0) {
        running_listen();
        close(ends[1]);
        pause();
    }
    close(ends[1]);
    cr_assert(eq(long, read(ends[0], &none, 1), 0)); // it has opened its own
    close(ends[0]);
    int visitor = running_connect(&process);
    cr_assert(ge(int, visitor, 0));
    cr_expect(eq(int, process, child));
    close(visitor);
    kill(child, SIGKILL);
    cr_assert(eq(int, waitpid(child, &status, 0), child));
    visitor = running_connect(&process);
    cr_assert(ge(int, visitor, 0));
    cr_expect(eq(int, process, getpid()));
    close(visitor);
    running_shut(door);
}
