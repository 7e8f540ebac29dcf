// edit_readline: the line editor over GNU readline's callback interface. A binary with this file in
// use is under the GPL.

#include <stdbool.h>
#include <stdlib.h>

#include "base/memory.h"
#include "ui/edit.h"
#include "ui/edit_terminal.h"
#include "ui/paint.h"
#include "ui/tab.h"

#include <readline/history.h>
#include <readline/readline.h>

static const struct edit_hooks *hooks;
static char *read_line; // what the handler got
static bool has_line;   // also when it is the end of input
static char key;        // what rl_callback_read_char() is to begin with
static bool has_key;
static enum edit_event unheard; // what came while readline wanted more of a key, or EDIT_KEY
static bool had_hint;           // when the last event came
static char *beginning;         // what the next line starts with, or NULL; owned
static bool can_erase;          // the terminal takes back what was written; TERM=dumb does not

static struct str whole_line(void)
{
    return (struct str){rl_line_buffer, (size_t)rl_end};
}

// --- colours and Tab -----------------------------------------------------------------------------

// While more keys are there, the line is not worth a painting; while something is searched, it is
// not the line that is shown.
static void paint(void)
{
    struct painted painted = {rl_display_prompt, whole_line(), (size_t)rl_point};
    bool is_other = RL_ISSTATE(RL_STATE_ISEARCH | RL_STATE_NSEARCH | RL_STATE_NUMERICARG);
    if (can_erase && !is_other && !edit_terminal_has_keys(fileno(rl_instream)))
        paint_line(rl_outstream, hooks->assist, &painted);
}

static void replace_word(const struct tab *tab)
{
    struct buffer text = tab->insert;
    rl_begin_undo_group();
    rl_delete_text((int)tab->start, rl_point);
    rl_point = (int)tab->start;
    rl_insert_text(buffer_text(&text));
    rl_end_undo_group();
}

// Below all of the line, which is shown again below the list.
static void show_list(const struct tab *tab)
{
    struct edit_size size = edit_terminal_size(fileno(rl_outstream));
    edit_terminal_go_below(rl_outstream, size, rl_display_prompt, whole_line(), (size_t)rl_point);
    fwrite(tab->list.data, 1, tab->list.size, rl_outstream);
    rl_on_new_line();
    rl_redisplay();
}

static int on_tab(int count, int tab_key)
{
    struct tab tab = {0};
    (void)count, (void)tab_key;
    tab_press(hooks->assist, whole_line(), (size_t)rl_point, rl_last_func == on_tab,
              edit_terminal_size(fileno(rl_outstream)), &tab);
    if (tab.insert.size > 0)
        replace_word(&tab);
    else if (tab.list.size > 0)
        show_list(&tab);
    if (tab.enters)
        rl_newline(1, '\n');
    tab_finish(&tab);
    return 0;
}

// --- keys and lines ------------------------------------------------------------------------------

// Called once a line is complete, or with NULL at the end of input.
static void on_line(char *line)
{
    read_line = line;
    has_line = true;
    rl_callback_handler_remove(); // the terminal is as usual while a command runs
}

static void prepare_terminal(int with_meta_key)
{
    rl_prep_terminal(with_meta_key);
    edit_terminal_prepare(fileno(rl_instream));
}

// The next event; with EDIT_KEY, `has_key` tells whether there was a key after all.
static enum edit_event wait_for_event(void)
{
    enum edit_event event = hooks->wait(hooks->context);
    had_hint = paint_has_hint();
    paint_erase_hint(rl_outstream);
    int got = event == EDIT_KEY ? edit_terminal_read(fileno(rl_instream), &key) : 0;
    has_key = got > 0;
    return got < 0 ? EDIT_CLOSE : event;
}

// What readline reads with: the key that is there, then what belongs to it, such as the rest of a
// paste.
static int give_octet(FILE *in)
{
    (void)in;
    while (!has_key && unheard == EDIT_KEY) {
        enum edit_event event = wait_for_event();
        if (event == EDIT_RESIZE)
            rl_reset_screen_size();
        else
            unheard = event;
    }
    if (!has_key)
        return EOF;
    has_key = false;
    return (unsigned char)key;
}

