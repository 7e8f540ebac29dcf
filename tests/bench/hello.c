// hello: the hello server, one thread a connection, stacks of 256 KB. Prints its port.

#include <pthread.h>
#include <stdint.h>
#include <string.h>

#include "bench.h"

static void *tcplink(void *context)
{
    int fd = (int)(intptr_t)context;
    char data[1024], reply[1024 + 16];
    send(fd, "Welcome!", 8, 0);
    for (;;) {
        ssize_t size = recv(fd, data, sizeof data, 0);
        if (size <= 0 || (size == 4 && memcmp(data, "exit", 4) == 0))
            break;
        int length = snprintf(reply, sizeof reply, "Hello, %.*s!", (int)size, data);
        send(fd, reply, (size_t)length, 0);
    }
    close(fd);
    return NULL;
}

int main(void)
{
    int s = listener(1024);
    printf("%d\n", port_of(s));
    fflush(stdout);
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, 256 * 1024);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    for (;;) {
        int fd = accept(s, NULL, NULL);
        must(fd >= 0, "accept");
        pthread_t thread;
        must(pthread_create(&thread, &attributes, tcplink, (void *)(intptr_t)fd) == 0, "thread");
    }
}
