// wait: the mark, the sleep and the wake-up.

#include "net/wait.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

#include "net/handle.h"
#include "net/relay.h"

enum { WAKE_SIGNAL = SIGUSR1 };

static pthread_mutex_t list_lock = PTHREAD_MUTEX_INITIALIZER;
static struct waiter *list; // every registered waiter; list_lock guards it

// How many waiters watch for rest: mostly none, and then a mark costs nothing more.
static atomic_int rest_watchers;

// Exists so that the signal interrupts a system call; what woke the sleeper is told by flags.
static void on_wake(int signal)
{
    (void)signal;
}

void wait_start(void)
{
    struct sigaction action = {.sa_handler = on_wake};
    sigset_t wake;
    sigemptyset(&action.sa_mask);
    // Without SA_RESTART: the call that was interrupted must come back. signal(7)
    sigaction(WAKE_SIGNAL, &action, NULL);
    sigemptyset(&wake);
    sigaddset(&wake, WAKE_SIGNAL);
    pthread_sigmask(SIG_BLOCK, &wake, NULL);
}

void wait_register(struct waiter *waiter)
{
    waiter->thread = pthread_self();
    pthread_sigmask(SIG_BLOCK, NULL, &waiter->asleep);
    sigdelset(&waiter->asleep, WAKE_SIGNAL);
    atomic_store(&waiter->registered, true);
    pthread_mutex_lock(&list_lock);
    waiter->previous = NULL;
    waiter->next = list;
    if (list != NULL)
        list->previous = waiter;
    list = waiter;
    pthread_mutex_unlock(&list_lock);
}

void wait_unregister(struct waiter *waiter)
{
    pthread_mutex_lock(&list_lock);
    if (waiter->previous != NULL)
        waiter->previous->next = waiter->next;
    else
        list = waiter->next;
    if (waiter->next != NULL)
        waiter->next->previous = waiter->previous;
    atomic_store(&waiter->registered, false);
    pthread_mutex_unlock(&list_lock);
}

struct timespec wait_deadline(long long nanoseconds)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    if (nanoseconds < 0)
        nanoseconds = 0;
    // A long long of nanoseconds is 292 years at most, so that the sum cannot wrap around.
    time.tv_sec += (time_t)(nanoseconds / 1000000000);
    time.tv_nsec += (long)(nanoseconds % 1000000000);
    if (time.tv_nsec >= 1000000000) {
        time.tv_sec++;
        time.tv_nsec -= 1000000000;
    }
    return time;
}

// --- the mark ------------------------------------------------------------------------------------

// From here on others read that this waiter waits. Who watches for rest is told.
static void set_mark(struct waiter *waiter, struct wait_mark mark)
{
    clock_gettime(CLOCK_MONOTONIC, &mark.since);
    pthread_mutex_lock(&waiter->lock);
    waiter->mark = mark;
    waiter->marked = true;
    waiter->sleeps++;
    pthread_mutex_unlock(&waiter->lock);
    wait_notify_rest();
}

// Under the lock, so that whoever reads the mark is done with what it points to.
static void clear_mark(struct waiter *waiter)
{
    pthread_mutex_lock(&waiter->lock);
    waiter->marked = false;
    // An interruption of this wait must not end the next one.
    atomic_store(&waiter->wait_ended, false);
    pthread_mutex_unlock(&waiter->lock);
}

bool wait_is_waiting(struct waiter *waiter)
{
    pthread_mutex_lock(&waiter->lock);
    bool waiting = waiter->marked;
    if (waiting && waiter->mark.polls != NULL) {
        // The mark goes stale between the event and the thread's running: ask the kernel again. A
        // copy, since the sleeper's own array is being written by its ppoll().
        for (size_t i = 0; waiting && i < waiter->mark.count; i++) {
            struct pollfd poll_again = {waiter->mark.polls[i].fd, waiter->mark.polls[i].events, 0};
            waiting = poll(&poll_again, 1, 0) == 0;
        }
    }
    if (waiting && waiter->mark.until != NULL)
        waiting = !atomic_load(waiter->mark.until);
    waiting = waiting && !atomic_load(&waiter->interrupted) && !atomic_load(&waiter->wait_ended) &&
              !atomic_load(&waiter->ended);
    pthread_mutex_unlock(&waiter->lock);
    return waiting;
}

bool wait_is_at_rest(struct waiter *waiter)
{
    pthread_mutex_lock(&waiter->lock);
    bool looks_up = waiter->marked && waiter->mark.looks_up;
    pthread_mutex_unlock(&waiter->lock);
    return !looks_up && !relay_is_busy() && wait_is_waiting(waiter);
}

