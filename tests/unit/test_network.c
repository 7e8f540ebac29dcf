// test_network: a network of one's own, in a child each, since a worker of Criterion has threads.

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "net/network.h"

static const unsigned ordinary_user = 65534;

// Runs `steps` in a child, as that user, and gives its exit status: the number of the step that
// went wrong, 0 when none did.
static int in_child(int (*steps)(void), unsigned user)
{
    int status;
    pid_t child = fork();
    if (child == 0) {
        if (geteuid() != user && (setgid(user) != 0 || setuid(user) != 0))
            _exit(100);
        prctl(PR_SET_DUMPABLE, 1); // /proc/self is root's after setuid(2), until an execve(2)
        _exit(steps());
    }
    cr_assert(eq(int, waitpid(child, &status, 0), child));
    cr_assert(ne(int, WIFEXITED(status), 0));
    return WEXITSTATUS(status);
}

static void expect_all_steps(int (*steps)(void))
{
    char why[200];
    if (!network_allowed(why, sizeof why))
        cr_skip_test("%s", why);
    cr_expect(eq(int, in_child(steps, geteuid()), 0));
    if (geteuid() == 0)
        cr_expect(eq(int, in_child(steps, ordinary_user), 0));
}

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

// Time of the processor, so that a busy computer is no failure; sanitizers make every fork slow.
Test(network, costs_no_more_than_two_milliseconds)
{
    expect_all_steps(quick_steps);
}

#endif
