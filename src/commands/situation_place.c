// situation_place: addresses of a failed call and who has them: tests for the table.

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/message.h"
#include "commands/situation.h"
#include "net/ports.h"
#include "net/proc.h"
#include "net/sock_diag.h"

// --- comparing places ----------------------------------------------------------------------------

static bool is_inet_address(const struct address *address)
{
    return address != NULL && (address->kind == ADDRESS_INET || address->kind == ADDRESS_INET6);
}

// 0.0.0.0 or [::], whatever the port.
static bool is_wildcard(const struct address *address)
{
    static const uint8_t zero[16];
    return memcmp(address->ip, zero, address->kind == ADDRESS_INET ? 4 : 16) == 0;
}

// Whether sockets at the two places get in each other's way: the same port, and the same host or a
// wildcard, which stands for every host. A socket at [::] takes IPv4 as well, unless told
// otherwise.
static bool overlap(const struct address *a, const struct address *b)
{
    if (!is_inet_address(a) || !is_inet_address(b) || a->port != b->port)
        return false;
    if (a->kind != b->kind)
        return is_wildcard(a->kind == ADDRESS_INET6 ? a : b);
    return is_wildcard(a) || is_wildcard(b) || memcmp(a->ip, b->ip, sizeof a->ip) == 0;
}

// Whether packets to `place` reach a socket bound to `bound`. A server at 0.0.0.0 is at every
// address; a client that names 0.0.0.0 means 127.0.0.1.
static bool reaches(const struct address *place, const struct address *bound)
{
    static const uint8_t loopback[4] = {127, 0, 0, 1};
    struct address meant = {0};
    memcpy(&meant, place, address_size(place)); // an argument has no more than that
    if (place->kind == ADDRESS_INET && is_wildcard(place))
        memcpy(meant.ip, loopback, sizeof loopback);
    return overlap(&meant, bound);
}

// --- our own rows --------------------------------------------------------------------------------

// How much a row is to blame; the largest wins.
enum blame { BLAME_NONE, BLAME_CONNECTION, BLAME_BOUND, BLAME_LISTENER };

struct search {
    struct scene *scene;
    const struct address *place; // that others may have …
    const struct lan_host *host; // … and where that is
    bool elsewhere;              // rows with the port at a place that `place` does not reach
    enum blame blame;            // of the best so far
    enum blame least;            // that counts
};

// The address that the row's socket is bound to. Under handles_lock(), which keeps the descriptor.
static bool row_place(const struct handle *row, struct address *local)
{
    struct sockaddr_storage storage;
    socklen_t size = sizeof storage;
    if (!row->is_socket || handle_is_dead(row) ||
        getsockname(row->fd, (struct sockaddr *)&storage, &size) < 0)
        return false;
    address_from_sockaddr(&storage, size, local);
    return local->port != 0 || local->text_size > 0;
}

static enum blame blame_of(const struct handle *row)
{
    struct sockaddr_storage storage;
    socklen_t size = sizeof storage;
    if (atomic_load(&row->listening))
        return BLAME_LISTENER;
    bool connected = getpeername(row->fd, (struct sockaddr *)&storage, &size) == 0;
    return connected ? BLAME_CONNECTION : BLAME_BOUND;
}

static bool matches_place(const struct search *search, const struct address *local)
{
    const struct address *place = search->place;
    if (place->kind == ADDRESS_UNIX)
        return !search->elsewhere && address_equal(place, local);
    if (search->elsewhere)
        return is_inet_address(local) && local->port == place->port && !reaches(place, local);
    return overlap(place, local);
}

// Called under handles_lock() for each row.
static void look_at_row(struct handle *row, void *context)
{
    struct search *search = context;
    struct scene *scene = search->scene;
    struct address local;
    if (row == scene->handle || row->host != search->host || row->type != scene->handle->type ||
        !row_place(row, &local) || !matches_place(search, &local))
        return;
    enum blame blame = blame_of(row);
    if (blame <= search->blame || blame < search->least)
        return;
    search->blame = blame;
    if (scene->other != NULL)
        handle_release(scene->other);
    handle_retain(row);
    scene->other = row;
    scene->found = local;
}

