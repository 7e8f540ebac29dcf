// shell: starting /bin/sh, or this program, with signals as a program expects them.

#include "ui/shell.h"

#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/message.h"

void shell_suspend(void)
{
    sigset_t stop;
    sigemptyset(&stop);
    sigaddset(&stop, SIGTSTP);
    // Pending while it is blocked, and taken at once when it is not: then the default action stops
    // the process, unless its group is an orphan. signal(7)
    pthread_kill(pthread_self(), SIGTSTP);
    pthread_sigmask(SIG_UNBLOCK, &stop, NULL); // here it stops, all threads of it
    pthread_sigmask(SIG_BLOCK, &stop, NULL);
}

// Takes out of what waits for the prompt the signals of keys that were meant for the command.
static void forget_keys(void)
{
    sigset_t keys;
    struct timespec now = {0, 0};
    sigemptyset(&keys);
    sigaddset(&keys, SIGINT);
    sigaddset(&keys, SIGTSTP);
    while (sigtimedwait(&keys, NULL, &now) > 0)
        continue;
}

// Waits for the command's end, and stops with it when Ctrl-Z has stopped it. A signal that ends the
// program ends the waiting, too: it is left for the prompt, and the command gets it as well.
// Whether the command has ended.
static bool wait_for_end(pid_t child, int *status)
{
    sigset_t news;
    sigemptyset(&news);
    sigaddset(&news, SIGCHLD);
    sigaddset(&news, SIGTERM);
    sigaddset(&news, SIGHUP);
    for (;;) {
        pid_t changed = waitpid(child, status, WNOHANG | WUNTRACED);
        if (changed == child && !WIFSTOPPED(*status))
            return true;
        if (changed == child && WSTOPSIG(*status) == SIGTSTP) {
            forget_keys();
            shell_suspend();
        }
        int signal = sigwaitinfo(&news, NULL);
        if (signal == SIGTERM || signal == SIGHUP) {
            kill(child, signal);
            kill(getpid(), signal);
            return false;
        }
    }
}

// Starts a program with no signal blocked and none ignored. An errno, or 0.
static int start(const char *path, char **words, pid_t *child)
{
    posix_spawnattr_t attributes;
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    int error = posix_spawn(child, path, NULL, &attributes, words, environ);
    posix_spawnattr_destroy(&attributes);
    return error;
}

// Runs a program with the terminal as its own. Whether it has ended, with that status; what could
// not be started is said.
static bool run(const char *path, char **words, int *status, FILE *out)
{
    sigset_t children, before;
    pid_t child;
    fflush(out);
    sigemptyset(&children);
    // Blocked before the child is there, so that sigwaitinfo() cannot miss its end.
    sigaddset(&children, SIGCHLD);
    pthread_sigmask(SIG_BLOCK, &children, &before);
    int error = start(path, words, &child);
    // Keys were the command's: those that it left unread must not reach the prompt afterwards.
    bool ended = error == 0 && wait_for_end(child, status);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    forget_keys();
    if (error != 0)
        fprintf(out, _("error: cannot start %s: %s\n"), path, strerror(error));
    return ended;
}

void shell_run(struct str command, FILE *out)
{
    char *text = mem_copy(command);
    int status = 0;
    bool ended = run("/bin/sh", (char *[]){"sh", "-c", text, NULL}, &status, out);
    free(text);
    if (ended && WIFSIGNALED(status))
        fprintf(out, _("(ended by signal %d)\n"), WTERMSIG(status));
    else if (ended && WEXITSTATUS(status) != 0)
        fprintf(out, _("(exit status %d)\n"), WEXITSTATUS(status));
}

void shell_learn(struct str lesson, bool styled, FILE *out)
{
    int status = 0;
    char *name = mem_copy(lesson);
    char *words[] = {"socksh",
                     styled ? "--color=always" : "--color=never",
                     "learn",
                     "--inside",
                     lesson.size > 0 ? name : NULL,
                     NULL};
    // What is wrong with the name, the process says.
    run("/proc/self/exe", words, &status, out);
    free(name);
}
