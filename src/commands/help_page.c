// help_page: how a screen of help is laid out: examples, paragraphs, and facts in two columns.
//
// Facts are collected first and shown together, because the widest label sets the column. Widths
// are those of a terminal, so that translations stay aligned.

#include "commands/help_page.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "base/wrap.h"
#include "commands/help.h"

enum {
    LABEL_GAP = 2,      // blanks between the widest label and the texts
    COLUMNS_LEAST = 40, // of a line
    ROOM_LEAST = 16,    // columns beside a label
};

// Of a thread, since several actors may ask for help at once, and documents are never narrow.
static _Thread_local size_t columns_most = HELP_COLUMNS;

void page_set_columns(size_t columns)
{
    size_t most = columns < HELP_COLUMNS ? columns : HELP_COLUMNS;
    columns_most = most > COLUMNS_LEAST ? most : COLUMNS_LEAST;
}

size_t page_terminal_columns(size_t unknown)
{
    struct winsize size;
    bool known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
    return known ? size.ws_col : unknown;
}

void page_fit_terminal(void)
{
    page_set_columns(page_terminal_columns(HELP_COLUMNS));
}

// --- paragraphs ----------------------------------------------------------------------------------

void page_add_text(struct str text, size_t indent, struct buffer *to)
{
    wrap_add(text, indent, indent, columns_most, to);
    buffer_add_char(to, '\n');
}

// Chinese has blanks neither within nor beside its own marks, only between it and Latin letters.
static bool stand_apart(uint32_t last, uint32_t first)
{
    static const wchar_t marks[] = L"，。：；！？、（）“”《》";
    return (utf8_point_width(last) < 2 || utf8_point_width(first) < 2) &&
           wcschr(marks, (wchar_t)last) == NULL && wcschr(marks, (wchar_t)first) == NULL;
}

// Lines that are joined have a blank between them where their languages have one.
static void join(struct buffer *paragraph, struct str line)
{
    struct str before = buffer_str(paragraph);
    uint32_t last = ' ', first = ' ';
    if (before.size > 0) {
        utf8_decode(str_slice(before, utf8_cut(before, before.size - 1), before.size), &last);
        utf8_decode(line, &first);
        if (stand_apart(last, first))
            buffer_add_char(paragraph, ' ');
    }
    buffer_add(paragraph, line);
}

void page_add_paragraphs(struct str text, struct buffer *to)
{
    struct buffer paragraph = {0};
    while (text.size > 0) {
        struct str line = str_take_line(&text);
        if (line.size > 0)
            join(&paragraph, line);
        if (paragraph.size > 0 && (line.size == 0 || text.size == 0)) {
            page_add_text(buffer_str(&paragraph), 0, to);
            buffer_clear(&paragraph);
        }
        if (line.size == 0)
            buffer_add_char(to, '\n');
    }
    buffer_finish(&paragraph);
}

void page_add_example(struct str example, struct buffer *to)
{
    struct str rest = example;
    while (rest.size) {
        struct str line = str_take_line(&rest);
        buffer_print(to, "  %.*s\n", STR_ARG(line));
    }
    buffer_add_char(to, '\n');
}

void page_add_word(struct buffer *list, const char *word)
{
    buffer_print(list, "%s%s", list->size ? " " : "", word);
}

size_t page_lines(const struct buffer *page)
{
    size_t lines = 0;
    for (size_t i = 0; i < page->size; i++)
        lines += page->data[i] == '\n';
    return lines;
}

// --- facts: a label, and text that is broken into lines beside it --------------------------------

struct buffer *facts_add(struct facts *facts, struct str label)
{
    facts->items = mem_grow(facts->items, facts->count, &facts->capacity, sizeof *facts->items);
    struct fact *fact = &facts->items[facts->count++];
    *fact = (struct fact){.label = mem_copy(label)};
    return &fact->text;
}

void facts_add_text(struct facts *facts, const char *label, const char *text)
{
    buffer_add_text(facts_add(facts, str_from(label)), text);
}

void facts_drop(struct facts *facts)
{
    struct fact *last = &facts->items[--facts->count];
    buffer_finish(&last->text);
    free(last->label);
}

// In columns of a terminal, since labels are translated.
static size_t label_width(const struct facts *facts)
{
    size_t width = 0;
    for (size_t i = 0; i < facts->count; i++) {
        size_t its_width = utf8_width(str_from(facts->items[i].label));
        width = its_width > width ? its_width : width;
    }
    return width;
}

// A line or more each.
static void add_facts(const struct facts *facts, struct buffer *to)
{
    size_t width = label_width(facts);
    for (size_t i = 0; i < facts->count; i++) {
        const struct fact *fact = &facts->items[i];
        size_t padding = width - utf8_width(str_from(fact->label)) + LABEL_GAP;
        buffer_print(to, "  %s%*s", fact->label, fact->text.size ? (int)padding : 0, "");
        page_add_text(buffer_str(&fact->text), width + 2 + LABEL_GAP, to);
    }
}

size_t facts_lines(const struct facts *facts)
{
    struct buffer page = {0};
    add_facts(facts, &page);
    size_t lines = page_lines(&page);
    buffer_finish(&page);
    return lines;
}

void facts_show(struct facts *facts, struct buffer *to)
{
    add_facts(facts, to);
    while (facts->count)
        facts_drop(facts);
    free(facts->items);
    *facts = (struct facts){0};
}

// The facts that were collected so far come before what follows them.
static void flush(struct facts *facts, struct buffer *to)
{
    if (facts->count)
        facts_show(facts, to);
}

void page_add_texts(struct str texts, struct buffer *to)
{
    struct facts facts = {0};
    while (texts.size) {
        struct str text = str_take_line(&texts);
        size_t tab = str_find(text, STR("\t"), 0);
        if (tab < text.size) {
            buffer_add(facts_add(&facts, str_slice(text, 0, tab)),
                       str_slice(text, tab + 1, text.size));
        } else {
            flush(&facts, to);
            page_add_text(text, 0, to);
        }
    }
    flush(&facts, to);
}
