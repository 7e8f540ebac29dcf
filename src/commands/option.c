// option: socket options, and the settings that stand beside them.
//
// The level of an option and the form of its value come from its row in net/option.c; what may be
// set when is for the kernel to say.

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/resource.h>

#include "base/message.h"
#include "commands/block.h"
#include "commands/form.h"
#include "commands/note.h"
#include "commands/option_value.h"
#include "commands/refuse.h"
#include "commands/rows.h"
#include "lang/eval.h"

// --- what was set, for `handles` -----------------------------------------------------------------

// Where the entry that begins at `at` ends: a comma within quotes or brackets belongs to its value.
static size_t entry_end(struct str text, size_t at)
{
    bool quoted = false;
    int depth = 0;
    for (; at < text.size; at++) {
        char c = text.data[at];
        if (quoted && c == '\\')
            at++;
        else if (c == '"')
            quoted = !quoted;
        else if (!quoted && (c == '[' || c == ']'))
            depth += c == '[' ? 1 : -1;
        else if (!quoted && depth == 0 && c == ',')
            break;
    }
    return at < text.size ? at : text.size;
}

// Appends all entries of `text` but that of `name`.
// From "SO_REUSEADDR 1, SO_LINGER 5s" all but one: an option that is set again moves to the end.
static void copy_others(struct str text, const char *name, struct buffer *to)
{
    for (size_t at = 0, end; at < text.size; at = end + 2) {
        end = entry_end(text, at);
        struct str entry = str_slice(text, at, end);
        if (str_is(str_slice(entry, 0, str_find(entry, STR(" "), 0)), name))
            continue;
        buffer_add_text(to, to->size > 0 ? ", " : "");
        buffer_add(to, entry);
    }
}

// Keeps what was set, and what waiting and closing must know of it: see net/handle.h.
static void note(struct handle *handle, const struct option *option, struct value value)
{
    struct buffer text = {0};
    pthread_mutex_lock(&handle->lock);
    copy_others(buffer_str(&handle->options), option->name, &text);
    buffer_print(&text, "%s%s ", text.size > 0 ? ", " : "", option->name);
    value_show(value, &text);
    buffer_finish(&handle->options);
    handle->options = text;
    pthread_mutex_unlock(&handle->lock);
    // A receive must then make the blocking call itself: see must_block() in receive.c.
    if (option->level == SOL_SOCKET && option->number == SO_RCVLOWAT)
        atomic_store(&handle->low_water, true);
    // Then close(2) may wait, and has to be interruptible: see handle_close().
    if (option->level == SOL_SOCKET && option->number == SO_LINGER)
        atomic_store(&handle->lingers, value.type == TYPE_DURATION && value.number > 0);
}

// --- setsockopt, getsockopt ----------------------------------------------------------------------

// The option that argument 1 names; NULL with the call failed when it names none.
static const struct option *option_argument(struct call *call)
{
    const struct symbol *symbol = value_symbol_of(arg(call, 1));
    if (symbol != NULL && symbol->family == FAMILY_OPTION && symbol->value == arg(call, 1).number)
        return option_of(symbol);
    refuse_value(call, _("%s is no socket option, such as SO_REUSEADDR"), arg(call, 1));
    return NULL;
}

// 0 or an errno. The caller's octets are only read.
static int set_octets(struct handle *handle, const struct option *option,
                      const struct option_octets *octets)
{
    if (!handle_enter(handle))
        return EBADF;
    int error = 0;
    if (setsockopt(handle->fd, option->level, option->number, octets->data, octets->size) < 0)
        error = errno;
    handle_leave(handle);
    return error;
}

// Also the second half of settimeout.
static bool run_setsockopt(struct call *call)
{
    const struct option *option = option_argument(call);
    struct handle *handle = arg_handle(call, 0);
    struct option_octets octets;
    if (option == NULL || !option_encode(call, option, arg(call, 2), &octets))
        return false;
    int error = set_octets(handle, option, &octets);
    if (error != 0)
        return block_failed(call, handle, error);
    note(handle, option, arg(call, 2));
    return call_done(call);
}

