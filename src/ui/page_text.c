// page_text: one text, the runs of its looks, and lines cut from it.

#include "ui/page_text.h"

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "base/wrap.h"
#include "ui/output.h"
#include "ui/screen.h"

struct page_run {
    size_t end;     // octet of the text behind the last that looks so
    unsigned looks; // of enum page_look
};

// --- collecting ----------------------------------------------------------------------------------

static void add_run(struct page_text *text, unsigned looks)
{
    struct page_run *last = text->count ? &text->runs[text->count - 1] : NULL;
    if (last == NULL || last->looks != looks) {
        text->runs = mem_grow(text->runs, text->count, &text->capacity, sizeof *text->runs);
        last = &text->runs[text->count++];
        last->looks = looks;
    }
    last->end = text->text.size;
}

// The last character of a text that is valid UTF-8 and not empty.
static uint32_t last_point(struct str text)
{
    uint32_t point = 0;
    size_t size = 1;
    while (size < 4 && size < text.size && (text.data[text.size - size] & 0xC0) == 0x80)
        size++;
    utf8_decode(str_slice(text, text.size - size, text.size), &point);
    return point;
}

// Whether no blank belongs between two characters on both sides of a line's end: Chinese is written
// without. At its quotation marks and dashes, which are no wider than others, the neighbour tells.
static bool needs_no_blank(uint32_t before, uint32_t behind)
{
    static const wchar_t marks[] = L"，。：；！？、（）《》【】「」", narrow[] = L"“”‘’…—";
    bool wide_before = utf8_point_width(before) == 2, wide_behind = utf8_point_width(behind) == 2;
    if (wide_before && wide_behind)
        return true;
    if (wcschr(marks, (wchar_t)before) != NULL || wcschr(marks, (wchar_t)behind) != NULL)
        return true;
    return (wide_before && wcschr(narrow, (wchar_t)behind) != NULL) ||
           (wide_behind && wcschr(narrow, (wchar_t)before) != NULL);
}

// Decides about the end of a line of the source, now that it is known what follows.
static void join_lines(struct page_text *text, struct str behind, unsigned looks)
{
    uint32_t next = ' ';
    text->line_ended = false;
    utf8_decode(behind, &next);
    if (text->text.size == 0 || needs_no_blank(last_point(buffer_str(&text->text)), next))
        return;
    buffer_add_char(&text->text, ' ');
    add_run(text, text->count && text->runs[text->count - 1].looks == looks ? looks : 0);
}

void page_text_add(struct page_text *text, struct str raw, unsigned looks)
{
    if (raw.size == 0)
        return;
    if (text->line_ended)
        join_lines(text, raw, looks);
    size_t begin = text->text.size;
    output_escape(raw, &text->text);
    for (size_t i = begin; i < text->text.size; i++)
        if (text->text.data[i] == '\n' || text->text.data[i] == '\t')
            text->text.data[i] = ' ';
    add_run(text, looks);
}

void page_text_end_line(struct page_text *text)
{
    buffer_add_char(&text->text, '\n');
    add_run(text, 0);
}

void page_text_end_source_line(struct page_text *text)
{
    text->line_ended = true;
}

void page_text_finish(struct page_text *text)
{
    buffer_finish(&text->text);
    free(text->runs);
    *text = (struct page_text){0};
}

// --- lines ---------------------------------------------------------------------------------------

struct page_widths page_text_widths(const struct page_text *text)
{
    struct page_widths most = {0, 0}, here = {0, 0};
    struct str rest = buffer_str(&text->text);
    while (rest.size > 0) {
        uint32_t point = 0;
        size_t size = utf8_decode(rest, &point), width = utf8_point_width(point);
        // Between wide characters a line may end.
        here.word = point == ' ' || point == '\n' ? 0 : width == 2 ? 2 : here.word + width;
        here.line = point == '\n' ? 0 : here.line + width;
        most.word = here.word > most.word ? here.word : most.word;
        most.line = here.line > most.line ? here.line : most.line;
        rest = str_slice(rest, size ? size : 1, rest.size);
    }
    return most;
}

static void add_styled(unsigned looks, struct str part, struct buffer *to)
{
    char numbers[16] = "";
    snprintf(numbers, sizeof numbers, "%s%s%s%s", looks & PAGE_STRONG ? ";1" : "",
             looks & PAGE_EMPHASIS ? ";4" : "", looks & PAGE_CODE ? ";36" : "",
             looks & PAGE_FAINT && screen_faint_style()[0] ? ";2" : "");
    screen_add_styled(numbers[0] ? numbers + 1 : "", part, to);
}

// The octets from place->octet up to `end`, run by run.
static void add_part(const struct page_text *text, struct page_place *place, size_t end,
                     struct buffer *to)
{
    struct str whole = buffer_str(&text->text);
    while (place->octet < end) {
        while (text->runs[place->run].end <= place->octet)
            place->run++;
        const struct page_run *run = &text->runs[place->run];
        size_t until = run->end < end ? run->end : end;
        add_styled(run->looks, str_slice(whole, place->octet, until), to);
        place->octet = until;
    }
}

// The next end of a line that was asked for. It is kept, for a long text is not to be searched
// again for each of its lines.
static size_t find_line_end(const struct page_text *text, struct page_place *place)
{
    if (place->line_end <= place->octet) {
        size_t found = str_find(buffer_str(&text->text), STR("\n"), place->octet);
        place->line_end = found < text->text.size ? found : text->text.size;
    }
    return place->line_end;
}

bool page_text_take_line(const struct page_text *text, struct page_place *place, size_t columns,
                         size_t *width, struct buffer *to)
{
    if (place->octet >= text->text.size)
        return false;
    const char *octets = text->text.data;
    struct str line = {octets + place->octet, find_line_end(text, place) - place->octet};
    size_t size = line.size > 0 ? wrap_size(line, columns) : 0, shown = size;
    while (shown > 0 && line.data[shown - 1] == ' ')
        shown--;
    *width = utf8_width(str_slice(line, 0, shown));
    size_t next = place->octet + size;
    add_part(text, place, place->octet + shown, to);
    while (next < place->line_end && octets[next] == ' ')
        next++;
    place->octet = next == place->line_end ? next + 1 : next;
    return true;
}
