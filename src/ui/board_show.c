// board_show: painting a board: the page, the columns with their arrows and waits, the last line.

#include <stdlib.h>

#include "base/memory.h"
#include "base/message.h"
#include "base/utf8.h"
#include "base/wrap.h"
#include "ui/board_rows.h"
#include "ui/output.h"
#include "ui/page.h"
#include "ui/screen.h"

enum {
    ROWS_SPARE = 30, // a screen that is lower spends none on a short page …
    PAGE_LEAST = 4,  // … but these
};

// --- lines ---------------------------------------------------------------------------------------

static void add_blanks(size_t count, struct buffer *to)
{
    buffer_print(to, "%*s", (int)count, "");
}

// In a look, and filled up with blanks to `columns`; the blanks have the look when `fills`.
static void add_padded(const char *style, struct str text, size_t columns, bool fills,
                       struct buffer *to)
{
    struct buffer whole = {0};
    size_t width = utf8_width(text), rest = columns > width ? columns - width : 0;
    buffer_add(&whole, text);
    if (fills)
        add_blanks(rest, &whole);
    screen_add_styled(style, buffer_str(&whole), to);
    if (!fills)
        add_blanks(rest, to);
    buffer_finish(&whole);
}

// One line: `left`, and at its right end as much of `right` as there is room for.
static void add_ends(const char *style, struct str left, struct str right, size_t columns,
                     struct buffer *to)
{
    struct buffer line = {0};
    board_rows_cut(left, columns, &line);
    size_t used = utf8_width(buffer_str(&line)), width = utf8_width(right);
    if (width > 0 && used + 2 + width <= columns) {
        add_blanks(columns - used - width, &line);
        buffer_add(&line, right);
    }
    if (style[0] != '\0') // it is seen where the line ends
        add_padded(style, buffer_str(&line), columns, true, to);
    else
        buffer_add(to, buffer_str(&line));
    buffer_add_char(to, '\n');
    buffer_finish(&line);
}

// --- the first line ------------------------------------------------------------------------------

static void add_head(const struct board *board, size_t columns, struct buffer *to)
{
    struct buffer left = {0}, right = {0}, text = {0};
    const char *keys = _("space hold · Tab take over · b back · + - pace · q end · h keys ");
    buffer_print(&text, " %.*s   ", STR_ARG(board->title));
    buffer_print(&text, _("step %u of %u"), board->step, board->steps);
    output_fit(buffer_str(&text), &left);
    output_fit(str_from(keys), &right);
    if (utf8_width(buffer_str(&left)) + utf8_width(buffer_str(&right)) + 2 > columns) {
        buffer_clear(&right);
        output_fit(str_from(_("h keys ")), &right);
    }
    add_ends("1;7", buffer_str(&left), buffer_str(&right), columns, to);
    buffer_finish(&left);
    buffer_finish(&right);
    buffer_finish(&text);
}

// --- the page ------------------------------------------------------------------------------------

// One option: its letter, and its text set in behind it. The right one is marked once it is known.
static void add_option(const struct board *board, size_t i, size_t columns, struct buffer *to)
{
    const struct guess *option = &board->question->options[i];
    bool marked = board->answered && option->right;
    struct buffer text = {0}, sign = {0};
    page_show(option->text.text, columns - 5, &text);
    output_fit(marked ? STR("✓") : STR(" "), &sign);
    struct str rest = buffer_str(&text);
    for (bool first = true; rest.size > 0; first = false) {
        struct str line = str_take_line(&rest);
        struct buffer begin = {0};
        if (first)
            buffer_print(&begin, " %s %c ", buffer_text(&sign), (char)('a' + i));
        else
            add_blanks(5, &begin);
        screen_add_styled(marked ? "1;32" : "1", buffer_str(&begin), to);
        if (marked) // a text with looks of its own keeps them
            screen_add_styled("1", line, to);
        else
            buffer_add(to, line);
        buffer_add_char(to, '\n');
        buffer_finish(&begin);
    }
    buffer_finish(&text);
    buffer_finish(&sign);
}

static void add_question(const struct board *board, size_t columns, struct buffer *to)
{
    page_show(board->question->ask.text, columns, to);
    for (size_t i = 0; i < board->question->count; i++)
        add_option(board, i, columns, to);
    if (board->answered)
        page_show(board->question->reason, columns, to);
}

