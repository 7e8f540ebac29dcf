// diagram_canvas: characters in cells, and rows of them.

#include "commands/diagram_canvas.h"

#include <string.h>

#include "base/utf8.h"
#include "base/wrap.h"

static const char *const glyphs[2][GLYPHS] = {
    {"│", "┊", "├", "┤", "─", "┼", "╳"},
    {"|", ":", "+", "+", "-", "+", "x"},
};

void canvas_clear(struct canvas *canvas)
{
    memset(canvas->cells, 0, sizeof canvas->cells);
}

void canvas_put_glyph(struct canvas *canvas, size_t at, enum glyph glyph, enum look look)
{
    const char *text = glyphs[canvas->ascii][glyph];
    struct canvas_cell *cell = &canvas->cells[at];
    if (at >= canvas->columns)
        return;
    *cell = (struct canvas_cell){.size = (unsigned char)strlen(text), .look = (unsigned char)look};
    memcpy(cell->text, text, cell->size);
}

// Puts the character into its cell, or two. What takes none joins the one before.
static void put_point(struct canvas *canvas, size_t at, struct str point, size_t width,
                      enum look look)
{
    if (at > canvas->columns || width > canvas->columns - at || point.size > CANVAS_CELL)
        return;
    struct canvas_cell *cell = &canvas->cells[width == 0 && at > 0 ? at - 1 : at];
    if (width == 0 && at > 0 && cell->covered)
        cell--;
    if (width == 0 && (size_t)cell->size + point.size > CANVAS_CELL)
        return;
    if (width > 0)
        *cell = (struct canvas_cell){.look = (unsigned char)look};
    memcpy(cell->text + cell->size, point.data, point.size);
    cell->size += (unsigned char)point.size;
    if (width == 2)
        canvas->cells[at + 1] = (struct canvas_cell){.covered = true};
}

void canvas_put(struct canvas *canvas, size_t at, struct str text, enum look look)
{
    while (text.size > 0) {
        uint32_t point;
        size_t size = utf8_decode(text, &point);
        size_t width = size ? utf8_point_width(point) : 1;
        put_point(canvas, at, str_slice(text, 0, size ? size : 1), width, look);
        at += width;
        text = str_slice(text, size ? size : 1, text.size);
    }
}

// Writes the row: pieces of one look together, no blanks at the end.
void canvas_write(const struct canvas *canvas, struct buffer *to)
{
    struct buffer piece = {0};
    enum look look = LOOK_PLAIN;
    size_t blanks = 0;
    for (size_t i = 0; i < canvas->columns; i++) {
        const struct canvas_cell *cell = &canvas->cells[i];
        if (cell->covered)
            continue;
        if (cell->size == 0) {
            blanks++;
            continue;
        }
        if (cell->look != look || blanks > 0) {
            if (piece.size > 0)
                look_add(look, buffer_str(&piece), to);
            buffer_clear(&piece);
            buffer_print(to, "%*s", (int)blanks, "");
            look = (enum look)cell->look;
            blanks = 0;
        }
        buffer_add(&piece, (struct str){cell->text, cell->size});
    }
    if (piece.size > 0)
        look_add(look, buffer_str(&piece), to);
    buffer_add_char(to, '\n');
    buffer_finish(&piece);
}

// --- texts ---------------------------------------------------------------------------------------

void canvas_make_plain(const struct canvas *canvas, struct buffer *text)
{
    static const struct str dots = {"…", sizeof "…" - 1}, times = {"×", sizeof "×" - 1};
    struct buffer plain = {0};
    if (!canvas->ascii)
        return;
    for (struct str rest = buffer_str(text); rest.size > 0;) {
        bool is_dots = str_starts(rest, dots), is_times = str_starts(rest, times);
        size_t size = is_dots ? dots.size : is_times ? times.size : 1;
        buffer_add(&plain, is_dots ? STR("...") : is_times ? STR("x") : str_slice(rest, 0, 1));
        rest = str_slice(rest, size, rest.size);
    }
    buffer_finish(text);
    *text = plain;
}

void canvas_cut(const struct canvas *canvas, size_t columns, struct buffer *text)
{
    wrap_cut(text, columns, canvas->ascii ? "..." : "…");
}
