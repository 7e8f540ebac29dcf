// board_rows: choosing columns, and stacking what stands in them by the order in which it came.

#include "ui/board_rows.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "base/wrap.h"
#include "ui/output.h"

enum {
    WIDTH_LEAST = 31, // of a column, when there are two
    WIDTH_MOST = 80,  // longer lines are hard to follow
    GAP_LEAST = 8,
    GAP_PACKETS = 12, // where " ─SYN ACK─> " is to stand
    GAP_MOST = 24,
    ENTRY_MOST = 14, // rows that one text takes …
    WIDE_MOST = 100, // … and a table across all columns
    MARGIN = 2,      // how far in calls and values stand
};

// --- columns -------------------------------------------------------------------------------------

// Packets take room between the columns.
static size_t most_shown(const struct board *board, size_t columns)
{
    return columns < 100 ? 2 : columns < (board->packets ? 140 : 120) ? 3 : BOARD_SHOWN;
}

// How many gaps there are. Who is alone has one for packets, which go to nobody that is seen.
static size_t gap_count(const struct board *board, size_t count)
{
    return count == 1 && board->packets ? 1 : count - 1;
}

static size_t gap_for(const struct board *board, size_t columns, size_t count)
{
    size_t gaps = gap_count(board, count), least = count * WIDTH_LEAST + gaps * GAP_LEAST;
    size_t more = columns > least ? (columns - least) / (3 * gaps) : 0;
    size_t gap = GAP_LEAST + more < GAP_MOST ? GAP_LEAST + more : GAP_MOST;
    return board->packets && gap < GAP_PACKETS ? GAP_PACKETS : gap;
}

static size_t width_for(const struct board *board, size_t columns, size_t count)
{
    size_t gaps = gap_count(board, count);
    size_t width = (columns - (gaps > 0 ? gaps * gap_for(board, columns, count) : 0)) / count;
    return width < WIDTH_MOST ? width : WIDTH_MOST;
}

// Those that have done something, but two when there are two at all.
static size_t count_shown(const struct board *board, size_t columns)
{
    size_t acted = 0, most = most_shown(board, columns);
    for (size_t i = 0; i < board->actor_count; i++)
        acted += board->actors[i].acted > 0 ? 1 : 0;
    if (acted < 2)
        acted = board->actor_count < 2 ? board->actor_count : 2;
    return acted < most ? acted : most;
}

size_t board_width(const struct board *board, size_t columns)
{
    size_t most = most_shown(board, columns), count = board->actor_count;
    return width_for(board, columns, count == 0 ? 1 : count < most ? count : most);
}

// Whether actor `a` is to be shown rather than `b`: it has acted later, or it stands first.
static bool goes_before(const struct board *board, size_t a, size_t b)
{
    unsigned acted = board->actors[a].acted, other = board->actors[b].acted;
    return acted > other || (acted == other && a < b);
}

// Those that acted last, in the order in which they appeared.
static void choose(const struct board *board, struct board_rows *rows)
{
    size_t count = 0;
    for (size_t i = 0; i < board->actor_count && count < rows->count; i++) {
        size_t better = 0;
        for (size_t j = 0; j < board->actor_count; j++)
            better += j != i && goes_before(board, j, i) ? 1 : 0;
        if (better < rows->count)
            rows->shown[count++] = i;
    }
}

size_t board_rows_place(const struct board_rows *rows, size_t actor)
{
    for (size_t i = 0; i < rows->count; i++)
        if (rows->shown[i] == actor)
            return 2 * i;
    return SIZE_MAX;
}

// --- cells ---------------------------------------------------------------------------------------

static struct board_cell *add_cell(struct board_rows *rows, size_t row, size_t place,
                                   struct str text)
{
    rows->cells = mem_grow(rows->cells, rows->cell_count, &rows->capacity, sizeof *rows->cells);
    struct board_cell *cell = &rows->cells[rows->cell_count++];
    *cell = (struct board_cell){.row = row, .place = place, .span = 1, .begin = rows->texts.size};
    buffer_add(&rows->texts, text);
    cell->end = rows->texts.size;
    rows->next[place] = row + 1;
    rows->rows = row + 1 > rows->rows ? row + 1 : rows->rows;
    return cell;
}

