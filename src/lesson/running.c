// running: one file a process, in a folder that nobody else can write to.

#include "lesson/running.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include "net/handle.h"
#include "net/network.h"

enum {
    PLACES = 2,       // folders where such files may be
    FILE_SIZE = 4096, // octets that are read at a time, and of a path
    FILE_NAME = 32,   // "4194304" and what it is called while it is written
};

// This process, once it has begun. Its number is taken then: a child that is forked is no lesson.
static struct running self;

// --- folders -------------------------------------------------------------------------------------

// The path of one place; false when the environment has none. The terminal of a second login may
// know $XDG_RUNTIME_DIR where the first did not, so both are looked at.
static bool place_path(int place, char *path, size_t size)
{
    const char *folder = getenv(place == 0 ? "XDG_RUNTIME_DIR" : "TMPDIR");
    bool given = folder != NULL && folder[0] == '/';
    int length = 0;
    if (place > 0)
        length = snprintf(path, size, "%s/socksh-%u", given ? folder : "/tmp", geteuid());
    else if (given)
        length = snprintf(path, size, "%s/socksh", folder);
    return length > 0 && (size_t)length < size;
}

// A descriptor of the folder, or -1. In /tmp anybody may make one of that name, or a link.
static int open_place(int place, bool make)
{
    char path[FILE_SIZE];
    struct stat status;
    if (!place_path(place, path, sizeof path))
        return -1;
    if (make)
        mkdir(path, 0700);
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0 || (fstat(fd, &status) == 0 && status.st_uid == geteuid() &&
                   (status.st_mode & (S_IRWXG | S_IRWXO)) == 0))
        return fd;
    close(fd);
    return -1;
}

// --- files ---------------------------------------------------------------------------------------

// Appends the file. False when it cannot be read.
static bool read_file(int folder, const char *name, struct buffer *to)
{
    char chunk[FILE_SIZE];
    ssize_t size = -1;
    int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    while (fd >= 0 && (size = read(fd, chunk, sizeof chunk)) > 0)
        buffer_add(to, (struct str){chunk, (size_t)size});
    if (fd >= 0)
        close(fd);
    return size == 0;
}

// Readers see the old text or the new one. rename(2)
static bool replace_file(int folder, const char *name, struct str text)
{
    char beside[FILE_NAME + 1];
    snprintf(beside, sizeof beside, ".%s", name);
    int fd = openat(folder, beside, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return false;
    bool good = write(fd, text.data, text.size) == (ssize_t)text.size;
    close(fd);
    return good && renameat(folder, beside, folder, name) == 0;
}

// --- processes -----------------------------------------------------------------------------------

// When the process began; 0 when it is gone. With its number it is known for certain, since numbers
// are used again. The name before the fields may hold anything, ")" as well. proc_pid_stat(5)
static unsigned long long start_of(pid_t process)
{
    char path[FILE_NAME], state = 'X';
    unsigned long long started = 0;
    struct buffer text = {0};
    snprintf(path, sizeof path, "/proc/%d/stat", process);
    read_file(AT_FDCWD, path, &text);
    const char *behind = strrchr(buffer_text(&text), ')');
    if (behind == NULL ||
        sscanf(behind + 1,
               " %c %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %llu",
               &state, &started) != 2)
        started = 0;
    buffer_finish(&text);
    return state == 'Z' || state == 'X' ? 0 : started;
}

// --- of this process -----------------------------------------------------------------------------

// Calls `change` in the first folder that there is, made if need be. Under handles_lock(), since
// scripts may be running. Whether it went well.
static bool in_folder(bool (*change)(int folder, struct str notes), struct str notes)
{
    bool good = false;
    handles_lock();
    int folder = -1;
    for (int place = 0; place < PLACES && folder < 0; place++)
        folder = open_place(place, true);
    if (folder >= 0) {
        good = change(folder, notes);
        close(folder);
    }
    handles_unlock();
    return good;
}

// All in one file, so that nobody sees a step with the notes of another.
static bool write_self(int folder, struct str notes)
{
    char name[FILE_NAME];
    struct buffer text = {0};
    buffer_print(&text, "lesson %s\nstep %u of %u\nnetwork %s\nstarted %llu\n\n", self.lesson,
                 self.step, self.total, self.own_network ? "own" : "host", self.started);
    buffer_add(&text, notes);
    snprintf(name, sizeof name, "%d", self.process);
    bool good = replace_file(folder, name, buffer_str(&text));
    buffer_finish(&text);
    return good;
}

static bool remove_self(int folder, struct str notes)
{
    char name[FILE_NAME];
    (void)notes;
    snprintf(name, sizeof name, "%d", self.process);
    return unlinkat(folder, name, 0) == 0;
}

bool running_begin(const char *lesson)
{
    handles_lock();
    self = (struct running){
        .process = getpid(), .own_network = network_is_own(), .started = start_of(getpid())};
    handles_unlock();
    snprintf(self.lesson, sizeof self.lesson, "%s", lesson);
    return in_folder(write_self, STR(""));
}

void running_step(unsigned step, unsigned total, struct str notes)
{
    self.step = step;
    self.total = total;
    if (self.process == getpid())
        in_folder(write_self, notes);
}

void running_end(void)
{
    if (self.process == getpid())
        in_folder(remove_self, STR(""));
    self.process = 0;
}

// --- doors ---------------------------------------------------------------------------------------

// Calls `reach`, bind(2) or connect(2), with the path of a file in the folder. By way of the
// folder's descriptor it fits the address, however long the folder's own path is. unix(7)
static bool reach_file(int (*reach)(int fd, const struct sockaddr *to, socklen_t size), int fd,
                       int folder, const char *name)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t room = sizeof address.sun_path;
    int size = snprintf(address.sun_path, room, "/proc/self/fd/%d/%s", folder, name);
    if (size < 0 || (size_t)size >= room) {
        errno = ENAMETOOLONG;
        return false;
    }
    return reach(fd, (struct sockaddr *)&address, sizeof address) == 0;
}

