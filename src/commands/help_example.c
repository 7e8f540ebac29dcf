// help_example: a few lines for each constant that use it, or make the kernel give that errno.
//
// Those that matter most are written out. The others follow their family: an option is set or read,
// an errno that sockets do not give is raised by `fail`. Whatever needs privileges, or may be
// missing on a system, stands within a `try`. A test runs all of them.

#include <netinet/in.h>
#include <string.h>

#include "commands/help.h"

#define CATCH " } catch e { print e }"

static const struct {
    const char *name;
    const char *example;
} written[] = {
    // Errnos, as the kernel gives them.
    {"EACCES", "s = socket AF_INET SOCK_DGRAM\n"
               "try { sendto s \"hello\" 255.255.255.255:9999" CATCH},
    {"EADDRINUSE", "s = socket; bind s 127.0.0.1:0\n"
                   "t = socket; try { bind t (getsockname s)" CATCH},
    {"EADDRNOTAVAIL", "s = socket; try { bind s 192.0.2.1:0" CATCH},
    {"EAFNOSUPPORT", "s = socket AF_INET; try { connect s [::1]:9999" CATCH},
    {"EAGAIN", "a, b = socketpair; try { recv b 10 MSG_DONTWAIT" CATCH},
    {"EAI_ADDRFAMILY", "try { getaddrinfo \"127.0.0.1\" 80 AF_INET6" CATCH},
    {"EAI_SERVICE", "try { getaddrinfo \"localhost\" \"nosuchservice\"" CATCH},
    {"EBADF", "s = socket; close s; try { listen s" CATCH},
    {"ECONNREFUSED", "s = socket; bind s 127.0.0.1:0 # no listen\n"
                     "c = socket; try { connect c (getsockname s)" CATCH},
    {"ECONNRESET", "l = socket; bind l 127.0.0.1:0; listen l\n"
                   "c = socket; connect c (getsockname l); s, peer = accept l\n"
                   "setsockopt s SO_LINGER 0s; close s\n"
                   "try { recv c 10" CATCH},
    {"EDESTADDRREQ", "s = socket AF_INET SOCK_DGRAM; try { send s \"hello\"" CATCH},
    {"EINPROGRESS", "l = socket; bind l 127.0.0.1:0; listen l\n"
                    "c = socket; setblocking c false\n"
                    "try { connect c (getsockname l)" CATCH},
    {"EINTR", "@server { try { sleep 1m" CATCH " }\n"
              "interrupt server\n"
              "@server last = 1"},
    {"EINVAL", "s = socket; try { accept s" CATCH " # it does not listen"},
    {"EISCONN", "l = socket; bind l 127.0.0.1:0; listen l\n"
                "c = socket; connect c (getsockname l)\n"
                "try { connect c (getsockname l)" CATCH},
    {"EISDIR", "try { load \"/\"" CATCH},
    {"EMFILE", "setrlimit RLIMIT_NOFILE 9\n"
               "try { loop { s = socket }" CATCH},
    {"EMSGSIZE", "r = socket AF_INET SOCK_DGRAM; bind r 127.0.0.1:0\n"
                 "s = socket AF_INET SOCK_DGRAM; big = \"x\"\n"
                 "while (len big) < 65536 { big = big + big }\n"
                 "try { sendto s big (getsockname r)" CATCH},
    {"ENOENT", "s = socket AF_UNIX; try { connect s unix:nobody.sock" CATCH},
    {"ENOPROTOOPT", "s = socket; try { setsockopt s IPV6_V6ONLY 1" CATCH},
    {"ENOTCONN", "s = socket; try { recv s 10" CATCH},
    {"ENOTSOCK", "try { listen 1" CATCH " # 1 is standard output"},
    {"EOPNOTSUPP", "s = socket AF_INET SOCK_DGRAM; try { listen s" CATCH},
    {"EPIPE", "a, b = socketpair; close b; try { send a \"hello\"" CATCH},
    {"EPROTONOSUPPORT", "try { s = socket AF_INET SOCK_STREAM IPPROTO_UDP" CATCH},
    {"EPROTOTYPE", "r = socket AF_UNIX SOCK_DGRAM; bind r unix:type.sock\n"
                   "s = socket AF_UNIX; try { connect s unix:type.sock" CATCH "\n"
                   "unlink \"type.sock\""},
    {"ESOCKTNOSUPPORT", "try { s = socket AF_INET SOCK_RDM" CATCH},
    // Flags.
    {"MSG_CMSG_CLOEXEC", "a, b = socketpair; send a \"hello\"; recv b 10 MSG_CMSG_CLOEXEC"},
    {"MSG_DONTWAIT", "a, b = socketpair; try { recv b 10 MSG_DONTWAIT" CATCH},
    {"MSG_ERRQUEUE", "s = socket; try { recv s 10 MSG_ERRQUEUE" CATCH},
    {"MSG_FASTOPEN", "l = socket; bind l 127.0.0.1:0; listen l\n"
                     "c = socket\n"
                     "try { sendto c \"hello\" (getsockname l) MSG_FASTOPEN" CATCH},
    {"MSG_MORE", "l = socket; bind l 127.0.0.1:0; listen l\n"
                 "c = socket; connect c (getsockname l); s, peer = accept l\n"
                 "send c \"Hello, \" MSG_MORE; send c \"Sarah!\"; recv s 20"},
    {"MSG_OOB", "l = socket; bind l 127.0.0.1:0; listen l\n"
                "c = socket; connect c (getsockname l); s, peer = accept l\n"
                "send c \"!\" MSG_OOB; poll [[s, POLLPRI]]; recv s 1 MSG_OOB"},
    {"MSG_PEEK", "a, b = socketpair; send a \"hello\"\n"
                 "recv b 10 MSG_PEEK; recv b 10 # the same twice"},
    {"MSG_TRUNC", "a, b = socketpair AF_UNIX SOCK_DGRAM; send a \"hello\"\n"
                  "recv b 2 MSG_TRUNC"},
    {"MSG_WAITALL", "a, b = socketpair; send a \"he\"; send a \"llo\"\n"
                    "recv b 5 MSG_WAITALL"},
    {"MSG_WAITFORONE", "print MSG_WAITFORONE # of recvmmsg alone"},
    // Options whose value does not follow from their type, or that want a socket of some kind.
    {"IPV6_MTU", "s = socket AF_INET6 SOCK_DGRAM; connect s [::1]:9999\n"
                 "getsockopt s IPV6_MTU"},
    {"IPV6_DROP_MEMBERSHIP", "s = socket AF_INET6 SOCK_DGRAM\n"
                             "setsockopt s IPV6_ADD_MEMBERSHIP [\"ff02::1:2\", \"lo\"]\n"
                             "setsockopt s IPV6_DROP_MEMBERSHIP [\"ff02::1:2\", \"lo\"]"},
    {"IPV6_LEAVE_GROUP", "s = socket AF_INET6 SOCK_DGRAM\n"
                         "setsockopt s IPV6_JOIN_GROUP [\"ff02::1:2\", \"lo\"]\n"
                         "setsockopt s IPV6_LEAVE_GROUP [\"ff02::1:2\", \"lo\"]"},
    {"IP_DROP_MEMBERSHIP", "s = socket AF_INET SOCK_DGRAM\n"
                           "setsockopt s IP_ADD_MEMBERSHIP [\"239.1.2.3\", \"127.0.0.1\"]\n"
                           "setsockopt s IP_DROP_MEMBERSHIP [\"239.1.2.3\", \"127.0.0.1\"]"},
    {"IP_LOCAL_PORT_RANGE", "s = socket\n"
                            "try { setsockopt s IP_LOCAL_PORT_RANGE (50000 * 65536 + 40000)\n"
                            "} catch e { print e }"},
    {"IP_MTU", "s = socket AF_INET SOCK_DGRAM; connect s 127.0.0.1:9999\n"
               "getsockopt s IP_MTU"},
    {"SO_PASSCRED", "s = socket AF_UNIX\nsetsockopt s SO_PASSCRED 1"},
    {"SO_PEERCRED", "a, b = socketpair\ngetsockopt a SO_PEERCRED"},
    {"TCP_TX_DELAY", "s = socket\ntry { setsockopt s TCP_TX_DELAY 1000" CATCH},
    {"IPV6_MTU_DISCOVER", "s = socket AF_INET6\n"
                          "setsockopt s IPV6_MTU_DISCOVER IPV6_PMTUDISC_DO"},
    {"IPV6_TCLASS", "s = socket AF_INET6\nsetsockopt s IPV6_TCLASS IPTOS_LOWDELAY"},
    {"IPV6_TRANSPARENT", "s = socket AF_INET6\ngetsockopt s IPV6_TRANSPARENT"},
    {"IP_HDRINCL", "try { s = socket AF_INET SOCK_RAW IPPROTO_UDP\n"
                   "    setsockopt s IP_HDRINCL 1" CATCH},
    {"IP_MTU_DISCOVER", "s = socket\nsetsockopt s IP_MTU_DISCOVER IP_PMTUDISC_DO"},
    {"IP_TOS", "s = socket\nsetsockopt s IP_TOS IPTOS_LOWDELAY"},
    {"IP_TRANSPARENT", "s = socket\ngetsockopt s IP_TRANSPARENT"},
    {"SO_DEBUG", "s = socket\ngetsockopt s SO_DEBUG"},
    {"SO_RCVBUF", "s = socket\nsetsockopt s SO_RCVBUF 10000\ngetsockopt s SO_RCVBUF # 20000"},
    {"SO_SNDBUF", "s = socket\nsetsockopt s SO_SNDBUF 10000\ngetsockopt s SO_SNDBUF # 20000"},
    {"SO_RCVBUFFORCE", "s = socket\ntry { setsockopt s SO_RCVBUFFORCE 10000" CATCH},
    {"SO_SNDBUFFORCE", "s = socket\ntry { setsockopt s SO_SNDBUFFORCE 10000" CATCH},
    {"SO_LINGER", "s = socket\nsetsockopt s SO_LINGER 2s\nsetsockopt s SO_LINGER none"},
    {"SO_RCVTIMEO", "a, b = socketpair\nsetsockopt b SO_RCVTIMEO 10ms\n"
                    "try { recv b 10" CATCH},
    // Others.
    {"AF_INET", "s = socket AF_INET; bind s 127.0.0.1:0"},
    {"AF_INET6", "s = socket AF_INET6; bind s [::1]:0"},
    {"AF_UNIX", "s = socket AF_UNIX; bind s unix:here.sock; unlink \"here.sock\""},
    {"AF_LOCAL", "a, b = socketpair AF_LOCAL"},
    {"AF_UNSPEC", "getaddrinfo \"localhost\" 80 AF_UNSPEC"},
    {"IPPROTO_TCP", "s = socket AF_INET SOCK_STREAM IPPROTO_TCP"},
    {"IPPROTO_UDP", "s = socket AF_INET SOCK_DGRAM IPPROTO_UDP"},
    {"SOCK_CLOEXEC", "s = socket AF_INET SOCK_STREAM|SOCK_CLOEXEC"},
    {"SOCK_DGRAM", "s = socket AF_INET SOCK_DGRAM"},
    {"SOCK_NONBLOCK", "s = socket AF_INET SOCK_STREAM|SOCK_NONBLOCK"},
    {"SOCK_SEQPACKET", "a, b = socketpair AF_UNIX SOCK_SEQPACKET"},
    {"SOCK_STREAM", "s = socket AF_INET SOCK_STREAM"},
    {"POLLHUP", "a, b = socketpair; close b\nprint (poll [a])"},
    {"POLLIN", "a, b = socketpair; send a \"hello\"\nprint (poll [b])"},
    {"POLLOUT", "a, b = socketpair\npoll [[a, POLLOUT]]"},
    {"POLLRDHUP", "a, b = socketpair; shutdown a SHUT_WR\nprint (poll [b])"},
    {"RLIM_INFINITY", "try { setrlimit RLIMIT_CORE RLIM_INFINITY" CATCH},
    {"RLIMIT_NOFILE", "setrlimit RLIMIT_NOFILE 64"},
    {"SHUT_WR", "a, b = socketpair; shutdown a SHUT_WR; recv b 10"},
    {"SOMAXCONN", "l = socket; bind l 127.0.0.1:0; listen l SOMAXCONN"},
};

