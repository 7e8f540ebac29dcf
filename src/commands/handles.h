// handles: the table of handles as text, for the command and for who watches from outside.

#ifndef SOCKSH_COMMANDS_HANDLES_H
#define SOCKSH_COMMANDS_HANDLES_H

#include "actor/session.h"
#include "base/look.h"

// Appends the table, with looks (base/look.h), for a terminal of so many columns; SIZE_MAX for no
// limit. In any thread that holds no lock of the table or the actors.
void handles_show(struct session *session, size_t columns, struct buffer *to);

// How a state by that name of the kernel is shown, "FIN_WAIT1".
enum look handles_look_of_state(const char *state);

#endif