// --- sleeping ------------------------------------------------------------------------------------

// Why the waiter should not sleep (any more): an errno, or 0.
static int reason_to_stop(struct waiter *waiter, struct handle **handles, size_t count)
{
    if (atomic_load(&waiter->ended))
        return ECANCELED;
    for (size_t i = 0; handles != NULL && i < count; i++)
        if (handle_is_dead(handles[i]))
            return EBADF;
    if (!atomic_load(&waiter->wait_ended) && !atomic_load(&waiter->interrupted))
        return 0;
    // Both are taken, whichever was set: one interruption ends one wait, never the next one too.
    // The mark goes with them: who looks in between must not see it waiting again.
    pthread_mutex_lock(&waiter->lock);
    bool interrupted = atomic_exchange(&waiter->wait_ended, false);
    interrupted = atomic_exchange(&waiter->interrupted, false) || interrupted;
    waiter->marked = waiter->marked && !interrupted;
    pthread_mutex_unlock(&waiter->lock);
    return interrupted ? EINTR : 0;
}

// What is left until `deadline`, never below zero. NULL for no deadline.
static struct timespec *time_left(const struct timespec *deadline, struct timespec *left)
{
    if (deadline == NULL)
        return NULL;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    left->tv_sec = deadline->tv_sec - now.tv_sec;
    left->tv_nsec = deadline->tv_nsec - now.tv_nsec;
    if (left->tv_nsec < 0) {
        left->tv_sec--;
        left->tv_nsec += 1000000000;
    }
    if (left->tv_sec < 0)
        *left = (struct timespec){0, 0};
    return left;
}

bool wait_is_past(const struct timespec *deadline)
{
    struct timespec left;
    return time_left(deadline, &left) != NULL && left.tv_sec == 0 && left.tv_nsec == 0;
}

// Sleeps as `mark` says, until one of its polls is true or the deadline has passed.
static int sleep_marked(struct waiter *waiter, struct wait_mark mark,
                        const struct timespec *deadline)
{
    // A mark would be a lie for a call that can go on at once: a connect over the loopback says
    // EINPROGRESS each time, and is done by now.
    int found = mark.count ? poll(mark.polls, (nfds_t)mark.count, 0) : 0;
    if (found > 0)
        return 0;
    set_mark(waiter, mark);
    int stop;
    while ((stop = reason_to_stop(waiter, mark.handles, mark.count)) == 0) {
        struct timespec left;
        found = ppoll(mark.polls, (nfds_t)mark.count, time_left(deadline, &left), &waiter->asleep);
        if (found > 0)
            break;
        if (found == 0 && wait_is_past(deadline)) {
            stop = EAGAIN;
            break;
        }
        if (found < 0 && errno != EINTR) {
            stop = errno;
            break;
        }
    }
    clear_mark(waiter);
    return stop;
}

int wait_many(struct waiter *waiter, const char *call, struct handle **handles,
              struct pollfd *polls, size_t count, const struct timespec *deadline)
{
    return sleep_marked(
        waiter,
        (struct wait_mark){.call = call, .handles = handles, .polls = polls, .count = count},
        deadline);
}

int wait_look_up(struct waiter *waiter, const char *call, struct handle *handle, int fd)
{
    struct pollfd answer = {fd, POLLIN, 0};
    return sleep_marked(waiter,
                        (struct wait_mark){.call = call,
                                           .handles = handle ? &handle : NULL,
                                           .polls = &answer,
                                           .count = 1,
                                           .looks_up = true},
                        NULL);
}

int wait_ready(struct waiter *waiter, const char *call, struct handle *handle, short events,
               const struct timespec *deadline)
{
    struct pollfd one = {handle->fd, events, 0};
    return wait_many(waiter, call, &handle, &one, 1, deadline);
}

int wait_until(struct waiter *waiter, const char *call, const atomic_bool *until)
{
    int stop = 0;
    set_mark(waiter, (struct wait_mark){.call = call, .until = until});
    while (!atomic_load(until) && (stop = reason_to_stop(waiter, NULL, 0)) == 0)
        // Its setter wakes it afterwards; a signal that comes before this line stays
        // pending, and ends it at once.
        ppoll(NULL, 0, NULL, &waiter->asleep);
    clear_mark(waiter);
    return stop;
}

