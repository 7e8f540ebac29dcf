// lesson_show: laying out what a lesson says.

#include "ui/lesson_show.h"

#include "base/message.h"
#include "base/utf8.h"
#include "base/wrap.h"
#include "lang/lexer.h"
#include "ui/output.h"
#include "ui/page.h"
#include "ui/screen.h"

enum {
    BAR = 12,   // characters of the bar that shows how far one is
    MARGIN = 3, // blanks before an option, and before a line to be typed
};

static void add_line(const char *numbers, struct str text, struct buffer *to)
{
    screen_add_styled(numbers, text, to);
    buffer_add_char(to, '\n');
}

// ▓▓▓▓░░░░░░░░
static void add_bar(const struct lesson *lesson, const struct step *step, struct buffer *to)
{
    size_t full = step->number * BAR / lesson->count;
    for (size_t i = 0; i < BAR; i++)
        output_fit(i < full ? STR("▓") : STR("░"), to);
}

void lesson_show_head(const struct lesson *lesson, const struct step *step, size_t columns,
                      struct buffer *to)
{
    struct buffer left = {0}, right = {0}, line = {0};
    output_escape(lesson->title, &left);
    buffer_print(&right, _("step %u of %zu  "), step->number, lesson->count);
    add_bar(lesson, step, &right);
    size_t used = utf8_width(buffer_str(&left)) + utf8_width(buffer_str(&right)) + 2;
    buffer_print(&line, " %s%*s%s", buffer_text(&left), used < columns ? (int)(columns - used) : 1,
                 "", buffer_text(&right));
    buffer_add_char(to, '\n');
    add_line("1;7", buffer_str(&line), to);
    buffer_add_char(to, '\n');
    buffer_finish(&left);
    buffer_finish(&right);
    buffer_finish(&line);
}

// The page without a heading that says the lesson's title once more.
static struct str page_of(const struct lesson *lesson, const struct step *step)
{
    struct str rest = str_trim(step->page.text, "\r\n");
    struct str page = rest, first = str_trim(str_take_line(&rest), " \t\r");
    bool same = str_starts(first, STR("# ")) &&
                str_equal(str_trim(str_slice(first, 2, first.size), " "), lesson->title);
    return same ? rest : page;
}

bool lesson_page_is_empty(const struct step *step)
{
    return step->challenge.line == 0 && str_trim(step->page.text, " \t\r\n").size == 0;
}

void lesson_show_page(const struct lesson *lesson, const struct step *step, size_t columns,
                      struct buffer *to)
{
    page_show(page_of(lesson, step), columns, to);
    if (step->challenge.line == 0)
        return;
    if (step->page.line != 0)
        buffer_add_char(to, '\n');
    screen_add_styled("1", str_from(_(" A challenge, for whoever likes one. skip passes it by.")),
                      to);
    buffer_add_text(to, "\n\n");
    page_show(step->challenge.text, columns, to);
}

// "a", and behind it the option's lines as a page has them, with its margin of one blank.
static void add_option(char letter, struct str option, size_t columns, struct buffer *to)
{
    struct buffer lines = {0};
    enum { INDENT = MARGIN + 3 }; // the letter and two blanks
    page_show(option, columns - INDENT, &lines);
    struct str rest = buffer_str(&lines);
    for (bool first = true; rest.size > 0; first = false) {
        struct str line = str_take_line(&rest);
        if (first)
            buffer_print(to, "%*s%c ", MARGIN, "", letter);
        else
            buffer_print(to, "%*s", INDENT - 1, "");
        buffer_add(to, line);
        buffer_add_char(to, '\n');
    }
    buffer_finish(&lines);
}

void lesson_show_question(const struct question *question, size_t columns, struct buffer *to)
{
    if (to->size > 0)
        buffer_add_char(to, '\n');
    page_show(question->ask.text, columns, to);
    for (size_t i = 0; i < question->count; i++)
        add_option((char)('a' + i), question->options[i].text.text, columns, to);
}

