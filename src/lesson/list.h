// list: which lessons there are, and what the learner at hand has done with each.

#ifndef SOCKSH_LESSON_LIST_H
#define SOCKSH_LESSON_LIST_H

#include "base/buffer.h"

// Appends a table, in the language at hand: number and name, title, minutes, what was done. False
// when there is no lesson (ENOENT), or when they cannot be looked for (errno).
bool list_lessons(struct buffer *to);

// `socksh lessons`: prints it. Returns 0; 1 when there is none, 2 for wrong words.
int list_main(char **words, int count);

#endif
