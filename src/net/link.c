// link: one request, one answer, as ip(8) asks them.

#include "net/link.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/ethtool.h>
#include <linux/if_bridge.h>
#include <linux/if_link.h>
#include <linux/ip.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <linux/veth.h>
#include <net/if.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/handle.h"

enum { START_LIMIT_MS = 1000 }; // for an interface to start: it takes microseconds

// --- IP numbers with a prefix --------------------------------------------------------------------

unsigned link_bits(int family)
{
    return family == AF_INET ? 32 : 128;
}

bool link_read(struct str text, struct link_address *address)
{
    char number[INET6_ADDRSTRLEN];
    uint64_t prefix;
    size_t slash = str_find(text, STR("/"), 0);
    if (slash == SIZE_MAX || slash >= sizeof number)
        return false;
    *address = (struct link_address){.family = AF_INET};
    memcpy(number, text.data, slash);
    number[slash] = '\0';
    if (inet_pton(AF_INET, number, address->ip) != 1) {
        address->family = AF_INET6;
        if (inet_pton(AF_INET6, number, address->ip) != 1)
            return false;
    }
    struct str bits = str_slice(text, slash + 1, text.size);
    if (str_has_leading_zero(bits) || !str_to_number(bits, link_bits(address->family), &prefix))
        return false;
    address->prefix = (unsigned)prefix;
    return true;
}

const char *link_text(const struct link_address *address, bool prefix, char text[LINK_TEXT])
{
    inet_ntop(address->family, address->ip, text, LINK_TEXT);
    size_t size = strlen(text);
    if (prefix)
        snprintf(text + size, LINK_TEXT - size, "/%u", address->prefix);
    return text;
}

bool link_contains(const struct link_address *network, const struct link_address *address)
{
    unsigned whole = network->prefix / 8, rest = network->prefix % 8;
    if (network->family != address->family || memcmp(network->ip, address->ip, whole) != 0)
        return false;
    return rest == 0 || (network->ip[whole] ^ address->ip[whole]) >> (8 - rest) == 0;
}

// --- requests ------------------------------------------------------------------------------------

// What stands behind the header begins with a structure that the type asks for; attributes follow.
// The largest here, a cable, takes some 150 octets.
struct request {
    struct nlmsghdr header;
    union {
        struct ifinfomsg link;
        struct ifaddrmsg address;
        struct rtmsg route;
        char octets[512];
    };
};

static struct request request_of(int type, int flags, size_t size)
{
    return (struct request){
        .header = {.nlmsg_len = (uint32_t)NLMSG_LENGTH(size),
                   .nlmsg_type = (uint16_t)type,
                   .nlmsg_flags = (uint16_t)(NLM_F_REQUEST | NLM_F_ACK | flags)}};
}

// About one interface that is there.
static struct request change_of(uint32_t index)
{
    struct request request = request_of(RTM_NEWLINK, 0, sizeof request.link);
    request.link.ifi_index = (int)index;
    return request;
}

// Adds an attribute. Gives it, so that others can be put into it: see put_end().
static struct rtattr *put(struct request *request, int type, const void *data, size_t size)
{
    struct rtattr *attribute =
        (struct rtattr *)((char *)request + NLMSG_ALIGN(request->header.nlmsg_len));
    attribute->rta_type = (unsigned short)type;
    attribute->rta_len = (unsigned short)RTA_LENGTH(size);
    if (size > 0)
        memcpy(RTA_DATA(attribute), data, size);
    request->header.nlmsg_len =
        NLMSG_ALIGN(request->header.nlmsg_len) + RTA_ALIGN(RTA_LENGTH((uint32_t)size));
    return attribute;
}

static struct rtattr *put_nest(struct request *request, int type)
{
    return put(request, type | NLA_F_NESTED, NULL, 0);
}

static void put_text(struct request *request, int type, const char *text)
{
    put(request, type, text, strlen(text) + 1);
}

static void put_number(struct request *request, int type, uint32_t number)
{
    put(request, type, &number, sizeof number);
}

// What was put since then stands inside `attribute`.
static void put_end(struct request *request, struct rtattr *attribute)
{
    attribute->rta_len = (unsigned short)((char *)request + NLMSG_ALIGN(request->header.nlmsg_len) -
                                          (char *)attribute);
}

// One message, aligned as its header.
union answer {
    struct nlmsghdr header;
    char octets[8192];
};

