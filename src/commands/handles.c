// handles: the table of what is open, and of what was closed and still rests in the kernel.

#include "commands/handles.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "actor/actor.h"
#include "actor/variables.h"
#include "base/memory.h"
#include "base/message.h"
#include "base/table.h"
#include "commands/block.h"
#include "commands/help_page.h"
#include "commands/rows.h"
#include "net/gauge.h"
#include "net/kernel.h"

// From left to right.
enum column {
    COLUMN_HANDLE,
    COLUMN_WHAT,
    COLUMN_LOCAL,
    COLUMN_PEER,
    COLUMN_STATE,
    COLUMN_TO_READ,
    COLUMN_UNSENT,
    COLUMN_DROP,
    COLUMN_LOST,
    COLUMN_SENT_AGAIN,
    COLUMN_ROUND_TRIP,
    COLUMN_WINDOW,
    COLUMN_OPENER,
    COLUMN_OPTIONS,
    COLUMN_COUNT,
};

// What each is called, and how soon it is wanted where not all find room (base/table.h).
static const struct {
    const char *heading;
    unsigned char rank;
} columns[] = {
    [COLUMN_HANDLE] = {N_("handle"), 0},    [COLUMN_WHAT] = {N_("what"), 5},
    [COLUMN_LOCAL] = {N_("local"), 0},      [COLUMN_PEER] = {N_("peer"), 2},
    [COLUMN_STATE] = {N_("state"), 0},      [COLUMN_TO_READ] = {N_("to read"), 3},
    [COLUMN_UNSENT] = {N_("unsent"), 4},    [COLUMN_DROP] = {N_("drop"), 1},
    [COLUMN_LOST] = {N_("lost"), 6},        [COLUMN_SENT_AGAIN] = {N_("again"), 7},
    [COLUMN_ROUND_TRIP] = {N_("rtt"), 11},  [COLUMN_WINDOW] = {N_("cwnd"), 12},
    [COLUMN_OPENER] = {N_("opened by"), 8}, [COLUMN_OPTIONS] = {N_("options"), 13},
};
_Static_assert(sizeof columns / sizeof *columns == COLUMN_COUNT &&
                   sizeof columns / sizeof *columns <= (size_t)TABLE_COLUMNS,
               "each column has its heading, and a table has room for them");

enum { RANK_OF_NOTHING = 10 }; // of a column of zeroes: behind what says something

// The table under work.
struct listing {
    struct session *session;
    struct table table;
    bool reads, sends; // a row has something to read, or not acknowledged
};

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

// --- what a socket is ----------------------------------------------------------------------------

// "tcp4", "udp6"; "unix" for a stream, "unix dgram" for datagrams.
static void show_kind(const struct handle *handle, struct buffer *to)
{
    bool inet = handle->family == AF_INET || handle->family == AF_INET6;
    const char *version = handle->family == AF_INET6 ? "6" : "4";
    if (inet && handle->type == SOCK_STREAM) {
        buffer_print(to, "%s%s",
                     handle->protocol == IPPROTO_TCP || handle->protocol == 0 ? "tcp" : "stream",
                     version);
    } else if (inet && handle->type == SOCK_DGRAM) {
        buffer_print(to, "udp%s", version);
    } else if (handle->family == AF_UNIX) {
        buffer_add_text(to, handle->type == SOCK_STREAM  ? "unix"
                            : handle->type == SOCK_DGRAM ? "unix dgram"
                                                         : "unix seqpacket");
    } else {
        struct buffer type = {0};
        symbol_show(FAMILY_AF, handle->family, to);
        symbol_show(FAMILY_SOCK, handle->type, &type);
        buffer_print(to, " %s", buffer_text(&type));
        buffer_finish(&type);
    }
}

