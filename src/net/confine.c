// confine: the kernel resolves the names, so that there is no way around.

#include "net/confine.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/message.h"
#include "net/handle.h"
#include "net/network.h"
#include "net/symbol.h"

// What a refusal is told by. The kernel says it of names that lead out of the folder, and of
// nothing else that is done here: no file is renamed from one file system to another.
enum { REFUSED = EXDEV };

enum { FILES_MOST = 64 }; // in a lesson's folder, with "." and ".."

// Both are set before there is a second thread.
static bool is_on;
static bool peers_are_allowed;

bool confine_to(const char *folder)
{
    is_on = chdir(folder) == 0;
    return is_on;
}

void confine_allow_peers(void)
{
    peers_are_allowed = true;
}

bool confine_is_on(void)
{
    return is_on;
}

// --- files ---------------------------------------------------------------------------------------

// glibc has no wrapper. A link may lead anywhere, and so none is followed: ELOOP.
static int open_beneath(const char *path, int flags, mode_t mode)
{
    struct open_how how = {
        .flags = (unsigned)flags,
        .mode = flags & O_CREAT ? mode : 0, // openat2(2) takes no mode that it would not use
        .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
    };
    int fd = (int)syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof how);
    if (fd < 0 && errno == ELOOP)
        errno = REFUSED;
    return fd;
}

// Whether there is room for one more file in the folder: 0, or EDQUOT when it holds as many as it
// may, or what kept from looking, such as EMFILE.
static int look_for_room(void)
{
    size_t count = 0;
    DIR *folder = opendir(".");
    if (folder == NULL)
        return errno;
    while (count < FILES_MOST && readdir(folder) != NULL)
        count++;
    closedir(folder);
    return count == FILES_MOST ? EDQUOT : 0;
}

int confine_open(const char *path, int flags, mode_t mode)
{
    struct stat status;
    if (!is_on)
        return open(path, flags, mode);
    if ((flags & O_CREAT) && fstatat(AT_FDCWD, path, &status, AT_SYMLINK_NOFOLLOW) < 0) {
        int error = look_for_room();
        if (error != 0) {
            errno = error;
            return -1;
        }
    }
    // Opening a FIFO would wait for its other end.
    int fd = open_beneath(path, flags | O_NONBLOCK, mode);
    if (fd < 0 || (fstat(fd, &status) == 0 && (S_ISREG(status.st_mode) || S_ISDIR(status.st_mode))))
        return fd;
    close(fd);
    errno = REFUSED;
    return -1;
}

// There is no unlinkat(2) that stays beneath: the folder is opened so, then the name is removed
// from it.
int confine_unlink(const char *path)
{
    const char *slash = strrchr(path, '/');
    if (!is_on || slash == NULL)
        return unlink(path);
    char *folder = mem_copy((struct str){path, (size_t)(slash - path) + 1});
    int fd = open_beneath(folder, O_PATH | O_DIRECTORY | O_CLOEXEC, 0), result = fd;
    int error = errno;
    free(folder);
    if (fd >= 0) {
        result = unlinkat(fd, slash + 1, 0);
        error = errno;
        close(fd);
    }
    errno = error;
    return result;
}

static const char *folder_is_full(void)
{
    return _("a lesson's folder is full: unlink what is not needed");
}

const char *confine_refusal(int error)
{
    if (is_on && error == EDQUOT)
        return folder_is_full();
    if (!is_on || error != REFUSED)
        return NULL;
    return _("a lesson reads and writes files only in its own folder");
}

// --- addresses -----------------------------------------------------------------------------------

// 0.0.0.0 is the sender itself, as 127.0.0.0/8 is. ip(7)
static bool is_loopback(struct in_addr host)
{
    return host.s_addr == htonl(INADDR_ANY) || ntohl(host.s_addr) >> 24 == IN_LOOPBACKNET;
}

