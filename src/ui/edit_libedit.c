// edit_libedit: the line editor over libedit's own interface. Its readline look-alike is not used:
// too much of it does nothing.

#include <langinfo.h>
#include <locale.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include <histedit.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "ui/edit.h"
#include "ui/edit_terminal.h"
#include "ui/paint.h"
#include "ui/tab.h"

static const struct edit_hooks *hooks;
static EditLine *editor;
static History *history_list;
static FILE *output;               // the terminal, …
static int input_fd;               // … and where keys come from
static const char *prompt_text;    // of the line at hand; borrowed from who called edit_read()
static bool was_wide;              // see mend_screen()
static bool had_hint;              // when the last event came
static wchar_t keys[2];            // the last one, and that before it
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

static struct str whole_line(void)
{
    const LineInfo *info = el_line(editor);
    return (struct str){info->buffer, (size_t)(info->lastchar - info->buffer)};
}

// While something is searched, libedit writes that into the line, behind a newline.
static bool is_searching(struct str line)
{
    size_t row = line.size;
    while (row > 0 && line.data[row - 1] != '\n')
        row--;
    struct str last = str_slice(line, row, line.size);
    return row > 0 && (str_starts(last, STR("bck")) || str_starts(last, STR("fwd")));
}

// While more keys are there, the line is not worth a painting.
static void paint(void)
{
    struct painted painted = {prompt_text, whole_line(), before_cursor().size};
    if (can_erase && !is_searching(painted.line) && !edit_terminal_has_keys(input_fd))
        paint_line(output, hooks->assist, &painted);
}

void edit_hide(void)
{
    paint_erase_hint(output);
    struct edit_size size = edit_terminal_size(fileno(output));
    erase(edit_terminal_find_cursor(size, prompt_text, whole_line(), before_cursor().size).row);
}

void edit_show(void)
{
    el_set(editor, EL_REFRESH);
    paint();
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
    struct str line = whole_line();
    if (!can_erase || edit_terminal_has_keys(input_fd))
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
    paint_erase_hint(output);
}

static void resize(EditLine *el)
{
    bool at_end = el_line(el)->cursor == el_line(el)->lastchar;
    erase(edit_terminal_row_when_resized(fileno(output), prompt_text, before_cursor(),
                                         at_end && !had_hint));
    el_resize(el);
    edit_show();
}

static int wait_for_character(EditLine *el, wchar_t *character)
{
    mend_screen();
    paint();
    for (;;) {
        stopped_by = hooks->wait(hooks->context);
        had_hint = paint_has_hint();
        paint_erase_hint(output);
        if (stopped_by == EDIT_RESIZE) {
            resize(el);
            continue;
        }
        int got = stopped_by == EDIT_KEY ? read_character(character) : -1;
        if (got > 0) {
            keys[1] = keys[0];
            keys[0] = *character;
            return 1;
        }
        if (got < 0) {
            leave_line(el);
            return 0; // el_gets() gives up the line
        }
    }
}

// --- Tab -----------------------------------------------------------------------------------------

// libedit counts characters of the locale.
static void replace_word(const struct tab *tab)
{
    struct buffer word = {0}, text = tab->insert;
    struct str before = before_cursor();
    buffer_add(&word, str_slice(before, tab->start, before.size));
    size_t count = mbstowcs(NULL, buffer_text(&word), 0);
    el_deletestr(editor, (int)(count == (size_t)-1 ? word.size : count));
    el_insertstr(editor, buffer_text(&text));
    buffer_finish(&word);
}

// Below all of the line, which is shown again below the list.
static void show_list(const struct tab *tab)
{
    edit_terminal_go_below(output, edit_terminal_size(fileno(output)), prompt_text, whole_line(),
                           before_cursor().size);
    fwrite(tab->list.data, 1, tab->list.size, output);
    fflush(output);
    el_set(editor, EL_REFRESH);
}

// libedit does not know a paste from typing: a tab with other keys behind it was pasted.
static unsigned char on_tab(EditLine *el, int key)
{
    struct tab tab = {0};
    unsigned char then = CC_REFRESH;
    (void)key;
    char next = edit_terminal_peek(input_fd);
    if (next != '\0' && next != '\t') {
        el_insertstr(el, "\t");
        return then;
    }
    tab_press(hooks->assist, whole_line(), before_cursor().size, keys[1] == '\t',
              edit_terminal_size(fileno(output)), &tab);
    if (tab.insert.size > 0)
        replace_word(&tab);
    if (tab.insert.size == 0 && tab.list.size > 0) {
        show_list(&tab);
        then = CC_NORM;
    }
    if (tab.enters)
        el_push(el, "\n");
    tab_finish(&tab);
    return then;
}

// --- reading -------------------------------------------------------------------------------------

void edit_start(FILE *in, FILE *out, const struct edit_hooks *use)
{
    HistEvent event;
    char *up = NULL;
    hooks = use;
    output = out;
    input_fd = fileno(in);
    // libedit asks the locale what is a character, and takes what is none for keys with Meta, one
    // of which ends the line. Where only ASCII is known, terminals send UTF-8 nevertheless.
    if (strcmp(nl_langinfo(CODESET), "ANSI_X3.4-1968") == 0)
        setlocale(LC_CTYPE, "C.UTF-8");
    editor = el_init("socksh", in, out, out);
    history_list = history_init();
    history(history_list, &event, H_SETSIZE, 10000);
    el_set(editor, EL_SIGNAL, 0); // the prompt reads signals itself
    el_set(editor, EL_EDITOR, "emacs");
    el_set(editor, EL_PROMPT, give_prompt);
    el_set(editor, EL_HIST, history, history_list);
    el_set(editor, EL_GETCFN, wait_for_character);
    el_set(editor, EL_BIND, "^R", "em-inc-search-prev", NULL);
    el_set(editor, EL_ADDFN, "complete", "completes a word", on_tab);
    el_set(editor, EL_BIND, "^I", "complete", NULL);
    can_erase = el_get(editor, EL_GETTC, "up", &up) == 0 && up != NULL;
}

// Before the prompt is there to be answered: what is typed is shown once.
static void prepare_terminal(void)
{
    el_set(editor, EL_PREP_TERM, 1);
    edit_terminal_prepare(input_fd);
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
    int count = 0;
    prompt_text = prompt;
    stopped_by = EDIT_KEY;
    *line = NULL;
    was_wide = false;
    keys[0] = L'\0';
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
