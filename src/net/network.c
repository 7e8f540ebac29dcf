// network: a child makes the network, and the process enters it once it is complete.
//
// Some systems allow unshare(2) and then withhold the rights in what was made, which shows only
// when the loopback is to go up. Where the process had made it itself, it would now sit in a
// network without a loopback, with no way back. So the child tries all of it, and setns(2) enters
// both namespaces in one step or neither.

#include "net/network.h"

#include <errno.h>
#include <linux/capability.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/message.h"
#include "net/proc.h"
#include "net/symbol.h"

// What the child tells. The pointer is good on both sides, as the child is a copy.
struct made {
    int spaces;       // flags of the namespaces that it made; 0 after a failure
    const char *call; // that failed
    int error;        // errno of it
};

// One user and one group, each mapped to itself: "1000 1000 1". user_namespaces(7)
struct maps {
    char users[32], groups[32];
};

// Set before there is a second thread.
static bool is_own;
static char refusal[200]; // "" for none

bool network_is_own(void)
{
    return is_own;
}

const char *network_refusal(void)
{
    return refusal[0] != '\0' ? refusal : NULL;
}

// --- the child's side ----------------------------------------------------------------------------

static struct made failed(const char *call, int error)
{
    return (struct made){.call = call, .error = error};
}

// The kernel gives the loopback its addresses as it goes up. netdevice(7)
static bool raise_loopback(void)
{
    struct ifreq request = {.ifr_name = "lo"};
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return false;
    bool good = ioctl(fd, SIOCGIFFLAGS, &request) == 0;
    request.ifr_flags |= IFF_UP;
    good = good && ioctl(fd, SIOCSIFFLAGS, &request) == 0;
    int error = errno;
    close(fd);
    errno = error;
    return good;
}

// Who may not change groups may map its own: hence "deny" first.
static struct made map_oneself(const struct maps *maps)
{
    const struct {
        const char *name, *path, *text;
    } files[] = {
        {"setgroups", "/proc/self/setgroups", "deny"},
        {"uid_map", "/proc/self/uid_map", maps->users},
        {"gid_map", "/proc/self/gid_map", maps->groups},
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        int error = proc_write(files[i].path, files[i].text);
        if (error != 0)
            return failed(files[i].name, error);
    }
    return (struct made){.spaces = CLONE_NEWUSER | CLONE_NEWNET};
}

// Root does without a user namespace where there are none.
static struct made make_spaces(const struct maps *maps)
{
    if (unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0)
        return map_oneself(maps);
    int error = errno;
    if (unshare(CLONE_NEWNET) == 0)
        return (struct made){.spaces = CLONE_NEWNET};
    return failed("unshare", error);
}

// On a busy computer a FIN may be sent twice; the reset that answers it must not end TIME_WAIT
// early. RFC 1337, tcp(7). Nor is its port given out again after a second, as on a loopback:
// networks between computers wait the minute.
void network_keep_time_wait(void)
{
    proc_write("/proc/sys/net/ipv4/tcp_rfc1337", "1");
    proc_write("/proc/sys/net/ipv4/tcp_tw_reuse", "0");
}

// Tells what was made, and lasts until the parent has entered it.
static void be_child(int end, const struct maps *maps)
{
    char none;
    struct made made = make_spaces(maps);
    if (made.spaces != 0 && !raise_loopback())
        made = failed("SIOCSIFFLAGS", errno);
    if (made.spaces != 0)
        network_keep_time_wait();
    if (write(end, &made, sizeof made) == sizeof made)
        while (read(end, &none, 1) < 0 && errno == EINTR)
            continue;
    _exit(0);
}

// --- the parent's side ---------------------------------------------------------------------------

// Into all of the child's new namespaces, or none.
static struct made enter(pid_t child, struct made made)
{
    int fd = (int)syscall(SYS_pidfd_open, child, 0);
    if (fd < 0)
        return failed("pidfd_open", errno);
    if (setns(fd, made.spaces) < 0)
        made = failed("setns", errno);
    close(fd);
    return made;
}

// A child that died said nothing, which is no errno of anybody.
static struct made listen_to(int end)
{
    struct made made;
    ssize_t size;
    while ((size = read(end, &made, sizeof made)) < 0 && errno == EINTR)
        continue;
    return size == sizeof made ? made : failed("fork", ECHILD);
}

