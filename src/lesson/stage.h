// stage: where a lesson happens: a session whose actors are given statements one at a time, and
// what comes of each is compared with what the lesson expects.
//
// A stage belongs to the thread that made it. That thread runs no statement but the conditions of
// checks; it sleeps until an actor is done or waits, and meanwhile hears whoever is to be heard.

#ifndef SOCKSH_LESSON_STAGE_H
#define SOCKSH_LESSON_STAGE_H

#include "actor/actor.h"
#include "lesson/lesson.h"
#include "lesson/outcome.h"
#include "lesson/pattern.h"

#define STAGE_LIMIT 5000000000LL // nanoseconds that a step may take to come true

enum { STAGE_PRINTED = 1024 * 1024 }; // octets that a line of statements may print

// A statement that was left waiting in the kernel.
struct left {
    struct actor *actor;     // with a reference
    struct job *job;         // with a reference
    const struct node *node; // what its value is shown by
};

// What is told of an expectation, or of a statement without one that failed.
struct verdict {
    const struct program *program; // whose source the range is of
    struct range range;
    bool good;
    struct str wanted, got; // as an expectation writes it; `wanted` with what its names stand for
};

struct stage {
    struct session *session; // not owned
    const char *path;        // of the lesson; shown before places
    struct actor *self;      // the calling thread, as one that waits and evaluates
    bool watch_top;          // the session's observer is told of each statement
    // While the stage waits: `fd` is watched, and hear() called when it can be read, and every now
    // and then. -1 for none.
    int fd;
    void (*hear)(void *context);
    void *context;
    bool given_up; // hear() says that nobody wants to wait: then each limit is reached at once
    void (*tell)(void *context, const struct verdict *verdict); // may be NULL

    struct captures captures; // what <name>s stand for so far
    pthread_mutex_t lock;     // guards what follows but `outcome`: any actor prints and ends
    struct printed printed;   // since the line at hand began; no more than STAGE_PRINTED
    bool printed_too_much;    // some of it was dropped
    bool finished;            // nothing is kept any more
    struct left *left;        // the oldest first
    size_t left_count, left_capacity;
    struct buffer outcome; // of the last statement: "done", a value, "waits", "error EPIPE: …"
};

// One block's statements, for the actor whose they are.
struct scene {
    const struct program *program; // the world's
    struct str actor;              // borrowed from the lesson
    bool ordinary;                 // they run without the right to bind ports below 1024
    struct str foretold;           // what a question says of the last one; may be empty
};

// Zero-initialised but for `session`, `path`, `fd`, `hear`, `tell` and `context`. The session keeps
// notes of variables from now on. False without memory.
bool stage_begin(struct stage *stage);

// Lets everything go, before the session is finished. What its actors still print, or end, is not
// kept: the two calls below may come until then.
void stage_finish(struct stage *stage);

// Keeps what an actor printed: to be called by the session's sink, in any thread.
void stage_keep_printed(struct stage *stage, struct str text);

// The same for a sink that takes looks, too: keeps output, styled or not, and nothing else.
void stage_keep_written(struct stage *stage, enum stream stream, struct str text);

// A statement that one actor handed to another with @ and left waiting has ended: to be called by
// the session's observer, in any thread.
void stage_keep_finished(struct stage *stage, struct actor *actor, struct job *job);

// Reads a step's statements. False with `why`, whole lines for a person, when they do not read
// well. Places are the file's own.
bool stage_read(struct stage *stage, const struct step *step, struct scene *scene,
                struct buffer *why);

// The same of any passage, for an actor.
bool stage_read_passage(struct stage *stage, struct passage passage, struct str actor,
                        struct scene *scene, struct buffer *why);

// One line: the statements that a learner types at once, and that are given together.
struct line {
    struct node **items; // of the program
    size_t count;        // 0: there is no line any more
    struct range range;  // of all of them
};

// The line of the scene that begins with statement `*at`, which is moved behind it.
struct line scene_line(const struct scene *scene, size_t *at);

// Gives one line to its actor, waits until it has ended or is left waiting, as expected, with
// everybody at rest, and compares. tell() hears of each comparison. False when something was not as
// expected, or the run is over.
bool stage_run(struct stage *stage, const struct scene *scene, const struct line *line);

// Gives one line as a learner would: it may fail or wait, and nothing is compared. Not run when its
// actor still waits with everybody at rest. False when the run is over.
bool stage_try(struct stage *stage, const struct scene *scene, const struct line *line);

// Which option of the question foretells what the last statement gave; SIZE_MAX when none or more
// than one does.
size_t stage_foretold(struct stage *stage, const struct question *question);

// Waits until all actors are done or waiting; false when the limit is reached or the run is over.
bool stage_await_rest(struct stage *stage);

// Who does what: "server: waiting in accept 3 for 5 s", one clause an actor, with what is missing.
void stage_show_actors(struct stage *stage, struct buffer *to);

// Sleeps until something changes or `deadline` is past, but not for long, and hears. False when the
// run is over, or given up.
bool stage_pause(struct stage *stage, const struct timespec *deadline);

// Failures of statements that were left waiting, and that no expectation has asked for: tell()
// hears of each. Returns how many.
unsigned stage_tell_left(struct stage *stage);

#endif
