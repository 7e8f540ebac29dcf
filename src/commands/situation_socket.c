// situation_socket: what a failed call's socket and arguments are like: tests for the table.

#include <limits.h>
#include <linux/tcp.h> // its struct tcp_info has fields that <netinet/tcp.h> lacks
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "commands/situation.h"

// --- kinds of sockets ----------------------------------------------------------------------------

static bool is_inet(const struct scene *scene, int type)
{
    const struct handle *handle = scene->handle;
    return handle != NULL && handle->is_socket && handle->type == type &&
           (handle->family == AF_INET || handle->family == AF_INET6);
}

bool scene_is_udp(struct scene *scene)
{
    return is_inet(scene, SOCK_DGRAM);
}

bool scene_is_tcp(struct scene *scene)
{
    return is_inet(scene, SOCK_STREAM);
}

static bool is_unix(struct scene *scene)
{
    return scene->handle != NULL && scene->handle->is_socket && scene->handle->family == AF_UNIX;
}

bool scene_is_no_stream(struct scene *scene)
{
    return scene->handle != NULL && scene->handle->is_socket && scene->handle->type == SOCK_DGRAM;
}

// Of the arguments of socket, which has no handle yet.
bool scene_is_raw(struct scene *scene)
{
    return arg_number_or(scene->call, 0, AF_INET) == AF_PACKET ||
           arg_number_or(scene->call, 1, SOCK_STREAM) == SOCK_RAW;
}

// --- states --------------------------------------------------------------------------------------

// Copies nothing and asks nothing: the state was asked for when the scene was set.
static bool has_state(const struct scene *scene, const char *name)
{
    return strcmp(scene->state.name, name) == 0;
}

bool scene_is_stale(struct scene *scene)
{
    return scene->handle != NULL && handle_is_dead(scene->handle);
}

bool scene_does_not_listen(struct scene *scene)
{
    return !has_state(scene, "LISTEN");
}

bool scene_listens_alone(struct scene *scene)
{
    return has_state(scene, "LISTEN");
}

bool scene_is_connected(struct scene *scene)
{
    static const char *const states[] = {"ESTABLISHED", "CONNECTED", "CLOSE_WAIT", "FIN_WAIT1",
                                         "FIN_WAIT2",   "CLOSING",   "LAST_ACK"};
    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        if (has_state(scene, states[i]))
            return true;
    return false;
}

// Where a FIN of this end has gone out, whatever the peer has done.
bool scene_finished(struct scene *scene)
{
    static const char *const states[] = {"FIN_WAIT1", "FIN_WAIT2", "CLOSING", "LAST_ACK",
                                         "TIME_WAIT"};
    struct pollfd one = {scene->open ? scene->handle->fd : -1, POLLOUT, 0};
    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        if (has_state(scene, states[i]))
            return true;
    // AF_UNIX has no such states: with a peer, and without one that hung up, it was this end.
    return is_unix(scene) && has_state(scene, "CONNECTED") && poll(&one, 1, 0) > 0 &&
           !(one.revents & POLLHUP);
}

// Where the row's socket is and where its peer is, as far as that was ever known.
static void last_known(struct handle *row, struct address *local, struct address *peer)
{
    pthread_mutex_lock(&row->lock);
    if (row->local != NULL)
        memcpy(local, row->local, address_size(row->local));
    if (row->peer != NULL)
        memcpy(peer, row->peer, address_size(row->peer));
    pthread_mutex_unlock(&row->lock);
}

// For match_other_end().
struct end_search {
    struct scene *scene;
    bool same_host; // the socket's address is on every host, as 127.0.0.1 is
};

// Looks among the rows for the other end of the connection. A server has many of one local address:
// where the peer's is known, it decides. Called under handles_lock().
static void match_other_end(struct handle *row, void *context)
{
    const struct end_search *search = context;
    struct scene *scene = search->scene;
    struct sockaddr_storage storage;
    struct address local = {0}, peer = {0}, own = {0}, known = {0};
    socklen_t size = sizeof storage;
    if (row == scene->handle || scene->other != NULL || !row->is_socket)
        return;
    last_known(row, &local, &peer);
    last_known(scene->handle, &own, &known);
    if (!handle_is_dead(row) && getpeername(row->fd, (struct sockaddr *)&storage, &size) == 0)
        address_from_sockaddr(&storage, size, &peer);
    size = sizeof storage;
    if (!handle_is_dead(row) && getsockname(row->fd, (struct sockaddr *)&storage, &size) == 0)
        address_from_sockaddr(&storage, size, &local);
    if (row->type == scene->handle->type && address_equal(&peer, &scene->local) &&
        (!search->same_host || row->host == scene->handle->host) &&
        (known.port == 0 || address_equal(&local, &known))) {
        handle_retain(row);
        scene->other = row;
    }
}

// The kernel forgets the peer of a connection that is gone, but not that packets have come: a fresh
// socket has had none, and a connect that fails clears the count. tcp(7)
bool scene_had_peer(struct scene *scene)
{
    struct tcp_info info = {0};
    socklen_t size = sizeof info;
    if (!scene_is_tcp(scene) || !scene->open || has_state(scene, "LISTEN"))
        return false;
    return scene->has_peer ||
           (getsockopt(scene->handle->fd, IPPROTO_TCP, TCP_INFO, &info, &size) == 0 &&
            info.tcpi_segs_in > 0);
}

bool scene_had_known_peer(struct scene *scene)
{
    if (!scene_had_peer(scene) || !scene->has_local)
        return false;
    struct end_search search = {scene, lan_owner(&scene->local) == NULL};
    handles_each(match_other_end, &search);
    return scene->other != NULL;
}

