// actor: finding and making actors, handing statements over, and waiting for what others do.

#include "actor/actor.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "actor/thread.h"
#include "base/memory.h"
#include "base/message.h"

// Of the eight MiB that a process's first thread usually has (getrlimit(2), RLIMIT_STACK): half is
// left for what runs beside the evaluator.
enum { MAIN_STACK_ROOM = 4 * 1024 * 1024 };

// --- finding and making --------------------------------------------------------------------------

void actor_release(struct actor *actor)
{
    value_release((struct value){.type = TYPE_ACTOR, .shared = &actor->shared});
}

struct value actor_value_take(struct actor *actor)
{
    return (struct value){.type = TYPE_ACTOR, .shared = &actor->shared};
}

struct actor *actor_of_value(struct value value)
{
    return (struct actor *)value.shared;
}

struct actor *actor_of_call(const struct call *call)
{
    return call->interp->owner;
}

struct session *session_of_call(const struct call *call)
{
    return actor_of_call(call)->session;
}

void actor_write(struct actor *actor, enum stream stream, struct str text)
{
    session_write(actor->session, stream, actor, text);
}

void actors_each(struct session *session, void (*visit)(struct actor *actor, void *context),
                 void *context)
{
    pthread_mutex_lock(&session->lock);
    for (struct actor *actor = session->actors; actor != NULL; actor = actor->next)
        visit(actor, context);
    pthread_mutex_unlock(&session->lock);
}

// The newest of that name, with a reference. Under session->lock.
static struct actor *find_locked(struct session *session, struct str name)
{
    for (struct actor *actor = session->last_actor; actor != NULL; actor = actor->previous) {
        if (str_is(name, actor->name)) {
            atomic_fetch_add(&actor->shared.references, 1);
            return actor;
        }
    }
    return NULL;
}

struct actor *actor_find(struct session *session, struct str name)
{
    pthread_mutex_lock(&session->lock);
    struct actor *actor = find_locked(session, name);
    pthread_mutex_unlock(&session->lock);
    return actor;
}

struct actor *actor_new_here(struct session *session, const char *name)
{
    struct actor *actor = thread_actor(session, name);
    if (actor == NULL)
        return NULL;
    actor->state = ACTOR_BUSY;
    interp_set_stack(&actor->interp, MAIN_STACK_ROOM);
    interp_begin_take(&actor->interp, value_retain(session->args));
    wait_register(&actor->waiter);
    return actor;
}

void actor_finish_here(struct actor *actor)
{
    interp_finish(&actor->interp);
    wait_unregister(&actor->waiter);
    actor_release(actor);
}

struct actor *actor_new_main(struct session *session)
{
    struct actor *actor = actor_new_here(session, "main");
    if (actor == NULL)
        return NULL;
    pthread_mutex_lock(&session->lock);
    thread_list(actor);
    pthread_mutex_unlock(&session->lock);
    return actor;
}

// Lists and starts a new actor. Under session->lock. With a reference for the caller, or NULL with
// errno.
static struct actor *start_locked(struct session *session, struct actor *actor)
{
    if (actor == NULL) {
        errno = ENOMEM;
        return NULL;
    }
    actor->takes_statements = true;
    thread_list(actor);
    atomic_fetch_add(&actor->shared.references, 1);
    int error = atomic_load(&session->ending) ? ECANCELED : thread_start(actor);
    if (error == 0)
        return actor;
    thread_unlist(actor);
    actor_release(actor);
    actor_release(actor);
    errno = error;
    return NULL;
}

struct actor *actor_named(struct session *session, struct str name)
{
    char text[sizeof((struct actor *)0)->name];
    snprintf(text, sizeof text, "%.*s", STR_ARG(name));
    pthread_mutex_lock(&session->lock);
    struct actor *actor = find_locked(session, str_from(text));
    // Killed: a new one has its name. What spawn made is found even then, and refused by `@`.
    if (actor != NULL && actor->takes_statements && atomic_load(&actor->has_ended)) {
        actor_release(actor);
        actor = NULL;
    }
    if (actor == NULL)
        actor = start_locked(session, thread_actor(session, text));
    int error = errno;
    pthread_mutex_unlock(&session->lock);
    errno = error;
    return actor;
}

bool actor_run(struct actor *actor, const struct program *program, bool watch_expectations)
{
    actor->interp.watch_expectations = watch_expectations;
    return interp_run(&actor->interp, program, program->block, program->slots);
}

// --- handing over --------------------------------------------------------------------------------

