// dump_man: the manual page socksh(1), in the macros of man(7).
//
// The build runs the new binary to write it (see meson.build), so that it cannot fall behind. It is
// written in ASCII throughout: whatever locale builds or reads it, the page is the same.

#include <string.h>

#include "base/message.h"
#include "base/utf8.h"
#include "commands/form.h"
#include "commands/help.h"
#include "config.h"
#include "ui/dump.h"
#include "ui/usage.h"

// --- text in roff --------------------------------------------------------------------------------

// Characters that roff would change or understand, and how groff_char(7) writes them. Those beyond
// ASCII are written by number, an ellipsis as three dots for terminals without one.
static void add_point(uint32_t point, struct buffer *to)
{
    static const char special[] = "\\-^~`'\"";
    static const char *const written[] = {"\\e",   "\\-",   "\\(ha", "\\(ti",
                                          "\\(ga", "\\(aq", "\\(dq"};
    const char *found = point && point < 0x80 ? strchr(special, (char)point) : NULL;
    if (found)
        buffer_add_text(to, written[found - special]);
    else if (point == 0x2026)
        buffer_add_text(to, "...");
    else if (point < 0x80)
        buffer_add_char(to, (char)point);
    else
        buffer_print(to, "\\[u%04X]", point);
}

// Appends text that cannot be taken for a request; newlines stay.
static void add_text(struct str text, struct buffer *to)
{
    bool begins = true; // of a line, where a dot or quote would be a request
    while (text.size) {
        uint32_t point = 0;
        size_t size = utf8_decode(text, &point);
        if (begins && (point == '.' || point == '\''))
            buffer_add_text(to, "\\&");
        add_point(size ? point : '?', to);
        begins = point == '\n';
        text = str_slice(text, size ? size : 1, text.size);
    }
}

// One line of text: roff fills paragraphs from such lines.
static void add_line(const char *text, struct buffer *to)
{
    add_text(str_from(text), to);
    buffer_add_char(to, '\n');
}

// An argument of a macro: add_point() has written its quotes otherwise.
static void add_heading(const char *macro, const char *title, struct buffer *to)
{
    buffer_print(to, "%s \"", macro);
    add_text(str_from(title), to);
    buffer_add_text(to, "\"\n");
}

// A tagged paragraph: the tag in bold, then what follows.
static void add_tag(const char *tag, struct buffer *to)
{
    buffer_add_text(to, ".TP\n\\fB");
    add_text(str_from(tag), to);
    buffer_add_text(to, "\\fR\n");
}

// Lines as they are, not filled (.EX), set in by four columns.
static void add_example(const char *example, struct buffer *to)
{
    buffer_add_text(to, ".PP\n.in +4n\n.EX\n");
    add_line(example, to);
    buffer_add_text(to, ".EE\n.in\n");
}

// A section that is a list of terms.
static void add_rows(const char *title, const struct usage_row *rows, struct buffer *to)
{
    add_heading(".SH", title, to);
    for (; rows->form; rows++) {
        add_tag(rows->form, to);
        add_line(_(rows->meaning), to);
    }
}

// --- commands ------------------------------------------------------------------------------------

// A line each below the summary: a list within the list would take too much room.
static void add_params(const struct command *command, struct buffer *to)
{
    for (size_t i = 0; i < command->params.count; i++) {
        const struct param *param = &command->params.items[i];
        struct buffer name = {0}, text = {0};
        help_param_name(param, &name);
        help_param(command, param, &text);
        buffer_add_text(to, ".br\n\\fI");
        add_text(buffer_str(&name), to);
        buffer_add_text(to, "\\fR: ");
        add_line(buffer_text(&text), to);
        buffer_finish(&name);
        buffer_finish(&text);
    }
}

// By name only; errno(3) and `explain` say the rest.
static void add_errnos(const struct command *command, struct buffer *to)
{
    if (command->errnos == NULL)
        return;
    buffer_print(to, ".br\n%s", _("Errors: "));
    for (size_t i = 0; command->errnos[i]; i++)
        buffer_print(to, "%s%s", i ? ", " : "", errno_name(command->errnos[i]));
    buffer_add_text(to, ".\n");
}

// The call that the command stands for, and its own manual page.
static void add_c(const struct command *command, struct buffer *to)
{
    struct buffer text = {0};
    form_show_names(command, TRACE_C, &text);
    if (text.size) {
        buffer_print(to, ".br\n%s\\fB", _("In C: "));
        add_text(buffer_str(&text), to);
        buffer_add_text(to, "\\fR\n");
    }
    if (command->manual)
        buffer_print(to, ".br\n%s%s\n", _("See "), command->manual);
    buffer_finish(&text);
}

// The usage line is the tag.
static void add_command(const struct command *command, struct buffer *to)
{
    struct buffer usage = {0};
    help_usage(command, &usage);
    add_tag(buffer_text(&usage), to);
    add_line(_(command->summary), to);
    add_params(command, to);
    if (command->details) {
        buffer_add_text(to, ".br\n");
        add_line(_(command->details), to);
    }
    if (command->waits) {
        buffer_print(to, ".br\n%s", _("It may wait: "));
        add_line(_(command->waits), to);
    }
    add_c(command, to);
    add_errnos(command, to);
    buffer_finish(&usage);
}

