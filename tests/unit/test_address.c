// test_address: addresses as they are written, as they are shown, and as system calls have them.

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>

#include "base/buffer.h"
#include "net/address.h"
#include "net/kernel.h"

static bool parse(const char *text, struct address *address)
{
    struct diag diag = {0};
    return address_parse(str_from(text), address, &diag);
}

// What `show` makes of an address, in a buffer that lasts until the next call.
static char *shown_by(void (*show)(const struct address *, struct buffer *),
                      const struct address *a)
{
    static char text[1024];
    struct buffer buffer = {0};
    show(a, &buffer);
    snprintf(text, sizeof text, "%s", buffer_text(&buffer));
    buffer_finish(&buffer);
    return text;
}

static struct address good(const char *text)
{
    struct address address;
    struct diag diag = {0};
    cr_assert(address_parse(str_from(text), &address, &diag), "%s: %s", text, diag.message);
    return address;
}

static const struct {
    const char *written, *shown, *host, *c;
    enum address_kind kind;
} readable[] = {
    {"127.0.0.1:9999", NULL, "127.0.0.1", "{AF_INET, 127.0.0.1, port 9999}", ADDRESS_INET},
    {"255.255.255.255:65535", NULL, "255.255.255.255", NULL, ADDRESS_INET},
    {"0.0.0.0:0", NULL, "0.0.0.0", "{AF_INET, 0.0.0.0, port 0}", ADDRESS_INET},
    {"*:9999", "0.0.0.0:9999", "0.0.0.0", NULL, ADDRESS_INET},
    {"*:http", "0.0.0.0:http", "0.0.0.0", NULL, ADDRESS_NAME},
    {"127.0.0.1:http", NULL, "127.0.0.1", "{\"127.0.0.1\", \"http\"}", ADDRESS_NAME},
    {"localhost:80", NULL, "localhost", "{\"localhost\", \"80\"}", ADDRESS_NAME},
    {"www.sina.com.cn:http-alt", NULL, "www.sina.com.cn", NULL, ADDRESS_NAME},
    {"my_host-2:9pfs", NULL, "my_host-2", NULL, ADDRESS_NAME},
    {"1.2.3.4.example:1", NULL, "1.2.3.4.example", NULL, ADDRESS_NAME},
    {"[::1]:9999", NULL, "::1", "{AF_INET6, ::1, port 9999}", ADDRESS_INET6},
    {"[::]:0", NULL, "::", NULL, ADDRESS_INET6},
    {"[2001:0DB8:0:0:0:0:0:1]:80", "[2001:db8::1]:80", "2001:db8::1", NULL, ADDRESS_INET6},
    {"[::ffff:127.0.0.1]:80", NULL, "::ffff:127.0.0.1", NULL, ADDRESS_INET6},
    {"[::1]:http", NULL, "::1", "{\"::1\", \"http\"}", ADDRESS_NAME},
    {"[fe80::1%lo]:80", NULL, "fe80::1%lo", "{AF_INET6, fe80::1, port 80, scope 1}", ADDRESS_INET6},
    {"[fe80::1%1]:80", "[fe80::1%lo]:80", "fe80::1%lo", NULL, ADDRESS_INET6},
    {"[fe80::1%4294967295]:80", NULL, "fe80::1%4294967295", NULL, ADDRESS_INET6},
    {"[fe80::1%lo]:http", NULL, "fe80::1%lo", NULL, ADDRESS_NAME},
    {"unix:/tmp/x.sock", NULL, "/tmp/x.sock", "{AF_UNIX, \"/tmp/x.sock\"}", ADDRESS_UNIX},
    {"unix:x y:1", NULL, "x y:1", NULL, ADDRESS_UNIX},
    {"unix:@name", NULL, "@name", "{AF_UNIX, \"\\0name\"}", ADDRESS_UNIX},
    {"unix:@", NULL, "@", "{AF_UNIX, \"\\0\"}", ADDRESS_UNIX},
    {"unix:", NULL, "", "{AF_UNIX}", ADDRESS_UNIX},
    {"unix:@00001", NULL, "@00001", "{AF_UNIX, \"\\00000001\"}", ADDRESS_UNIX},
    {"unix:@a\\x00b", NULL, "@a\\x00b", "{AF_UNIX, \"\\0a\\0b\"}", ADDRESS_UNIX},
    {"unix:\\x40name", NULL, "\\x40name", "{AF_UNIX, \"@name\"}", ADDRESS_UNIX},
    {"unix:a\\\\b\\x1B\\xff", "unix:a\\\\b\\x1b\\xff", "a\\\\b\\x1b\\xff",
     "{AF_UNIX, \"a\\\\b\\033\\377\"}", ADDRESS_UNIX},
    {"unix:\xE4\xBD\xA0\xC2\x9B", "unix:\xE4\xBD\xA0\\xc2\\x9b", "\xE4\xBD\xA0\\xc2\\x9b", NULL,
     ADDRESS_UNIX},
};

