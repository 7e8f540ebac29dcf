// venue: network, ports and folder of a lesson.

#include "lesson/venue.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/message.h"
#include "net/address.h"
#include "net/confine.h"
#include "net/network.h"
#include "net/ports.h"
#include "net/resolve.h"

enum { WEB = 80, WEB_INSTEAD = 8080 };

void venue_begin(struct venue *venue, bool host, bool online)
{
    *venue = (struct venue){.online = online};
    if (!host)
        venue->own_network = network_own(venue->why, sizeof venue->why);
    resolve_files_only(!online);
    if (online)
        confine_allow_peers();
}

// --- ports ---------------------------------------------------------------------------------------

// Whether nobody holds the port of 0.0.0.0, for one protocol; bind(2) without SO_REUSEADDR also
// meets what rests in TIME_WAIT.
static bool can_bind(int type, unsigned port)
{
    struct sockaddr_in any = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);
    bool good = fd >= 0 && bind(fd, (struct sockaddr *)&any, sizeof any) == 0;
    if (fd >= 0)
        close(fd);
    return good;
}

static bool is_free(unsigned port)
{
    return can_bind(SOCK_STREAM, port) && can_bind(SOCK_DGRAM, port);
}

// Whether it stands for another port already.
static bool is_promised(const struct venue *venue, unsigned port)
{
    for (size_t i = 0; i < venue->port_count; i++)
        if (venue->ports[i].given == port)
            return true;
    return false;
}

// The next port above `port` that is to be had, below those that the kernel gives to clients.
static unsigned free_port(const struct venue *venue, unsigned port)
{
    for (unsigned i = 1; i < 1000; i++) {
        unsigned next = 10000 + (port + i) % 20000;
        if (!is_promised(venue, next) && is_free(next))
            return next;
    }
    return port;
}

// What stands for the port here: the port itself, or another.
static unsigned given_for(struct venue *venue, unsigned port)
{
    for (size_t i = 0; i < venue->port_count; i++)
        if (venue->ports[i].wanted == port)
            return venue->ports[i].given;
    if (venue->port_count == VENUE_PORTS)
        return port;
    unsigned given = port;
    if (port == WEB)
        given = is_free(WEB_INSTEAD) ? WEB_INSTEAD : free_port(venue, WEB_INSTEAD);
    else if (port >= 1024 && port <= 65535 && !is_free(port))
        given = free_port(venue, port);
    venue->ports[venue->port_count++] = (struct venue_port){port, given};
    return given;
}

// --- ports in a text -----------------------------------------------------------------------------

// The number at the beginning of `text`: its size; 0 when there is none.
static size_t read_number(struct str text, unsigned *number)
{
    size_t size = 0;
    uint64_t value = 0;
    while (size < text.size && size < 6 && isdigit((unsigned char)text.data[size]))
        size++;
    if (!str_to_number(str_slice(text, 0, size), 65535, &value))
        return 0;
    *number = (unsigned)value;
    return size;
}

