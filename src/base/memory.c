// memory: allocation that cannot fail quietly, and arenas.

#include "base/memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// One page: the tree of a line typed at the prompt fits, and that of a script takes a few.
enum { ARENA_CHUNK = 4096 };

// A piece of memory that an arena hands out of, with the link to those filled before.
struct arena_chunk {
    struct arena_chunk *next; // filled before this one
    size_t size;              // octets in `data`
    max_align_t data[];       // of this type, so that what is handed out suits any object
};

// The one place where a missing answer ends the program: without these few octets nothing
// could be reported either.
void mem_exhausted(void)
{
    static const char message[] = "socksh: the machine has no memory left\n";
    ssize_t ignored = write(STDERR_FILENO, message, sizeof message - 1);
    (void)ignored;
    abort();
}

static void *must(void *memory)
{
    if (memory == NULL)
        mem_exhausted();
    return memory;
}

// --- what the program needs ----------------------------------------------------------------------

void *mem_zero(size_t size)
{
    return must(calloc(1, size));
}

void *mem_resize(void *old, size_t size)
{
    return must(realloc(old, size));
}

void *mem_grow(void *items, size_t count, size_t *capacity, size_t each)
{
    if (count < *capacity)
        return items;
    // By half, so that an addition stays cheap however many there are; most arrays here stay short.
    *capacity = *capacity < 8 ? 8 : *capacity + *capacity / 2;
    return must(reallocarray(items, *capacity, each));
}

char *mem_copy(struct str s)
{
    char *copy = must(malloc(s.size + 1));
    if (s.size)
        memcpy(copy, s.data, s.size);
    copy[s.size] = '\0';
    return copy;
}

// --- arenas --------------------------------------------------------------------------------------

void *arena_zero(struct arena *arena, size_t size)
{
    size_t aligned = (size + sizeof(max_align_t) - 1) / sizeof(max_align_t) * sizeof(max_align_t);
    // What is left of the chunk before is given up: a large object gets a chunk of its own size.
    if (arena->chunks == NULL || arena->chunks->size - arena->used < aligned) {
        size_t room = aligned > ARENA_CHUNK ? aligned : ARENA_CHUNK;
        struct arena_chunk *chunk = mem_zero(sizeof *chunk + room);
        chunk->size = room;
        chunk->next = arena->chunks;
        arena->chunks = chunk;
        arena->used = 0;
    }
    void *memory = (char *)arena->chunks->data + arena->used;
    arena->used += aligned;
    return memory;
}

struct str arena_copy(struct arena *arena, struct str s)
{
    char *copy = arena_zero(arena, s.size + 1);
    if (s.size)
        memcpy(copy, s.data, s.size);
    return (struct str){copy, s.size};
}

void *arena_adopt(struct arena *arena, void *items, size_t count, size_t each)
{
    void *moved = NULL;
    if (count > 0) {
        moved = arena_zero(arena, count * each);
        memcpy(moved, items, count * each);
    }
    free(items);
    return moved;
}

void arena_finish(struct arena *arena)
{
    while (arena->chunks != NULL) {
        struct arena_chunk *next = arena->chunks->next;
        free(arena->chunks);
        arena->chunks = next;
    }
    arena->used = 0;
}
