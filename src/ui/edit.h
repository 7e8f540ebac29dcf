// edit: reading one line at a terminal, with history. Two back ends: edit_readline.c and
// edit_libedit.c.
//
// All of this belongs to one thread. While a line is being edited, the editor asks the prompt what
// to wait for, so that messages can be shown above the line without tearing it.

#ifndef SOCKSH_UI_EDIT_H
#define SOCKSH_UI_EDIT_H

#include <stdio.h>

#include "ui/assist.h"

enum edit_event {
    EDIT_KEY,       // something can be read from the terminal
    EDIT_INTERRUPT, // Ctrl-C: drop the line
    EDIT_RESIZE,    // the terminal has another size now
    EDIT_CLOSE,     // stop reading, as at the end of input
};

struct edit_hooks {
    // Waits until something is to be done. It may call edit_hide() and edit_show() around what it
    // writes.
    enum edit_event (*wait)(void *context);
    void *context;               // for wait()
    const struct assist *assist; // colours, hints, Tab; of the line that is read
};

enum edit_result {
    EDIT_LINE,    // a line, which may be empty
    EDIT_DROPPED, // by EDIT_INTERRUPT
    EDIT_END,     // Ctrl-D on an empty line, the end of input, or EDIT_CLOSE
};

// Once, before the first edit_read().
void edit_start(FILE *in, FILE *out, const struct edit_hooks *hooks);

// Reads a line without its newline into `*line`, which the caller frees; NULL unless EDIT_LINE.
enum edit_result edit_read(const char *prompt, char **line);

// Whether something can be shown behind the cursor: a terminal may be unable to erase it.
bool edit_can_hint(void);

// The next line begins with this text, with the cursor behind it, as if it had been typed. Copied.
void edit_begin_with(struct str text);

// Takes the line off the screen, so that something can be written in its place; and puts it back
// below.
void edit_hide(void);
void edit_show(void);

// Around the time when the program is stopped by the shell's job control: the terminal as usual,
// and as the editor wants it again.
void edit_suspend(void);
void edit_resume(void);

// What Up and Ctrl-R find. The line is copied.
void edit_add_history(const char *line);

// Frees what the editor holds. The terminal is as usual already: it is changed only while a line is
// read.
void edit_finish(void);

#endif
