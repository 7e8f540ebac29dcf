// diag: one thing that is wrong: where, what, and what to do.

#ifndef SOCKSH_BASE_DIAG_H
#define SOCKSH_BASE_DIAG_H

#include <stdbool.h>
#include <stddef.h>

// Octets of a text from `start` up to, not including, `end`.
struct range {
    size_t start; // counted in octets from 0
    size_t end;   // equal to `start` for a place without width, such as the end of the text
};

// Owns nothing; longer texts are cut at a character. Zero-initialised says nothing.
struct diag {
    struct range range; // of the offending text
    char message[400];  // what is wrong; empty while nothing is
    char hint[400];     // what to do about it; may be empty
    char line[400];     // what may have been meant, told instead of the hint if it reads well
    bool incomplete;    // not wrong, only unfinished: more input could mend it
};

// Sets the place and the message, clears the rest. Returns false, so that a caller can
// `return diag_set(…)`.
__attribute__((format(printf, 3, 4))) bool diag_set(struct diag *diag, struct range range,
                                                    const char *format, ...);

// Sets what to do. Returns false.
__attribute__((format(printf, 2, 3))) bool diag_hint(struct diag *diag, const char *format, ...);

// Sets the line that may have been meant; who reads the text tries it (lang/foreign.h). Returns
// false.
__attribute__((format(printf, 2, 3))) bool diag_offer(struct diag *diag, const char *format, ...);

#endif
