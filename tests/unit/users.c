// users: a child for each, since a worker of Criterion has threads, and a namespace wants none.

#include "users.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "net/network.h"

int status_as(unsigned user, int (*steps)(void))
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

static int make_network(void)
{
    char why[200];
    return !network_own(why, sizeof why);
}

static void expect_steps_as(unsigned user, int (*steps)(void))
{
    if (status_as(user, make_network) != 0)
        cr_skip_test("user %u may not make a network of his own here", user);
    cr_expect(eq(int, status_as(user, steps), 0), "as user %u", user);
}

void expect_all_steps(int (*steps)(void))
{
    expect_steps_as(geteuid(), steps);
    if (geteuid() == 0)
        expect_steps_as(ORDINARY_USER, steps);
}