void board_rows_cut(struct str text, size_t columns, struct buffer *to)
{
    struct buffer shown = {0}, sign = {0};
    output_fit(STR("…"), &sign);
    buffer_add(&shown, text);
    wrap_cut(&shown, columns, buffer_text(&sign));
    buffer_add(to, buffer_str(&shown));
    buffer_finish(&shown);
    buffer_finish(&sign);
}

// A table that does not fit is cut, since its columns could not be told apart otherwise.
static bool is_table(const struct board_entry *entry)
{
    struct str text = buffer_str(&entry->text);
    size_t end = str_find(text, STR("\n"), 0);
    return entry->kind == BOARD_VALUE && end != SIZE_MAX &&
           str_find(text, STR("\n"), end + 1) != SIZE_MAX;
}

// Whether it is a table for which one column is too narrow: it stands across all of them.
static bool is_wide(const struct board_rows *rows, const struct board_entry *entry)
{
    struct str rest = buffer_str(&entry->text);
    if (!is_table(entry) || rows->places < 2)
        return false;
    while (rest.size > 0)
        if (utf8_width(str_take_line(&rest)) + MARGIN > rows->width)
            return true;
    return false;
}

static void cut_entry(const struct board_entry *entry, size_t width, struct buffer *lines)
{
    struct str rest = buffer_str(&entry->text);
    while (rest.size > 0) {
        buffer_print(lines, "%s%*s", lines->size > 0 ? "\n" : "", MARGIN, "");
        board_rows_cut(str_take_line(&rest), width - MARGIN, lines);
    }
}

// The entry's text in lines: as typed behind a prompt, else a little further in.
static void wrap_entry(const struct board *board, const struct board_entry *entry, size_t width,
                       struct buffer *lines)
{
    struct str rest = buffer_str(&entry->text);
    bool typed = entry->kind == BOARD_TYPED;
    if (typed)
        buffer_print(lines, "%s> ", board->actors[entry->actor].name);
    for (bool first = true; first || rest.size > 0; first = false) {
        struct str line = str_take_line(&rest);
        size_t blanks = 0;
        if (!first)
            buffer_add_char(lines, '\n');
        while (blanks < line.size && line.data[blanks] == ' ')
            blanks++;
        size_t begin = !typed ? MARGIN : first ? utf8_width(buffer_str(lines)) : 0;
        if (!typed)
            buffer_print(lines, "%*s", MARGIN, "");
        wrap_add(line, begin, blanks < width / 3 ? MARGIN + 2 + blanks : MARGIN, width, lines);
    }
}

// --- arrows --------------------------------------------------------------------------------------

// " ──7──> " or " <── connect ── ": `text` in the middle of an arrow in so many columns, when it
// fits there.
static void draw_arrow(struct str text, size_t columns, bool right, struct buffer *to)
{
    struct buffer line = {0};
    if (utf8_width(text) + 4 > columns)
        text = STR("");
    size_t rest = columns - 3 - utf8_width(text), left = rest / 2;
    buffer_add_text(&line, right ? " " : " <");
    for (size_t i = 0; i < left; i++)
        buffer_add_text(&line, "─");
    buffer_add(&line, text);
    for (size_t i = left; i < rest; i++)
        buffer_add_text(&line, "─");
    buffer_add_text(&line, right ? "> " : " ");
    output_fit(buffer_str(&line), to);
    buffer_finish(&line);
}

// What an arrow says: what was met, with the count of octets.
static void arrow_text(const struct board_arrow *arrow, struct buffer *to)
{
    buffer_print(to, " %.*s%s%.*s ", STR_ARG(buffer_str(&arrow->label)),
                 arrow->count.size ? " " : "", STR_ARG(buffer_str(&arrow->count)));
}

// Where an arrow stands: from the place right of the left one of two columns.
struct path {
    size_t place, span, columns;
    bool right;
};

static struct path path_between(const struct board_rows *rows, size_t from, size_t to)
{
    bool right = from < to;
    size_t left = right ? from : to, span = (right ? to - from : from - to) - 1;
    return (struct path){left + 1, span, (span / 2 + 1) * rows->gap + span / 2 * rows->width,
                         right};
}

