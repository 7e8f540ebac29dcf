// calls: two rings, of calls and of the sockets they were made on.

#include "actor/calls.h"

#include <netinet/in.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "net/capture.h"
#include "net/confine.h"
#include "net/kernel.h"
#include "net/lan.h"
#include "net/network.h"

enum { OUTCOME_DATA = 32 }; // octets of data shown as an outcome

atomic_bool calls_are_kept;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; // guards what follows
static struct call_row *rows;                            // one in number % CALLS_MOST
static uint64_t last_row;                                // number of the newest
static struct call_socket *sockets; // in the order of their serials, from `socket_at` on, a ring
static size_t socket_at, socket_count;

void calls_keep(bool keep)
{
    pthread_mutex_lock(&lock);
    if (keep && rows == NULL) {
        rows = mem_zero(CALLS_MOST * sizeof *rows);
        sockets = mem_zero(SOCKETS_MOST * sizeof *sockets);
    } else if (!keep) {
        free(rows);
        free(sockets);
        rows = NULL;
        sockets = NULL;
        last_row = 0;
        socket_at = socket_count = 0;
    }
    atomic_store(&calls_are_kept, keep);
    pthread_mutex_unlock(&lock);
}

// In the thread that makes the host, in its namespace: net/lan.h.
static void host_made(const struct lan_host *host)
{
    if (capture_add_host(host->name) && host->unplugged)
        capture_pull(host->name, true);
}

void calls_follow(bool anywhere)
{
    char why[200];
    calls_keep(true);
    bool may = network_is_own() || (anywhere && !confine_is_on());
    if (may && capture_start(why, sizeof why))
        lan_when_made(host_made);
}

// --- sockets -------------------------------------------------------------------------------------

static void copy_name(char *to, size_t size, struct str name)
{
    size_t most = name.size < size - 1 ? name.size : size - 1;
    if (most > 0) // an empty one may be NULL, which memcpy(3) does not take
        memcpy(to, name.data, most);
    to[most] = '\0';
}

static struct call_socket *socket_number(size_t i)
{
    return &sockets[(socket_at + i) % SOCKETS_MOST];
}

// By halves, as serials go up. NULL when it is not there.
static struct call_socket *find_serial(uint64_t serial)
{
    size_t low = 0, high = socket_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (socket_number(middle)->serial < serial)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < socket_count && socket_number(low)->serial == serial;
    return found ? socket_number(low) : NULL;
}

// The address as packets have it; version 0 for what is none of theirs.
static struct packet_end end_of(const struct address *address)
{
    struct packet_end end = {0};
    // An IPv6 socket may talk IPv4, and shows it as ::ffff:127.0.0.1. RFC 4291 section 2.5.5.2
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
    if (address == NULL || (address->kind != ADDRESS_INET && address->kind != ADDRESS_INET6))
        return end;
    end.version = address->kind == ADDRESS_INET ? 4 : 6;
    end.port = address->port;
    memcpy(end.ip, address->ip, end.version == 4 ? 4 : 16);
    if (end.version == 6 && memcmp(end.ip, mapped, sizeof mapped) == 0) {
        memcpy(end.ip, end.ip + 12, 4);
        memset(end.ip + 4, 0, 12);
        end.version = 4;
    }
    return end;
}

// Puts a new socket where its serial belongs: two actors may come in another order than they were
// served.
static struct call_socket *add_socket(const struct handle *handle)
{
    if (socket_count == SOCKETS_MOST) {
        socket_at = (socket_at + 1) % SOCKETS_MOST;
        socket_count--;
    }
    size_t i = socket_count++;
    for (; i > 0 && socket_number(i - 1)->serial > handle->serial; i--)
        *socket_number(i) = *socket_number(i - 1);
    struct call_socket *socket = socket_number(i);
    *socket = (struct call_socket){.serial = handle->serial,
                                   .fd = handle->fd,
                                   .family = handle->family,
                                   .type = handle->type,
                                   .protocol = handle->protocol,
                                   .since = clock_now(CLOCK_REALTIME)};
    copy_name(socket->opener, sizeof socket->opener, str_from(handle->opener));
    if (handle->host != NULL)
        copy_name(socket->host, sizeof socket->host, str_from(handle->host->name));
    return socket;
}