// The kernel has done it, and written its answer, before send() returns. 0 or an errno.
static int ask_for(const struct link *link, const struct request *request, union answer *answer)
{
    if (send(link->questions, request, request->header.nlmsg_len, 0) < 0)
        return errno;
    ssize_t size = recv(link->questions, answer, sizeof *answer, MSG_DONTWAIT);
    if (size < 0)
        return errno;
    if (!NLMSG_OK(&answer->header, (size_t)size))
        return EPROTO;
    if (answer->header.nlmsg_type != NLMSG_ERROR)
        return 0;
    return -((const struct nlmsgerr *)NLMSG_DATA(&answer->header))->error;
}

static int ask(const struct link *link, const struct request *request)
{
    union answer answer;
    return ask_for(link, request, &answer);
}

// Hidden, in the namespace of the calling thread; -1 with errno.
static int open_socket(unsigned groups)
{
    const struct sockaddr_nl address = {.nl_family = AF_NETLINK, .nl_groups = groups};
    int fd = handle_hidden_socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
    if (fd >= 0)
        bind(fd, (const struct sockaddr *)&address, sizeof address); // groups of its own kind
    return fd;
}

int link_open(struct link *link)
{
    link->questions = open_socket(0);
    link->changes = link->questions < 0 ? -1 : open_socket(RTMGRP_LINK);
    int error = link->changes < 0 ? errno : 0;
    if (error != 0)
        link_close(link);
    return error;
}

void link_close(struct link *link)
{
    if (link->questions >= 0)
        close(link->questions);
    if (link->changes >= 0)
        close(link->changes);
    *link = (struct link){-1, -1};
}

// --- interfaces ----------------------------------------------------------------------------------

// Any socket answers these ioctls. netdevice(7)
uint32_t link_index(const struct link *link, const char *name)
{
    struct ifreq request = {0};
    strncpy(request.ifr_name, name, sizeof request.ifr_name - 1);
    return ioctl(link->questions, SIOCGIFINDEX, &request) < 0 ? 0 : (uint32_t)request.ifr_ifindex;
}

int link_add_bridge(const struct link *link, const char *name)
{
    struct request request =
        request_of(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, sizeof request.link);
    put_text(&request, IFLA_IFNAME, name);
    struct rtattr *info = put_nest(&request, IFLA_LINKINFO);
    put_text(&request, IFLA_INFO_KIND, "bridge");
    // Multicast goes to every port, as over a plain cable: nobody here asks who wants it.
    struct rtattr *data = put_nest(&request, IFLA_INFO_DATA);
    put(&request, IFLA_BR_MCAST_SNOOPING, &(uint8_t){0}, 1);
    put_end(&request, data);
    put_end(&request, info);
    return ask(link, &request);
}

int link_add_cable(const struct link *link, const char *name, int space, const char *other)
{
    struct request request =
        request_of(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, sizeof request.link);
    put_text(&request, IFLA_IFNAME, name);
    struct rtattr *info = put_nest(&request, IFLA_LINKINFO);
    put_text(&request, IFLA_INFO_KIND, "veth");
    struct rtattr *data = put_nest(&request, IFLA_INFO_DATA);
    struct rtattr *peer = put_nest(&request, VETH_INFO_PEER);
    request.header.nlmsg_len += sizeof request.link; // of the other end, with nothing in it
    put_text(&request, IFLA_IFNAME, other);
    put_number(&request, IFLA_NET_NS_FD, (uint32_t)space);
    put_end(&request, peer);
    put_end(&request, data);
    put_end(&request, info);
    return ask(link, &request);
}

// No addresses of its own making. Where the kernel has no IPv6 it has none to make either.
static void make_plain(const struct link *link, uint32_t index)
{
    struct request request = change_of(index);
    struct rtattr *all = put_nest(&request, IFLA_AF_SPEC);
    struct rtattr *six = put_nest(&request, AF_INET6);
    put(&request, IFLA_INET6_ADDR_GEN_MODE, &(uint8_t){IN6_ADDR_GEN_MODE_NONE}, 1);
    put_end(&request, six);
    put_end(&request, all);
    ask(link, &request);
}

int link_raise(const struct link *link, uint32_t index, bool plain)
{
    struct request request = change_of(index);
    if (plain)
        make_plain(link, index);
    request.link.ifi_flags = request.link.ifi_change = IFF_UP;
    return ask(link, &request);
}

// Asked under the lock that the kernel holds while it starts an interface, so that one which runs
// has been started whole.
static int ask_whether_running(const struct link *link, uint32_t index, bool *running)
{
    union answer answer;
    struct request request = change_of(index);
    request.header.nlmsg_type = RTM_GETLINK;
    request.header.nlmsg_flags = NLM_F_REQUEST; // the answer is all, no "done" behind it
    int error = ask_for(link, &request, &answer);
    const struct ifinfomsg *found = NLMSG_DATA(&answer.header);
    *running = error == 0 && (found->ifi_flags & IFF_RUNNING) != 0;
    return error;
}

