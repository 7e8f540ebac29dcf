// assist_sockets: handles and addresses that could stand at a place, from what is open and what was
// before.

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "actor/variables.h"
#include "base/memory.h"
#include "base/message.h"
#include "net/hosts.h"
#include "net/kernel.h"
#include "ui/assist_offer.h"

// --- the handle table ----------------------------------------------------------------------------

// One socket with what the kernel says of it now.
struct row {
    struct handle *handle; // with a reference
    const char *state;
    bool open, bound, connected, listening;
    bool named; // by a variable of the actor whose line it is, as was offered
};

struct rows {
    struct row *items;
    size_t count, capacity;
};

// Called under handles_lock(), which asking the kernel may take: hence asked later.
static void collect(struct handle *handle, void *context)
{
    struct rows *rows = context;
    if (!handle->is_socket)
        return;
    rows->items = mem_grow(rows->items, rows->count, &rows->capacity, sizeof *rows->items);
    handle_retain(handle);
    rows->items[rows->count++] = (struct row){.handle = handle};
}

// Whether an address says where something is: not 0.0.0.0:0, nor an AF_UNIX one without a name.
static bool is_somewhere(const struct address *address)
{
    if (address == NULL)
        return false;
    bool inet = address->kind == ADDRESS_INET || address->kind == ADDRESS_INET6;
    return inet ? address->port != 0 : address->text_size > 0;
}

static struct row look_at(struct handle *handle)
{
    struct kernel_state state = {.name = "CLOSED"};
    struct row row = {.handle = handle, .open = handle_enter(handle)};
    if (row.open) {
        kernel_remember(handle);
        handle_leave(handle);
    }
    kernel_state(handle, &state);
    row.state = state.name;
    pthread_mutex_lock(&handle->lock);
    row.bound = is_somewhere(handle->local);
    pthread_mutex_unlock(&handle->lock);
    row.listening = strcmp(state.name, "LISTEN") == 0;
    row.connected = !row.listening && strcmp(state.name, "CLOSED") != 0 &&
                    strcmp(state.name, "UNCONNECTED") != 0;
    return row;
}

// All sockets, closed ones behind the open ones.
static struct rows look_at_all(void)
{
    struct rows rows = {0};
    handles_each(collect, &rows);
    for (size_t i = 0; i < rows.count; i++)
        rows.items[i] = look_at(rows.items[i].handle);
    return rows;
}

static void rows_finish(struct rows *rows)
{
    for (size_t i = 0; i < rows->count; i++)
        handle_release(rows->items[i].handle);
    free(rows->items);
}

// --- handles -------------------------------------------------------------------------------------

static bool fits(const struct row *row, enum fit fit)
{
    switch (fit) {
    case FIT_UNBOUND:
        return !row->bound && !row->connected && !row->listening;
    case FIT_UNCONNECTED:
        return !row->connected && !row->listening;
    case FIT_CONNECTED:
        return row->connected;
    case FIT_LISTENING:
        return row->listening;
    case FIT_ANY:
        break;
    }
    return true;
}

static void show_kind(const struct handle *handle, struct buffer *to)
{
    bool inet = handle->family == AF_INET || handle->family == AF_INET6;
    if (inet && (handle->type == SOCK_STREAM || handle->type == SOCK_DGRAM))
        buffer_add_text(to, handle->type == SOCK_STREAM ? "tcp" : "udp");
    else if (handle->family == AF_UNIX)
        buffer_add_text(to, "unix");
    else
        symbol_show(FAMILY_SOCK, handle->type, to);
}

// "tcp 127.0.0.1:45678 -> 127.0.0.1:9999 ESTABLISHED"
static void describe(const struct row *row, struct buffer *to)
{
    struct handle *handle = row->handle;
    show_kind(handle, to);
    pthread_mutex_lock(&handle->lock);
    if (is_somewhere(handle->local)) {
        buffer_add_char(to, ' ');
        address_show(handle->local, to);
    }
    if (is_somewhere(handle->peer)) {
        buffer_add_text(to, " -> ");
        address_show(handle->peer, to);
    }
    pthread_mutex_unlock(&handle->lock);
    buffer_print(to, " %s", row->state);
}

void offer_describe(struct handle *handle, struct buffer *to)
{
    if (!handle->is_socket) {
        buffer_add_text(to, type_with_article(TYPE_HANDLE));
        return;
    }
    struct row row = look_at(handle);
    describe(&row, to);
}

