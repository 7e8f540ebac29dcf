// check: what the two halves of the checker share; for check.c and check_call.c, and how world.c
// takes back what a check has added.

#ifndef SOCKSH_LANG_CHECK_H
#define SOCKSH_LANG_CHECK_H

#include "lang/program.h"

// Where the walk is. Each function here gives false after the first mistake, with `diag` and
// `*source` set.
struct checker {
    struct world *world;           // locked by who reads
    struct diag *diag;             // the first mistake
    const struct source **source;  // of the diag
    const struct program *program; // whose tree is being walked
    struct names *variables;       // of the actor or function at hand
    struct str actor;              // whose variables they are; empty in a function
    struct str function;           // the function's name; empty outside
    // What program_check() was given: where functions are looked for first.
    const struct program *top;
    // How many variables each scope had before, in the order of world->scopes; ended by 0.
    const uint32_t *known;
    bool loose;      // a line of a text that is not here, where names are set and loops begin
    unsigned loops;  // around this place, within this function or actor
    unsigned actors; // @ blocks around this place
};

// How many variables each scope has now, ended by 0; and back to that: scopes made since then are
// gone, and their programs must not run. The caller frees the counts.
uint32_t *check_remember(const struct world *world);
void check_restore(struct world *world, const uint32_t *counts);

// Reports a mistake in the program at hand. Returns false.
__attribute__((format(printf, 3, 4))) bool
check_mistake(struct checker *checker, struct range range, const char *format, ...);

// Resolves and checks a node and all below it.
bool check_node(struct checker *checker, struct node *node);

// The same for a CALL or SPAWN: arguments, their count and their types.
bool check_call(struct checker *checker, struct node *node);

// The definition a call means: one of the text being checked, else one known from before; NULL when
// there is none.
const struct definition *check_definition(const struct checker *checker, struct str name);

// The types a node may have, as far as it shows without running; TYPE_ANY when it does not show.
enum type check_static_type(const struct node *node);

// A call that gives no value stands where a value is wanted.
bool check_gives_value(struct checker *checker, const struct node *node);

// The types that the value of an option may have; of `setsockopt`, which asks again when it runs.
enum type check_option_types(const struct option *option);

#endif
