// explain: long texts about errnos and about what surprises without one.
//
// The short answer stands below each error (commands/situation.h); here is the long one: what
// happens in the kernel, a script that shows it, and what a program does about it.

#ifndef SOCKSH_COMMANDS_EXPLAIN_H
#define SOCKSH_COMMANDS_EXPLAIN_H

#include "base/buffer.h"
#include "base/str.h"

struct explanation {
    const char *name;    // "EPIPE", "empty-recv": as typed
    const char *title;   // N_() text, one line without a full stop
    const char *happens; // N_() text: what goes on in the kernel; lines of at most 80 columns
    const char *script;  // shows it, when it is run by `socksh check`; lines, with expectations
    const char *program; // N_() text: how a program deals with it; lines
};

extern const struct explanation explain_errnos[]; // sorted by name; ended by a NULL name
extern const struct explanation explain_topics[]; // the same

// The text of that name, however its words are joined ("empty recv") and whatever their case; for
// an errno without a text of its own, the one that its situations lead to. NULL when there is none.
const struct explanation *explain_find(struct str name);

// The known name nearest to one that is unknown; empty when none is near.
struct str explain_nearest(struct str name);

// Appends it, as one screen.
void explain_show(const struct explanation *explanation, struct buffer *to);

#endif
