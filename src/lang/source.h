// source: a text to be read as a script, with a name and its lines.

#ifndef SOCKSH_LANG_SOURCE_H
#define SOCKSH_LANG_SOURCE_H

#include <stddef.h>

#include "base/buffer.h"
#include "base/diag.h"
#include "base/str.h"

struct source {
    struct str name;   // shown before places: a file's name, "-", "-c"; empty at the prompt
    struct str text;   // without a byte order mark
    size_t *lines;     // octet at which each line begins
    size_t line_count; // at least 1
};

// Where a person looks.
struct place {
    unsigned line;   // from 1
    unsigned column; // from 1, in code points
};

// Copies name and text. A byte order mark at the beginning is left out.
void source_init(struct source *source, struct str name, struct str text);

// Frees its copies; ranges of it mean nothing any more.
void source_finish(struct source *source);

// The line and column of an octet, which may be the one behind the text.
struct place source_place(const struct source *source, size_t offset);

// Line `line` (from 1) without its line end.
struct str source_line(const struct source *source, unsigned line);

// Appends the message as people read it:
//   FILE:LINE:COLUMN: error: MESSAGE
//     the line
//     ^^^^  HINT
// Control characters in the line are shown as blanks, so that the underline stands right.
void source_show_error(const struct source *source, const char *message, const char *hint,
                       struct range range, struct buffer *to);

// Appends a remark on another place of an error:
//   FILE:LINE:COLUMN: MESSAGE
//     the line
//     ^^^^
void source_show_remark(const struct source *source, const char *message, struct range range,
                        struct buffer *to);

// The same as source_show_error() for a diag, with its own hint.
void source_show_diag(const struct source *source, const struct diag *diag, struct buffer *to);

#endif
