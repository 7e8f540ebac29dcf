// usage: the tables of calls, options, exit statuses, environment and files.
//
// An option is a row here besides its line in main.c, and --help and the manual page have it.

#include "ui/usage.h"

#include "base/message.h"
#include "base/utf8.h"
#include "base/wrap.h"

enum { COLUMNS = 80 }; // of a usual terminal; a file that it is written to has none

const struct usage_row usage_calls[] = {
    {"socksh", N_("a prompt; a script on standard input when that is no terminal")},
    {"socksh FILE [ARGUMENT…]", N_("run a script; - is standard input")},
    {"socksh -c TEXT [ARGUMENT…]", N_("run TEXT")},
    {"socksh -n FILE", N_("read and check it whole, run nothing")},
    {"socksh check [WORD…]", N_("run scripts and lessons, and compare what they expect (TAP)")},
    {"socksh learn [LESSON]", N_("learn a lesson, or go on with it where you stopped")},
    {"socksh lessons", N_("list the lessons, and what you have done with each")},
    {"socksh play [LESSON]", N_("play a lesson to a class: socksh types, and Tab takes over")},
    {"socksh record NAME", N_("make a lesson of what you type, in NAME.md")},
    {"socksh report [--csv] FILE…", N_("make a table of a class, from its learners' files")},
    {"socksh attach [COMMAND…]", N_("run it, or a shell, in the network of the running lesson")},
    {"socksh doctor", N_("say what lessons need and this computer lacks; 1 when it lacks any")},
    {"socksh watch diagram", N_("keep the picture of another terminal's conversations in view")},
    {"socksh watch handles", N_("keep the table of handles of another terminal's socksh in view")},
    {"socksh watch notes", N_("show the notes for the step of the running lesson")},
    {NULL, NULL},
};

const struct usage_row usage_options[] = {
    {"-t, --trace", N_("show every call on standard error")},
    {"--at STEP", N_("with learn and play: begin at that step; those before it are replayed")},
    {"--host", N_("with learn, play, check: on the computer's network, not on one of its own")},
    {"--online", N_("with learn and play: servers of the internet in place of stand-ins")},
    {"--record FILE", N_("with learn and play: keep all that is shown, for asciinema")},
    {"--junit FILE", N_("with check: write the results there as well")},
    {"--lang=en|zh", N_("the language of what is said; else as the locale says")},
    {"--color=always|never|auto", N_("whether the prompt is coloured; auto: as NO_COLOR says")},
    {"--sandbox", N_("run in a network of its own: free ports, port 80, nothing leaves")},
    {"--no-init", N_("do not run the prompt's init file")},
    {"--dump=man|markdown|json", N_("print manual page, reference, or tables")},
    {"-h, --help", N_("print this")},
    {"--version", N_("print name and version")},
    {NULL, NULL},
};

const struct usage_row usage_statuses[] = {
    {"0", N_("done")},
    {"1", N_("an error while running, or a failed check")},
    {"2", N_("a mistake found before anything ran: usage, syntax, type")},
    {"128+N", N_("ended by signal N; 141 when standard output was closed")},
    {NULL, NULL},
};

const struct usage_row usage_environment[] = {
    {"SOCKSH_HISTFILE", N_("the file that keeps what was typed; empty: it is not kept")},
    {"SOCKSH_LESSONS", N_("the folder of the lessons, in place of the installed one")},
    {"SOCKSH_LOCK", N_("show, skip or both: what learners are not to use; set by a teacher")},
    {"XDG_STATE_HOME",
     N_("the folder of socksh/history, socksh/progress.jsonl; ~/.local/state else")},
    {"XDG_CONFIG_HOME", N_("the folder of socksh/init.socksh; ~/.config when not set")},
    {"XDG_RUNTIME_DIR", N_("the folder of socksh/, where attach and watch look; else /tmp")},
    {"NO_COLOR", N_("when set and not empty, nothing is coloured")},
    {"LANG, LC_ALL, LANGUAGE", N_("the language, as for other programs")},
    {"TERM", N_("dumb: nothing is coloured")},
    {NULL, NULL},
};

const struct usage_row usage_files[] = {
    {"~/.config/socksh/init.socksh", N_("run at the start of a prompt: settings, functions")},
    {"~/.local/state/socksh/history", N_("what was typed at the prompt; read by its owner alone")},
    {"~/.local/state/socksh/progress.jsonl", N_("what you have done with lessons, a line a step")},
    {NULL, NULL},
};

// In columns of a terminal: an ellipsis is three octets and one column.
static size_t widest(const struct usage_row *rows, size_t width)
{
    for (; rows->form; rows++)
        if (utf8_width(str_from(rows->form)) > width)
            width = utf8_width(str_from(rows->form));
    return width;
}

// Forms on the left, what they do in a column on the right.
static void add_rows(const struct usage_row *rows, size_t width, struct buffer *to)
{
    for (; rows->form; rows++) {
        size_t padding = width - utf8_width(str_from(rows->form)) + 2;
        buffer_print(to, "  %s%*s", rows->form, (int)padding, "");
        wrap_add(str_from(_(rows->meaning)), width + 4, width + 4, COLUMNS, to);
        buffer_add_char(to, '\n');
    }
}

// One width for both lists, so that their second columns stand in line.
void usage_text(struct buffer *to)
{
    size_t width = widest(usage_options, widest(usage_calls, 0));
    buffer_print(to, "%s\n", _("usage:"));
    add_rows(usage_calls, width, to);
    buffer_print(to, "%s\n", _("options:"));
    add_rows(usage_options, width, to);
}
