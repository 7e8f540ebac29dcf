// situation_host: a failed call among hosts of the run's own: tests for the table.

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "commands/situation.h"
#include "net/lan.h"

bool scene_is_between_hosts(struct scene *scene)
{
    return scene->there != NULL && scene->there != scene->here;
}

bool scene_is_on_host(struct scene *scene)
{
    return scene->here != NULL;
}

bool scene_is_off_hosts(struct scene *scene)
{
    return scene->here == NULL && lan_has_hosts();
}

// --- routers -------------------------------------------------------------------------------------

// Of another network than any that the socket's host is in: what is said of it, a router has said.
bool scene_is_behind_router(struct scene *scene)
{
    struct link_address to = {0};
    if (scene->here == NULL || scene->to == NULL ||
        (scene->to->kind != ADDRESS_INET && scene->to->kind != ADDRESS_INET6))
        return false;
    to.family = scene->to->kind == ADDRESS_INET ? AF_INET : AF_INET6;
    memcpy(to.ip, scene->to->ip, sizeof to.ip);
    for (size_t i = 0; i < scene->here->leg_count; i++)
        if (link_contains(&scene->here->legs[i].at, &to))
            return false;
    return true;
}

// Called under the lock of net/lan.h.
static void count_router(struct lan_host *host, void *context)
{
    *(int64_t *)context += host->forwards;
}

// Each router takes one; there are no more on any way than there are.
bool scene_runs_out(struct scene *scene)
{
    int hops = 0;
    int64_t routers = 0;
    socklen_t size = sizeof hops;
    if (!scene->open || !scene_is_behind_router(scene))
        return false;
    bool is_new = scene->to->kind == ADDRESS_INET6;
    if (getsockopt(scene->handle->fd, is_new ? IPPROTO_IPV6 : IPPROTO_IP,
                   is_new ? IPV6_UNICAST_HOPS : IP_TTL, &hops, &size) < 0)
        return false;
    lan_each(count_router, &routers);
    scene->amount = hops;
    return hops > 0 && hops <= routers;
}

// --- cables --------------------------------------------------------------------------------------

// Keeps the name of a host that is unplugged: one of the two ends, else a router, through which the
// way may lead, and any when the kernel has forgotten the peer. Called under the lock of net/lan.h.
static void look_for_pulled(struct lan_host *host, void *context)
{
    struct scene *scene = context;
    bool end = host == scene->here || host == scene->there;
    bool between = host->forwards || scene->there == NULL;
    if (host->unplugged && (end || (between && scene->word[0] == '\0')))
        strncpy(scene->word, host->name, sizeof scene->word - 1);
}

bool scene_is_unplugged(struct scene *scene)
{
    scene->word[0] = '\0';
    if (scene->here != NULL)
        lan_each(look_for_pulled, scene);
    return scene->word[0] != '\0';
}

// --- listeners on other hosts --------------------------------------------------------------------

// Called under handles_lock(), which keeps the descriptor. The first that fits.
static void look_at_listener(struct handle *row, void *context)
{
    struct scene *scene = context;
    struct sockaddr_storage storage;
    socklen_t size = sizeof storage;
    struct address local = {0};
    if (scene->other != NULL || handle_is_dead(row) || !atomic_load(&row->listening) ||
        row->host == scene->here || getsockname(row->fd, (struct sockaddr *)&storage, &size) < 0)
        return;
    address_from_sockaddr(&storage, size, &local);
    // The loopback of the other host when its address was called, else any of its addresses.
    bool fits = address_is_loopback(scene->to)
                    ? row->host != NULL
                    : row->host == scene->there && address_is_loopback(&local);
    if (local.port != scene->to->port || !fits)
        return;
    handle_retain(row);
    scene->other = row;
    scene->found = local;
}

bool scene_listens_on_its_loopback(struct scene *scene)
{
    if (scene_is_between_hosts(scene))
        handles_each(look_at_listener, scene);
    return scene->other != NULL;
}

bool scene_listens_on_other_host(struct scene *scene)
{
    if (scene->here == NULL || scene->to == NULL || !address_is_loopback(scene->to))
        return false;
    handles_each(look_at_listener, scene);
    if (scene->other != NULL)
        scene->there = scene->other->host;
    return scene->other != NULL;
}

bool scene_listens_on_other_loopback(struct scene *scene)
{
    return scene_listens_on_other_host(scene) && address_is_loopback(&scene->found);
}
