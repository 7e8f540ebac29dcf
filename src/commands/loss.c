// loss: losing what arrives at one socket, on purpose.

#include "net/loss.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/message.h"
#include "commands/block.h"
#include "commands/note.h"
#include "commands/rows.h"

enum { ALL = 100 }; // percent

// The kernel's own words for what is not a packet socket at all would lead nowhere.
static bool set_loss(struct call *call, int percent)
{
    struct handle *handle = arg_handle(call, 0);
    int error = loss_set(handle, percent);
    if (error == EOPNOTSUPP && handle->family == AF_UNIX)
        return call_refused(call, "%s", _("a stream of AF_UNIX has no packets that could be lost"));
    return error != 0 ? block_failed(call, handle, error) : call_done(call);
}

static bool run_drop(struct call *call)
{
    int percent = arg_int_or(call, 1, ALL);
    if (percent > ALL)
        return call_refused(call, "%s", _("drop takes a percentage from 1 to 100"));
    return set_loss(call, percent);
}

static void note_drop(const struct noted *noted, struct buffer *to)
{
    int percent = arg_int_or(noted->call, 1, ALL);
    if (noted->handle == NULL)
        return;
    if (strcmp(noted->after.state, "LISTEN") == 0 && percent == ALL)
        buffer_add_text(to, _("no client gets through any more, until undrop"));
    else if (percent == ALL)
        buffer_add_text(to, _("all that arrives is lost from now on, until undrop"));
    else
        buffer_print(to, _("of 100 packets that arrive about %d are lost, until undrop"), percent);
}

// EPERM comes from newer kernels, of TCP without CAP_NET_ADMIN: help says what to do.
const struct command command_drop = {
    .name = "drop",
    .summary = N_("lose what arrives at a socket, all or some of it"),
    .group = GROUP_KERNEL,
    .params = PARAMS(
        {.name = "handle", .type = TYPE_HANDLE},
        {.name = "percent", .type = TYPE_INT, .optional = true, .least = 1, .bounded = true}),
    .errnos = ERRNOS(EBADF, ENOTSOCK, EPERM),
    .manual = "socket(7)",
    .c = "setsockopt({handle}, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program)",
    .python = "{handle}.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, program)",
    .example = "s = socket AF_INET SOCK_DGRAM\ndrop s 30",
    .details = N_("Packets are thrown away before the socket sees them; acknowledgements and the "
                  "SYNs of clients are packets, too. What a listener accepts while it drops, "
                  "drops as well. TCP takes an own network: socksh --sandbox."),
    .lesson = "loss",
    .topic = "loss",
    .run = run_drop,
    .note = note_drop,
};

static bool run_undrop(struct call *call)
{
    return set_loss(call, 0);
}

static void note_undrop(const struct noted *noted, struct buffer *to)
{
    if (noted->after.sort == SORT_TCP)
        buffer_add_text(to, _("what was lost is sent again, by and by"));
    else if (noted->after.sort == SORT_UDP)
        buffer_add_text(to, _("what was lost stays lost"));
}

// ENOENT: nothing was dropped there.
const struct command command_undrop = {
    .name = "undrop",
    .summary = N_("end what drop has begun"),
    .group = GROUP_KERNEL,
    .params = PARAMS({.name = "handle", .type = TYPE_HANDLE}),
    .errnos = ERRNOS(EBADF, ENOENT, ENOTSOCK),
    .manual = "socket(7)",
    .c = "setsockopt({handle}, SOL_SOCKET, SO_DETACH_FILTER, &(int){{0}, sizeof(int))",
    .python = "{handle}.setsockopt(socket.SOL_SOCKET, SO_DETACH_FILTER, 0)",
    .example = "s = socket AF_INET SOCK_DGRAM\ndrop s; undrop s",
    .lesson = "loss",
    .topic = "loss",
    .run = run_undrop,
    .note = note_undrop,
};
