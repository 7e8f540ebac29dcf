// test_more: a text longer than the screen, read on a terminal of this test's own.

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <poll.h>
#include <pty.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "base/buffer.h"
#include "ui/edit_terminal.h"
#include "ui/more.h"
#include "ui/screen.h"

#define QUESTION " more: Enter · q"

static struct session session;
static int keyboard, screen; // the terminal's two sides
static FILE *in, *out;

// What happens while the question is on the screen.
struct scene {
    const char *keys; // typed, unless it is NULL
    enum more_event event;
    unsigned short rows; // the terminal's from now on, unless it is 0
};

static void set_up(void)
{
    const struct winsize size = {.ws_row = 4, .ws_col = 10};
    cr_assert(eq(int, openpty(&keyboard, &screen, NULL, NULL, &size), 0));
    setenv("TERM", "screen", 1);
    in = fdopen(screen, "r");
    out = fdopen(dup(screen), "w");
    screen_start(out, &session, COLOR_NEVER);
}

TestSuite(more, .init = set_up, .timeout = 20);

// Something can be read; what goes through a terminal may take a moment.
static void wait_for(int fd)
{
    struct pollfd one = {fd, POLLIN, 0};
    cr_assert(eq(int, poll(&one, 1, 10000), 1), "nothing comes");
}

// All that was written up to the sign $, without the terminal's own \r.
static void collect(struct buffer *to)
{
    while (!str_ends(buffer_str(to), STR("$"))) {
        char octets[4096];
        wait_for(keyboard);
        ssize_t got = read(keyboard, octets, sizeof octets);
        for (ssize_t i = 0; i < got; i++)
            if (octets[i] != '\r')
                buffer_add_char(to, octets[i]);
    }
    to->size--;
}

// Leaves a bar on the screen for the moment, and lets the next scene happen.
static enum more_event wait_for_scene(void *context)
{
    const struct scene **next = context;
    const struct scene *scene = (*next)++;
    cr_assert(write(screen, "|", 1) == 1);
    const struct winsize size = {.ws_row = scene->rows, .ws_col = 10};
    if (scene->rows)
        ioctl(screen, TIOCSWINSZ, &size);
    if (scene->keys != NULL) {
        ssize_t count = (ssize_t)strlen(scene->keys);
        cr_assert(write(keyboard, scene->keys, (size_t)count) == count);
        wait_for(screen);
    }
    return scene->event;
}

static void expect(const char *text, const struct scene *scenes, bool all, const char *wanted)
{
    struct buffer written = {0};
    struct termios before, after;
    struct more more = {in, out, wait_for_scene, &scenes};
    tcgetattr(screen, &before);
    cr_assert(eq(int, more_show(&more, str_from(text)), all), "%s", text);
    cr_assert(write(screen, "$", 1) == 1);
    collect(&written);
    cr_assert(eq(str, (char *)buffer_text(&written), (char *)wanted), "%s", text);
    tcgetattr(screen, &after);
    cr_assert(eq(u32, after.c_lflag, before.c_lflag));
    cr_assert(eq(chr, (char)after.c_cc[VMIN], (char)before.c_cc[VMIN]));
    buffer_finish(&written);
}

#define EXPECT(text, all, wanted, ...)                                                             \
    expect(text, (const struct scene[]){__VA_ARGS__, {0}}, all, wanted)

Test(more, asks_after_each_screenful)
{
    expect("1\n2\n3\n", NULL, true, "1\n2\n3\n");
    expect("", NULL, true, "");
    EXPECT("1\n2\n3\n4\n5\n6\n7\n", true,
           "1\n2\n3\n" QUESTION "|\033[J4\n5\n6\n" QUESTION "|\033[J7\n", {"\n", MORE_KEY, 0},
           {" ", MORE_KEY, 0});
}

Test(more, counts_rows_and_not_lines)
{
    EXPECT("12345678901\n2\n3\n", true, "12345678901\n2\n" QUESTION "|\033[J3\n",
           {"\n", MORE_KEY, 0});
    EXPECT("\033[1m1234567890\033[m\n2\n3\n4\n", true,
           "\033[1m1234567890\033[m\n2\n3\n" QUESTION "|\033[J4\n", {"\n", MORE_KEY, 0});
    EXPECT("世界世界世\n\n3\n4\n", true, "世界世界世\n\n3\n" QUESTION "|\033[J4\n",
           {"\n", MORE_KEY, 0});
    // A line that has no room at all is written nevertheless.
    EXPECT("1234567890123456789012345678901234567890\n2\n", true,
           "1234567890123456789012345678901234567890\n" QUESTION "|\033[J2\n", {"\n", MORE_KEY, 0});
}

Test(more, knows_keys)
{
    static const char text[] = "1\n2\n3\n4\n";
    static const char *const on[] = {"\r", "\033[B", "\033[6~", "\033OB"};
    static const char *const ends[] = {"q", "Q", "\033", "\004"};
    for (size_t i = 0; i < sizeof on / sizeof *on; i++)
        EXPECT(text, true, "1\n2\n3\n" QUESTION "|\033[J4\n", {on[i], MORE_KEY, 0});
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        EXPECT(text, false, "1\n2\n3\n" QUESTION "|\033[J", {ends[i], MORE_KEY, 0});
    // Two that come at once are two.
    EXPECT("1\n2\n3\n4\n5\n6\n7\n", true,
           "1\n2\n3\n" QUESTION "|\033[J4\n5\n6\n" QUESTION "|\033[J7\n",
           {"\033[B\033[B", MORE_KEY, 0}, {NULL, MORE_KEY, 0});
    EXPECT(text, false, "1\n2\n3\n" QUESTION "|||\033[J", {"\033[A", MORE_KEY, 0},
           {NULL, MORE_KEY, 0}, {"q", MORE_KEY, 0});
}

// What is typed for the prompt is not lost, and not held up.
Test(more, puts_other_keys_back)
{
    char key = '\0';
    EXPECT("1\n2\n3\n4\n5\n6\n7\n8\n", true, "1\n2\n3\n" QUESTION "|\033[J4\n5\n6\n7\n8\n",
           {"s", MORE_KEY, 0});
    cr_assert(eq(int, edit_terminal_read(screen, &key), 1));
    cr_assert(eq(chr, key, 's'));
}

Test(more, hears_what_happens)
{
    EXPECT("1\n2\n3\n4\n5\n6\n", false, "1\n2\n3\n" QUESTION "|\033[J", {NULL, MORE_END, 0});
    EXPECT("1\n2\n3\n4\n5\n6\n7\n8\n9\n", true,
           "1\n2\n3\n" QUESTION "|\033[J" QUESTION "|\033[J4\n5\n6\n7\n8\n" QUESTION "|\033[J9\n",
           {NULL, MORE_RESIZE, 6}, {"\n", MORE_KEY, 0}, {"\n", MORE_KEY, 0});
}

Test(more, asks_nothing_where_it_cannot)
{
    int ends[2];
    char octets[20];
    setenv("TERM", "dumb", 1);
    expect("1\n2\n3\n4\n5\n", NULL, true, "1\n2\n3\n4\n5\n");
    setenv("TERM", "screen", 1);
    cr_assert(eq(int, pipe(ends), 0));
    struct more more = {in, fdopen(ends[1], "w"), NULL, NULL};
    cr_assert(more_show(&more, STR("1\n2\n3\n4\n5\n")));
    cr_assert(eq(int, (int)read(ends[0], octets, sizeof octets), 10));
}
