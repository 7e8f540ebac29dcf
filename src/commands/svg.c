// svg: writing elements, and keeping markup out of texts.

#include "commands/svg.h"

#include "base/utf8.h"

// --- texts ---------------------------------------------------------------------------------------

static const char *entity_of(uint32_t point)
{
    switch (point) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

void svg_escape(struct str text, struct buffer *to)
{
    for (size_t i = 0; i < text.size;) {
        uint32_t point = 0;
        size_t size = utf8_decode(str_slice(text, i, text.size), &point);
        const char *entity = size > 0 ? entity_of(point) : NULL;
        if (entity != NULL)
            buffer_add_text(to, entity);
        else if (size > 0 && utf8_is_showable(point))
            buffer_add(to, str_slice(text, i, i + size));
        else
            buffer_add_text(to, "\xEF\xBF\xBD"); // U+FFFD
        i += size > 0 ? size : 1;
    }
}

void svg_text(const char *class, struct svg_at at, enum svg_anchor anchor, struct str text,
              struct buffer *to)
{
    static const char *const anchors[] = {
        [SVG_START] = "start", [SVG_MIDDLE] = "middle", [SVG_END] = "end"};
    buffer_print(to, "<text class=\"%s\" x=\"%d\" y=\"%d\" text-anchor=\"%s\">", class, at.x, at.y,
                 anchors[anchor]);
    svg_escape(text, to);
    buffer_add_text(to, "</text>\n");
}

// --- shapes --------------------------------------------------------------------------------------

void svg_line(const char *class, struct svg_at from, struct svg_at end, struct buffer *to)
{
    buffer_print(to, "<line class=\"%s\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>\n", class,
                 from.x, from.y, end.x, end.y);
}

void svg_box(const char *class, struct svg_at corner, int width, int height, int radius,
             struct buffer *to)
{
    buffer_print(to,
                 "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"%d\"/>\n",
                 class, corner.x, corner.y, width, height, radius);
}

void svg_dot(const char *class, struct svg_at at, int radius, struct buffer *to)
{
    buffer_print(to, "<circle class=\"%s\" cx=\"%d\" cy=\"%d\" r=\"%d\"/>\n", class, at.x, at.y,
                 radius);
}

// A triangle and no marker: not every program that takes an SVG knows markers.
void svg_head(const char *class, struct svg_at tip, bool right, struct buffer *to)
{
    enum { LENGTH = 11, HALF = 5 };
    int back = right ? tip.x - LENGTH : tip.x + LENGTH;
    buffer_print(to, "<polygon class=\"%s\" points=\"%d,%d %d,%d %d,%d\"/>\n", class, tip.x, tip.y,
                 back, tip.y - HALF, back, tip.y + HALF);
}

// --- the whole -----------------------------------------------------------------------------------

// Blanks count: what was sent may have several in a row.
void svg_begin(int width, int height, struct str title, const char *style, struct buffer *to)
{
    buffer_print(to,
                 "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                 "<svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.1\" width=\"%d\" "
                 "height=\"%d\" viewBox=\"0 0 %d %d\" role=\"img\" xml:space=\"preserve\">\n"
                 "<title>",
                 width, height, width, height);
    svg_escape(title, to);
    buffer_print(to, "</title>\n<style>\n%s</style>\n", style);
}

void svg_end(struct buffer *to)
{
    buffer_add_text(to, "</svg>\n");
}
