// wait: let an actor sleep in the kernel until its call can go on.
//
// Every call that can block goes through here; nothing else in the program sleeps. The order is
// always the same: the caller tries its call; on EAGAIN it comes here; poll() with no time-out is
// asked; the waiter's mark is set; ppoll() sleeps with the wake signal let through; the mark is
// cleared; the caller tries again.
//
// The wake signal (SIGUSR1) is blocked in every thread except inside ppoll() and inside calls made
// through wait_call(). A signal sent a moment too early therefore stays pending and ends the next
// sleep at once: no wake-up is lost. A sleeper that was woken looks at its own conditions again, so
// one wake-up too many does no harm.
//
// Locks: each waiter has one of its own for its mark; the list of waiters has one. Neither
// is held while sleeping. The list's lock comes before a waiter's. Nothing else is locked
// while one of them is held.

#ifndef SOCKSH_NET_WAIT_H
#define SOCKSH_NET_WAIT_H

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <time.h>

struct handle;

// What a waiter sleeps on. Valid while the mark is set.
struct wait_mark {
    const char *call;         // name of the command, such as "accept"
    struct handle **handles;  // the rows it waits on; may be NULL
    struct pollfd *polls;     // asked of poll(), one a handle; NULL when poll() cannot tell
    size_t count;             // of handles and polls
    const atomic_bool *until; // set by another actor when it is over; NULL if the kernel tells
    bool looks_up;            // a name: it ends by itself, so that the waiter is not at rest
    struct timespec since;    // CLOCK_MONOTONIC
};

// One a thread that runs scripts, zero-initialised. The thread calls wait_register()
// before it sleeps and wait_unregister() before it ends. Flags may be set before and
// after; nobody is signalled then.
struct waiter {
    pthread_t thread;      // set by wait_register()
    sigset_t asleep;       // blocked while asleep: as always, but for the wake signal
    pthread_mutex_t lock;  // guards `marked` and `mark`
    bool marked;           // it waits, as `mark` says
    struct wait_mark mark; // last one set; what it points to lasts while `marked`

    // Why it should stop. Anybody may set these, and then wakes it.
    atomic_bool interrupted; // what it does now is to end with EINTR; taken by whatever ends first
    atomic_bool wait_ended;  // the wait that is marked is to end with EINTR; gone with the mark
    atomic_bool ended;       // every wait ends with ECANCELED from now on: kill, end of the program
    atomic_bool abandoned;   // the statement at hand ends whatever it catches; cleared by the next

    atomic_bool watches_rest; // wants to be woken when any waiter is marked or comes to rest
    atomic_bool registered;   // `thread` can be signalled
    atomic_uint attempts;     // calls made through wait_call() that have returned
    atomic_bool in_call;      // is inside a call made through wait_call()
    unsigned sleeps;          // marks that were set so far; for its own thread alone

    struct waiter *next, *previous; // in the list of all that are registered; its lock guards them
};

// Whether what runs now is to end, past every `try`.
static inline bool waiter_must_unwind(struct waiter *waiter)
{
    return atomic_load_explicit(&waiter->ended, memory_order_relaxed) ||
           atomic_load_explicit(&waiter->abandoned, memory_order_relaxed);
}

// Blocks the wake signal in this thread and those made from it, and installs its handler.
// Once, before any thread.
void wait_start(void);

// Enters the calling thread's waiter in the list of those that can be woken, and takes it out.
void wait_register(struct waiter *waiter);
void wait_unregister(struct waiter *waiter);

// Sleeps until one of `events` (POLLIN, POLLOUT) is true of `handle`, the deadline passes, or
// somebody wakes the actor. Returns 0 when the call should be tried again, else an errno: EAGAIN
// (deadline), EINTR (interrupted), EBADF (closed meanwhile), ECANCELED (the actor is to end).
// `call` names the command for the mark. `deadline` is absolute CLOCK_MONOTONIC, or NULL for none.
// Needs no lock; takes no descriptor. poll(2), signal(7).
int wait_ready(struct waiter *waiter, const char *call, struct handle *handle, short events,
               const struct timespec *deadline);

// The same for several handles. When something is true of one, returns 0 and `polls` says what;
// time up is EAGAIN. `handles` and `polls` have `count` elements, which may be 0: then it sleeps
// until the deadline (EAGAIN) or a wake-up.
int wait_many(struct waiter *waiter, const char *call, struct handle **handles,
              struct pollfd *polls, size_t count, const struct timespec *deadline);

// Until `fd` can be read, on which a helper answers who looks a name up for `handle` (may be NULL).
int wait_look_up(struct waiter *waiter, const char *call, struct handle *handle, int fd);

// Sleeps until `*until`, which another actor sets before it wakes this one. 0, EINTR or ECANCELED.
int wait_until(struct waiter *waiter, const char *call, const atomic_bool *until);

// Makes a call that poll() cannot foretell, and lets it block. `attempt` makes the system call and
// returns 0 or an errno; it is called with the mark set and the wake signal let through, again
// after each wake-up that was not meant for it. `handle` may be NULL.
int wait_call(struct waiter *waiter, const char *call, struct handle *handle,
              int (*attempt)(void *context), void *context);

// Sleeps once, until any wake-up, without a mark: for what other actors change, looked at
// again after each return.
void wait_sleep(struct waiter *waiter);

// The same with a reason to stop: EAGAIN when the deadline (may be NULL) has passed, EINTR when
// interrupted, ECANCELED when the actor is to end, else 0.
int wait_pause(struct waiter *waiter, const struct timespec *deadline);

// The same, woken also when `fd` can be read; -1 is none.
int wait_pause_or(struct waiter *waiter, int fd, const struct timespec *deadline);

// Wakes the sleeper, or the next sleep of one that is about to sleep. The only sender of the wake
// signal. Inside wait_call() it repeats until the call has returned.
void wait_wake(struct waiter *waiter);

// Ends the wait that is marked with EINTR. False when none is. When what it waits for comes at the
// same moment, the call ends with that.
bool wait_interrupt(struct waiter *waiter);

// Ends whatever the actor does with EINTR: the wait that is marked, or else the next one, or the
// loop it runs.
void wait_interrupt_all(struct waiter *waiter);

// Ends every wait from now on with ECANCELED.
void wait_end(struct waiter *waiter);

// The same from a signal's handler in the waiter's own thread, which cannot repeat until it is
// answered. True when the thread is inside wait_call(), where the wake-up may have come a moment
// too early: then the handler must run again after a while.
bool wait_end_in_handler(struct waiter *waiter);

// Wakes all that wait on `handle`, which has just been marked dead.
void wait_wake_users(struct handle *handle);

// Says whether the calling thread's waiter wants to be woken by wait_notify_rest(). Set before
// looking, so that nothing is missed.
void wait_watch_rest(struct waiter *waiter, bool watch);

// Wakes the waiters that watch for rest: something came to rest or finished. Free
// while nobody watches.
void wait_notify_rest(void);

// Whether the waiter is marked and the kernel still says that what it waits for is not there.
bool wait_is_waiting(struct waiter *waiter);

// The same of a wait that does not end by itself, as looking a name up does, and any of them while
// a packet is on its way through a long cable (net/relay.h).
bool wait_is_at_rest(struct waiter *waiter);

// Whether the absolute CLOCK_MONOTONIC time `deadline` is over; a deadline of NULL never is.
bool wait_is_past(const struct timespec *deadline);

// The absolute deadline `nanoseconds` from now. At most some hundred years are added.
struct timespec wait_deadline(long long nanoseconds);

#endif
