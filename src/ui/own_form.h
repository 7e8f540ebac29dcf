// own_form: what may be typed at a prompt besides statements.

#ifndef SOCKSH_UI_OWN_FORM_H
#define SOCKSH_UI_OWN_FORM_H

#include "base/diag.h"
#include "base/str.h"

enum own_form {
    OWN_NONE,
    OWN_SHELL, // !COMMAND
    OWN_HELP,  // ?, ?NAME, NAME ?
    OWN_ACTOR, // @NAME alone
    OWN_JOBS,  // fg, bg
};

// Which one `line` is; `*name` is where the name, or the command, stands in it. That may be empty:
// the line may still be typed at.
enum own_form own_form_of(struct str line, struct range *name);

#endif
