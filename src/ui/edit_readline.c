// edit_readline: the line editor over GNU readline's callback interface. A binary with this file in use is under the GPL.

#include <stdbool.h>
#include <stdlib.h>

#include "ui/edit.h"

#include <readline/history.h>
#include <readline/readline.h>

static const struct edit_hooks *hooks;
static char *read_line; // what the handler got
static bool has_line;   // also when it is the end of input

static void on_line(char *line)
{
    read_line = line;
    has_line = true;
    rl_callback_handler_remove(); // the terminal is as usual while a command runs
}

void edit_start(FILE *in, FILE *out, const struct edit_hooks *use)
{
    hooks = use;
    rl_readline_name = "socksh";
    rl_instream = in;
    rl_outstream = out;
    rl_catch_signals = 0; // the prompt reads signals itself
    rl_catch_sigwinch = 0;
    rl_change_environment = 0;
    rl_initialize();
    rl_variable_bind("enable-bracketed-paste", "on");
    using_history();
}

static void drop_line(void)
{
    rl_callback_sigcleanup();
    rl_free_line_state(); // draws the line once more, so it comes before what is printed
    fputs("^C\n", rl_outstream);
    rl_callback_handler_remove();
}

enum edit_result edit_read(const char *prompt, char **line)
{
    *line = NULL;
    has_line = false;
    rl_callback_handler_install(prompt, on_line);
    while (!has_line) {
        switch (hooks->wait(hooks->context)) {
        case EDIT_KEY:
            rl_callback_read_char();
            break;
        case EDIT_RESIZE:
            rl_resize_terminal();
            break;
        case EDIT_INTERRUPT:
            drop_line();
            return EDIT_DROPPED;
        case EDIT_CLOSE:
            fputc('\n', rl_outstream);
            rl_callback_handler_remove();
            return EDIT_END;
        }
    }
    if (read_line == NULL)
        fputc('\n', rl_outstream);
    *line = read_line;
    return read_line ? EDIT_LINE : EDIT_END;
}

void edit_hide(void)
{
    rl_clear_visible_line();
    fputs("\033[J", rl_outstream);
    fflush(rl_outstream);
}

void edit_show(void)
{
    rl_on_new_line();
    rl_redisplay();
}

void edit_suspend(void)
{
    rl_cleanup_after_signal();
}

void edit_resume(void)
{
    rl_reset_after_signal();
    rl_forced_update_display();
}

void edit_add_history(const char *line)
{
    add_history(line);
}

void edit_finish(void)
{
    clear_history();
}
