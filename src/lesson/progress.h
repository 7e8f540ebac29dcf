// progress: what a learner has done, kept as lines of JSON in a file of their own.
//
// The file is $XDG_STATE_HOME/socksh/progress.jsonl. A line is added whole, by one write(2), so
// that the file reads well however the program ends; a last line that was cut is left out when it
// is read, and ended before the next one is added. What others wrote into a file is not trusted: of
// a line that is read, every member is of the type and within the bounds that are given here.

#ifndef SOCKSH_LESSON_PROGRESS_H
#define SOCKSH_LESSON_PROGRESS_H

#include <stdbool.h>

#include "base/buffer.h"
#include "base/str.h"

enum {
    PROGRESS_NAME = 32,               // octets of a lesson's name, at most
    PROGRESS_STEPS = 999,             // of a lesson, at most
    PROGRESS_TRIES = 100000,          // of a step, at most
    PROGRESS_SECONDS = 30 * 24 * 3600 // of a step, at most
};

enum progress_event {
    PROGRESS_BEGIN, // a lesson was opened at `step`
    PROGRESS_STEP,  // `step` was done
    PROGRESS_FINISH // and with it the lesson
};

// The most that was used in a step.
enum progress_help { PROGRESS_ALONE, PROGRESS_HINT, PROGRESS_SHOW, PROGRESS_SKIP };

struct progress_line {
    char when[24];                  // "2026-11-22T09:04:36Z" (RFC 3339); progress_add() sets it
    char lesson[PROGRESS_NAME + 1]; // "hello": Latin letters, digits, "-" and "_"
    char language[8];               // "en", "zh"
    enum progress_event event;
    unsigned step, steps;    // from 1; how many the lesson has
    unsigned tries;          // answers given, the right one as well; 0 where nothing is asked
    enum progress_help help; // of the step; of `finish`, the most of all steps
    unsigned seconds;        // since the step was shown
};

// Where a learner stands with one lesson.
struct progress_state {
    bool begun;              // at least once
    bool finished;           // at least once; the next two are of the last time
    char when[24];           // as in a line
    enum progress_help help; // the most that was used
    unsigned step, steps;    // where to go on; step 0: at the beginning
    enum progress_help used; // the most that was used since the lesson was begun from its beginning
    unsigned reached;        // the first step that was not done since then; 0 as 1
};

// "none", "hint", "show", "skip": as the file has it.
const char *progress_help_name(enum progress_help help);

// Keeps what is still to be added: opens the file under a number that scripts do not get, making
// its folder. False with errno where there is none; adding does nothing then.
bool progress_open(void);

void progress_close(void);

// Adds the line with the time of day. False with errno when it could not be written.
bool progress_add(struct progress_line line);

// Appends the file's path; false where the environment names no folder.
bool progress_path(struct buffer *path);

// Calls `visit` for each line of the file that is well formed, in their order. False with errno
// when it cannot be read, EFBIG where it has more than 64 MiB. Sets `*strange`, which may be NULL,
// to how many lines were not understood; empty and cut ones do not count.
bool progress_read(const char *path, void (*visit)(void *context, const struct progress_line *line),
                   void *context, unsigned *strange);

// Sets `*state` to where the learner whose file this is stands with a lesson, by its name.
void progress_of(struct str lesson, struct progress_state *state);

// Takes one more line of that lesson into account: what progress_of() does with each.
void progress_take(struct progress_state *progress, const struct progress_line *line);

#endif