// Makes a network, and enters it if that is wanted.
static struct made make(bool wanted)
{
    int ends[2];
    struct maps maps;
    snprintf(maps.users, sizeof maps.users, "%u %u 1", geteuid(), geteuid());
    snprintf(maps.groups, sizeof maps.groups, "%u %u 1", getegid(), getegid());
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
        return failed("socketpair", errno);
    pid_t child = fork();
    int error = errno;
    if (child == 0) {
        close(ends[0]);
        be_child(ends[1], &maps);
    }
    close(ends[1]);
    struct made made = child < 0 ? failed("fork", error) : listen_to(ends[0]);
    if (wanted && made.spaces != 0)
        made = enter(child, made);
    close(ends[0]); // the child's end of file, upon which it goes
    while (child > 0 && waitpid(child, NULL, 0) < 0 && errno == EINTR)
        continue;
    return made;
}

// --- why not -------------------------------------------------------------------------------------

// What an administrator has set, and the value that forbids.
struct setting {
    const char *name, *path;
    char forbids;
};

// The settings that are known to be the reason on one system or another; NULL when none is.
static const struct setting *forbidding(void)
{
    static const struct setting settings[] = {
        {"user.max_user_namespaces", "/proc/sys/user/max_user_namespaces", '0'},
        {"user.max_net_namespaces", "/proc/sys/user/max_net_namespaces", '0'},
        {"kernel.unprivileged_userns_clone", "/proc/sys/kernel/unprivileged_userns_clone", '0'},
        {"kernel.apparmor_restrict_unprivileged_userns",
         "/proc/sys/kernel/apparmor_restrict_unprivileged_userns", '1'},
    };
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        char value[4];
        if (proc_read(settings[i].path, value, sizeof value) == 0 &&
            value[0] == settings[i].forbids && value[1] == '\n')
            return &settings[i];
    }
    return NULL;
}

// One clause, whether it succeeded.
static bool explain(struct made made, char *why, size_t size)
{
    if (made.spaces != 0)
        return true;
    const struct setting *setting = forbidding();
    if (setting != NULL)
        snprintf(why, size, _("the system does not allow it (%s: %s; %s is %c)"), made.call,
                 errno_name(made.error), setting->name, setting->forbids);
    else
        snprintf(why, size, _("the system does not allow it (%s: %s)"), made.call,
                 errno_name(made.error));
    return false;
}

bool network_own(char *why, size_t size)
{
    is_own = explain(make(true), refusal, sizeof refusal);
    snprintf(why, size, "%s", refusal);
    return is_own;
}

bool network_allowed(char *why, size_t size)
{
    return explain(make(false), why, size);
}

// --- capabilities --------------------------------------------------------------------------------

// Of the calling thread, in two words of 32 each.
struct rights {
    struct __user_cap_data_struct words[_LINUX_CAPABILITY_U32S_3];
};

// glibc has no wrappers. capset(2)
static bool get_rights(struct rights *rights)
{
    struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
    return syscall(SYS_capget, &head, rights->words) == 0;
}

static bool set_rights(const struct rights *rights)
{
    struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
    return syscall(SYS_capset, &head, rights->words) == 0;
}

static bool set_bind(bool wanted)
{
    struct rights rights;
    const unsigned bind = 1U << CAP_NET_BIND_SERVICE;
    if (!get_rights(&rights))
        return false;
    rights.words[0].effective &= ~bind;
    if (wanted)
        rights.words[0].effective |= bind & rights.words[0].permitted;
    return set_rights(&rights);
}

bool network_drop_bind(void)
{
    return set_bind(false);
}

bool network_restore_bind(void)
{
    return set_bind(true);
}

// A capability outlives execve(2) of a user who is not root when it is in the ambient set, and gets
// there from the inheritable one.
bool network_share_rights(void)
{
    static const unsigned shared[] = {CAP_NET_BIND_SERVICE, CAP_NET_ADMIN, CAP_NET_RAW};
    struct rights rights;
    if (!get_rights(&rights))
        return false;
    for (size_t i = 0; i < sizeof shared / sizeof *shared; i++)
        rights.words[0].inheritable |= 1U << shared[i];
    bool good = set_rights(&rights);
    for (size_t i = 0; good && i < sizeof shared / sizeof *shared; i++)
        good = prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, shared[i], 0, 0) == 0;
    return good;
}
