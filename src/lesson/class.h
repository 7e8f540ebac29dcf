// class: what many learners have done, put together lesson by lesson and step by step.

#ifndef SOCKSH_LESSON_CLASS_H
#define SOCKSH_LESSON_CLASS_H

#include <sys/types.h>

#include "base/buffer.h"
#include "base/names.h"
#include "lesson/progress.h"

enum { CLASS_LESSONS = 256 }; // different ones, at most: a file may name any

struct learner {
    struct str name; // owned: of the file, as it can be shown
    dev_t device;    // and which file that is, under whatever path
    ino_t inode;
};

// One learner with one lesson.
struct course {
    size_t learner;  // index in `learners`
    uint32_t lesson; // index in `lessons`
    struct progress_state progress;
    unsigned seconds; // all steps since the lesson was begun, up to when it was first finished
    bool seen[PROGRESS_STEPS + 1]; // steps that were done at least once
};

// One learner with one step, the first time that it was done.
struct effort {
    uint32_t lesson;
    unsigned step, tries, seconds;
    enum progress_help help;
};

// All of it. Zero-initialised is empty and ready.
struct class
{
    struct learner *learners;
    size_t learner_count, learner_capacity;
    struct names lessons;   // by name, in the order in which they came up
    struct course *courses; // learner by learner
    size_t course_count, course_capacity;
    struct effort *efforts;
    size_t effort_count, effort_capacity;
};

// How hard a step was for those who did it.
struct hardness {
    uint32_t lesson;
    unsigned step;
    unsigned learners;                 // who did it
    unsigned tries;                    // all of theirs
    unsigned helps[PROGRESS_SKIP + 1]; // how many used what
    unsigned seconds;                  // the median
};

// Adds a learner with all that the file says; a file that was read already adds nothing. False with
// errno when it cannot be read. Sets `*strange` to how many lines were not understood.
bool class_read(struct class *class, const char *path, unsigned *strange);

// Puts the hardest steps first: by tries and kinds of help together (a hint counts as one more try,
// showing the answer as two, skipping as three), then by seconds. Steps that nobody tried twice or
// needed help with are left out. The caller frees the array.
struct hardness *class_hardest(struct class *class, size_t *count);

// The middle one of the numbers, which are sorted by it; of an even count the lower; 0 of none.
unsigned class_median(unsigned *numbers, size_t count);

// Appends the name of a file, with a question mark for each character that cannot be shown.
void class_show_name(struct str name, struct buffer *to);

void class_finish(struct class *class);

#endif
