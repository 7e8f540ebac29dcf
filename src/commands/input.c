// input: lines from standard input.
//
// What was read beyond a line is kept for the next call, whichever actor makes it. Nobody may sleep
// in the kernel while the line he waits for is already kept here; so while others sleep, a reader
// takes one octet at a time and can never read past the line that he gives away himself.

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "actor/actor.h"
#include "base/message.h"
#include "commands/rows.h"

enum { CHUNK = 64 * 1024 }; // octets asked for at a time, what a pipe holds

static struct {
    pthread_mutex_t lock; // guards all of this; not held while asleep
    char *data;
    size_t start, end; // what was read and not yet given away
    size_t searched;   // up to here there is no newline
    size_t capacity;
    unsigned sleepers; // actors that wait for a line
} kept = {.lock = PTHREAD_MUTEX_INITIALIZER};

// Gives away `size` octets and steps over `size` + `newline`.
static struct value take(size_t size, size_t newline)
{
    struct value line = value_bytes((struct str){kept.data + kept.start, size});
    if (line.type != TYPE_UNSET)
        kept.start += size + newline;
    kept.searched = kept.start;
    return line;
}

// The next whole line that is kept. False when there is none.
static bool take_line(struct value *line)
{
    if (kept.searched == kept.end)
        return false;
    const char *newline = memchr(kept.data + kept.searched, '\n', kept.end - kept.searched);
    kept.searched = kept.end;
    if (newline == NULL)
        return false;
    *line = take((size_t)(newline - (kept.data + kept.start)), 1);
    return true;
}

// Makes room for one chunk. False without memory.
static bool make_room(void)
{
    if (kept.start > 0) {
        memmove(kept.data, kept.data + kept.start, kept.end - kept.start);
        kept.end -= kept.start;
        kept.searched -= kept.start;
        kept.start = 0;
    }
    if (kept.capacity - kept.end >= CHUNK)
        return true;
    // By half more than is kept: a long line is then moved a few times only.
    size_t capacity = kept.end + kept.end / 2 + CHUNK;
    char *data = realloc(kept.data, capacity);
    if (data == NULL)
        return false;
    kept.data = data;
    kept.capacity = capacity;
    return true;
}

// Reads what is there, if anything is. EAGAIN when another actor was faster. At the end `*ended` is
// set.
static int read_more(int fd, bool *ended)
{
    struct pollfd ready = {fd, POLLIN, 0};
    if (poll(&ready, 1, 0) == 0)
        return EAGAIN;
    if (!make_room())
        return ENOMEM;
    ssize_t size = read(fd, kept.data + kept.end, kept.sleepers > 0 ? 1 : CHUNK);
    if (size < 0)
        return errno;
    *ended = size == 0;
    kept.end += (size_t)size;
    return 0;
}

// One look at standard input: 0 when `*line` is a line or none, EAGAIN when there is none yet.
static int try_line(int fd, struct value *line)
{
    bool ended = false;
    int error = 0;
    while (error == 0 && !take_line(line)) {
        error = read_more(fd, &ended);
        if (ended && error == 0) { // the last line may lack its newline
            *line = kept.start < kept.end ? take(kept.end - kept.start, 0) : VALUE_NONE;
            break;
        }
    }
    return error == 0 && line->type == TYPE_UNSET ? ENOMEM : error;
}

// The lock is taken again before it is known who sleeps: `sleepers` and what is kept change
// together.
static int wait_for_line(struct call *call, struct handle *handle, struct value *line)
{
    pthread_mutex_lock(&kept.lock);
    int error;
    while ((error = try_line(handle->fd, line)) == EAGAIN) {
        // Counted before the lock is let go: from here on nobody reads past a line.
        kept.sleepers++;
        pthread_mutex_unlock(&kept.lock);
        error = wait_ready(call->interp->waiter, call->command->name, handle, POLLIN, NULL);
        pthread_mutex_lock(&kept.lock);
        kept.sleepers--;
        if (error != 0)
            break;
    }
    pthread_mutex_unlock(&kept.lock);
    return error;
}

// The handle's row is looked up each time: a script may have closed 0, and a socket may have got
// the number since, as in C.
static bool run_input(struct call *call)
{
    struct value line = VALUE_UNSET;
    struct handle *handle = handle_by_number(STDIN_FILENO);
    int error = EBADF;
    if (arg_given(call, 0))
        // No newline: the answer is typed behind it.
        actor_write(actor_of_call(call), STREAM_OUTPUT, arg_str(call, 0));
    if (handle != NULL && handle_enter(handle)) {
        error = wait_for_line(call, handle, &line);
        handle_leave(handle);
    }
    if (handle != NULL)
        handle_release(handle);
    return error == 0 ? call_give_take(call, line) : call_failed(call, error);
}

// EIO: a terminal that is read in the background, where SIGTTIN cannot stop the process. read(2)
const struct command command_input = {
    .name = "input",
    .summary = N_("read a line from standard input; none at the end"),
    .group = GROUP_DATA,
    .params = PARAMS({.name = "prompt", .type = TYPE_BYTES, .optional = true}),
    .results = RESULTS({.name = "line", .type = TYPE_BYTES | TYPE_NONE}),
    .waits = N_("until a line was typed"),
    .errnos = ERRNOS(EBADF, EINTR, EIO),
    .example = "name = input \"Who are you? \"",
    .topic = "values",
    .run = run_input,
};
