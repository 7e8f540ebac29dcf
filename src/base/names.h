// names: an ordered set of names, found in constant time.

#ifndef SOCKSH_BASE_NAMES_H
#define SOCKSH_BASE_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

// What is given for a name that is not there.
#define NAME_MISSING UINT32_MAX

// Zero-initialised is empty and ready. The set owns copies of its names.
struct names {
    struct str *items;   // in the order they were added; each ends in NUL
    uint32_t count;      // of items
    size_t capacity;     // items that there is room for
    uint32_t *table;     // hash table: index + 1, or 0
    uint32_t table_size; // a power of two, or 0 before the first name
};

// The index of `name`, or NAME_MISSING.
uint32_t names_find(const struct names *names, struct str name);

// Adds `name` unless it is there. Returns its index.
uint32_t names_add(struct names *names, struct str name);

// Forgets all but the first `count`.
void names_truncate(struct names *names, uint32_t count);

// Frees the names; the set is empty and ready again.
void names_finish(struct names *names);

#endif
