// option_value: one form of value after the other, there and back.
//
// Refused here is only what has no form in C at all, such as half a second where whole ones are
// counted. Everything else reaches the kernel, and its errno is the answer.

#include "commands/option_value.h"

#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "base/message.h"
#include "commands/list.h"
#include "commands/refuse.h"
#include "lang/check.h"
#include "net/kernel.h"

enum { MILLISECOND = 1000000, SECOND = 1000000000 };

// --- numbers and durations -----------------------------------------------------------------------

// The room holds the value, with this size.
static void put(struct option_octets *octets, size_t size)
{
    octets->data = &octets->room;
    octets->size = (socklen_t)size;
}

// The kernel reads 32 bits, with a sign or without: numbers of both readings are taken.
static bool put_int(struct call *call, struct value value, struct option_octets *octets)
{
    int64_t number = value.type == TYPE_BOOL ? value.truth : value.number;
    if (number < INT_MIN || number > UINT32_MAX)
        return refuse_value(call, _("the value of an option has 32 bits; %s does not fit"), value);
    octets->room.number = (int)(uint32_t)number;
    put(octets, sizeof octets->room.number);
    return true;
}

// How many whole `unit`s the duration is, as an int.
static bool whole(struct call *call, struct value value, int64_t unit, int *count)
{
    int64_t units = value.number / unit;
    if (value.number % unit != 0 && unit == SECOND)
        return refuse_value(call, _("this option counts whole seconds; %s is none"), value);
    if (value.number % unit != 0)
        return refuse_value(call, _("this option counts whole milliseconds; %s is none"), value);
    if (units < INT_MIN || units > INT_MAX)
        return refuse_value(call, _("the value of an option has 32 bits; %s does not fit"), value);
    *count = (int)units;
    return true;
}

// TCP_KEEPIDLE and its kin: an int in C.
static bool put_units(struct call *call, struct value value, int64_t unit,
                      struct option_octets *octets)
{
    put(octets, sizeof octets->room.number);
    return whole(call, value, unit, &octets->room.number);
}

// The kernel would read these as very long ones, or as none at all.
static bool is_negative(struct call *call, struct value value)
{
    if (value.type != TYPE_DURATION || value.number >= 0)
        return false;
    refuse_value(call, _("%s is below zero"), value);
    return true;
}

// struct linger: none is off, 0s is "reset the connection". socket(7)
static bool put_linger(struct call *call, struct value value, struct option_octets *octets)
{
    struct linger *linger = &octets->room.linger;
    *linger = (struct linger){.l_onoff = value.type == TYPE_DURATION};
    put(octets, sizeof *linger);
    return !is_negative(call, value) &&
           (!linger->l_onoff || whole(call, value, SECOND, &linger->l_linger));
}

// struct timeval of SO_RCVTIMEO and SO_SNDTIMEO. socket(7)
static bool put_time(struct call *call, struct value value, struct option_octets *octets)
{
    int64_t microseconds =
        value.number / 1000 + (value.number % 1000 > 0); // rounded up: 0 is "for ever"
    octets->room.time =
        (struct timeval){.tv_sec = microseconds / 1000000, .tv_usec = microseconds % 1000000};
    put(octets, sizeof octets->room.time);
    return !is_negative(call, value);
}

// --- groups and interfaces -----------------------------------------------------------------------

// As inet_pton(3), for a text that need not end in NUL.
static bool parse_ip(int family, struct str text, void *to)
{
    char number[INET6_ADDRSTRLEN] = "";
    // A NUL within the text makes it shorter for strlen(3), which shows below.
    if (text.size < sizeof number)
        memcpy(number, text.data, text.size);
    return strlen(number) == text.size && inet_pton(family, number, to) == 1;
}

// Its number, 0 when this computer has none of that name.
static unsigned index_of(struct str text)
{
    char name[IF_NAMESIZE] = "";
    if (text.size < sizeof name)
        memcpy(name, text.data, text.size);
    return name[0] ? kernel_interface_index(name) : 0;
}

// An interface by one of its IPv4 addresses, or by name.
static bool put_interface(struct call *call, struct value which, struct ip_mreqn *to)
{
    if (parse_ip(AF_INET, value_str(which), &to->imr_address))
        return true;
    to->imr_ifindex = (int)index_of(value_str(which));
    return to->imr_ifindex != 0 || call_failed(call, ENODEV);
}

// IP_MULTICAST_IF takes a struct in_addr, or a struct ip_mreqn for an interface that is named.
// ip(7)
static bool put_own_interface(struct call *call, struct value which, struct option_octets *octets)
{
    struct ip_mreqn *to = &octets->room.group;
    put(octets, sizeof octets->room.address);
    if (parse_ip(AF_INET, value_str(which), &octets->room.address))
        return true;
    put(octets, sizeof *to);
    *to = (struct ip_mreqn){.imr_ifindex = 0};
    return put_interface(call, which, to);
}

// struct ip_mreqn; without an interface the kernel takes the one that the route leads to. ip(7)
static bool put_group4(struct call *call, struct value group, struct value interface,
                       struct option_octets *octets)
{
    struct ip_mreqn *to = &octets->room.group;
    *to = (struct ip_mreqn){.imr_ifindex = 0};
    put(octets, sizeof *to);
    if (!parse_ip(AF_INET, value_str(group), &to->imr_multiaddr))
        return refuse_value(call, _("%s is no IPv4 group, such as 239.1.2.3"), group);
    return interface.type == TYPE_UNSET || put_interface(call, interface, to);
}

