// address_show: writing addresses, as scripts do and as C programs do.

#include "net/address.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <string.h>

#include "base/utf8.h"
#include "net/kernel.h"

// Appends text that may hold any octet: readable characters as they are, a character in `quoted`
// behind a backslash, every other octet through `escape`, which is given what follows it.
static void show_octets(struct str s, const char *quoted,
                        void (*escape)(unsigned char octet, struct str rest, struct buffer *to),
                        struct buffer *to)
{
    while (s.size > 0) {
        uint32_t point = 0;
        size_t size = utf8_decode(s, &point);
        bool readable = size > 0 && !utf8_is_control(point);
        if (!readable)
            size = 1;
        struct str first = str_slice(s, 0, size);
        s = str_slice(s, size, s.size);
        if (!readable) {
            escape((unsigned char)first.data[0], s, to);
            continue;
        }
        if (size == 1 && strchr(quoted, first.data[0]))
            buffer_add_char(to, '\\');
        buffer_add(to, first);
    }
}

// Two digits always: what follows can then never be read as part of it.
static void escape_for_script(unsigned char octet, struct str rest, struct buffer *to)
{
    (void)rest;
    buffer_print(to, "\\x%02x", octet);
}

// Octal, because C reads as many hexadecimal digits as follow; \0 where no digit makes it something
// else.
static void escape_for_c(unsigned char octet, struct str rest, struct buffer *to)
{
    bool digit = rest.size > 0 && rest.data[0] >= '0' && rest.data[0] <= '7';
    buffer_print(to, octet == 0 && !digit ? "\\%o" : "\\%03o", octet);
}

// --- parts of an address -------------------------------------------------------------------------

// All that stands in `text`; of a NAME the host and the service behind it, without a mark between.
static struct str text_of(const struct address *address)
{
    return (struct str){address->text, address->text_size};
}

static struct str host_of(const struct address *address)
{
    return str_slice(text_of(address), 0, address->host_size);
}

static struct str service_of(const struct address *address)
{
    return str_slice(text_of(address), address->host_size, address->text_size);
}

// The number in its usual form, without port and brackets. inet_ntop(3)
static void show_ip(const struct address *address, struct buffer *to)
{
    char text[INET6_ADDRSTRLEN] = "";
    inet_ntop(address->kind == ADDRESS_INET ? AF_INET : AF_INET6, address->ip, text, sizeof text);
    buffer_add_text(to, text);
}

// Whether a zone of that name can be read back; the kernel lets an interface be called almost
// anything.
static bool is_plain(const char *name)
{
    return name[strspn(
               name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")] == '\0';
}

// By name where there is a name, else by number, as an interface that is gone has none; behind a %.
static void show_zone(const struct address *address, struct buffer *to)
{
    char name[IF_NAMESIZE];
    if (address->scope == 0)
        return;
    if (kernel_interface_name(address->scope, name) && is_plain(name))
        buffer_print(to, "%%%s", name);
    else
        buffer_print(to, "%%%u", address->scope);
}

// A path of the file system, or an abstract name behind @; nothing for the unnamed address.
static void show_path(const struct address *address, struct buffer *to)
{
    struct str path = text_of(address);
    if (path.size == 0)
        return;
    // Only an abstract name begins with a bare @.
    if (path.data[0] == '\0')
        buffer_add_char(to, '@');
    else if (path.data[0] == '@')
        escape_for_script('@', path, to);
    bool first_shown = path.data[0] == '\0' || path.data[0] == '@';
    show_octets(str_slice(path, first_shown ? 1 : 0, path.size), "\\", escape_for_script, to);
}

// --- the three ways to write one -----------------------------------------------------------------

void address_show_host(const struct address *address, struct buffer *to)
{
    switch (address->kind) {
    case ADDRESS_INET:
    case ADDRESS_INET6:
        show_ip(address, to);
        show_zone(address, to);
        break;
    case ADDRESS_UNIX:
        show_path(address, to);
        break;
    case ADDRESS_NAME:
        buffer_add(to, host_of(address));
        break;
    case ADDRESS_OTHER:
        buffer_print(to, "family %u", address->family);
        break;
    }
}

void address_show(const struct address *address, struct buffer *to)
{
    bool named = address->kind == ADDRESS_NAME;
    // A NAME may be an IPv6 number whose port is a name: [::1]:http.
    bool brackets = address->kind == ADDRESS_INET6 ||
                    (named && str_find(host_of(address), STR(":"), 0) != SIZE_MAX);
    if (address->kind == ADDRESS_UNIX)
        buffer_add_text(to, "unix:");
    buffer_add_text(to, brackets ? "[" : "");
    address_show_host(address, to);
    buffer_add_text(to, brackets ? "]" : "");
    if (address->kind == ADDRESS_INET || address->kind == ADDRESS_INET6)
        buffer_print(to, ":%u", address->port);
    else if (named)
        buffer_print(to, ":%.*s", STR_ARG(service_of(address)));
}

// The string behind the family; the unnamed address has none.
static void show_path_c(const struct address *address, struct buffer *to)
{
    if (address->text_size == 0)
        return;
    buffer_add_text(to, ", \"");
    show_octets(text_of(address), "\\\"", escape_for_c, to);
    buffer_add_text(to, "\"");
}

void address_show_c(const struct address *address, struct buffer *to)
{
    buffer_add_text(to, "{");
    switch (address->kind) {
    case ADDRESS_INET:
    case ADDRESS_INET6:
        buffer_add_text(to, address->kind == ADDRESS_INET ? "AF_INET, " : "AF_INET6, ");
        show_ip(address, to);
        buffer_print(to, ", port %u", address->port);
        if (address->scope != 0)
            buffer_print(to, ", scope %u", address->scope);
        break;
    case ADDRESS_UNIX:
        buffer_add_text(to, "AF_UNIX");
        show_path_c(address, to);
        break;
    case ADDRESS_NAME: // the two strings that getaddrinfo(3) takes
        buffer_print(to, "\"%.*s\", \"%.*s\"", STR_ARG(host_of(address)),
                     STR_ARG(service_of(address)));
        break;
    case ADDRESS_OTHER:
        buffer_print(to, "family %u", address->family);
        break;
    }
    buffer_add_text(to, "}");
}
