// screen: colours and marks of messages.

#include "ui/screen.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/look.h"
#include "base/message.h"
#include "base/utf8.h"
#include "base/wrap.h"
#include "ui/edit_terminal.h"
#include "ui/excerpt.h"
#include "ui/output.h"

static FILE *out;
static struct session *session;

void screen_start(FILE *terminal, struct session *of, enum color color)
{
    const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
    bool refused = (no_color && no_color[0]) || term == NULL || strcmp(term, "dumb") == 0;
    out = terminal;
    session = of;
    atomic_store(&of->show_colors, color == COLOR_ALWAYS || (color == COLOR_AUTO && !refused));
}

bool screen_is_styled(void)
{
    return atomic_load(&session->show_colors);
}

void screen_add_styled(const char *numbers, struct str text, struct buffer *to)
{
    bool styled = numbers[0] && screen_is_styled();
    if (styled)
        buffer_print(to, "\033[%sm", numbers);
    buffer_add(to, text);
    if (styled)
        buffer_add_text(to, "\033[m");
}

size_t screen_width_of(struct str line)
{
    size_t width = 0;
    while (line.size > 0) {
        size_t begin = str_find(line, STR("\033["), 0);
        width += utf8_width(str_slice(line, 0, begin));
        line = str_slice(line, begin, line.size);
        line = str_slice(line, str_find(line, STR("m"), 0), line.size);
        line = str_slice(line, 1, line.size);
    }
    return width;
}

const char *screen_faint_style(void)
{
    return atomic_load(&session->projector) ? "" : "2";
}

// --- colours of actors ---------------------------------------------------------------------------

enum {
    ACTORS_KEPT = 8, // the first to appear: main and those that a person talks to
    ACTORS_MOST = 32,
};

// By what can be read on black and on white, with the palettes of common terminals: not yellow, and
// blue only as the bright one. Red is for errors.
static const char *const actor_styles[] = {"1;94", "1;35", "1;32", "1;36"};

const char *screen_actor_style(struct str actor)
{
    static char known[ACTORS_MOST][sizeof((struct message *)0)->actor];
    static size_t count; // of all that have appeared; the later ones take the place of each other
    size_t i = 0, most = count < ACTORS_MOST ? count : ACTORS_MOST;
    while (i < most && !str_is(actor, known[i]))
        i++;
    if (i == most) {
        i = count < ACTORS_MOST ? count
                                : ACTORS_KEPT + (count - ACTORS_KEPT) % (ACTORS_MOST - ACTORS_KEPT);
        snprintf(known[i], sizeof known[i], "%.*s", STR_ARG(actor));
        count++;
    }
    return actor_styles[i % (sizeof actor_styles / sizeof *actor_styles)];
}

// --- notes ---------------------------------------------------------------------------------------

static void write_buffer(struct buffer *text)
{
    fprintf(out, "%.*s", STR_ARG(buffer_str(text)));
    fflush(out);
    buffer_finish(text);
}

// Appends the text with its lines broken where the terminal ends.
static void add_broken(struct str text, struct buffer *to)
{
    size_t columns = edit_terminal_size(fileno(out)).columns;
    while (text.size > 0) {
        bool ends = memchr(text.data, '\n', text.size) != NULL;
        wrap_add(str_take_line(&text), 0, 0, columns, to);
        buffer_add_text(to, ends ? "\n" : "");
    }
}

// Writes a text of the program's own.
static void write_note(const char *numbers, const char *format, va_list arguments)
{
    char *text;
    struct buffer fit = {0}, broken = {0}, styled = {0};
    if (vasprintf(&text, format, arguments) < 0)
        return;
    output_fit(str_from(text), &fit);
    add_broken(buffer_str(&fit), &broken);
    screen_add_styled(numbers, buffer_str(&broken), &styled);
    write_buffer(&styled);
    buffer_finish(&fit);
    buffer_finish(&broken);
    free(text);
}

void screen_print(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    write_note("", format, arguments);
    va_end(arguments);
}

void screen_print_faint(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    write_note(screen_faint_style(), format, arguments);
    va_end(arguments);
}

void screen_replace_line(const char *actor, struct str text)
{
    struct buffer line = {0};
    // One line up, and all of that line erased (ECMA-48, CUU and EL), where colours are understood.
    if (screen_is_styled())
        buffer_add_text(&line, "\033[A\033[2K");
    screen_add_styled(screen_actor_style(str_from(actor)), str_from(actor), &line);
    buffer_add_text(&line, "> ");
    output_escape(text, &line);
    buffer_add_char(&line, '\n');
    write_buffer(&line);
}

// --- messages ------------------------------------------------------------------------------------

// "server │ ", or with the heavy mark that is seen from the last row.
static void add_speaker(const char *actor, struct buffer *to)
{
    struct buffer mark = {0};
    const char *sign = atomic_load(&session->projector) ? "▌" : "│";
    buffer_print(&mark, "%s ", actor);
    output_fit(str_from(sign), &mark);
    screen_add_styled(screen_actor_style(str_from(actor)), buffer_str(&mark), to);
    buffer_add_char(to, ' ');
    buffer_finish(&mark);
}

// Only the word that says it is one: an error's text is to be read.
static void add_error(struct str line, struct buffer *to)
{
    struct str word = STR("error:");
    size_t size = str_starts(line, word) ? word.size : 0;
    screen_add_styled(size ? "1;31" : "", str_slice(line, 0, size), to);
    buffer_add(to, str_slice(line, size, line.size));
}

