// dump: the program's own documents, made from its tables: manual page, reference, JSON.

#ifndef SOCKSH_UI_DUMP_H
#define SOCKSH_UI_DUMP_H

#include <stdbool.h>

#include "base/buffer.h"

// Appends the document: "man" is the manual page socksh(1) in roff, man(7); "markdown" is the
// reference; "json" are the tables of commands, constants, options and words. False, with nothing
// appended, for any other format. Needs commands_install().
bool dump(const char *format, struct buffer *to);

// The same for one format each.
void dump_man(struct buffer *to);
void dump_markdown(struct buffer *to);
void dump_json(struct buffer *to);

#endif
