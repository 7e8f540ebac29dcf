// lessons: who lists lessons for the command of that name.

#ifndef SOCKSH_COMMANDS_LESSONS_H
#define SOCKSH_COMMANDS_LESSONS_H

#include <stdbool.h>

#include "base/buffer.h"

// Says who appends the table of lessons, false with ENOENT when there is none, and with another
// errno when they cannot be looked for: that is known to the room lesson/, above this one. Once at
// start.
void lessons_list_with(bool (*list)(struct buffer *to));

// What is said where there is none, to be translated: what helps stands first.
extern const char lessons_lack[];

#endif
