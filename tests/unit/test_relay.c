// test_relay: frames through cables that take their time, in a network of one's own: an interface
// called out, a cable to near, the relay, far, and a cable to in.

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/link.h"
#include "net/network.h"
#include "net/relay.h"
#include "users.h"

enum {
    PROTOCOL = 0x88B5, // for experiments: IEEE 802, "local experimental"
    FRAME = 60,        // octets
    LATE = 10000,      // ms
    MS = 1000000,      // ns
};

struct wire {
    uint32_t near, far; // what a relay is laid between
    int out, in;        // sockets of the outer ends
};

// Switched on, and for longer frames than the relay's slots.
static bool raise_end(const struct link *link, const char *name)
{
    struct ifreq request = {.ifr_mtu = 9000};
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    strcpy(request.ifr_name, name);
    bool good = ioctl(fd, SIOCSIFMTU, &request) == 0;
    close(fd);
    return good && link_raise(link, link_index(link, name), true) == 0;
}

static int open_end(uint32_t interface)
{
    struct sockaddr_ll address = {
        .sll_family = AF_PACKET, .sll_protocol = htons(PROTOCOL), .sll_ifindex = (int)interface};
    int fd = socket(AF_PACKET, SOCK_RAW, 0);
    return fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof address) == 0 ? fd : -1;
}

static bool make_wire(const struct link *link, unsigned number, struct wire *wire)
{
    static const char *const words[] = {"out", "near", "far", "in"};
    char names[4][16];
    uint32_t indices[4];
    FILE *here = fopen("/proc/thread-self/ns/net", "r");
    bool good = here != NULL;
    for (int i = 0; i < 4; i++)
        snprintf(names[i], sizeof names[i], "%s%u", words[i], number);
    for (int i = 0; good && i < 4; i += 2)
        good = link_add_cable(link, names[i], fileno(here), names[i + 1]) == 0;
    for (int i = 0; good && i < 4; i++)
        good = raise_end(link, names[i]) && (indices[i] = link_index(link, names[i])) != 0;
    for (int i = 0; good && i < 4; i++)
        good = link_await(link, indices[i]) == 0;
    if (here != NULL)
        fclose(here);
    if (good)
        *wire = (struct wire){indices[1], indices[2], open_end(indices[0]), open_end(indices[3])};
    return good && wire->out >= 0 && wire->in >= 0;
}

// Runs `inside` in an own network with two wires; what it returns, or 100 and more.
static int with_wires(int (*inside)(const struct wire wires[2]))
{
    char why[200];
    struct link link;
    struct wire wires[2];
    if (!network_own(why, sizeof why) || link_open(&link) != 0)
        return 101;
    bool good = make_wire(&link, 0, &wires[0]) && make_wire(&link, 1, &wires[1]);
    int status = good ? inside(wires) : 102;
    relay_finish();
    return status;
}

static bool send_frame(const struct wire *wire, unsigned number, size_t size)
{
    static char frame[8192];
    struct {
        unsigned char addresses[12];
        uint16_t protocol;
    } head = {{0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 2}, htons(PROTOCOL)};
    memcpy(frame, &head, sizeof head);
    memcpy(frame + sizeof head, &number, sizeof number);
    return send(wire->out, frame, size, 0) == (ssize_t)size;
}

// The number in the next frame; -1 when none comes.
static long receive_frame(const struct wire *wire, ssize_t *size)
{
    char frame[8192];
    unsigned number;
    struct pollfd poll_in = {wire->in, POLLIN, 0};
    if (poll(&poll_in, 1, LATE) != 1)
        return -1;
    *size = recv(wire->in, frame, sizeof frame, 0);
    memcpy(&number, frame + 14, sizeof number);
    return number;
}

// Sends 2000 frames, no more than 100 at a time. How many came before one that was sent earlier, or
// -1 when one is missing or came twice.
static long count_overtaken(const struct wire *wire)
{
    enum { COUNT = 2000 };
    static bool come[COUNT];
    unsigned sent = 0;
    long overtaken = 0, highest = -1;
    ssize_t size;
    memset(come, 0, sizeof come);
    for (unsigned got = 0; got < COUNT; got++) {
        for (; sent < COUNT && sent < got + 100; sent++)
            if (!send_frame(wire, sent, FRAME))
                return -1;
        long number = receive_frame(wire, &size);
        if (number < 0 || number >= COUNT || come[number])
            return -1;
        come[number] = true;
        overtaken += number < highest;
        highest = number > highest ? number : highest;
    }
    return overtaken;
}

static int order_inside(const struct wire wires[2])
{
    int cable = relay_lay(wires[0].near, wires[0].far);
    if (cable != 1 || count_overtaken(&wires[0]) != 0)
        return 1;
    relay_set(cable, 2 * MS, 0);
    if (count_overtaken(&wires[0]) != 0)
        return 2;
    relay_set(cable, 0, 10 * MS);
    return count_overtaken(&wires[0]) > 100 ? 0 : 3;
}

static int order_steps(void)
{
    return with_wires(order_inside);
}

Test(relay, frames_keep_their_order_unless_jitter_mixes_them)
{
    expect_all_steps(order_steps);
}

// More than a cable takes, and than all of them together once took.
static int flood_inside(const struct wire wires[2])
{
    ssize_t size;
    int flooded = relay_lay(wires[0].near, wires[0].far);
    int other = relay_lay(wires[1].near, wires[1].far);
    relay_set(flooded, 10000 * (int64_t)MS, 0);
    for (unsigned i = 0; i < 100000; i++)
        send_frame(&wires[0], i, FRAME);
    if (flooded != 1 || other != 2 || !relay_is_busy())
        return 1;
    return send_frame(&wires[1], 7, FRAME) && receive_frame(&wires[1], &size) == 7 ? 0 : 2;
}

static int flood_steps(void)
{
    return with_wires(flood_inside);
}

Test(relay, a_full_cable_takes_nothing_from_another)
{
    expect_all_steps(flood_steps);
}

static int long_inside(const struct wire wires[2])
{
    ssize_t size = 0;
    if (relay_lay(wires[0].near, wires[0].far) != 1)
        return 1;
    if (!send_frame(&wires[0], 1, 4000) || !send_frame(&wires[0], 2, 1514))
        return 2;
    return receive_frame(&wires[0], &size) == 2 && size == 1514 ? 0 : 3;
}

static int long_steps(void)
{
    return with_wires(long_inside);
}

Test(relay, a_frame_that_is_too_long_is_lost_and_not_cut)
{
    expect_all_steps(long_steps);
}

static int room_inside(const struct wire wires[2])
{
    for (int i = 1; i <= RELAY_CABLES; i++)
        if (relay_room() != RELAY_CABLES - i + 1 || relay_lay(wires[0].near, wires[0].far) != i)
            return 1;
    return relay_room() == 0 && relay_lay(wires[1].near, wires[1].far) == -ENOSPC ? 0 : 2;
}

static int room_steps(void)
{
    return with_wires(room_inside);
}

Test(relay, there_is_room_for_so_many_cables)
{
    expect_all_steps(room_steps);
}
