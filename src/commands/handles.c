// handles: the table of what is open, and of what was closed and still rests in the kernel.

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "actor/actor.h"
#include "actor/variables.h"
#include "base/memory.h"
#include "base/message.h"
#include "base/table.h"
#include "commands/block.h"
#include "commands/rows.h"
#include "net/kernel.h"

// Rows to show, collected with a reference each: asking the kernel takes the table's lock at times,
// and so cannot be done while the table is walked.
struct collected {
    struct handle **rows;
    size_t count, capacity;
};

// Called under handles_lock().
static void collect(struct handle *handle, void *context)
{
    struct collected *list = context;
    list->rows = mem_grow(list->rows, list->count, &list->capacity, sizeof(struct handle *));
    handle_retain(handle);
    list->rows[list->count++] = handle;
}

// "tcp4", "udp6", "unix stream".
static void show_kind(const struct handle *handle, struct buffer *to)
{
    bool inet = handle->family == AF_INET || handle->family == AF_INET6;
    const char *version = handle->family == AF_INET6 ? "6" : "4";
    if (!handle->is_socket) {
        buffer_add_text(to, handle->fd == 0   ? "standard input"
                            : handle->fd == 1 ? "standard output"
                                              : "standard error");
    } else if (inet && handle->type == SOCK_STREAM) {
        buffer_print(to, "%s%s",
                     handle->protocol == IPPROTO_TCP || handle->protocol == 0 ? "tcp" : "stream",
                     version);
    } else if (inet && handle->type == SOCK_DGRAM) {
        buffer_print(to, "udp%s", version);
    } else {
        struct buffer type = {0};
        symbol_show(FAMILY_AF, handle->family, to);
        symbol_show(FAMILY_SOCK, handle->type, &type);
        buffer_print(to, " %s", buffer_text(&type));
        buffer_finish(&type);
    }
}

// A dash for an address that does not exist, or that nobody knows any more.
static void add_address(struct table *table, const struct address *address)
{
    struct buffer text = {0};
    if (address != NULL)
        address_show(address, &text);
    else
        buffer_add_text(&text, "–");
    table_add_buffer_take(table, &text);
}

// Asks the kernel while there is a descriptor; else what was known last is shown.
static void add_addresses(struct table *table, struct handle *handle)
{
    if (handle->is_socket && handle_enter(handle)) {
        kernel_remember(handle);
        handle_leave(handle);
    }
    pthread_mutex_lock(&handle->lock);
    add_address(table, handle->local);
    add_address(table, handle->peer);
    pthread_mutex_unlock(&handle->lock);
}

// Who made it, and how long TIME_WAIT still lasts: about a minute, RFC 9293 asks for more.
static void add_opener(struct table *table, const struct handle *handle,
                       const struct kernel_state *state)
{
    struct buffer text = {0};
    buffer_add_text(&text, handle->opener);
    if (handle->line)
        buffer_print(&text, _(" line %u"), handle->line);
    if (state->remaining_ms >= 0)
        buffer_print(&text, _(", %lld s to go"), (long long)(state->remaining_ms + 999) / 1000);
    table_add_buffer_take(table, &text);
}

// One socket, open or closed. A closed one is listed as long as the kernel still has the
// connection.
static void add_row(struct table *table, struct session *session, struct handle *handle)
{
    struct kernel_state state = {.name = "–", .remaining_ms = -1};
    bool dead = handle_is_dead(handle);
    if (handle->is_socket)
        kernel_state(handle, &state);
    if (dead && strcmp(state.name, "CLOSED") == 0)
        return; // closed, and the kernel has nothing of it any more
    struct buffer text = {0}, names = {0};
    // A closed one by the number that it had: a newcomer may have it now.
    buffer_print(&text, dead ? _("was %d") : "%d", handle->fd);
    variables_show_names(session, handle, &names);
    if (names.size > 0 && !dead)
        buffer_print(&text, " %s", buffer_text(&names));
    buffer_finish(&names);
    table_add_buffer_take(table, &text);
    show_kind(handle, &text);
    table_add_buffer_take(table, &text);
    add_addresses(table, handle);
    table_add_text(table, state.name);
    pthread_mutex_lock(&handle->lock);
    buffer_add(&text, buffer_str(&handle->options));
    pthread_mutex_unlock(&handle->lock);
    // Not among the options, since fcntl(2) sets it and not setsockopt(2).
    if (!atomic_load(&handle->blocking))
        buffer_print(&text, "%sO_NONBLOCK", text.size ? ", " : "");
    table_add_buffer_take(table, &text);
    add_opener(table, handle, &state);
}

// A heading and a row a socket, in the order of numbers; closed ones behind the open ones.
static bool run_handles(struct call *call)
{
    static const char *const headings[] = {N_("handle"), N_("what"),    N_("local"),    N_("peer"),
                                           N_("state"),  N_("options"), N_("opened by")};
    struct collected list = {0};
    struct table table = {.columns = sizeof headings / sizeof *headings};
    struct buffer text = {0};
    for (size_t i = 0; i < table.columns; i++)
        table_add_text(&table, _(headings[i]));
    handles_each(collect, &list);
    for (size_t i = 0; i < list.count; i++) {
        // Standard input, output and error are there in every program, and are nobody's sockets.
        if (list.rows[i]->is_socket)
            add_row(&table, session_of_call(call), list.rows[i]);
        handle_release(list.rows[i]);
    }
    // Nothing but the heading.
    if (table.count == table.columns)
        buffer_print(&text, "%s\n", _("no sockets are open; make one with: s = socket"));
    else
        table_show(&table, &text);
    actor_write(actor_of_call(call), STREAM_OUTPUT, buffer_str(&text));
    buffer_finish(&text);
    table_finish(&table);
    free(list.rows);
    return call_done(call);
}

const struct command command_handles = {
    .name = "handles",
    .summary = N_("list what is open, and what still rests in TIME_WAIT"),
    .group = GROUP_KERNEL,
    .example = "s = socket; handles",
    .lesson = "terminals",
    .topic = "closing",
    .run = run_handles,
};
