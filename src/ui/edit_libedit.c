// edit_libedit: the line editor over libedit's own interface. Its readline look-alike is not used:
// too much of it does nothing.

#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include <histedit.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "ui/edit.h"
#include "ui/edit_terminal.h"

static const struct edit_hooks *hooks;
static EditLine *editor;
static History *history_list;
static FILE *output;               // the terminal, …
static int input_fd;               // … and where keys come from
static const char *prompt_text;    // of the line at hand; borrowed from who called edit_read()
static bool was_wide;              // see mend_screen()
static char *beginning;            // what the next line starts with, or NULL; owned
static bool can_erase;             // the terminal takes back what was written; TERM=dumb does not
static enum edit_event stopped_by; // why reading ended without a line

// libedit asks for the prompt each time it draws the line.
static char *give_prompt(EditLine *el)
{
    (void)el;
    return (char *)prompt_text;
}

static struct str before_cursor(void)
{
    const LineInfo *info = el_line(editor);
    return (struct str){info->buffer, (size_t)(info->cursor - info->buffer)};
}

// Erases the line, which begins that many rows above the cursor, and what is below.
static void erase(size_t rows)
{
    if (rows > 0 && can_erase)
        fprintf(output, "\033[%zuA", rows);
    fputs(can_erase ? "\r\033[J" : "\n", output);
    fflush(output);
}

void edit_hide(void)
{
    erase(edit_terminal_row(fileno(output), prompt_text, before_cursor()));
}

void edit_show(void)
{
    el_set(editor, EL_REFRESH);
}

// Reads one character, octet by octet. 1, 0 when there is none after all, -1 at the end of input.
static int read_character(wchar_t *character)
{
    mbstate_t state = {0};
    char octet;
    int got = edit_terminal_read(input_fd, &octet);
    while (got == 1) {
        size_t size = mbrtowc(character, &octet, 1, &state);
        if (size == (size_t)-1)
            *character = (unsigned char)octet;
        if (size != (size_t)-2)
            return 1;
        got = edit_terminal_read(input_fd, &octet);
    }
    return got;
}

// libedit leaves wide characters behind when a line of several rows changes within. Such a line is
// drawn anew whenever no more keys are there, once more when it has become another.
static void mend_screen(void)
{
    struct pollfd keys = {input_fd, POLLIN, 0};
    const LineInfo *info = el_line(editor);
    struct str line = {info->buffer, (size_t)(info->lastchar - info->buffer)};
    if (!can_erase || poll(&keys, 1, 0) != 0)
        return;
    bool is_wide =
        utf8_count(line) < line.size && edit_terminal_row(fileno(output), prompt_text, line) > 0;
    if (is_wide || was_wide) {
        edit_hide();
        edit_show();
    }
    was_wide = is_wide;
}

// Puts the cursor behind the line, so that what is printed next comes below all of it.
static void leave_line(EditLine *el)
{
    edit_hide();
    el_cursor(el, (int)(el_line(el)->lastchar - el_line(el)->cursor));
    edit_show();
}

static void resize(EditLine *el)
{
    bool at_end = el_line(el)->cursor == el_line(el)->lastchar;
    erase(edit_terminal_row_when_resized(fileno(output), prompt_text, before_cursor(), at_end));
    el_resize(el);
    edit_show();
}

static int wait_for_character(EditLine *el, wchar_t *character)
{
    mend_screen();
    for (;;) {
        stopped_by = hooks->wait(hooks->context);
        if (stopped_by == EDIT_RESIZE) {
            resize(el);
            continue;
        }
        int got = stopped_by == EDIT_KEY ? read_character(character) : -1;
        if (got > 0)
            return 1;
        if (got < 0) {
            leave_line(el);
            return 0; // el_gets() gives up the line
        }
    }
}

void edit_start(FILE *in, FILE *out, const struct edit_hooks *use)
{
    HistEvent event;
    char *up = NULL;
    hooks = use;
    output = out;
    input_fd = fileno(in);
    editor = el_init("socksh", in, out, out);
    history_list = history_init();
    history(history_list, &event, H_SETSIZE, 10000);
    el_set(editor, EL_SIGNAL, 0); // the prompt reads signals itself
    el_set(editor, EL_EDITOR, "emacs");
    el_set(editor, EL_PROMPT, give_prompt);
    el_set(editor, EL_HIST, history, history_list);
    el_set(editor, EL_GETCFN, wait_for_character);
    el_set(editor, EL_BIND, "^R", "em-inc-search-prev", NULL);
    can_erase = el_get(editor, EL_GETTC, "up", &up) == 0 && up != NULL;
}

// Before the prompt is there to be answered: what is typed is shown once.
static void prepare_terminal(void)
{
    el_set(editor, EL_PREP_TERM, 1);
    edit_terminal_prepare(input_fd);
}

void edit_begin_with(struct str text)
{
    free(beginning);
    beginning = mem_copy(text);
}

enum edit_result edit_read(const char *prompt, char **line)
{
    int count = 0;
    prompt_text = prompt;
    stopped_by = EDIT_KEY;
    *line = NULL;
    was_wide = false;
    prepare_terminal();
    if (beginning != NULL)
        el_push(editor, beginning); // copied, and read before any key
    free(beginning);
    beginning = NULL;
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

void edit_suspend(void)
{
    edit_hide();
    el_set(editor, EL_PREP_TERM, 0);
}

void edit_resume(void)
{
    prepare_terminal();
    el_resize(editor);
    edit_show();
}

void edit_add_history(const char *line)
{
    HistEvent event;
    history(history_list, &event, H_ENTER, line);
}

void edit_finish(void)
{
    history_end(history_list);
    free(beginning);
    el_end(editor);
}
