// poll: wait until one of several handles has something to do.

#include <errno.h>
#include <poll.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/message.h"
#include "commands/block.h"
#include "commands/list.h"
#include "commands/note.h"
#include "commands/rows.h"

// What the list asks for: rows that the call is inside of, and their entries for poll(2).
struct asked {
    struct handle **handles; // with a reference each
    struct pollfd *polls;    // one a handle
    size_t count;            // of both, as far as the list has been read
};

// Also after a list that was wrong in the middle: what was entered before is left again.
static void leave_all(struct asked *asked)
{
    for (size_t i = 0; i < asked->count; i++) {
        handle_leave(asked->handles[i]);
        handle_release(asked->handles[i]);
    }
    free(asked->handles);
    free(asked->polls);
}

// The row of a handle or of its number, with a reference; NULL when it is neither or there is none.
static struct handle *row_of(struct value value)
{
    if (value.type == TYPE_INT)
        return handle_by_number(value.number);
    if (value.type != TYPE_HANDLE)
        return NULL;
    handle_retain(value.handle);
    return value.handle;
}

// An element is a handle, or [handle, EVENTS].
static bool ask_for(struct call *call, struct asked *asked, struct value element)
{
    struct value handle = element, events = value_int(POLLIN | POLLRDHUP);
    if (element.type == TYPE_LIST && element.list->count == 2) {
        handle = element.list->items[0];
        events = element.list->items[1];
    }
    if (!(handle.type & (TYPE_HANDLE | TYPE_INT)) || events.type != TYPE_INT)
        return call_refused(call, _("poll takes handles, or [handle, EVENTS], not %s"),
                            type_with_article(element.type));
    struct handle *row = row_of(handle);
    // poll(2) answers POLLNVAL for a closed number; here it is an error, since nobody looks for it.
    if (row == NULL || !handle_enter(row)) {
        if (row != NULL)
            handle_release(row);
        return call_failed(call, EBADF);
    }
    asked->handles[asked->count] = row;
    asked->polls[asked->count++] = (struct pollfd){row->fd, (short)events.number, 0};
    return true;
}

// [handle, events]. TYPE_UNSET without memory.
static struct value pair(struct handle *handle, short events)
{
    struct value list = value_list(2);
    // For the value, which lasts longer than this call is inside the row.
    handle_retain(handle);
    list_add_take(&list, value_handle_take(handle));
    list_add_take(&list, value_constant(FAMILY_POLL, events));
    return list;
}

// What poll(2) writes into revents, for those that have something only: a script walks the list.
// Empty when the time is up.
static bool give_ready(struct call *call, const struct asked *asked)
{
    struct value list = value_list(0);
    for (size_t i = 0; i < asked->count; i++)
        if (asked->polls[i].revents != 0)
            list_add_take(&list, pair(asked->handles[i], asked->polls[i].revents));
    return call_give_take(call, list);
}

// EBADF is that of the handle which another actor has closed meanwhile.
static bool fail(struct call *call, const struct asked *asked, int error)
{
    size_t i = 0;
    while (i < asked->count && !handle_is_dead(asked->handles[i]))
        i++;
    return block_failed(call, i < asked->count ? asked->handles[i] : NULL, error);
}

// Without a time-out it waits for ever; a list without handles only lets time pass.
static bool run_poll(struct call *call)
{
    const struct list *list = call->args[0].list;
    struct asked asked = {0};
    struct timespec deadline;
    bool limited = arg_given(call, 1), good = true;
    // One more than asked for, so that an empty list has an array as well.
    asked.handles = mem_zero((list->count + 1) * sizeof *asked.handles);
    asked.polls = mem_zero((list->count + 1) * sizeof *asked.polls);
    for (size_t i = 0; good && i < list->count; i++)
        good = ask_for(call, &asked, list->items[i]);
    if (good) {
        if (limited)
            deadline = wait_deadline(call->args[1].number);
        // One wait for all of them: the mark names each, so that closing any of them ends it.
        int error = wait_many(block_waiter(call), "poll", asked.handles, asked.polls, asked.count,
                              limited ? &deadline : NULL);
        // poll(2) says 0 when the time is up, and an empty list says the same here.
        good = error == 0 || error == EAGAIN ? give_ready(call, &asked) : fail(call, &asked, error);
    }
    leave_all(&asked);
    return good;
}

// EINVAL: more handles than RLIMIT_NOFILE allows descriptors. poll(2)
const struct command command_poll = {
    .name = "poll",
    .summary = N_("wait until some of these handles are ready"),
    .group = GROUP_SOCKETS,
    .params = PARAMS({.name = "handles", .type = TYPE_LIST},
                     {.name = "timeout", .type = TYPE_DURATION, .optional = true}),
    .results = RESULTS({.name = "ready", .type = TYPE_LIST}),
    .waits = N_("until one is ready, or the time is up"),
    .errnos = ERRNOS(EBADF, EINTR, EINVAL, ENOMEM),
    .manual = "poll(2)",
    .c = "poll({handles.poll}, {timeout.ms|-1})",
    .python = "poller.poll({timeout.ms|None})",
    .example = "a, b = socketpair; send a \"hello\"\n"
               "for h, events in poll [a, b] 100ms { print h events }",
    .details = N_("An element is a handle, which asks for POLLIN and POLLRDHUP, or [handle, "
                  "EVENTS]. Gives a pair, handle and events, for each that is ready; none when "
                  "the time was up."),
    .lesson = "poll",
    .topic = "waiting",
    .run = run_poll,
    .note = note_poll,
};