void job_release(struct job *job)
{
    if (atomic_fetch_sub(&job->references, 1) > 1)
        return;
    value_release(job->last);
    value_release(job->failure.error);
    if (job->bound != NULL)
        handle_release(job->bound);
    buffer_finish(&job->note.text);
    free(job);
}

// Under actor->lock, as the next.
static void queue_locked(struct actor *actor, struct job *job)
{
    if (actor->last != NULL)
        actor->last->next = job;
    else
        actor->first = job;
    actor->last = job;
    actor->queued++;
    if (actor->state == ACTOR_IDLE)
        actor->state = ACTOR_BUSY; // it is no longer at rest, even before its thread runs
    wait_wake(&actor->waiter);
}

// An actor that has ended runs nothing any more.
static void refuse_locked(struct job *job)
{
    job->done = job->failed = true;
    job_release(job);
}

struct job *actor_give(struct actor *actor, const struct job *wanted)
{
    struct job *job = mem_zero(sizeof *job);
    *job = *wanted;
    atomic_init(&job->references, 2);
    pthread_mutex_lock(&actor->lock);
    if (actor->state == ACTOR_ENDED)
        refuse_locked(job);
    else
        queue_locked(actor, job);
    pthread_mutex_unlock(&actor->lock);
    return job;
}

// --- giving and waiting --------------------------------------------------------------------------

static pthread_mutex_t awaits_lock = PTHREAD_MUTEX_INITIALIZER; // guards every actor->awaits

bool actor_await_begin(struct actor *self, struct actor *other)
{
    pthread_mutex_lock(&awaits_lock);
    // There is no circle yet, so that this ends.
    const struct actor *last = other;
    while (last != self && last->awaits != NULL)
        last = last->awaits;
    if (last != self)
        self->awaits = other;
    pthread_mutex_unlock(&awaits_lock);
    return last != self;
}

void actor_await_end(struct actor *self)
{
    pthread_mutex_lock(&awaits_lock);
    self->awaits = NULL;
    pthread_mutex_unlock(&awaits_lock);
}

// --- rest ----------------------------------------------------------------------------------------

bool actor_is_at_rest(struct actor *actor)
{
    pthread_mutex_lock(&actor->lock);
    enum actor_state state = actor->state;
    pthread_mutex_unlock(&actor->lock);
    return state != ACTOR_BUSY || atomic_load(&actor->resting) || wait_is_at_rest(&actor->waiter);
}

void actor_rest_begin(struct actor *self)
{
    wait_watch_rest(&self->waiter, true);
    atomic_store(&self->resting, true);
    wait_notify_rest();
}

void actor_rest_end(struct actor *self)
{
    atomic_store(&self->resting, false);
    wait_watch_rest(&self->waiter, false);
}

// Context of look_for_rest().
struct rest {
    const struct actor *self;
    bool all;
};

// Called under session->lock for each actor; who asks is not counted.
static void look_for_rest(struct actor *actor, void *context)
{
    struct rest *rest = context;
    if (rest->all && actor != rest->self)
        rest->all = actor_is_at_rest(actor);
}

bool actor_await_rest(struct actor *self, int64_t nanoseconds)
{
    struct timespec deadline = wait_deadline(nanoseconds);
    struct rest rest;
    int stop = 0;
    // First the watch, then the look: whoever comes to rest between the two has sent a wake-up.
    actor_rest_begin(self);
    for (;;) {
        rest = (struct rest){self, true};
        actors_each(self->session, look_for_rest, &rest);
        if (rest.all || stop != 0)
            break;
        stop = wait_pause(&self->waiter, &deadline);
    }
    actor_rest_end(self);
    return rest.all;
}

// --- joining -------------------------------------------------------------------------------------

// Under the lock of `other`. The joiner is in the list: it leaves once, here.
static void leave_joiners(struct actor *other, struct joiner *joiner)
{
    struct joiner **link = &other->joiners;
    while (*link != joiner)
        link = &(*link)->next;
    *link = joiner->next;
}

// Waits, as the call of that name, until `other` has ended. 0, EINTR or ECANCELED.
static int await_end(struct actor *self, struct actor *other, const char *call)
{
    struct joiner joiner = {.waiter = &self->waiter};
    pthread_mutex_lock(&other->lock);
    joiner.next = other->joiners;
    other->joiners = &joiner;
    pthread_mutex_unlock(&other->lock);
    int stop = wait_until(&self->waiter, call, &other->has_ended);
    pthread_mutex_lock(&other->lock);
    leave_joiners(other, &joiner);
    pthread_mutex_unlock(&other->lock);
    return stop;
}