static struct call_socket *meet_socket(const struct handle *handle)
{
    struct call_socket *socket = find_serial(handle->serial);
    return socket ? socket : add_socket(handle);
}

// What the row knows of the two ends, of a socket that is known. An end that is known already goes
// only when another comes: the kernel forgets a peer that has gone.
static void update_ends(struct handle *handle)
{
    pthread_mutex_lock(&handle->lock);
    struct packet_end local = end_of(handle->local), peer = end_of(handle->peer);
    pthread_mutex_unlock(&handle->lock);
    pthread_mutex_lock(&lock);
    struct call_socket *socket = rows ? find_serial(handle->serial) : NULL;
    if (socket != NULL && local.port != 0)
        socket->local = local;
    if (socket != NULL && peer.port != 0)
        socket->peer = peer;
    if (socket != NULL)
        socket->listens = atomic_load(&handle->listening);
    pthread_mutex_unlock(&lock);
}

static void ask_ends(struct handle *handle)
{
    if (handle_enter(handle)) {
        kernel_remember(handle);
        handle_leave(handle);
    }
    update_ends(handle);
}

// --- calls ---------------------------------------------------------------------------------------

// The socket that the call is made on, or NULL.
static struct handle *socket_of(const struct call *call)
{
    bool has = call->count > 0 && call->args[0].type == TYPE_HANDLE;
    return has && call->args[0].handle->is_socket ? call->args[0].handle : NULL;
}

static bool gives_socket(const struct command *command)
{
    return command->results.count > 0 && command->results.items[0].type == TYPE_HANDLE;
}

// The variable that the first argument is written as; a function's parameter comes later.
static void note_name(const struct call *call, struct call_socket *socket)
{
    const struct nodes *args = &call->node->call.args;
    if (socket->name[0] == '\0' && args->count > 0 && args->items[0]->type == NODE_VARIABLE)
        copy_name(socket->name, sizeof socket->name, args->items[0]->variable.name);
}

static int64_t number_behind(const struct call *call)
{
    bool given = call->count > 1 && call->args[1].type == TYPE_INT;
    return given ? call->args[1].number : -1;
}

uint64_t calls_begin(const struct call *call)
{
    struct handle *handle = socket_of(call);
    if (handle == NULL && !gives_socket(call->command))
        return 0;
    pthread_mutex_lock(&lock);
    uint64_t number = rows != NULL ? ++last_row : 0;
    if (number != 0) {
        struct call_row *row = &rows[number % CALLS_MOST];
        *row = (struct call_row){.number = number,
                                 .begin = clock_now(CLOCK_REALTIME),
                                 .number_given = number_behind(call),
                                 .sleeps = call->interp->waiter->sleeps,
                                 .phase = actor_of_call(call)->phase,
                                 .command = call->command->name};
        copy_name(row->actor, sizeof row->actor, str_from(actor_of_call(call)->name));
        for (size_t i = 1; i < call->count; i++)
            if (call->args[i].type == TYPE_ADDRESS)
                row->to = end_of(&call->args[i].address->address);
        if (handle != NULL) {
            struct call_socket *socket = meet_socket(handle);
            note_name(call, socket);
            row->socket = handle->serial;
            socket->closed = socket->closed || strcmp(row->command, "close") == 0;
        }
    }
    pthread_mutex_unlock(&lock);
    return number;
}

// In a few words; what is long or has a screen of its own is left out.
static void show_outcome(const struct call *call, bool good, char *to, size_t size)
{
    struct buffer text = {0};
    struct value value = call->result_count > 0 ? call->results[0] : VALUE_NONE;
    const struct symbol *error =
        !good && call->error.type == TYPE_ERROR ? call->error.error->name : NULL;
    if (error != NULL)
        buffer_add_text(&text, error->name);
    else if (good && value.type == TYPE_BYTES)
        bytes_show(value_str(value), OUTCOME_DATA, &text);
    else if (good && (value.type & (TYPE_INT | TYPE_HANDLE | TYPE_ADDRESS)))
        value_show(value, &text);
    struct str whole = buffer_str(&text);
    copy_name(to, size, str_slice(whole, 0, utf8_cut(whole, size - 1)));
    buffer_finish(&text);
}

