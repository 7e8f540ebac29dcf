// prompt: typed statements, one after the other, until the end.

#ifndef SOCKSH_UI_PROMPT_H
#define SOCKSH_UI_PROMPT_H

// Runs a prompt on the terminal. Returns the exit status. Needs wait_start(),
// handles_start(), commands_install().
int prompt_run(void);

#endif
