// answers: the file beside a lesson that lists right answers and near misses of its tasks.

#ifndef SOCKSH_LESSON_ANSWERS_H
#define SOCKSH_LESSON_ANSWERS_H

#include "lesson/lesson.h"

struct answer {
    bool right;       // else a near miss, which must not pass
    unsigned task;    // from 1, in the order of the lesson; the challenge is the last
    struct str actor; // "main" when none is named
    struct passage passage;
};

struct answers {
    struct buffer text; // the file
    struct answer *items;
    size_t count, capacity;
};

// Reads "answers.md". False when it cannot be read or holds a mistake. To be finished in any case.
bool answers_read(const char *path, struct answers *answers, struct lesson_mistake *mistake);

// The same of a text that is at hand, and is copied.
bool answers_read_text(struct str text, struct answers *answers, struct lesson_mistake *mistake);

void answers_finish(struct answers *answers);

#endif