// The row that has `place`, or its port elsewhere: `other`, with its address in `found`.
static enum blame search_rows(struct scene *scene, const struct address *place, bool elsewhere,
                              enum blame least)
{
    struct search search = {.scene = scene, .place = place, .elsewhere = elsewhere, .least = least};
    if (scene->handle == NULL || place == NULL)
        return BLAME_NONE;
    search.host = lan_reached(scene->handle->host, place);
    handles_each(look_at_row, &search);
    return search.blame;
}

bool scene_own_holder(struct scene *scene)
{
    return search_rows(scene, scene->to, false, BLAME_CONNECTION) != BLAME_NONE;
}

bool scene_own_abstract(struct scene *scene)
{
    return scene_is_unix_address(scene) && scene->to->text_size > 0 && scene->to->text[0] == '\0' &&
           scene_own_holder(scene);
}

bool scene_own_path(struct scene *scene)
{
    return scene_is_unix_address(scene) && scene_own_holder(scene);
}

bool scene_own_listener(struct scene *scene)
{
    return search_rows(scene, &scene->local, false, BLAME_LISTENER) != BLAME_NONE;
}

bool scene_bound_not_listening(struct scene *scene)
{
    return search_rows(scene, scene->to, false, BLAME_BOUND) == BLAME_BOUND;
}

bool scene_listens_elsewhere(struct scene *scene)
{
    return search_rows(scene, scene->to, true, BLAME_LISTENER) == BLAME_LISTENER;
}

// --- the kernel's list ---------------------------------------------------------------------------

// What the kernel's list has at a place.
struct listing {
    const struct address *place;
    bool elsewhere;                // as in struct search, and only listeners
    bool foreign, ending, resting; // a socket of another program; one that nobody has; TIME_WAIT
    struct sock_diag_entry found;  // the most important of these
};

// Sockets of ours are found among the rows, so that what somebody has is another program's. A
// connection that nobody has was closed, or waits to be accepted.
static void look_at_entry(const struct sock_diag_entry *entry, void *context)
{
    struct listing *listing = context;
    bool matches = listing->elsewhere ? !reaches(listing->place, &entry->local)
                                      : overlap(listing->place, &entry->local);
    if (!matches || (listing->elsewhere && entry->state != TCP_LISTEN) || listing->foreign)
        return;
    if (entry->inode != 0) {
        listing->foreign = true;
        listing->found = *entry;
    } else if (entry->state != TCP_TIME_WAIT) {
        listing->ending = true;
        listing->found = *entry;
    } else if (!listing->ending &&
               (!listing->resting || entry->expires_ms > listing->found.expires_ms)) {
        listing->found = *entry; // the one that rests longest
        listing->resting = true;
    }
}

// IPv4 and IPv6 share their ports, where a wildcard is among them.
static struct listing list(const struct scene *scene, const struct address *place, bool elsewhere)
{
    struct listing listing = {.place = place, .elsewhere = elsewhere};
    if (scene->handle == NULL || !is_inet_address(place))
        return listing;
    int protocol = scene->handle->type == SOCK_STREAM ? IPPROTO_TCP : IPPROTO_UDP;
    const struct lan_host *host = lan_reached(scene->handle->host, place);
    sock_diag_each(host, AF_INET, protocol, place->port, look_at_entry, &listing);
    sock_diag_each(host, AF_INET6, protocol, place->port, look_at_entry, &listing);
    return listing;
}

// For `found` and `word`.
static void keep_entry(struct scene *scene, const struct sock_diag_entry *entry)
{
    scene->found = entry->local;
    bool tcp = scene->handle->type == SOCK_STREAM;
    strncpy(scene->word, tcp ? kernel_tcp_state_name(entry->state) : "UDP", sizeof scene->word - 1);
}

bool scene_time_wait(struct scene *scene)
{
    struct listing listing = list(scene, scene->to, false);
    scene->amount = (listing.found.expires_ms + 999) / 1000;
    return listing.resting && !listing.ending && !listing.foreign;
}

bool scene_time_wait_reusing(struct scene *scene)
{
    int reuse = 0;
    socklen_t size = sizeof reuse;
    return scene->open &&
           getsockopt(scene->handle->fd, SOL_SOCKET, SO_REUSEADDR, &reuse, &size) == 0 && reuse &&
           scene_time_wait(scene);
}

bool scene_still_ending(struct scene *scene)
{
    struct listing listing = list(scene, scene->to, false);
    keep_entry(scene, &listing.found);
    return listing.ending && !listing.foreign;
}

bool scene_foreign_holder(struct scene *scene)
{
    struct listing listing = list(scene, scene->to, false);
    keep_entry(scene, &listing.found);
    return listing.foreign;
}

