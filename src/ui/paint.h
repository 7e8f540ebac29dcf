// paint: colours of the line that is being edited, and the hint behind it, painted over what the
// line editor has drawn.
//
// Only colours change, so that the editor's own idea of the screen stays true: the same characters
// stand at the same places, and the cursor is where it was. Called while the editor waits for a
// key.

#ifndef SOCKSH_UI_PAINT_H
#define SOCKSH_UI_PAINT_H

#include <stdbool.h>
#include <stdio.h>

#include "ui/assist.h"

// A line as it stands on the screen: `prompt` begins at the left, and the cursor stands behind
// octet `cursor` of `line`.
struct painted {
    const char *prompt;
    struct str line;
    size_t cursor;
};

// Paints the line, as the session's settings want it. Lines that are higher than the screen, or
// have characters that each editor shows in a way of its own, stay plain.
void paint_line(FILE *out, const struct assist *assist, const struct painted *painted);

// Takes the hint off the screen. To be called before the cursor moves or anything is written.
void paint_erase_hint(FILE *out);

// Whether there is something behind the cursor that is no part of the line.
bool paint_has_hint(void);

#endif
