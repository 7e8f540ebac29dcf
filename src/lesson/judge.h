// judge: runs one script and compares its expectations.

#ifndef SOCKSH_LESSON_JUDGE_H
#define SOCKSH_LESSON_JUDGE_H

#include "base/str.h"

// How the result ends that says whether the script ran to its end: printed for every script that
// was run.
#define JUDGE_END "runs to its end"

// Runs the file and writes one line of TAP a step to standard output, without the plan: "ok -
// FILE:LINE: …" or "not ok - …" followed by lines that begin with "# " and say what was wanted and
// what came. Returns the exit status: 0, 1 when a step failed, 2 when the file could not be read or
// holds a mistake. Needs wait_start(), handles_start(), commands_install().
int judge_run(const char *file);

#endif
