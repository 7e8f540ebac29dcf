// eval: one line of execution walking a tree.
//
// Values of variables and arguments stand on a stack that belongs to the line of execution; a frame
// is where its variables begin. An evaluator shares nothing that changes with another one: trees
// are read-only, literals immortal, functions atomic.

#ifndef SOCKSH_LANG_EVAL_H
#define SOCKSH_LANG_EVAL_H

#include "lang/program.h"
#include "net/wait.h"

struct interp;

// What lang/ cannot do itself: other lines of execution. Each gives false with
// interp_fail() called.
struct host {
    // `spawn f …`: runs the definition with copies of `args` elsewhere; `*actor` is owned by the
    // caller.
    bool (*spawn)(struct interp *interp, const struct node *node,
                  const struct definition *definition, const struct value *args, size_t count,
                  struct value *actor);
    // `@name …`: hands the block over, and returns when it is done or waiting. `*last` is what
    // its last statement gave.
    bool (*at)(struct interp *interp, const struct node *node, struct value *last);
    // The actor of that name, owned by the caller.
    bool (*actor)(struct interp *interp, struct str name, struct value *actor);
    // A statement with an expectation, or one at the top when interp->watch_top, has ended. `value`
    // is what it gave (a list of what was assigned, TYPE_UNSET for nothing); `failed` means that
    // interp->failure says why. Returns whether to go on: true takes a failure away.
    bool (*ended)(struct interp *interp, const struct node *node, struct value value, bool failed);
    // A command has run, and *interp->traces is set: its call is to be shown.
    void (*called)(const struct call *call, bool good);
    // A statement that `ended` will hear of is about to begin.
    void (*begins)(struct interp *interp, const struct node *node);
    // A command has failed, with call->error set. `taken`: a `try` or an expectation around it
    // takes the error.
    void (*failed)(const struct call *call, bool taken);
    // Where `*notes` is set (NULL: never), each command is noted as it begins, which gives a number
    // or 0, and as it ends.
    const atomic_bool *notes;
    uint64_t (*call_begins)(const struct call *call);
    void (*call_ends)(const struct call *call, uint64_t number, bool good);
};

// Why the statement at hand failed, and where.
struct failure {
    struct value error;            // TYPE_ERROR, or TYPE_UNSET while nothing failed; owned
    struct range range;            // of the node that failed
    const struct program *program; // whose source the range is of
};

// Whether its error was raised where it failed, and not elsewhere before: in an actor that was
// joined, or in a `try` whose error is raised again.
bool failure_is_first(const struct failure *failure);

// What a call at the top of a block has come to, in a few words for a person at a prompt.
struct note {
    const struct node *node; // the call; NULL while there is nothing to say
    struct buffer text;      // one line without its end
};

struct interp {
    const struct host *host;  // other lines of execution
    struct waiter *waiter;    // of the actor that this is the execution of
    void *owner;              // the actor
    const atomic_int *traces; // whether calls are to be shown
    // At a prompt, what runs a command in place of its row's run(), and leaves a note; else NULL.
    bool (*run)(struct call *call);
    struct note note; // of the last call at the top

    // Variables of the actor from 0 on, then those of functions and arguments of calls at hand.
    struct value *stack;
    size_t top;      // values on it
    size_t capacity; // values that there is room for
    size_t base;     // where the variables of the function or actor at hand begin

    const struct program *program; // whose tree is being walked
    struct failure failure;        // of the statement that failed last
    bool unwinding;                // the failure is to pass every `try`
    bool watch_top;                // tell host->ended of every statement at the top
    bool watch_expectations;       // tell it of those with expectations
    bool keep_last;                // keep what the last statement at the top gives, in …
    struct value last;             // … this; owned until it is taken
    // The last AT whose statements were not done when it went on; the observer clears it.
    const struct node *left_waiting;
    unsigned level;          // of blocks around the statement at hand
    unsigned takers;         // how many `try` and expectations around it would take its error
    const char *stack_floor; // the C stack must not grow below this address
    struct value returned;   // on the way out of a function
};

// Sets it up. All of `host`, `waiter`, `owner` and `traces` must outlive it.
void interp_init(struct interp *interp, const struct host *host, struct waiter *waiter, void *owner,
                 const atomic_int *traces);

// Says how much of the C stack of the calling thread may be used from here on, in octets; what is
// beyond is kept for system calls and libraries. Called by the thread that runs.
void interp_set_stack(struct interp *interp, size_t room);

// Lets all its values go.
void interp_finish(struct interp *interp);

// Gives an actor its first variable, `args`. Once, before anything runs.
void interp_begin_take(struct interp *interp, struct value args);

// Runs the statements of `block` with the actor's variables, of which there are `slots`. False when
// one failed: interp->failure.
bool interp_run(struct interp *interp, const struct program *program, const struct node *block,
                uint32_t slots);

// Calls a function with `count` arguments, which are taken, as the whole of what this
// line of execution does.
bool interp_call(struct interp *interp, const struct definition *definition, struct value *args,
                 size_t count, struct value *result);

// Runs the statements of `block` in the middle of a statement, with the actor's own
// variables: @ of oneself.
bool interp_run_inside(struct interp *interp, const struct node *block, struct value *last);

// Runs one statement once more and keeps what it gives: for whoever asks again until it holds.
// False when it failed.
bool interp_repeat(struct interp *interp, const struct node *node, struct value *kept);

// Sets the failure to an error at `node`, taken, and returns false.
bool interp_fail_take(struct interp *interp, const struct node *node, struct value error);

// The same with a text of socksh's own.
__attribute__((format(printf, 3, 4))) bool
interp_fail(struct interp *interp, const struct node *node, const char *format, ...);

// The same with an errno and its meaning.
bool interp_fail_errno(struct interp *interp, const struct node *node, int number);

// Forgets the failure: somebody has taken it.
void interp_clear_failure(struct interp *interp);

// The variable in the actor's own frame; a borrowed place that is valid until the next run.
struct value *interp_variable(struct interp *interp, uint32_t slot);

#endif
