// outcome: what a statement gave, in the words of an expectation.

#ifndef SOCKSH_LESSON_OUTCOME_H
#define SOCKSH_LESSON_OUTCOME_H

#include "lang/ast.h"
#include "lesson/pattern.h"

// Appends what the statement gave: "done" for nothing, several values separated by commas.
void outcome_show(const struct node *node, struct value value, struct buffer *to);

// Appends "error EADDRINUSE: …", or "error TEXT".
void outcome_show_error(struct value error, struct buffer *to);

// Whether `got` is what `wanted` allows. An error is matched by its name alone, or by its whole
// line. Names that are new are captured when it is.
bool outcome_matches(struct captures *captures, struct str wanted, struct str got, bool failed);

// Whether the statement asks for what changes without anybody's doing: state, queued.
bool outcome_asks_kernel(const struct node *node);

#endif
