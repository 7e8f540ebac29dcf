// file: whole files into bytes and back.
//
// Descriptors are opened under the table's lock and moved out of the way of scripts at
// once. They do not block, so that opening a FIFO does not hold everybody up, and whoever
// waits can be interrupted.

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/message.h"
#include "commands/file.h"
#include "commands/rows.h"
#include "lang/eval.h"
#include "net/confine.h"
#include "net/handle.h"

enum { CHUNK = 256 * 1024 }; // octets between two looks at whether the actor is to stop

// Mebibytes that load takes: /dev/zero never ends, and would take the computer's memory.
enum { LOADED_MOST = 256 };

// Where a lesson may, with O_CLOEXEC, O_NONBLOCK and O_NOCTTY besides `flags`: a hidden descriptor,
// or -1 with errno.
static int open_hidden(const char *path, int flags, mode_t mode)
{
    handles_lock();
    int fd = confine_open(path, flags | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, mode);
    if (fd >= 0)
        fd = handle_hide(fd);
    int error = errno;
    handles_unlock();
    errno = error;
    return fd;
}

int file_open_regular(const char *path, int flags)
{
    struct stat status;
    int fd = open_hidden(path, O_WRONLY | O_CREAT | flags, 0666);
    if (fd >= 0 && (fstat(fd, &status) < 0 || !S_ISREG(status.st_mode))) {
        close(fd);
        errno = EINVAL;
        return -1;
    }
    return fd;
}

bool file_failed(struct call *call, int error)
{
    const char *refusal = confine_refusal(error);
    return refusal ? call_refused(call, "%s", refusal) : call_failed(call, error);
}

// The name of a file as C has it, for free(); NULL with the call failed.
static char *path_of(struct call *call)
{
    struct str path = arg_str(call, 0);
    if (path.size == 0 || memchr(path.data, '\0', path.size) == NULL)
        return mem_copy(path);
    call_refused(call, "%s", _("the name of a file cannot hold the octet 0"));
    return NULL;
}

// After a read(2) or write(2): 0 to go on, else an errno. Also ends what never waits, as reading
// /dev/zero.
static int after(struct call *call, ssize_t done, int fd, short events)
{
    struct waiter *waiter = call->interp->waiter;
    if (done < 0 && errno == EAGAIN) {
        struct pollfd wanted = {fd, events, 0};
        return wait_many(waiter, call->command->name, NULL, &wanted, 1, NULL);
    }
    if (done < 0)
        return errno;
    if (waiter_must_unwind(waiter))
        return ECANCELED;
    return atomic_exchange(&waiter->interrupted, false) ? EINTR : 0;
}

// --- load ----------------------------------------------------------------------------------------

// One piece more at the end of `data`. Sets `*ended` at the end. 0 or an errno. poll(2) comes
// first, since a FIFO that nobody has opened for writing yet reads as one that has ended.
static int read_piece(struct call *call, int fd, struct value *data, struct value piece,
                      bool *ended)
{
    struct pollfd wanted = {fd, POLLIN, 0};
    int error = wait_many(call->interp->waiter, call->command->name, NULL, &wanted, 1, NULL);
    if (error != 0)
        return error;
    ssize_t size = read(fd, piece.bytes->data, CHUNK);
    error = after(call, size, fd, POLLIN);
    *ended = size == 0;
    if (error != 0 || size <= 0)
        return error;
    piece.bytes->size = (size_t)size;
    if (value_str(*data).size + (size_t)size > (size_t)LOADED_MOST << 20)
        return EFBIG;
    return value_append_bytes(data, piece) ? 0 : ENOMEM;
}

// Everything there is into `*data`, which is the caller's on 0. Else an errno.
static int read_all(struct call *call, int fd, struct value *data)
{
    struct value piece = value_bytes_sized(CHUNK);
    bool ended = false;
    *data = value_bytes(STR(""));
    int error = piece.type == TYPE_UNSET || data->type == TYPE_UNSET ? ENOMEM : 0;
    while (error == 0 && !ended)
        error = read_piece(call, fd, data, piece, &ended);
    value_release(piece);
    if (error != 0)
        value_release(*data);
    else
        *data = value_bytes_cut_take(*data, value_str(*data).size);
    return error;
}

