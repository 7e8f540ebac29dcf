// handles: opens and closes N sockets one after the other; prints the nanoseconds.

#include "bench.h"

int main(int count, char **words)
{
    long times = argument(count, words, 1, 100000);
    long long begin = now();
    for (long i = 0; i < times; i++) {
        int fd = socket(AF_INET, SOCK_STREAM, 0);
        must(fd >= 0 && close(fd) == 0, "socket");
    }
    printf("%lld\n", now() - begin);
    return 0;
}
