// wiring: what is a switch, cables and computers elsewhere, made of namespaces, veth and bridges.
//
// unshare(2) and setns(2) move the calling thread alone, so that a host is made by going there,
// opening what is needed to speak to its kernel from anywhere, and going back.

#include "net/wiring.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/handle.h"
#include "net/network.h"
#include "net/proc.h"
#include "net/relay.h"
#include "net/sock_diag.h"

enum { NETWORKS = 32 };

// A network and its bridge.
struct bridge {
    struct link_address network;
    uint32_t index;
};

// Hidden descriptors, -1 until the first host is made.
static struct {
    int home;         // the namespace of the run itself
    int space;        // of the hub
    struct link link; // there
    struct bridge bridges[NETWORKS];
    size_t bridge_count;
    unsigned cables; // made so far, for their names
} hub = {.home = -1, .space = -1, .link = {-1, -1}};

static void close_one(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

// --- namespaces ----------------------------------------------------------------------------------

// The one in which the calling thread is; -1 with errno.
static int open_space(void)
{
    handles_lock();
    int fd = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
    int hidden = fd < 0 ? -1 : handle_hide(fd);
    int error = errno;
    handles_unlock();
    errno = error;
    return hidden;
}

// A new one, in which the calling thread then is; -1 with errno.
static int make_space(void)
{
    return unshare(CLONE_NEWNET) < 0 ? -1 : open_space();
}

bool wiring_enter(const struct lan_host *host)
{
    return setns(host != NULL ? host->space : hub.home, CLONE_NEWNET) == 0;
}

// Back to where this room believes the calling thread to be. It has been there a moment ago.
static void go_back(void)
{
    int error = errno;
    wiring_enter(lan_here());
    errno = error;
}

// --- the hub -------------------------------------------------------------------------------------

// Before there is any host, every thread is at home. 0 or an errno.
static int open_hub(void)
{
    if (hub.space >= 0)
        return 0;
    hub.home = open_space();
    if (hub.home < 0)
        return errno;
    hub.space = make_space();
    int error = hub.space < 0 ? errno : link_open(&hub.link);
    go_back();
    if (error != 0)
        wiring_remove(NULL);
    return error;
}

// The bridge of the network that an address is of, made if there is none. 0 or an errno.
static int bridge_of(const struct link_address *address, uint32_t *index)
{
    char name[16];
    for (size_t i = 0; i < hub.bridge_count; i++) {
        *index = hub.bridges[i].index;
        if (link_contains(&hub.bridges[i].network, address))
            return 0;
    }
    if (hub.bridge_count == NETWORKS)
        return ENOSPC;
    snprintf(name, sizeof name, "net%zu", hub.bridge_count);
    int error = link_add_bridge(&hub.link, name);
    if (error != 0)
        return error;
    *index = link_index(&hub.link, name);
    hub.bridges[hub.bridge_count++] = (struct bridge){*address, *index};
    return link_raise(&hub.link, *index, true);
}

// --- cables --------------------------------------------------------------------------------------

// The leg whose interface serves this one, too: the first in its network.
static struct lan_leg *first_of_network(struct lan_host *host, const struct lan_leg *leg)
{
    struct lan_leg *first = host->legs;
    while (!link_contains(&first->at, &leg->at))
        first++;
    return first;
}

// A cable from the hub to a new interface of the host. 0 or an errno.
static int lay_cable(struct lan_host *host, struct lan_leg *leg)
{
    char port[16];
    uint32_t bridge = 0;
    snprintf(port, sizeof port, "cable%u", hub.cables++);
    int error = bridge_of(&leg->at, &bridge);
    if (error == 0)
        error = link_add_cable(&hub.link, port, host->space, leg->interface);
    if (error != 0)
        return error;
    leg->port = link_index(&hub.link, port);
    error = link_join(&hub.link, leg->port, bridge);
    return error != 0 ? error : link_raise(&hub.link, leg->port, true);
}

// IPv6 speaks to neighbours from an address of the link: fe80::HOST:INTERFACE, never twice.
static int add_link_local(const struct lan_host *host, const struct link *link, uint32_t index)
{
    struct link_address address = {.family = AF_INET6, .prefix = 64, .ip = {0xFE, 0x80}};
    address.ip[13] = (uint8_t)(host->number + 1);
    address.ip[15] = (uint8_t)index;
    return link_add_address(link, index, &address);
}

// Switches on the host's end of a new cable, upon which both ends begin to carry. 0 or an errno.
static int raise_interface(const struct lan_host *host, const struct link *link,
                           const struct lan_leg *leg)
{
    uint32_t index = link_index(link, leg->interface);
    // Captures and net/relay.h want frames as they are on a wire.
    int error = link_stop_offloads(link, leg->interface);
    if (error == 0)
        error = link_raise(link, index, true);
    if (error == 0)
        error = link_await(link, index);
    if (error == 0)
        error = link_await(&hub.link, leg->port);
    if (error == 0)
        error = link_forward(link, index, host->forwards);
    if (error == 0 && leg->at.family == AF_INET6)
        error = add_link_local(host, link, index);
    return error;
}

// --- hosts ---------------------------------------------------------------------------------------

// Names the interfaces, lays their cables and gives them their addresses. `link` speaks to the
// host. 0 or an errno.
static int wire(struct lan_host *host, const struct link *link)
{
    unsigned interfaces = 0;
    int error = link_raise(link, link_index(link, "lo"), false);
    for (size_t i = 0; error == 0 && i < host->leg_count; i++) {
        struct lan_leg *leg = &host->legs[i], *first = first_of_network(host, leg);
        if (first == leg) {
            snprintf(leg->interface, sizeof leg->interface, "eth%u", interfaces++);
            error = lay_cable(host, leg);
            if (error == 0)
                error = raise_interface(host, link, leg);
        } else {
            memcpy(leg->interface, first->interface, sizeof leg->interface);
            leg->port = first->port;
        }
        if (error == 0)
            error = link_add_address(link, link_index(link, leg->interface), &leg->at);
    }
    return error;
}

// For IPv4 each interface has a switch of its own; for IPv6 there is only the one of all. 0 or an
// errno. The calling thread is there.
static int forward_ipv6(const struct lan_host *host)
{
    bool six = false;
    for (size_t i = 0; i < host->leg_count; i++)
        six = six || host->legs[i].at.family == AF_INET6;
    if (!six || !host->forwards)
        return 0;
    return proc_write("/proc/sys/net/ipv6/conf/all/forwarding", "1");
}

// In the new namespace. 0 or an errno.
static int furnish(struct lan_host *host)
{
    struct link link;
    network_keep_time_wait();
    int error = link_open(&link);
    if (error != 0)
        return error;
    host->diag = sock_diag_socket();
    error = host->diag < 0 ? errno : wire(host, &link);
    link_close(&link);
    return error != 0 ? error : forward_ipv6(host);
}

int wiring_add(struct lan_host *host, void (*made)(const struct lan_host *host))
{
    host->space = host->diag = -1;
    int error = open_hub();
    if (error != 0)
        return error;
    host->space = make_space();
    error = host->space < 0 ? errno : furnish(host);
    if (error == 0 && made != NULL)
        made(host);
    go_back();
    if (error != 0)
        wiring_remove(host);
    return error;
}

void wiring_remove(struct lan_host *host)
{
    if (host != NULL) {
        close_one(&host->space);
        close_one(&host->diag);
        return;
    }
    link_close(&hub.link);
    close_one(&hub.space);
    close_one(&hub.home);
    hub.bridge_count = 0;
}

int wiring_route(const struct lan_host *host, const struct lan_route *route)
{
    if (!wiring_enter(host))
        return errno;
    struct link link;
    int error = link_open(&link);
    if (error == 0)
        error = link_route(&link, &route->to, &route->via);
    link_close(&link);
    go_back();
    return error;
}

// --- delay ---------------------------------------------------------------------------------------

// Both ends of a cable within the hub. 0 or an errno.
static int raise_both(uint32_t one, uint32_t other)
{
    int error = link_raise(&hub.link, one, true);
    if (error == 0)
        error = link_raise(&hub.link, other, true);
    if (error == 0)
        error = link_await(&hub.link, one);
    return error != 0 ? error : link_await(&hub.link, other);
}

// Lets the relay carry between the host's cable and the end of another one, whose other end `port`
// takes its place at the bridge. 0, or an errno with all as before. The calling thread is in the
// hub.
static int put_between(struct lan_leg *leg, uint32_t bridge, uint32_t port, uint32_t end)
{
    int error = raise_both(port, end);
    if (error == 0)
        error = link_join(&hub.link, port, bridge);
    if (error == 0)
        error = link_join(&hub.link, leg->port, 0);
    int relay = error == 0 ? relay_lay(leg->port, end) : -error;
    if (relay < 0) {
        link_join(&hub.link, leg->port, bridge);
        return -relay;
    }
    leg->port = port;
    leg->relay = relay;
    return 0;
}

static int cut_cable(struct lan_leg *leg)
{
    char name[16], other[16];
    uint32_t bridge = 0;
    snprintf(name, sizeof name, "cable%u", hub.cables);
    snprintf(other, sizeof other, "relay%u", hub.cables++);
    int error = bridge_of(&leg->at, &bridge);
    if (error == 0)
        error = link_add_cable(&hub.link, name, hub.space, other);
    if (error != 0)
        return error;
    uint32_t port = link_index(&hub.link, name);
    error = put_between(leg, bridge, port, link_index(&hub.link, other));
    if (error != 0)
        link_remove(&hub.link, port);
    return error;
}

// All of them or, where there are too many, none.
static bool has_room(struct lan_host *host)
{
    int missing = 0;
    for (size_t i = 0; i < host->leg_count; i++)
        missing +=
            host->legs[i].relay == 0 && first_of_network(host, &host->legs[i]) == &host->legs[i];
    return missing <= relay_room();
}

// Once for each cable. The calling thread is in the hub. 0 or an errno.
static int cut_cables(struct lan_host *host)
{
    int error = has_room(host) ? 0 : ENOSPC;
    for (size_t i = 0; error == 0 && i < host->leg_count; i++) {
        struct lan_leg *leg = &host->legs[i], *first = first_of_network(host, leg);
        if (first == leg && leg->relay == 0)
            error = cut_cable(leg);
        leg->port = first->port;
        leg->relay = first->relay;
    }
    return error;
}

int wiring_delay(struct lan_host *host, int64_t delay, int64_t jitter)
{
    if (setns(hub.space, CLONE_NEWNET) < 0)
        return errno;
    int error = cut_cables(host);
    go_back();
    // Where a new cable was laid it carries, whatever came of the others.
    int left = host->unplugged ? wiring_plug(host, false) : 0;
    error = error != 0 ? error : left;
    for (size_t i = 0; error == 0 && i < host->leg_count; i++)
        relay_set(host->legs[i].relay, delay, jitter);
    return error;
}

// --- pulling -------------------------------------------------------------------------------------

int wiring_plug(const struct lan_host *host, bool in)
{
    int error = 0;
    for (size_t i = 0; i < host->leg_count && error == 0; i++) {
        error = link_open_port(&hub.link, host->legs[i].port, in);
        if (error == 0 && host->legs[i].relay != 0)
            relay_plug(host->legs[i].relay, in);
    }
    return error;
}
