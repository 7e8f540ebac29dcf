// edit_terminal: keys that are there, and rows that a line takes.

#include "ui/edit_terminal.h"

#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>
#include <wctype.h>

#include "base/buffer.h"
#include "base/utf8.h"

static struct buffer unread; // octets that were put back …
static size_t unread_from;   // … and how many of them were given since

void edit_terminal_prepare(int fd)
{
    struct termios mode;
    if (tcgetattr(fd, &mode) < 0)
        return;
    mode.c_cc[VMIN] = 0;
    mode.c_cc[VTIME] = 0;
    tcsetattr(fd, TCSANOW, &mode);
}

void edit_terminal_unread(struct str octets)
{
    buffer_add(&unread, octets);
}

bool edit_terminal_has_unread(void)
{
    return unread_from < unread.size;
}

bool edit_terminal_has_keys(int fd)
{
    struct pollfd keys = {fd, POLLIN, 0};
    return edit_terminal_has_unread() || poll(&keys, 1, 0) != 0;
}

int edit_terminal_read(int fd, char *octet)
{
    if (edit_terminal_has_unread()) {
        *octet = unread.data[unread_from++];
        if (unread_from == unread.size) {
            buffer_finish(&unread);
            unread_from = 0;
        }
        return 1;
    }
    struct pollfd terminal = {fd, POLLIN, 0};
    ssize_t got = read(fd, octet, 1);
    if (got != 0)
        return got < 0 ? -1 : 1;
    // The end of input looks like that, too.
    return poll(&terminal, 1, 0) > 0 && terminal.revents & (POLLHUP | POLLERR) ? -1 : 0;
}

void edit_terminal_read_sequence(int fd, char *octets, size_t size)
{
    size_t count = 0;
    while (count + 1 < size && edit_terminal_has_keys(fd) &&
           edit_terminal_read(fd, &octets[count]) == 1) {
        char octet = octets[count++];
        if (count > 1 && octet >= '@' && octet <= '~')
            break;
    }
    octets[count] = '\0';
}

char edit_terminal_peek(int fd)
{
    char octet;
    if (!edit_terminal_has_unread() && edit_terminal_read(fd, &octet) == 1)
        edit_terminal_unread((struct str){&octet, 1});
    return edit_terminal_has_unread() ? unread.data[unread_from] : '\0';
}

// --- where the cursor stands ---------------------------------------------------------------------

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

void edit_terminal_step(struct edit_place *place, uint32_t point, size_t columns)
{
    size_t width = width_at(point, place->column, columns);
    bool is_wide = width == 2 && point > 0x7F;
    if (point == '\n' || (is_wide && place->column + width > columns)) // a wide one is not cut
        *place = (struct edit_place){place->row + 1, 0};
    if (point != '\n')
        place->column += width;
    place->row += place->column / columns;
    place->column %= columns;
}

static void step_over_text(struct edit_place *place, struct str text, size_t columns)
{
    while (text.size > 0) {
        uint32_t point = 0xFFFD;
        size_t size = utf8_decode(text, &point);
        edit_terminal_step(place, point, columns);
        text = str_slice(text, size ? size : 1, text.size);
    }
}

struct edit_size edit_terminal_size(int fd)
{
    struct winsize size = {0};
    ioctl(fd, TIOCGWINSZ, &size);
    return (struct edit_size){size.ws_col ? size.ws_col : 80, size.ws_row ? size.ws_row : 24};
}

struct edit_place edit_terminal_find(struct edit_size size, const char *prompt, struct str text)
{
    struct edit_place place = {0, 0};
    step_over_text(&place, str_from(prompt), size.columns);
    step_over_text(&place, text, size.columns);
    if (place.row >= size.rows)
        place.row = size.rows - 1;
    return place;
}

struct edit_place edit_terminal_find_cursor(struct edit_size size, const char *prompt,
                                            struct str line, size_t cursor)
{
    struct edit_place place = edit_terminal_find(size, prompt, str_slice(line, 0, cursor));
    struct str behind = str_slice(line, cursor, line.size);
    uint32_t point = 0;
    bool is_wide =
        behind.size > 0 && utf8_decode(behind, &point) > 1 && utf8_point_width(point) == 2;
    if (is_wide && place.column + 2 > size.columns && place.row + 1 < size.rows)
        place = (struct edit_place){place.row + 1, 0};
    return place;
}

void edit_terminal_go_below(FILE *out, struct edit_size size, const char *prompt, struct str line,
                            size_t cursor)
{
    size_t row = edit_terminal_find_cursor(size, prompt, line, cursor).row;
    size_t last = edit_terminal_find(size, prompt, line).row;
    fputc('\r', out);
    for (; row <= last; row++)
        fputc('\n', out);
}

size_t edit_terminal_row(int fd, const char *prompt, struct str text)
{
    return edit_terminal_find(edit_terminal_size(fd), prompt, text).row;
}

size_t edit_terminal_row_when_resized(int fd, const char *prompt, struct str text, bool at_end)
{
    struct edit_place place = edit_terminal_find(edit_terminal_size(fd), prompt, text);
    bool behind_row =
        at_end && place.column == 0 && text.size > 0 && text.data[text.size - 1] != '\n';
    return behind_row && place.row > 0 ? place.row - 1 : place.row;
}
