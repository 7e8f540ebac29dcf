// address: names and numbers of hosts and ports, and the order of their octets.
//
// The commands are named as in C, but take and give values in place of structs: an address is an
// address, a port an int in this machine's order.

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/message.h"
#include "commands/list.h"
#include "commands/note.h"
#include "commands/refuse.h"
#include "commands/rows.h"
#include "lang/eval.h"
#include "net/hosts.h"
#include "net/kernel.h"
#include "net/resolve.h"
#include "net/service.h"

// --- getaddrinfo, getservbyname ------------------------------------------------------------------

// TYPE_UNSET without memory.
static struct value list_of(const struct resolve_answer *answer)
{
    struct value list = value_list(answer->count);
    for (size_t i = 0; i < answer->count; i++)
        list_add_take(&list, value_address(&answer->addresses[i]));
    return list;
}

// The service as text, since a port may also be an int.
static void service_of(const struct call *call, struct buffer *service)
{
    if (arg_given(call, 1) && arg(call, 1).type == TYPE_INT)
        buffer_print(service, "%lld", (long long)arg(call, 1).number);
    else
        buffer_add(service, arg_str(call, 1));
}

// As connect looks names up, `hosts` first. A code of getaddrinfo(3) is negative, an errno
// positive.
static bool run_getaddrinfo(struct call *call)
{
    struct resolve_answer answer = {0};
    struct buffer service = {0};
    service_of(call, &service);
    struct resolve_query query = {
        .call = call->command->name,
        .host = arg_str(call, 0),
        .service = buffer_str(&service),
        .family = arg_int_or(call, 2, AF_UNSPEC),
    };
    int result = resolve(&query, call->interp->waiter, &answer);
    bool good = result == 0  ? call_give_take(call, list_of(&answer))
                : result < 0 ? call_failed_lookup(call, result)
                             : call_failed(call, result);
    resolve_answer_finish(&answer);
    buffer_finish(&service);
    return good;
}

// EMFILE is that of the pipe to the helper (net/resolve.h); what the look-up itself finds are EAI_
// codes. RFC 6724 says which address is best.
const struct command command_getaddrinfo = {
    .name = "getaddrinfo",
    .summary = N_("look a host up: all its addresses, best first"),
    .group = GROUP_ADDRESSES,
    .params = PARAMS({.name = "host", .type = TYPE_BYTES},
                     {.name = "service", .type = TYPE_BYTES | TYPE_INT, .optional = true},
                     {.name = "family", .type = TYPE_INT, .family = FAMILY_AF, .optional = true}),
    .results = RESULTS({.name = "addresses", .type = TYPE_LIST}),
    .waits = N_("until the look-up has ended"),
    .errnos = ERRNOS(EINTR, EMFILE),
    .manual = "getaddrinfo(3)",
    .c = "getaddrinfo({host.text}, {service.text|NULL}{;, &hints, &list}) = {0}",
    .python = "socket.getaddrinfo({host.text}, {service.text|None}{,family})",
    .example = "getaddrinfo \"localhost\" 80 AF_INET",
    .details = N_("A name may have several addresses; connect tries them in this order."),
    .lesson = "names",
    .topic = "names",
    .run = run_getaddrinfo,
};

// getservbyname(3) gives NULL and sets no errno, so there is none to raise.
static bool run_getservbyname(struct call *call)
{
    uint16_t port;
    if (service_port(arg_str(call, 0), arg_str(call, 1), &port))
        return call_give_take(call, value_int(port));
    return refuse_value(call, _("no service is called %s (/etc/services)"), arg(call, 0));
}

// /etc/services names tcp and udp apart, mostly with the same port: services(5).
const struct command command_getservbyname = {
    .name = "getservbyname",
    .summary = N_("the port of a service: 80 for http"),
    .group = GROUP_ADDRESSES,
    .params = PARAMS({.name = "name", .type = TYPE_BYTES},
                     {.name = "protocol", .type = TYPE_BYTES, .optional = true}),
    .results = RESULTS({.name = "port", .type = TYPE_INT}),
    .manual = "getservbyname(3)",
    .c = "ntohs(getservbyname({name.text}, {protocol.text|NULL})->s_port)",
    .python = "socket.getservbyname({name.text}{,protocol.text})",
    .example = "getservbyname \"http\" \"tcp\"",
    .details = N_("From the file /etc/services."),
    .lesson = "addresses",
    .topic = "ports",
    .run = run_getservbyname,
};

