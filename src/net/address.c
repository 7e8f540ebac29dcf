// address: reading addresses as they are written, and what system calls take and give for them.

#include "net/address.h"

#include <arpa/inet.h>
#include <assert.h>
#include <ctype.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>
#include <sys/un.h>

#include "base/message.h"
#include "base/utf8.h"
#include "net/kernel.h"

enum {
    PATH_MOST = sizeof(((struct sockaddr_un *)0)->sun_path) - 1, // room for a NUL stays
    HOST_MOST = 253,                                             // RFC 1035 section 2.3.4, as text
    SERVICE_MOST = ADDRESS_TEXT - HOST_MOST,
};

// One reading. Parts are slices of `text`, so that their place can be told.
struct reader {
    struct str text;         // all of it, as typed
    struct address *address; // filled piece by piece; worth nothing after a failure
    struct diag *diag;       // where a mistake goes
};

// Where a part stands. An empty part has lost its place and stands at the end of the text.
static struct range range_of(const struct reader *reader, struct str part)
{
    size_t start = part.size ? (size_t)(part.data - reader->text.data) : reader->text.size;
    return (struct range){start, start + part.size};
}

// --- hosts and ports -----------------------------------------------------------------------------

// What names on the network are made of (RFC 1123 section 2.1), and '_', which many have as well.
static bool is_host_char(char c)
{
    return isalnum((unsigned char)c) || c == '-' || c == '_' || c == '.';
}

// The character at octet `i`, whole, to be underlined.
static struct str char_at(struct str s, size_t i)
{
    uint32_t point;
    struct str rest = str_slice(s, i, s.size);
    size_t size = utf8_decode(rest, &point);
    return str_slice(rest, 0, size ? size : 1);
}

// Finds the first character that is no part of a name. True when there is none.
static bool is_name(struct str s, struct str *bad)
{
    for (size_t i = 0; i < s.size; i++) {
        if (!is_host_char(s.data[i])) {
            *bad = char_at(s, i);
            return false;
        }
    }
    return true;
}

// Whether it is digits and nothing else, however large the number.
static bool is_number(struct str s)
{
    size_t digits = 0;
    while (digits < s.size && isdigit((unsigned char)s.data[digits]))
        digits++;
    return s.size > 0 && digits == s.size;
}

// Whether a port can be meant as a name at all (RFC 6335 section 5.1 asks for a letter); -1 and 8.0
// are numbers gone wrong.
static bool may_be_service(struct str port)
{
    for (size_t i = 0; i < port.size; i++)
        if (!isdigit((unsigned char)port.data[i]) && strchr("-+._", port.data[i]) == NULL)
            return true;
    return false;
}

// Shows how the address would look with a port: with the host typed, unless that is part of the
// trouble.
static bool needs_port(struct reader *reader, struct str host)
{
    struct str bad;
    if (!is_name(host, &bad) || host.size > 60)
        host = STR("127.0.0.1");
    return diag_set(reader->diag, range_of(reader, reader->text),
                    _("an address needs a port: %.*s:80"), STR_ARG(host));
}

// Makes the address a name: `host` is good already, `service` is not looked at yet.
static bool take_name(struct reader *reader, struct str host, struct str service)
{
    struct address *address = reader->address;
    struct str bad;
    if (!is_name(service, &bad))
        return diag_set(reader->diag, range_of(reader, bad),
                        _("the name of a port is made of letters, digits, '-', '_' and '.'"));
    if (service.size > SERVICE_MOST)
        return diag_set(reader->diag, range_of(reader, service),
                        _("the name of a port has at most %d characters"), SERVICE_MOST);
    address->kind = ADDRESS_NAME;
    address->host_size = (uint16_t)host.size;
    address->text_size = (uint16_t)(host.size + service.size);
    memcpy(address->text, host.data, host.size);
    memcpy(address->text + host.size, service.data, service.size);
    return true;
}

// http://… is what a beginner brings along from the address bar.
static bool looks_like_url(struct reader *reader, struct str port)
{
    if (!str_starts(port, STR("//")))
        return false;
    diag_set(reader->diag, range_of(reader, reader->text),
             _("an address is a host and a port, no URL: www.sina.com.cn:80"));
    return true;
}

