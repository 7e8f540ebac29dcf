// outcome: what a statement gave, in the words of an expectation.

#ifndef SOCKSH_LESSON_OUTCOME_H
#define SOCKSH_LESSON_OUTCOME_H

#include "base/buffer.h"
#include "lang/ast.h"
#include "lesson/pattern.h"

// Appends what the statement gave: "done" for nothing, several values separated by commas.
void outcome_show(const struct node *node, struct value value, struct buffer *to);

// Appends "error EADDRINUSE: …", or "error TEXT".
void outcome_show_error(struct value error, struct buffer *to);

// Whether `got` is what `wanted` allows. An error is matched by its name alone, or by its whole
// line. Names that are new are captured when it is.
bool outcome_matches(struct captures *captures, struct str wanted, struct str got, bool failed);

// What was printed, and how far `#|` expectations have come in it. Zero-initialised is nothing.
struct printed {
    struct buffer text; // owned
    size_t from;        // where the next expected line is looked for
    bool any_lines;     // `...` came last: lines are left out up to the one that is wanted next
};

// Whether the next line is what `wanted` allows; after `...` alone, which itself allows any number
// of lines, whether some line from there on is. That line is taken; `line`, borrowed, is it, or
// the one that was next, or says that there is none.
bool printed_matches(struct printed *printed, struct captures *captures, struct str wanted,
                     struct str *line);

// Whether the statement asks for what changes without anybody's doing: state, queued.
bool outcome_asks_kernel(const struct node *node);

#endif
