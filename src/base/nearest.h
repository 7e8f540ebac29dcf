// nearest: which of the known words was meant.

#ifndef SOCKSH_BASE_NEAREST_H
#define SOCKSH_BASE_NEAREST_H

#include "base/str.h"

// Collects the known word nearest to `wanted`. Start with nearest_begin(), offer every
// known word, read `.best`.
struct nearest {
    struct str wanted; // the word that is not known; borrowed
    struct str best;   // empty when nothing offered is near enough to be worth a suggestion
    size_t distance;   // edits between `wanted` and `best`, or the first distance that is too far
};

// Begins a search; `wanted` is borrowed until it is over. There is nothing to free.
struct nearest nearest_begin(struct str wanted);

// Compares `word` by the number of edits (insert, delete, replace, swap of neighbours), case aside.
// `word` must outlive the search. Up to a third of the letters may differ, and always one.
void nearest_offer(struct nearest *nearest, struct str word);

#endif
