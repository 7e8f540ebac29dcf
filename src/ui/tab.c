// tab: the common beginning of candidates, and their list.

#include "ui/tab.h"

#include "base/message.h"
#include "base/utf8.h"
#include "base/wrap.h"
#include "ui/output.h"
#include "ui/screen.h"

// --- inserting -----------------------------------------------------------------------------------

// What all candidates begin with, without half a character at its end.
static struct str common_beginning(const struct candidates *candidates)
{
    struct str common = candidates->items[0].text;
    for (size_t i = 1; i < candidates->count; i++) {
        struct str text = candidates->items[i].text;
        size_t same = 0;
        while (same < common.size && same < text.size && common.data[same] == text.data[same])
            same++;
        common = str_slice(common, 0, same);
    }
    return str_slice(common, 0, utf8_cut(candidates->items[0].text, common.size));
}

// A whole candidate, and the blank that ends it, unless one stands behind the cursor.
static void insert_whole(const struct candidates *candidates, struct str behind, struct tab *tab)
{
    buffer_add(&tab->insert, candidates->items[0].text);
    if (!candidates->is_folder && !str_starts(behind, STR(" ")))
        buffer_add_char(&tab->insert, ' ');
}

static const char *entered; // on an empty line

void tab_set_entered(const char *line)
{
    entered = line;
}

void tab_press(const struct assist *assist, struct str line, size_t cursor, bool again,
               struct edit_size size, struct tab *tab)
{
    struct candidates candidates = {0};
    if (entered != NULL && line.size == 0 && assist->before.size == 0) {
        buffer_add_text(&tab->insert, entered);
        tab->enters = true;
        return;
    }
    assist_complete(assist, line, cursor, &candidates);
    struct str typed = str_slice(line, candidates.start, cursor);
    if (candidates.count == 1) {
        insert_whole(&candidates, str_slice(line, cursor, line.size), tab);
    } else if (candidates.count > 1) {
        struct str common = common_beginning(&candidates);
        if (common.size > typed.size)
            buffer_add(&tab->insert, common);
        else if (again)
            tab_list(&candidates, size, &tab->list);
    }
    // Without a change there is nothing to undo.
    if (str_equal(buffer_str(&tab->insert), typed))
        buffer_clear(&tab->insert);
    tab->start = candidates.start;
    candidates_finish(&candidates);
}

void tab_finish(struct tab *tab)
{
    buffer_finish(&tab->insert);
    buffer_finish(&tab->list);
}

// --- the list ------------------------------------------------------------------------------------

// Appends `text` as one line of the screen can show it, cut to `width` columns and, with `pads`,
// filled up to them. A file's name may hold anything.
static void add_cell(struct str text, size_t width, bool pads, const char *style, struct buffer *to)
{
    struct buffer shown = {0}, sign = {0};
    output_fit(STR("…"), &sign);
    output_escape(text, &shown);
    for (size_t i = 0; i < shown.size; i++)
        if (shown.data[i] == '\n' || shown.data[i] == '\t')
            shown.data[i] = ' ';
    wrap_cut(&shown, width, buffer_text(&sign));
    struct str cell = buffer_str(&shown);
    screen_add_styled(style, cell, to);
    if (pads)
        buffer_print(to, "%*s", (int)(width - utf8_width(cell)), "");
    buffer_finish(&shown);
    buffer_finish(&sign);
}

static size_t shown_width(struct str text)
{
    struct buffer shown = {0};
    output_escape(text, &shown);
    size_t width = utf8_width(buffer_str(&shown));
    buffer_finish(&shown);
    return width;
}

static size_t widest(const struct candidates *candidates)
{
    size_t width = 0;
    for (size_t i = 0; i < candidates->count; i++) {
        size_t one = shown_width(candidates->items[i].text);
        width = one > width ? one : width;
    }
    return width;
}

static bool says_what(const struct candidates *candidates)
{
    bool says = false;
    for (size_t i = 0; i < candidates->count && !says; i++)
        says = candidates->items[i].about.size > 0;
    return says;
}

// What a list takes of a line.
enum {
    INDENT = 2,
    GAP = 2,  // between columns
    FREE = 1, // at the right: a full row would wrap
};

// How many candidates are shown in `lines` lines of `each`; one line tells of those that are not.
static size_t count_shown(size_t count, size_t lines, size_t each)
{
    return count <= lines * each ? count : (lines - 1) * each;
}

static void add_rows(const struct candidates *candidates, struct edit_size size, size_t shown,
                     struct buffer *to)
{
    size_t most = size.columns > INDENT + GAP + FREE ? size.columns - INDENT - GAP - FREE : 1;
    size_t width = widest(candidates);
    width = width > most * 2 / 3 ? most * 2 / 3 : width;
    for (size_t i = 0; i < shown; i++) {
        const struct candidate *one = &candidates->items[i];
        buffer_print(to, "%*s", INDENT, "");
        add_cell(one->text, width, one->about.size > 0, "1", to);
        if (one->about.size > 0) {
            buffer_print(to, "%*s", GAP, "");
            add_cell(one->about, most - width, false, "", to);
        }
        buffer_add_char(to, '\n');
    }
}

static void add_columns(const struct candidates *candidates, struct edit_size size, size_t each,
                        size_t shown, struct buffer *to)
{
    size_t most = size.columns > INDENT + FREE ? size.columns - INDENT - FREE : 1;
    size_t width = widest(candidates), rows = (shown + each - 1) / each;
    width = width > most ? most : width;
    for (size_t row = 0; row < rows; row++) {
        buffer_print(to, "%*s", INDENT, "");
        for (size_t i = row; i < shown; i += rows) {
            bool last = i + rows >= shown;
            add_cell(candidates->items[i].text, width, !last, "1", to);
            buffer_print(to, "%*s", last ? 0 : GAP, "");
        }
        buffer_add_char(to, '\n');
    }
}

void tab_list(const struct candidates *candidates, struct edit_size size, struct buffer *to)
{
    size_t lines = size.rows > 3 ? size.rows - 2 : 2; // the line that is edited comes below
    size_t each = says_what(candidates)
                      ? 1
                      : (size.columns - INDENT - FREE + GAP) / (widest(candidates) + GAP);
    each = each > 0 ? each : 1;
    size_t shown = count_shown(candidates->count, lines, each);
    if (says_what(candidates))
        add_rows(candidates, size, shown, to);
    else
        add_columns(candidates, size, each, shown, to);
    if (shown < candidates->count) {
        struct buffer more = {0};
        buffer_print(&more, _("  … and %zu more\n"), candidates->count - shown);
        output_fit(buffer_str(&more), to);
        buffer_finish(&more);
    }
}
