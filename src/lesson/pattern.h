// pattern: what an expectation's text allows: `...` is any text, `<name>` any text that is the same
// wherever the name stands again.

#ifndef SOCKSH_LESSON_PATTERN_H
#define SOCKSH_LESSON_PATTERN_H

#include "base/buffer.h"
#include "base/names.h"
#include "base/str.h"

// What names stand for so far. Zero-initialised is empty and ready.
struct captures {
    struct names names;
    struct str *texts; // by index in `names`; owned copies
    size_t capacity;
};

// Forgets all names; it is empty and ready again.
void captures_finish(struct captures *captures);

// Whether `text` is what `pattern` allows. Names that are new in it are captured when it
// matches, and only then.
bool pattern_matches(struct captures *captures, struct str pattern, struct str text);

// Appends the pattern with what its known names stand for.
void pattern_show(const struct captures *captures, struct str pattern, struct buffer *to);

#endif
