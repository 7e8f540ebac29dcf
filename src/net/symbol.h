// symbol: the constants of the sockets API by name, with one line that says what each is.
//
// The table is the only place where a constant is described. Completion, help, checking
// and showing all read it.

#ifndef SOCKSH_NET_SYMBOL_H
#define SOCKSH_NET_SYMBOL_H

#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/str.h"

// What a constant is for; a parameter that wants constants names its family.
enum family {
    FAMILY_NONE,
    FAMILY_AF,       // AF_INET …            address families
    FAMILY_SOCK,     // SOCK_STREAM …        socket types
    FAMILY_IPPROTO,  // IPPROTO_TCP …        protocols
    FAMILY_MSG,      // MSG_PEEK …           flags of send and recv, to be joined with |
    FAMILY_SHUT,     // SHUT_RD …            ways to shut down
    FAMILY_POLL,     // POLLIN …             events of poll, to be joined with |
    FAMILY_OPTION,   // SO_REUSEADDR …       socket options; struct option says more
    FAMILY_RLIMIT,   // RLIMIT_NOFILE …      resources of setrlimit
    FAMILY_ERRNO,    // EADDRINUSE …         errors of system calls
    FAMILY_EAI,      // EAI_NONAME …         errors of name look-ups (negative, getaddrinfo(3))
    FAMILY_LIMIT,    // SOMAXCONN            numbers with a name
    FAMILY_PMTUDISC, // IP_PMTUDISC_DO …     values of IP_MTU_DISCOVER
    FAMILY_TOS,      // IPTOS_LOWDELAY …     values of IP_TOS
};

// Which calls a flag of FAMILY_MSG says something to; none: what they give back, or other calls.
enum side { SIDE_NONE, SIDE_SEND = 1, SIDE_RECEIVE = 2, SIDE_BOTH = SIDE_SEND | SIDE_RECEIVE };

struct symbol {
    const char *name;
    int64_t value;
    enum family family;
    enum side side;      // of FAMILY_MSG, else SIDE_NONE
    const char *meaning; // N_() text, at most 60 columns, no full stop
};

// How the value of a socket option looks in a script.
enum option_type {
    OPTION_BOOL, // 0 or 1, true or false; reads back as int
    OPTION_INT,
    OPTION_LINGER,       // struct linger: a duration of whole seconds, or none for off
    OPTION_TIMEVAL,      // struct timeval: a duration; 0 is none
    OPTION_SECONDS,      // an int in seconds in C, a duration here
    OPTION_MILLISECONDS, // an int in milliseconds in C, a duration here
    OPTION_CONSTANT,     // an int of `values`, shown by name (SO_TYPE, SO_ERROR …)
    OPTION_GROUP,        // struct ip_mreqn or ipv6_mreq: bytes with the group, or [group, interface
                         // address or name]
    OPTION_INTERFACE,    // struct in_addr: bytes with an address of the interface (IP_MULTICAST_IF)
    OPTION_NAME,         // bytes: a name (SO_BINDTODEVICE, TCP_CONGESTION)
    OPTION_TCP_INFO,     // struct tcp_info: a list of [name, value]
    OPTION_CREDENTIALS,  // struct ucred: a list of [name, value] (SO_PEERCRED)
    OPTION_BYTES,        // octets as they are, at most 40 (IP_OPTIONS)
};

struct option {
    const char *name;       // of a symbol of FAMILY_OPTION
    const char *level_name; // "SOL_SOCKET", as C writes it
    int level;
    int number; // equals the symbol's value
    enum option_type type;
    enum family values; // of OPTION_CONSTANT
    bool readable;
    bool writable;
};

extern const struct symbol symbols[]; // sorted by name (strcmp)
extern const size_t symbol_count;

// The constant of that name, or NULL.
const struct symbol *symbol_find(struct str name);

// The name usually written for `value` in `family`, or NULL. (EAGAIN, not EWOULDBLOCK; EOPNOTSUPP,
// not ENOTSUP.) Always NULL for FAMILY_OPTION and FAMILY_NONE, where a number alone does not tell
// the name: each level counts from 1.
const struct symbol *symbol_of(enum family family, int64_t value);

// Appends `value` as names of `family`: one name, or flags joined by |, a rest without a name in
// hexadecimal; in decimal what has no name and is no flag. (MSG_PEEK|MSG_DONTWAIT,
// MSG_PEEK|0x8000000, SOCK_STREAM|SOCK_NONBLOCK, 0, 12345)
void symbol_show(enum family family, int64_t value, struct buffer *to);

// The option a symbol of FAMILY_OPTION stands for; never NULL for one (a test holds the
// two tables together).
const struct option *option_of(const struct symbol *symbol);

extern const struct option options[]; // sorted by name
extern const size_t option_count;

// "EADDRINUSE", or "errno 12345" for a number without a name (then in a buffer of the calling
// thread).
const char *errno_name(int number);

#endif
