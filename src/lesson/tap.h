// tap: results as lines of the Test Anything Protocol, on what was standard output when the process
// began, whatever a script does to that.

#ifndef SOCKSH_LESSON_TAP_H
#define SOCKSH_LESSON_TAP_H

#include "base/str.h"

// Keeps a hidden copy of standard output, which is written line by line: what was judged is told
// even if the process is killed. Needs handles_start(). False without a descriptor.
bool tap_open(void);

void tap_close(void);

// One result, "ok - FILE:LINE: TEXT", without a number: check.c counts through all files. Line 0 is
// left out. Control characters are shown as the octets they are.
void tap_result(bool good, struct str file, unsigned line, struct str text);

// Lines that explain the result before them; `label` goes before the first.
void tap_comment(const char *label, struct str text);

// How many results were not ok.
unsigned tap_failures(void);

#endif
