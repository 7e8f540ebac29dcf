// thread: making, running, ending and joining the threads of actors.

#include "actor/thread.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "actor/report.h"
#include "actor/variables.h"
#include "base/memory.h"
#include "net/confine.h"
#include "net/lan.h"
#include "net/network.h"

enum {
    STACK_SIZE = 1024 * 1024,            // address space, not memory: only what is touched is taken
    STACK_ROOM = STACK_SIZE - 96 * 1024, // the rest is for libc, and for a signal's frame
    CONFINED_MOST = 256, // threads of a lesson; their stacks alone are a quarter of its memory
    ENDED_KEPT = 32,     // actors that ended and that nobody holds, still found by name
};

// --- the list ------------------------------------------------------------------------------------

void thread_list(struct actor *actor)
{
    atomic_fetch_add(&actor->kept, 1);
    actor->next = NULL;
    actor->previous = actor->session->last_actor;
    if (actor->previous != NULL)
        actor->previous->next = actor;
    else
        actor->session->actors = actor;
    actor->session->last_actor = actor;
}

void thread_unlist(struct actor *actor)
{
    struct session *session = actor->session;
    atomic_fetch_sub(&actor->kept, 1);
    if (actor->previous != NULL)
        actor->previous->next = actor->next;
    else
        session->actors = actor->next;
    if (actor->next != NULL)
        actor->next->previous = actor->previous;
    else
        session->last_actor = actor->previous;
}

// --- an actor ------------------------------------------------------------------------------------

// What a value of TYPE_ACTOR needs of an actor (struct shared in lang/value.h).
static const char *shared_name(const struct shared *shared)
{
    return ((const struct actor *)shared)->name;
}

// With the last value goes the chance to join, but by name: a failure is told then, and not when
// the session forgets the actor. Where expectations are compared, a name may well follow.
static void shared_let_go(struct shared *shared)
{
    struct actor *actor = (struct actor *)shared;
    const struct session *session = actor->session;
    if (session->observer.ended != NULL && session->wake == NULL)
        return;
    if (atomic_load(&actor->has_ended) &&
        atomic_load(&shared->references) - atomic_load(&actor->kept) == 1)
        thread_report_unjoined(actor);
}

// The last reference is gone: its thread was joined before, or never started.
static void shared_destroy(struct shared *shared)
{
    struct actor *actor = (struct actor *)shared;
    thread_report_unjoined(actor);
    value_release(actor->result);
    value_release(actor->failure.error);
    for (size_t i = 0; i < actor->arg_count; i++)
        value_release(actor->args[i]);
    free(actor->args);
    variables_forget(actor);
    pthread_mutex_destroy(&actor->lock);
    pthread_mutex_destroy(&actor->waiter.lock);
    free(actor);
}

struct actor *thread_actor(struct session *session, const char *name)
{
    // Not mem_zero(): a script decides how many there are.
    struct actor *actor = calloc(1, sizeof *actor);
    if (actor == NULL)
        return NULL;
    atomic_init(&actor->shared.references, 1);
    actor->shared.let_go = shared_let_go;
    actor->shared.destroy = shared_destroy;
    actor->shared.name = shared_name;
    actor->session = session;
    strncpy(actor->name, name, sizeof actor->name - 1);
    pthread_mutex_init(&actor->lock, NULL);
    pthread_mutex_init(&actor->waiter.lock, NULL);
    interp_init(&actor->interp, &actor_host, &actor->waiter, actor, &session->trace);
    actor->interp.run = session->run_call;
    return actor;
}

// --- running -------------------------------------------------------------------------------------

// The whole life of what spawn made: one call, whose outcome waits for a joiner. An actor that was
// killed has not failed, it has no outcome at all.
static void run_spawned(struct actor *actor)
{
    struct value result = VALUE_NONE;
    struct value *args = actor->args;
    size_t count = actor->arg_count;
    actor->args = NULL;
    actor->arg_count = 0;
    bool good = interp_call(&actor->interp, actor->definition, args, count, &result);
    free(args);
    pthread_mutex_lock(&actor->lock);
    actor->result = good ? result : VALUE_UNSET;
    actor->failed = !good && !atomic_load(&actor->waiter.ended);
    // The error moves: its owner is the actor from now on, and no longer its execution.
    if (actor->failed) {
        actor->failure = actor->interp.failure;
        actor->interp.failure.error = VALUE_UNSET;
    }
    pthread_mutex_unlock(&actor->lock);
}

