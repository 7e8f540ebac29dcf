// help_family: what constants are for, and what the values of options are, in words.
//
// Names of constants are explained in net/symbol_table.c, one by one; here are the kinds they come
// in, for help, the reference and the table in JSON.

#include <string.h>

#include "base/message.h"
#include "commands/help.h"

// What each family of constants is called in a sentence, and how its names begin.
static const struct {
    enum family family;
    const char *name;     // N_() text
    const char *prefixes; // how its constants begin, as shown
} families[] = {
    {FAMILY_AF, N_("address family"), "AF_…"},
    {FAMILY_SOCK, N_("socket type"), "SOCK_…"},
    {FAMILY_IPPROTO, N_("protocol"), "IPPROTO_…"},
    {FAMILY_MSG, N_("flag of send and recv"), "MSG_…"},
    {FAMILY_SHUT, N_("way to shut down"), "SHUT_…"},
    {FAMILY_POLL, N_("event of poll"), "POLL…"},
    {FAMILY_OPTION, N_("socket option"), "SO_… TCP_… UDP_… IP_… IPV6_…"},
    {FAMILY_RLIMIT, N_("resource of setrlimit"), "RLIMIT_…"},
    {FAMILY_ERRNO, N_("error of a system call"), "E…"},
    {FAMILY_EAI, N_("error of a look-up"), "EAI_…"},
    {FAMILY_LIMIT, N_("number with a name"), "SOMAXCONN"},
    {FAMILY_PMTUDISC, N_("value of IP_MTU_DISCOVER"), "IP_PMTUDISC_…"},
    {FAMILY_TOS, N_("value of IP_TOS"), "IPTOS_…"},
};

// A constant belongs to one family; what that is called is said here only.
const char *help_family(enum family family)
{
    for (size_t i = 0; i < sizeof families / sizeof *families; i++)
        if (families[i].family == family)
            return _(families[i].name);
    return NULL;
}

// What to type behind `help` to see all of them.
const char *help_prefixes(enum family family)
{
    for (size_t i = 0; i < sizeof families / sizeof *families; i++)
        if (families[i].family == family)
            return families[i].prefixes;
    return NULL;
}

// The words of the reference for each type; the checker's table in lang/ decides what passes.
const char *help_option_value(const struct option *option)
{
    switch (option->type) {
    case OPTION_BOOL:
        return _("0 or 1, false or true");
    case OPTION_INT:
        return _("an int");
    case OPTION_LINGER:
        return _("a duration of whole seconds, or none for off");
    case OPTION_TIMEVAL:
    case OPTION_SECONDS:
    case OPTION_MILLISECONDS:
        return _("a duration: 500ms, 2s");
    case OPTION_CONSTANT:
        return _("a constant");
    case OPTION_GROUP:
        return _("bytes with the group, or [group, interface]");
    case OPTION_INTERFACE:
        return _("bytes with an address of the interface");
    case OPTION_NAME:
        return _("bytes with a name");
    case OPTION_TCP_INFO:
    case OPTION_CREDENTIALS:
        return _("a list of [name, value]");
    case OPTION_BYTES:
        break;
    }
    return _("bytes");
}

// Options are described with their protocol, not with setsockopt(2).
const char *help_option_manual(const struct option *option)
{
    static const struct {
        const char *level, *manual;
    } manuals[] = {{"SOL_SOCKET", "socket(7)"},
                   {"IPPROTO_IP", "ip(7)"},
                   {"IPPROTO_IPV6", "ipv6(7)"},
                   {"IPPROTO_TCP", "tcp(7)"},
                   {"IPPROTO_UDP", "udp(7)"}};
    for (size_t i = 0; i < sizeof manuals / sizeof *manuals; i++)
        if (strcmp(option->level_name, manuals[i].level) == 0)
            return manuals[i].manual;
    return "socket(7)";
}
