// receive: connects to a port, receives in pieces of 64 KiB until the end; prints octets and
// nanoseconds.

#include "bench.h"

int main(int count, char **words)
{
    static char data[65536];
    int fd = connected((unsigned short)argument(count, words, 1, 0));
    long long total = 0, begin = now();
    for (ssize_t size; (size = recv(fd, data, sizeof data, 0)) > 0;)
        total += size;
    printf("%lld %lld\n", total, now() - begin);
    return 0;
}