void lesson_show_typed(struct str actor, struct str text, size_t columns, struct buffer *to)
{
    struct buffer fit = {0};
    size_t used = MARGIN + utf8_width(actor) + 2;
    output_escape(text, &fit);
    buffer_print(to, "%*s", MARGIN, "");
    screen_add_styled(screen_actor_style(actor), actor, to);
    buffer_add_text(to, "> ");
    wrap_add(buffer_str(&fit), used, used, columns - 1, to);
    buffer_add_char(to, '\n');
    buffer_finish(&fit);
}

void lesson_show_answer(const struct question *question, size_t guess, size_t columns,
                        struct buffer *to)
{
    struct buffer text = {0};
    for (size_t i = 0; i < question->count; i++) {
        if (!question->options[i].right)
            continue;
        if (i == guess)
            buffer_add_text(&text, _("**Right.** "));
        else
            buffer_print(&text, _("**It is %c.** "), (char)('a' + i));
    }
    buffer_add(&text, question->reason);
    page_show(buffer_str(&text), columns, to);
    buffer_finish(&text);
}

// Whether a ?name of a check begins at `i`, which is shown without the mark; others stay: "who?".
static bool marks_name(struct str line, size_t i)
{
    return line.data[i] == '?' && i + 1 < line.size && is_name_part(line.data[i + 1]) &&
           (i == 0 || !is_name_part(line.data[i - 1]));
}

bool lesson_show_condition(struct str *check, struct buffer *to)
{
    struct str line = STR("");
    while (check->size > 0 && (line.size == 0 || line.data[0] == '#'))
        line = str_trim(str_take_line(check), " \t\r");
    if (line.size == 0 || line.data[0] == '#')
        return false;
    for (size_t i = 0; i < line.size; i++)
        if (!marks_name(line, i))
            buffer_add_char(to, line.data[i]);
    return true;
}

void lesson_show_done(const struct step *step, struct buffer *to)
{
    struct str rest = step->check.text;
    struct buffer condition = {0};
    for (; lesson_show_condition(&rest, &condition); buffer_clear(&condition)) {
        struct buffer text = {0}, shown = {0};
        buffer_print(&text, " ✓ %s", buffer_text(&condition));
        output_escape(buffer_str(&text), &shown);
        add_line("32", buffer_str(&shown), to);
        buffer_finish(&text);
        buffer_finish(&shown);
    }
    buffer_finish(&condition);
}

bool lesson_show_row(struct str *text, struct buffer *to)
{
    while (text->size > 0) {
        struct str whole = str_take_line(text), row = lesson_line_to_type(whole);
        if (row.size == 0)
            continue;
        buffer_add(to, str_slice(whole, 0, (size_t)(row.data - whole.data)));
        buffer_add(to, row);
        return true;
    }
    return false;
}

void lesson_show_line(struct str text, struct buffer *to)
{
    while (text.size > 0) {
        struct str line = lesson_line_to_type(str_take_line(&text));
        bool joined = to->size == 0 || char_is_one_of(to->data[to->size - 1], "{([,");
        if (line.size == 0)
            continue;
        if (to->size > 0)
            buffer_add_text(to, joined || line.data[0] == '}' ? " " : "; ");
        buffer_add(to, line);
    }
}

static size_t skip_blanks(struct str text, size_t at)
{
    while (at < text.size && char_is_one_of(text.data[at], " \t\n"))
        at++;
    return at;
}

bool lesson_is_same(struct str a, struct str b)
{
    size_t i = skip_blanks(a, 0), j = skip_blanks(b, 0);
    while (i < a.size && j < b.size) {
        size_t next_i = skip_blanks(a, i), next_j = skip_blanks(b, j);
        if ((next_i > i) != (next_j > j) || (next_i == i && a.data[i] != b.data[j]))
            return false;
        i = next_i > i ? next_i : i + 1;
        j = next_j > j ? next_j : j + 1;
    }
    return skip_blanks(a, i) == a.size && skip_blanks(b, j) == b.size;
}