// The actor's variables that hold the row. Whether there were any.
static bool offer_names(struct offers *offers, const struct row *row)
{
    struct buffer about = {0};
    bool any = false;
    describe(row, &about);
    if (!row->open)
        buffer_print(&about, _(" (%s)"), _("closed"));
    for (size_t i = 0; i < offers->held_count; i++) {
        if (offers->held[i].handle == row->handle) {
            offer_add(offers, offers->held[i].name, buffer_str(&about));
            any = true;
        }
    }
    buffer_finish(&about);
    return any;
}

// Its number, with the variables of other actors that hold it.
static void offer_number(struct offers *offers, const struct row *row)
{
    struct buffer text = {0}, about = {0}, holders = {0};
    buffer_print(&text, "%d", row->handle->fd);
    describe(row, &about);
    if (variables_show_handle(offers->assist->session, row->handle, NULL, &holders))
        buffer_print(&about, _(" (%s)"), buffer_text(&holders));
    offer_add(offers, buffer_str(&text), buffer_str(&about));
    buffer_finish(&text);
    buffer_finish(&about);
    buffer_finish(&holders);
}

void offer_handles(struct offers *offers, enum fit fit)
{
    struct rows rows = look_at_all();
    // Those that fit, then the other open ones; closed ones last, as their state can be asked.
    for (int pass = 0; pass < 3; pass++) {
        bool open = pass < 2, fitting = pass == 0;
        for (size_t i = 0; i < rows.count; i++)
            if (rows.items[i].open == open && (!open || fits(&rows.items[i], fit) == fitting))
                rows.items[i].named = offer_names(offers, &rows.items[i]);
        // A number where there is no name, or one is being typed.
        for (size_t i = 0; open && i < rows.count; i++)
            if (rows.items[i].open && fits(&rows.items[i], fit) == fitting &&
                (!rows.items[i].named || offers->word.size > 0))
                offer_number(offers, &rows.items[i]);
    }
    rows_finish(&rows);
}

// --- addresses -----------------------------------------------------------------------------------

// Who listens everywhere is reached on this computer.
static void show_reachable(const struct address *address, struct buffer *to)
{
    static const uint8_t anywhere[16];
    size_t size = address->kind == ADDRESS_INET6 ? 16 : 4;
    bool inet = address->kind == ADDRESS_INET || address->kind == ADDRESS_INET6;
    if (!inet || memcmp(address->ip, anywhere, size) != 0)
        address_show(address, to);
    else
        buffer_print(to, "%s:%u", size == 4 ? "127.0.0.1" : "[::1]", address->port);
}

static void offer_address(struct offers *offers, struct row *row, bool peer)
{
    struct buffer text = {0}, about = {0};
    pthread_mutex_lock(&row->handle->lock);
    const struct address *address = peer ? row->handle->peer : row->handle->local;
    if (is_somewhere(address))
        show_reachable(address, &text);
    pthread_mutex_unlock(&row->handle->lock);
    if (row->open && row->listening)
        buffer_print(&about, _("%d listens there"), row->handle->fd);
    else
        buffer_print(&about, peer ? _("the peer of %d") : _("where %d is"), row->handle->fd);
    if (text.size > 0 && row->open)
        offer_add(offers, buffer_str(&text), buffer_str(&about));
    else if (text.size > 0)
        offer_add(offers, buffer_str(&text), str_from(_("used before")));
    buffer_finish(&text);
    buffer_finish(&about);
}

// NAME:PORT, or NAME: where the port is still to come.
static void offer_host(struct str name, struct str port, void *context)
{
    struct buffer text = {0};
    buffer_print(&text, "%.*s:%.*s", STR_ARG(name), STR_ARG(port));
    offer_add(context, buffer_str(&text), str_from(_("as hosts was told")));
    buffer_finish(&text);
}

void offer_addresses(struct offers *offers)
{
    struct rows rows = look_at_all();
    for (size_t i = 0; i < rows.count; i++)
        if (rows.items[i].open && rows.items[i].listening)
            offer_address(offers, &rows.items[i], false);
    offer_variables(offers, TYPE_ADDRESS);
    for (int open = 1; open >= 0; open--) {
        for (size_t i = 0; i < rows.count; i++) {
            if (rows.items[i].open == (open != 0)) {
                offer_address(offers, &rows.items[i], true);
                offer_address(offers, &rows.items[i], false);
            }
        }
    }
    hosts_each(offer_host, offers);
    offer_add(offers, STR("localhost:"), str_from(_("this computer")));
    rows_finish(&rows);
}