// --- inet_pton, inet_ntop ------------------------------------------------------------------------

// inet_pton(3) gives 0, without an errno, for a text that is no number; the family alone has one.
static bool run_inet_pton(struct call *call)
{
    struct str text = arg_str(call, 1);
    int family = arg_int_or(call, 0, AF_UNSPEC), result = 0;
    char number[INET6_ADDRSTRLEN] = "";
    unsigned char octets[sizeof(struct in6_addr)];
    if (text.size > 0 && text.size < sizeof number && memchr(text.data, '\0', text.size) == NULL)
        memcpy(number, text.data, text.size); // longer ones and a NUL inside are no number
    result = inet_pton(family, number, octets);
    if (result < 0)
        return call_failed(call, errno);
    if (result == 0 && family == AF_INET)
        return refuse_value(call, _("%s is no IPv4 number, such as 127.0.0.1"), arg(call, 1));
    if (result == 0)
        return refuse_value(call, _("%s is no IPv6 number, such as ::1"), arg(call, 1));
    // Four or sixteen, as the family has it.
    size_t size = family == AF_INET ? sizeof(struct in_addr) : sizeof octets;
    return call_give_take(call, value_bytes((struct str){(const char *)octets, size}));
}

// Stricter than inet_aton(3), which takes 127.1 and 0x7f000001 as well.
const struct command command_inet_pton = {
    .name = "inet_pton",
    .summary = N_("an IP number from text to octets in network order"),
    .group = GROUP_ADDRESSES,
    .params = PARAMS({.name = "family", .type = TYPE_INT, .family = FAMILY_AF},
                     {.name = "text", .type = TYPE_BYTES}),
    .results = RESULTS({.name = "octets", .type = TYPE_BYTES}),
    .errnos = ERRNOS(EAFNOSUPPORT),
    .manual = "inet_pton(3)",
    .c = "inet_pton({family}, {text.text}, {=}) = 1",
    .python = "socket.inet_pton({family}, {text.text})",
    .example = "hex (inet_pton AF_INET \"127.0.0.1\")",
    .lesson = "addresses",
    .topic = "addresses",
    .run = run_inet_pton,
};

// C reads as many octets as the family has, whatever stands there; here their count is checked.
static bool run_inet_ntop(struct call *call)
{
    struct str octets = arg_str(call, 1);
    int family = arg_int_or(call, 0, AF_UNSPEC);
    size_t size = family == AF_INET ? sizeof(struct in_addr) : sizeof(struct in6_addr);
    char text[INET6_ADDRSTRLEN];
    // Before the size: of another family nobody knows how many octets it wants.
    if (family != AF_INET && family != AF_INET6)
        return call_failed(call, EAFNOSUPPORT);
    if (octets.size != size)
        return call_refused(call,
                            _("an IP number of this family has %zu octets, and these are %zu"),
                            size, octets.size);
    if (inet_ntop(family, octets.data, text, sizeof text) == NULL)
        return call_failed(call, errno);
    return call_give_take(call, value_bytes(str_from(text)));
}

// C has a buffer for the text, of INET_ADDRSTRLEN or INET6_ADDRSTRLEN octets, and ENOSPC when it is
// too small; a value has no such limit.
const struct command command_inet_ntop = {
    .name = "inet_ntop",
    .summary = N_("an IP number from octets in network order to text"),
    .group = GROUP_ADDRESSES,
    .params = PARAMS({.name = "family", .type = TYPE_INT, .family = FAMILY_AF},
                     {.name = "bytes", .type = TYPE_BYTES}),
    .results = RESULTS({.name = "text", .type = TYPE_BYTES}),
    .errnos = ERRNOS(EAFNOSUPPORT),
    .manual = "inet_ntop(3)",
    .c = "inet_ntop({family}, {bytes.text}{;, buf, sizeof buf}) = {0}",
    .python = "socket.inet_ntop({family}, {bytes})",
    .example = "inet_ntop AF_INET \"\\x7f\\0\\0\\x01\"",
    .lesson = "addresses",
    .topic = "addresses",
    .run = run_inet_ntop,
};

// --- htons and its kin ---------------------------------------------------------------------------

