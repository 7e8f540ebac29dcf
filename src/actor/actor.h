// actor: one line of execution: a thread, its variables, and a queue of statements for it.
//
// The locking model, whole. Actors share no variable, so evaluating needs no lock. What they do
// share:
//   - the handle table and its rows          net/handle.h    handles_lock, row->lock, atomics
//   - marks of who waits where               net/wait.h      a lock each, one for the list of them
//   - programs, scopes, functions            lang/program.h  world->lock, held only while a text is
//                                                            read; functions are atomic
//   - the list of actors, names given out    session.h       session->lock
//   - an actor's queue, state and outcome    here            actor->lock
//   - who waits for whom with `@`            here            a lock of its own
//   - settings, `quitting`                   session.h       atomics
// Order, outer first: world->lock, session->lock, actor->lock, handles_lock, row->lock, list of
// waiters, waiter->lock; none is taken under that of `@`. No lock is held while a script runs or a
// thread sleeps. An idle actor, a giver that waits for its statement and a joiner all sleep in
// wait_sleep() and look again when woken, so that there is one way to sleep and one to wake.
//
// An actor is on the host of its name, if there is one (`network host`): its thread goes there
// before each job. What spawn made stays where its maker was.
//
// A struct actor lives while a value, the session's list or its own thread refers to it.

#ifndef SOCKSH_ACTOR_ACTOR_H
#define SOCKSH_ACTOR_ACTOR_H

#include "actor/session.h"
#include "lang/eval.h"

// Somebody who waits for an actor's end; stands on that thread's stack.
struct joiner {
    struct waiter *waiter; // whom to wake
    struct joiner *next;   // in actor->joiners
};

enum actor_state {
    ACTOR_IDLE, // nothing to do
    ACTOR_BUSY, // runs statements, or waits in one (its waiter tells)
    ACTOR_ENDED,
};

// Statements handed to an actor. Counted: the giver and the queue have a reference each.
struct job {
    atomic_int references;
    const struct program *program; // whose tree the block is of
    const struct node *node;       // the AT, or a whole program's block: what reports name
    const struct node *block;      // the statements to run
    uint32_t slots;                // variables of the actor once these statements are known
    bool watch_top;                // observe each statement at the top
    bool ordinary;                 // without the right to bind ports below 1024 (capabilities(7))
    struct handle *bound;          // what the actor's variable in slot `bound_slot` is to hold
    uint32_t bound_slot;           // afterwards, with a reference; NULL for none
    // Guarded by the lock of the actor that it is handed to.
    struct actor *giver;    // woken when it is done; NULL once nobody waits for it
    bool done, failed;      // it has ended, and with an error
    struct value last;      // what the last statement gave; the giver's once it is done
    struct note note;       // of its call; the same
    struct failure failure; // copied, when it failed
    struct job *next;       // queued behind this one
};

// What its variables held after its last statement at a prompt: actor/variables.h.
struct variables {
    struct variable *items;
    size_t count;
};

struct actor {
    struct shared shared; // first: a value refers to this
    struct session *session;
    char name[64];         // "main", "server", "tcplink.1"; cut where it does not fit
    struct interp interp;  // its execution; touched by its own thread alone
    struct waiter waiter;  // whom to wake when it sleeps
    pthread_t thread;      // not set for the actor that runs in the thread that made the session
    atomic_int kept;       // references that are no value's: the session's list, its thread
    atomic_bool has_ended; // state is ACTOR_ENDED, to be read without the lock
    atomic_bool resting;   // waits for others to rest, or for statements it gave: counts as at rest
    bool takes_statements; // @name works: not for what spawn made, nor from others for a script's
                           // main. Set before its thread starts
    struct lan_host *born; // where its maker was, and its thread therefore begins (net/lan.h)
    // Of its work, for its own thread alone: another one whenever statements come to it, or it has
    // given some. What follows such a moment follows all that others did before (actor/calls.h).
    unsigned phase;

    pthread_mutex_t lock; // guards what follows
    enum actor_state state;
    struct job *first, *last; // queued, not the one at work
    struct job *current;      // the one at work, or NULL
    size_t queued;            // from first to last
    struct joiner *joiners;   // woken when it has ended
    bool joined;              // somebody has taken the outcome, or it was reported
    bool failed;              // how a spawned one ended: with `failure`, else with `result`
    struct value result;
    struct failure failure;
    struct variables variables; // empty in a script