// struct ipv6_mreq. ipv6(7)
static bool put_group6(struct call *call, struct value group, struct value interface,
                       struct option_octets *octets)
{
    struct ipv6_mreq *to = &octets->room.group6;
    *to = (struct ipv6_mreq){.ipv6mr_interface = 0};
    put(octets, sizeof *to);
    if (!parse_ip(AF_INET6, value_str(group), &to->ipv6mr_multiaddr))
        return refuse_value(call, _("%s is no IPv6 group, such as ff02::1"), group);
    if (interface.type == TYPE_UNSET)
        return true;
    to->ipv6mr_interface = index_of(value_str(interface));
    return to->ipv6mr_interface != 0 || call_failed(call, ENODEV);
}

// GROUP or [GROUP, INTERFACE]
static bool put_group(struct call *call, const struct option *option, struct value value,
                      struct option_octets *octets)
{
    struct value group = value, interface = VALUE_UNSET;
    if (value.type == TYPE_LIST && value.list->count == 2) {
        group = value.list->items[0];
        interface = value.list->items[1];
    }
    if (group.type != TYPE_BYTES || (interface.type != TYPE_UNSET && interface.type != TYPE_BYTES))
        return call_refused(call, _("the value of %s is a group or [group, interface], all bytes"),
                            option->name);
    return option->level == IPPROTO_IPV6 ? put_group6(call, group, interface, octets)
                                         : put_group4(call, group, interface, octets);
}

// --- encoding ------------------------------------------------------------------------------------

// The checker has seen literals only; a variable shows its type now.
static bool has_right_type(struct call *call, const struct option *option, struct value value)
{
    enum type wanted = check_option_types(option);
    if (wanted & value.type)
        return true;
    struct buffer types = {0};
    types_show_with_articles(wanted, &types);
    call_refused(call, _("the value of %s is %s, not %s"), option->name, buffer_text(&types),
                 type_with_article(value.type));
    buffer_finish(&types);
    return false;
}

bool option_encode(struct call *call, const struct option *option, struct value value,
                   struct option_octets *octets)
{
    if (!has_right_type(call, option, value))
        return false;
    switch (option->type) {
    case OPTION_BOOL:
    case OPTION_INT:
    case OPTION_CONSTANT:
        return put_int(call, value, octets);
    case OPTION_LINGER:
        return put_linger(call, value, octets);
    case OPTION_TIMEVAL:
        return put_time(call, value, octets);
    case OPTION_SECONDS:
        return put_units(call, value, SECOND, octets);
    case OPTION_MILLISECONDS:
        return put_units(call, value, MILLISECOND, octets);
    case OPTION_GROUP:
        return put_group(call, option, value, octets);
    case OPTION_INTERFACE:
        return put_own_interface(call, value, octets);
    default: // octets as they are; of options that can only be read, the kernel says so
        octets->data = value_str(value).data;
        octets->size = (socklen_t)value_str(value).size;
        return value_str(value).size <= INT_MAX || call_failed(call, EINVAL);
    }
}

// --- decoding ------------------------------------------------------------------------------------

// struct ucred: who was at the other end when the connection was made. unix(7)
static struct value credentials_value(const struct ucred *credentials)
{
    struct value list = value_list(3);
    list_add_take(&list, list_pair_take("pid", value_int(credentials->pid)));
    list_add_take(&list, list_pair_take("uid", value_int(credentials->uid)));
    list_add_take(&list, list_pair_take("gid", value_int(credentials->gid)));
    return list;
}

// none for off: 0s would mean that close resets the connection.
static struct value linger_value(const struct linger *linger)
{
    return linger->l_onoff ? value_duration((int64_t)linger->l_linger * SECOND) : VALUE_NONE;
}

// 0s is what the kernel gives for "no time-out".
static struct value time_value(const struct timeval *time)
{
    return value_duration((int64_t)time->tv_sec * SECOND + (int64_t)time->tv_usec * 1000);
}

// As text, since an address of the language has a port as well.
static struct value address_value(const struct in_addr *address)
{
    char text[INET_ADDRSTRLEN] = "";
    inet_ntop(AF_INET, address, text, sizeof text);
    return value_bytes(str_from(text));
}

struct value option_decode(const struct option *option, const struct option_octets *octets)
{
    struct str bytes = {octets->room.bytes, octets->size};
    switch (option->type) {
    case OPTION_BOOL:
    case OPTION_INT:
        return value_int(octets->room.number);
    case OPTION_CONSTANT:
        return value_constant(option->values, octets->room.number);
    case OPTION_LINGER:
        return linger_value(&octets->room.linger);
    case OPTION_TIMEVAL:
        return time_value(&octets->room.time);
    case OPTION_SECONDS:
        return value_duration((int64_t)octets->room.number * SECOND);
    case OPTION_MILLISECONDS: // TCP_USER_TIMEOUT goes up to 2^32
        return value_duration((int64_t)(uint32_t)octets->room.number * MILLISECOND);
    case OPTION_INTERFACE:
        return address_value(&octets->room.address);
    case OPTION_TCP_INFO:
        return tcp_info_value(&octets->room.info, octets->size);
    case OPTION_CREDENTIALS:
        return credentials_value(&octets->room.credentials);
    case OPTION_NAME: // filled up with NULs
        return value_bytes(str_slice(bytes, 0, strnlen(bytes.data, bytes.size)));
    default:
        return value_bytes(bytes);
    }
}
