// test_link: addresses with a prefix, and cables that begin to carry when their other end is on.

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <net/if.h>
#include <pthread.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "net/lan.h"
#include "net/link.h"
#include "net/network.h"

static struct link_address read_good(const char *text)
{
    struct link_address address;
    cr_assert(link_read(str_from(text), &address), "%s", text);
    return address;
}

Test(link, reads_and_shows_addresses)
{
    static const char *const texts[] = {"10.0.0.1/24", "0.0.0.0/0", "10.0.0.1/32",
                                        "fd00::1/64",  "::/0",      "fd00:1:2:3:4:5:6:7/128"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        char text[LINK_TEXT];
        struct link_address address = read_good(texts[i]);
        cr_expect(eq(str, (char *)link_text(&address, true, text), (char *)texts[i]));
    }
}

Test(link, takes_nothing_else_for_an_address)
{
    static const char *const texts[] = {
        "",
        "/",
        "10.0.0.1",
        "10.0.0.1/",
        "10.0.0.1/33",
        "10.0.0.1/-1",
        "10.0.0/24",
        "/24",
        "10.0.0.1/2x",
        "10.0.0.1/024",
        "10.0.0.1/00",
        "fd00::1",
        "fd00::1/129",
        "10.0.0.1 /24",
        "bob/24",
        "::1%lo/64",
        "10.0.0.1/24/24",
        "1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa:bbbb/64"};
    struct link_address address;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        cr_expect(not(link_read(str_from(texts[i]), &address)), "%s", texts[i]);
}

static bool contains(const char *network, const char *address)
{
    struct link_address a = read_good(network), b = read_good(address);
    return link_contains(&a, &b);
}

Test(link, knows_who_is_in_a_network)
{
    cr_expect(contains("10.0.0.1/24", "10.0.0.255/24"));
    cr_expect(not(contains("10.0.0.1/24", "10.0.1.1/24")));
    cr_expect(contains("10.0.0.0/23", "10.0.1.255/24"));
    cr_expect(not(contains("10.0.0.0/23", "10.0.2.0/24")));
    cr_expect(contains("0.0.0.0/0", "192.0.2.1/24"));
    cr_expect(not(contains("10.0.0.1/32", "10.0.0.2/32")));
    cr_expect(not(contains("0.0.0.0/0", "::/0")));
    cr_expect(contains("fd00::1/64", "fd00::ffff:1/64"));
    cr_expect(not(contains("fd00:0:0:1::/64", "fd00:0:0:2::/64")));
}

// --- in a network of one's own -------------------------------------------------------------------

static void expect_in_child(int (*steps)(void))
{
    char why[200];
    int status;
    if (!network_allowed(why, sizeof why))
        cr_skip_test("%s", why);
    pid_t child = fork();
    if (child == 0)
        _exit(network_own(why, sizeof why) ? steps() : 100);
    cr_assert(eq(int, waitpid(child, &status, 0), child));
    cr_expect(eq(int, status, 0));
}

static bool switch_off(const char *name)
{
    struct ifreq request = {0};
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    strcpy(request.ifr_name, name);
    return ioctl(fd, SIOCSIFFLAGS, &request) == 0;
}

static void *raise_late(void *context)
{
    struct link link;
    if (link_open(&link) == 0)
        link_raise(&link, link_index(&link, context), true);
    link_close(&link);
    return NULL;
}

static int cable_steps(void)
{
    struct link link;
    pthread_t thread;
    int space = socket(AF_INET, SOCK_DGRAM, 0); // no namespace
    if (link_open(&link) != 0)
        return 1;
    if (link_add_cable(&link, "near", space, "far") == 0 || link_index(&link, "near") != 0)
        return 2;
    if (link_add_bridge(&link, "net") != 0 || link_add_bridge(&link, "net") == 0)
        return 3;
    uint32_t index = link_index(&link, "net");
    if (link_raise(&link, index, true) != 0 || link_join(&link, index, index) == 0)
        return 4;
    // Switched off, it does not carry; a thread switches it on, now or later.
    if (!switch_off("lo") || pthread_create(&thread, NULL, raise_late, "lo") != 0 ||
        link_await(&link, link_index(&link, "lo")) != 0)
        return 5;
    pthread_join(thread, NULL);
    link_close(&link);
    return 0;
}

Test(link, tells_what_the_kernel_refuses)
{
    expect_in_child(cable_steps);
}

static bool add_host(const char *name, const char *address, struct buffer *why)
{
    struct lan_plan plan = {.name = str_from(name), .addresses = {read_good(address)}, .count = 1};
    return lan_add(&plan, why);
}

static int host_steps(void)
{
    struct buffer why = {0};
    struct address place = {.kind = ADDRESS_INET, .ip = {10, 0, 0, 2}};
    struct address loopback = {.kind = ADDRESS_INET, .ip = {127, 0, 0, 1}};
    if (lan_has_hosts() || lan_find(STR("alice")) != NULL || lan_owner(&place) != NULL)
        return 1;
    if (!add_host("alice", "10.0.0.1/24", &why) || !add_host("bob", "10.0.0.2/24", &why))
        return 2;
    struct lan_host *alice = lan_find(STR("alice")), *bob = lan_find(STR("bob"));
    if (add_host("bob", "10.0.0.3/24", &why) || add_host("carl", "10.0.0.2/24", &why))
        return 3;
    if (lan_owner(&place) != bob || lan_reached(alice, &place) != bob ||
        lan_reached(alice, &loopback) != alice)
        return 4;
    if (lan_here() != NULL || !lan_enter(alice) || lan_here() != alice ||
        if_nametoindex("eth0") == 0)
        return 5;
    if (lan_plug(bob, false) != 0 || !bob->unplugged || lan_plug(bob, true) != 0 || bob->unplugged)
        return 6;
    lan_finish();
    buffer_finish(&why);
    return lan_here() == NULL && if_nametoindex("eth0") == 0 && !lan_has_hosts() ? 0 : 7;
}

Test(lan, hosts_are_found_entered_and_left)
{
    expect_in_child(host_steps);
}

// What listens on hosts hears of those that are there and of those to come, in their namespaces.
static unsigned heard;

static void hear(const struct lan_host *host)
{
    heard += if_nametoindex("eth0") != 0 && host->name[0] != '\0';
}

static int hearing_steps(void)
{
    struct buffer why = {0};
    if (!add_host("alice", "10.0.0.1/24", &why))
        return 1;
    lan_when_made(hear);
    if (heard != 1 || if_nametoindex("eth0") != 0)
        return 2;
    if (!add_host("bob", "10.0.0.2/24", &why) || heard != 2)
        return 3;
    lan_when_made(NULL);
    if (!add_host("carl", "10.0.0.3/24", &why) || heard != 2)
        return 4;
    lan_finish();
    return 0;
}

Test(lan, tells_of_hosts_where_they_are)
{
    expect_in_child(hearing_steps);
}
