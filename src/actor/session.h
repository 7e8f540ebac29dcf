// session: what all actors of one run share: the world of programs, the sink for output, settings,
// and the list of actors.

#ifndef SOCKSH_ACTOR_SESSION_H
#define SOCKSH_ACTOR_SESSION_H

#include <pthread.h>
#include <stdatomic.h>

#include "lang/program.h"

struct actor;
struct call;
struct job;
struct node;

enum stream {
    STREAM_OUTPUT, // what `print` and the showing commands write: standard output
    STREAM_TRACE,  // calls, one line each, without the line's end
    STREAM_REPORT, // errors and notes, whole lines: standard error
    STREAM_STYLED, // as output, with looks (base/look.h); a sink gets it where `shows_looks` is set
    STREAM_CLEAR,  // wipe the screen, where there is one; the text says nothing
};

// Where text goes. write() may be called by any actor at any time; one call's text stays together.
struct sink {
    void (*write)(struct sink *sink, enum stream stream, const struct actor *actor,
                  struct str text);
};

// How calls are shown: not, as the call with its result, as C, as Python.
enum trace { TRACE_OFF, TRACE_CALL, TRACE_C, TRACE_PYTHON };

// What a person or a test wants to hear of beyond output; each may be NULL.
struct observer {
    void *context;
    // A watched statement of `actor` begins, or has ended (see struct host in lang/eval.h).
    void (*begins)(void *context, struct actor *actor, const struct node *node);
    bool (*ended)(void *context, struct actor *actor, const struct node *node, struct value value,
                  bool failed);
    // Statements that were left waiting have ended: job->failed says how, job->last what the last
    // one gave. Without an observer a failure is reported and a value is not.
    void (*finished)(void *context, struct actor *actor, const struct job *job);
};

struct session {
    // Set before the first actor runs.
    struct sink *sink;        // where all text goes; not owned
    struct observer observer; // who watches statements; empty for a script
    program_loader load;      // for `source`; may be NULL
    struct value args;        // the list every actor starts with
    // Appends a call as the trace shows it. It needs the forms of commands/, a room above this one.
    void (*show_call)(const struct call *call, bool good, enum trace trace, struct buffer *to);
    // Adds to the error of a failed call what it means in the situation at hand; may be NULL. It
    // looks at the arguments and the kernel, and so belongs to commands/ as well.
    void (*explain)(const struct call *call);
    // Runs a command in place of its row's run(), and notes what came of it; NULL in a script.
    bool (*run_call)(struct call *call);
    bool shows_looks;     // the sink takes STREAM_STYLED; else it is given as output, without looks
    bool notes_variables; // actors note what their variables hold (actor/variables.h)
    // Notes that a person wants to learn a lesson, "" for the next one: once the statement has
    // ended. NULL where nobody could show it.
    void (*learn)(struct session *session, struct str lesson);
    // Tells a prompt to look at the session; may be NULL.
    void (*wake)(struct session *session);

    struct world world; // programs, scopes and functions; has a lock of its own
    atomic_int trace;   // enum trace
    // At a prompt; `set` changes them.
    atomic_bool show_values; // after each command
    atomic_bool show_hints;  // what is still to come, behind the cursor
    atomic_bool show_colors; // of kinds, actors, errors
    atomic_bool projector;   // nothing dim, no traces, heavy marks
    atomic_int quit_status;  // of `exit`, once quitting is set
    atomic_bool quitting;    // somebody called `quit`
    atomic_int signalled;    // the signal that ends the run, 0 for none
    atomic_bool ending;      // no new actors: the run is over
    atomic_int output_error; // why standard output took no text (errno); 0 once it was told
    atomic_int threads;      // running or not yet joined
    struct waiter finisher;  // of the thread that made the session, which waits for them in the end

    pthread_mutex_t lock;       // guards what follows; see actor.h for the order
    struct actor *actors;       // alive and those that ended last, oldest first
    struct actor *last_actor;   // the newest of them
    struct actor *zombies;      // threads that ended and wait to be joined
    struct names spawned_names; // functions that were spawned …
    unsigned *spawned_counts;   // … and how often
    size_t spawned_capacity;    // of spawned_counts
    struct actor *first_ended;  // those in the list that ended, the earliest first
    struct actor *last_ended;   // the latest of them
    size_t ended_kept;          // how many they are; bounded, for a server spawns for ever
    struct value last_error;    // of any actor, whether or not it was taken; a copy of its own
};

// Empty, without settings, in the calling thread, which is to call session_finish() as well.
// `sink` must outlive the session.
void session_init(struct session *session, struct sink *sink);

// Ends, wakes and joins all actors, then frees everything. Call from the thread that made the
// session.
void session_finish(struct session *session);

// Ends the run: main, and whoever is to notice (session->wake), are woken. `status` is the
// program's.
void session_quit(struct session *session, int status);

// Writes to the sink, in the name of `actor`, or NULL for nobody's. An empty text is not written.
void session_write(struct session *session, enum stream stream, const struct actor *actor,
                   struct str text);

#endif
