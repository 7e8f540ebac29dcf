// starts: runs several programs in turn, N times; prints for each turn their nanoseconds from spawn
// to end.
//
//     starts N dash -c "" , socksh -c "" , …
//
// A C program of its own, since starting a program from Python costs about as much as running a
// small one.

#include <fcntl.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>

#include "bench.h"

enum { PROGRAMS_MOST = 8 };

extern char **environ;

static long long run(char **words, const posix_spawn_file_actions_t *actions)
{
    pid_t child;
    int status = 1;
    long long begin = now();
    must(posix_spawnp(&child, words[0], actions, NULL, words, environ) == 0, words[0]);
    must(waitpid(child, &status, 0) == child, "waitpid");
    long long took = now() - begin;
    must(status == 0, words[0]);
    return took;
}

int main(int count, char **words)
{
    char **programs[PROGRAMS_MOST];
    int program_count = 0;
    for (int i = 2; i < count && program_count < PROGRAMS_MOST; i++) {
        if (i == 2 || words[i - 1] == NULL)
            programs[program_count++] = words + i;
        if (strcmp(words[i], ",") == 0)
            words[i] = NULL; // ends the words of one program
    }
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    for (long i = argument(count, words, 1, 300); i > 0; i--) {
        for (int at = 0; at < program_count; at++)
            printf("%lld ", run(programs[at], &actions));
        putchar('\n');
    }
    posix_spawn_file_actions_destroy(&actions);
    return 0;
}