// How much a call that went well has moved. sendall gives no count: it has sent everything.
static uint64_t octets_of(const struct call *call)
{
    const struct value *value = call->result_count > 0 ? &call->results[0] : NULL;
    bool sends = call->count > 1 && call->args[1].type == TYPE_BYTES;
    if (value == NULL)
        return sends ? arg_str(call, 1).size : 0;
    if (value->type == TYPE_BYTES &&
        !(arg_number_or(call, 2, 0) & (MSG_PEEK | MSG_OOB | MSG_ERRQUEUE)))
        return value_str(*value).size;
    return sends && value->type == TYPE_INT ? (uint64_t)value->number : 0;
}

// Sockets that the call gave, each met now. Their addresses are asked for first: an accepted one
// has both.
static void note_made(const struct call *call, uint64_t made[2])
{
    for (size_t i = 0; i < call->result_count && i < 2; i++) {
        if (call->results[i].type != TYPE_HANDLE)
            continue;
        struct handle *handle = call->results[i].handle;
        pthread_mutex_lock(&lock);
        if (rows != NULL)
            meet_socket(handle)->accepted = socket_of(call) != NULL;
        pthread_mutex_unlock(&lock);
        ask_ends(handle);
        made[i] = handle->serial;
    }
}

// Only calls that may have given the socket an address, or a peer.
static bool may_have_moved(struct handle *handle, const char *command)
{
    static const char *const movers[] = {"bind", "connect", "listen", "sendto"};
    for (size_t i = 0; i < sizeof movers / sizeof *movers; i++)
        if (strcmp(command, movers[i]) == 0)
            return true;
    pthread_mutex_lock(&handle->lock);
    bool unknown = handle->local == NULL;
    pthread_mutex_unlock(&handle->lock);
    return unknown;
}

void calls_end(const struct call *call, uint64_t number, bool good)
{
    struct handle *handle = socket_of(call);
    uint64_t made[2] = {0};
    char outcome[sizeof((struct call_row *)0)->outcome];
    int64_t end = clock_now(CLOCK_REALTIME);
    show_outcome(call, good, outcome, sizeof outcome);
    if (good)
        note_made(call, made);
    if (handle != NULL && may_have_moved(handle, call->command->name))
        ask_ends(handle);
    pthread_mutex_lock(&lock);
    struct call_row *row = rows != NULL ? &rows[number % CALLS_MOST] : NULL;
    if (row != NULL && row->number == number) { // else it is forgotten
        row->end = end;
        row->slept = call->interp->waiter->sleeps != row->sleeps;
        row->failed = !good;
        row->octets = good && handle != NULL ? octets_of(call) : 0;
        memcpy(row->made, made, sizeof made);
        memcpy(row->outcome, outcome, sizeof outcome);
    }
    pthread_mutex_unlock(&lock);
}

// --- looking -------------------------------------------------------------------------------------

// Rows of the table, with a reference each: asking takes the table's lock at times.
struct opened {
    struct handle **items;
    size_t count, capacity;
};

static void collect(struct handle *handle, void *context)
{
    struct opened *list = context;
    if (!handle->is_socket)
        return;
    list->items = mem_grow(list->items, list->count, &list->capacity, sizeof(struct handle *));
    handle_retain(handle);
    list->items[list->count++] = handle;
}

void calls_refresh(void)
{
    struct opened list = {0};
    handles_each(collect, &list);
    for (size_t i = 0; i < list.count; i++) {
        ask_ends(list.items[i]);
        handle_release(list.items[i]);
    }
    free(list.items);
}

static uint64_t first_row(void)
{
    return last_row > CALLS_MOST ? last_row - CALLS_MOST + 1 : 1;
}

void calls_each(uint64_t from, bool (*visit)(const struct call_row *row, void *context),
                void *context)
{
    pthread_mutex_lock(&lock);
    uint64_t number = from > first_row() ? from : first_row();
    while (rows != NULL && number <= last_row && visit(&rows[number % CALLS_MOST], context))
        number++;
    pthread_mutex_unlock(&lock);
}

void calls_each_socket(bool (*visit)(const struct call_socket *socket, void *context),
                       void *context)
{
    pthread_mutex_lock(&lock);
    for (size_t i = 0; i < socket_count && visit(socket_number(i), context); i++)
        continue;
    pthread_mutex_unlock(&lock);
}

