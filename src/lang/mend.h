// mend: what a line that does not fit was meant to be, for the hint under it.

#ifndef SOCKSH_LANG_MEND_H
#define SOCKSH_LANG_MEND_H

#include "base/buffer.h"
#include "base/str.h"

// What `word` of another language or shell is written as here, as a translated hint; NULL when
// nothing is known of it.
const char *mend_habit(struct str word);

// The statement at the beginning of `text`: up to its line's end, a ;, a brace, a comment, or a
// bracket that it did not open itself; without blanks around it.
struct str mend_statement(struct str text);

// What stands between the bracket that `text` begins with and the one that closes it. False when
// that is not on the same line.
bool mend_inside(struct str text, struct str *inside);

// Appends arguments as socksh has them: a comma outside strings and brackets becomes a blank. What
// holds no comma and is more than one value stays in brackets: (x + 1).
void mend_arguments(struct str arguments, struct buffer *to);

// `rest` begins with an operator: appends it and what it joins, up to the argument behind that,
// with a call in brackets. How many octets of `rest` these are: `+ name 127.0.0.1:80` gives 6.
size_t mend_operands(struct str rest, struct buffer *to);

#endif
