// lan: the list of hosts, what may be among them, and where threads are.

#include "net/lan.h"

#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/memory.h"
#include "base/message.h"
#include "net/capture.h"
#include "net/network.h"
#include "net/relay.h"
#include "net/symbol.h"
#include "net/wiring.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; // guards what follows
static struct lan_host *hosts[LAN_HOSTS];
static void (*when_made)(const struct lan_host *host);

static atomic_size_t host_count;            // changed under the lock; read before it is taken
static _Thread_local struct lan_host *here; // where the thread is

void lan_when_made(void (*made)(const struct lan_host *host))
{
    pthread_mutex_lock(&lock);
    when_made = made;
    for (size_t i = 0; made != NULL && i < host_count; i++) {
        if (!wiring_enter(hosts[i]))
            continue;
        made(hosts[i]);
        wiring_enter(here);
    }
    pthread_mutex_unlock(&lock);
}

// --- looking -------------------------------------------------------------------------------------

bool lan_has_hosts(void)
{
    return atomic_load_explicit(&host_count, memory_order_relaxed) > 0;
}

void lan_each(void (*visit)(struct lan_host *host, void *context), void *context)
{
    pthread_mutex_lock(&lock);
    for (size_t i = 0; i < host_count; i++)
        visit(hosts[i], context);
    pthread_mutex_unlock(&lock);
}

// Under the lock.
static struct lan_host *find(struct str name)
{
    for (size_t i = 0; i < host_count; i++)
        if (str_is(name, hosts[i]->name))
            return hosts[i];
    return NULL;
}

struct lan_host *lan_find(struct str name)
{
    if (!lan_has_hosts())
        return NULL;
    pthread_mutex_lock(&lock);
    struct lan_host *host = find(name);
    pthread_mutex_unlock(&lock);
    return host;
}

// Under the lock.
static struct lan_host *find_owner(const struct link_address *address)
{
    for (size_t i = 0; i < host_count; i++)
        for (size_t j = 0; j < hosts[i]->leg_count; j++)
            if (hosts[i]->legs[j].at.family == address->family &&
                memcmp(hosts[i]->legs[j].at.ip, address->ip, sizeof address->ip) == 0)
                return hosts[i];
    return NULL;
}

struct lan_host *lan_owner(const struct address *address)
{
    struct link_address wanted = {.family = AF_INET};
    if (!lan_has_hosts() || (address->kind != ADDRESS_INET && address->kind != ADDRESS_INET6))
        return NULL;
    if (address->kind == ADDRESS_INET6)
        wanted.family = AF_INET6;
    memcpy(wanted.ip, address->ip, link_bits(wanted.family) / 8);
    pthread_mutex_lock(&lock);
    struct lan_host *host = find_owner(&wanted);
    pthread_mutex_unlock(&lock);
    return host;
}

const struct lan_host *lan_reached(const struct lan_host *from, const struct address *address)
{
    const struct lan_host *owner = lan_owner(address);
    return owner != NULL ? owner : from;
}

void lan_show(const struct lan_host *host, struct buffer *to)
{
    buffer_print(to, "%s (", host->name);
    for (size_t i = 0; i < host->leg_count; i++) {
        char text[LINK_TEXT];
        buffer_print(to, "%s%s", i > 0 ? ", " : "", link_text(&host->legs[i].at, true, text));
    }
    buffer_add_text(to, ")");
}

// --- what may be ---------------------------------------------------------------------------------

// Why an address can be no host's; NULL when it can. The first number of an IPv4 network names the
// network, and the last one all of its hosts (RFC 919).
static const char *unfit(const struct link_address *address)
{
    const uint8_t *ip = address->ip;
    unsigned bits = link_bits(address->family), host_bits = bits - address->prefix;
    if (address->prefix == 0 || host_bits < 2)
        return _("%s: the prefix leaves no network with room for two hosts");
    if (address->family == AF_INET && (ip[0] == 0 || ip[0] == 127 || ip[0] >= 224))
        return _("%s is no address of a single host in a network");
    if (address->family == AF_INET6 && (ip[0] == 0 || ip[0] == 0xFF || ip[0] == 0xFE))
        return _("%s is no address of a single host in a network");
    if (address->family == AF_INET6)
        return NULL;
    uint32_t number = (uint32_t)ip[0] << 24 | (uint32_t)ip[1] << 16 | (uint32_t)ip[2] << 8 | ip[3];
    uint32_t mask = ~0U >> address->prefix;
    if ((number & mask) == 0)
        return _("%s names the network itself; a host has a number in it");
    if ((number & mask) == mask)
        return _("%s means all hosts of the network; a host has a number of its own");
    return NULL;
}

