// doctor: a table of things to try, each tried as a lesson would use it.

#include "ui/doctor.h"

#include <arpa/inet.h>
#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netpacket/packet.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/language.h"
#include "base/message.h"
#include "base/utf8.h"
#include "base/wrap.h"
#include "lesson/find.h"
#include "net/network.h"
#include "net/symbol.h"
#include "ui/ask.h"
#include "ui/script.h"

enum {
    COLUMNS = 80,       // that its lines take
    COLUMNS_LEAST = 70, // of a terminal, for pages and diagrams: a projector's
    ROWS_LEAST = 22,    // of it
    DESCRIPTORS_LEAST = 1024,
};

// How it is with one thing. Only what is missing makes the exit status 1.
enum verdict { PRESENT, MISSING, UNASKED };

// A word, since it is searched for in the answers of thirty computers; a colour would not be found.
static const char *const marks[] = {[PRESENT] = "ok", [MISSING] = "no", [UNASKED] = "--"};

// --- the network ---------------------------------------------------------------------------------

// Says why a call failed, or `good`.
static enum verdict judge(int error, const char *good, struct buffer *to)
{
    buffer_add_text(to, error == 0 ? good : errno_name(error));
    return error == 0 ? PRESENT : MISSING;
}

// What follows is tried in the network that lessons would have.
static enum verdict look_at_network(struct buffer *to)
{
    char why[200];
    if (!network_own(why, sizeof why)) {
        buffer_add_text(to, why);
        return MISSING;
    }
    buffer_add_text(to, _("each lesson has one: its ports are free, and nothing leaves it"));
    return PRESENT;
}

// 0 or an errno.
static int bind_to(int family, const char *host, uint16_t port)
{
    struct sockaddr_in four = {.sin_family = AF_INET, .sin_port = htons(port)};
    struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
    bool is_four = family == AF_INET;
    const struct sockaddr *address = is_four ? (struct sockaddr *)&four : (struct sockaddr *)&six;
    inet_pton(family, host, is_four ? (void *)&four.sin_addr : (void *)&six.sin6_addr);
    int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return errno;
    int error = bind(fd, address, is_four ? sizeof four : sizeof six) < 0 ? errno : 0;
    close(fd);
    return error;
}

static enum verdict look_at_low_port(struct buffer *to)
{
    return judge(bind_to(AF_INET, "127.0.0.1", 80), _("can be bound"), to);
}

static enum verdict look_at_second(struct buffer *to)
{
    return judge(bind_to(AF_INET, "127.0.0.2", 0), _("can be bound"), to);
}

static enum verdict look_at_six(struct buffer *to)
{
    return judge(bind_to(AF_INET6, "::1", 0), _("can be bound"), to);
}

// packet(7)
static enum verdict look_at_capture(struct buffer *to)
{
    struct sockaddr_ll loopback = {.sll_family = AF_PACKET,
                                   .sll_protocol = htons(ETHERTYPE_IP),
                                   .sll_ifindex = (int)if_nametoindex("lo")};
    int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0), error = fd < 0 ? errno : 0;
    if (fd >= 0 && bind(fd, (struct sockaddr *)&loopback, sizeof loopback) < 0)
        error = errno;
    if (fd >= 0)
        close(fd);
    return judge(error, _("packets on the loopback can be seen"), to);
}

// --- the process ---------------------------------------------------------------------------------

// The hard limit: socksh goes up to it.
static enum verdict look_at_descriptors(struct buffer *to)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
        return UNASKED;
    if (limit.rlim_max == RLIM_INFINITY)
        buffer_add_text(to, _("as many as wanted"));
    else
        buffer_print(to, _("%llu at a time"), (unsigned long long)limit.rlim_max);
    return limit.rlim_max >= DESCRIPTORS_LEAST ? PRESENT : MISSING;
}

// As the environment says: what socksh makes of it is not what other programs will show.
static enum verdict look_at_locale(struct buffer *to)
{
    buffer_print(to, _("%s, characters in %s"), setlocale(LC_CTYPE, NULL), nl_langinfo(CODESET));
    return strcmp(nl_langinfo(CODESET), "UTF-8") == 0 ? PRESENT : MISSING;
}

static enum verdict look_at_lessons(struct buffer *to)
{
    struct found_list list = {0};
    struct buffer folder = {0};
    bool found = find_folder(&folder) && find_lessons(&list, buffer_text(&folder));
    if (found)
        buffer_print(to, _("%zu in %s"), list.count, buffer_text(&folder));
    else
        buffer_add_text(to, _("none found"));
    found_finish(&list);
    buffer_finish(&folder);
    return found ? PRESENT : MISSING;
}

// --- the terminal --------------------------------------------------------------------------------

static bool has_terminal(struct buffer *to)
{
    bool both = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
    if (!both)
        buffer_add_text(to, _("not asked: this is no terminal"));
    return both;
}