// Refuses what does not fit into `bits` without a sign: C would cut it in silence.
static bool fits(struct call *call, int bits)
{
    int64_t number = arg(call, 0).number, most = ((int64_t)1 << bits) - 1;
    return (number >= 0 && number <= most) ||
           call_refused(call, _("%s takes %d bits, from 0 to %lld; %lld does not fit"),
                        call->command->name, bits, (long long)most, (long long)number);
}

static bool run_htons(struct call *call)
{
    return fits(call, 16) && call_give_take(call, value_int(htons((uint16_t)call->args[0].number)));
}

// Network order is the largest octet first: RFC 1700, Data Notations. On a machine that has it so
// these four change nothing.
const struct command command_htons = {
    .name = "htons",
    .summary = N_("16 bits from this machine's order to network order"),
    .group = GROUP_ADDRESSES,
    .params = PARAMS({.name = "int", .type = TYPE_INT}),
    .results = RESULTS({.name = "number", .type = TYPE_INT}),
    .manual = "byteorder(3)",
    .c = "htons({int})",
    .python = "socket.htons({int})",
    .example = "htons 9999",
    .details = N_("Networks send the highest octet first; most processors keep it last. In C a "
                  "port goes through htons; here bind and connect do it."),
    .lesson = "addresses",
    .topic = "addresses",
    .run = run_htons,
    .note = note_order,
};

static bool run_htonl(struct call *call)
{
    return fits(call, 32) && call_give_take(call, value_int(htonl((uint32_t)call->args[0].number)));
}

// For INADDR_ANY and its kin, which C writes as numbers of 32 bits: ip(7).
const struct command command_htonl = {
    .name = "htonl",
    .summary = N_("32 bits from this machine's order to network order"),
    .group = GROUP_ADDRESSES,
    .params = PARAMS({.name = "int", .type = TYPE_INT}),
    .results = RESULTS({.name = "number", .type = TYPE_INT}),
    .manual = "byteorder(3)",
    .c = "htonl({int})",
    .python = "socket.htonl({int})",
    .example = "htonl 9999",
    .lesson = "addresses",
    .topic = "addresses",
    .run = run_htonl,
    .note = note_order,
};

static bool run_ntohs(struct call *call)
{
    return fits(call, 16) && call_give_take(call, value_int(ntohs((uint16_t)call->args[0].number)));
}

// The same as htons on every machine: the name says which way it is meant.
const struct command command_ntohs = {
    .name = "ntohs",
    .summary = N_("16 bits from network order to this machine's order"),
    .group = GROUP_ADDRESSES,
    .params = PARAMS({.name = "int", .type = TYPE_INT}),
    .results = RESULTS({.name = "number", .type = TYPE_INT}),
    .manual = "byteorder(3)",
    .c = "ntohs({int})",
    .python = "socket.ntohs({int})",
    .example = "ntohs 9999",
    .lesson = "addresses",
    .topic = "addresses",
    .run = run_ntohs,
    .note = note_order,
};

static bool run_ntohl(struct call *call)
{
    return fits(call, 32) && call_give_take(call, value_int(ntohl((uint32_t)call->args[0].number)));
}

const struct command command_ntohl = {
    .name = "ntohl",
    .summary = N_("32 bits from network order to this machine's order"),
    .group = GROUP_ADDRESSES,
    .params = PARAMS({.name = "int", .type = TYPE_INT}),
    .results = RESULTS({.name = "number", .type = TYPE_INT}),
    .manual = "byteorder(3)",
    .c = "ntohl({int})",
    .python = "socket.ntohl({int})",
    .example = "ntohl 9999",
    .lesson = "addresses",
    .topic = "addresses",
    .run = run_ntohl,
    .note = note_order,
};

// --- hosts ---------------------------------------------------------------------------------------

