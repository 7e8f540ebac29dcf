// lesson_call: who wants a lesson is an actor, who runs it the prompt.

#include "ui/lesson_call.h"

#include <stdlib.h>

#include "base/memory.h"
#include "ui/screen.h"
#include "ui/shell.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char *wanted; // its name, guarded by the lock; NULL for none

static char *replace(char *name)
{
    pthread_mutex_lock(&lock);
    char *before = wanted;
    wanted = name;
    pthread_mutex_unlock(&lock);
    return before;
}

void lesson_call_want(struct session *session, struct str lesson)
{
    (void)session;
    free(replace(mem_copy(lesson)));
}

void lesson_call_run(FILE *out)
{
    char *lesson = replace(NULL);
    if (lesson != NULL)
        shell_learn(str_from(lesson), screen_is_styled(), out);
    free(lesson);
}
