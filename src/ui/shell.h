// shell: `!COMMAND` at the prompt: the system's shell.

#ifndef SOCKSH_UI_SHELL_H
#define SOCKSH_UI_SHELL_H

#include <stdio.h>

#include "base/str.h"

// Runs the command with the terminal as its own and waits for its end; says on `out` when it did not end with 0. Ctrl-C is the command's
// meanwhile. posix_spawn(3).
void shell_run(struct str command, FILE *out);

#endif
