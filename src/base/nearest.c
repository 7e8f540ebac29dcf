// nearest: edit distance with swaps (optimal string alignment), over words as short as names are.

#include "base/nearest.h"

#include <ctype.h>

// The longest word that is compared, in octets: the three rows of distance() stand on the stack,
// and a name that long is not mistyped by one letter.
enum { LONGEST = 40 };

struct nearest nearest_begin(struct str wanted)
{
    // One edit too many to begin with, so that only a word that is near enough can be less.
    size_t allowed = wanted.size / 3 > 1 ? wanted.size / 3 : 1;
    return (struct nearest){.wanted = wanted, .distance = allowed + 1};
}

// A letter whichever way it was shifted: `connect` is meant by CONNECT.
static int fold(char c)
{
    return tolower((unsigned char)c);
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

// Edits between two words of at most LONGEST octets, by the usual table: row[j] is the distance
// between the first i octets of `a` and the first j of `b`. Three rows are enough, because a
// swap looks back over two.
static size_t distance(struct str a, struct str b)
{
    size_t rows[3][LONGEST + 1];
    size_t *before = rows[0], *above = rows[1], *row = rows[2];
    for (size_t j = 0; j <= b.size; j++)
        above[j] = j;
    for (size_t i = 1; i <= a.size; i++) {
        row[0] = i;
        for (size_t j = 1; j <= b.size; j++) {
            bool same = fold(a.data[i - 1]) == fold(b.data[j - 1]);
            row[j] = least(least(above[j] + 1, row[j - 1] + 1), above[j - 1] + (same ? 0 : 1));
            if (i > 1 && j > 1 && fold(a.data[i - 1]) == fold(b.data[j - 2]) &&
                fold(a.data[i - 2]) == fold(b.data[j - 1]))
                row[j] = least(row[j], before[j - 2] + 1);
        }
        // The rows move up by one; the oldest is written anew.
        size_t *free_row = before;
        before = above;
        above = row;
        row = free_row;
    }
    return above[b.size];
}

void nearest_offer(struct nearest *nearest, struct str word)
{
    if (word.size > LONGEST || nearest->wanted.size > LONGEST || word.size == 0)
        return;
    size_t edits = distance(nearest->wanted, word);
    // As many edits as the word has letters would make anything of it: no suggestion then.
    if (edits < nearest->distance && edits < nearest->wanted.size) {
        nearest->distance = edits;
        nearest->best = word;
    }
}
