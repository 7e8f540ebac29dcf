// more: rows counted, and one key read between screenfuls.

#include "ui/more.h"

#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/message.h"
#include "ui/edit_terminal.h"
#include "ui/output.h"
#include "ui/screen.h"
#include "ui/shell.h"

// What a person wants.
enum wish { WISH_NONE, WISH_ON, WISH_ALL, WISH_END };

// --- rows ----------------------------------------------------------------------------------------

// Writes lines off the beginning of `rest` as long as there are rows for them, one in any case.
static void write_screenful(FILE *out, struct str *rest)
{
    struct edit_size size = edit_terminal_size(fileno(out));
    size_t left = size.rows - 1; // the last is for the question
    for (bool first = true; rest->size > 0; first = false) {
        struct str after = *rest, line = str_take_line(&after);
        size_t width = screen_width_of(line), rows = width ? (width - 1) / size.columns + 1 : 1;
        if (!first && rows > left)
            return;
        fprintf(out, "%.*s\n", STR_ARG(line));
        left -= rows < left ? rows : left;
        *rest = after;
    }
}

// --- keys ----------------------------------------------------------------------------------------

// What follows an Escape that is there already. One alone ends; of keys that send more, those that
// go down go on, and the others do nothing.
static enum wish read_sequence(int fd)
{
    static const char *const down[] = {"[B", "OB", "[6~"};
    char keys[16];
    edit_terminal_read_sequence(fd, keys, sizeof keys);
    for (size_t i = 0; i < sizeof down / sizeof *down; i++)
        if (strcmp(keys, down[i]) == 0)
            return WISH_ON;
    return keys[0] == '\0' ? WISH_END : WISH_NONE;
}

static enum wish read_wish(int fd)
{
    char key;
    int got = edit_terminal_read(fd, &key);
    if (got <= 0)
        return got < 0 ? WISH_END : WISH_NONE;
    if (key == '\r' || key == '\n' || key == ' ')
        return WISH_ON;
    if (key == 'q' || key == 'Q' || key == '\004') // Ctrl-D
        return WISH_END;
    if (key == '\033')
        return read_sequence(fd);
    edit_terminal_unread((struct str){&key, 1});
    return WISH_ALL;
}

// Keys come one by one and are not shown; `usual` is what the mode was.
static void set_mode(int fd, const struct termios *usual)
{
    struct termios mode = *usual;
    mode.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
    tcsetattr(fd, TCSANOW, &mode);
    edit_terminal_prepare(fd);
}

// --- the question --------------------------------------------------------------------------------

static void ask(FILE *out)
{
    struct buffer question = {0}, line = {0};
    output_fit(str_from(_("more: Enter · q")), &question);
    buffer_add_char(&line, ' ');
    screen_add_styled(screen_faint_style(), buffer_str(&question), &line);
    fwrite(line.data, 1, line.size, out);
    fflush(out);
    buffer_finish(&question);
    buffer_finish(&line);
}

static void erase(FILE *out)
{
    fputs("\r\033[J", out);
    fflush(out);
}

// Until a person wants something. The question is on the screen meanwhile.
static enum wish wait_for_wish(const struct more *more, const struct termios *usual)
{
    int fd = fileno(more->in);
    enum wish wish = WISH_NONE;
    ask(more->out);
    while (wish == WISH_NONE) {
        enum more_event event = more->wait(more->context);
        if (event == MORE_KEY) {
            wish = read_wish(fd);
            continue;
        }
        erase(more->out);
        if (event == MORE_END)
            return WISH_END;
        if (event == MORE_STOP) {
            tcsetattr(fd, TCSANOW, usual);
            shell_suspend();
            set_mode(fd, usual);
        }
        ask(more->out);
    }
    erase(more->out);
    return wish;
}

bool more_show(const struct more *more, struct str text)
{
    const char *term = getenv("TERM");
    int fd = fileno(more->in);
    struct termios usual;
    enum wish wish = WISH_ON;
    bool can_ask = isatty(fileno(more->out)) && tcgetattr(fd, &usual) == 0 && term != NULL &&
                   strcmp(term, "dumb") != 0;
    if (!can_ask)
        wish = WISH_ALL;
    else
        set_mode(fd, &usual);
    while (text.size > 0 && wish == WISH_ON) {
        write_screenful(more->out, &text);
        if (text.size > 0)
            wish = wait_for_wish(more, &usual);
    }
    if (can_ask)
        tcsetattr(fd, TCSANOW, &usual);
    if (wish != WISH_END)
        fwrite(text.data, 1, text.size, more->out);
    fflush(more->out);
    return wish != WISH_END || text.size == 0;
}
