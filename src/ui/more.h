// more: a text that may be longer than the screen, a screenful at a time.

#ifndef SOCKSH_UI_MORE_H
#define SOCKSH_UI_MORE_H

#include <stdbool.h>
#include <stdio.h>

#include "base/str.h"

enum more_event {
    MORE_KEY,    // something can be read from the terminal
    MORE_RESIZE, // it has another size now
    MORE_STOP,   // Ctrl-Z: the shell's job control
    MORE_END,    // Ctrl-C, or the program is to end: nothing more is to be shown
};

// The terminal, and who hears of what comes while a person reads.
struct more {
    FILE *in, *out;
    enum more_event (*wait)(void *context); // writes nothing on the terminal
    void *context;                          // for wait()
};

// Writes whole lines, which may have looks (ui/screen.h) but no other control characters. After
// each screenful a line asks for Enter, and is erased then: Enter, Space and the keys that go down
// show the next one, q leaves the rest out. Any other key belongs to what is typed next: all the
// rest is written, and the key is put back (ui/edit_terminal.h). Writes all at once where nothing
// can be asked or erased: no terminal, TERM=dumb. Called by the prompt's thread while no line is
// edited. False when something was left out.
bool more_show(const struct more *more, struct str text);

#endif