// ENODEV names an interface that is not there; EPERM comes from SO_MARK, SO_RCVBUFFORCE and their
// kin, which want CAP_NET_ADMIN. socket(7)
const struct command command_setsockopt = {
    .name = "setsockopt",
    .summary = N_("set an option of a socket"),
    .group = GROUP_SOCKETS,
    .params =
        PARAMS({.name = "socket", .type = TYPE_HANDLE},
               {.name = "option", .type = TYPE_INT, .form = FORM_OPTION, .family = FAMILY_OPTION},
               {.name = "value", .type = TYPE_ANY, .form = FORM_OPTION_VALUE}),
    .errnos = ERRNOS(EBADF, EDOM, EINVAL, ENODEV, ENOPROTOOPT, ENOTSOCK, EPERM),
    .manual = "setsockopt(2)",
    .c = "setsockopt({socket}, {option.level}, {option}, {value})",
    .python = "{socket}.setsockopt(socket.{option.level}, {option}, {value})",
    .example = "s = socket\nsetsockopt s SO_REUSEADDR 1",
    .details = N_("Level and type of the value follow from the option: help SO_LINGER, say; "
                  "help TCP_ lists options."),
    .lesson = "restart",
    .topic = "options",
    .run = run_setsockopt,
    .note = note_setsockopt,
};

// There is room for the largest value; the kernel says how much of it it filled.
static bool run_getsockopt(struct call *call)
{
    const struct option *option = option_argument(call);
    struct handle *handle = arg_handle(call, 0);
    struct option_octets octets;
    if (option == NULL)
        return false;
    memset(&octets.room, 0, sizeof octets.room);
    octets.size = sizeof octets.room;
    if (!handle_enter(handle))
        return block_failed(call, handle, EBADF);
    int error = 0;
    if (getsockopt(handle->fd, option->level, option->number, &octets.room, &octets.size) < 0)
        error = errno;
    handle_leave(handle);
    return error == 0 ? call_give_take(call, option_decode(option, &octets))
                      : block_failed(call, handle, error);
}

// What comes back is not always what was set: the kernel doubles SO_RCVBUF, and SO_ERROR is 0 after
// it was read. socket(7)
const struct command command_getsockopt = {
    .name = "getsockopt",
    .summary = N_("read an option of a socket"),
    .group = GROUP_SOCKETS,
    .params =
        PARAMS({.name = "socket", .type = TYPE_HANDLE},
               {.name = "option", .type = TYPE_INT, .form = FORM_OPTION, .family = FAMILY_OPTION}),
    .results = RESULTS({.name = "value", .type = TYPE_ANY}),
    .errnos = ERRNOS(EBADF, ENOPROTOOPT, ENOTSOCK, EOPNOTSUPP),
    .manual = "getsockopt(2)",
    .c = "getsockopt({socket}, {option.level}, {option}, {=})",
    .python = "{socket}.getsockopt(socket.{option.level}, {option}{option.room})",
    .example = "s = socket\ngetsockopt s SO_TYPE",
    .details = N_("Reading SO_ERROR clears it; most others stay as they are."),
    .lesson = "restart",
    .topic = "options",
    .run = run_getsockopt,
    .note = note_getsockopt,
};

// --- setblocking, settimeout ---------------------------------------------------------------------

// Descriptors never block inside, apart from those of AF_UNIX that do not listen: only these
// have a flag to change.
static int set_flag(const struct handle *handle, bool blocking)
{
    if (handle->family != AF_UNIX || atomic_load(&handle->listening))
        return 0;
    int flags = fcntl(handle->fd, F_GETFL);
    if (flags < 0)
        return errno;
    flags = blocking ? flags & ~O_NONBLOCK : flags | O_NONBLOCK;
    return fcntl(handle->fd, F_SETFL, flags) < 0 ? errno : 0;
}

// Under the row's use count, so that close cannot give the number to a newcomer in between.
static bool run_setblocking(struct call *call)
{
    struct handle *handle = arg_handle(call, 0);
    bool blocking = value_truth(arg(call, 1));
    if (!handle->is_socket) // shared with the terminal or the parent, who would notice
        return call_failed(call, ENOTSOCK);
    if (!handle_enter(handle))
        return block_failed(call, handle, EBADF);
    int error = set_flag(handle, blocking);
    if (error == 0)
        atomic_store(&handle->blocking, blocking);
    handle_leave(handle);
    return error == 0 ? call_done(call) : block_failed(call, handle, error);
}

// In C the flag O_NONBLOCK; here the row's, since the descriptor has it anyway (net/handle.h).
const struct command command_setblocking = {
    .name = "setblocking",
    .summary = N_("whether calls on this socket may wait"),
    .group = GROUP_SOCKETS,
    .params = PARAMS({.name = "socket", .type = TYPE_HANDLE}, {.name = "bool", .type = TYPE_BOOL}),
    .errnos = ERRNOS(EBADF, ENOTSOCK),
    .manual = "fcntl(2)",
    .c = "fcntl({socket}, F_SETFL, {bool?0:O_NONBLOCK})",
    .python = "{socket}.setblocking({bool})",
    .example = "s = socket\nsetblocking s false",
    .details = N_("false: what would have to wait fails with EAGAIN at once (O_NONBLOCK)."),
    .lesson = "poll",
    .topic = "waiting",
    .run = run_setblocking,
    .note = note_setblocking,
};