// A closed one by the number that it had: a newcomer may have it now.
static void add_name(struct listing *listing, struct handle *handle)
{
    struct buffer text = {0}, names = {0};
    bool dead = handle_is_dead(handle);
    buffer_print(&text, dead ? _("was %d") : "%d", handle->fd);
    variables_show_names(listing->session, handle, &names);
    if (names.size > 0 && !dead)
        buffer_print(&text, " %s", buffer_text(&names));
    buffer_finish(&names);
    table_add_buffer_take(&listing->table, &text);
    show_kind(handle, &text);
    table_add_buffer_take(&listing->table, &text);
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
    if (handle_enter(handle)) {
        kernel_remember(handle);
        handle_leave(handle);
    }
    pthread_mutex_lock(&handle->lock);
    add_address(table, handle->local);
    add_address(table, handle->peer);
    pthread_mutex_unlock(&handle->lock);
}

// --- what the kernel says of it ------------------------------------------------------------------

enum look handles_look_of_state(const char *state)
{
    static const struct {
        const char *state;
        enum look look;
    } looks[] = {
        {"CLOSE_WAIT", LOOK_ENDING},  {"CLOSING", LOOK_ENDING},   {"CONNECTED", LOOK_GOOD},
        {"ESTABLISHED", LOOK_GOOD},   {"FIN_WAIT1", LOOK_ENDING}, {"FIN_WAIT2", LOOK_ENDING},
        {"LAST_ACK", LOOK_ENDING},    {"LISTEN", LOOK_READY},     {"SYN_RECV", LOOK_UNDER_WAY},
        {"SYN_SENT", LOOK_UNDER_WAY}, {"TIME_WAIT", LOOK_FAINT},
    };
    for (size_t i = 0; i < sizeof looks / sizeof *looks; i++)
        if (strcmp(state, looks[i].state) == 0)
            return looks[i].look;
    return LOOK_PLAIN;
}

// With how long TIME_WAIT still lasts: about a minute, RFC 9293 asks for more.
static void add_state(struct table *table, const struct kernel_state *state)
{
    struct buffer text = {0};
    buffer_add_text(&text, state->name);
    if (state->remaining_ms >= 0)
        buffer_print(&text, _(" %lld s"), (long long)(state->remaining_ms + 999) / 1000);
    table_add_look(table, handles_look_of_state(state->name), buffer_text(&text));
    buffer_finish(&text);
}

// A dash where there can be none; of a listener "1 of 5".
static void add_queues(struct listing *listing, const struct gauge *gauge)
{
    struct buffer text = {0};
    struct table *table = &listing->table;
    listing->reads = listing->reads || gauge->to_read > 0;
    listing->sends = listing->sends || (gauge->unacked > 0 && !gauge->listens);
    if (gauge->listens)
        buffer_print(&text, _("%lld of %lld"), (long long)gauge->to_read,
                     (long long)gauge->unacked);
    else if (gauge->to_read >= 0)
        buffer_print(&text, "%lld", (long long)gauge->to_read);
    else
        buffer_add_text(&text, "–");
    table_add_buffer_take(table, &text);
    if (gauge->unacked >= 0 && !gauge->listens)
        buffer_print(&text, "%lld", (long long)gauge->unacked);
    else
        buffer_add_text(&text, "–");
    table_add_buffer_take(table, &text);
}

// Nothing for none, so that a column is there when it has something to say.
static void add_count(struct table *table, enum look look, unsigned count, const char *format)
{
    char text[32] = "";
    if (count > 0)
        snprintf(text, sizeof text, format, count);
    table_add_look(table, text[0] ? look : LOOK_PLAIN, text);
}

static void add_round_trip(struct table *table, const struct gauge *gauge)
{
    struct buffer text = {0};
    // In whole microseconds, of which there are enough to tell one connection from another.
    if (gauge->round_trip >= 0)
        value_show(value_duration(gauge->round_trip), &text);
    table_add_buffer_take(table, &text);
}

// Who made it, and where.
static void add_opener(struct table *table, const struct handle *handle)
{
    struct buffer text = {0};
    buffer_add_text(&text, handle->opener);
    if (handle->line)
        buffer_print(&text, _(" line %u"), handle->line);
    table_add_buffer_take(table, &text);
}