// Shown, and read again, an address is what it was.
Test(address, is_read_and_shown)
{
    kernel_start();
    for (size_t i = 0; i < sizeof readable / sizeof *readable; i++) {
        const char *written = readable[i].written;
        const char *expected = readable[i].shown ? readable[i].shown : written;
        struct address address = good(written);
        cr_assert(eq(int, (int)address.kind, (int)readable[i].kind), "%s", written);
        cr_assert(eq(str, shown_by(address_show, &address), (char *)expected));
        cr_assert(eq(str, shown_by(address_show_host, &address), (char *)readable[i].host));
        if (readable[i].c)
            cr_assert(eq(str, shown_by(address_show_c, &address), (char *)readable[i].c));
        struct address again = good(expected);
        cr_assert(address_equal(&address, &again), "%s", expected);
    }
    kernel_finish();
}

Test(address, has_its_numbers_in_network_order)
{
    struct address address = good("1.2.3.4:258");
    cr_assert(eq(int, address.port, 258));
    cr_assert(eq(int, memcmp(address.ip, "\1\2\3\4", 4), 0));
    address = good("[102:304::ff]:0");
    cr_assert(eq(int, memcmp(address.ip, "\1\2\3\4\0\0\0\0\0\0\0\0\0\0\0\xff", 16), 0));
}

#define PATH_107                                                                                   \
    "/23456789012345678901234567890123456789012345678901234567890123456789012345678901234567890"   \
    "12345678901234567"

static const char four_parts[] = "an IPv4 number has four parts, each from 0 to 255";
static const char ports[] = "a port is a number from 0 to 65535";
static const char host_chars[] = "a host is made of letters, digits, '-', '_' and '.'";
static const char port_chars[] = "the name of a port is made of letters, digits, '-', '_' and '.'";
static const char groups[] = "an IPv6 number has eight groups of up to four hexadecimal digits";
static const char brackets[] = "an IPv6 number stands in brackets: [::1]:9999";
static const char only_six[] = "only IPv6 numbers stand in brackets: [::1]:9999";
static const char backslash[] = "in a path a backslash is written \\\\, an octet \\xHH";