// Whatever its size: files of /proc say 0 and hold something, so that reading decides.
static bool run_load(struct call *call)
{
    char *path = path_of(call);
    if (path == NULL)
        return false;
    struct value data = VALUE_UNSET;
    int fd = open_hidden(path, O_RDONLY, 0);
    int error = fd < 0 ? errno : read_all(call, fd, &data);
    if (fd >= 0)
        close(fd);
    free(path);
    if (error == EFBIG) // neither open(2) nor read(2) says it here
        return call_refused(call, _("there is more than %d MiB in it, and load takes no more"),
                            LOADED_MOST);
    return error == 0 ? call_give_take(call, data) : file_failed(call, error);
}

// As bytes whatever is in it. EISDIR is read(2)'s: open(2) opens a folder for reading.
const struct command command_load = {
    .name = "load",
    .summary = N_("read a whole file"),
    .group = GROUP_DATA,
    .params = PARAMS({.name = "file", .type = TYPE_BYTES, .subject = SUBJECT_FILE}),
    .results = RESULTS({.name = "data", .type = TYPE_BYTES}),
    .waits = N_("for a FIFO: until somebody writes to it"),
    .errnos = ERRNOS(EACCES, EINTR, EISDIR, ENOENT),
    .example = "users = split (load \"/etc/passwd\") \"\\n\"",
    .details = N_("A file of more than 256 MiB is refused."),
    .topic = "files",
    .run = run_load,
};

// --- save ----------------------------------------------------------------------------------------

// 0, or the errno that ended it.
static int write_all(struct call *call, int fd, struct str data)
{
    int error = 0;
    while (error == 0 && data.size > 0) {
        ssize_t size = write(fd, data.data, data.size < CHUNK ? data.size : CHUNK);
        error = after(call, size, fd, POLLOUT);
        if (size > 0)
            data = str_slice(data, (size_t)size, data.size);
    }
    return error;
}

// Makes the new file the like of `old`. Only root may give files away; for all others the owner
// changes.
static int resemble(int fd, const struct stat *old)
{
    int ignored = fchown(fd, old->st_uid, old->st_gid);
    (void)ignored;
    return fchmod(fd, old->st_mode & 0777) < 0 ? errno : 0;
}

// Writes and closes. `old` may be NULL. A full disk may show only at the close.
static int fill(struct call *call, int fd, const struct stat *old)
{
    int error = write_all(call, fd, arg_str(call, 1));
    if (error == 0 && old != NULL)
        error = resemble(fd, old);
    if (close(fd) < 0 && error == 0)
        error = errno;
    return error;
}

// What is no regular file (a FIFO, /dev/null) cannot be replaced by one, and takes the octets as
// they come.
static int write_through(struct call *call, const char *path)
{
    int fd = open_hidden(path, O_WRONLY, 0);
    return fd < 0 ? errno : fill(call, fd, NULL);
}

// A name in the same folder that nobody has, for free(). rename(2) works within a file system only.
static char *name_beside(const char *path)
{
    struct buffer name = {0};
    const char *slash = strrchr(path, '/');
    uint64_t number = 0;
    buffer_add(&name, (struct str){path, slash ? (size_t)(slash - path) + 1 : 0});
    if (getrandom(&number, sizeof number, 0) < 0)
        number = (uint64_t)getpid(); // only less likely to be free; O_EXCL decides
    buffer_print(&name, ".socksh-%016" PRIx64, number);
    char *copy = mem_copy(buffer_str(&name));
    buffer_finish(&name);
    return copy;
}

