// look: marks of shift-out and shift-in round pieces of a text.

#include "base/look.h"

#include "base/utf8.h"

// SO, a letter, the text, SI (ECMA-48): neither is ever shown as it stands.
enum { BEGIN = 0x0E, END = 0x0F };

static bool uses_ascii;

void look_use_ascii(bool ascii)
{
    uses_ascii = ascii;
}

bool look_is_ascii(void)
{
    return uses_ascii;
}

void look_add(enum look look, struct str text, struct buffer *to)
{
    if (look != LOOK_PLAIN) {
        buffer_add_char(to, BEGIN);
        buffer_add_char(to, (char)look);
    }
    buffer_add(to, text);
    if (look != LOOK_PLAIN)
        buffer_add_char(to, END);
}

bool look_take(struct str *rest, enum look *look, struct str *piece)
{
    if (rest->size == 0)
        return false;
    bool marked = rest->data[0] == BEGIN && rest->size > 1;
    char ends = marked ? END : BEGIN;
    // Of plain text at least one octet, whatever it is.
    size_t from = marked ? 2 : 0, to = marked ? 2 : 1;
    while (to < rest->size && rest->data[to] != ends)
        to++;
    *look = marked ? (enum look)rest->data[1] : LOOK_PLAIN;
    *piece = str_slice(*rest, from, to);
    *rest = str_slice(*rest, marked ? to + 1 : to, rest->size);
    return true;
}

void look_strip(struct str text, struct buffer *to)
{
    enum look look;
    struct str piece;
    while (look_take(&text, &look, &piece))
        buffer_add(to, piece);
}

size_t look_width(struct str text)
{
    enum look look;
    struct str piece;
    size_t width = 0;
    while (look_take(&text, &look, &piece))
        width += utf8_width(piece);
    return width;
}

// Among the 16 named colours, as everywhere: a person has chosen those to be read.
const char *look_style(enum look look)
{
    switch (look) {
    case LOOK_HEADING:
        return "4";
    case LOOK_GOOD:
        return "32";
    case LOOK_READY:
        return "36";
    case LOOK_UNDER_WAY:
        return "33";
    case LOOK_ENDING:
        return "35";
    case LOOK_FAINT:
        return "2";
    case LOOK_BAD:
        return "31";
    default:
        return "";
    }
}
