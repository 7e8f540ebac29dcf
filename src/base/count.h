// count: counts of references, which cost an atomic operation only once there is another thread.
//
// A script without actors runs in the only thread there is; the C library tells. Counts made before
// a thread is started are seen by it.

#ifndef SOCKSH_BASE_COUNT_H
#define SOCKSH_BASE_COUNT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <sys/single_threaded.h>

// Adds `more`, which may be below zero, and returns what the count was before. libc manual,
// "Single- Threaded Optimization"; not for what a signal's handler changes.
static inline int count_add(atomic_int *count, int more)
{
    if (!__libc_single_threaded)
        return atomic_fetch_add(count, more);
    int before = atomic_load_explicit(count, memory_order_relaxed);
    atomic_store_explicit(count, before + more, memory_order_relaxed);
    return before;
}

// Takes one off unless one of the bits of `mark` is set: then false, and nothing has changed.
static inline bool count_drop_unless(atomic_int *count, int mark)
{
    int before = atomic_load_explicit(count, memory_order_relaxed);
    if (__libc_single_threaded && !(before & mark)) {
        atomic_store_explicit(count, before - 1, memory_order_relaxed);
        return true;
    }
    while (!(before & mark))
        if (atomic_compare_exchange_weak_explicit(count, &before, before - 1, memory_order_acq_rel,
                                                  memory_order_relaxed))
            return true;
    return false;
}

#endif
