// transcript: what was typed at a prompt and what came of it, as a lesson file with expectations.
//
// Handles and ports that the kernel chose become names, the same wherever the same one stands
// again, since their numbers differ from run to run.

#ifndef SOCKSH_LESSON_TRANSCRIPT_H
#define SOCKSH_LESSON_TRANSCRIPT_H

#include "base/buffer.h"
#include "lang/ast.h"

// A number that got a name.
struct transcript_name {
    bool port;      // else a handle's
    int64_t number; // as it was shown
    char name[40];
};

// Zero-initialised is empty; then transcript_begin().
struct transcript {
    struct buffer text;  // the file so far, which only grows
    struct buffer actor; // whose block is open; empty for none
    struct transcript_name *names;
    size_t count, capacity;
};

// Begins the file with its head.
void transcript_begin(struct transcript *transcript, struct str title);

// Appends what a statement gave, as an expectation that holds in another run, too.
void transcript_show(struct transcript *transcript, const struct node *node, struct value value,
                     struct buffer *to);

// Appends an input of that actor. `outcome` stands behind its last line, or alone when `input` is
// empty; empty outcomes are left out. `printed` are whole lines that were printed meanwhile.
void transcript_add(struct transcript *transcript, struct str actor, struct str input,
                    struct str outcome, struct str printed);

// Appends what makes a whole file of the text so far.
void transcript_show_end(const struct transcript *transcript, struct buffer *to);

// Frees what it holds; it is empty again.
void transcript_finish(struct transcript *transcript);

#endif
