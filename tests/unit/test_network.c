// test_network: a network of one's own, in a child each, since a worker of Criterion has threads.

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "net/network.h"
#include "users.h"

// 0 or an errno.
static int bind_port(const char *host, uint16_t port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    inet_pton(AF_INET, host, &address.sin_addr);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    int error = bind(fd, (struct sockaddr *)&address, sizeof address) < 0 ? errno : 0;
    close(fd);
    return error;
}

static ino_t number_of(const char *path)
{
    struct stat status = {0};
    stat(path, &status);
    return status.st_ino;
}

static int own_steps(void)
{
    char why[200];
    ino_t before = number_of("/proc/self/ns/net");
    uid_t user = geteuid();
    if (network_is_own() || !network_own(why, sizeof why) || !network_is_own())
        return 1;
    if (number_of("/proc/self/ns/net") == before)
        return 2;
    if (geteuid() != user || getuid() != user)
        return 3;
    if (bind_port("127.0.0.1", 80) != 0 || bind_port("127.0.0.2", 443) != 0)
        return 4;
    return socket(AF_PACKET, SOCK_RAW, 0) < 0 ? 5 : 0;
}

Test(network, gives_ports_loopback_and_capture)
{
    expect_all_steps(own_steps);
}

static int bind_steps(void)
{
    char why[200];
    if (!network_own(why, sizeof why))
        return 1;
    if (!network_drop_bind() || bind_port("127.0.0.1", 80) != EACCES)
        return 2;
    if (bind_port("127.0.0.1", 8080) != 0)
        return 3;
    return network_restore_bind() && bind_port("127.0.0.1", 80) == 0 ? 0 : 4;
}

Test(network, rights_to_low_ports_go_and_come_back)
{
    expect_all_steps(bind_steps);
}

static int allowed_steps(void)
{
    char why[200];
    ino_t before = number_of("/proc/self/ns/net");
    if (!network_allowed(why, sizeof why))
        return 1;
    return number_of("/proc/self/ns/net") == before && !network_is_own() ? 0 : 2;
}

Test(network, asking_changes_nothing)
{
    expect_all_steps(allowed_steps);
}

#if !defined(__SANITIZE_ADDRESS__)

static int quick_steps(void)
{
    char why[200];
    struct timespec start, end;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &start);
    if (!network_own(why, sizeof why))
        return 1;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
    long us = (end.tv_sec - start.tv_sec) * 1000000 + (end.tv_nsec - start.tv_nsec) / 1000;
    return us < 2000 ? 0 : 2;
}

// Some process manages it, so that a busy computer is no failure.
static int some_is_quick(void)
{
    int status = 1;
    for (int i = 0; i < 10 && status != 0; i++)
        status = status_as(geteuid(), quick_steps);
    return status;
}

// Time of the processor. Sanitizers make every fork slow.
Test(network, costs_no_more_than_two_milliseconds)
{
    expect_all_steps(some_is_quick);
}

#endif
