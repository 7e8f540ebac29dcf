// wrap: breaking lines at blanks, and in Chinese between characters; cutting.

#include "base/wrap.h"

#include <wchar.h>

#include "base/utf8.h"

// Columns that a line has at least, however far in it begins: the terminal breaks those.
enum { ROOM_LEAST = 16 };

// Whether a line may end between two characters that have no blank between them: Chinese is written
// without blanks, but no line begins with what closes, nor ends with what opens.
static bool may_break(uint32_t before, uint32_t behind)
{
    static const wchar_t opens[] = L"（“‘《【([{", closes[] = L"，。：；！？、）”’》】,.:;!?)]}…";
    return (utf8_point_width(before) == 2 || utf8_point_width(behind) == 2) &&
           wcschr(opens, (wchar_t)before) == NULL && wcschr(closes, (wchar_t)behind) == NULL;
}

size_t wrap_size(struct str rest, size_t columns)
{
    size_t fits = 0, width = 0;
    uint32_t before = ' ';
    for (size_t i = 0, size; i < rest.size; i += size ? size : 1) {
        uint32_t point = 0;
        size = utf8_decode(str_slice(rest, i, rest.size), &point);
        if (i > 0 && may_break(before, point))
            fits = i;
        width += size ? utf8_point_width(point) : 1;
        // A word that is longer than the line is cut where the line ends.
        if (width > columns && i > 0)
            return fits ? fits : i;
        if (rest.data[i] == ' ')
            fits = i;
        before = point;
    }
    return rest.size;
}

void wrap_add(struct str text, size_t used, size_t indent, size_t columns, struct buffer *to)
{
    for (size_t begin = used; text.size > 0; begin = indent) {
        size_t room = columns > begin + ROOM_LEAST ? columns - begin : ROOM_LEAST;
        size_t size = wrap_size(text, room);
        buffer_add(to, str_slice(text, 0, size));
        text = str_slice(text, size, text.size);
        while (str_starts(text, STR(" ")))
            text = str_slice(text, 1, text.size);
        if (text.size > 0)
            buffer_print(to, "\n%*s", (int)indent, "");
    }
}

void wrap_cut(struct buffer *text, size_t columns, const char *sign)
{
    size_t room = utf8_width(str_from(sign));
    if (utf8_width(buffer_str(text)) <= columns)
        return;
    text->size = utf8_fit(buffer_str(text), columns > room ? columns - room : 0);
    buffer_add_text(text, room <= columns ? sign : "");
}
