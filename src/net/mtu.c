// mtu: the loopback's MTU, and what joins segments on the way.

#include "net/mtu.h"

#include <errno.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/handle.h"

// Calls `work` with a socket to ask interfaces by. It belongs to the network of the calling thread.
// 0 or an errno.
static int with_socket(int (*work)(int fd, struct ifreq *request), struct ifreq *request)
{
    handles_lock();
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    int error = fd < 0 ? errno : work(fd, request);
    if (fd >= 0)
        close(fd);
    handles_unlock();
    return error;
}

static int ask(int fd, struct ifreq *request)
{
    return ioctl(fd, SIOCGIFMTU, request) < 0 ? errno : 0;
}

int mtu_get(void)
{
    struct ifreq request = {.ifr_name = "lo"};
    int error = with_socket(ask, &request);
    return error != 0 ? -error : request.ifr_mtu;
}

// Segments are cut by TCP itself, and not joined again before they are seen. 0 or an errno.
static int set_short_cuts(int fd, bool on)
{
    static const unsigned each[] = {ETHTOOL_STSO, ETHTOOL_SGSO, ETHTOOL_SGRO};
    for (size_t i = 0; i < sizeof each / sizeof *each; i++) {
        struct ethtool_value value = {.cmd = each[i], .data = on};
        struct ifreq request = {.ifr_name = "lo", .ifr_data = (void *)&value};
        if (ioctl(fd, SIOCETHTOOL, &request) < 0)
            return errno;
    }
    return 0;
}

// The MTU first: it may be refused, and then nothing has changed.
static int set(int fd, struct ifreq *request)
{
    if (ioctl(fd, SIOCSIFMTU, request) < 0)
        return errno;
    return set_short_cuts(fd, request->ifr_mtu == MTU_USUAL);
}

int mtu_set(int octets)
{
    struct ifreq request = {.ifr_name = "lo", .ifr_mtu = octets};
    // The loopback itself would take any number, and lose its addresses by some.
    if (octets < MTU_LEAST || octets > MTU_USUAL)
        return EINVAL;
    return with_socket(set, &request);
}
