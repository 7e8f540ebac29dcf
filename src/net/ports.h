// ports: which ports the kernel gives to sockets that do not name one, in a network of one's own.
//
// connect and bind to port 0 choose from a range, 32768 to 60999 as the kernel makes it: more than
// anybody uses up at a prompt. With a range of two the third connection to one server shows what a
// busy computer meets. ip(7), ip_local_port_range; IPv6 has the same.

#ifndef SOCKSH_NET_PORTS_H
#define SOCKSH_NET_PORTS_H

enum {
    PORTS_LEAST = 1024, // those below are not for anybody: ip(7), ip_unprivileged_port_start
    PORTS_LOWEST = 32768,
    PORTS_HIGHEST = 60999,
};

// The range in the calling thread's network. Returns 0 or an errno. Takes handles_lock().
int ports_get(int *lowest, int *highest);

// Sets it; ports that are in use stay so. Returns 0 or an errno: EACCES or EPERM outside a network
// of one's own, EROFS where /proc/sys cannot be written, EINVAL for what is below PORTS_LEAST,
// above 65535, or the wrong way round. Takes handles_lock().
int ports_set(int lowest, int highest);

#endif