int actor_join(struct actor *self, struct actor *other, struct value *result, bool *failed)
{
    if (other == self)
        return EDEADLK;
    if (other->definition == NULL)
        return EINVAL;
    int stop = await_end(self, other, "join");
    pthread_mutex_lock(&other->lock);
    // Even when the wait was ended at the same moment: the outcome is there, and is given.
    if (other->state == ACTOR_ENDED && !atomic_load(&self->waiter.ended)) {
        struct value outcome = other->failed ? other->failure.error : other->result;
        *result = value_copy(outcome);
        stop = result->type == TYPE_UNSET && outcome.type != TYPE_UNSET ? ENOMEM : 0;
        *failed = other->failed && stop == 0;
        if (*failed && failure_is_first(&other->failure))
            value_name_raiser(*result, other->name);
        other->joined = other->joined || stop == 0;
    } else if (stop == 0) {
        stop = ECANCELED; // the joined actor has ended the whole run
    }
    pthread_mutex_unlock(&other->lock);
    return stop;
}

// --- ending others -------------------------------------------------------------------------------

bool actor_interrupt(struct actor *actor)
{
    return wait_is_waiting(&actor->waiter) && wait_interrupt(&actor->waiter);
}

int actor_kill(struct actor *self, struct actor *other)
{
    struct session *session = self->session;
    if (strcmp(other->name, "main") == 0) {
        session_quit(session, 0);
        return ECANCELED;
    }
    thread_end(other);
    return other == self ? ECANCELED : await_end(self, other, "kill");
}

// --- saying what an actor does -------------------------------------------------------------------

// Appends the call and its handle, and tells since when. Takes the waiter's lock, under which what
// the mark points to stays. False when it does not wait.
static bool show_call(struct waiter *waiter, struct buffer *to, struct timespec *since)
{
    pthread_mutex_lock(&waiter->lock);
    const struct wait_mark *mark = &waiter->mark;
    bool marked = waiter->marked;
    if (marked) {
        buffer_add_text(to, mark->call);
        if (mark->handles != NULL && mark->count == 1)
            buffer_print(to, " %d", mark->handles[0]->fd);
        *since = mark->since;
    }
    pthread_mutex_unlock(&waiter->lock);
    return marked;
}

bool actor_show_call(struct actor *actor, struct buffer *to)
{
    struct timespec since;
    return show_call(&actor->waiter, to, &since);
}

// Appends for whose statement it waits, or that it computes.
static void show_work(const struct actor *actor, struct buffer *to)
{
    pthread_mutex_lock(&awaits_lock);
    if (actor->awaits != NULL)
        buffer_print(to, _("waiting for %s"), actor->awaits->name);
    else
        buffer_add_text(to, _("computing"));
    pthread_mutex_unlock(&awaits_lock);
}

// What a busy actor is busy with.
static void show_wait(struct actor *actor, struct buffer *to)
{
    struct timespec now, since;
    struct buffer call = {0};
    if (show_call(&actor->waiter, &call, &since)) {
        clock_gettime(CLOCK_MONOTONIC, &now);
        long long passed = (now.tv_sec - since.tv_sec) * 1000000000LL + now.tv_nsec - since.tv_nsec;
        buffer_print(to, _("waiting in %s for %lld s"), buffer_text(&call),
                     (passed + 500000000) / 1000000000); // the nearest second
    } else {
        show_work(actor, to);
    }
    buffer_finish(&call);
}

size_t actor_queued(struct actor *actor)
{
    pthread_mutex_lock(&actor->lock);
    size_t queued = actor->queued;
    pthread_mutex_unlock(&actor->lock);
    return queued;
}

void actor_show_state(struct actor *actor, struct buffer *to)
{
    pthread_mutex_lock(&actor->lock);
    enum actor_state state = actor->state;
    size_t queued = actor->queued;
    if (state == ACTOR_ENDED && actor->failed) {
        buffer_add_text(to, _("ended: "));
        value_show(actor->failure.error, to);
    } else if (state == ACTOR_ENDED) {
        buffer_add_text(to, _("ended"));
    } else if (state == ACTOR_IDLE) {
        buffer_add_text(to, _("idle"));
    }
    pthread_mutex_unlock(&actor->lock);
    if (state == ACTOR_BUSY)
        show_wait(actor, to);
    if (queued > 0)
        buffer_print(to, _(", %zu queued"), queued);
}
