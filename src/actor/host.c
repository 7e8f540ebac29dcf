// host: what the evaluator asks of actors: spawn, @, names, and telling the observer.

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "actor/calls.h"
#include "actor/thread.h"
#include "base/memory.h"
#include "base/message.h"

// Fails with an errno and a text of our own, in place of the errno's meaning.
static bool fail_in_words(struct interp *interp, const struct node *node, int number,
                          const char *text)
{
    return interp_fail_take(interp, node,
                            value_error(symbol_of(FAMILY_ERRNO, number), str_from(text)));
}

// EAGAIN of pthread_create(3) has nothing to do with sockets, which its meaning speaks of.
static bool no_thread(struct interp *interp, const struct node *node, int error)
{
    if (error == EAGAIN)
        return fail_in_words(interp, node, error,
                             _("the system gives no more threads (ulimit -u, or memory)"));
    return interp_fail_errno(interp, node, error);
}

// --- spawn ---------------------------------------------------------------------------------------

// The next number of actors that run this function: 1, 2 … Under session->lock.
static unsigned next_number(struct session *session, struct str function)
{
    uint32_t index = names_add(&session->spawned_names, function);
    if (index >= session->spawned_capacity || session->spawned_counts == NULL) {
        size_t before = session->spawned_capacity;
        session->spawned_counts =
            mem_grow(session->spawned_counts, before, &session->spawned_capacity,
                     sizeof *session->spawned_counts);
        memset(session->spawned_counts + before, 0,
               (session->spawned_capacity - before) * sizeof *session->spawned_counts);
    }
    return ++session->spawned_counts[index];
}

// Copies, since reference counts are not atomic: both actors would change the same one. False
// without memory; what was copied so far is the actor's to free.
static bool copy_args(struct actor *actor, const struct value *args, size_t count)
{
    actor->args = mem_zero((count + 1) * sizeof *args);
    for (; actor->arg_count < count; actor->arg_count++) {
        actor->args[actor->arg_count] = value_copy(args[actor->arg_count]);
        if (actor->args[actor->arg_count].type == TYPE_UNSET)
            return false;
    }
    return true;
}

// An actor to run `definition`, named FUNCTION.NUMBER; a long name is cut in the function's part,
// so that the number stays. NULL without memory.
static struct actor *spawned(struct session *session, const struct definition *definition)
{
    char name[sizeof((struct actor *)0)->name];
    pthread_mutex_lock(&session->lock);
    unsigned number = next_number(session, definition->name);
    pthread_mutex_unlock(&session->lock);
    snprintf(name, sizeof name, "%.*s.%u",
             (int)(definition->name.size < 48 ? definition->name.size : 48), definition->name.data,
             number);
    struct actor *actor = thread_actor(session, name);
    if (actor != NULL) {
        actor->definition = definition;
        actor->state = ACTOR_BUSY;
    }
    return actor;
}

// Makes the actor, lists it and starts its thread, or gives the failure of that. References: the
// list's, the thread's (thread_start), and the value's, which the caller owns.
static bool host_spawn(struct interp *interp, const struct node *node,
                       const struct definition *definition, const struct value *args, size_t count,
                       struct value *value)
{
    struct actor *self = interp->owner;
    struct session *session = self->session;
    thread_reap(session);
    struct actor *actor = spawned(session, definition);
    if (actor == NULL || !copy_args(actor, args, count)) {
        if (actor != NULL)
            actor_release(actor);
        return no_thread(interp, node, ENOMEM);
    }
    actor->interp.watch_expectations = interp->watch_expectations;
    atomic_fetch_add(&actor->shared.references, 1); // the value's
    pthread_mutex_lock(&session->lock);
    thread_list(actor);
    int error = atomic_load(&session->ending) ? ECANCELED : thread_start(actor);
    if (error != 0)
        thread_unlist(actor);
    pthread_mutex_unlock(&session->lock);
    if (error != 0) {
        actor_release(actor);
        actor_release(actor);
        return no_thread(interp, node, error);
    }
    *value = actor_value_take(actor);
    return true;
}

// --- @ -------------------------------------------------------------------------------------------

// Whether the job is done, or cannot go on for now; under no lock.
static bool done_or_waiting(struct actor *actor, const struct job *job, bool *done)
{
    pthread_mutex_lock(&actor->lock);
    *done = job->done;
    pthread_mutex_unlock(&actor->lock);
    return *done || wait_is_waiting(&actor->waiter);
}

// Sleeps until then. 0, or why not: EINTR, ECANCELED.
static int await_job(struct actor *self, struct actor *actor, const struct job *job, bool *done)
{
    int stop = 0;
    actor_rest_begin(self);
    while (!done_or_waiting(actor, job, done) && stop == 0)
        stop = wait_pause(&self->waiter, NULL);
    actor_rest_end(self);
    return *done ? 0 : stop;
}

// The giver no longer waits: what comes is reported. Whether the job had ended meanwhile.
static bool leave_job(struct actor *actor, struct job *job)
{
    pthread_mutex_lock(&actor->lock);
    job->giver = NULL;
    bool done = job->done;
    pthread_mutex_unlock(&actor->lock);
    return done;
}

