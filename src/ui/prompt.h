// prompt: typed statements, one after the other, until the end.

#ifndef SOCKSH_UI_PROMPT_H
#define SOCKSH_UI_PROMPT_H

#include <stdbool.h>

#include "ui/guide.h"
#include "ui/screen.h"

struct prompt_options {
    enum color color;          // whether anything is coloured at first
    bool no_init;              // the init file is not run
    const struct guide *guide; // who leads through a lesson; NULL for nobody
};

// Runs a prompt on the terminal. Returns the exit status. Needs wait_start(),
// handles_start(), commands_install().
int prompt_run(const struct prompt_options *wanted);

#endif