static const struct {
    const char *written, *message;
    size_t start, end;
} wrong[] = {
    {"", "an address is a host and a port: 127.0.0.1:80", 0, 0},
    {"127.0.0.1:65536", ports, 10, 15},
    {"127.0.0.1:-1", ports, 10, 12},
    {"127.0.0.1:8.0", ports, 10, 13},
    {"127.0.0.1:080", ports, 10, 13},
    {"127.0.0.1:00", ports, 10, 12},
    {"localhost:99999999999999999999", ports, 10, 30},
    {"localhost:8o!", port_chars, 12, 13},
    {"localhost:ht tp", port_chars, 12, 13},
    {"256.0.0.1:80", four_parts, 0, 3},
    {"127.0.0.999:80", four_parts, 8, 11},
    {"127.0.1:80", four_parts, 0, 7},
    {"1.2.3.4.5:80", four_parts, 0, 9},
    {"127..0.1:80", four_parts, 0, 8},
    {"127.0.0.:80", four_parts, 0, 8},
    {"2130706433:80", four_parts, 0, 10},
    {"0x7f.0.0.1:80", four_parts, 0, 4},
    {"127.0.0.01:80", "a part of an IPv4 number is written without zeros in front", 8, 10},
    {"127.0.0.1", "an address needs a port: 127.0.0.1:80", 0, 9},
    {"localhost", "an address needs a port: localhost:80", 0, 9},
    {"localhost:", "an address needs a port: localhost:80", 0, 10},
    {"[::1]", "an address needs a port: [::1]:80", 0, 5},
    {"[::1]:", "an address needs a port: [::1]:80", 0, 6},
    {":80", "an address needs a host: 127.0.0.1:80", 0, 3},
    {"::1:9999", brackets, 0, 8},
    {"fe80::1%1:80", brackets, 0, 12},
    {"localhost:80:90", "there is one colon in an address, between host and port", 12, 13},
    {"http://www.sina.com.cn/", "an address is a host and a port, no URL: www.sina.com.cn:80", 0,
     23},
    {"http://www.sina.com.cn:80/", "an address is a host and a port, no URL: www.sina.com.cn:80", 0,
     26},
    {"b\xC3\xBC"
     "cher:80",
     host_chars, 1, 3},
    {"b\xFF:80", host_chars, 1, 2},
    {"a b:80", host_chars, 1, 2},
    {"[::1:80", "the ] is missing: [::1]:9999", 0, 1},
    {"[::g]:80", groups, 1, 4},
    {"[1::2::3]:80", groups, 1, 8},
    {"[::12345]:80", groups, 1, 8},
    {"[127.0.0.1]:80", only_six, 1, 10},
    {"[localhost]:80", only_six, 1, 10},
    {"[]:80", only_six, 0, 5},
    {"[fe80::1%nonesuch]:80", "this computer has no interface \"nonesuch\"", 9, 17},
    {"[fe80::1%0]:80", "this computer has no interface \"0\"", 9, 10},
    {"[fe80::1%01]:80", "this computer has no interface \"01\"", 9, 11},
    {"[fe80::1%]:80", "this computer has no interface \"\"", 13, 13},
    {"unix:" PATH_107 "8", "the path of a socket has at most 107 octets", 5, 113},
    {"unix:@" PATH_107 "8", "the path of a socket has at most 107 octets", 5, 114},
    {"unix:a\\x00", "a path cannot hold the octet 0; an abstract name can: unix:@name", 6, 10},
    {"unix:a\\b", backslash, 6, 7},
    {"unix:a\\x4", backslash, 6, 7},
    {"unix:a\\", backslash, 6, 7},
};

Test(address, says_what_is_wrong_and_where)
{
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct address address;
        struct diag diag = {0};
        const char *written = wrong[i].written;
        cr_assert(not(address_parse(str_from(written), &address, &diag)), "%s", written);
        cr_assert(eq(str, diag.message, (char *)wrong[i].message), "%s", written);
        cr_assert(eq(sz, diag.range.start, wrong[i].start), "%s", written);
        cr_assert(eq(sz, diag.range.end, wrong[i].end), "%s", written);
    }
}

Test(address, takes_the_longest_path_and_no_longer_name)
{
    struct address address = good("unix:" PATH_107);
    cr_assert(eq(int, address.text_size, 107));
    address = good("unix:@" PATH_107);
    cr_assert(eq(int, address.text_size, 108));

    char text[400];
    memset(text, 'a', sizeof text);
    memcpy(text + 253, ":80", 4);
    cr_assert(parse(text, &address));
    text[253] = 'a';
    memcpy(text + 254, ":80", 4);
    cr_assert(not(parse(text, &address)));
    memset(text, 'a', sizeof text);
    memcpy(text + 253, ":", 1);
    text[253 + 1 + 47] = '\0';
    cr_assert(parse(text, &address));
    cr_assert(eq(int, address.text_size, ADDRESS_TEXT));
    text[253 + 1 + 47] = 'a';
    text[253 + 1 + 48] = '\0';
    cr_assert(not(parse(text, &address)));
}

// --- sockaddr --------------------------------------------------------------------------------

Test(address, goes_to_a_sockaddr_and_back)
{
    static const char *const written[] = {"127.0.0.1:9999", "[::1]:80", "[fe80::1%1]:80",
                                          "unix:/tmp/x",    "unix:@n",  "unix:@a\\x00\\x00"};
    for (size_t i = 0; i < sizeof written / sizeof *written; i++) {
        struct sockaddr_storage storage;
        struct address address = good(written[i]), back;
        socklen_t size = address_to_sockaddr(&address, &storage);
        address_from_sockaddr(&storage, size, &back);
        cr_assert(address_equal(&address, &back), "%s", written[i]);
    }
}