static struct board_cell *add_on_path(struct board_rows *rows, const struct path *path, size_t row,
                                      struct str text)
{
    struct board_cell *cell = add_cell(rows, row, path->place, text);
    cell->span = path->span;
    cell->arrow = true;
    for (size_t i = 0; i < path->span; i++)
        rows->next[path->place + i] = row + 1;
    return cell;
}

// In one row where the text fits into the arrow; else the text stands below it, shortened.
static void add_arrow(struct board_rows *rows, const struct board_arrow *arrow,
                      const struct path *path, size_t row)
{
    struct buffer text = {0}, line = {0};
    arrow_text(arrow, &text);
    bool fits = utf8_width(buffer_str(&text)) + 5 <= path->columns;
    draw_arrow(fits ? buffer_str(&text) : buffer_str(&arrow->count), path->columns, path->right,
               &line);
    add_on_path(rows, path, row, buffer_str(&line))->actor = arrow->from;
    if (!fits) {
        buffer_clear(&line);
        buffer_add_char(&line, ' ');
        board_rows_cut(buffer_str(&arrow->label), path->columns - 1, &line);
        add_on_path(rows, path, row + 1, buffer_str(&line))->actor = arrow->from;
    }
    buffer_finish(&text);
    buffer_finish(&line);
}

// The row on which the entry can begin; `path`, which may be NULL, is its arrow's.
static size_t find_row(const struct board_rows *rows, size_t place, const struct path *path,
                       size_t least)
{
    size_t row = rows->next[place] > least ? rows->next[place] : least;
    for (size_t i = 0; path != NULL && i < path->span; i++)
        row = rows->next[path->place + i] > row ? rows->next[path->place + i] : row;
    return row;
}

// --- packets -------------------------------------------------------------------------------------

// Where a packet's arrow stands, and how many columns of it stay free at its begin and its end.
struct way {
    struct path path;
    size_t before, behind;
    bool from_bar, to_bar; // an end that is in no column: the column beyond is not meant
};

// From column to column; or only some way into the gap beside the one that there is, when the other
// actor has none, or it is nobody of this run, or the same one. False when nothing of it is to be
// seen.
static bool find_way(const struct board_rows *rows, const struct board_entry *entry,
                     struct way *way)
{
    enum { WIDE = 20, SHORT = 4, LEAST = 1 };
    size_t from = board_rows_place(rows, entry->arrow.from),
           to = board_rows_place(rows, entry->actor);
    bool known = from != SIZE_MAX, arrives = to != SIZE_MAX;
    size_t place = known ? from : to, last = rows->places - 1;
    *way =
        (struct way){.from_bar = !known && rows->count > 1, .to_bar = !arrives && rows->count > 1};
    if ((!known && !arrives) || rows->places < 2 || from == to)
        return false;
    if (!known)
        from = place < last ? place + 2 : place - 2;
    if (!arrives)
        to = place < last ? place + 2 : place - 2;
    way->path = path_between(rows, from, to);
    size_t shorter = way->path.columns < WIDE ? LEAST : SHORT;
    way->before = known ? 0 : shorter;
    way->behind = arrives && !entry->arrow.lost ? 0 : shorter;
    return true;
}

static void add_signs(const char *sign, size_t count, struct buffer *to)
{
    while (count-- > 0)
        buffer_add_text(to, sign);
}

// What is free at an end of a way, with the bar beside the arrow.
static void add_free(size_t columns, bool bar, bool left, struct buffer *to)
{
    buffer_add_text(to, bar && !left ? "│" : "");
    add_signs(" ", bar ? columns - 1 : columns, to);
    buffer_add_text(to, bar && left ? "│" : "");
}

// " ─ SYN ─> " in all the columns of the way. A blank stands at either end, and beside the text
// where there is room for it.
static void draw_packet(struct str text, const struct way *way, bool lost, struct buffer *to)
{
    struct buffer line = {0};
    bool right = way->path.right;
    size_t before = way->before + 1, behind = way->behind + 1;
    size_t width = utf8_width(text), room = way->path.columns - before - behind - 1;
    bool airy = width > 0 && width + 4 <= room;
    size_t rest = room > width + (airy ? 2 : 0) ? room - width - (airy ? 2 : 0) : 0;
    size_t left = right ? rest / 2 : rest - rest / 2;
    const char *head = lost ? "╳" : right ? ">" : "<", *gap = airy ? " " : "";
    add_free(right ? before : behind, right ? way->from_bar : way->to_bar, true, &line);
    buffer_add_text(&line, right ? "" : head);
    add_signs("─", left, &line);
    buffer_print(&line, "%s%.*s%s", gap, STR_ARG(text), gap);
    add_signs("─", rest - left, &line);
    buffer_add_text(&line, right ? head : "");
    add_free(right ? behind : before, right ? way->to_bar : way->from_bar, false, &line);
    output_fit(buffer_str(&line), to);
    buffer_finish(&line);
}

