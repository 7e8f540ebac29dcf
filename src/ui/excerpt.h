// excerpt: the part of a long line around a place that is marked in it.

#ifndef SOCKSH_UI_EXCERPT_H
#define SOCKSH_UI_EXCERPT_H

#include "base/buffer.h"

// Appends `line` and, after a newline, `mark`, the line below it: both begin with the same two
// blanks, and `mark` has under the place a '^' for each of its columns, and perhaps words behind
// them. Where that is wider than `columns`, less is shown of the line, with "…" where it was cut,
// and the mark stands under the same place; the words stay as they are. Neither part fills the last
// column. The line has no control characters.
void excerpt_add(struct str line, struct str mark, size_t columns, struct buffer *to);

#endif
