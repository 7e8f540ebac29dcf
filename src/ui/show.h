// show: a statement's value at the prompt.

#ifndef SOCKSH_UI_SHOW_H
#define SOCKSH_UI_SHOW_H

#include "lang/ast.h"

// Appends "s = 3\n", "conn, peer = 5, 127.0.0.1:45678\n", or the value alone; nothing for a
// statement that gives none. Long bytes are shown as their size and their beginning.
void show_result(const struct node *node, struct value value, struct buffer *to);

#endif