// What the job gave goes to the giver: its value, or its error at its own place.
static bool take_outcome(struct interp *interp, struct job *job, struct value *last)
{
    if (!job->failed) {
        *last = job->last;
        job->last = VALUE_UNSET;
        buffer_finish(&interp->note.text);
        interp->note = job->note;
        job->note = (struct note){0};
        return true;
    }
    interp_clear_failure(interp);
    interp->failure = job->failure;
    job->failure.error = VALUE_UNSET;
    if (interp->failure.error.type != TYPE_UNSET)
        return false;
    char text[200]; // the actor ended first
    snprintf(text, sizeof text, _("%.*s was ended before it had done this"),
             STR_ARG(job->node->at.name));
    return fail_in_words(interp, job->node, ECANCELED, text);
}

// The giver was interrupted, or ended, while it waited for what it had given.
static bool fail_given(struct interp *interp, const struct node *node, int error)
{
    char text[200];
    snprintf(text, sizeof text, _("the wait for %.*s was ended; what it was given goes on"),
             STR_ARG(node->at.name));
    return fail_in_words(interp, node, error, text);
}

// Hands the block to the actor and waits until it is done or waiting itself. `@` of oneself runs in
// place: nobody else could ever run it.
static bool host_at(struct interp *interp, const struct node *node, struct value *last)
{
    struct actor *self = interp->owner;
    if (str_is(node->at.name, self->name))
        return interp_run_inside(interp, node->at.block, last);
    struct actor *actor = actor_named(self->session, node->at.name);
    if (actor == NULL)
        return no_thread(interp, node, errno);
    if (!actor->takes_statements) {
        interp_fail(interp, node,
                    actor->definition ? _("%s runs a function and takes no statements")
                                      : _("%s runs the script and takes no statements of others"),
                    actor->name);
        actor_release(actor);
        return false;
    }
    // Before it can give back: whoever closes the circle goes on.
    bool may_wait = actor_await_begin(self, actor);
    struct job *job = actor_give(actor, &(struct job){.program = interp->program,
                                                      .node = node,
                                                      .block = node->at.block,
                                                      .slots = node->at.slots,
                                                      .giver = self});
    bool done = false, good = true;
    int stop = may_wait ? await_job(self, actor, job, &done) : 0;
    actor_await_end(self);
    self->phase++;
    done = leave_job(actor, job) || done;
    if (done)
        good = take_outcome(interp, job, last);
    else if (stop != 0)
        good = fail_given(interp, node, stop);
    else
        interp->left_waiting = job->node;
    job_release(job);
    actor_release(actor);
    // The giver was ended while it waited: no `try` of its own may take that error.
    if (!good && waiter_must_unwind(interp->waiter))
        interp->unwinding = true;
    return good;
}

// The actor's value takes over the reference that finding it gave.
static bool host_actor(struct interp *interp, struct str name, struct value *value)
{
    struct actor *self = interp->owner;
    struct actor *actor = actor_find(self->session, name);
    if (actor == NULL)
        return false;
    *value = actor_value_take(actor);
    return true;
}

// --- telling -------------------------------------------------------------------------------------

static void host_begins(struct interp *interp, const struct node *node)
{
    struct actor *self = interp->owner;
    const struct observer *observer = &self->session->observer;
    if (observer->begins != NULL)
        observer->begins(observer->context, self, node);
}

// Kept for `explain` without a name, which speaks of the last error.
static void note_error(struct session *session, struct value error)
{
    struct value copy = value_copy(error);
    pthread_mutex_lock(&session->lock);
    struct value old = session->last_error;
    session->last_error = copy;
    pthread_mutex_unlock(&session->lock);
    value_release(old);
}

// Explained only where somebody will read it: a script may take a hundred thousand EAGAINs in a
// row.
static void host_failed(const struct call *call, bool taken)
{
    struct session *session = session_of_call(call);
    if (!taken && session->explain != NULL)
        session->explain(call);
    note_error(session, call->error);
}

// Without an observer nothing is taken away: a failure goes on as it would.
static bool host_ended(struct interp *interp, const struct node *node, struct value value,
                       bool failed)
{
    struct actor *self = interp->owner;
    const struct observer *observer = &self->session->observer;
    if (failed)
        note_error(self->session, interp->failure.error);
    return observer->ended != NULL && observer->ended(observer->context, self, node, value, failed);
}

// Says, once in a row, that an actor uses a handle that another one opened: it may, as programs
// that inherit a descriptor do.
static void tell_of_opener(const struct actor *self, struct value value, struct buffer *to)
{
    if (value.type != TYPE_HANDLE || !value.handle->is_socket ||
        strcmp(value.handle->opener, self->name) == 0 || handle_is_dead(value.handle) ||
        atomic_exchange(&value.handle->told, self) == self)
        return;
    buffer_add_char(to, '\n'); // behind the call
    buffer_print(to, _("%d was opened by %s"), value.handle->fd, value.handle->opener);
}

// For --trace and `trace`. Written in one piece, so that lines of two actors never mix.
static void host_called(const struct call *call, bool good)
{
    struct actor *self = actor_of_call(call);
    struct session *session = self->session;
    if (session->show_call == NULL)
        return;
    struct buffer text = {0};
    session->show_call(call, good, (enum trace)atomic_load(&session->trace), &text);
    for (size_t i = 0; text.size > 0 && i < call->count; i++)
        tell_of_opener(self, call->args[i], &text);
    actor_write(self, STREAM_TRACE, buffer_str(&text));
    buffer_finish(&text);
}

const struct host actor_host = {
    .spawn = host_spawn,
    .at = host_at,
    .actor = host_actor,
    .ended = host_ended,
    .called = host_called,
    .failed = host_failed,
    .begins = host_begins,
    .notes = &calls_are_kept,
    .call_begins = calls_begin,
    .call_ends = calls_end,
};
