// load: a file's text, for whoever reads scripts.

#ifndef SOCKSH_ACTOR_LOAD_H
#define SOCKSH_ACTOR_LOAD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "base/str.h"

// Reads a file whole; "-" is standard input. After confine_to() it is a file of that folder. On
// failure says why. A program_loader (lang/program.h). Takes handles_lock(), so that its descriptor
// takes no number that a script would get.
bool load_file(struct str file, struct buffer *text, char *why, size_t why_size);

// The same of a file that the program itself needs and no statement has named, such as a lesson:
// from anywhere.
bool load_own(struct str file, struct buffer *text, char *why, size_t why_size);

#endif