static void join(struct str part, struct buffer *to)
{
    if (part.size > 0)
        buffer_print(to, "%s%.*s", to->size > 0 ? " " : "", STR_ARG(part));
}

// What an arrow says with its label, or without; false when there is no room for that.
static bool arrow_says(const struct board_arrow *arrow, bool label, size_t room, struct buffer *to)
{
    buffer_clear(to);
    join(buffer_str(&arrow->what), to);
    join(label ? buffer_str(&arrow->label) : STR(""), to);
    join(buffer_str(&arrow->count), to);
    return utf8_width(buffer_str(to)) <= room;
}

// Those of which there were too many.
static void add_skipped(struct board_rows *rows, const struct board_arrow *arrow,
                        const struct path *path, size_t row)
{
    struct buffer text = {0}, fit = {0}, line = {0};
    buffer_print(&text, " … %.*s", STR_ARG(buffer_str(&arrow->count)));
    output_fit(buffer_str(&text), &fit);
    board_rows_cut(buffer_str(&fit), path->columns, &line);
    add_on_path(rows, path, row, buffer_str(&line))->kind = BOARD_TRACE;
    buffer_finish(&text);
    buffer_finish(&fit);
    buffer_finish(&line);
}

// All in one row where there is room for it; else the label stands below, shortened.
static void add_packet_arrow(struct board_rows *rows, const struct board_entry *entry,
                             const struct way *way, size_t row)
{
    const struct board_arrow *arrow = &entry->arrow;
    struct buffer text = {0}, line = {0};
    size_t room = way->path.columns - way->before - way->behind - 3;
    size_t actor = arrow->from != SIZE_MAX ? arrow->from : entry->actor;
    struct board_cell *cell;
    bool fits = arrow_says(arrow, true, room > 4 ? room - 4 : 0, &text);
    if (!fits && !arrow_says(arrow, false, room, &text))
        buffer_clear(&text);
    draw_packet(buffer_str(&text), way, arrow->lost, &line);
    cell = add_on_path(rows, &way->path, row, buffer_str(&line));
    cell->actor = actor;
    cell->lost = arrow->lost;
    if (!fits && arrow->label.size > 0) {
        buffer_clear(&line);
        buffer_add_char(&line, ' ');
        board_rows_cut(buffer_str(&arrow->label), way->path.columns - 1, &line);
        cell = add_on_path(rows, &way->path, row + 1, buffer_str(&line));
        cell->actor = actor;
        cell->lost = arrow->lost;
    }
    buffer_finish(&text);
    buffer_finish(&line);
}

// Returns the row on which it stands; `least` when it is not shown.
static size_t add_packet(struct board_rows *rows, const struct board_entry *entry, size_t least)
{
    struct way way;
    bool skipped = entry->arrow.from == SIZE_MAX && entry->actor == SIZE_MAX;
    if (skipped && rows->places > 1)
        way = (struct way){.path = path_between(rows, 0, 2)};
    else if (!find_way(rows, entry, &way))
        return least;
    size_t row = find_row(rows, way.path.place, &way.path, least);
    if (skipped)
        add_skipped(rows, &entry->arrow, &way.path, row);
    else
        add_packet_arrow(rows, entry, &way, row);
    return row;
}

// --- entries -------------------------------------------------------------------------------------

