// receive: connects to the port in each line of standard input and receives in pieces of 64 KiB
// until the end; prints the nanoseconds and the octets.

#include "bench.h"

int main(void)
{
    static char data[65536];
    char line[32];
    while (fgets(line, sizeof line, stdin) != NULL) {
        int fd = connected((unsigned short)atol(line));
        long long total = 0, begin = now();
        for (ssize_t size; (size = recv(fd, data, sizeof data, 0)) > 0;)
            total += size;
        printf("%lld %lld\n", now() - begin, total);
        fflush(stdout);
        close(fd);
    }
    return 0;
}
