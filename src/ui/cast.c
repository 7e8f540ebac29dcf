// cast: passing a terminal on, and events as lines of JSON (asciicast v2, docs.asciinema.org).

#include "ui/cast.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/json.h"
#include "base/utf8.h"
#include "ui/edit_terminal.h"
#include "ui/output.h"

enum { CHUNK = 4096, CHARACTER = 4 }; // octets that are read at once; of the longest character

static int file = -1;
static int failed; // the errno of what could not be written
static struct timespec began;
static int master = -1;              // of the child's terminal
static char held[CHUNK + CHARACTER]; // the beginning of a character whose rest has not come
static size_t held_size;
static volatile sig_atomic_t resized;

// --- the file ------------------------------------------------------------------------------------

// One line, by one write(2): it is there whole, or not at all.
static void write_line(struct buffer *line)
{
    buffer_add_char(line, '\n');
    if (failed == 0 && !output_write_all(file, buffer_str(line)))
        failed = errno;
    buffer_finish(line);
}

// [seconds since the beginning, "o", "text"]
static void write_event(const char *kind, struct str data)
{
    struct buffer line = {0};
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    double seconds =
        (double)(now.tv_sec - began.tv_sec) + (double)(now.tv_nsec - began.tv_nsec) / 1e9;
    buffer_print(&line, "[%.6f, \"%s\", ", seconds, kind);
    json_add(data, &line);
    buffer_add_char(&line, ']');
    write_line(&line);
}

static void write_header(void)
{
    struct edit_size size = edit_terminal_size(STDOUT_FILENO);
    const char *term = getenv("TERM");
    struct buffer line = {0};
    buffer_print(&line,
                 "{\"version\": 2, \"width\": %zu, \"height\": %zu, \"timestamp\": %lld, "
                 "\"env\": {\"TERM\": ",
                 size.columns, size.rows, (long long)time(NULL));
    json_add(str_from(term ? term : ""), &line);
    buffer_add_text(&line, "}}");
    write_line(&line);
}

bool cast_open(const char *path)
{
    file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0644);
    if (file < 0)
        return false;
    clock_gettime(CLOCK_MONOTONIC, &began);
    write_header();
    return true;
}

bool cast_is_on(void)
{
    return file >= 0;
}

bool cast_close(void)
{
    if (close(file) < 0 && failed == 0)
        failed = errno;
    file = -1;
    errno = failed;
    return failed == 0;
}

// --- the terminal --------------------------------------------------------------------------------

pid_t cast_fork(void)
{
    struct winsize size = {.ws_row = 24, .ws_col = 80};
    struct termios mode;
    ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);
    if (tcgetattr(STDIN_FILENO, &mode) < 0)
        return -1;
    pid_t child = forkpty(&master, NULL, &mode, &size);
    if (child == 0) {
        close(file);
        file = -1;
    } else if (child > 0) {
        fcntl(master, F_SETFD, FD_CLOEXEC);
    }
    return child;
}

static void on_resize(int signal)
{
    (void)signal;
    resized = 1;
}

static void pass_size(void)
{
    struct winsize size;
    char text[32];
    resized = 0;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0)
        return;
    ioctl(master, TIOCSWINSZ, &size); // the child gets a SIGWINCH by it
    snprintf(text, sizeof text, "%ux%u", size.ws_col, size.ws_row);
    write_event("r", str_from(text));
}

static void pass_keys(void)
{
    char keys[CHUNK];
    ssize_t got = read(STDIN_FILENO, keys, sizeof keys);
    if (got > 0)
        output_write_all(master, (struct str){keys, (size_t)got});
}

// What the child wrote, but for half a character at its end. False when there is no more.
static bool pass_text(void)
{
    ssize_t got = read(master, held + held_size, CHUNK);
    if (got <= 0)
        return got < 0 && errno == EINTR;
    output_write_all(STDOUT_FILENO, (struct str){held + held_size, (size_t)got});
    held_size += (size_t)got;
    struct str all = {held, held_size};
    size_t whole = utf8_cut(all, all.size);
    if (whole > 0)
        write_event("o", str_slice(all, 0, whole));
    memmove(held, held + whole, held_size - whole);
    held_size -= whole;
    return true;
}

// All that is still there, when the child has ended.
static void pass_rest(void)
{
    struct pollfd one = {master, POLLIN, 0};
    while (poll(&one, 1, 0) > 0 && (one.revents & POLLIN) && pass_text())
        continue;
    if (held_size > 0)
        write_event("o", (struct str){held, held_size});
    held_size = 0;
}

static void pass_until(int ended, const sigset_t *awake)
{
    struct pollfd polls[] = {{STDIN_FILENO, POLLIN, 0}, {master, POLLIN, 0}, {ended, POLLIN, 0}};
    while (polls[2].revents == 0 && (ended >= 0 || polls[1].fd >= 0)) {
        int found = ppoll(polls, 3, NULL, awake);
        if (resized)
            pass_size();
        if (found < 0)
            continue; // by a signal, which the child gets as well
        if (polls[1].revents && !pass_text())
            polls[1].fd = -1;
        if (polls[0].revents & POLLIN)
            pass_keys();
        else if (polls[0].revents)
            polls[0].fd = -1;
    }
    pass_rest();
}

int cast_follow(pid_t child)
{
    int ended = (int)syscall(SYS_pidfd_open, child, 0), status = 0;
    struct termios usual, raw;
    sigset_t resize, before;
    sigemptyset(&resize);
    sigaddset(&resize, SIGWINCH);
    pthread_sigmask(SIG_BLOCK, &resize, &before);
    signal(SIGWINCH, on_resize);
    tcgetattr(STDIN_FILENO, &usual);
    raw = usual;
    cfmakeraw(&raw);
    tcsetattr(STDIN_FILENO, TCSADRAIN, &raw);
    pass_until(ended, &before);
    tcsetattr(STDIN_FILENO, TCSADRAIN, &usual);
    signal(SIGWINCH, SIG_DFL);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        continue;
    close(ended);
    close(master);
    return status;
}