// The same as setsockopt of that option, and shown in the trace as that.
static bool set_timeout(struct call *call, const char *name)
{
    struct value args[] = {arg(call, 0), value_symbol(symbol_find(str_from(name))), arg(call, 1)};
    struct call part = {
        .interp = call->interp,
        .command = &command_setsockopt,
        .node = call->node,
        .args = args,
        .count = sizeof args / sizeof *args,
    };
    bool good = run_setsockopt(&part);
    form_report_call(&part, good);
    call->error = part.error;
    return good;
}

// Both directions, as Python's method does; the first one that fails ends it.
static bool run_settimeout(struct call *call)
{
    return set_timeout(call, "SO_RCVTIMEO") && set_timeout(call, "SO_SNDTIMEO");
}

// Python has one time-out a socket, C one a direction; connect and accept keep to them as well:
// socket(7).
const struct command command_settimeout = {
    .name = "settimeout",
    .summary = N_("how long calls on this socket wait; 0s is for ever"),
    .group = GROUP_SOCKETS,
    .params = PARAMS({.name = "socket", .type = TYPE_HANDLE},
                     {.name = "duration", .type = TYPE_DURATION, .bounded = true}),
    .errnos = ERRNOS(EBADF, EDOM, ENOTSOCK),
    .manual = "socket(7)",
    .c = "*setsockopt({socket}, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time)",
    .python = "*{socket}.settimeout({duration})",
    .example = "s = socket\nsettimeout s 2s",
    .details = N_("Sets SO_RCVTIMEO and SO_SNDTIMEO. Time up is EAGAIN, as in C; Python raises "
                  "TimeoutError."),
    .lesson = "udp",
    .topic = "waiting",
    .run = run_settimeout,
    .note = note_settimeout,
};

// --- setrlimit -----------------------------------------------------------------------------------

// As C names it when there is none.
static void show_limit(rlim_t limit, struct buffer *to)
{
    if (limit == RLIM_INFINITY)
        buffer_add_text(to, "RLIM_INFINITY");
    else
        buffer_print(to, "%llu", (unsigned long long)limit);
}

// The template cannot tell the hard limit, which the trace shall show as it was passed.
// setrlimit(RLIMIT_NOFILE, {64, 1048576}) = 0
static void report_limit(const struct call *call, const struct rlimit *limit, int error)
{
    struct buffer resource = {0}, hard = {0};
    if (atomic_load(call->interp->traces) != TRACE_CALL) {
        form_report_call(call, error == 0);
        return;
    }
    symbol_show(FAMILY_RLIMIT, arg(call, 0).number, &resource);
    show_limit(limit->rlim_max, &hard);
    form_report(call, error == 0 ? 0 : -1, error, "setrlimit(%s, {%llu, %s})",
                buffer_text(&resource), (unsigned long long)limit->rlim_cur, buffer_text(&hard));
    buffer_finish(&hard);
    buffer_finish(&resource);
}

// Only the soft limit: the hard one could not be raised again.
static bool run_setrlimit(struct call *call)
{
    unsigned resource = (unsigned)arg_int_or(call, 0, -1);
    struct rlimit limit;
    if (getrlimit(resource, &limit) < 0)
        return call_failed(call, errno);
    limit.rlim_cur = (rlim_t)arg(call, 1).number;
    int error = setrlimit(resource, &limit) < 0 ? errno : 0;
    bool good = error == 0 || call_failed(call, error);
    report_limit(call, &limit, error);
    return good;
}

// EMFILE and its kin can be seen without opening thousands of sockets.
const struct command command_setrlimit = {
    .name = "setrlimit",
    .summary = N_("set a limit of this process, as for open descriptors"),
    .group = GROUP_KERNEL,
    .params =
        PARAMS({.name = "resource", .type = TYPE_INT, .family = FAMILY_RLIMIT},
               {.name = "int", .type = TYPE_INT, .bounded = true, .least = (int64_t)RLIM_INFINITY}),
    .errnos = ERRNOS(EINVAL, EPERM),
    .manual = "setrlimit(2)",
    .c = "*setrlimit({resource}, &limit)",
    .python = "*resource.setrlimit({resource}, ({int}, resource.getrlimit({resource})[1]))",
    .example = "setrlimit RLIMIT_NOFILE 64",
    .details = N_("Only this run has the limit; RLIM_INFINITY (-1 here) is none. With few "
                  "descriptors, EMFILE is soon met."),
    .topic = "errors",
    .run = run_setrlimit,
};
