// actors: the round trips of pingpong between two threads, each of which waits for the other.

#include <pthread.h>

#include "bench.h"

static void *echo(void *context)
{
    int fd = *(int *)context;
    char data[1024];
    for (ssize_t size; (size = recv(fd, data, sizeof data, 0)) > 0;)
        must(send(fd, data, (size_t)size, 0) == size, "send");
    return NULL;
}

int main(void)
{
    int l = listener(1), client = connected(port_of(l)), server = accept(l, NULL, NULL);
    char line[32], data[1024];
    pthread_t thread;
    must(pthread_create(&thread, NULL, echo, &server) == 0, "pthread_create");
    while (fgets(line, sizeof line, stdin) != NULL) {
        long trips = atol(line);
        long long begin = now();
        for (long i = 0; i < trips; i++) {
            must(send(client, "message", 7, 0) == 7, "send");
            must(recv(client, data, sizeof data, 0) == 7, "recv");
        }
        printf("%lld\n", now() - begin);
        fflush(stdout);
    }
    close(client);
    pthread_join(thread, NULL);
    return 0;
}
