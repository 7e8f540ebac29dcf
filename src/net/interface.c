// interface: the network interfaces of this computer and their addresses.

#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "base/memory.h"
#include "net/handle.h"
#include "net/kernel.h"
#include "net/lan.h"
#include "net/sock_diag.h"

// The libc functions for these two open a socket each time, and would take a low number from
// scripts for a moment. Any socket answers these ioctls. netdevice(7)

uint32_t kernel_interface_index(const char *name)
{
    struct ifreq request = {0};
    int fd = sock_diag_open(lan_here());
    if (fd < 0 || strlen(name) >= sizeof request.ifr_name)
        return 0;
    strcpy(request.ifr_name, name);
    return ioctl(fd, SIOCGIFINDEX, &request) < 0 ? 0 : (uint32_t)request.ifr_ifindex;
}

bool kernel_interface_name(uint32_t index, char name[IF_NAMESIZE])
{
    struct ifreq request = {.ifr_ifindex = (int)index};
    int fd = sock_diag_descriptor(lan_here());
    if (fd < 0 || ioctl(fd, SIOCGIFNAME, &request) < 0)
        return false;
    memcpy(name, request.ifr_name, IF_NAMESIZE);
    return true;
}

// False for the entries that carry a hardware address (AF_PACKET) or none.
static bool take_address(const struct sockaddr *from, struct address *to)
{
    struct sockaddr_storage storage = {0};
    if (from == NULL || (from->sa_family != AF_INET && from->sa_family != AF_INET6))
        return false;
    size_t size =
        from->sa_family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6);
    memcpy(&storage, from, size);
    address_from_sockaddr(&storage, (socklen_t)size, to);
    return true;
}

// getifaddrs(3) under the lock that keeps its descriptor from scripts.
static int get_all(struct ifaddrs **all)
{
    handles_lock();
    int error = getifaddrs(all) < 0 ? errno : 0;
    handles_unlock();
    return error;
}

// What has been listed so far.
struct listing {
    struct kernel_interface *items; // one an address; becomes the caller's
    size_t count, capacity;
};

// getifaddrs(3) gives one entry an address: an interface comes as often as it has any.
static bool is_listed(const struct listing *listing, const char *name)
{
    for (size_t i = 0; i < listing->count; i++)
        if (strcmp(listing->items[i].name, name) == 0)
            return true;
    return false;
}

// Appends one entry; without an address when it carries none that can be shown.
static void add(struct listing *listing, const struct ifaddrs *found)
{
    struct kernel_interface made = {.up = (found->ifa_flags & IFF_UP) != 0};
    made.has_address = take_address(found->ifa_addr, &made.host);
    strncpy(made.name, found->ifa_name, sizeof made.name - 1);
    listing->items = mem_grow(listing->items, listing->count, &listing->capacity, sizeof made);
    listing->items[listing->count++] = made;
}

// Adds all addresses of the interface that `first` is the first entry of, or its bare name.
static void add_interface(struct listing *listing, const struct ifaddrs *first)
{
    size_t before = listing->count;
    for (const struct ifaddrs *found = first; found != NULL; found = found->ifa_next) {
        struct address unused;
        if (strcmp(found->ifa_name, first->ifa_name) == 0 && take_address(found->ifa_addr, &unused))
            add(listing, found);
    }
    if (listing->count == before)
        add(listing, first);
}

int kernel_interfaces(struct kernel_interface **list, size_t *count)
{
    struct ifaddrs *all = NULL;
    struct listing listing = {0};
    int error = get_all(&all);
    for (const struct ifaddrs *found = all; error == 0 && found != NULL; found = found->ifa_next)
        if (!is_listed(&listing, found->ifa_name))
            add_interface(&listing, found);
    if (error == 0)
        freeifaddrs(all);
    *list = listing.items;
    *count = listing.count;
    return error;
}