// Takes the next job, or sleeps until there is one. NULL when the actor is to end.
static struct job *next_job(struct actor *actor)
{
    struct job *job = NULL;
    while (!atomic_load(&actor->waiter.ended)) {
        pthread_mutex_lock(&actor->lock);
        job = actor->first;
        if (job != NULL) {
            actor->first = job->next;
            actor->last = actor->first ? actor->last : NULL;
            actor->queued--;
            actor->current = job;
            actor->phase++;
        }
        actor->state = job ? ACTOR_BUSY : ACTOR_IDLE;
        pthread_mutex_unlock(&actor->lock);
        if (job != NULL)
            return job;
        wait_notify_rest();
        wait_sleep(&actor->waiter);
    }
    return NULL;
}

// Puts the handle into its variable, which the job's program has made.
static void bind_variable(struct interp *interp, const struct job *job)
{
    struct value *variable = interp_variable(interp, job->bound_slot);
    value_release(*variable);
    handle_retain(job->bound);
    *variable = value_handle_take(job->bound);
}

// Whether a prompt waits for the job of an actor that has ended. With the whole run it does not.
static bool is_awaited(const struct actor *actor, const struct job *job)
{
    return job->watch_top && job->giver == NULL && !atomic_load(&actor->session->quitting) &&
           !atomic_load(&actor->session->ending);
}

// Runs one job and hands its outcome to the giver, or reports it when the giver has gone on.
static void run_job(struct actor *actor, struct job *job)
{
    struct interp *interp = &actor->interp;
    atomic_store(&actor->waiter.abandoned, false);
    interp->watch_top = job->watch_top;
    interp->keep_last = true;
    if (job->ordinary)
        network_drop_bind();
    bool good = lan_enter(lan_find(str_from(actor->name)))
                    ? interp_run(interp, job->program, job->block, job->slots)
                    : interp_fail_errno(interp, job->node, errno);
    if (job->ordinary)
        network_restore_bind();
    interp->keep_last = false;
    if (good && job->bound != NULL)
        bind_variable(interp, job);
    // Before the giver goes on: its next statement may ask what this actor's variables hold.
    if (actor->session->notes_variables)
        variables_note(actor);
    pthread_mutex_lock(&actor->lock);
    bool ended = interp->unwinding && atomic_load(&actor->waiter.ended);
    job->failed = !good;
    job->last = interp->last;
    interp->last = VALUE_UNSET;
    job->note = interp->note;
    interp->note = (struct note){0};
    if (!good) {
        job->failure = interp->failure;
        interp->failure.error = VALUE_UNSET;
    }
    actor->current = NULL;
    struct actor *giver = job->giver;
    job->done = true;
    if (giver != NULL)
        wait_wake(&giver->waiter);
    bool told = ended ? is_awaited(actor, job) : giver == NULL;
    pthread_mutex_unlock(&actor->lock);
    if (told)
        report_job(actor, job);
    job_release(job);
}

// --- ending --------------------------------------------------------------------------------------

void thread_report_unjoined(struct actor *actor)
{
    pthread_mutex_lock(&actor->lock);
    bool untold = actor->failed && !actor->joined;
    actor->joined = true;
    pthread_mutex_unlock(&actor->lock);
    if (untold)
        report_failure(actor, &actor->failure);
}

// Keeps the actors that ended last, at most ENDED_KEPT, for whoever asks for them by name. A chain
// of their own: thousands may be alive. Under session->lock; gives the one to be let go, or NULL.
static struct actor *keep_ended(struct session *session, struct actor *actor)
{
    struct actor *oldest = session->first_ended;
    if (oldest != NULL)
        session->last_ended->next_ended = actor;
    else
        session->first_ended = actor;
    session->last_ended = actor;
    if (session->ended_kept < ENDED_KEPT) {
        session->ended_kept++;
        return NULL;
    }
    session->first_ended = oldest->next_ended;
    thread_unlist(oldest);
    return oldest;
}

// What was queued behind the statement that ended the actor fails, without an error of its own. The
// state is ACTOR_ENDED: nobody queues any more.
static void drop_jobs(struct actor *actor)
{
    pthread_mutex_lock(&actor->lock); // somebody may just count them
    struct job *job = actor->first;
    actor->first = actor->last = NULL;
    actor->queued = 0;
    pthread_mutex_unlock(&actor->lock);
    while (job != NULL) {
        struct job *next = job->next;
        pthread_mutex_lock(&actor->lock);
        job->done = job->failed = true;
        if (job->giver != NULL)
            wait_wake(&job->giver->waiter);
        pthread_mutex_unlock(&actor->lock);
        if (is_awaited(actor, job))
            report_job(actor, job);
        job_release(job);
        job = next;
    }
}

