// sender: prints a port, and writes N octets in pieces of 64 KiB to whoever connects there.

#include "bench.h"

int main(int count, char **words)
{
    static char data[65536];
    size_t left = (size_t)argument(count, words, 1, 1L << 30);
    int l = listener(1);
    printf("%d\n", port_of(l));
    fflush(stdout);
    int fd = accept(l, NULL, NULL);
    must(fd >= 0, "accept");
    while (left > 0) {
        ssize_t sent = send(fd, data, left < sizeof data ? left : sizeof data, 0);
        must(sent > 0, "send");
        left -= (size_t)sent;
    }
    return 0;
}
