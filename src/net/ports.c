// ports: the range of ports that the kernel chooses from, read and written in /proc/sys.

#include "net/ports.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "net/handle.h"

// /proc/sys/net is that of the calling thread's network.
static const char path[] = "/proc/sys/net/ipv4/ip_local_port_range";

// Opens it and reads into `text`, or writes what stands there. 0 or an errno.
static int pass(int flags, char *text, size_t size)
{
    handles_lock();
    int fd = open(path, flags | O_CLOEXEC);
    ssize_t count = fd < 0                ? -1
                    : (flags == O_RDONLY) ? read(fd, text, size - 1)
                                          : write(fd, text, strlen(text));
    int error = count < 0 ? errno : 0;
    if (fd >= 0)
        close(fd);
    handles_unlock();
    if (flags == O_RDONLY)
        text[count < 0 ? 0 : count] = '\0';
    return error;
}

int ports_get(int *lowest, int *highest)
{
    char text[32];
    int error = pass(O_RDONLY, text, sizeof text);
    if (error == 0 && sscanf(text, "%d %d", lowest, highest) != 2)
        error = EIO;
    return error;
}

int ports_set(int lowest, int highest)
{
    char text[32];
    // The kernel would take 0, which is no port.
    if (lowest < PORTS_LEAST || highest > UINT16_MAX || lowest > highest)
        return EINVAL;
    snprintf(text, sizeof text, "%d %d", lowest, highest);
    return pass(O_WRONLY, text, sizeof text);
}
