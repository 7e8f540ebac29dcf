// pingpong: N round trips over one loopback connection, both ends in this thread; prints their nanoseconds.

#include "bench.h"

int main(int count, char **words)
{
    long trips = argument(count, words, 1, 60000);
    int l = listener(1), client = connected(port_of(l)), server = accept(l, NULL, NULL);
    char data[1024];
    long long begin = now();
    for (long i = 0; i < trips; i++) {
        must(send(client, "message", 7, 0) == 7, "send");
        ssize_t size = recv(server, data, sizeof data, 0);
        must(send(server, data, (size_t)size, 0) == 7, "send");
        must(recv(client, data, sizeof data, 0) == 7, "recv");
    }
    printf("%lld\n", now() - begin);
    return 0;
}
