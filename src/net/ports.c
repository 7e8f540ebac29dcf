// ports: the range of ports that the kernel chooses from, read and written in /proc/sys.

#include "net/ports.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>

#include "net/proc.h"

static const char path[] = "/proc/sys/net/ipv4/ip_local_port_range";

int ports_get(int *lowest, int *highest)
{
    char text[32];
    int error = proc_read(path, text, sizeof text);
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
    return proc_write(path, text);
}
