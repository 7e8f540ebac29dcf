// junit: results as the XML that build servers read.

#ifndef SOCKSH_LESSON_JUNIT_H
#define SOCKSH_LESSON_JUNIT_H

#include "base/buffer.h"

// Appends one <testcase>; `why` is empty when it passed. What XML cannot hold is left out.
void junit_case(struct str file, struct str name, struct str why, struct buffer *to);

// Writes the whole document; false when the file cannot be written (errno).
bool junit_write(const char *path, unsigned tests, unsigned failures, struct str cases);

#endif
