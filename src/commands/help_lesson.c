// help_lesson: which lesson teaches what, and which topic it belongs to.
//
// Commands say so in their rows. Constants and words of the language are many and alike, so that a
// table of beginnings does: the first row that fits counts, particular names before families.

#include <string.h>

#include "base/message.h"
#include "commands/help.h"
#include "commands/help_page.h"

// In the order of learning.
const struct help_lesson help_lessons[] = {
    {"terminals", 0, N_("Two terminals in one")},
    {"socket", 1, N_("What a socket is")},
    {"addresses", 2, N_("Addresses and ports")},
    {"names", 3, N_("Names, IPv4 and IPv6")},
    {"http", 4, N_("A web page by hand")},
    {"hello", 5, N_("Hello over TCP")},
    {"recv", 6, N_("recv is not a message")},
    {"framing", 7, N_("Where a message ends")},
    {"nothing", 8, N_("Three kinds of nothing")},
    {"four-values", 9, N_("Four values, one port")},
    {"server", 10, N_("The server as a program")},
    {"poll", 11, N_("One actor, three clients")},
    {"backlog", 12, N_("The backlog")},
    {"ports", 13, N_("Who owns a port")},
    {"restart", 14, N_("Restart and TIME_WAIT")},
    {"udp", 15, N_("Hello over UDP")},
    {"packets", 16, N_("Packets and headers")},
    {"half-close", 17, N_("Half-close and the states")},
    {"delivery", 18, N_("send is not delivery")},
    {"edges", 19, N_("UDP's sharp edges")},
    {"loss", 20, N_("Loss, and peers that vanish")},
    {"small-writes", 21, N_("Small writes, big delays")},
    {"hosts", 22, N_("Hosts and routers")},
    {"ports-out", 23, N_("Ports run out")},
    {"neighbour", 24, N_("Talk to your neighbour")},
    {NULL, 0, NULL},
};