static void add_options(struct table *table, struct handle *handle)
{
    struct buffer text = {0};
    pthread_mutex_lock(&handle->lock);
    buffer_add(&text, buffer_str(&handle->options));
    pthread_mutex_unlock(&handle->lock);
    // Not among the options, since fcntl(2) sets it and not setsockopt(2).
    if (!atomic_load(&handle->blocking))
        buffer_print(&text, "%sO_NONBLOCK", text.size ? ", " : "");
    table_add_buffer_take(table, &text);
}

// --- the table -----------------------------------------------------------------------------------

// One socket, open or closed. A closed one is listed as long as the kernel still has the
// connection.
static void add_row(struct listing *listing, struct handle *handle)
{
    struct kernel_state state = {.name = "–", .remaining_ms = -1};
    struct gauge gauge;
    struct table *table = &listing->table;
    kernel_state(handle, &state);
    if (handle_is_dead(handle) && strcmp(state.name, "CLOSED") == 0)
        return; // closed, and the kernel has nothing of it any more
    gauge_read(handle, &gauge);
    add_name(listing, handle);
    add_addresses(table, handle);
    add_state(table, &state);
    add_queues(listing, &gauge);
    add_count(table, LOOK_BAD, (unsigned)gauge.drops, "%u%%");
    add_count(table, LOOK_BAD, gauge.lost, "%u");
    add_count(table, LOOK_UNDER_WAY, gauge.sent_again, "%u");
    add_round_trip(table, &gauge);
    add_count(table, LOOK_PLAIN, gauge.window, "%u");
    add_opener(table, handle);
    add_options(table, handle);
}

// Columns that hold nothing but zeroes make room for others.
static void rank(const struct listing *listing, unsigned char ranks[COLUMN_COUNT])
{
    for (size_t i = 0; i < COLUMN_COUNT; i++)
        ranks[i] = columns[i].rank;
    if (!listing->reads)
        ranks[COLUMN_TO_READ] = RANK_OF_NOTHING;
    if (!listing->sends)
        ranks[COLUMN_UNSENT] = RANK_OF_NOTHING;
}

void handles_show(struct session *session, size_t width, struct buffer *to)
{
    struct collected list = {0};
    struct listing listing = {.session = session, .table = {.columns = COLUMN_COUNT}};
    unsigned char ranks[COLUMN_COUNT];
    for (size_t i = 0; i < COLUMN_COUNT; i++)
        table_add_look(&listing.table, LOOK_HEADING, _(columns[i].heading));
    handles_each(collect, &list);
    for (size_t i = 0; i < list.count; i++) {
        // Standard input, output and error are there in every program, and are nobody's sockets.
        if (list.rows[i]->is_socket)
            add_row(&listing, list.rows[i]);
        handle_release(list.rows[i]);
    }
    rank(&listing, ranks);
    // Nothing but the heading.
    if (listing.table.count == COLUMN_COUNT)
        buffer_print(to, "%s\n", _("no sockets are open; make one with: s = socket"));
    else
        table_show_within(&listing.table, width, ranks, to);
    table_finish(&listing.table);
    free(list.rows);
}

// A heading and a row a socket, in the order of numbers; closed ones behind the open ones.
static bool run_handles(struct call *call)
{
    struct buffer text = {0};
    handles_show(session_of_call(call), page_terminal_columns(SIZE_MAX), &text);
    actor_write(actor_of_call(call), STREAM_STYLED, buffer_str(&text));
    buffer_finish(&text);
    return call_done(call);
}

const struct command command_handles = {
    .name = "handles",
    .summary = N_("list what is open, and what still rests in TIME_WAIT"),
    .group = GROUP_KERNEL,
    .example = "s = socket; handles",
    .details = N_("unsent: bytes that the peer has not acknowledged; again: segments sent a "
                  "second time; rtt: how long an answer takes; cwnd: segments that may be under "
                  "way; lost: what arrived and found no room, or drop. What finds no room is left "
                  "out. socksh watch handles, in a second terminal, keeps it on the screen."),
    .lesson = "terminals",
    .topic = "closing",
    .run = run_handles,
};