// Whether one network holds a part of the other, without being the same.
static bool overlap(const struct link_address *a, const struct link_address *b)
{
    return a->prefix != b->prefix &&
           link_contains(a->prefix < b->prefix ? a : b, a->prefix < b->prefix ? b : a);
}

// One address against those of one host. Under the lock.
static bool fits_beside(const struct link_address *address, const struct lan_host *host,
                        struct buffer *why)
{
    char text[LINK_TEXT], other[LINK_TEXT];
    for (size_t i = 0; i < host->leg_count; i++) {
        const struct link_address *at = &host->legs[i].at;
        if (at->family == address->family && memcmp(at->ip, address->ip, sizeof at->ip) == 0) {
            buffer_print(why, _("%s is the address of %s"), link_text(address, false, text),
                         host->name);
            return false;
        }
        if (overlap(at, address)) {
            buffer_print(why, _("%s and the %s of %s overlap: one network has one prefix"),
                         link_text(address, true, text), link_text(at, true, other), host->name);
            return false;
        }
    }
    return true;
}

// Whether there may be such a host. Under the lock.
static bool may_be(const struct lan_plan *plan, const struct lan_host *made, struct buffer *why)
{
    char text[LINK_TEXT];
    if (host_count == LAN_HOSTS) {
        buffer_print(why, _("there are %d hosts already, which is the most"), LAN_HOSTS);
        return false;
    }
    if (find(plan->name) != NULL) {
        buffer_print(why, _("%s is there already"), made->name);
        return false;
    }
    for (size_t i = 0; i < plan->count; i++) {
        const struct link_address *address = &plan->addresses[i];
        const char *reason = unfit(address);
        if (reason != NULL) {
            buffer_print(why, reason, link_text(address, true, text));
            return false;
        }
        struct lan_host before = *made; // the addresses before this one
        before.leg_count = i;
        if (!fits_beside(address, &before, why))
            return false;
        for (size_t j = 0; j < host_count; j++)
            if (!fits_beside(address, hosts[j], why))
                return false;
    }
    return true;
}

// --- routes --------------------------------------------------------------------------------------

// The place of the route to that network: the one that is there, a free one, or NULL. Under the
// lock.
static struct lan_route *route_to(struct lan_host *host, const struct link_address *to)
{
    for (size_t i = 0; i < host->route_count; i++) {
        struct lan_route *route = &host->routes[i];
        if (route->to.prefix == to->prefix && link_contains(&route->to, to))
            return route;
    }
    return host->route_count < LAN_ROUTES ? &host->routes[host->route_count] : NULL;
}

// 0 or an errno. Under the lock.
static int set_route(struct lan_host *host, const struct lan_route *route)
{
    struct lan_route *place = route_to(host, &route->to);
    int error = place == NULL ? ENOSPC : wiring_route(host, route);
    if (error != 0)
        return error;
    *place = *route;
    if (place == &host->routes[host->route_count])
        host->route_count++;
    return 0;
}

// Makes the router the way out of a host that is in one of its networks and has none. A router
// knows by itself only the networks that it is in. Under the lock.
static void offer_way_out(struct lan_host *host, const struct lan_host *router)
{
    if (!router->forwards || host->forwards)
        return;
    for (size_t i = 0; i < host->leg_count; i++)
        for (size_t j = 0; j < router->leg_count; j++) {
            const struct link_address *via = &router->legs[j].at;
            struct lan_route way = {.to = {.family = via->family}, .via = *via};
            const struct lan_route *place = route_to(host, &way.to);
            if (link_contains(&host->legs[i].at, via) && place == &host->routes[host->route_count])
                set_route(host, &way);
        }
}

// The network that the address is in: no bit is set behind its prefix.
static struct link_address network_of(const struct link_address *at)
{
    struct link_address network = *at;
    for (unsigned bit = at->prefix; bit < link_bits(at->family); bit++)
        network.ip[bit / 8] &= (uint8_t) ~(0x80U >> bit % 8);
    return network;
}