// Others see the old file or the new one, never half of one.
static int replace(struct call *call, const char *path, const struct stat *old)
{
    char *beside = name_beside(path);
    int fd = open_hidden(beside, O_WRONLY | O_CREAT | O_EXCL, 0666);
    int error = fd < 0 ? errno : fill(call, fd, old);
    if (error == 0 && rename(beside, path) < 0)
        error = errno;
    if (error != 0 && fd >= 0)
        unlink(beside);
    free(beside);
    return error;
}

// Decides between a new file, one to be replaced, and what can only be written to. 0 or an errno.
static int save(struct call *call, const char *path)
{
    struct stat old;
    if (stat(path, &old) < 0)
        return errno == ENOENT ? replace(call, path, NULL) : errno;
    if (S_ISDIR(old.st_mode))
        return EISDIR;
    if (!S_ISREG(old.st_mode))
        return write_through(call, path);
    if (faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) < 0) // rename(2) would not ask
        return errno;
    char *target = realpath(path, NULL); // a link stays a link
    if (target == NULL)
        return errno;
    int error = replace(call, target, &old);
    free(target);
    return error;
}

// The same for a lesson: what it can open is a regular file or a folder, reached by no link.
static int save_confined(struct call *call, const char *path)
{
    struct stat old;
    int fd = open_hidden(path, O_WRONLY, 0); // only asks whether that is allowed
    if (fd < 0)
        return errno == ENOENT ? replace(call, path, NULL) : errno;
    int error = fstat(fd, &old) < 0 ? errno : 0;
    close(fd);
    return error == 0 ? replace(call, path, &old) : error;
}

// An empty name is ENOENT to open(2), too.
static bool run_save(struct call *call)
{
    char *path = path_of(call);
    if (path == NULL)
        return false;
    int error = !path[0] ? ENOENT : confine_is_on() ? save_confined(call, path) : save(call, path);
    free(path);
    return error == 0 ? call_done(call) : file_failed(call, error);
}

// By way of a new file that takes the old one's name: ENOSPC or a kill in the middle leaves the
// old one whole. rename(2)
const struct command command_save = {
    .name = "save",
    .summary = N_("write a whole file; the old one stays if that fails"),
    .group = GROUP_DATA,
    .params = PARAMS({.name = "file", .type = TYPE_BYTES, .subject = SUBJECT_FILE},
                     {.name = "data", .type = TYPE_BYTES}),
    .waits = N_("for a FIFO: until somebody reads from it"),
    .errnos = ERRNOS(EACCES, EINTR, EISDIR, ENOENT, ENOSPC),
    .example = "save \"greeting.txt\" \"hello\\n\"\nunlink \"greeting.txt\"",
    .topic = "files",
    .run = run_save,
};

// --- unlink --------------------------------------------------------------------------------------

// The file's name goes at once; who has it open keeps it. unlink(2)
static bool run_unlink(struct call *call)
{
    char *path = path_of(call);
    if (path == NULL)
        return false;
    handles_lock();
    int error = confine_unlink(path) < 0 ? errno : 0;
    handles_unlock();
    free(path);
    return error == 0 ? call_done(call) : file_failed(call, error);
}

// The path of an AF_UNIX socket outlives it, and EADDRINUSE is what the next bind says: unix(7).
const struct command command_unlink = {
    .name = "unlink",
    .summary = N_("remove a file, or the path of an AF_UNIX socket"),
    .group = GROUP_DATA,
    .params = PARAMS({.name = "file", .type = TYPE_BYTES, .subject = SUBJECT_FILE}),
    .errnos = ERRNOS(EACCES, EISDIR, ENOENT, EPERM),
    .manual = "unlink(2)",
    .c = "unlink({file.text})",
    .python = "os.unlink({file.text})",
    .example = "save \"old.txt\" \"\"\nunlink \"old.txt\"",
    .details = N_("An AF_UNIX socket leaves its path behind when it is closed: bind to it again "
                  "is EADDRINUSE until it is removed."),
    .topic = "files",
    .run = run_unlink,
};
