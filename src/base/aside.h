// aside: threads of the program's own, beside those that run scripts.

#ifndef SOCKSH_BASE_ASIDE_H
#define SOCKSH_BASE_ASIDE_H

#include <pthread.h>

// Starts a thread that runs `run` with `context`, on a stack of 256 KiB, with all signals blocked:
// what a terminal or another thread sends is for others. The caller joins it. Returns 0 or an
// errno. pthread_create(3)
int aside_start(pthread_t *thread, void *(*run)(void *context), void *context);

#endif