// Who closes has no descriptor left, and whom a reset has reached sends none: an open socket that
// has lost its connection was told that nothing comes back, and answers with a reset since. tcp(7)
bool scene_peer_gave_up(struct scene *scene)
{
    struct kernel_state state = {.name = ""};
    return scene_had_known_peer(scene) && !handle_is_dead(scene->other) &&
           kernel_state(scene->other, &state) == 0 && strcmp(state.name, "CLOSED") == 0;
}

// Looks for a connection that was accepted from the listener: the same port, and a peer.
static void match_accepted(struct handle *row, void *context)
{
    struct scene *scene = context;
    struct sockaddr_storage storage;
    struct address local;
    socklen_t size = sizeof storage;
    if (handle_is_dead(row) || !row->is_socket || row->host != scene->handle->host ||
        row->family != scene->handle->family || row->type != scene->handle->type ||
        atomic_load(&row->listening) ||
        getpeername(row->fd, (struct sockaddr *)&storage, &size) < 0)
        return;
    size = sizeof storage;
    if (getsockname(row->fd, (struct sockaddr *)&storage, &size) < 0)
        return;
    address_from_sockaddr(&storage, size, &local);
    if (local.port != scene->local.port ||
        (local.port == 0 && !address_equal(&local, &scene->local)))
        return;
    if (scene->other != NULL) // the newest is most likely meant
        handle_release(scene->other);
    handle_retain(row);
    scene->other = row;
}

bool scene_listens(struct scene *scene)
{
    if (!has_state(scene, "LISTEN"))
        return false;
    handles_each(match_accepted, scene);
    return scene->other != NULL;
}

bool scene_is_bound(struct scene *scene)
{
    return scene->has_local;
}

bool scene_is_unbound_unix(struct scene *scene)
{
    return is_unix(scene) && !scene->has_local;
}

// --- arguments -----------------------------------------------------------------------------------

// The flags are the last argument of every call that takes some.
static bool has_flag(const struct scene *scene, int flag)
{
    const struct call *call = scene->call;
    size_t last = call->command->params.count - 1;
    return call->command->params.items[last].family == FAMILY_MSG &&
           (arg_int_or(call, last, 0) & flag);
}

bool scene_asks_not_to_wait(struct scene *scene)
{
    return has_flag(scene, MSG_DONTWAIT);
}

bool scene_asks_error_queue(struct scene *scene)
{
    return has_flag(scene, MSG_ERRQUEUE);
}

bool scene_asks_urgent(struct scene *scene)
{
    return has_flag(scene, MSG_OOB);
}

bool scene_mixes_families(struct scene *scene)
{
    struct sockaddr_storage storage;
    struct buffer name = {0};
    if (scene->handle == NULL || scene->to == NULL || !scene->handle->is_socket ||
        address_to_sockaddr(scene->to, &storage) == 0 || storage.ss_family == scene->handle->family)
        return false;
    symbol_show(FAMILY_AF, scene->handle->family, &name);
    strncpy(scene->word, buffer_text(&name), sizeof scene->word - 1);
    buffer_finish(&name);
    return true;
}

bool scene_counts_octets(struct scene *scene)
{
    scene->amount = (int64_t)arg_str(scene->call, 1).size;
    return true;
}

// 65,535 octets of IPv4 less both headers; over IPv6 its own header is not counted. udp(7)
bool scene_is_too_large(struct scene *scene)
{
    scene_counts_octets(scene);
    return scene_is_udp(scene) &&
           scene->amount > (scene->handle->family == AF_INET ? 65507 : 65527);
}

bool scene_names_option(struct scene *scene)
{
    const struct symbol *symbol = value_symbol_of(arg(scene->call, 1));
    if (symbol == NULL)
        return false;
    strncpy(scene->word, symbol->name, sizeof scene->word - 1);
    return true;
}

// The option of the call; NULL where another constant stands.
static const struct option *option_named(struct scene *scene)
{
    return scene_names_option(scene) ? option_of(value_symbol_of(arg(scene->call, 1))) : NULL;
}

bool scene_only_reads(struct scene *scene)
{
    const struct option *option = option_named(scene);
    return option != NULL && !option->writable;
}

bool scene_only_sets(struct scene *scene)
{
    const struct option *option = option_named(scene);
    return option != NULL && !option->readable;
}

// --- waiting -------------------------------------------------------------------------------------

bool scene_is_nonblocking(struct scene *scene)
{
    return scene->handle != NULL && !atomic_load(&scene->handle->blocking);
}

// A time-out of 0 is none.
bool scene_has_receive_limit(struct scene *scene)
{
    struct timeval limit = {0};
    socklen_t size = sizeof limit;
    if (!scene->open || getsockopt(scene->handle->fd, SOL_SOCKET, SO_RCVTIMEO, &limit, &size) < 0)
        return false;
    scene->amount = limit.tv_sec * 1000000000LL + limit.tv_usec * 1000LL;
    return scene->amount > 0;
}

bool scene_has_unacknowledged(struct scene *scene)
{
    int64_t to_read;
    return scene_is_tcp(scene) && !has_state(scene, "LISTEN") &&
           kernel_queued(scene->handle, &to_read, &scene->amount) == 0 && scene->amount > 0;
}

// What RLIMIT_NOFILE says now: setrlimit may have lowered it.
bool scene_counts_limit(struct scene *scene)
{
    struct rlimit limit = {0};
    getrlimit(RLIMIT_NOFILE, &limit);
    scene->amount = limit.rlim_cur > INT_MAX ? INT_MAX : (int64_t)limit.rlim_cur;
    return true;
}