static void add_page(const struct board *board, size_t columns, struct buffer *to)
{
    page_show(board->page, columns, to);
    if (board->challenge.size == 0)
        return;
    if (to->size > 0)
        buffer_add_char(to, '\n');
    page_show(board->challenge, columns, to);
}

static size_t count_lines(struct str text)
{
    size_t count = 0;
    for (; text.size > 0; count++)
        str_take_line(&text);
    return count;
}

static void skip_lines(struct str *text, size_t count)
{
    while (count-- > 0)
        str_take_line(text);
}

// Exactly `rows` lines of the page, from `scrolled` on; of one that is longer the last line says
// how much more there is.
static void add_window(struct board *board, struct str page, size_t columns, size_t rows,
                       struct buffer *to)
{
    size_t all = count_lines(page), most = all > rows ? all - rows + 1 : 0;
    board->scrolled = board->scrolled < most ? board->scrolled : most;
    size_t below = all > rows ? all - board->scrolled - (rows - 1) : 0;
    skip_lines(&page, board->scrolled);
    for (size_t i = 0; i < rows; i++) {
        struct buffer more = {0}, shown = {0};
        struct str line = str_take_line(&page);
        if (all > rows && i == rows - 1) {
            if (below > 0)
                buffer_print(&more, _(" … lines below: %zu   (Up, Down)"), below);
            else
                buffer_print(&more, _(" … lines above: %zu   (Up, Down)"), board->scrolled);
            output_fit(buffer_str(&more), &shown);
            screen_add_styled(screen_faint_style(), buffer_str(&shown), to);
        } else if (screen_width_of(line) <= columns) {
            buffer_add(to, line);
        } else { // a block of code that is wider than the screen
            board_rows_cut(line, columns, to);
            buffer_add_text(to, screen_is_styled() ? "\033[m" : "");
        }
        buffer_add_char(to, '\n');
        buffer_finish(&more);
        buffer_finish(&shown);
    }
}

// A third of the screen for a page; a question may take half of it. Returns how many rows it was.
static size_t show_page(struct board *board, size_t columns, size_t rows, struct buffer *to)
{
    struct buffer page = {0};
    size_t height = rows / 3;
    if (board->question != NULL)
        add_question(board, columns, &page);
    else
        add_page(board, columns, &page);
    size_t lines = count_lines(buffer_str(&page));
    if (board->question != NULL && lines > height)
        height = lines < rows / 2 ? lines : rows / 2;
    else if (rows < ROWS_SPARE && lines + 1 < height) // else nothing moves when the page turns
        height = lines + 1 > PAGE_LEAST ? lines + 1 : PAGE_LEAST;
    add_window(board, buffer_str(&page), columns, height, to);
    buffer_finish(&page);
    return height;
}

// --- columns -------------------------------------------------------------------------------------

// What the arrows below are.
static void add_gap_heading(const struct board *board, size_t gap, struct buffer *to)
{
    struct buffer text = {0};
    board_rows_cut(str_from(board->packets ? _("packets") : _("calls")), gap - 1, &text);
    size_t rest = gap - utf8_width(buffer_str(&text));
    add_blanks(rest / 2, to);
    screen_add_styled(screen_faint_style(), buffer_str(&text), to);
    add_blanks(rest - rest / 2, to);
    buffer_finish(&text);
}

// "server ─────────": whose column it is.
static void add_headings(const struct board *board, const struct board_rows *rows,
                         struct buffer *to)
{
    for (size_t i = 0; i < rows->count; i++) {
        const char *name = board->actors[rows->shown[i]].name;
        struct buffer text = {0}, shown = {0};
        board_rows_cut(str_from(name), rows->width - 2, &text);
        buffer_add_char(&text, ' ');
        for (size_t j = utf8_width(buffer_str(&text)); j < rows->width; j++)
            buffer_add_text(&text, "─");
        output_fit(buffer_str(&text), &shown);
        screen_add_styled(screen_actor_style(str_from(name)), buffer_str(&shown), to);
        if (2 * i + 1 < rows->places)
            add_gap_heading(board, rows->gap, to);
        buffer_finish(&text);
        buffer_finish(&shown);
    }
    buffer_add_char(to, '\n');
}