// A socket that knows options of the level.
static const char *socket_for(const struct option *option)
{
    switch (option->level) {
    case IPPROTO_IPV6:
        return " AF_INET6 SOCK_DGRAM";
    case IPPROTO_IP:
    case IPPROTO_UDP:
        return " AF_INET SOCK_DGRAM";
    default:
        return "";
    }
}

// A value that the kernel takes, where the type alone tells one; else NULL, and the option is read.
static const char *value_for(const struct option *option)
{
    switch (option->type) {
    case OPTION_BOOL:
        return "1";
    case OPTION_TIMEVAL:
    case OPTION_SECONDS:
    case OPTION_MILLISECONDS:
        return "2s";
    case OPTION_GROUP:
        return option->level == IPPROTO_IP ? "[\"239.1.2.3\", \"127.0.0.1\"]"
                                           : "[\"ff02::1:2\", \"lo\"]";
    default:
        return NULL;
    }
}

// The read and the write of an option.
static void add_option(const struct option *option, struct buffer *to)
{
    const char *value = option->writable ? value_for(option) : NULL;
    buffer_print(to, "s = socket%s\n", socket_for(option));
    if (value)
        buffer_print(to, "setsockopt s %s %s", option->name, value);
    else
        buffer_print(to, "getsockopt s %s", option->name);
}

