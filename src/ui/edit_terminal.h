// edit_terminal: what both line editors need to know of the terminal.

#ifndef SOCKSH_UI_EDIT_TERMINAL_H
#define SOCKSH_UI_EDIT_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

// Changes the editor's mode of the terminal so that a read never waits (VMIN 0, termios(3)). Why:
// poll(2) may tell of a key that is gone when it is to be read, since Ctrl-C and Ctrl-Z make the
// terminal forget what was typed before them; a read that waited would leave them unheard until
// the next key. It lasts until the mode is changed back.
void edit_terminal_prepare(int fd);

// Reads one octet: 1 when there was one, 0 when there is none, -1 when the terminal is gone.
int edit_terminal_read(int fd, char *octet);

// On which row the cursor stands behind `prompt` and `text`, when the prompt begins at the left of
// row 0 and what does not fit wraps. At most the rows of the screen, less one.
size_t edit_terminal_row(int fd, const char *prompt, struct str text);

// The same in a terminal that has just got another size and wrapped its text anew, as most do.
// Where nothing follows the cursor (`at_end`), that leaves it on a row that is full, and not on the
// next.
size_t edit_terminal_row_when_resized(int fd, const char *prompt, struct str text, bool at_end);

#endif
