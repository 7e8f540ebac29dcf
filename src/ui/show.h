// show: what a statement gave, as a prompt shows it.

#ifndef SOCKSH_UI_SHOW_H
#define SOCKSH_UI_SHOW_H

#include "lang/eval.h"

// Appends a line for the value of an assignment, of a call or of an expression; nothing for one
// that gives none. `note` follows the value, when it is of this statement's call; it may be NULL.
// On lines that already have `before` columns, for the name of who says it.
void show_result(const struct node *node, struct value value, const struct note *note,
                 size_t before, struct buffer *to);

#endif