// The same with the IPv4 addresses that IPv6 sockets may use, ::ffff:127.0.0.1. ipv6(7)
static bool is_loopback6(const struct in6_addr *host)
{
    struct in_addr inner;
    memcpy(&inner, host->s6_addr + 12, sizeof inner);
    if (IN6_IS_ADDR_V4MAPPED(host))
        return is_loopback(inner);
    return IN6_IS_ADDR_LOOPBACK(host) || IN6_IS_ADDR_UNSPECIFIED(host);
}

// AF_UNSPEC takes a peer away: connect(2). Families that scripts cannot write are those of sockets
// that see the computer's interfaces.
static bool stays_here(const struct sockaddr_storage *address)
{
    switch (address->ss_family) {
    case AF_UNSPEC:
    case AF_UNIX:
        return true;
    case AF_INET:
        return is_loopback(((const struct sockaddr_in *)address)->sin_addr);
    case AF_INET6:
        return is_loopback6(&((const struct sockaddr_in6 *)address)->sin6_addr);
    default:
        return false;
    }
}

// Copies the path of an AF_UNIX socket. False of what has none: the unnamed address and abstract
// names are no files.
static bool read_path(const struct sockaddr_storage *address, socklen_t size,
                      char path[sizeof(struct sockaddr_storage)])
{
    const size_t before = offsetof(struct sockaddr_un, sun_path);
    const char *name = ((const struct sockaddr_un *)address)->sun_path;
    if (address->ss_family != AF_UNIX || size <= before || name[0] == '\0')
        return false;
    snprintf(path, sizeof(struct sockaddr_storage), "%.*s", (int)(size - before), name);
    return true;
}

// bind(2) makes a file, unless there is one, of which the kernel tells. Why it may not be made, or
// NULL.
static const char *why_no_file(const char *path)
{
    struct stat status;
    handles_lock();
    int error = lstat(path, &status) < 0 ? look_for_room() : 0;
    handles_unlock();
    if (error == 0)
        return NULL;
    const struct symbol *symbol = symbol_of(FAMILY_ERRNO, error);
    return error == EDQUOT || symbol == NULL ? folder_is_full() : _(symbol->meaning);
}

const char *confine_address(const struct sockaddr_storage *address, socklen_t size, bool peer)
{
    char path[sizeof(struct sockaddr_storage)];
    const char *why;
    bool has_path = read_path(address, size, path);
    if (!is_on)
        return NULL;
    if (has_path && strchr(path, '/') != NULL)
        return _("a lesson's unix: sockets are in its own folder: a name without a slash");
    if (has_path && !peer && (why = why_no_file(path)) != NULL)
        return why;
    if (peer && !peers_are_allowed && !network_is_own() && !stays_here(address))
        return _("this lesson has no network of its own, so it talks to this computer only: "
                 "127.0.0.1 or [::1]");
    return NULL;
}

bool confine_forbids(int family, int type)
{
    // The kernel makes SOCK_PACKET of any family one of AF_PACKET: packet(7), "Compatibility".
    return is_on && !network_is_own() &&
           (family == AF_PACKET || type == SOCK_RAW || type == SOCK_PACKET);
}

// --- limits --------------------------------------------------------------------------------------

// Never up: an administrator may have set less.
static bool lower(enum __rlimit_resource resource, rlim_t most)
{
    struct rlimit limit;
    if (getrlimit(resource, &limit) < 0)
        return false;
    limit.rlim_max = limit.rlim_max < most ? limit.rlim_max : most;
    limit.rlim_cur = limit.rlim_cur < most ? limit.rlim_cur : most;
    return setrlimit(resource, &limit) == 0;
}

// gcc and clang tell of a sanitizer in two ways.
#ifndef __has_feature
#define __has_feature(feature) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) ||                               \
    __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
static const bool is_sanitized = true;
#else
static const bool is_sanitized = false;
#endif

bool confine_limits(void)
{
    const rlim_t mebibyte = 1024 * 1024;
    return lower(RLIMIT_FSIZE, 16 * mebibyte) && lower(RLIMIT_NOFILE, 1024) &&
           lower(RLIMIT_CORE, 0) && (is_sanitized || lower(RLIMIT_DATA, 1024 * mebibyte));
}