// Reads what stands behind the colon. `host` is the text of a good host; the address has its
// number, if it is one.
static bool take_port(struct reader *reader, struct str host, struct str port)
{
    uint64_t number;
    if (port.size == 0)
        return needs_port(reader, host);
    if (looks_like_url(reader, port))
        return false;
    if (!str_has_leading_zero(port) && str_to_number(port, 65535, &number)) {
        reader->address->port = (uint16_t)number;
        return reader->address->kind != ADDRESS_NAME || take_name(reader, host, port);
    }
    if (may_be_service(port))
        return take_name(reader, host, port);
    diag_set(reader->diag, range_of(reader, port), _("a port is a number from 0 to 65535"));
    if (is_number(port) && str_has_leading_zero(port))
        diag_hint(reader->diag, "%s", _("it is written without zeros in front"));
    return false;
}

// --- IPv4 ----------------------------------------------------------------------------------------

// Whether all parts between dots are numbers, decimal or hexadecimal: inet_aton(3) would take those
// for an address, so that they must not pass for a name.
static bool looks_like_ipv4(struct str host)
{
    size_t at = 0;
    while (at <= host.size) {
        size_t dot = str_find(host, STR("."), at);
        struct str part = str_slice(host, at, dot);
        bool hex = part.size > 2 && part.data[0] == '0' && (part.data[1] | 0x20) == 'x';
        for (size_t i = hex ? 2 : 0; i < part.size; i++)
            if (!(hex ? isxdigit : isdigit)((unsigned char)part.data[i]))
                return false;
        at += part.size + 1;
    }
    return true;
}

// The mistake of all numbers that are not good; `part` is what is underlined. Returns false.
static bool wrong_ipv4(struct reader *reader, struct str part)
{
    return diag_set(reader->diag, range_of(reader, part),
                    _("an IPv4 number has four parts, each from 0 to 255"));
}

// Not inet_pton(3), which does not tell what is wrong where.
static bool take_ipv4(struct reader *reader, struct str host)
{
    struct str rest = host;
    for (size_t i = 0; i < 4; i++) {
        uint64_t number;
        struct str part = str_slice(rest, 0, str_find(rest, STR("."), 0));
        // The last part, and only that, has no dot behind it.
        if ((part.size == rest.size) != (i == 3) || part.size == 0)
            return wrong_ipv4(reader, host);
        if (!str_to_number(part, 255, &number))
            return wrong_ipv4(reader, part);
        if (str_has_leading_zero(part)) {
            diag_set(reader->diag, range_of(reader, part),
                     _("a part of an IPv4 number is written without zeros in front"));
            return diag_hint(reader->diag, "%s", _("C programs read 010 as octal, which is 8"));
        }
        reader->address->ip[i] = (uint8_t)number;
        rest = str_slice(rest, part.size + 1, rest.size);
    }
    return true;
}

// An IPv6 number without its brackets, or a stray colon. `port` is what stands behind the first
// one.
static bool many_colons(struct reader *reader, struct str port)
{
    for (size_t i = 0; i < reader->text.size; i++) {
        char c = reader->text.data[i];
        if (!isxdigit((unsigned char)c) && !strchr(":.%", c)) {
            struct str colon = str_slice(port, str_find(port, STR(":"), 0), port.size);
            return diag_set(reader->diag, range_of(reader, str_slice(colon, 0, 1)),
                            _("there is one colon in an address, between host and port"));
        }
    }
    return diag_set(reader->diag, range_of(reader, reader->text),
                    _("an IPv6 number stands in brackets: [::1]:9999"));
}