bool lan_route(struct lan_host *host, const struct link_address *to, const struct link_address *via,
               struct buffer *why)
{
    char text[LINK_TEXT], other[LINK_TEXT];
    struct lan_route route = {.to = *to, .via = *via};
    struct link_address network = network_of(to);
    if (memcmp(network.ip, to->ip, sizeof network.ip) != 0) {
        buffer_print(why, _("%s is one host; its network is %s"), link_text(to, true, text),
                     link_text(&network, true, other));
        return false;
    }
    pthread_mutex_lock(&lock);
    int error = to->family != via->family ? EAFNOSUPPORT : set_route(host, &route);
    pthread_mutex_unlock(&lock);
    if (error == ENETUNREACH || error == EHOSTUNREACH)
        buffer_print(why, _("%s is in none of the networks of %s"), link_text(via, false, text),
                     host->name);
    else if (error != 0)
        buffer_print(why, _("no such route for %s (%s)"), host->name, errno_name(error));
    return error == 0;
}

// --- making --------------------------------------------------------------------------------------

// As planned, without a namespace yet.
static struct lan_host *draw(const struct lan_plan *plan)
{
    struct lan_host *host = mem_zero(sizeof *host);
    snprintf(host->name, sizeof host->name, "%.*s", STR_ARG(plan->name));
    host->forwards = plan->forwards;
    host->leg_count = plan->count;
    for (size_t i = 0; i < plan->count; i++)
        host->legs[i].at = plan->addresses[i];
    return host;
}

// Into the list, and ways out for it and by it. Under the lock.
static void enlist(struct lan_host *host)
{
    hosts[host_count] = host;
    atomic_fetch_add(&host_count, 1);
    for (size_t i = 0; i + 1 < host_count; i++) {
        offer_way_out(hosts[i], host);
        offer_way_out(host, hosts[i]);
    }
}

// Kernels that are made of modules load these two only when root has asked for them, on some
// systems.
static void tell_why(int error, struct buffer *why)
{
    if (error == EOPNOTSUPP)
        buffer_add_text(why, _("the kernel has no virtual cables or no bridges (EOPNOTSUPP); where "
                               "they are modules, root may load them: modprobe veth bridge"));
    else
        buffer_print(why, _("the system makes no host (%s)"), errno_name(error));
}

bool lan_add(const struct lan_plan *plan, struct buffer *why)
{
    struct lan_host *host = draw(plan);
    pthread_mutex_lock(&lock);
    bool good = may_be(plan, host, why);
    if (good) {
        host->number = (unsigned)host_count;
        int error = wiring_add(host, when_made);
        good = error == 0;
        if (good)
            enlist(host);
        else
            tell_why(error, why);
    }
    pthread_mutex_unlock(&lock);
    if (!good)
        free(host);
    return good;
}

int lan_plug(struct lan_host *host, bool in)
{
    pthread_mutex_lock(&lock);
    // What is sent while it changes may be taken nowhere, but not twice.
    if (in)
        capture_pull(host->name, false);
    int error = wiring_plug(host, in);
    if (error == 0)
        host->unplugged = !in;
    if (host->unplugged)
        capture_pull(host->name, true);
    pthread_mutex_unlock(&lock);
    return error;
}

int lan_delay(struct lan_host *host, int64_t delay, int64_t jitter)
{
    pthread_mutex_lock(&lock);
    int error = wiring_delay(host, delay, jitter);
    if (error == 0) {
        host->delay = delay;
        host->jitter = jitter;
    }
    pthread_mutex_unlock(&lock);
    return error;
}

void lan_finish(void)
{
    relay_finish(); // before what it carries between is gone
    if (here != NULL)
        lan_enter(NULL);
    while (host_count > 0) {
        struct lan_host *host = hosts[atomic_fetch_sub(&host_count, 1) - 1];
        wiring_remove(host);
        free(host);
    }
    wiring_remove(NULL);
}

// --- where a thread is ---------------------------------------------------------------------------

struct lan_host *lan_here(void)
{
    return here;
}

void lan_begin(struct lan_host *host)
{
    here = host;
}

bool lan_enter(struct lan_host *host)
{
    if (host == here)
        return true;
    if (!wiring_enter(host))
        return false;
    here = host;
    return true;
}
