// constants: the system headers that define what the tables of symbols and options name, and
// numbers they may lack.
//
// Only for the two tables and their tests. The rest of the program asks net/symbol.h.

#ifndef SOCKSH_NET_CONSTANTS_H
#define SOCKSH_NET_CONSTANTS_H

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>

// Linux 6.3, linux/in.h; C libraries got it later.
#ifndef IP_LOCAL_PORT_RANGE
#define IP_LOCAL_PORT_RANGE 51
#endif

#endif