// Reads what stands before the colon. The kind is INET, and becomes NAME when it is no number.
static bool take_host(struct reader *reader, struct str host)
{
    struct str bad;
    if (host.size == 0) {
        diag_set(reader->diag, range_of(reader, reader->text),
                 _("an address needs a host: 127.0.0.1:80"));
        return diag_hint(reader->diag, "%s",
                         _("* stands for every address of this computer: *:80"));
    }
    if (str_is(host, "*"))
        return true;
    if (looks_like_ipv4(host))
        return take_ipv4(reader, host);
    reader->address->kind = ADDRESS_NAME;
    if (!is_name(host, &bad))
        return diag_set(reader->diag, range_of(reader, bad),
                        _("a host is made of letters, digits, '-', '_' and '.'"));
    if (host.size > HOST_MOST)
        return diag_set(reader->diag, range_of(reader, host),
                        _("the name of a host has at most %d characters"), HOST_MOST);
    return true;
}

// HOST:PORT with a name, an IPv4 number or * as the host.
static bool parse_host_and_port(struct reader *reader)
{
    size_t colon = str_find(reader->text, STR(":"), 0);
    struct str host = str_slice(reader->text, 0, colon);
    struct str port = str_slice(reader->text, host.size + 1, reader->text.size);
    if (str_find(port, STR(":"), 0) != SIZE_MAX && !str_starts(port, STR("//")))
        return many_colons(reader, port);
    reader->address->kind = ADDRESS_INET;
    if (!take_host(reader, host))
        return false;
    if (colon == SIZE_MAX)
        return needs_port(reader, host);
    return take_port(reader, str_is(host, "*") ? STR("0.0.0.0") : host, port);
}

// --- IPv6 ----------------------------------------------------------------------------------------

// An interface by name or, as getaddrinfo(3) has it too, by number; only a name must be known here.
static bool take_zone(struct reader *reader, struct str zone)
{
    char name[64];
    uint64_t index;
    if (zone.size < sizeof name && memchr(zone.data, '\0', zone.size) == NULL) {
        memcpy(name, zone.data, zone.size);
        name[zone.size] = '\0';
        reader->address->scope = kernel_interface_index(name);
        if (reader->address->scope == 0 && !str_has_leading_zero(zone) &&
            str_to_number(zone, UINT32_MAX, &index))
            reader->address->scope = (uint32_t)index;
    }
    if (reader->address->scope != 0)
        return true;
    diag_set(reader->diag, range_of(reader, zone), _("this computer has no interface \"%.*s\""),
             STR_ARG(zone));
    return diag_hint(reader->diag, "%s", _("\"interfaces\" lists those there are"));
}

// Reads the number between the brackets, without its zone.
static bool take_ipv6(struct reader *reader, struct str number)
{
    char text[INET6_ADDRSTRLEN];
    struct str bad;
    if (number.size < sizeof text && memchr(number.data, '\0', number.size) == NULL) {
        memcpy(text, number.data, number.size);
        text[number.size] = '\0';
        if (inet_pton(AF_INET6, text, reader->address->ip) == 1)
            return true;
    }
    if (is_name(number, &bad)) // no colon in it
        return diag_set(reader->diag, range_of(reader, number.size ? number : reader->text),
                        _("only IPv6 numbers stand in brackets: [::1]:9999"));
    diag_set(reader->diag, range_of(reader, number),
             _("an IPv6 number has eight groups of up to four hexadecimal digits"));
    return diag_hint(reader->diag, "%s", _(":: stands for groups of zeros, once: [::1]:9999"));
}

// [NUMBER]:PORT or [NUMBER%ZONE]:PORT (RFC 3986 section 3.2.2, RFC 4007 section 11).
static bool parse_in_brackets(struct reader *reader)
{
    struct str text = reader->text;
    size_t close = str_find(text, STR("]"), 0);
    if (close == SIZE_MAX)
        return diag_set(reader->diag, range_of(reader, str_slice(text, 0, 1)),
                        _("the ] is missing: [::1]:9999"));
    struct str host = str_slice(text, 1, close);
    struct str number = str_slice(host, 0, str_find(host, STR("%"), 0));
    struct str zone = str_slice(host, number.size + 1, host.size);
    struct str rest = str_slice(text, close + 1, text.size);
    reader->address->kind = ADDRESS_INET6;
    if (!take_ipv6(reader, number))
        return false;
    if (number.size < host.size && !take_zone(reader, zone))
        return false;
    if (rest.size < 2 || rest.data[0] != ':')
        return diag_set(reader->diag, range_of(reader, text),
                        _("an address needs a port: [::1]:80"));
    return take_port(reader, host, str_slice(rest, 1, rest.size));
}

