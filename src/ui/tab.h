// tab: what the Tab key does: which text it inserts, and the list of what could stand there.

#ifndef SOCKSH_UI_TAB_H
#define SOCKSH_UI_TAB_H

#include "ui/assist.h"
#include "ui/edit_terminal.h"

// What is to be done: put `insert` in place of the line from `start` to the cursor, or else show
// `list` below. Both are empty when nothing is. Zero-initialised is ready.
struct tab {
    size_t start; // octet of the line
    struct buffer insert;
    struct buffer list; // whole lines that fit the screen
    bool enters;        // the line is complete then, as after Enter
};

// What Tab enters on an empty line, which lasts; NULL: it lists what could stand there, as at
// first.
void tab_set_entered(const char *line);

// Tab was pressed with the cursor behind octet `cursor` of `line`, and `again` right after another
// one: then what cannot be decided is listed.
void tab_press(const struct assist *assist, struct str line, size_t cursor, bool again,
               struct edit_size size, struct tab *tab);
void tab_finish(struct tab *tab);

// Appends a list of candidates in at most `rows` lines of less than `columns`: one a line when it
// is said what they are, else in columns from top to bottom.
void tab_list(const struct candidates *candidates, struct edit_size size, struct buffer *to);

#endif