    // Of a spawned one, set before its thread starts.
    const struct definition *definition; // the function it runs; NULL for the others
    struct value *args;                  // copies, taken by the call
    size_t arg_count;

    struct actor *awaits; // whom it has given a statement, while it waits for it; actor_await_begin

    struct actor *next, *previous; // in session->actors; guarded by session->lock
    struct actor *next_zombie;     // in session->zombies; guarded by session->lock
    struct actor *next_ended;      // in session->first_ended; guarded by session->lock
};

// The actor that runs a script: no thread is made, actor_run() runs in the calling one.
struct actor *actor_new_main(struct session *session);

// The calling thread as an actor that nobody sees: it can wait for others and evaluate. Ended by
// actor_finish_here() in the same thread, before the session is finished. NULL without memory.
struct actor *actor_new_here(struct session *session, const char *name);
void actor_finish_here(struct actor *actor);

// The actor of that name with a thread of its own, made if there is none. With a reference for the
// caller; NULL with errno when no thread could be had.
struct actor *actor_named(struct session *session, struct str name);

// The actor of that name, with a reference for the caller, or NULL.
struct actor *actor_find(struct session *session, struct str name);

// Lets a reference go. The last one reports a failure that nobody has taken, and frees the actor.
void actor_release(struct actor *actor);

// An actor as a value, which takes over the caller's reference; and the actor of a value, borrowed.
struct value actor_value_take(struct actor *actor);
struct actor *actor_of_value(struct value value);

// Runs a program in the calling thread, as `actor`, which was made by actor_new_main(). False when
// it failed: actor->interp.failure.
bool actor_run(struct actor *actor, const struct program *program, bool watch_expectations);

// Hands over what `wanted` describes: all but its counts and what is guarded, apart from `giver`,
// is copied. The caller gets a reference of the job, to be let go with job_release().
struct job *actor_give(struct actor *actor, const struct job *wanted);

// Notes that `self` waits for a statement it gave to `other`, of which it has a reference, until
// actor_await_end(). False, with nothing noted, when `other` waits so for `self`, be it over others
// between them: it can run nothing before `self` goes on.
bool actor_await_begin(struct actor *self, struct actor *other);
void actor_await_end(struct actor *self);

// Lets a reference go; frees the job, and what it gave, with the last.
void job_release(struct job *job);

// Whether the actor has nothing to do, has ended, or waits in the kernel.
bool actor_is_at_rest(struct actor *actor);

// Brackets a wait for what others do (a loop over wait_pause()): meanwhile the actor counts as
// resting, and is woken whenever another one comes to rest.
void actor_rest_begin(struct actor *self);
void actor_rest_end(struct actor *self);

// Waits until every other actor is at rest, at most for `nanoseconds`. False when time was up or
// the caller was interrupted.
bool actor_await_rest(struct actor *self, int64_t nanoseconds);

// Waits until a spawned actor has ended and takes its outcome. 0, or an errno (EINTR, ECANCELED,
// ENOMEM, EDEADLK for oneself, EINVAL for one that was not spawned). On 0 either `*result` is owned
// by the caller or `*failed` is set and it is the error.
int actor_join(struct actor *self, struct actor *other, struct value *result, bool *failed);

// Ends its waiting call with EINTR. False when it does not wait.
bool actor_interrupt(struct actor *actor);

// Ends an actor as the end of its program would, and waits until it has ended: its calls are ended,
// its statements dropped. Handles are the caller's to close. For main that is the end of the run.
// 0, EINTR or ECANCELED (always for oneself).
int actor_kill(struct actor *self, struct actor *other);

// Appends the call it waits in and its handle, if that is one: "accept 3". False, with nothing
// appended, when it does not wait.
bool actor_show_call(struct actor *actor, struct buffer *to);

// What the actor does: appends "idle", "computing", "waiting in accept 3 for 12 s", "waiting for
// server" (behind an `@`), "ended: ECONNRESET: …", and how much is queued.
void actor_show_state(struct actor *actor, struct buffer *to);

// How many of the statements handed to it have not begun.
size_t actor_queued(struct actor *actor);

// The actor that a call belongs to, and its session.
struct actor *actor_of_call(const struct call *call);
struct session *session_of_call(const struct call *call);

// Writes to the session's sink in the actor's name.
void actor_write(struct actor *actor, enum stream stream, struct str text);

// Calls `visit` for each actor, oldest first, with the session's list locked.
void actors_each(struct session *session, void (*visit)(struct actor *actor, void *context),
                 void *context);

#endif
