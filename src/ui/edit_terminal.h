// edit_terminal: what both line editors need to know of the terminal.

#ifndef SOCKSH_UI_EDIT_TERMINAL_H
#define SOCKSH_UI_EDIT_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/str.h"

// Changes the editor's mode of the terminal so that a read never waits (VMIN 0, termios(3)). Why:
// poll(2) may tell of a key that is gone when it is to be read, since Ctrl-C and Ctrl-Z make the
// terminal forget what was typed before them; a read that waited would leave them unheard until
// the next key. It lasts until the mode is changed back.
void edit_terminal_prepare(int fd);

// Reads one octet: 1 when there was one, 0 when there is none, -1 when the terminal is gone.
int edit_terminal_read(int fd, char *octet);

// Whether there is something to read at once.
bool edit_terminal_has_keys(int fd);

// Reads what follows an Escape of a key that sends more than one octet, up to its last one, and
// ends it with NUL: "[B". Empty after an Escape alone. ECMA-48 section 5.4.
void edit_terminal_read_sequence(int fd, char *octets, size_t size);

// The octet that edit_terminal_read() would give, which stays there; NUL for none.
char edit_terminal_peek(int fd);

// Puts octets back that were read too early; edit_terminal_read() gives them first.
void edit_terminal_unread(struct str octets);

// Whether edit_terminal_read() has octets that poll(2) does not know of.
bool edit_terminal_has_unread(void);

struct edit_size {
    size_t columns, rows;
};

// The terminal's; 80 by 24 when it does not tell.
struct edit_size edit_terminal_size(int fd);

// A place below and right of where the prompt begins.
struct edit_place {
    size_t row, column;
};

// Moves `place` over one character as line editors show it. What does not fit wraps; a row that is
// full goes on at once at the left of the next.
void edit_terminal_step(struct edit_place *place, uint32_t point, size_t columns);

// Where the cursor stands behind `prompt` and `text`. Not below the last row of the screen.
struct edit_place edit_terminal_find(struct edit_size size, const char *prompt, struct str text);

// Where the cursor stands behind octet `cursor` of `line`: on the next row when what follows is a
// wide character that does not fit.
struct edit_place edit_terminal_find_cursor(struct edit_size size, const char *prompt,
                                            struct str line, size_t cursor);

// Moves the cursor, which stands behind octet `cursor` of `line`, to the left of the row below all
// of it.
void edit_terminal_go_below(FILE *out, struct edit_size size, const char *prompt, struct str line,
                            size_t cursor);

// On which row the cursor stands behind `prompt` and `text`, when the prompt begins at the left of
// row 0. At most the rows of the screen, less one.
size_t edit_terminal_row(int fd, const char *prompt, struct str text);

// The same in a terminal that has just got another size and wrapped its text anew, as most do.
// Where nothing follows the cursor (`at_end`), that leaves it on a row that is full, and not on the
// next.
size_t edit_terminal_row_when_resized(int fd, const char *prompt, struct str text, bool at_end);

#endif