// Reads HOST[:PORT] as an address that may lack its port, which `port` is then, too.
// web, web:80, 127.0.0.1, ::1 and [::1]:80 are good; what is not good is told as of any address.
static bool read_host(struct call *call, size_t i, struct buffer *host, struct buffer *port)
{
    struct str text = arg_str(call, i);
    size_t colon = str_find(text, STR(":"), 0);
    // An IPv6 number without brackets has more than one colon, and then none of them begins a port.
    bool brackets = str_starts(text, STR("["));
    bool bare_six =
        !brackets && colon != SIZE_MAX && str_find(text, STR(":"), colon + 1) != SIZE_MAX;
    bool has_port =
        brackets ? str_find(text, STR("]:"), 0) != SIZE_MAX : colon != SIZE_MAX && !bare_six;
    struct address address;
    struct diag diag = {0};
    struct buffer whole = {0};
    buffer_add_text(&whole, bare_six ? "[" : "");
    buffer_add(&whole, text);
    buffer_add_text(&whole, bare_six ? "]:0" : has_port ? "" : ":0");
    bool good = address_parse(buffer_str(&whole), &address, &diag);
    buffer_finish(&whole);
    if (!good)
        return call_refused(call, "%s", diag.message);
    // A path has no port, and no name server knows it.
    if (address.kind == ADDRESS_UNIX)
        return refuse_value(call, _("%s is no host, such as web or 127.0.0.1"), arg(call, i));
    address_show_host(&address, host);
    if (has_port && address.kind == ADDRESS_NAME)
        buffer_add(port, str_slice((struct str){address.text, address.text_size}, address.host_size,
                                   address.text_size));
    else if (has_port)
        buffer_print(port, "%u", address.port);
    return true;
}

// An empty port stands for every port: see hosts_set().
static bool run_hosts(struct call *call)
{
    struct buffer name = {0}, port = {0}, to_host = {0}, to_port = {0};
    bool good = read_host(call, 0, &name, &port) && read_host(call, 1, &to_host, &to_port);
    if (good)
        hosts_set(buffer_str(&name), buffer_str(&port), buffer_str(&to_host), buffer_str(&to_port));
    buffer_finish(&to_port);
    buffer_finish(&to_host);
    buffer_finish(&port);
    buffer_finish(&name);
    return good;
}

// A name is compared as DNS does, without regard to case; /etc/hosts knows no ports.
const struct command command_hosts = {
    .name = "hosts",
    .summary = N_("send a name elsewhere for this run, as in /etc/hosts"),
    .group = GROUP_ADDRESSES,
    .params = PARAMS({.name = "name[:port]", .type = TYPE_BYTES, .form = FORM_WORD},
                     {.name = "host[:port]", .type = TYPE_BYTES, .form = FORM_WORD}),
    .manual = "hosts(5)",
    .example = "hosts web:80 127.0.0.1:8080",
    .details = N_("With ports, only that port is sent elsewhere."),
    .lesson = "names",
    .topic = "names",
    .run = run_hosts,
};

// --- interfaces ----------------------------------------------------------------------------------

// The address without its port, or none.
static struct value host_of(const struct kernel_interface *found)
{
    if (!found->has_address)
        return VALUE_NONE;
    struct buffer text = {0};
    address_show_host(&found->host, &text);
    struct value host = value_bytes(buffer_str(&text));
    buffer_finish(&text);
    return host;
}

// [name, address or none, whether it is up]: what a `for` with three names takes apart.
// ["lo", "127.0.0.1", true]
static struct value interface_value(const struct kernel_interface *found)
{
    struct value list = value_list(3);
    list_add_take(&list, value_bytes(str_from(found->name)));
    // Without a port and the brackets of an address: a name's number, to be looked at or put into
    // one.
    list_add_take(&list, host_of(found));
    list_add_take(&list, value_bool(found->up));
    return list;
}

// One element an address, and one for an interface without any.
static bool run_interfaces(struct call *call)
{
    struct kernel_interface *found = NULL;
    size_t count = 0;
    int error = kernel_interfaces(&found, &count);
    if (error != 0)
        return call_failed(call, error);
    struct value list = value_list(count);
    for (size_t i = 0; i < count; i++)
        list_add_take(&list, interface_value(&found[i]));
    free(found);
    return call_give_take(call, list);
}

// Three values an element: what getifaddrs(3) knows that a script of sockets needs.
const struct command command_interfaces = {
    .name = "interfaces",
    .summary = N_("this computer's interfaces: [name, address, up] each"),
    .group = GROUP_ADDRESSES,
    .results = RESULTS({.name = "interfaces", .type = TYPE_LIST}),
    .manual = "getifaddrs(3)",
    .example = "for name, address, up in interfaces { print name address up }",
    .lesson = "addresses",
    .topic = "addresses",
    .run = run_interfaces,
};
