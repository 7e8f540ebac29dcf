// pingpong: round trips over one loopback connection, both ends in this thread, as many as each
// line of standard input says; prints the nanoseconds of each such slice.

#include "bench.h"

int main(void)
{
    int l = listener(1), client = connected(port_of(l)), server = accept(l, NULL, NULL);
    char line[32], data[1024];
    while (fgets(line, sizeof line, stdin) != NULL) {
        long trips = atol(line);
        long long begin = now();
        for (long i = 0; i < trips; i++) {
            must(send(client, "message", 7, 0) == 7, "send");
            ssize_t size = recv(server, data, sizeof data, 0);
            must(send(server, data, (size_t)size, 0) == 7, "send");
            must(recv(client, data, sizeof data, 0) == 7, "recv");
        }
        printf("%lld\n", now() - begin);
        fflush(stdout);
    }
    return 0;
}
