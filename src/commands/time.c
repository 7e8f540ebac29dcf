// time: sleeping, and the steady clock (CLOCK_MONOTONIC, clock_gettime(2)).

#include <errno.h>
#include <time.h>

#include "base/message.h"
#include "commands/rows.h"
#include "lang/eval.h"

// A sleep is a wait on nothing, with a deadline, and can be interrupted like any other.
static bool run_sleep(struct call *call)
{
    struct timespec deadline = wait_deadline(arg(call, 0).number);
    int error = wait_many(call->interp->waiter, call->command->name, NULL, NULL, 0, &deadline);
    return error == EAGAIN ? call_done(call) : call_failed(call, error); // EAGAIN: the time is up
}

// For letting time pass; tests and lessons wait for facts instead.
const struct command command_sleep = {
    .name = "sleep",
    .summary = N_("wait for a while"),
    .group = GROUP_DATA,
    .params = PARAMS({.name = "duration", .type = TYPE_DURATION, .bounded = true}),
    .waits = N_("until the time is over"),
    .errnos = ERRNOS(EINTR),
    .manual = "nanosleep(2)",
    .c = "*usleep({duration.ms} * 1000)", // no call of a socket: only help shows it
    .python = "time.sleep({duration})",
    .example = "sleep 10ms",
    .lesson = "server",
    .topic = "waiting",
    .run = run_sleep,
};

// It begins anywhere and never jumps, so only differences mean something; the wall clock can be set
// back.
static bool run_now(struct call *call)
{
    struct timespec time;
    if (clock_gettime(CLOCK_MONOTONIC, &time) < 0)
        return call_failed(call, errno);
    return call_give_take(call, value_duration(time.tv_sec * 1000000000LL + time.tv_nsec));
}

const struct command command_now = {
    .name = "now",
    .summary = N_("a steady clock, of which only differences mean much"),
    .group = GROUP_DATA,
    .results = RESULTS({.name = "time", .type = TYPE_DURATION}),
    .manual = "clock_gettime(2)",
    .c = "clock_gettime(CLOCK_MONOTONIC, {=})",
    .python = "time.monotonic()",
    .example = "before = now\nsleep 10ms\nprint ((now) - before)",
    .topic = "waiting",
    .run = run_now,
};
