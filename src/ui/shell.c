// shell: starting /bin/sh with signals as a program expects them.

#include "ui/shell.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/message.h"

extern char **environ;

// Takes a Ctrl-C that was meant for the command out of what waits for the prompt.
static void forget_interrupt(void)
{
    sigset_t set;
    struct timespec now = {0, 0};
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    while (sigtimedwait(&set, NULL, &now) > 0)
        continue;
}

void shell_run(struct str command, FILE *out)
{
    char *text = mem_copy(command);
    char *words[] = {"sh", "-c", text, NULL};
    posix_spawnattr_t attributes;
    sigset_t none, all;
    pid_t child;
    int status = 0;
    sigemptyset(&none);
    sigfillset(&all);
    fflush(out);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    int error = posix_spawn(&child, "/bin/sh", NULL, &attributes, words, environ);
    if (error == 0)
        while (waitpid(child, &status, 0) < 0 && errno == EINTR)
            continue;
    posix_spawnattr_destroy(&attributes);
    free(text);
    forget_interrupt();
    if (error != 0)
        fprintf(out, _("error: cannot start /bin/sh: %s\n"), strerror(error));
    else if (WIFSIGNALED(status))
        fprintf(out, _("(ended by signal %d)\n"), WTERMSIG(status));
    else if (WEXITSTATUS(status) != 0)
        fprintf(out, _("(exit status %d)\n"), WEXITSTATUS(status));
}
