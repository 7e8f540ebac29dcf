// program: a text, its tree, and what the tree's names mean; and the scopes and functions that
// outlive one program.

#ifndef SOCKSH_LANG_PROGRAM_H
#define SOCKSH_LANG_PROGRAM_H

#include <pthread.h>

#include "base/memory.h"
#include "base/names.h"
#include "lang/ast.h"
#include "lang/source.h"

// A text that was read. Freed by the world that it belongs to, since functions and running actors
// refer to it.
struct program {
    struct source source;     // the text, which nodes point into
    struct arena arena;       // of the whole tree
    struct node *block;       // the statements, as one BLOCK
    struct nodes definitions; // DEF nodes, wherever they stand
    struct nodes literals;    // counted literals, to be freed
    struct nodes includes;    // SOURCE nodes
    struct program **sourced; // what they read, one each; they are the world's
    uint32_t slots;           // of its actor's scope, once it is checked
    bool uses_records;        // calls `sent` or `received`
    bool uses_packets;        // calls `packets` or the like
    struct program *next;     // of the same world
};

// The variables of one actor, by name. Slots are given out when programs are checked and never
// change. Slot 0 is `args`.
struct scope {
    struct str actor;   // its name; owned, ends in NUL
    struct names names; // by slot
    struct scope *next; // in the order in which they were made
};

// What outlives a program: programs, scopes, functions. Read and changed by reading programs alone,
// which one thread does at a time, under `lock`; actors at work see functions through their atomic
// definition, and nothing else of it.
struct world {
    pthread_mutex_t lock;        // outermost of all locks: see actor/actor.h
    struct program *programs;    // the newest first
    struct program *failed;      // those of the last reading, if it failed: its diag shows them
    struct scope *scopes;        // the oldest first: check.c counts on it
    struct names function_names; // of all functions that were ever defined
    struct function **functions; // by index in function_names
    size_t function_capacity;    // of functions
};

// Empty; and freed with all programs, when nobody runs one any more.
void world_init(struct world *world);
void world_finish(struct world *world);

// The scope of the actor of that name, made if there is none. Call under world->lock.
struct scope *world_scope(struct world *world, struct str actor);

// Frees a chain of scopes and leaves it empty. Call under world->lock.
void scopes_free(struct scope **scopes);

// The function of that name, or NULL. Call under world->lock.
struct function *world_function(const struct world *world, struct str name);

// How to get the text of `source FILE`: fills `text` and returns true, or says why not.
typedef bool (*program_loader)(struct str file, struct buffer *text, char *why, size_t why_size);

// What reading a text gives.
struct reading {
    struct program *program; // NULL when it did not read well
    struct diag diag;        // then what is wrong …
    // … and where: this text's source, or a sourced file's. The world's.
    const struct source *source;
};

// Reads and checks `text` whole, for the actor named `actor`. `name` is shown before places. On
// success the program belongs to the world, its functions are known, its variables have slots. On
// failure nothing of it is known; its source remains until the next reading. `load` may be NULL:
// then files cannot be sourced. Takes world->lock.
struct reading program_read(struct world *world, struct str name, struct str text, struct str actor,
                            program_loader load);

// Reads and checks as program_read() does, and keeps nothing of it: no function is known by it and
// no variable has a slot. Files that the text sources are taken as empty ones, since whoever types
// their names is not to wait for them. False with a diag, whose range lies in `text`. Takes
// world->lock.
bool program_try(struct world *world, struct str text, struct str actor, struct diag *diag);

// Whether a line that stands in no text yet reads well: one that is to be offered. Names may be set
// and functions defined elsewhere; a block that it begins or ends may lack the rest. Keeps nothing
// of it. Call under world->lock.
bool program_reads_well(struct world *world, struct str line, struct str actor);

// Resolves and checks all names, counts and literal types of a program and what it sources, for
// `actor`; of a `loose` one, which is a line of some other text, what shows in it alone. Called by
// program_read(). False with a diag in `*source`.
bool program_check(struct world *world, struct program *program, struct str actor, bool loose,
                   struct diag *diag, const struct source **source);

#endif