static void door_name(pid_t process, char name[FILE_NAME])
{
    snprintf(name, FILE_NAME, "%d.view", process);
}

// The descriptor of the socket, or -1. Under handles_lock().
static int open_door(int folder)
{
    char name[FILE_NAME], beside[FILE_NAME + 1];
    door_name(getpid(), name);
    snprintf(beside, sizeof beside, ".%s", name);
    unlinkat(folder, beside, 0); // left behind by a process that had this number
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    fd = fd < 0 ? fd : handle_hide(fd);
    // Whoever finds a door that nobody listens behind takes it for a dead process's.
    if (fd < 0 || (reach_file(bind, fd, folder, beside) && listen(fd, SOMAXCONN) == 0 &&
                   renameat(folder, beside, folder, name) == 0))
        return fd;
    close(fd);
    return -1;
}

int running_listen(void)
{
    int fd = -1;
    handles_lock();
    for (int place = 0; place < PLACES && fd < 0; place++) {
        int folder = open_place(place, true);
        if (folder < 0)
            continue;
        fd = open_door(folder);
        close(folder);
    }
    handles_unlock();
    return fd;
}

void running_shut(int fd)
{
    char name[FILE_NAME];
    door_name(getpid(), name);
    handles_lock();
    for (int place = 0; place < PLACES; place++) {
        int folder = open_place(place, false);
        if (folder < 0)
            continue;
        unlinkat(folder, name, 0);
        close(folder);
    }
    close(fd);
    handles_unlock();
}

// --- of others -----------------------------------------------------------------------------------

// What a process says of itself; `text` is the file, and `*notes` where they begin in it. False
// when it is none of these, or the process is gone.
static bool read_running(struct buffer *text, struct running *running, size_t *notes)
{
    char network[8] = "";
    int size = 0;
    if (sscanf(buffer_text(text), "lesson %63[^\n]\nstep %u of %u\nnetwork %7s\nstarted %llu%n",
               running->lesson, &running->step, &running->total, network, &running->started,
               &size) != 5)
        return false;
    *notes = (size_t)size + 2; // the line's end and an empty line
    running->own_network = strcmp(network, "own") == 0;
    return running->started == start_of(running->process);
}

// Whether `a` was started after `b`: numbers decide within one tick.
static bool is_newer(const struct running *a, const struct running *b)
{
    return a->started > b->started || (a->started == b->started && a->process > b->process);
}

static void forget_door(int folder, pid_t process);

