// spawn: makes and joins N threads one after the other, each of which does nothing; prints the
// nanoseconds.

#include <pthread.h>

#include "bench.h"

static void *nothing(void *context)
{
    return context;
}

int main(int count, char **words)
{
    long times = argument(count, words, 1, 10000);
    long long begin = now();
    for (long i = 0; i < times; i++) {
        pthread_t thread;
        must(pthread_create(&thread, NULL, nothing, NULL) == 0, "pthread_create");
        must(pthread_join(thread, NULL) == 0, "pthread_join");
    }
    printf("%lld\n", now() - begin);
    return 0;
}
