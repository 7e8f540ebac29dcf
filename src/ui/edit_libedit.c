// edit_libedit: the line editor over libedit's own interface. Its readline look-alike is not used: too much of it does nothing.

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

#include <histedit.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "ui/edit.h"

static const struct edit_hooks *hooks;
static EditLine *editor;
static History *history_list;
static FILE *output;
static int input_fd;
static const char *prompt_text;
static enum edit_event stopped_by; // why reading ended without a line

static char *give_prompt(EditLine *el)
{
    (void)el;
    return (char *)prompt_text;
}

// Reads one character, octet by octet, once the terminal has something.
static int read_character(EditLine *el, wchar_t *character)
{
    mbstate_t state = {0};
    char octet;
    (void)el;
    for (;;) {
        if (read(input_fd, &octet, 1) != 1)
            return 0;
        size_t size = mbrtowc(character, &octet, 1, &state);
        if (size == (size_t)-1) {
            *character = (unsigned char)octet;
            return 1;
        }
        if (size != (size_t)-2)
            return 1;
    }
}

static int wait_for_character(EditLine *el, wchar_t *character)
{
    for (;;) {
        stopped_by = hooks->wait(hooks->context);
        if (stopped_by == EDIT_KEY)
            return read_character(el, character);
        if (stopped_by != EDIT_RESIZE)
            return 0; // el_gets() gives up the line
        el_resize(el);
    }
}

void edit_start(FILE *in, FILE *out, const struct edit_hooks *use)
{
    HistEvent event;
    hooks = use;
    output = out;
    input_fd = fileno(in);
    editor = el_init("socksh", in, out, stderr);
    history_list = history_init();
    history(history_list, &event, H_SETSIZE, 10000);
    el_set(editor, EL_SIGNAL, 0); // the prompt reads signals itself
    el_set(editor, EL_EDITOR, "emacs");
    el_set(editor, EL_PROMPT, give_prompt);
    el_set(editor, EL_HIST, history, history_list);
    el_set(editor, EL_GETCFN, wait_for_character);
    el_set(editor, EL_BIND, "^R", "em-inc-search-prev", NULL);
}

enum edit_result edit_read(const char *prompt, char **line)
{
    int count = 0;
    prompt_text = prompt;
    stopped_by = EDIT_KEY;
    *line = NULL;
    const char *text = el_gets(editor, &count);
    if (text == NULL || count <= 0) {
        fputs(stopped_by == EDIT_INTERRUPT ? "^C\n" : "\n", output);
        el_reset(editor);
        fflush(output);
        return stopped_by == EDIT_INTERRUPT ? EDIT_DROPPED : EDIT_END;
    }
    size_t size = strlen(text);
    if (size > 0 && text[size - 1] == '\n')
        size--;
    *line = mem_copy((struct str){text, size});
    return EDIT_LINE;
}

// How many rows above the cursor the line begins.
static size_t rows_above(void)
{
    const LineInfo *info = el_line(editor);
    struct winsize size = {.ws_col = 80};
    ioctl(fileno(output), TIOCGWINSZ, &size);
    struct str before = {info->buffer, (size_t)(info->cursor - info->buffer)};
    size_t width = utf8_width(str_from(prompt_text)) + utf8_width(before);
    return size.ws_col ? width / size.ws_col : 0;
}

void edit_hide(void)
{
    size_t rows = rows_above();
    if (rows > 0)
        fprintf(output, "\033[%zuA", rows);
    fputs("\r\033[J", output);
    fflush(output);
}

void edit_show(void)
{
    el_set(editor, EL_REFRESH);
}

void edit_suspend(void)
{
    el_set(editor, EL_PREP_TERM, 0);
}

void edit_resume(void)
{
    el_set(editor, EL_PREP_TERM, 1);
    el_set(editor, EL_REFRESH);
}

void edit_add_history(const char *line)
{
    HistEvent event;
    history(history_list, &event, H_ENTER, line);
}

void edit_finish(void)
{
    history_end(history_list);
    el_end(editor);
}