int wait_call(struct waiter *waiter, const char *call, struct handle *handle,
              int (*attempt)(void *context), void *context)
{
    sigset_t before;
    int result;
    set_mark(waiter, (struct wait_mark){.call = call,
                                        .handles = handle ? &handle : NULL,
                                        .count = handle ? 1 : 0});
    atomic_store(&waiter->in_call, true);
    // From here on a wake-up may come a moment before the call sleeps and be lost: that is why
    // wait_wake() repeats while in_call.
    pthread_sigmask(SIG_SETMASK, &waiter->asleep, &before);
    do {
        result = reason_to_stop(waiter, handle ? &handle : NULL, handle ? 1 : 0);
        if (result == 0) {
            result = attempt(context);
            atomic_fetch_add(&waiter->attempts, 1);
            if (result == EINTR) // one that was not meant for this call begins it again
                result = reason_to_stop(waiter, handle ? &handle : NULL, handle ? 1 : 0);
            else
                break;
        }
    } while (result == 0);
    atomic_store(&waiter->in_call, false);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    clear_mark(waiter);
    return result;
}

void wait_sleep(struct waiter *waiter)
{
    ppoll(NULL, 0, NULL, &waiter->asleep);
}

int wait_pause(struct waiter *waiter, const struct timespec *deadline)
{
    return wait_pause_or(waiter, -1, deadline);
}

int wait_pause_or(struct waiter *waiter, int fd, const struct timespec *deadline)
{
    struct timespec left;
    struct pollfd poll_fd = {fd, POLLIN, 0}; // a negative one is left out: poll(2)
    int stop = reason_to_stop(waiter, NULL, 0);
    if (stop != 0)
        return stop;
    if (deadline != NULL && wait_is_past(deadline))
        return EAGAIN;
    ppoll(&poll_fd, 1, time_left(deadline, &left), &waiter->asleep);
    return reason_to_stop(waiter, NULL, 0);
}

// --- waking --------------------------------------------------------------------------------------

void wait_wake(struct waiter *waiter)
{
    if (!atomic_load(&waiter->registered))
        return; // it looks at its flags before its first sleep
    unsigned before = atomic_load(&waiter->attempts);
    pthread_kill(waiter->thread, WAKE_SIGNAL);
    // A call made through wait_call() can miss a signal that comes just before it sleeps. Repeat
    // until it has answered one.
    while (atomic_load(&waiter->in_call) && atomic_load(&waiter->attempts) == before) {
        sched_yield();
        pthread_kill(waiter->thread, WAKE_SIGNAL);
    }
}

bool wait_interrupt(struct waiter *waiter)
{
    pthread_mutex_lock(&waiter->lock);
    bool marked = waiter->marked;
    if (marked)
        atomic_store(&waiter->wait_ended, true);
    pthread_mutex_unlock(&waiter->lock);
    if (marked)
        wait_wake(waiter);
    return marked;
}

void wait_interrupt_all(struct waiter *waiter)
{
    atomic_store(&waiter->interrupted, true);
    wait_wake(waiter);
}

void wait_end(struct waiter *waiter)
{
    atomic_store(&waiter->ended, true);
    wait_wake(waiter);
}

bool wait_end_in_handler(struct waiter *waiter)
{
    atomic_store(&waiter->ended, true);
    pthread_kill(waiter->thread, WAKE_SIGNAL);
    return atomic_load(&waiter->in_call);
}

// Takes the waiter's lock; the caller holds the list's.
static bool waits_on(struct waiter *waiter, const struct handle *handle)
{
    bool found = false;
    pthread_mutex_lock(&waiter->lock);
    for (size_t i = 0; waiter->marked && waiter->mark.handles && i < waiter->mark.count; i++)
        found = found || waiter->mark.handles[i] == handle;
    pthread_mutex_unlock(&waiter->lock);
    return found;
}

void wait_wake_users(struct handle *handle)
{
    pthread_mutex_lock(&list_lock);
    for (struct waiter *waiter = list; waiter != NULL; waiter = waiter->next)
        if (waits_on(waiter, handle))
            wait_wake(waiter);
    pthread_mutex_unlock(&list_lock);
}

void wait_watch_rest(struct waiter *waiter, bool watch)
{
    // Counted once however often it is said.
    if (atomic_exchange(&waiter->watches_rest, watch) != watch)
        atomic_fetch_add(&rest_watchers, watch ? 1 : -1);
}

void wait_notify_rest(void)
{
    if (atomic_load(&rest_watchers) == 0)
        return;
    pthread_mutex_lock(&list_lock);
    for (struct waiter *waiter = list; waiter != NULL; waiter = waiter->next)
        if (atomic_load(&waiter->watches_rest))
            wait_wake(waiter);
    pthread_mutex_unlock(&list_lock);
}
