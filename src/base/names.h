// names: an ordered set of names, found in constant time.

#ifndef SOCKSH_BASE_NAMES_H
#define SOCKSH_BASE_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

#define NAME_MISSING UINT32_MAX

// Zero-initialised is empty and ready. The set owns copies of its names.
struct names {
    struct str *items; // in the order they were added; each ends in NUL
    uint32_t count;
    size_t capacity;
    uint32_t *table;   // hash table: index + 1, or 0
    uint32_t table_size;
};

// The index of `name`, or NAME_MISSING.
uint32_t names_find(const struct names *names, struct str name);

// Adds `name` unless it is there. Returns its index.
uint32_t names_add(struct names *names, struct str name);

// Forgets all but the first `count`.
void names_truncate(struct names *names, uint32_t count);

void names_finish(struct names *names);

#endif
