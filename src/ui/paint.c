// paint: the same characters once more, with colours between them.

#include "ui/paint.h"

#include <langinfo.h>
#include <string.h>
#include <wctype.h>

#include "base/utf8.h"
#include "ui/edit_terminal.h"
#include "ui/output.h"
#include "ui/screen.h"

static bool has_hint; // on the screen, from the cursor on

// --- what can be painted -------------------------------------------------------------------------

// How the kinds look, as numbers of SGR. A mistake is underlined as well: red alone is not seen by
// everybody.
static const char *const styles[] = {
    [LOOK_PLAIN] = "",     [LOOK_COMMAND] = "1",   [LOOK_WORD] = "35",  [LOOK_VARIABLE] = "",
    [LOOK_HANDLE] = "36",  [LOOK_CONSTANT] = "94", [LOOK_NUMBER] = "",  [LOOK_STRING] = "32",
    [LOOK_ADDRESS] = "36", [LOOK_ACTOR] = "",      [LOOK_COMMENT] = "", [LOOK_MISTAKE] = "4;31",
};

static const char *style_of(enum look look, struct str text)
{
    if (look == LOOK_COMMENT)
        return screen_faint_style();
    if (look == LOOK_ACTOR)
        return screen_actor_style(str_slice(text, str_starts(text, STR("@")), text.size));
    return styles[look];
}

// Whether both editors show the text in one known way. What is no UTF-8 or cannot be printed, each
// shows as it likes; so they do with everything but ASCII in a locale that is not UTF-8.
static bool is_known(struct str text)
{
    bool utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
    while (text.size > 0) {
        uint32_t point = 0;
        size_t size = utf8_decode(text, &point);
        if (size == 0 || (size > 1 && !(utf8 && iswprint((wint_t)point))))
            return false;
        text = str_slice(text, size, text.size);
    }
    return true;
}

// --- painting ------------------------------------------------------------------------------------

// Where the next character goes.
struct pen {
    struct edit_place place;
    size_t columns;
    struct buffer text; // one style's, collected
};

// Adds one character as the editor has drawn it: a tab as blanks, a control character as ^X. Rows
// wrap by themselves; a newline leaves a row that is full twice, as the editors do.
static void add_point(struct pen *pen, uint32_t point, struct str octets)
{
    struct edit_place before = pen->place;
    edit_terminal_step(&pen->place, point, pen->columns);
    if (point == '\t') {
        for (size_t i = before.column;
             i < (pen->place.row > before.row ? pen->columns : pen->place.column); i++)
            buffer_add_char(&pen->text, ' ');
    } else if (point == '\n') {
        bool waits = before.row > 0 && before.column == 0 && pen->text.size > 0; // at a full row
        buffer_add_text(&pen->text, waits ? "\r\n\n" : "\r\n");
    } else if (point < 0x20 || point == 0x7F) {
        buffer_print(&pen->text, "^%c", (char)(point ^ 0x40));
    } else {
        buffer_add(&pen->text, octets);
    }
}

// Adds a part of the line in one look.
static void add_part(struct pen *pen, const char *style, struct str text, struct buffer *to)
{
    buffer_clear(&pen->text);
    while (text.size > 0) {
        uint32_t point = 0;
        size_t size = utf8_decode(text, &point);
        add_point(pen, point, str_slice(text, 0, size));
        text = str_slice(text, size, text.size);
    }
    screen_add_styled(style, buffer_str(&pen->text), to);
}

static void add_line(const struct assist *assist, const struct painted *painted, size_t columns,
                     struct buffer *to)
{
    struct pen pen = {.columns = columns};
    struct spans spans = {0};
    const char *prompt_style =
        strncmp(painted->prompt, "...", 3) == 0 ? "" : screen_actor_style(assist->actor);
    assist_paint(assist, painted->line, painted->cursor, &spans);
    add_part(&pen, prompt_style, str_from(painted->prompt), to);
    for (size_t i = 0; i < spans.count; i++) {
        struct str part = str_slice(painted->line, spans.items[i].start, spans.items[i].end);
        add_part(&pen, style_of(spans.items[i].look, part), part, to);
    }
    spans_finish(&spans);
    buffer_finish(&pen.text);
}

// --- the hint ------------------------------------------------------------------------------------

// The words of `hint` that fit into `room` columns.
static struct str cut_hint(struct str hint, size_t room)
{
    while (hint.size > 0 && utf8_width(hint) > room) {
        do
            hint.size--;
        while (hint.size > 0 && hint.data[hint.size] != ' ');
    }
    return hint;
}

// Faint; where it could be taken for what was typed, since nothing is faint, in angle brackets.
static void add_hint(const struct assist *assist, struct str line, size_t room, struct buffer *to)
{
    struct buffer hint = {0}, fit = {0};
    bool faint = atomic_load(&assist->session->show_colors) && screen_faint_style()[0];
    assist_hint(assist, line, &hint);
    output_fit(buffer_str(&hint), &fit);
    struct str text = cut_hint(buffer_str(&fit), faint || room < 2 ? room : room - 2);
    size_t blank = str_starts(text, STR(" "));
    has_hint = text.size > blank;
    if (has_hint) {
        buffer_add_text(to, "\0337"); // the cursor's place
        if (faint)
            screen_add_styled(screen_faint_style(), text, to);
        else
            buffer_print(to, "%s<%.*s>", blank ? " " : "",
                         STR_ARG(str_slice(text, blank, text.size)));
        buffer_add_text(to, "\0338");
    }
    buffer_finish(&hint);
    buffer_finish(&fit);
}

bool paint_has_hint(void)
{
    return has_hint;
}

void paint_erase_hint(FILE *out)
{
    if (has_hint)
        fputs("\033[J", out); // there is one only where the cursor is at the line's end
    has_hint = false;
}

// --- both ----------------------------------------------------------------------------------------

void paint_line(FILE *out, const struct assist *assist, const struct painted *painted)
{
    bool colors = atomic_load(&assist->session->show_colors);
    bool hints = atomic_load(&assist->session->show_hints);
    struct edit_size size = edit_terminal_size(fileno(out));
    struct edit_place cursor =
        edit_terminal_find_cursor(size, painted->prompt, painted->line, painted->cursor);
    struct edit_place end = edit_terminal_find(size, painted->prompt, painted->line);
    struct buffer text = {0};
    if (end.row + 1 >= size.rows || !is_known(painted->line))
        return;
    if (colors) {
        buffer_add_text(&text, "\033[?25l\0337"); // the cursor: hidden, its place kept
        if (cursor.row > 0)
            buffer_print(&text, "\033[%zuA", cursor.row);
        buffer_add_char(&text, '\r');
        add_line(assist, painted, size.columns, &text);
        buffer_add_text(&text, "\0338\033[?25h");
    }
    if (hints && painted->line.size + assist->ghost.size > 0 &&
        painted->cursor == painted->line.size)
        add_hint(assist, painted->line, size.columns - 1 - end.column, &text);
    fprintf(out, "%.*s", STR_ARG(buffer_str(&text)));
    fflush(out);
    buffer_finish(&text);
}
