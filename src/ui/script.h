// script: runs a text from beginning to end, without a prompt.

#ifndef SOCKSH_UI_SCRIPT_H
#define SOCKSH_UI_SCRIPT_H

#include "actor/session.h"

enum { STATUS_DONE = 0, STATUS_FAILED = 1, STATUS_MISTAKE = 2, STATUS_SIGNAL = 128 };

// What to run.
struct script {
    struct str name;   // before places: a file's name, "-", "-c"
    struct str text;
    struct str *args;  // for the list `args`
    size_t arg_count;
    bool only_check;   // -n
    bool trace;
};

// Reads, checks and runs. Returns the exit status. Needs wait_start(), handles_start(), commands_install().
int script_run(const struct script *script);

// Ends the run of `session` on SIGINT, SIGTERM and SIGHUP with status 128 + signal. Once.
void script_catch_signals(struct session *session);

#endif