// tty_ioctl(4)
static enum verdict look_at_size(struct buffer *to)
{
    struct winsize size = {0};
    if (!has_terminal(to) || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0)
        return UNASKED;
    buffer_print(to, _("%u columns, %u rows"), size.ws_col, size.ws_row);
    return size.ws_col >= COLUMNS_LEAST && size.ws_row >= ROWS_LEAST ? PRESENT : MISSING;
}

// Wide ones are no failure: there is ASCII.
static enum verdict look_at_signs(struct buffer *to)
{
    if (!has_terminal(to))
        return UNASKED;
    bool narrow = ask_is_narrow(stdin, stdout);
    buffer_add_text(to, narrow ? _("one column wide")
                               : _("of another width, so lines are drawn in ASCII"));
    return narrow ? PRESENT : UNASKED;
}

// no-color.org. None are no failure either: words say all that they say.
static enum verdict look_at_colors(struct buffer *to)
{
    const char *off = getenv("NO_COLOR"), *term = getenv("TERM");
    if (!has_terminal(to))
        return UNASKED;
    bool dumb = term == NULL || strcmp(term, "dumb") == 0, unwanted = off != NULL && off[0];
    if (unwanted)
        buffer_add_text(to, _("none: NO_COLOR is set"));
    else if (dumb)
        buffer_add_text(to, _("none: TERM names no terminal that has them"));
    else
        buffer_print(to, _("shown, since TERM is %s"), term);
    return unwanted || dumb ? UNASKED : PRESENT;
}

// --- all of it -----------------------------------------------------------------------------------

// One thing, and what its lack means and how to mend it.
struct examination {
    const char *name;
    enum verdict (*look)(struct buffer *to); // appends what it found
    const char *lack;                        // NULL of what is never missing
};

static const struct examination examinations[] = {
    {N_("own network"), look_at_network,
     N_("Lessons use the computer's network, one after the other, and leave out what needs more. "
        "Root can change such a setting with sysctl; in a container its runtime decides.")},
    {N_("port 80"), look_at_low_port,
     N_("Where a lesson says port 80 it is 8080. An own network, or root, has the right to it.")},
    {N_("capture"), look_at_capture,
     N_("No packet is seen or drawn. An own network, or root, has the right to it.")},
    {"127.0.0.2", look_at_second,
     N_("Steps with a second address of this computer fail. Linux usually has all of 127.0.0.0/8 "
        "on the interface lo: ip address show lo")},
    {"::1", look_at_six,
     N_("Steps over IPv6 fail. It may be switched off: sysctl net.ipv6.conf.lo.disable_ipv6")},
    {N_("descriptors"), look_at_descriptors,
     N_("Lessons that open many sockets want 1024. ulimit -Hn shows the limit, limits.conf(5) "
        "tells where it is set.")},
    {N_("locale"), look_at_locale,
     N_("Lines are drawn in ASCII, and Chinese cannot be typed. Set LANG to a locale that ends in "
        "UTF-8; C.UTF-8 is always there.")},
    {N_("terminal"), look_at_size,
     N_("Pages and diagrams want 70 columns and 22 rows: a larger window, or a smaller font.")},
    {N_("signs"), look_at_signs, NULL},
    {N_("colours"), look_at_colors, NULL},
    {N_("lessons"), look_at_lessons,
     N_("Set SOCKSH_LESSONS to the folder that holds them, or install socksh.")},
};

enum { COUNT = sizeof examinations / sizeof *examinations };

// The column of what was found, behind mark and name.
static size_t find_column(void)
{
    size_t widest = 0;
    for (size_t i = 0; i < COUNT; i++) {
        size_t width = utf8_width(str_from(_(examinations[i].name)));
        widest = width > widest ? width : widest;
    }
    return strlen("ok  ") + widest + 2;
}

// Looks, and prints at once: the next one may take a while.
static enum verdict examine(const struct examination *examination, size_t column)
{
    struct buffer found = {0}, line = {0};
    const char *name = _(examination->name);
    enum verdict verdict = examination->look(&found);
    int padding = (int)(column - strlen("ok  ") - utf8_width(str_from(name)));
    buffer_print(&line, "%s  %s%*s", marks[verdict], name, padding, "");
    wrap_add(buffer_str(&found), column, column, COLUMNS, &line);
    if (verdict == MISSING) {
        buffer_print(&line, "\n%*s", (int)column, "");
        wrap_add(str_from(_(examination->lack)), column, column, COLUMNS, &line);
    }
    puts(buffer_text(&line));
    fflush(stdout);
    buffer_finish(&line);
    buffer_finish(&found);
    return verdict;
}

int doctor_main(char **words, int count)
{
    bool complete = true;
    (void)words;
    if (count > 0) {
        fputs(_("socksh: doctor takes no arguments\n"), stderr);
        return STATUS_MISTAKE;
    }
    language_start_characters();
    size_t column = find_column();
    for (size_t i = 0; i < COUNT; i++)
        if (examine(&examinations[i], column) == MISSING)
            complete = false;
    puts(complete ? _("This computer has what the lessons need.")
                  : _("What is marked \"no\" is missing."));
    return complete ? STATUS_DONE : STATUS_FAILED;
}
