// excerpt: choosing, in columns, what is shown of a line that is too long.

#include "ui/excerpt.h"

#include "base/utf8.h"
#include "ui/output.h"

enum {
    INDENT = 2,      // blanks before both lines
    CUT = 4,         // columns of "… " and of " …" at most, where "..." stands in for the sign
    ROOM_LEAST = 16, // columns of the line that are shown however narrow the terminal is
};

// Of a line without its two blanks, in columns.
struct extent {
    size_t width;      // all of it
    size_t start, end; // the place
};

// The column at which the excerpt begins: with the line where the place is seen then, else with
// what leads to the place.
static size_t first_column(struct extent extent, size_t room)
{
    size_t wanted = extent.end - extent.start;
    if (extent.start + (wanted < room / 2 ? wanted : room / 2) <= room)
        return 0;
    size_t first = extent.start - room / 3;
    if (first + room <= extent.width)
        return first;
    return extent.width > room ? extent.width - room : 0;
}

static void add_many(char sign, size_t count, struct buffer *to)
{
    while (count-- > 0)
        buffer_add_char(to, sign);
}

// Appends the part of the line, and the mark without what stands behind it.
static void add_cut(struct str text, struct extent extent, size_t room, struct buffer *to)
{
    struct buffer before = {0};
    size_t first = first_column(extent, room);
    size_t from = utf8_fit(text, first); // of a wide character across it the whole is shown
    size_t hidden = utf8_width(str_slice(text, 0, from));
    struct str shown = str_slice(text, from, text.size);
    shown.size = utf8_fit(text, first + room) - from;
    size_t last = hidden + utf8_width(shown), end = extent.end < last ? extent.end : last;
    add_many(' ', INDENT, &before);
    output_fit(from > 0 ? STR("… ") : STR(""), &before);
    buffer_add(to, buffer_str(&before));
    buffer_add(to, shown);
    output_fit(from + shown.size < text.size ? STR(" …") : STR(""), to);
    buffer_add_char(to, '\n');
    add_many(' ', utf8_width(buffer_str(&before)) + extent.start - hidden, to);
    add_many('^', end > extent.start ? end - extent.start : 1, to);
    buffer_finish(&before);
}

void excerpt_add(struct str line, struct str mark, size_t columns, struct buffer *to)
{
    size_t begin = 0, end;
    while (begin < mark.size && mark.data[begin] == ' ')
        begin++;
    for (end = begin; end < mark.size && mark.data[end] == '^';)
        end++;
    struct str text = str_slice(line, INDENT, line.size);
    struct extent extent = {utf8_width(text), begin - INDENT, end - INDENT};
    size_t widest = extent.end > extent.width ? extent.end : extent.width;
    if (INDENT + widest < columns) {
        buffer_add(to, line);
        buffer_add_char(to, '\n');
        buffer_add(to, str_slice(mark, 0, end));
    } else {
        size_t around = INDENT + 2 * CUT + 2; // half a character, and the last column stays free
        add_cut(text, extent, columns > around + ROOM_LEAST ? columns - around : ROOM_LEAST, to);
    }
    buffer_add(to, str_slice(mark, end, mark.size));
}