static const char *style_of(const struct board *board, const struct board_cell *cell)
{
    if (cell->lost)
        return "31";
    if (cell->arrow && cell->kind != BOARD_TRACE)
        return screen_actor_style(str_from(board->actors[cell->actor].name));
    switch (cell->kind) {
    case BOARD_TRACE:
        return screen_faint_style();
    case BOARD_ERROR:
    case BOARD_DIFFERS:
        return "1;31";
    case BOARD_TYPED:
        return "1";
    case BOARD_VALUE:
    case BOARD_PACKET:
        break;
    }
    return "";
}

// How many octets of the cell have a look of their own: the prompt, the word that says it is an
// error; else all.
static size_t styled_size(const struct board_cell *cell, struct str text)
{
    size_t colon = str_find(text, STR(": "), 0);
    if (cell->prompt > 0)
        return cell->prompt;
    if (cell->kind == BOARD_ERROR)
        return colon < 12 ? colon + 1 : 0;
    return text.size;
}

static void add_cursor(struct buffer *to)
{
    screen_add_styled("7", screen_is_styled() ? STR(" ") : STR("_"), to);
}

static void add_cell(const struct board *board, const struct board_rows *rows,
                     const struct board_cell *cell, size_t columns, struct buffer *to)
{
    struct str text = str_slice(buffer_str(&rows->texts), cell->begin, cell->end);
    const char *style = style_of(board, cell), *name = board->actors[cell->actor].name;
    size_t size = styled_size(cell, text), width = utf8_width(text);
    bool cursor = cell->cursor && width < columns;
    screen_add_styled(cell->prompt > 0 ? screen_actor_style(str_from(name)) : style,
                      str_slice(text, 0, size), to);
    screen_add_styled(cell->prompt > 0 ? style : "", str_slice(text, size, text.size), to);
    if (cursor)
        add_cursor(to);
    width += cursor ? 1 : 0;
    add_blanks(columns > width ? columns - width : 0, to);
}

// Who waits, as a bar over the whole column: "⏳ accept 3  12 s".
static void add_wait(const struct board_actor *actor, size_t columns, struct buffer *to)
{
    struct buffer text = {0}, fit = {0}, cut = {0};
    buffer_print(&text, "⏳ %.*s", STR_ARG(buffer_str(&actor->waits)));
    output_fit(buffer_str(&text), &fit);
    board_rows_cut(buffer_str(&fit), columns, &cut);
    add_padded("1;7", buffer_str(&cut), columns, true, to);
    buffer_finish(&text);
    buffer_finish(&fit);
    buffer_finish(&cut);
}

// The row of the mark that says that the actor waits: below all it did, and never out of sight.
static size_t wait_row(const struct board *board, const struct board_rows *rows, size_t place,
                       size_t first)
{
    if (place % 2 != 0 || board->actors[rows->shown[place / 2]].waits.size == 0)
        return SIZE_MAX;
    return rows->next[place] > first ? rows->next[place] : first;
}

static size_t columns_of(const struct board_rows *rows, size_t place, size_t span)
{
    size_t columns = 0;
    for (size_t i = place; i < place + span; i++)
        columns += i % 2 ? rows->gap : rows->width;
    return columns;
}

// One row; `cells` are those of each place that stand in it.
static void add_row(const struct board *board, const struct board_rows *rows,
                    const struct board_cell *const *cells, size_t row, size_t first,
                    struct buffer *to)
{
    size_t begin = to->size;
    for (size_t place = 0; place < rows->places;) {
        size_t span = cells[place] != NULL ? cells[place]->span : 1;
        size_t columns = columns_of(rows, place, span);
        if (cells[place] != NULL)
            add_cell(board, rows, cells[place], columns, to);
        else if (wait_row(board, rows, place, first) == row)
            add_wait(&board->actors[rows->shown[place / 2]], columns, to);
        else
            add_blanks(columns, to);
        place += span;
    }
    while (to->size > begin && to->data[to->size - 1] == ' ')
        to->size--;
    buffer_add_char(to, '\n');
}