// A beginning that ends in a blank is a whole name.
static const struct {
    enum family family; // FAMILY_NONE: words of the language and kinds of values
    const char *begins; // "" fits all of the family
    struct taught taught;
} places[] = {
    {FAMILY_AF, "AF_UNIX ", {NULL, "files"}},
    {FAMILY_AF, "AF_LOCAL ", {NULL, "files"}},
    {FAMILY_AF, "AF_INET6 ", {"names", "addresses"}},
    {FAMILY_AF, "", {"socket", "addresses"}},
    {FAMILY_SOCK, "SOCK_DGRAM ", {"udp", "udp"}},
    {FAMILY_SOCK, "SOCK_NONBLOCK ", {"poll", "waiting"}},
    {FAMILY_SOCK, "", {"socket", "tcp"}},
    {FAMILY_IPPROTO, "IPPROTO_UDP", {"udp", "udp"}},
    {FAMILY_IPPROTO, "", {"socket", "tcp"}},
    {FAMILY_MSG, "MSG_DONTWAIT ", {"poll", "waiting"}},
    {FAMILY_MSG, "MSG_PEEK ", {"recv", "flags"}},
    {FAMILY_MSG, "MSG_WAITALL ", {"recv", "flags"}},
    {FAMILY_MSG, "MSG_TRUNC ", {"udp", "udp"}},
    {FAMILY_MSG, "MSG_NOSIGNAL ", {"nothing", "closing"}},
    {FAMILY_MSG, "MSG_MORE ", {"small-writes", "flags"}},
    {FAMILY_MSG, "", {NULL, "flags"}},
    {FAMILY_SHUT, "", {"half-close", "closing"}},
    {FAMILY_POLL, "", {"poll", "waiting"}},
    {FAMILY_OPTION, "SO_REUSEADDR ", {"restart", "ports"}},
    {FAMILY_OPTION, "SO_REUSEPORT ", {"ports", "ports"}},
    {FAMILY_OPTION, "SO_LINGER ", {"nothing", "closing"}},
    {FAMILY_OPTION, "SO_RCVTIMEO ", {"udp", "waiting"}},
    {FAMILY_OPTION, "SO_SNDTIMEO ", {"udp", "waiting"}},
    {FAMILY_OPTION, "SO_RCVLOWAT ", {"recv", "waiting"}},
    {FAMILY_OPTION, "SO_ERROR ", {"delivery", "errors"}},
    {FAMILY_OPTION, "SO_SNDBUF ", {"delivery", "options"}},
    {FAMILY_OPTION, "SO_RCVBUF ", {"delivery", "options"}},
    {FAMILY_OPTION, "IP_TTL ", {"hosts", "lan"}},
    {FAMILY_OPTION, "SO_BROADCAST ", {"neighbour", "udp"}},
    {FAMILY_OPTION, "TCP_NODELAY ", {"small-writes", "options"}},
    {FAMILY_OPTION, "TCP_CORK ", {"small-writes", "options"}},
    {FAMILY_OPTION, "TCP_QUICKACK ", {"small-writes", "options"}},
    {FAMILY_OPTION, "IP_BIND_ADDRESS_NO_PORT ", {"ports-out", "ports"}},
    {FAMILY_OPTION, "IP_LOCAL_PORT_RANGE ", {"ports-out", "ports"}},
    {FAMILY_OPTION, "SO_KEEPALIVE ", {"loss", "options"}},
    {FAMILY_OPTION, "TCP_KEEP", {"loss", "options"}},
    {FAMILY_OPTION, "TCP_USER_TIMEOUT ", {"loss", "options"}},
    {FAMILY_OPTION, "UDP_", {"udp", "udp"}},
    {FAMILY_OPTION, "", {NULL, "options"}},
    {FAMILY_RLIMIT, "", {NULL, "errors"}},
    {FAMILY_ERRNO, "EACCES ", {"ports", "ports"}},
    {FAMILY_ERRNO, "EADDRINUSE ", {"ports", "ports"}},
    {FAMILY_ERRNO, "EADDRNOTAVAIL ", {"addresses", "addresses"}},
    {FAMILY_ERRNO, "EAFNOSUPPORT ", {"names", "addresses"}},
    {FAMILY_ERRNO, "EAGAIN ", {"poll", "waiting"}},
    {FAMILY_ERRNO, "EWOULDBLOCK ", {"poll", "waiting"}},
    {FAMILY_ERRNO, "EINPROGRESS ", {"delivery", "waiting"}},
    {FAMILY_ERRNO, "EINTR ", {"terminals", "waiting"}},
    {FAMILY_ERRNO, "ECONNREFUSED ", {"hello", "tcp"}},
    {FAMILY_ERRNO, "ETIMEDOUT ", {"loss", "loss"}},
    {FAMILY_ERRNO, "ECONNRESET ", {"nothing", "closing"}},
    {FAMILY_ERRNO, "EPIPE ", {"nothing", "closing"}},
    {FAMILY_ERRNO, "ENOTCONN ", {"socket", "tcp"}},
    {FAMILY_ERRNO, "EMSGSIZE ", {"edges", "udp"}},
    {FAMILY_ERRNO, "EDESTADDRREQ ", {"udp", "udp"}},
    {FAMILY_ERRNO, "EBADF ", {"socket", "closing"}},
    {FAMILY_ERRNO, "ENETUNREACH ", {"hosts", "lan"}},
    {FAMILY_ERRNO, "EHOSTUNREACH ", {"hosts", "lan"}},
    {FAMILY_ERRNO, "", {NULL, "errors"}},
    {FAMILY_EAI, "", {"names", "names"}},
    {FAMILY_LIMIT, "", {"backlog", "tcp"}},
    {FAMILY_PMTUDISC, "", {NULL, "options"}},
    {FAMILY_TOS, "", {NULL, "options"}},
    {FAMILY_NONE, "@ ", {"terminals", "actors"}},
    {FAMILY_NONE, "actor ", {"terminals", "actors"}},
    {FAMILY_NONE, "spawn ", {"server", "actors"}},
    {FAMILY_NONE, "try ", {"nothing", "errors"}},
    {FAMILY_NONE, "catch ", {"nothing", "errors"}},
    {FAMILY_NONE, "error ", {"nothing", "errors"}},
    {FAMILY_NONE, "while ", {"http", "values"}},
    {FAMILY_NONE, "bytes ", {"recv", "strings"}},
    {FAMILY_NONE, "address ", {"addresses", "addresses"}},
    {FAMILY_NONE, "handle ", {"socket", "closing"}},
    {FAMILY_NONE, "args ", {"server", "files"}},
    {FAMILY_NONE, "SOL_", {NULL, "options"}},
    {FAMILY_NONE, "RLIM_", {NULL, "errors"}},
    {FAMILY_NONE, "", {"server", "values"}},
};

// The blank at the end of a whole name is none of its letters.
static bool fits(const char *begins, struct str name)
{
    struct str beginning = str_from(begins);
    if (str_ends(beginning, STR(" ")))
        return str_equal(name, str_slice(beginning, 0, beginning.size - 1));
    return str_starts(name, beginning);
}

struct taught help_taught(struct str name, enum family family)
{
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (places[i].family == family && fits(places[i].begins, name))
            return places[i].taught;
    return (struct taught){0};
}

void help_show_lesson(const char *lesson, struct buffer *to)
{
    for (const struct help_lesson *row = help_lessons; row->name && lesson; row++)
        if (strcmp(row->name, lesson) == 0)
            buffer_print(to, "%d %s", row->number, _(row->title));
}

void help_add_taught(struct taught taught, struct facts *facts)
{
    struct buffer lesson = {0};
    help_show_lesson(taught.lesson, &lesson);
    if (lesson.size)
        buffer_print(facts_add(facts, str_from(_("lesson"))), _("%s: learn %s"),
                     buffer_text(&lesson), taught.lesson);
    if (taught.topic)
        buffer_print(facts_add(facts, str_from(_("more"))), "help %s", taught.topic);
    buffer_finish(&lesson);
}
