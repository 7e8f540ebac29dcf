// clock: what time it is, as one number.

#ifndef SOCKSH_BASE_CLOCK_H
#define SOCKSH_BASE_CLOCK_H

#include <stdint.h>
#include <time.h>

// Nanoseconds: of CLOCK_MONOTONIC, which begins anywhere and never jumps, or CLOCK_REALTIME, since
// 1970 and until somebody sets it. Neither can fail. clock_gettime(2)
static inline int64_t clock_now(clockid_t clock)
{
    struct timespec time;
    clock_gettime(clock, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

#endif
