// play_screen: writing what has changed, all at once.

#include "ui/play_screen.h"

#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/buffer.h"

static FILE *in, *out;
static struct termios usual; // the mode before we came
static bool entered;
static struct buffer shown; // the frame on the screen; empty: nobody knows what is there

void play_screen_start(FILE *from, FILE *to)
{
    in = from;
    out = to;
}

bool play_screen_is_able(void)
{
    const char *term = getenv("TERM");
    return term != NULL && term[0] != '\0' && strcmp(term, "dumb") != 0 &&
           strcmp(term, "unknown") != 0;
}

static void set_mode(void)
{
    struct termios mode = usual;
    mode.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
    mode.c_iflag &= ~(tcflag_t)IXON; // Ctrl-S must not freeze a class
    tcsetattr(fileno(in), TCSANOW, &mode);
    edit_terminal_prepare(fileno(in));
}

void play_screen_enter(void)
{
    if (entered || tcgetattr(fileno(in), &usual) < 0)
        return;
    entered = true;
    set_mode();
    fputs("\033[?1049h\033[?25l", out); // the alternate screen; no cursor
    fflush(out);
    play_screen_forget();
}

void play_screen_leave(bool stays)
{
    if (!entered)
        return;
    entered = false;
    fputs(stays ? "\033[H" : "\033[m\033[?25h\033[?1049l", out);
    fflush(out);
    tcsetattr(fileno(in), TCSANOW, &usual);
}

struct edit_size play_screen_size(void)
{
    return edit_terminal_size(fileno(out));
}

void play_screen_forget(void)
{
    buffer_finish(&shown);
}

void play_screen_show(struct str frame)
{
    struct buffer changes = {0};
    struct str rest = frame, before = buffer_str(&shown);
    bool all = before.size == 0;
    if (!entered)
        return;
    for (unsigned row = 1; rest.size > 0; row++) {
        struct str line = str_take_line(&rest), old = str_take_line(&before);
        // The row is erased first: a full one leaves the cursor at its last column.
        if (all || !str_equal(line, old))
            buffer_print(&changes, "\033[%u;1H\033[2K%.*s", row, STR_ARG(line));
    }
    if (changes.size > 0) {
        fwrite(changes.data, 1, changes.size, out);
        fflush(out);
        buffer_clear(&shown);
        buffer_add(&shown, frame);
    }
    buffer_finish(&changes);
}

// --- keys ----------------------------------------------------------------------------------------

// What follows an Escape that is there already: of a key that sends more than one octet.
static int read_sequence(void)
{
    static const struct {
        const char *octets;
        int key;
    } keys[] = {
        {"[A", KEY_UP},   {"OA", KEY_UP},       {"[B", KEY_DOWN},
        {"OB", KEY_DOWN}, {"[5~", KEY_PAGE_UP}, {"[6~", KEY_PAGE_DOWN},
    };
    char octets[16];
    edit_terminal_read_sequence(fileno(in), octets, sizeof octets);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (strcmp(octets, keys[i].octets) == 0)
            return keys[i].key;
    return KEY_OTHER;
}

int play_screen_key(void)
{
    char octet;
    for (;;) {
        if (!edit_terminal_has_keys(fileno(in)))
            return KEY_NONE;
        int got = edit_terminal_read(fileno(in), &octet);
        if (got <= 0)
            return got < 0 ? KEY_GONE : KEY_NONE;
        if (octet == '\033')
            return read_sequence();
        // Of a character of several octets the first one counts, those behind it do not.
        if (((unsigned char)octet & 0xC0) == 0xC0)
            return KEY_OTHER;
        if ((unsigned char)octet < 0x80 && octet != '\0')
            return octet;
    }
}