// By family, with the name put into the line where it belongs.
static void add_by_family(const struct symbol *symbol, struct buffer *to)
{
    static const char *const lines[] = {
        [FAMILY_NONE] = "print %s",
        [FAMILY_AF] = "try { s = socket %s SOCK_DGRAM" CATCH,
        [FAMILY_SOCK] = "try { s = socket AF_INET %s" CATCH,
        [FAMILY_IPPROTO] = "try { s = socket AF_INET SOCK_RAW %s" CATCH,
        [FAMILY_MSG] = "a, b = socketpair; send a \"hello\" %s; recv b 10",
        [FAMILY_SHUT] = "a, b = socketpair; shutdown a %s",
        [FAMILY_POLL] = "a, b = socketpair; poll [[a, %s]] 0s",
        [FAMILY_RLIMIT] = "try { setrlimit %s RLIM_INFINITY" CATCH,
        [FAMILY_ERRNO] = "try { fail %s" CATCH,
        [FAMILY_EAI] = "try { fail %s" CATCH,
        [FAMILY_LIMIT] = "print %s",
        [FAMILY_PMTUDISC] = "s = socket\nsetsockopt s IP_MTU_DISCOVER %s",
        [FAMILY_TOS] = "s = socket\nsetsockopt s IP_TOS %s",
    };
    struct str line = str_from(lines[symbol->family]);
    size_t place = str_find(line, STR("%s"), 0);
    buffer_add(to, str_slice(line, 0, place));
    buffer_add_text(to, symbol->name);
    buffer_add(to, str_slice(line, place + 2, line.size));
}

void help_symbol_example(const struct symbol *symbol, struct buffer *to)
{
    for (size_t i = 0; i < sizeof written / sizeof *written; i++)
        if (strcmp(written[i].name, symbol->name) == 0) {
            buffer_add_text(to, written[i].example);
            return;
        }
    if (symbol->family == FAMILY_OPTION)
        add_option(option_of(symbol), to);
    else
        add_by_family(symbol, to);
}
