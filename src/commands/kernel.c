// kernel: what the kernel knows about a socket, and what passed through it.

#include <errno.h>
#include <sys/socket.h>

#include "base/message.h"
#include "commands/block.h"
#include "commands/note.h"
#include "commands/rows.h"
#include "net/kernel.h"

// Asked anew each time, and asked of a closed socket, too: what comes after close is half of TCP.
static bool run_state(struct call *call)
{
    struct kernel_state state;
    int error = kernel_state(arg_handle(call, 0), &state);
    if (error != 0)
        return block_failed(call, arg_handle(call, 0), error);
    return call_give_take(call, value_bytes(str_from(state.name)));
}

// The names are those of RFC 9293 section 3.3.2, spelled as netstat(8) does.
const struct command command_state = {
    .name = "state",
    .summary = N_("show the state of a socket, also after close"),
    .group = GROUP_KERNEL,
    .params = PARAMS({.name = "handle", .type = TYPE_HANDLE}),
    .results = RESULTS({.name = "state", .type = TYPE_BYTES}),
    .errnos = ERRNOS(EBADF, ENOTSOCK),
    .manual = "tcp(7)",
    .example = "l = socket; listen l; state l",
    .lesson = "nothing",
    .topic = "tcp",
    .run = run_state,
    .note = note_state,
};

// The two numbers mean something else of a listener: see kernel_queued().
static bool run_queued(struct call *call)
{
    int64_t to_read, unacked;
    int error = kernel_queued(arg_handle(call, 0), &to_read, &unacked);
    if (error != 0)
        return block_failed(call, arg_handle(call, 0), error);
    return call_give_two_take(call, value_int(to_read), value_int(unacked));
}

// SIOCINQ and SIOCOUTQ, of a listener TCP_INFO and sock_diag(7): see net/kernel.c.
const struct command command_queued = {
    .name = "queued",
    .summary = N_("show what waits to be read, and what to be acknowledged"),
    .group = GROUP_KERNEL,
    .params = PARAMS({.name = "handle", .type = TYPE_HANDLE}),
    .results = RESULTS({.name = "to read", .type = TYPE_INT},
                       {.name = "unacknowledged", .type = TYPE_INT}),
    .errnos = ERRNOS(EBADF, ENOTSOCK),
    .manual = "tcp(7)",
    .example = "a, b = socketpair; send a \"hello\"; waiting, unacked = queued b",
    .lesson = "recv",
    .topic = "waiting",
    .run = run_queued,
    .note = note_queued,
};

// More than HANDLE_RECORD may be kept, since a record is cut rarely; so much is shown.
static bool give_record(struct call *call, struct handle *handle, struct record *record)
{
    // Another actor may be sending on it, or receiving.
    pthread_mutex_lock(&handle->lock);
    struct str kept = buffer_str(&record->bytes);
    size_t from = kept.size > HANDLE_RECORD ? kept.size - HANDLE_RECORD : 0;
    struct value value = value_bytes(str_slice(kept, from, kept.size));
    pthread_mutex_unlock(&handle->lock);
    return call_give_take(call, value);
}

// What send, sendall and sendto passed on, whether or not it has arrived.
static bool run_sent(struct call *call)
{
    struct handle *handle = arg_handle(call, 0);
    return give_record(call, handle, &handle->sent);
}

// `wants_records`: copies are kept from the start when a script calls this anywhere.
const struct command command_sent = {
    .name = "sent",
    .summary = N_("show the last 64 KiB that a handle sent"),
    .group = GROUP_KERNEL,
    .params = PARAMS({.name = "handle", .type = TYPE_HANDLE}),
    .results = RESULTS({.name = "data", .type = TYPE_BYTES}),
    .wants_records = true,
    .example = "a, b = socketpair; send a \"hello\"; sent a",
    .lesson = "recv",
    .topic = "expectations",
    .run = run_sent,
};

// What recv and recvfrom took out, without what was only looked at with MSG_PEEK.
static bool run_received(struct call *call)
{
    struct handle *handle = arg_handle(call, 0);
    return give_record(call, handle, &handle->received);
}

const struct command command_received = {
    .name = "received",
    .summary = N_("show the last 64 KiB that a handle received"),
    .group = GROUP_KERNEL,
    .params = PARAMS({.name = "handle", .type = TYPE_HANDLE}),
    .results = RESULTS({.name = "data", .type = TYPE_BYTES}),
    .wants_records = true,
    .example = "a, b = socketpair; send a \"hello\"; recv b 10; received b",
    .lesson = "recv",
    .topic = "expectations",
    .run = run_received,
};
