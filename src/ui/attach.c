// attach: entering the namespaces of another process, then being another program.

#include "ui/attach.h"

#include <errno.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/message.h"
#include "lesson/running.h"
#include "net/network.h"
#include "ui/script.h"

// As shells answer when a command cannot be started.
enum { STATUS_CANNOT = 126, STATUS_NOT_FOUND = 127 };

// Whether the process is in another namespace of that kind than this one. namespaces(7)
static bool is_elsewhere(pid_t process, const char *kind)
{
    char path[64];
    struct stat own, other;
    snprintf(path, sizeof path, "/proc/self/ns/%s", kind);
    if (stat(path, &own) < 0)
        return false;
    snprintf(path, sizeof path, "/proc/%d/ns/%s", process, kind);
    return stat(path, &other) == 0 && (own.st_ino != other.st_ino || own.st_dev != other.st_dev);
}

// Entering a namespace that one is in already is an error. All at once: the user namespace gives
// the right to enter the network. setns(2)
static bool enter_spaces(const struct running *running)
{
    int spaces = (is_elsewhere(running->process, "user") ? CLONE_NEWUSER : 0) |
                 (is_elsewhere(running->process, "net") ? CLONE_NEWNET : 0);
    int fd = running_open(running);
    bool good = fd >= 0 && (spaces == 0 || setns(fd, spaces) == 0);
    int error = errno;
    if (fd >= 0)
        close(fd);
    errno = error;
    return good;
}

// Says in one line where the command will be. False when it would be in the wrong place.
static bool enter(const struct running *running)
{
    if (!running->own_network) {
        fprintf(stderr, _("socksh: nothing to enter: %s uses the computer's network\n"),
                running->lesson);
        return true;
    }
    if (!enter_spaces(running)) {
        fprintf(stderr, _("socksh: cannot enter the network of %s, process %d: %s\n"),
                running->lesson, running->process, strerror(errno));
        return false;
    }
    fprintf(stderr, _("socksh: in the network of %s, process %d\n"), running->lesson,
            running->process);
    network_share_rights(); // without them the command can still do what any user can
    return true;
}

int attach_main(char **words, int count)
{
    struct running running;
    struct buffer notes = {0};
    const char *shell = getenv("SHELL");
    char *alone[] = {(char *)(shell != NULL && shell[0] ? shell : "/bin/sh"), NULL};
    bool found = running_find(&running, &notes);
    buffer_finish(&notes);
    if (!found) {
        fputs(_("socksh: no lesson is running, and no socksh --sandbox\n"), stderr);
        return STATUS_FAILED;
    }
    if (!enter(&running))
        return STATUS_FAILED;
    words = count > 0 ? words : alone;
    execvp(words[0], words);
    int error = errno;
    fprintf(stderr, _("socksh: cannot start %s: %s\n"), words[0], strerror(error));
    return error == ENOENT ? STATUS_NOT_FOUND : STATUS_CANNOT;
}