Test(address, fills_what_bind_wants)
{
    struct sockaddr_storage storage;
    struct sockaddr_in *in = (struct sockaddr_in *)&storage;
    struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)&storage;
    struct sockaddr_un *local = (struct sockaddr_un *)&storage;
    const size_t head = offsetof(struct sockaddr_un, sun_path);

    struct address address = good("127.0.0.1:9999");
    cr_assert(eq(int, (int)address_to_sockaddr(&address, &storage), (int)sizeof *in));
    cr_assert(eq(int, in->sin_family, AF_INET));
    cr_assert(eq(int, in->sin_port, htons(9999)));
    cr_assert(eq(u32, in->sin_addr.s_addr, htonl(INADDR_LOOPBACK)));

    address = good("[fe80::1%1]:80");
    cr_assert(eq(int, (int)address_to_sockaddr(&address, &storage), (int)sizeof *in6));
    cr_assert(eq(int, in6->sin6_port, htons(80)));
    cr_assert(eq(u32, in6->sin6_scope_id, 1));

    address = good("unix:/tmp/x");
    cr_assert(eq(sz, address_to_sockaddr(&address, &storage), head + 7)); // with its NUL
    cr_assert(eq(str, local->sun_path, (char *)"/tmp/x"));
    address = good("unix:@x");
    cr_assert(eq(sz, address_to_sockaddr(&address, &storage), head + 2)); // without
    address = good("unix:");
    cr_assert(eq(sz, address_to_sockaddr(&address, &storage), sizeof(sa_family_t)));
    address = good("localhost:80");
    cr_assert(eq(sz, address_to_sockaddr(&address, &storage), 0));
}

Test(address, takes_what_the_kernel_gives)
{
    const size_t head = offsetof(struct sockaddr_un, sun_path);
    struct sockaddr_storage storage = {0};
    struct sockaddr_un *local = (struct sockaddr_un *)&storage;
    char *octets = (char *)&storage;
    struct address address;

    address_from_sockaddr(&storage, 0, &address);
    cr_assert(eq(str, shown_by(address_show, &address), (char *)"unix:"));
    storage.ss_family = AF_UNIX;
    address_from_sockaddr(&storage, sizeof(sa_family_t), &address);
    cr_assert(eq(str, shown_by(address_show, &address), (char *)"unix:"));
    memcpy(local->sun_path, "\0a\0\x1b]\xc3", 6);
    address_from_sockaddr(&storage, (socklen_t)head + 6, &address);
    cr_assert(eq(str, shown_by(address_show, &address), (char *)"unix:@a\\x00\\x1b]\\xc3"));
    strcpy(local->sun_path, "/tmp/x");
    address_from_sockaddr(&storage, (socklen_t)head + 7, &address);
    cr_assert(eq(str, shown_by(address_show, &address), (char *)"unix:/tmp/x"));
    cr_assert(eq(sz, address_size(&address), offsetof(struct address, text) + 6));

    // A path that fills sun_path has no NUL, or one behind its end.
    memset(octets + head, 'p', 108);
    address_from_sockaddr(&storage, (socklen_t)head + 109, &address);
    cr_assert(eq(int, address.text_size, 108));
    cr_assert(eq(sz, address_to_sockaddr(&address, &storage), sizeof *local));

    storage.ss_family = AF_PACKET;
    address_from_sockaddr(&storage, 20, &address);
    cr_assert(eq(int, (int)address.kind, ADDRESS_OTHER));
    cr_assert(eq(str, shown_by(address_show, &address), (char *)"family 17"));
    cr_assert(eq(sz, address_to_sockaddr(&address, &storage), sizeof(sa_family_t)));
    storage.ss_family = AF_INET; // too short to be one
    address_from_sockaddr(&storage, 8, &address);
    cr_assert(eq(int, (int)address.kind, ADDRESS_OTHER));
    address_from_sockaddr(&storage, 4096, &address);
    cr_assert(eq(int, (int)address.kind, ADDRESS_INET));
}