// The last thing an actor's thread does. Whoever waits for it is woken; its thread waits to be
// joined.
static void end_thread(struct actor *actor)
{
    struct session *session = actor->session;
    interp_finish(&actor->interp);
    wait_unregister(&actor->waiter);
    pthread_mutex_lock(&actor->lock);
    actor->state = ACTOR_ENDED;
    atomic_store(&actor->has_ended, true);
    bool waited_for = actor->joiners != NULL;
    for (struct joiner *joiner = actor->joiners; joiner != NULL; joiner = joiner->next)
        wait_wake(joiner->waiter);
    pthread_mutex_unlock(&actor->lock);
    drop_jobs(actor);
    // A failure that nobody can ask for any more is reported now; at a prompt each is, for a person
    // does not think of joining.
    if ((session->wake != NULL && !waited_for) ||
        atomic_load(&actor->shared.references) == atomic_load(&actor->kept))
        thread_report_unjoined(actor);
    wait_notify_rest();
    pthread_mutex_lock(&session->lock);
    struct actor *oldest = keep_ended(session, actor);
    actor->next_zombie = session->zombies;
    session->zombies = actor;
    if (atomic_load(&session->ending)) // before, nobody waits for threads
        wait_wake(&session->finisher);
    pthread_mutex_unlock(&session->lock);
    if (oldest != NULL)
        actor_release(oldest);
}

// From here on the actor is its thread's: its variables, its stack, its waiter.
static void *thread_main(void *argument)
{
    struct actor *actor = argument;
    lan_begin(actor->born);
    interp_set_stack(&actor->interp, STACK_ROOM);
    wait_register(&actor->waiter);
    if (actor->definition != NULL) {
        run_spawned(actor);
    } else {
        interp_begin_take(&actor->interp, value_copy(actor->session->args));
        for (struct job *job; (job = next_job(actor)) != NULL;)
            run_job(actor, job);
    }
    end_thread(actor);
    return NULL;
}

int thread_start(struct actor *actor)
{
    pthread_attr_t attributes;
    sigset_t all, before;
    if (confine_is_on() && atomic_load(&actor->session->threads) >= CONFINED_MOST)
        return EAGAIN; // as pthread_create(3) says where a user may have so many
    actor->born = lan_here();
    pthread_attr_init(&attributes);
    // Else each would have the process's limit, often 8 MiB, of address space. pthread_create(3)
    pthread_attr_setstacksize(&attributes, STACK_SIZE);
    // Signals that end or interrupt the run are for the thread that made the session.
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    atomic_fetch_add(&actor->shared.references, 1); // the thread's own, let go by who joins it
    atomic_fetch_add(&actor->kept, 1);
    atomic_fetch_add(&actor->session->threads, 1);
    // Its signal mask is inherited, so that there is no moment in which it would take one.
    int error = pthread_create(&actor->thread, &attributes, thread_main, actor);
    if (error != 0) {
        atomic_fetch_sub(&actor->session->threads, 1);
        atomic_fetch_sub(&actor->shared.references, 1);
        atomic_fetch_sub(&actor->kept, 1);
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    return error;
}

void thread_end(struct actor *actor)
{
    pthread_mutex_lock(&actor->lock);
    atomic_store(&actor->waiter.ended, true);
    if (actor->state != ACTOR_ENDED)
        wait_wake(&actor->waiter);
    pthread_mutex_unlock(&actor->lock);
}

void thread_reap(struct session *session)
{
    pthread_mutex_lock(&session->lock);
    struct actor *zombie = session->zombies;
    session->zombies = NULL;
    pthread_mutex_unlock(&session->lock);
    while (zombie != NULL) {
        struct actor *next = zombie->next_zombie;
        pthread_join(zombie->thread, NULL);
        atomic_fetch_sub(&session->threads, 1);
        atomic_fetch_sub(&zombie->kept, 1);
        actor_release(zombie);
        zombie = next;
    }
}

// Takes session->lock.
static bool has_zombies(struct session *session)
{
    pthread_mutex_lock(&session->lock);
    bool has = session->zombies != NULL;
    pthread_mutex_unlock(&session->lock);
    return has;
}

void thread_join_all(struct session *session)
{
    for (thread_reap(session); atomic_load(&session->threads) > 0; thread_reap(session))
        while (!has_zombies(session))
            wait_sleep(&session->finisher);
}