// --- AF_UNIX -------------------------------------------------------------------------------------

// The value of a hexadecimal digit, -1 for any other character.
static int hex_digit(char c)
{
    if (!isxdigit((unsigned char)c))
        return -1;
    return isdigit((unsigned char)c) ? c - '0' : (c | 0x20) - 'a' + 10;
}

// Reads `\\` or `\xHH` at the beginning of `s`, as address_show() writes them. Returns its size, or
// 0.
static size_t read_escape(struct str s, char *octet)
{
    if (s.size >= 2 && s.data[1] == '\\') {
        *octet = '\\';
        return 2;
    }
    if (s.size < 4 || s.data[1] != 'x' || hex_digit(s.data[2]) < 0 || hex_digit(s.data[3]) < 0)
        return 0;
    *octet = (char)(hex_digit(s.data[2]) * 16 + hex_digit(s.data[3]));
    return 4;
}

// The limit is that of sun_path (108 octets, with the NUL): unix(7). Returns false.
static bool path_too_long(struct reader *reader, struct str path)
{
    return diag_set(reader->diag, range_of(reader, path),
                    _("the path of a socket has at most %d octets"), PATH_MOST);
}

// Reads what stands behind `unix:`. Escapes count as the octets that they stand for.
static bool parse_unix(struct reader *reader, struct str path)
{
    struct address *address = reader->address;
    bool abstract = str_starts(path, STR("@"));
    size_t size = abstract ? 1 : 0; // the NUL in front
    size_t most = size + PATH_MOST;
    address->kind = ADDRESS_UNIX;
    for (size_t i = size; i < path.size;) {
        char octet = path.data[i];
        size_t step = octet == '\\' ? read_escape(str_slice(path, i, path.size), &octet) : 1;
        struct str shown = str_slice(path, i, i + (step ? step : 1));
        if (step == 0)
            return diag_set(reader->diag, range_of(reader, shown),
                            _("in a path a backslash is written \\\\, an octet \\xHH"));
        if (octet == '\0' && !abstract)
            return diag_set(reader->diag, range_of(reader, shown),
                            _("a path cannot hold the octet 0; an abstract name can: unix:@name"));
        if (size == most)
            return path_too_long(reader, path);
        address->text[size++] = octet;
        i += step;
    }
    address->text_size = (uint16_t)size;
    return true;
}

bool address_parse(struct str text, struct address *address, struct diag *diag)
{
    struct reader reader = {text, address, diag};
    *address = (struct address){0};
    if (text.size == 0)
        return diag_set(diag, (struct range){0, 0},
                        _("an address is a host and a port: 127.0.0.1:80"));
    if (str_starts(text, STR("unix:")))
        return parse_unix(&reader, str_slice(text, 5, text.size));
    if (text.data[0] == '[')
        return parse_in_brackets(&reader);
    return parse_host_and_port(&reader);
}

// --- for and from the kernel ---------------------------------------------------------------------

// Fills `to`, which is zeroed, and returns the size to give the kernel.
static socklen_t to_unix(const struct address *address, struct sockaddr_un *to)
{
    // A path takes its NUL along, an abstract name does not: there it would be one more
    // octet of the name. unix(7)
    bool path = address->text_size > 0 && address->text[0] != '\0';
    to->sun_family = AF_UNIX;
    memcpy((char *)to + offsetof(struct sockaddr_un, sun_path), address->text, address->text_size);
    bool room = address->text_size < sizeof to->sun_path;
    return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + address->text_size) +
           (path && room ? 1 : 0);
}