Test(address, differs_in_each_of_its_parts)
{
    static const char *const all[] = {
        "127.0.0.1:1", "127.0.0.2:1", "127.0.0.1:2",    "[::1]:1",        "[::1]:2",
        "[::2]:1",     "[::1%1]:1",   "[::1%99999]:1",  "unix:a",         "unix:ab",
        "unix:@a",     "unix:",       "localhost:http", "localhosth:ttp", "127.0.0.1:http",
    };
    const size_t count = sizeof all / sizeof *all;
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < count; k++) {
            struct address a = good(all[i]), b = good(all[k]);
            cr_assert(eq(int, address_equal(&a, &b), i == k), "%s %s", all[i], all[k]);
        }
    }
}

// --- hostile input ---------------------------------------------------------------------------

// Reads a text from exactly as much memory as it has, so that a sanitizer sees a step too far.
static void try_text(const char *text, size_t size)
{
    struct address address, again;
    struct diag diag = {0};
    char *copy = malloc(size ? size : 1);
    memcpy(copy, text, size);
    if (address_parse((struct str){copy, size}, &address, &diag)) {
        struct buffer shown = {0};
        address_show(&address, &shown);
        cr_assert(address_parse(buffer_str(&shown), &again, &diag), "%s", buffer_text(&shown));
        cr_assert(address_equal(&address, &again), "%s", buffer_text(&shown));
        buffer_finish(&shown);
    } else {
        cr_assert(ne(int, diag.message[0], 0));
        cr_assert(le(sz, diag.range.start, diag.range.end));
        cr_assert(le(sz, diag.range.end, size));
    }
    free(copy);
}

// Every good and wrong text with a few octets changed, and heaps of octets that mean much to an
// address.
Test(address, survives_any_octets)
{
    static const char meaningful[] = "[]:%.*@\\x0019afunixlo-/ \xC3\xA4\xFF\0\x1b";
    srand(7);
    for (int round = 0; round < 100000; round++) {
        char text[300];
        size_t size = (size_t)rand() % 24;
        size_t pick = (size_t)rand() % (sizeof readable / sizeof *readable);
        if (round % 2) {
            size = strlen(readable[pick].written);
            memcpy(text, readable[pick].written, size);
            for (int i = rand() % 3; i >= 0 && size > 0; i--)
                text[(size_t)rand() % size] = meaningful[(size_t)rand() % sizeof meaningful];
        } else {
            for (size_t i = 0; i < size; i++)
                text[i] = meaningful[(size_t)rand() % sizeof meaningful];
        }
        try_text(text, size);
    }
}

static bool is_control(char c)
{
    return (unsigned char)c < 0x20 || c == 0x7F;
}

Test(address, the_loopback_is_known)
{
    static const struct {
        const char *written;
        bool loopback;
    } cases[] = {
        {"127.0.0.1:80", true},          {"127.255.0.9:80", true},        {"[::1]:80", true},
        {"[::ffff:127.0.0.1]:80", true}, {"[::ffff:127.9.9.9]:80", true}, {"10.0.0.1:80", false},
        {"[::ffff:10.0.0.1]:80", false}, {"[::127.0.0.1]:80", false},     {"[::]:80", false},
        {"0.0.0.0:80", false},           {"localhost:80", false},         {"unix:x", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct address address = good(cases[i].written);
        cr_expect(address_is_loopback(&address) == cases[i].loopback, "%s", cases[i].written);
    }
}

Test(address, survives_any_sockaddr)
{
    srand(8);
    for (int round = 0; round < 20000; round++) {
        static const sa_family_t families[] = {AF_UNIX, AF_INET, AF_INET6, AF_PACKET};
        struct sockaddr_storage storage;
        struct address address;
        for (size_t i = 0; i < sizeof storage; i++)
            ((unsigned char *)&storage)[i] = (unsigned char)rand();
        storage.ss_family = families[rand() % 4];
        address_from_sockaddr(&storage, (socklen_t)(rand() % 160), &address);
        for (const char *c = shown_by(address_show, &address); *c != '\0'; c++)
            cr_assert(not(is_control(*c)));
        shown_by(address_show_c, &address);
    }
}
