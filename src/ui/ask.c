// ask: prints a sign and has the terminal report where the cursor is then.

#include "ui/ask.h"

#include <langinfo.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/clock.h"
#include "ui/edit_terminal.h"

enum { PATIENCE = 500 }; // milliseconds: a terminal at the other end of the world takes 300

static long milliseconds(void)
{
    return clock_now(CLOCK_MONOTONIC) / 1000000;
}

// Finds "ESC [ ROW ; COLUMN R" (ECMA-48 §8.3.14) and takes it out of what was read. Its column, 0
// while it is not there.
static int take_report(struct buffer *got)
{
    struct str text = buffer_str(got);
    for (size_t i = 0; (i = str_find(text, STR("\033["), i)) != SIZE_MAX; i++) {
        int row, column, size = 0;
        if (sscanf(buffer_text(got) + i, "\033[%d;%dR%n", &row, &column, &size) == 2 && size > 0) {
            size_t end = i + (size_t)size;
            memmove(got->data + i, got->data + end, got->size - end);
            got->size -= (size_t)size;
            return column;
        }
    }
    return 0;
}

// Reads until the report is there or the time is up. The rest is what was typed.
static int wait_for_report(int fd)
{
    struct buffer got = {0};
    struct pollfd terminal = {fd, POLLIN, 0};
    long end = milliseconds() + PATIENCE;
    int column = 0;
    for (long left = PATIENCE; column == 0 && left > 0; left = end - milliseconds()) {
        char octets[64];
        if (poll(&terminal, 1, (int)left) <= 0)
            continue;
        ssize_t size = read(fd, octets, sizeof octets);
        if (size <= 0)
            break;
        buffer_add(&got, (struct str){octets, (size_t)size});
        column = take_report(&got);
    }
    edit_terminal_unread(buffer_str(&got));
    buffer_finish(&got);
    return column;
}

bool ask_is_narrow(FILE *in, FILE *out)
{
    const char *term = getenv("TERM");
    struct termios usual, asking;
    int fd = fileno(in);
    if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
        return false;
    if (term == NULL || strcmp(term, "dumb") == 0)
        return true; // nothing that it would be asked with is known to it
    // What was typed ahead is no answer, and is left where it lies.
    if (!isatty(fileno(out)) || tcgetattr(fd, &usual) < 0 || edit_terminal_has_keys(fd))
        return true;
    asking = usual;
    asking.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
    asking.c_cc[VMIN] = 0;
    asking.c_cc[VTIME] = 0;
    tcsetattr(fd, TCSANOW, &asking);
    fputs("\r│\033[6n", out);
    fflush(out);
    int column = wait_for_report(fd);
    fputs("\r\033[K", out);
    fflush(out);
    tcsetattr(fd, TCSANOW, &usual);
    return column != 3; // it begins at 1
}