// A subsection a group; a group without commands has none.
static void add_commands(struct buffer *to)
{
    size_t count;
    const struct command *const *rows = command_rows(&count);
    add_heading(".SH", _("COMMANDS"), to);
    for (size_t group = 0; group < help_group_count; group++) {
        // The table is sorted by name and not by group: each group is picked out of all of it.
        bool titled = false;
        for (size_t i = 0; i < count; i++) {
            if (rows[i]->group != group)
                continue;
            if (!titled)
                add_heading(".SS", _(help_groups[group].title), to);
            titled = true;
            add_command(rows[i], to);
        }
    }
}

// --- the page ------------------------------------------------------------------------------------

// The ways to call it, without what each does: DESCRIPTION and OPTIONS say it.
static void add_synopsis(struct buffer *to)
{
    add_heading(".SH", _("SYNOPSIS"), to);
    for (const struct usage_row *row = usage_calls; row->form; row++) {
        buffer_add_text(to, row == usage_calls ? "\\fB" : ".br\n\\fB");
        add_text(str_from(row->form), to);
        buffer_add_text(to, "\\fR\n");
    }
}

// Enough to know whether this is the program one was looking for, and a first script.
static void add_description(struct buffer *to)
{
    add_heading(".SH", _("DESCRIPTION"), to);
    add_line(_("socksh is a shell for learning the sockets API. Its commands are the calls of that "
               "API, spelled as in C and made as typed; the kernel's answer comes back by name. A "
               "command is a word followed by its arguments, separated by blanks; a statement ends "
               "with its line or at a semicolon."),
             to);
    add_example(
        "s = socket AF_INET SOCK_STREAM\n"
        "connect s example.com:80\n"
        "send s \"GET / HTTP/1.1\\r\\nHost: example.com\\r\\nConnection: close\\r\\n\\r\\n\"\n"
        "page = \"\"\n"
        "while d = recv s 1024 { append page d }\n"
        "close s\n"
        "save \"page.html\" page",
        to);
    buffer_add_text(to, ".PP\n");
    add_line(_("Types are checked before anything runs; whether a call is allowed is answered by "
               "the kernel. At the prompt, help NAME explains a command, a constant, an errno or a "
               "word of the language."),
             to);
}

// A subsection with one term a word; the examples are in `help`.
static void add_words(const char *title, const struct help_word *word, struct buffer *to)
{
    add_heading(".SS", title, to);
    for (; word->name; word++) {
        add_tag(word->form ? word->form : word->name, to);
        add_line(_(word->meaning), to);
    }
}

// The facts of a topic are terms of their own, its paragraphs follow each other.
static void add_topic(const struct help_text *topic, struct buffer *to)
{
    struct str rest = str_from(_(topic->text));
    add_heading(".SS", topic->name, to);
    add_line(_(topic->title), to);
    add_example(topic->example, to);
    while (rest.size) {
        struct str line = str_take_line(&rest);
        size_t tab = str_find(line, STR("\t"), 0);
        buffer_add_text(to, tab < line.size ? ".TP\n\\fB" : ".PP\n");
        add_text(str_slice(line, 0, tab), to);
        buffer_add_text(to, tab < line.size ? "\\fR\n" : "\n");
        if (tab < line.size) {
            add_text(str_slice(line, tab + 1, line.size), to);
            buffer_add_char(to, '\n');
        }
    }
}

// The sections stand in the order of man-pages(7).
void dump_man(struct buffer *to)
{
    buffer_add_text(to, ".\\\" Written by socksh --dump=man.\n"
                        ".TH SOCKSH 1 \"\" \"socksh " VERSION "\" \"User Commands\"\n"
                        ".nh\n.ad l\n"); // names are searched for: none is cut in two
    add_heading(".SH", _("NAME"), to);
    buffer_print(to, "socksh \\- %s\n", _("a shell for the sockets API"));
    add_synopsis(to);
    add_description(to);
    add_rows(_("OPTIONS"), usage_options, to);
    add_commands(to);
    add_heading(".SH", _("LANGUAGE"), to);
    add_words(_("Words"), help_words, to);
    add_words(_("Values"), help_values, to);
    add_heading(".SH", _("TOPICS"), to);
    for (const struct help_text *topic = help_texts; topic->name; topic++)
        add_topic(topic, to);
    add_rows(_("EXIT STATUS"), usage_statuses, to);
    add_rows(_("ENVIRONMENT"), usage_environment, to);
    add_rows(_("FILES"), usage_files, to);
    add_heading(".SH", _("SEE ALSO"), to);
    buffer_add_text(to, "\\fBsocket\\fR(2), \\fBsocket\\fR(7), \\fBip\\fR(7), \\fBtcp\\fR(7), "
                        "\\fBudp\\fR(7), \\fBunix\\fR(7)\n");
}
