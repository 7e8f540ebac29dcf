// usage: how the program is called, and what it reads and answers: for --help and the manual page.

#ifndef SOCKSH_UI_USAGE_H
#define SOCKSH_UI_USAGE_H

#include "base/buffer.h"

// One line of a list, in two columns.
struct usage_row {
    const char *form;    // as typed, shown or named
    const char *meaning; // N_() text, without a full stop
};

// Each is ended by a row whose form is NULL.
extern const struct usage_row usage_calls[];   // socksh FILE …
extern const struct usage_row usage_options[]; // -t, --trace
extern const struct usage_row usage_statuses[];
extern const struct usage_row usage_environment[];
extern const struct usage_row usage_files[];

// Appends what --help prints: calls and options.
void usage_text(struct buffer *to);

#endif