// One line, which is fit for the terminal, without its end.
static void add_line(enum message_kind kind, struct str line, const char *speaker,
                     struct buffer *to)
{
    if (speaker[0])
        add_speaker(speaker, to);
    if (kind == MESSAGE_REPORT)
        add_error(line, to);
    else
        screen_add_styled(kind == MESSAGE_TRACE ? screen_faint_style() : "", line, to);
}

// In lines that fit the terminal; what does not fit on the first stands a little further in.
static void add_wrapped(enum message_kind kind, struct str line, const char *speaker,
                        struct buffer *to)
{
    size_t columns = edit_terminal_size(fileno(out)).columns, blanks = 0;
    size_t prefix = speaker[0] ? utf8_width(str_from(speaker)) + 3 : 0;
    struct buffer lines = {0};
    while (blanks < line.size && line.data[blanks] == ' ')
        blanks++;
    if (blanks > columns / 2) // a hint behind a mark at the end of a long line
        blanks = 2;
    wrap_add(line, prefix, prefix + blanks + 2, columns, &lines);
    struct str rest = buffer_str(&lines);
    for (bool first = true; first || rest.size > 0; first = false) {
        struct str part = str_take_line(&rest);
        if (!first) // the speaker stands where blanks were left for him
            buffer_add_char(to, '\n');
        add_line(kind, str_slice(part, first ? 0 : prefix, part.size), speaker, to);
    }
    buffer_finish(&lines);
}

// Whether the next line marks a place in this one: then both are to stand as they are.
static bool is_marked(struct str line, struct str behind)
{
    return str_starts(line, STR("  ")) && str_starts(behind, STR("  ")) &&
           str_starts(str_trim(behind, " "), STR("^"));
}

// A line and the one that marks a place in it; what is too long is not broken, but cut.
static void add_marked(struct str line, struct str mark, const char *speaker, struct buffer *to)
{
    size_t columns = edit_terminal_size(fileno(out)).columns;
    size_t prefix = speaker[0] ? utf8_width(str_from(speaker)) + 3 : 0;
    struct buffer lines = {0};
    excerpt_add(line, mark, columns > prefix ? columns - prefix : 0, &lines);
    struct str rest = buffer_str(&lines);
    add_line(MESSAGE_REPORT, str_take_line(&rest), speaker, to);
    buffer_add_char(to, '\n');
    add_wrapped(MESSAGE_REPORT, rest, speaker, to); // words may stand behind the mark
    buffer_finish(&lines);
}

// A call that is shown: far in, but for one behind its speaker.
static void add_trace(struct str line, const char *speaker, struct buffer *to)
{
    struct buffer inner = {0};
    buffer_print(&inner, "%s%.*s", speaker[0] ? "" : "        ", STR_ARG(line));
    add_wrapped(MESSAGE_TRACE, buffer_str(&inner), speaker, to);
    buffer_finish(&inner);
}

static void show_text(enum message_kind kind, struct str text, const char *speaker)
{
    struct buffer safe = {0}, shown = {0};
    output_escape(text, &safe);
    struct str rest = buffer_str(&safe);
    while (rest.size > 0) {
        // What `input` asks has no line's end, and the answer stands behind it.
        bool asks = !str_ends(rest, STR("\n")) && kind == MESSAGE_TEXT && !speaker[0];
        struct str line = str_take_line(&rest);
        if (kind == MESSAGE_TRACE)
            add_trace(line, speaker, &shown);
        else if (kind == MESSAGE_REPORT && is_marked(line, rest))
            add_marked(line, str_take_line(&rest), speaker, &shown);
        else if (kind == MESSAGE_REPORT)
            add_wrapped(kind, line, speaker, &shown);
        else
            add_line(kind, line, speaker, &shown);
        if (!asks || rest.size > 0)
            buffer_add_char(&shown, '\n');
    }
    fprintf(out, "%.*s", STR_ARG(buffer_str(&shown)));
    buffer_finish(&shown);
    buffer_finish(&safe);
}

void screen_add_looks(struct str text, struct buffer *to)
{
    enum look look;
    struct str piece;
    while (look_take(&text, &look, &piece)) {
        struct buffer safe = {0};
        output_escape(piece, &safe);
        screen_add_styled(look == LOOK_FAINT ? screen_faint_style() : look_style(look),
                          buffer_str(&safe), to);
        buffer_finish(&safe);
    }
}

// A table or a picture, which was made to fit: nothing is wrapped.
static void show_styled(struct str text, const char *speaker)
{
    struct buffer shown = {0};
    while (text.size > 0) {
        struct str line = str_take_line(&text);
        if (speaker[0])
            add_speaker(speaker, &shown);
        screen_add_looks(line, &shown);
        buffer_add_char(&shown, '\n');
    }
    write_buffer(&shown);
}

void screen_report(struct str text)
{
    show_text(MESSAGE_REPORT, text, "");
    fflush(out);
}

void screen_show(const struct message *message, const char *foreground)
{
    bool other = message->actor[0] && strcmp(message->actor, foreground) != 0;
    if (message->kind == MESSAGE_CLEAR)
        fputs("\033[H\033[2J", out);
    else if (message->kind == MESSAGE_STYLED)
        show_styled(buffer_str(&message->text), other ? message->actor : "");
    else if (message->kind == MESSAGE_TRACE && atomic_load(&session->projector))
        return;
    else if (message->kind != MESSAGE_DONE && message->kind != MESSAGE_MET)
        show_text(message->kind, buffer_str(&message->text), other ? message->actor : "");
}