// Takes one file for the newest if it is, and removes it if nobody has it any more.
static void look_at(int folder, const char *name, struct running *newest, struct buffer *notes)
{
    struct running running = {.process = (pid_t)atoi(name)};
    struct buffer text = {0};
    size_t begin = 0;
    if (!read_file(folder, name, &text))
        return; // it has just ended
    if (!read_running(&text, &running, &begin)) {
        unlinkat(folder, name, 0);
        forget_door(folder, running.process);
    } else if (is_newer(&running, newest)) {
        *newest = running;
        buffer_clear(notes);
        buffer_add(notes, str_slice(buffer_str(&text), begin, text.size));
    }
    buffer_finish(&text);
}

// Looks through a folder, which it closes.
static void look_through(int folder, struct running *newest, struct buffer *notes)
{
    uint64_t number;
    DIR *stream = fdopendir(folder);
    if (stream == NULL) {
        close(folder);
        return;
    }
    for (struct dirent *entry; (entry = readdir(stream)) != NULL;)
        // What is being written begins with a dot.
        if (str_to_number(str_from(entry->d_name), INT32_MAX, &number))
            look_at(folder, entry->d_name, newest, notes);
    closedir(stream);
}

bool running_find(struct running *newest, struct buffer *notes)
{
    *newest = (struct running){0};
    buffer_clear(notes);
    handles_lock();
    for (int place = 0; place < PLACES; place++) {
        int folder = open_place(place, false);
        if (folder >= 0)
            look_through(folder, newest, notes);
    }
    handles_unlock();
    return newest->process != 0;
}

// The door that was made last and still has a process behind it.
struct door {
    int fd;
    pid_t process;
    struct timespec made;
};

// Whether `a` was made after `b`: numbers decide within one tick of the file system's clock.
static bool is_later(const struct door *a, const struct door *b)
{
    if (a->made.tv_sec != b->made.tv_sec)
        return a->made.tv_sec > b->made.tv_sec;
    return a->made.tv_nsec != b->made.tv_nsec ? a->made.tv_nsec > b->made.tv_nsec
                                              : a->process > b->process;
}

// Takes one file for the door if it is a newer one, and removes it if nobody is behind it.
static void try_door(int folder, const char *name, struct door *door)
{
    struct stat status;
    struct door found = {.process = (pid_t)atoi(name)};
    if (fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISSOCK(status.st_mode))
        return;
    found.made = status.st_mtim;
    if (door->fd >= 0 && !is_later(&found, door))
        return;
    found.fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (found.fd < 0)
        return;
    if (!reach_file(connect, found.fd, folder, name)) {
        if (errno == ECONNREFUSED)
            unlinkat(folder, name, 0);
        close(found.fd);
        return;
    }
    if (door->fd >= 0)
        close(door->fd);
    *door = found;
}

// Removes a process's door if nobody is behind it.
static void forget_door(int folder, pid_t process)
{
    char name[FILE_NAME];
    struct door door = {.fd = -1};
    door_name(process, name);
    try_door(folder, name, &door);
    if (door.fd >= 0)
        close(door.fd);
}

// Looks through a folder, which it closes.
static void look_for_doors(int folder, struct door *door)
{
    DIR *stream = fdopendir(folder);
    if (stream == NULL) {
        close(folder);
        return;
    }
    for (struct dirent *entry; (entry = readdir(stream)) != NULL;)
        if (entry->d_name[0] != '.' && str_ends(str_from(entry->d_name), STR(".view")))
            try_door(dirfd(stream), entry->d_name, door);
    closedir(stream);
}

int running_connect(pid_t *process)
{
    struct door door = {.fd = -1};
    for (int place = 0; place < PLACES; place++) {
        int folder = open_place(place, false);
        if (folder >= 0)
            look_for_doors(folder, &door);
    }
    *process = door.process;
    return door.fd;
}

int running_open(const struct running *running)
{
    int fd = (int)syscall(SYS_pidfd_open, running->process, 0);
    if (fd < 0 || start_of(running->process) == running->started)
        return fd;
    close(fd); // another process has its number by now
    errno = ESRCH;
    return -1;
}

int running_watch(void)
{
    char path[FILE_SIZE];
    int fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    for (int place = 0; fd >= 0 && place < PLACES; place++)
        if (place_path(place, path, sizeof path))
            inotify_add_watch(fd, path, IN_MOVED_TO | IN_DELETE | IN_ONLYDIR);
    return fd;
}