// Sleeps until the kernel tells of some change of an interface. 0 or an errno.
static int await_change(int changes)
{
    union answer change;
    struct pollfd wanted = {.fd = changes, .events = POLLIN};
    int count = poll(&wanted, 1, START_LIMIT_MS);
    if (count < 0 && errno != EINTR)
        return errno;
    while (count > 0 && recv(changes, &change, sizeof change, MSG_DONTWAIT) >= 0)
        continue;
    return count == 0 ? ETIMEDOUT : 0;
}

int link_await(const struct link *link, uint32_t index)
{
    bool running;
    int error;
    while ((error = ask_whether_running(link, index, &running)) == 0 && !running)
        if ((error = await_change(link->changes)) != 0)
            break;
    return error;
}

int link_remove(const struct link *link, uint32_t index)
{
    struct request request = change_of(index);
    request.header.nlmsg_type = RTM_DELLINK;
    return ask(link, &request);
}

int link_join(const struct link *link, uint32_t index, uint32_t bridge)
{
    struct request request = change_of(index);
    put_number(&request, IFLA_MASTER, bridge);
    return ask(link, &request);
}

int link_open_port(const struct link *link, uint32_t index, bool open)
{
    struct request request = request_of(RTM_SETLINK, 0, sizeof request.link);
    request.link.ifi_family = AF_BRIDGE;
    request.link.ifi_index = (int)index;
    struct rtattr *port = put_nest(&request, IFLA_PROTINFO);
    put(&request, IFLA_BRPORT_STATE, &(uint8_t){open ? BR_STATE_FORWARDING : BR_STATE_DISABLED}, 1);
    put_end(&request, port);
    return ask(link, &request);
}

int link_forward(const struct link *link, uint32_t index, bool forward)
{
    struct request request = change_of(index);
    struct rtattr *all = put_nest(&request, IFLA_AF_SPEC);
    struct rtattr *four = put_nest(&request, AF_INET);
    struct rtattr *settings = put_nest(&request, IFLA_INET_CONF);
    put_number(&request, IPV4_DEVCONF_FORWARDING, forward);
    put_end(&request, settings);
    put_end(&request, four);
    put_end(&request, all);
    return ask(link, &request);
}

int link_stop_offloads(const struct link *link, const char *name)
{
    // Who does not sum up cannot cut either: the kernel switches the others off with this one.
    struct ethtool_value value = {.cmd = ETHTOOL_STXCSUM};
    struct ifreq request = {.ifr_data = (char *)&value};
    strncpy(request.ifr_name, name, sizeof request.ifr_name - 1);
    return ioctl(link->questions, SIOCETHTOOL, &request) < 0 ? errno : 0;
}

// --- addresses and routes ------------------------------------------------------------------------

static size_t octets_of(int family)
{
    return link_bits(family) / 8;
}

// IPv6 would first ask for a second whether somebody else has the address; here nobody does.
int link_add_address(const struct link *link, uint32_t index, const struct link_address *address)
{
    struct request request =
        request_of(RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, sizeof request.address);
    request.address = (struct ifaddrmsg){.ifa_family = (uint8_t)address->family,
                                         .ifa_prefixlen = (uint8_t)address->prefix,
                                         .ifa_index = index};
    if (address->family == AF_INET6)
        request.address.ifa_flags = IFA_F_NODAD;
    put(&request, IFA_LOCAL, address->ip, octets_of(address->family));
    put(&request, IFA_ADDRESS, address->ip, octets_of(address->family));
    return ask(link, &request);
}

int link_route(const struct link *link, const struct link_address *to,
               const struct link_address *via)
{
    struct request request =
        request_of(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE, sizeof request.route);
    request.route = (struct rtmsg){.rtm_family = (uint8_t)to->family,
                                   .rtm_dst_len = (uint8_t)to->prefix,
                                   .rtm_table = RT_TABLE_MAIN,
                                   .rtm_protocol = RTPROT_STATIC,
                                   .rtm_scope = RT_SCOPE_UNIVERSE,
                                   .rtm_type = RTN_UNICAST};
    if (to->prefix > 0)
        put(&request, RTA_DST, to->ip, octets_of(to->family));
    put(&request, RTA_GATEWAY, via->ip, octets_of(via->family));
    return ask(link, &request);
}