void edit_start(FILE *in, FILE *out, const struct edit_hooks *use)
{
    hooks = use;
    rl_readline_name = "socksh";
    rl_instream = in;
    rl_outstream = out;
    rl_catch_signals = 0; // the prompt reads signals itself
    rl_catch_sigwinch = 0;
    // LINES and COLUMNS would go to every command that `!` starts, and stay as they were.
    rl_change_environment = 0;
    rl_prep_term_function = prepare_terminal;
    rl_getc_function = give_octet;
    rl_initialize();
    can_erase = rl_get_termcap("up") != NULL;
    rl_variable_bind("enable-bracketed-paste", can_erase ? "on" : "off");
    rl_bind_key('\t', on_tab);
    using_history();
}

// Ends the line that is on the screen without a result. What is printed next comes below all of it.
static void leave_line(const char *mark)
{
    rl_callback_sigcleanup();
    rl_point = rl_end;
    rl_free_line_state(); // draws the line once more, so it comes before what is printed
    fputs(mark, rl_outstream);
    rl_callback_handler_remove();
}

// A terminal that wraps its text anew has moved the cursor with it, where readline does not look.
static void resize(void)
{
    struct str before = {rl_line_buffer, (size_t)rl_point};
    size_t rows = edit_terminal_row_when_resized(fileno(rl_outstream), rl_display_prompt, before,
                                                 rl_point == rl_end && !had_hint);
    if (rows > 0 && can_erase)
        fprintf(rl_outstream, "\033[%zuA", rows);
    fputs(can_erase ? "\r\033[J" : "\n", rl_outstream);
    rl_reset_screen_size();
    edit_show();
}

// Readline has drawn the prompt by now, and an empty line.
static void begin_line(void)
{
    if (beginning == NULL)
        return;
    rl_insert_text(beginning);
    rl_redisplay();
    free(beginning);
    beginning = NULL;
}

bool edit_can_hint(void)
{
    return can_erase;
}

void edit_begin_with(struct str text)
{
    free(beginning);
    beginning = mem_copy(text);
}

enum edit_result edit_read(const char *prompt, char **line)
{
    *line = NULL;
    has_line = false;
    unheard = EDIT_KEY;
#if RL_READLINE_VERSION >= 0x0802
    rl_eof_found = 0; // a Ctrl-D before: else each line that follows ends with one newline more
#endif
    rl_callback_handler_install(prompt, on_line);
    begin_line();
    while (!has_line) {
        paint();
        enum edit_event event = unheard == EDIT_KEY ? wait_for_event() : unheard;
        switch (event) {
        case EDIT_KEY:
            if (has_key)
                rl_callback_read_char();
            break;
        case EDIT_RESIZE:
            resize();
            break;
        case EDIT_INTERRUPT:
            leave_line("^C\n");
            return EDIT_DROPPED;
        case EDIT_CLOSE:
            leave_line("\n");
            return EDIT_END;
        }
    }
    // Elsewhere readline has written it when it ended bracketed paste.
    if (read_line == NULL && !can_erase)
        fputc('\n', rl_outstream);
    *line = read_line;
    return read_line ? EDIT_LINE : EDIT_END;
}

void edit_hide(void)
{
    paint_erase_hint(rl_outstream);
    if (can_erase)
        rl_clear_visible_line();
    fputs(can_erase ? "\033[J" : "\n", rl_outstream);
    fflush(rl_outstream);
}

void edit_show(void)
{
    rl_on_new_line();
    rl_redisplay();
    paint();
}

void edit_suspend(void)
{
    edit_hide();
    rl_cleanup_after_signal();
}

void edit_resume(void)
{
    rl_reset_after_signal();
    rl_reset_screen_size();
    edit_show();
}

void edit_add_history(const char *line)
{
    add_history(line);
}

void edit_finish(void)
{
    clear_history();
    free(beginning);
}