static bool is_word_char(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

// Back to `open`, if that is near.
static size_t find_open(struct str text, size_t end, char open)
{
    for (size_t i = end; i > 0 && end - i < 64; i--)
        if (text.data[i - 1] == open)
            return i - 1;
    return end;
}

// What stands before the colon as a host does; empty for nothing.
static struct str host_before(struct str text, size_t colon)
{
    size_t start = colon;
    char last = colon > 0 ? text.data[colon - 1] : ' ';
    if (last == ']' || last == '}' || last == '>')
        start = find_open(text, colon, last == ']' ? '[' : last == '}' ? '{' : '<');
    else if (last == '*')
        start--;
    else
        while (start > 0 &&
               (is_word_char(text.data[start - 1]) || strchr("-.", text.data[start - 1]) != NULL))
            start--;
    bool goes_on = start > 0 && (text.data[start - 1] == ':' || text.data[start - 1] == '*');
    return goes_on ? (struct str){0} : str_slice(text, start, colon);
}

// A name, a number, or what stands for one: "{host}" in a text, "<host>" and "..." in what is
// expected. 10 is none, nor is an IPv6 number without brackets.
static bool is_host(struct str host)
{
    struct address address;
    struct diag diag = {0};
    struct buffer text = {0};
    if (host.size > 0 && (host.data[0] == '{' || host.data[0] == '<' || str_is(host, "...")))
        return true;
    buffer_print(&text, "%.*s:1", STR_ARG(host));
    bool good = address_parse(buffer_str(&text), &address, &diag) && address.kind != ADDRESS_UNIX;
    buffer_finish(&text);
    return good;
}

// Whether a number ends where `rest` begins, and is no group of an IPv6 number.
static bool ends_here(struct str rest)
{
    bool colon = rest.size > 1 && rest.data[0] == ':';
    bool point = rest.size > 1 && rest.data[0] == '.';
    return rest.size == 0 ||
           (!is_word_char(rest.data[0]) && !(point && is_word_char(rest.data[1])) &&
            !(colon && (isxdigit((unsigned char)rest.data[1]) || rest.data[1] == ':')));
}

// Copies the text with other ports in its addresses: those that are taken, and that of a stand-in
// for a web server, which only root could have. A port 80 that is to be refused stays, and so does
// the one behind a name, which `hosts` leads elsewhere.
static void replace_ports(struct buffer *text, void *context)
{
    struct venue *venue = context;
    struct buffer changed = {0};
    struct str all = buffer_str(text);
    bool stands_in = !venue->online && str_find(all, STR(" stand-in"), 0) != SIZE_MAX;
    size_t done = 0, colon;
    while ((colon = str_find(all, STR(":"), done)) != SIZE_MAX) {
        unsigned port = 0;
        struct str host = host_before(all, colon);
        size_t end = colon + 1 + read_number(str_slice(all, colon + 1, all.size), &port);
        bool is_port = port >= 1024 || (stands_in && port == WEB && str_is(host, "127.0.0.1"));
        buffer_add(&changed, str_slice(all, done, colon + 1));
        if (is_port && ends_here(str_slice(all, end, all.size)) && is_host(host))
            buffer_print(&changed, "%u", given_for(venue, port));
        else
            buffer_add(&changed, str_slice(all, colon + 1, end));
        done = end;
    }
    buffer_add(&changed, str_slice(all, done, all.size));
    buffer_finish(text);
    *text = changed;
}

// Whether the range of ports cannot be set: in many a container /proc/sys can only be read.
static bool ports_are_fixed(void)
{
    int lowest, highest;
    return ports_get(&lowest, &highest) != 0 || ports_set(lowest, highest) != 0;
}

bool venue_read(struct venue *venue, const char *path, struct lesson *lesson,
                struct lesson_mistake *mistake)
{
    bool good =
        lesson_read(path, venue->own_network ? NULL : replace_ports, venue, lesson, mistake);
    bool sets_ports = str_find(buffer_str(&lesson->text), STR("network ports"), 0) != SIZE_MAX;
    venue->ports_stay = sets_ports && venue->own_network && ports_are_fixed();
    return good;
}

void venue_show_ports(const struct venue *venue, struct buffer *to)
{
    for (size_t i = 0; i < venue->port_count; i++)
        if (venue->ports[i].given != venue->ports[i].wanted)
            buffer_print(to, _("port %u is not to be had here: %u stands for it\n"),
                         venue->ports[i].wanted, venue->ports[i].given);
}

// --- the folder ----------------------------------------------------------------------------------

// Removes the files in the folder; folders in it were not made by a lesson, and stay.
static void empty(DIR *folder)
{
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            unlinkat(dirfd(folder), entry->d_name, 0);
}

static bool write_program(int folder, const struct lesson_program *program)
{
    char name[256];
    struct str text = program->passage.text;
    snprintf(name, sizeof name, "%.*s", STR_ARG(program->name));
    int fd = openat(folder, name, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);
    bool good = fd >= 0 && write(fd, text.data, text.size) == (ssize_t)text.size;
    if (fd >= 0)
        close(fd);
    return good;
}

bool venue_enter(const char *folder, const struct lesson *lesson)
{
    if (mkdir(folder, 0700) < 0 && errno != EEXIST)
        return false;
    DIR *opened = opendir(folder);
    if (opened == NULL)
        return false;
    empty(opened);
    bool good = fchdir(dirfd(opened)) == 0;
    for (size_t i = 0; good && i < lesson->program_count; i++)
        good = write_program(dirfd(opened), &lesson->programs[i]);
    closedir(opened);
    return good && confine_to(folder);
}

bool venue_make(struct buffer *folder)
{
    char path[] = "/tmp/socksh-lesson-XXXXXX";
    bool good = mkdtemp(path) != NULL;
    if (good)
        buffer_add_text(folder, path);
    return good;
}

void venue_remove(const char *folder)
{
    DIR *opened = opendir(folder);
    if (opened == NULL)
        return;
    empty(opened);
    closedir(opened);
    rmdir(folder);
}

const char *venue_leaves_out(const struct venue *venue, const struct step *step)
{
    if (step->code.stand_in && venue->online)
        return _("the real thing is used");
    if (step->code.needs_network && !venue->own_network)
        return _("it needs a network of its own, which is not allowed here");
    if (step->code.needs_network && venue->ports_stay)
        return _("it needs a range of ports of its own, and /proc/sys can only be read here");
    return NULL;
}
