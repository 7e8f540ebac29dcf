// wrap: where a long text is broken into lines or cut, in columns of a terminal.

#ifndef SOCKSH_BASE_WRAP_H
#define SOCKSH_BASE_WRAP_H

#include "base/buffer.h"

// How many octets of `rest`, which is not empty, stand on a line of `columns`: up to a blank, or
// between two characters of a script that is written without blanks; a longer word is cut. Never 0.
size_t wrap_size(struct str rest, size_t columns);

// Appends the text in lines of `columns`, each but the first behind `indent` blanks, which count.
// The first begins behind what stands there already: `used` columns. No newline at the end.
void wrap_add(struct str text, size_t used, size_t indent, size_t columns, struct buffer *to);

// Cuts the text to `columns`. When that is not all of it, `sign` ("…") is the end of what stays, if
// there is room for it.
void wrap_cut(struct buffer *text, size_t columns, const char *sign);

#endif