static void add_lines(struct board_rows *rows, const struct board *board,
                      const struct board_entry *entry, size_t place, size_t row)
{
    struct buffer lines = {0}, more = {0};
    if (is_table(entry))
        cut_entry(entry, rows->width, &lines);
    else
        wrap_entry(board, entry, rows->width, &lines);
    struct str rest = buffer_str(&lines);
    for (size_t i = 0; i == 0 || rest.size > 0; i++) {
        struct str line = str_take_line(&rest);
        if (i == ENTRY_MOST - 1 && rest.size > 0) {
            output_fit(STR("  …"), &more);
            line = buffer_str(&more);
            rest = STR("");
        }
        struct board_cell *cell = add_cell(rows, row + i, place, line);
        cell->kind = entry->kind;
        cell->actor = entry->actor;
        if (i == 0 && entry->kind == BOARD_TYPED)
            cell->prompt = str_from(board->actors[entry->actor].name).size + 1;
        cell->cursor = rest.size == 0 && entry == board->entries + board->typing - 1;
    }
    buffer_finish(&lines);
    buffer_finish(&more);
}

// Below all that was told before. Returns the row on which it begins.
static size_t add_wide(struct board_rows *rows, const struct board_entry *entry, size_t least)
{
    struct path path = {.span = rows->places};
    struct str rest = buffer_str(&entry->text);
    for (size_t i = 0; i < rows->places; i++)
        path.columns += i % 2 ? rows->gap : rows->width;
    size_t row = find_row(rows, 0, &path, least);
    for (size_t i = 0; rest.size > 0 && i < WIDE_MOST; i++) {
        struct buffer line = {0};
        board_rows_cut(str_take_line(&rest), path.columns, &line);
        struct board_cell *cell = add_on_path(rows, &path, row + i, buffer_str(&line));
        cell->arrow = false;
        cell->kind = entry->kind;
        cell->actor = entry->actor;
        buffer_finish(&line);
    }
    return row;
}

// Returns the row on which it begins; `least` when it is not shown.
static size_t add_entry(struct board_rows *rows, const struct board *board,
                        const struct board_entry *entry, size_t least)
{
    size_t place = board_rows_place(rows, entry->actor);
    bool met = entry->arrow.from != SIZE_MAX;
    size_t from = met ? board_rows_place(rows, entry->arrow.from) : SIZE_MAX;
    struct path path;
    if (place == SIZE_MAX || (entry->kind == BOARD_TRACE && board->projector && !met))
        return least;
    if (from != SIZE_MAX)
        path = path_between(rows, from, place);
    size_t row = find_row(rows, place, from != SIZE_MAX ? &path : NULL, least);
    if (from != SIZE_MAX)
        add_arrow(rows, &entry->arrow, &path, row);
    if (entry->kind != BOARD_TRACE || !board->projector)
        add_lines(rows, board, entry, place, row);
    return row;
}

// Whether it may stand beside what was told of before: where packets tell what caused what, it does
// not matter which of two actors was faster to tell.
static bool is_beside(const struct board *board, const struct board_entry *entry)
{
    return board->packets && entry->kind != BOARD_TYPED && entry->kind != BOARD_PACKET &&
           entry->arrow.from == SIZE_MAX;
}

void board_rows_make(const struct board *board, size_t columns, struct board_rows *rows)
{
    *rows = (struct board_rows){.count = count_shown(board, columns)};
    choose(board, rows);
    if (rows->count > 0) {
        rows->places = rows->count + gap_count(board, rows->count);
        rows->gap = rows->places > 1 ? gap_for(board, columns, rows->count) : 0;
        rows->width = width_for(board, columns, rows->count);
    }
    size_t least = 0, floor = 0;
    for (size_t i = 0; i < board->count; i++) {
        const struct board_entry *entry = &board->entries[i];
        bool is_packet = entry->kind == BOARD_PACKET, is_free = is_beside(board, entry);
        bool crosses = is_wide(rows, entry) && board_rows_place(rows, entry->actor) != SIZE_MAX;
        is_free = is_free && !crosses;
        size_t row = crosses     ? add_wide(rows, entry, least)
                     : is_packet ? add_packet(rows, entry, least)
                                 : add_entry(rows, board, entry, is_free ? floor : least);
        least = row > least ? row : least;
        floor = is_free ? floor : least;
        // Whoever types begins below what others have just begun to do.
        if (i + 1 < board->count && board->entries[i + 1].kind == BOARD_TYPED && rows->rows > least)
            least++;
    }
}

void board_rows_finish(struct board_rows *rows)
{
    buffer_finish(&rows->texts);
    free(rows->cells);
}
