// test_capture: packets of an own network.

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/capture.h"
#include "net/handle.h"
#include "net/network.h"
#include "users.h"

static char why[200];

static int (*inside)(void);

static int make_network(void)
{
    handles_start();
    return network_own(why, sizeof why) ? inside() : 101;
}

// Expects them to give 0 in an own network.
static void expect_inside(int (*steps)(void))
{
    inside = steps;
    expect_all_steps(make_network);
}

// A socket that nobody reads, and one that sends to it.
static int receiver, sender;

static bool open_pair(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    receiver = socket(AF_INET, SOCK_DGRAM, 0);
    sender = socket(AF_INET, SOCK_DGRAM, 0);
    return bind(receiver, (struct sockaddr *)&address, size) == 0 &&
           getsockname(receiver, (struct sockaddr *)&address, &size) == 0 &&
           connect(sender, (struct sockaddr *)&address, size) == 0;
}

static bool send_number(uint32_t number)
{
    return send(sender, &number, sizeof number, 0) == sizeof number;
}

// How many were visited, whether they came in order, and how many are missing by what is said.
struct seen {
    uint64_t count, lost;
    uint32_t next; // the least number that the next may have: it is more behind a gap
    bool good;
};

static bool see(const struct capture_packet *packet, void *context)
{
    struct seen *seen = context;
    struct packet read;
    uint32_t number = 0;
    packet_read((struct str){packet->octets, packet->kept}, packet->length, &read);
    seen->good = seen->good && read.kind == PACKET_UDP && read.data.size == sizeof number;
    if (seen->good)
        memcpy(&number, read.data.data, sizeof number);
    seen->good = seen->good && number >= seen->next && packet->number == ++seen->count;
    seen->next = number + 1;
    seen->lost += packet->lost;
    return seen->good;
}

static struct seen see_all(void)
{
    struct seen seen = {.good = true};
    capture_sync();
    capture_each(1, see, &seen);
    return seen;
}

// --- once each, in order -------------------------------------------------------------------------

// Also right after one was sent, which is when somebody asks.
static int takes_each_once(void)
{
    if (!capture_start(why, sizeof why) || !capture_is_on() || !open_pair())
        return 1;
    for (uint32_t i = 0; i < 50; i++) {
        if (!send_number(i))
            return 2;
        struct seen seen = see_all();
        if (!seen.good || seen.count != i + 1 || seen.next != i + 1 || seen.lost != 0)
            return 3;
    }
    struct capture_packet packet;
    struct flow flow;
    if (!capture_get(50, &packet) || packet.number != 50 || capture_get(51, &packet))
        return 4;
    if (!capture_get_flow(packet.place.flow, &flow) || flow.packets != 50)
        return 5;
    capture_stop();
    return capture_is_on() ? 6 : 0;
}

Test(capture, takes_each_packet_once)
{
    expect_inside(takes_each_once);
}

static int begins_again(void)
{
    for (int round = 0; round < 3; round++) {
        if (!capture_start(why, sizeof why) || !capture_start(why, sizeof why) || !open_pair())
            return 1;
        if (!send_number(0) || see_all().count != 1)
            return 2;
        capture_stop();
        capture_stop();
        if (see_all().count != 0)
            return 3;
    }
    return 0;
}

Test(capture, begins_again_after_its_end)
{
    expect_inside(begins_again);
}

// --- the bounds ----------------------------------------------------------------------------------

// More than are kept: the first go, numbers stay.
static int keeps_the_last(void)
{
    if (!capture_start(why, sizeof why) || !open_pair())
        return 1;
    for (uint32_t i = 0; i < CAPTURE_MOST + 1000; i++) {
        if (!send_number(i))
            return 2;
        if (i % 10000 == 0) // the thread need not be faster than the kernel for this test
            capture_sync();
    }
    capture_sync();
    struct capture_range range = capture_range();
    struct capture_packet packet;
    if (range.last != CAPTURE_MOST + 1000 || range.first != 1001 || range.lost != 0)
        return 3;
    if (capture_get(1000, &packet) || !capture_get(1001, &packet) || packet.number != 1001)
        return 4;
    capture_stop();
    return 0;
}

Test(capture, keeps_so_many, .timeout = 60)
{
    expect_inside(keeps_the_last);
}

// The thread cannot read while somebody visits, and so the ring runs over.
static bool flood(const struct capture_packet *packet, void *context)
{
    uint32_t *sent = context;
    (void)packet;
    while (*sent < 150000 && send_number(*sent))
        ++*sent;
    return false;
}

static int says_what_is_lost(void)
{
    uint32_t sent = 1;
    if (!capture_start(why, sizeof why) || !open_pair() || !send_number(0))
        return 1;
    capture_sync();
    capture_each(1, flood, &sent);
    if (sent != 150000)
        return 2;
    // The last of them may come late, and then stand behind the gap.
    struct seen seen = see_all();
    uint64_t lost = seen.lost + capture_range().lost;
    if (!seen.good || lost == 0 || seen.count + lost != sent)
        return 3;
    if (!send_number(sent))
        return 4;
    struct seen later = see_all();
    return !later.good || later.lost != lost || later.count != seen.count + 1 ? 5 : 0;
}

Test(capture, says_what_is_lost, .timeout = 60)
{
    expect_inside(says_what_is_lost);
}

// --- without the right ---------------------------------------------------------------------------

static int is_refused(void)
{
    handles_start();
    return capture_start(why, sizeof why) || capture_is_on() || strstr(why, "EPERM") == NULL;
}

Test(capture, says_why_not)
{
    cr_expect(eq(int, status_as(geteuid() == 0 ? ORDINARY_USER : geteuid(), is_refused), 0));
}
