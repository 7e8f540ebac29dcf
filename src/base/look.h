// look: how a piece of text is to stand out, where text is shown in colours.
//
// Whoever makes a table or a picture does not know where it will be shown. So a piece is marked
// within the text, by control characters that no shown text contains (what came from elsewhere is
// escaped before), and whoever shows the text turns the marks into colours or leaves them out. A
// look never says what the words do not say as well.

#ifndef SOCKSH_BASE_LOOK_H
#define SOCKSH_BASE_LOOK_H

#include <stdbool.h>

#include "base/buffer.h"
#include "base/str.h"

// Why it stands out.
enum look {
    LOOK_PLAIN = 'p',
    LOOK_HEADING = 'h',   // of a table
    LOOK_GOOD = 'g',      // all is well: ESTABLISHED
    LOOK_READY = 'r',     // waits for others: LISTEN
    LOOK_UNDER_WAY = 'u', // is not done yet: SYN_SENT
    LOOK_ENDING = 'e',    // goes: FIN_WAIT1
    LOOK_FAINT = 'f',     // is hardly there any more: TIME_WAIT
    LOOK_BAD = 'b',       // packets lost, errors
};

// Appends the text, marked; LOOK_PLAIN without marks. Marks do not nest.
void look_add(enum look look, struct str text, struct buffer *to);

// Takes the first piece of one look off `rest`, which is not empty. False at its end.
bool look_take(struct str *rest, enum look *look, struct str *piece);

// Appends the text without marks.
void look_strip(struct str text, struct buffer *to);

// Columns of a terminal, as utf8_width(): marks take none.
size_t look_width(struct str text);

// Whether the screen gets ASCII in place of signs whose width terminals do not agree on: who draws
// with columns does so in ASCII from the beginning. False until it is set, before any actor writes.
void look_use_ascii(bool ascii);
bool look_is_ascii(void);

// The numbers of SGR (ECMA-48 section 8.3.117) for it, such as "1;32"; "" for none.
const char *look_style(enum look look);

#endif
