// setup: descriptors that no statement sees, and those that are left in the end.

#include "ui/setup.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/message.h"
#include "net/handle.h"
#include "ui/screen.h"
#include "ui/script.h"

int setup_signals(void)
{
    static const int wanted[] = {SIGINT, SIGTERM, SIGHUP, SIGWINCH, SIGTSTP};
    sigset_t set;
    sigemptyset(&set);
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        sigaddset(&set, wanted[i]);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    handles_lock();
    int fd = handle_hide(signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
    handles_unlock();
    return fd;
}

FILE *setup_stream(int fd, const char *mode)
{
    handles_lock();
    int copy = handle_hide(dup(fd));
    handles_unlock();
    FILE *stream = copy < 0 ? NULL : fdopen(copy, mode);
    if (stream == NULL) { // as many are open as may be: there is nothing to ask a person with
        perror("socksh");
        exit(STATUS_FAILED);
    }
    return stream;
}

// Called under handles_lock() for each row.
static void name_open(struct handle *handle, void *context)
{
    struct buffer *text = context;
    if (handle->is_socket && !handle_is_dead(handle))
        buffer_print(text, "%s%d", text->size ? ", " : "", handle->fd);
}

void setup_say_what_closes(void)
{
    struct buffer open = {0};
    handles_each(name_open, &open);
    if (open.size > 0)
        screen_print(_("closing %s\n"), buffer_text(&open));
    buffer_finish(&open);
}
