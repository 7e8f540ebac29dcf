// test_hosts: where names lead, as the command `hosts` was told.

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>

#include "net/hosts.h"
#include "net/service.h"

// "HOST SERVICE" of what a look-up gives, "" when nothing was said; lasts until the next call.
static char *lookup(const char *host, const char *service)
{
    static struct buffer answer;
    struct buffer to_host = {0}, to_service = {0};
    buffer_clear(&answer);
    if (hosts_lookup(str_from(host), str_from(service), &to_host, &to_service))
        buffer_print(&answer, "%s %s", buffer_text(&to_host), buffer_text(&to_service));
    cr_assert(eq(int, buffer_text(&answer)[0] == '\0', to_host.size == 0));
    buffer_finish(&to_host);
    buffer_finish(&to_service);
    return (char *)(uintptr_t)buffer_text(&answer);
}

static void set(const char *name, const char *port, const char *to_host, const char *to_port)
{
    hosts_set(str_from(name), str_from(port), str_from(to_host), str_from(to_port));
}

Test(hosts, knows_only_what_was_said, .fini = hosts_clear)
{
    cr_assert(eq(str, lookup("web", "80"), (char *)""));
    set("web", "", "127.0.0.1", "");
    cr_assert(eq(str, lookup("web", "80"), (char *)"127.0.0.1 80"));
    cr_assert(eq(str, lookup("web", ""), (char *)"127.0.0.1 "));
    cr_assert(eq(str, lookup("WeB", "http"), (char *)"127.0.0.1 http"));
    cr_assert(eq(str, lookup("we", "80"), (char *)""));
    cr_assert(eq(str, lookup("web2", "80"), (char *)""));
    hosts_clear();
    cr_assert(eq(str, lookup("web", "80"), (char *)""));
}

Test(hosts, sends_one_port_elsewhere, .fini = hosts_clear)
{
    set("www.sina.com.cn", "80", "127.0.0.1", "8080");
    cr_assert(eq(str, lookup("www.sina.com.cn", "80"), (char *)"127.0.0.1 8080"));
    cr_assert(eq(str, lookup("www.sina.com.cn", "http"), (char *)"127.0.0.1 8080"));
    cr_assert(eq(str, lookup("www.sina.com.cn", "443"), (char *)""));
    cr_assert(eq(str, lookup("www.sina.com.cn", ""), (char *)""));
}

Test(hosts, prefers_what_was_said_of_the_port, .fini = hosts_clear)
{
    set("web", "", "10.0.0.1", "1");
    set("web", "http", "10.0.0.2", "");
    cr_assert(eq(str, lookup("web", "80"), (char *)"10.0.0.2 80"));
    cr_assert(eq(str, lookup("web", "81"), (char *)"10.0.0.1 1"));
}

Test(hosts, replaces_what_was_said_before, .fini = hosts_clear)
{
    set("web", "80", "10.0.0.1", "");
    set("web", "", "10.0.0.2", "");
    set("WEB", "http", "10.0.0.3", "");
    cr_assert(eq(str, lookup("web", "80"), (char *)"10.0.0.3 80"));
    cr_assert(eq(str, lookup("web", "81"), (char *)"10.0.0.2 81"));
}

Test(hosts, grows, .fini = hosts_clear)
{
    char name[16], to[16], expected[32];
    for (int i = 0; i < 100; i++) {
        snprintf(name, sizeof name, "host%d", i);
        snprintf(to, sizeof to, "10.0.0.%d", i);
        set(name, "", to, "");
    }
    for (int i = 0; i < 100; i++) {
        snprintf(name, sizeof name, "host%d", i);
        snprintf(expected, sizeof expected, "10.0.0.%d 80", i);
        cr_assert(eq(str, lookup(name, "80"), expected));
    }
}

// Appends "web:80 " to a buffer.
static void note_name(struct str name, struct str port, void *context)
{
    buffer_print(context, "%.*s:%.*s ", STR_ARG(name), STR_ARG(port));
}

Test(hosts, lists_what_was_said, .fini = hosts_clear)
{
    struct buffer all = {0};
    set("web", "80", "10.0.0.1", "");
    set("db", "", "10.0.0.2", "");
    hosts_each(note_name, &all);
    cr_assert(eq(str, (char *)(uintptr_t)buffer_text(&all), (char *)"web:80 db: "));
    buffer_finish(&all);
}

Test(service, has_a_port)
{
    uint16_t port = 0;
    if (!service_port(STR("http"), STR(""), &port))
        cr_skip_test("there is no /etc/services here");
    cr_assert(eq(int, port, 80));
    cr_assert(service_port(STR("domain"), STR("udp"), &port));
    cr_assert(eq(int, port, 53));
    cr_assert(not(service_port(STR("domain"), STR("nonesuch"), &port)));
    cr_assert(not(service_port(STR("nonesuch"), STR("tcp"), &port)));
    cr_assert(not(service_port(STR("http\0x"), STR("tcp"), &port)));
    cr_assert(not(service_port(STR(""), STR("tcp"), &port)));
}
