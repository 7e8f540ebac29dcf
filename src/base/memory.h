// memory: allocation for what the program itself needs, and an arena for what dies together.
//
// Two rules. Small things whose size the program decides (rows, tree nodes, names) come from here,
// and a machine that cannot give them ends the program with a message. Things whose size a script
// decides (bytes, lists) are asked for with malloc by their owner, who answers ENOMEM.

#ifndef SOCKSH_BASE_MEMORY_H
#define SOCKSH_BASE_MEMORY_H

#include <stddef.h>

#include "base/str.h"

// Says so and ends the program: for what would need more than there is.
_Noreturn void mem_exhausted(void);

// Zeroed memory, aligned for any object; never NULL. The caller frees it with free().
void *mem_zero(size_t size);

// As realloc, but never NULL. `size` is in octets and above 0.
void *mem_resize(void *old, size_t size);

// Makes room for one more element: grows `*items` (elements of `each` octets) by half when `count`
// has reached `*capacity`. Returns the items, which may have moved.
void *mem_grow(void *items, size_t count, size_t *capacity, size_t each);

// A NUL-terminated copy of `s`. The caller frees it with free().
char *mem_copy(struct str s);

// Everything taken from an arena is freed by arena_finish(), nothing before.
// Zero-initialised is empty and ready.
struct arena {
    struct arena_chunk *chunks; // newest first
    size_t used;                // octets given out of the newest chunk
};

// Zeroed memory that lives until arena_finish(); never NULL.
void *arena_zero(struct arena *arena, size_t size);

// A copy of `s`, with a NUL behind it, that lives until arena_finish().
struct str arena_copy(struct arena *arena, struct str s);

// An array of `count` elements of `each` octets moved from `items` into the arena; `items` is
// freed. NULL when count is 0.
void *arena_adopt(struct arena *arena, void *items, size_t count, size_t each);

// Frees all that was taken from it; it is empty and ready again.
void arena_finish(struct arena *arena);

#endif
