// bench: what the C programs of the benchmark share: failing, the clock, loopback sockets.

#ifndef SOCKSH_BENCH_H
#define SOCKSH_BENCH_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

// Ends the program with errno in words unless `good`.
static inline void must(bool good, const char *what)
{
    if (good)
        return;
    perror(what);
    exit(1);
}

// A number from the command line.
static inline long argument(int count, char **words, int i, long otherwise)
{
    return count > i ? atol(words[i]) : otherwise;
}

// CLOCK_MONOTONIC in nanoseconds, as `now` gives it in socksh.
static inline long long now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

// A TCP socket that listens on a free port of the loopback.
static inline int listener(int backlog)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    must(fd >= 0, "socket");
    must(bind(fd, (struct sockaddr *)&address, sizeof address) == 0, "bind");
    must(listen(fd, backlog) == 0, "listen");
    return fd;
}

static inline unsigned short port_of(int fd)
{
    struct sockaddr_in address;
    socklen_t size = sizeof address;
    must(getsockname(fd, (struct sockaddr *)&address, &size) == 0, "getsockname");
    return ntohs(address.sin_port);
}

// A TCP connection to that port of the loopback.
static inline int connected(unsigned short port)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    must(fd >= 0, "socket");
    must(connect(fd, (struct sockaddr *)&address, sizeof address) == 0, "connect");
    return fd;
}

#endif