// --- who it was ----------------------------------------------------------------------------------

// Whether a socket bound to `bound` gets what is sent to `to`: 0.0.0.0 and :: stand for all
// addresses, and :: for those of IPv4 as well. ipv6(7)
static bool covers(const struct packet_end *bound, const struct packet_end *to)
{
    static const uint8_t any[16];
    if (bound->version == 0 || bound->port != to->port)
        return false;
    if (memcmp(bound->ip, any, sizeof any) == 0)
        return bound->version == to->version || bound->version == 6;
    return packet_end_equal(bound, to);
}

static bool speaks(const struct call_socket *socket, uint8_t protocol)
{
    enum { TYPE_BITS = 0xF }; // without SOCK_NONBLOCK and SOCK_CLOEXEC
    int type = socket->type & TYPE_BITS;
    return (socket->family == AF_INET || socket->family == AF_INET6) &&
           ((protocol == IPPROTO_TCP && type == SOCK_STREAM) ||
            (protocol == IPPROTO_UDP && type == SOCK_DGRAM));
}

// How well it fits: 0 not at all, 1 bound there, 2 with that very peer.
static int fit(const struct call_socket *socket, uint8_t protocol, const struct packet_end *local,
               const struct packet_end *peer)
{
    if (!speaks(socket, protocol) || !covers(&socket->local, local))
        return 0;
    if (socket->peer.version == 0)
        return 1;
    if (packet_end_equal(&socket->peer, peer))
        return 2;
    return protocol == IPPROTO_UDP ? 1 : 0; // it may have had another peer then, or none
}

// Of those that fit equally well, the one whose conversation this is: the last that was there when
// it began, of accepted ones the first that was made then.
static bool is_better(const struct call_socket *socket, const struct call_socket *than,
                      int64_t time)
{
    if (!socket->accepted)
        return socket->since <= time;
    return socket->since >= time && than->since < time;
}

static const struct call_socket *best_socket(uint8_t protocol, const struct packet_end *local,
                                             const struct packet_end *peer, const char *host,
                                             int64_t time)
{
    const struct call_socket *best = NULL;
    int best_fit = 0;
    for (size_t i = 0; i < socket_count; i++) {
        const struct call_socket *socket = socket_number(i);
        bool elsewhere = host != NULL && strcmp(socket->host, host) != 0;
        int fits = elsewhere ? 0 : fit(socket, protocol, local, peer);
        if (fits > best_fit || (fits > 0 && fits == best_fit && is_better(socket, best, time))) {
            best = socket;
            best_fit = fits;
        }
    }
    return best;
}

// The socket of a connect to `peer` that was under way at `time`, when its own address is unknown.
static const struct call_socket *connecting(const struct packet_end *peer, int64_t time)
{
    for (uint64_t number = last_row; number >= first_row() && number > 0; number--) {
        const struct call_row *row = &rows[number % CALLS_MOST];
        if (row->begin <= time && (row->end == 0 || row->end >= time) &&
            strcmp(row->command, "connect") == 0 && packet_end_equal(&row->to, peer))
            return find_serial(row->socket);
    }
    return NULL;
}

bool calls_find_socket(uint8_t protocol, const struct packet_end *local,
                       const struct packet_end *peer, const char *host, int64_t time,
                       struct call_socket *socket)
{
    const struct call_socket *found = NULL;
    pthread_mutex_lock(&lock);
    if (rows != NULL)
        found = best_socket(protocol, local, peer, host, time);
    if (rows != NULL && found == NULL && protocol == IPPROTO_TCP)
        found = connecting(peer, time);
    if (found != NULL)
        *socket = *found;
    pthread_mutex_unlock(&lock);
    return found != NULL;
}

bool calls_find_cause(uint64_t serial, int64_t time, struct call_row *row)
{
    bool found = false;
    pthread_mutex_lock(&lock);
    for (uint64_t number = last_row; rows != NULL && number >= first_row() && !found; number--) {
        const struct call_row *at = &rows[number % CALLS_MOST];
        found = at->begin <= time && at->socket == serial;
        if (found)
            *row = *at;
    }
    pthread_mutex_unlock(&lock);
    return found;
}