bool scene_foreign_elsewhere(struct scene *scene)
{
    struct listing listing = list(scene, scene->to, true);
    scene->found = listing.found.local;
    return listing.foreign;
}

// A row and the address called that are of IPv4 and IPv6.
static bool crosses_families(const struct scene *scene)
{
    return scene->found.kind != scene->to->kind;
}

bool scene_listens_in_other_family(struct scene *scene)
{
    return scene_listens_elsewhere(scene) && crosses_families(scene);
}

bool scene_foreign_in_other_family(struct scene *scene)
{
    return scene_foreign_elsewhere(scene) && crosses_families(scene);
}

// --- ports ---------------------------------------------------------------------------------------

bool scene_is_port_0(struct scene *scene)
{
    return is_inet_address(scene->to) && scene->to->port == 0;
}

// Sets `word` to the range that the kernel gives ports from: 40010 to 40017. 0 when it is unknown.
static int learn_range(struct scene *scene, int *lowest, int *highest)
{
    struct buffer text = {0};
    if (ports_get(lowest, highest) != 0)
        return 0;
    buffer_print(&text, _("%d to %d"), *lowest, *highest);
    strncpy(scene->word, buffer_text(&text), sizeof scene->word - 1);
    buffer_finish(&text);
    return *highest - *lowest + 1;
}

bool scene_shows_range(struct scene *scene)
{
    int lowest, highest;
    return scene_is_port_0(scene) && learn_range(scene, &lowest, &highest) > 0;
}

// The first socket of ours that is in the way at a port of the range. In a wide range one of many
// would explain nothing.
static bool find_in_range(struct scene *scene, const struct address *place, enum blame least)
{
    enum { FEW = 16 };
    int lowest, highest, count = learn_range(scene, &lowest, &highest);
    for (int port = lowest; count > 0 && count <= FEW && port <= highest; port++) {
        struct address at = {0};
        memcpy(&at, place, address_size(place)); // an argument has no more than that
        at.port = (uint16_t)port;
        if (search_rows(scene, &at, false, least) != BLAME_NONE)
            return true;
    }
    return false;
}

bool scene_own_in_range(struct scene *scene)
{
    return scene_is_port_0(scene) && find_in_range(scene, scene->to, BLAME_CONNECTION);
}

// connect shares a port with other connections, but with no socket that was bound to it, whichever
// address that has: inet_hash_connect() in the kernel. [::] stands for all of both families.
bool scene_own_takes_port(struct scene *scene)
{
    struct address any = {.kind = ADDRESS_INET6};
    return scene_is_tcp(scene) && find_in_range(scene, &any, BLAME_BOUND);
}

// 1024 unless the administrator has said otherwise: ip(7).
bool scene_is_low_port(struct scene *scene)
{
    char text[20];
    if (!is_inet_address(scene->to) ||
        proc_read("/proc/sys/net/ipv4/ip_unprivileged_port_start", text, sizeof text) != 0)
        return false;
    scene->amount = strtol(text, NULL, 10);
    return scene->to->port < scene->amount;
}

// --- paths ---------------------------------------------------------------------------------------

bool scene_is_unix_address(struct scene *scene)
{
    return scene->to != NULL && scene->to->kind == ADDRESS_UNIX;
}

// 0 or an errno. An abstract name, which begins with NUL, is no file.
static int path_status(const struct scene *scene, struct stat *status)
{
    char path[sizeof scene->to->text + 1];
    if (scene->to == NULL || scene->to->kind != ADDRESS_UNIX || scene->to->text[0] == '\0')
        return ENOTSUP;
    snprintf(path, sizeof path, "%.*s", (int)scene->to->text_size, scene->to->text);
    return stat(path, status) < 0 ? errno : 0;
}

// Whether a line of /proc/net/unix (as the calling thread has it) ends in the path: its last
// column. unix(7) has no other way to ask that leaves the socket alone.
static bool is_listed(struct str path)
{
    char line[512];
    bool found = false;
    handles_lock();
    FILE *list = fopen("/proc/thread-self/net/unix", "re");
    while (list != NULL && !found && fgets(line, sizeof line, list) != NULL) {
        struct str text = str_trim(str_from(line), "\n");
        found = text.size > path.size && str_ends(text, path) &&
                text.data[text.size - path.size - 1] == ' ';
    }
    if (list != NULL)
        fclose(list);
    handles_unlock();
    return found;
}