socklen_t address_to_sockaddr(const struct address *address, struct sockaddr_storage *to)
{
    memset(to, 0, sizeof *to);
    switch (address->kind) {
    case ADDRESS_INET: {
        struct sockaddr_in *in = (struct sockaddr_in *)to;
        in->sin_family = AF_INET;
        in->sin_port = htons(address->port);
        memcpy(&in->sin_addr, address->ip, sizeof in->sin_addr);
        return sizeof *in;
    }
    case ADDRESS_INET6: {
        struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)to;
        in6->sin6_family = AF_INET6;
        in6->sin6_port = htons(address->port);
        in6->sin6_scope_id = address->scope;
        memcpy(&in6->sin6_addr, address->ip, sizeof in6->sin6_addr);
        return sizeof *in6;
    }
    case ADDRESS_UNIX:
        return to_unix(address, (struct sockaddr_un *)to);
    case ADDRESS_OTHER:
        to->ss_family = address->family;
        return sizeof to->ss_family;
    case ADDRESS_NAME:
        break;
    }
    return 0;
}

// `size` counts from the beginning of the sockaddr; no more than the family is the unnamed address.
static void from_unix(const struct sockaddr_storage *from, size_t size, struct address *to)
{
    const char *path = (const char *)from + offsetof(struct sockaddr_un, sun_path);
    size_t room = size - offsetof(struct sockaddr_un, sun_path);
    to->kind = ADDRESS_UNIX;
    // A path ends at its NUL; the name behind an abstract one's NUL may hold more of them.
    if (room > 0)
        to->text_size = (uint16_t)(path[0] == '\0' ? room : strnlen(path, room));
    memcpy(to->text, path, to->text_size);
}

void address_from_sockaddr(const struct sockaddr_storage *from, socklen_t size, struct address *to)
{
    const struct sockaddr_in *in = (const struct sockaddr_in *)from;
    const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)from;
    static_assert(sizeof *from - offsetof(struct sockaddr_un, sun_path) <= ADDRESS_TEXT,
                  "whatever path the kernel gives fits");
    *to = (struct address){.kind = ADDRESS_UNIX};
    if (size < sizeof from->ss_family)
        return;
    if (size > sizeof *from) // the kernel tells the whole size, even where it had to cut
        size = sizeof *from;
    if (from->ss_family == AF_INET && size >= sizeof *in) {
        to->kind = ADDRESS_INET;
        to->port = ntohs(in->sin_port);
        memcpy(to->ip, &in->sin_addr, sizeof in->sin_addr);
    } else if (from->ss_family == AF_INET6 && size >= sizeof *in6) {
        to->kind = ADDRESS_INET6;
        to->port = ntohs(in6->sin6_port);
        to->scope = in6->sin6_scope_id;
        memcpy(to->ip, &in6->sin6_addr, sizeof in6->sin6_addr);
    } else if (from->ss_family == AF_UNIX) {
        from_unix(from, size, to);
    } else {
        to->kind = ADDRESS_OTHER;
        to->family = from->ss_family;
    }
}

size_t address_size(const struct address *address)
{
    return offsetof(struct address, text) + address->text_size;
}

bool address_is_loopback(const struct address *address)
{
    static const uint8_t one[16] = {[15] = 1}, mapped[13] = {[10] = 0xFF, 0xFF, 127};
    return address->kind == ADDRESS_INET    ? address->ip[0] == 127
           : address->kind == ADDRESS_INET6 ? memcmp(address->ip, one, sizeof one) == 0 ||
                                                  memcmp(address->ip, mapped, sizeof mapped) == 0
                                            : false;
}

bool address_equal(const struct address *a, const struct address *b)
{
    if (a->kind != b->kind)
        return false;
    switch (a->kind) {
    case ADDRESS_INET:
        return a->port == b->port && memcmp(a->ip, b->ip, 4) == 0;
    case ADDRESS_INET6:
        return a->port == b->port && a->scope == b->scope && memcmp(a->ip, b->ip, 16) == 0;
    case ADDRESS_UNIX:
    case ADDRESS_NAME:
        return a->host_size == b->host_size &&
               str_equal((struct str){a->text, a->text_size}, (struct str){b->text, b->text_size});
    case ADDRESS_OTHER:
        break;
    }
    return a->family == b->family;
}
