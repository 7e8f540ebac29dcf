// script: runs a text from beginning to end, without a prompt.

#ifndef SOCKSH_UI_SCRIPT_H
#define SOCKSH_UI_SCRIPT_H

#include "actor/session.h"

// Exit statuses: as usage_statuses in ui/usage.c tells them.
enum {
    STATUS_DONE = 0,
    STATUS_FAILED = 1,   // an error while running
    STATUS_MISTAKE = 2,  // found before anything ran
    STATUS_SIGNAL = 128, // and the signal's number added
};

// What to run. All texts are borrowed.
struct script {
    struct str name;  // before places: a file's name, "-", "-c"
    struct str text;  // all of it
    struct str *args; // for the list `args`
    size_t arg_count;
    bool only_check; // -n: read and check it, run nothing
    bool trace;      // -t: show every call
};

// Reads, checks and runs. Returns the exit status. Needs wait_start(), handles_start(),
// commands_install().
int script_run(const struct script *script);

#endif
