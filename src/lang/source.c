// source: lines, places and underlined messages of a script.

#include "lang/source.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/message.h"
#include "base/utf8.h"

enum { SHOWN_COLUMNS = 160 }; // of a long line

void source_init(struct source *source, struct str name, struct str text)
{
    // U+FEFF, which some editors put in front of UTF-8.
    if (str_starts(text, STR("\xEF\xBB\xBF")))
        text = str_slice(text, 3, text.size);
    *source = (struct source){
        .name = {mem_copy(name), name.size},
        .text = {mem_copy(text), text.size},
    };
    size_t capacity = 0;
    // A text that ends in a newline has an empty last line, where something may be missing.
    for (size_t at = 0; at != SIZE_MAX; source->line_count++) {
        source->lines = mem_grow(source->lines, source->line_count, &capacity, sizeof at);
        source->lines[source->line_count] = at;
        at = str_find(source->text, STR("\n"), at);
        at = at == SIZE_MAX ? at : at + 1;
    }
}

void source_finish(struct source *source)
{
    free((void *)source->name.data);
    free((void *)source->text.data);
    free(source->lines);
    *source = (struct source){0};
}

struct place source_place(const struct source *source, size_t offset)
{
    // By halves: a script of many lines is told of at many places.
    size_t low = 0, high = source->line_count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (source->lines[middle] <= offset)
            low = middle;
        else
            high = middle;
    }
    struct str before = str_slice(source->text, source->lines[low], offset);
    return (struct place){(unsigned)low + 1, (unsigned)utf8_count(before) + 1};
}

struct str source_line(const struct source *source, unsigned line)
{
    size_t start = source->lines[line - 1];
    size_t end = str_find(source->text, STR("\n"), start);
    struct str text = str_slice(source->text, start, end == SIZE_MAX ? source->text.size : end);
    // Files from Windows end their lines with \r\n.
    if (text.size && text.data[text.size - 1] == '\r')
        text.size--;
    return text;
}

// Appends `text` with control characters and stray octets as one blank each.
static void show_plainly(struct str text, struct buffer *to)
{
    for (size_t i = 0; i < text.size;) {
        uint32_t point;
        size_t size = utf8_decode(str_slice(text, i, text.size), &point);
        if (size == 0 || utf8_is_control(point)) {
            buffer_add_char(to, ' ');
            i += size ? size : 1;
        } else {
            buffer_add(to, str_slice(text, i, i + size));
            i += size;
        }
    }
}

// The line and, below it, the marks: in columns of a terminal, which neither octets nor characters
// are. Of a long line only what is around the place.
static void show_underlined(struct str line, size_t from, size_t to_octet, struct buffer *to)
{
    struct str before = str_slice(line, 0, from);
    struct str marked = str_slice(line, from, to_octet);
    size_t skipped = 0;
    if (before.size > SHOWN_COLUMNS / 2) { // the place must be seen, the beginning need not
        skipped = utf8_cut(line, before.size - SHOWN_COLUMNS / 2);
        before = str_slice(before, skipped, before.size);
    }
    struct str shown = str_slice(line, skipped, line.size);
    shown.size = utf8_cut(shown, before.size + SHOWN_COLUMNS);
    // A range that goes on over further lines is marked as far as this one is shown.
    marked = str_slice(marked, 0, shown.size - before.size);
    struct buffer plain = {0};
    show_plainly(before, &plain);
    size_t indent = utf8_width(buffer_str(&plain));
    buffer_clear(&plain);
    show_plainly(marked, &plain);
    size_t width = utf8_width(buffer_str(&plain));
    buffer_finish(&plain);
    buffer_add_text(to, "  ");
    show_plainly(shown, to);
    buffer_print(to, "\n  %*s", (int)indent, "");
    // A place without width, such as the end of a line, is marked by one.
    for (size_t i = 0; i < (width ? width : 1); i++)
        buffer_add_char(to, '^');
}

// What stands before a message. Nothing at the prompt, whose texts have no name.
static void show_place(const struct source *source, struct place place, struct buffer *to)
{
    if (source->name.size)
        buffer_print(to, "%.*s:%u:%u: ", STR_ARG(source->name), place.line, place.column);
}

// What stands below it, up to the end of the marks.
static void show_range(const struct source *source, struct place place, struct range range,
                       struct buffer *to)
{
    size_t start = source->lines[place.line - 1];
    show_underlined(source_line(source, place.line), range.start - start, range.end - start, to);
}

void source_show_remark(const struct source *source, const char *message, struct range range,
                        struct buffer *to)
{
    struct place place = source_place(source, range.start);
    show_place(source, place, to);
    buffer_print(to, "%s\n", message);
    show_range(source, place, range, to);
    buffer_add_char(to, '\n');
}

void source_show_error(const struct source *source, const char *message, const char *hint,
                       struct range range, struct buffer *to)
{
    struct place place = source_place(source, range.start);
    show_place(source, place, to);
    buffer_print(to, "%s: %s\n", _("error"), message);
    show_range(source, place, range, to);
    if (hint[0])
        buffer_print(to, "  %s", hint);
    buffer_add_char(to, '\n');
}

void source_show_diag(const struct source *source, const struct diag *diag, struct buffer *to)
{
    source_show_error(source, diag->message, diag->hint, diag->range, to);
}
