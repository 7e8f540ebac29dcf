// sender: prints a port, and writes N octets in pieces of 64 KiB to each who connects there.

#include "bench.h"

static void send_octets(int fd, size_t left)
{
    static char data[65536];
    while (left > 0) {
        ssize_t sent = send(fd, data, left < sizeof data ? left : sizeof data, MSG_NOSIGNAL);
        must(sent > 0, "send");
        left -= (size_t)sent;
    }
}

int main(int count, char **words)
{
    size_t size = (size_t)argument(count, words, 1, 1L << 26);
    int l = listener(8);
    printf("%d\n", port_of(l));
    fflush(stdout);
    for (;;) {
        int fd = accept(l, NULL, NULL);
        must(fd >= 0, "accept");
        send_octets(fd, size);
        close(fd);
    }
}