static struct str path_of(const struct scene *scene)
{
    return (struct str){scene->to->text, scene->to->text_size};
}

bool scene_path_in_use(struct scene *scene)
{
    struct stat status;
    return path_status(scene, &status) == 0 && S_ISSOCK(status.st_mode) &&
           is_listed(path_of(scene));
}

bool scene_path_is_stale(struct scene *scene)
{
    struct stat status;
    return path_status(scene, &status) == 0 && S_ISSOCK(status.st_mode) &&
           !is_listed(path_of(scene));
}

bool scene_path_is_no_socket(struct scene *scene)
{
    struct stat status;
    return path_status(scene, &status) == 0 && !S_ISSOCK(status.st_mode);
}

bool scene_path_missing(struct scene *scene)
{
    struct stat status;
    return path_status(scene, &status) == ENOENT;
}

// --- addresses of this computer ------------------------------------------------------------------

// Calls `good` for each address of each interface until it says yes.
static bool any_interface(bool (*good)(const struct kernel_interface *interface,
                                       const struct address *address),
                          const struct address *address)
{
    struct kernel_interface *interfaces = NULL;
    size_t count = 0;
    bool found = false;
    if (kernel_interfaces(&interfaces, &count) != 0)
        return false;
    for (size_t i = 0; i < count && !found; i++)
        found = good(&interfaces[i], address);
    free(interfaces);
    return found;
}

static bool has_host(const struct kernel_interface *interface, const struct address *address)
{
    return interface->has_address && interface->host.kind == address->kind &&
           memcmp(interface->host.ip, address->ip, sizeof address->ip) == 0;
}

static bool is_ipv6(const struct kernel_interface *interface, const struct address *address)
{
    (void)address;
    return interface->has_address && interface->host.kind == ADDRESS_INET6;
}

// 1.0.0.127: a number that was not put into network order, or twice.
bool scene_is_swapped(struct scene *scene)
{
    if (scene->to == NULL || scene->to->kind != ADDRESS_INET)
        return false;
    memcpy(&scene->found, scene->to, address_size(scene->to));
    for (size_t i = 0; i < 4; i++)
        scene->found.ip[i] = scene->to->ip[3 - i];
    return any_interface(has_host, &scene->found);
}

// fe80::/10: RFC 4291 section 2.5.6.
bool scene_lacks_zone(struct scene *scene)
{
    const struct address *to = scene->to;
    return to != NULL && to->kind == ADDRESS_INET6 && to->ip[0] == 0xFE &&
           (to->ip[1] & 0xC0) == 0x80 && to->scope == 0;
}

bool scene_has_no_ipv6(struct scene *scene)
{
    return scene->to != NULL && scene->to->kind == ADDRESS_INET6 &&
           !any_interface(is_ipv6, scene->to);
}

static bool is_loopback_up(const struct kernel_interface *interface, const struct address *address)
{
    (void)address;
    return strcmp(interface->name, "lo") == 0 && interface->up;
}

bool scene_loopback_is_down(struct scene *scene)
{
    return scene->to != NULL && address_is_loopback(scene->to) &&
           !any_interface(is_loopback_up, scene->to);
}

bool scene_leaves_loopback(struct scene *scene)
{
    return scene->to != NULL && scene->has_local && address_is_loopback(&scene->local) &&
           is_inet_address(scene->to) && !address_is_loopback(scene->to);
}

bool scene_is_group(struct scene *scene)
{
    const struct address *to = scene->to;
    return to != NULL && ((to->kind == ADDRESS_INET && to->ip[0] >> 4 == 14) ||
                          (to->kind == ADDRESS_INET6 && to->ip[0] == 0xFF));
}

// Only the kernel knows the networks: it refuses a UDP connect to a broadcast address, as long as
// nobody has asked for SO_BROADCAST. No packet leaves.
bool scene_is_broadcast(struct scene *scene)
{
    struct sockaddr_storage storage;
    if (scene->to == NULL || scene->to->kind != ADDRESS_INET)
        return false;
    socklen_t size = address_to_sockaddr(scene->to, &storage);
    handles_lock();
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    bool refused = fd >= 0 && connect(fd, (struct sockaddr *)&storage, size) < 0 && errno == EACCES;
    if (fd >= 0)
        close(fd);
    handles_unlock();
    return refused;
}