// The last `height` rows of what was done, with marks of who waits.
static void add_rows(const struct board *board, const struct board_rows *rows, size_t height,
                     struct buffer *to)
{
    size_t all = rows->rows;
    for (size_t place = 0; place + 1 < 2 * rows->count; place += 2)
        if (wait_row(board, rows, place, 0) != SIZE_MAX && rows->next[place] + 1 > all)
            all = rows->next[place] + 1;
    size_t first = all > height ? all - height : 0, places = 2 * BOARD_SHOWN;
    const struct board_cell **cells = mem_zero(height * places * sizeof *cells);
    for (size_t i = 0; i < rows->cell_count; i++) {
        const struct board_cell *cell = &rows->cells[i];
        if (cell->row >= first)
            cells[(cell->row - first) * places + cell->place] = cell;
    }
    for (size_t i = 0; i < height; i++)
        if (rows->count > 0)
            add_row(board, rows, cells + i * places, first + i, first, to);
        else
            buffer_add_char(to, '\n');
    free(cells);
}

// --- the last line -------------------------------------------------------------------------------

// Those without a column: "bob waits in recv 5".
static void add_others(const struct board *board, const struct board_rows *rows, struct buffer *to)
{
    for (size_t i = 0; i < board->actor_count; i++) {
        const struct board_actor *actor = &board->actors[i];
        struct buffer fit = {0}, text = {0};
        if (board_rows_place(rows, i) != SIZE_MAX || (actor->acted == 0 && actor->waits.size == 0))
            continue;
        if (actor->waits.size > 0)
            buffer_print(&text, "%s: ⏳ %.*s", actor->name, STR_ARG(buffer_str(&actor->waits)));
        else
            buffer_print(&text, "%s", actor->name);
        output_fit(buffer_str(&text), &fit);
        buffer_print(to, "%s%s", to->size ? "   " : "", buffer_text(&fit));
        buffer_finish(&fit);
        buffer_finish(&text);
    }
}

static void add_last_line(const struct board *board, const struct board_rows *rows, size_t columns,
                          struct buffer *to)
{
    struct buffer left = {0}, right = {0};
    output_fit(buffer_str(&board->status), &left);
    if (left.size == 0 && board->blind)
        output_fit(str_from(_(" Packets cannot be seen here: arrows lead from call to call.")),
                   &left);
    add_others(board, rows, &right);
    if (left.size == 0)
        board_rows_cut(buffer_str(&right), columns, &left);
    add_ends("", buffer_str(&left), left.size == right.size ? STR("") : buffer_str(&right), columns,
             to);
    buffer_finish(&left);
    buffer_finish(&right);
}

// --- all of it -----------------------------------------------------------------------------------

static void add_keys(size_t height, struct buffer *to)
{
    static const char *const lines[] = {
        N_("any key      the next line, at once"),
        N_("space        hold; go on"),
        N_("Tab          you type; Tab on an empty line gives the keyboard back"),
        N_("b            the step before"),
        N_("g 4 Enter    step 4"),
        N_("r            this step again, on fresh sockets"),
        N_("+ -          faster, slower"),
        N_("Up Down      the page, when it is longer"),
        N_("Ctrl-C       ends the call that waits"),
        N_("q            ends"),
    };
    for (size_t i = 0; i < height; i++) {
        if (i < sizeof lines / sizeof *lines) {
            buffer_add_text(to, "  ");
            output_fit(str_from(_(lines[i])), to);
        }
        buffer_add_char(to, '\n');
    }
}

// Too little room for all of it: it says so, and the lesson goes on.
static void add_too_small(size_t columns, size_t rows, struct buffer *to)
{
    struct buffer text = {0}, lines = {0};
    buffer_print(&text, _("The screen is too small for a class: at least %d by %d."), BOARD_COLUMNS,
                 BOARD_ROWS);
    wrap_add(buffer_str(&text), 0, 0, columns, &lines);
    struct str rest = buffer_str(&lines);
    for (size_t i = 0; i < rows; i++) {
        buffer_add(to, str_take_line(&rest));
        buffer_add_char(to, '\n');
    }
    buffer_finish(&text);
    buffer_finish(&lines);
}

void board_show(struct board *board, size_t columns, size_t rows, struct buffer *to)
{
    struct board_rows layout;
    if (columns < BOARD_COLUMNS || rows < BOARD_ROWS) {
        add_too_small(columns, rows, to);
        return;
    }
    board_rows_make(board, columns, &layout);
    add_head(board, columns, to);
    size_t height = rows - 3 - show_page(board, columns, rows, to);
    add_headings(board, &layout, to);
    if (board->lists_keys)
        add_keys(height, to);
    else
        add_rows(board, &layout, height, to);
    add_last_line(board, &layout, columns, to);
    board_rows_finish(&layout);
}
