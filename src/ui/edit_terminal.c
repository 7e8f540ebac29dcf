// edit_terminal: keys that are there, and rows that a line takes.

#include "ui/edit_terminal.h"

#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>
#include <wctype.h>

#include "base/utf8.h"

void edit_terminal_prepare(int fd)
{
    struct termios mode;
    if (tcgetattr(fd, &mode) < 0)
        return;
    mode.c_cc[VMIN] = 0;
    mode.c_cc[VTIME] = 0;
    tcsetattr(fd, TCSANOW, &mode);
}

int edit_terminal_read(int fd, char *octet)
{
    struct pollfd terminal = {fd, POLLIN, 0};
    ssize_t got = read(fd, octet, 1);
    if (got != 0)
        return got < 0 ? -1 : 1;
    // The end of input looks like that, too.
    return poll(&terminal, 1, 0) > 0 && terminal.revents & (POLLHUP | POLLERR) ? -1 : 0;
}

// --- where the cursor stands
// ------------------------------------------------------------------------

struct place {
    size_t row, column;
};

// How many columns a character takes when it begins at `column`, as line editors show it: a tab as
// blanks, ^C, and libedit what cannot be shown as \U+1234.
static size_t width_at(uint32_t point, size_t column, size_t columns)
{
    if (point == '\t')
        return column - column % 8 + 8 < columns ? 8 - column % 8 : columns - column;
    if (point < 0x20 || point == 0x7F)
        return strlen("^C");
    if (!iswprint((wint_t)point))
        return point > 0xFFFF ? strlen("\\U+12345") : strlen("\\U+1234");
    return utf8_point_width(point);
}

static void step_over(struct place *place, uint32_t point, size_t columns)
{
    size_t width = width_at(point, place->column, columns);
    bool is_wide = width == 2 && point > 0x7F;
    if (point == '\n' || (is_wide && place->column + width > columns)) // a wide one is not cut
        *place = (struct place){place->row + 1, 0};
    if (point != '\n')
        place->column += width;
    place->row += place->column / columns;
    place->column %= columns;
}

static void step_over_text(struct place *place, struct str text, size_t columns)
{
    while (text.size > 0) {
        uint32_t point = 0xFFFD;
        size_t size = utf8_decode(text, &point);
        step_over(place, point, columns);
        text = str_slice(text, size ? size : 1, text.size);
    }
}

// Where the cursor stands behind prompt and text; not below the last row of the screen.
static struct place find_cursor(int fd, const char *prompt, struct str text)
{
    struct winsize size = {0};
    struct place place = {0, 0};
    ioctl(fd, TIOCGWINSZ, &size);
    size_t columns = size.ws_col ? size.ws_col : 80, rows = size.ws_row ? size.ws_row : 24;
    step_over_text(&place, str_from(prompt), columns);
    step_over_text(&place, text, columns);
    if (place.row >= rows)
        place.row = rows - 1;
    return place;
}

size_t edit_terminal_row(int fd, const char *prompt, struct str text)
{
    return find_cursor(fd, prompt, text).row;
}

size_t edit_terminal_row_when_resized(int fd, const char *prompt, struct str text, bool at_end)
{
    struct place place = find_cursor(fd, prompt, text);
    bool behind_row =
        at_end && place.column == 0 && text.size > 0 && text.data[text.size - 1] != '\n';
    return behind_row && place.row > 0 ? place.row - 1 : place.row;
}
