// pattern: matching with backtracking over at most a line of text.

#include "lesson/pattern.h"

#include <stdlib.h>

#include "base/memory.h"

enum { NAMES_MOST = 16 }; // new ones in one pattern

// One attempt. What new names would stand for is kept aside until the whole pattern has matched.
struct match {
    struct captures *captures;    // what names stand for already; only read
    struct str names[NAMES_MOST]; // new in this pattern, borrowed from it …
    struct str texts[NAMES_MOST]; // … and what they would stand for
    size_t count;                 // of them
    size_t steps;                 // left, so that a hostile pattern ends
};

void captures_finish(struct captures *captures)
{
    for (uint32_t i = 0; i < captures->names.count; i++)
        free((void *)captures->texts[i].data);
    free(captures->texts);
    names_finish(&captures->names);
    *captures = (struct captures){0};
}

// A name that is new from now on stands for `text`; it is not there yet.
static void keep(struct captures *captures, struct str name, struct str text)
{
    uint32_t index = names_add(&captures->names, name);
    captures->texts =
        mem_grow(captures->texts, index, &captures->capacity, sizeof *captures->texts);
    captures->texts[index] = (struct str){mem_copy(text), text.size};
}

// The `<name>` at the beginning of the pattern: its size with the brackets, or 0.
static size_t name_size(struct str pattern)
{
    size_t i = 1;
    while (i < pattern.size &&
           (pattern.data[i] == '_' || (pattern.data[i] >= '0' && pattern.data[i] <= '9') ||
            (pattern.data[i] >= 'a' && pattern.data[i] <= 'z') ||
            (pattern.data[i] >= 'A' && pattern.data[i] <= 'Z')))
        i++;
    return pattern.size > 2 && pattern.data[0] == '<' && i > 1 && i < pattern.size &&
                   pattern.data[i] == '>'
               ? i + 1
               : 0;
}

// What a name stands for, from before or from earlier in this pattern; NULL while it is new.
static const struct str *known(const struct match *match, struct str name)
{
    uint32_t index = names_find(&match->captures->names, name);
    if (index != NAME_MISSING)
        return &match->captures->texts[index];
    for (size_t i = 0; i < match->count; i++)
        if (str_equal(match->names[i], name))
            return &match->texts[i];
    return NULL;
}

// Whether `pattern`, the rest of one, allows all of `text`. Recurses once for each `...` and new
// name.
static bool matches(struct match *match, struct str pattern, struct str text);

// The rest of `s` behind its first `size` octets.
static struct str after(struct str s, size_t size)
{
    return str_slice(s, size, s.size);
}

// `...`, or a name that is new: any beginning of the text, the shortest first.
static bool matches_any(struct match *match, struct str name, struct str rest, struct str text)
{
    size_t slot = match->count;
    if (name.size > 0 && slot == NAMES_MOST)
        return false;
    // `...` may be nothing; what has a name is something.
    for (size_t size = name.size ? 1 : 0; size <= text.size; size++) {
        if (name.size > 0) {
            match->names[slot] = name;
            match->texts[slot] = str_slice(text, 0, size);
            match->count = slot + 1;
        }
        if (matches(match, rest, after(text, size)))
            return true;
        // Names behind this one were tried with a beginning that did not lead to the end.
        match->count = slot;
    }
    return false;
}

static bool matches(struct match *match, struct str pattern, struct str text)
{
    while (pattern.size > 0) {
        if (match->steps == 0)
            return false;
        match->steps--;
        size_t size = name_size(pattern);
        if (str_starts(pattern, STR("...")))
            return matches_any(match, (struct str){0}, after(pattern, 3), text);
        if (size > 0) {
            struct str name = str_slice(pattern, 1, size - 1);
            // A name seen before has to be the same text again, and leaves nothing to try.
            const struct str *stands_for = known(match, name);
            if (stands_for == NULL)
                return matches_any(match, name, after(pattern, size), text);
            if (!str_starts(text, *stands_for))
                return false;
            text = after(text, stands_for->size);
            pattern = after(pattern, size);
            continue;
        }
        if (text.size == 0 || text.data[0] != pattern.data[0])
            return false;
        pattern = after(pattern, 1);
        text = after(text, 1);
    }
    return text.size == 0;
}

bool pattern_matches(struct captures *captures, struct str pattern, struct str text)
{
    // Far more than any line needs, and over in some milliseconds.
    struct match match = {.captures = captures, .steps = 1000000};
    if (!matches(&match, pattern, text))
        return false;
    for (size_t i = 0; i < match.count; i++)
        keep(captures, match.names[i], match.texts[i]);
    return true;
}

void pattern_show(const struct captures *captures, struct str pattern, struct buffer *to)
{
    while (pattern.size > 0) {
        size_t size = name_size(pattern);
        uint32_t index =
            size ? names_find(&captures->names, str_slice(pattern, 1, size - 1)) : NAME_MISSING;
        if (index != NAME_MISSING)
            buffer_add(to, captures->texts[index]);
        else
            buffer_add(to, str_slice(pattern, 0, size ? size : 1));
        pattern = after(pattern, size ? size : 1);
    }
}
