// shell: the system's shell: `!COMMAND` at the prompt, and the job control of the one that
// socksh was started from.

#ifndef SOCKSH_UI_SHELL_H
#define SOCKSH_UI_SHELL_H

#include <stdbool.h>
#include <stdio.h>

#include "base/str.h"

// Runs the command with the terminal as its own and waits for its end; says on `out` when it did
// not end with 0. Ctrl-C and Ctrl-Z are the command's meanwhile; the latter stops socksh as well.
// Needs SIGINT, SIGTSTP, SIGTERM and SIGHUP blocked. posix_spawn(3).
void shell_run(struct str command, FILE *out);

// The same for a lesson, by a process of this program's own; an empty name is the next one. With
// `styled` as its colours.
void shell_learn(struct str lesson, bool styled, FILE *out);

// Stops the program as Ctrl-Z does by default, until the shell that started it says "fg". Does
// nothing where no such shell is (an orphaned process group, setpgid(2)). Needs SIGTSTP blocked.
void shell_suspend(void);

#endif
