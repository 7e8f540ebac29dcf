// rehearse: one lesson, or one answer to one of its tasks, run by nobody's hand and judged.

#ifndef SOCKSH_LESSON_REHEARSE_H
#define SOCKSH_LESSON_REHEARSE_H

#include <stdbool.h>

// What to rehearse, read from the words LESSON.md [--host] [--answer NUMBER]
// [--folder PATH].
struct rehearsal {
    const char *path;
    bool host;          // on the host's network
    const char *folder; // for its files, removed in the end. NULL: one is made
    unsigned answer;    // from 1, of the file answers.md beside the lesson; 0 for the whole lesson
};

// False when the words are no rehearsal.
bool rehearse_read(char **words, int count, struct rehearsal *rehearsal);

// Before handles_start() and any thread: moves into a network of its own where that is wanted and
// allowed, and lowers the limits.
void rehearse_begin(const struct rehearsal *rehearsal);

// Runs it in this process alone and writes TAP without a plan, as judge_run() does: one result a
// step. Returns the exit status: 0, 1 when something failed, 2 for a lesson that does not read.
int rehearse_run(const struct rehearsal *rehearsal);

#endif
