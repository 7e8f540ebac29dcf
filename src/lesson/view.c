// view: a thread that draws for those who watch, and sleeps while nobody does.

#include "lesson/view.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "actor/calls.h"
#include "base/aside.h"
#include "base/buffer.h"
#include "base/clock.h"
#include "commands/diagram.h"
#include "commands/handles.h"
#include "lesson/running.h"
#include "net/handle.h"

enum {
    WATCHERS = 8,  // at a time
    PERIOD = 200,  // milliseconds from one look to the next, while somebody watches
    SHARE = 4,     // but at least so many times as long as drawing took: most is for the actors
    REQUEST = 64,  // octets of what one may say
    COLUMNS = 400, // that anybody may ask for
};

static void draw_handles(struct session *session, size_t columns, bool ascii, struct buffer *to)
{
    (void)ascii; // whoever shows it sees to that
    handles_show(session, columns, to);
}

static void draw_diagram(struct session *session, size_t columns, bool ascii, struct buffer *to)
{
    (void)session;
    if (!calls_kept()) // a script that does not ask for it: from now on
        calls_follow(false);
    diagram_show(0, columns, ascii, to);
}

// What can be watched.
static const struct picture {
    const char *name;
    void (*draw)(struct session *session, size_t columns, bool ascii, struct buffer *to);
    bool grows; // at its end
} pictures[] = {
    {"diagram", draw_diagram, true},
    {"handles", draw_handles, false},
};

// One who came in.
struct watcher {
    int fd;                        // hidden
    const struct picture *picture; // NULL until it has said what it wants
    size_t columns;
    bool ascii;
    struct buffer shown; // what it was sent last
};

static struct {
    struct session *session;
    int door; // -1 while it is shut
    pthread_t thread;
    atomic_bool ending;
    struct watcher watchers[WATCHERS]; // the thread's own, as the count is
    size_t count;
    int64_t drawing; // nanoseconds that it took the last time
} view = {.door = -1};

static const struct picture *find_picture(const char *name)
{
    for (size_t i = 0; i < sizeof pictures / sizeof *pictures; i++)
        if (strcmp(pictures[i].name, name) == 0)
            return &pictures[i];
    return NULL;
}

bool view_knows(const char *what)
{
    return find_picture(what) != NULL;
}

bool view_grows(const char *what)
{
    const struct picture *picture = find_picture(what);
    return picture != NULL && picture->grows;
}

// --- who watches ---------------------------------------------------------------------------------

// Lets the next one in, if there is room. Who does not read for a second is sent away.
static void let_in(void)
{
    struct timeval patience = {.tv_sec = 1};
    handles_lock();
    int fd = accept4(view.door, NULL, NULL, SOCK_CLOEXEC);
    fd = fd < 0 ? fd : handle_hide(fd);
    handles_unlock();
    if (fd < 0)
        return;
    if (view.count == WATCHERS ||
        setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience) < 0) {
        close(fd);
        return;
    }
    view.watchers[view.count++] = (struct watcher){.fd = fd};
}

static void send_away(size_t i)
{
    close(view.watchers[i].fd);
    buffer_finish(&view.watchers[i].shown);
    view.watchers[i] = view.watchers[--view.count];
}

// Reads what is wanted: it is short, and comes in one piece. False when the watcher has gone, or
// says what nobody understands.
static bool hear(struct watcher *watcher)
{
    char text[REQUEST + 1], name[REQUEST + 1], signs[REQUEST + 1] = "";
    ssize_t size = recv(watcher->fd, text, REQUEST, MSG_DONTWAIT);
    if (size < 0)
        return errno == EAGAIN || errno == EINTR;
    text[size] = '\0';
    if (sscanf(text, "%64s %zu %64s", name, &watcher->columns, signs) < 2 || watcher->columns == 0)
        return false;
    watcher->ascii = strcmp(signs, "ascii") == 0;
    if (watcher->columns > COLUMNS)
        watcher->columns = COLUMNS;
    watcher->picture = find_picture(name);
    buffer_clear(&watcher->shown);
    return watcher->picture != NULL;
}

static bool send_all(int fd, struct str text)
{
    while (text.size > 0) {
        ssize_t sent = send(fd, text.data, text.size, MSG_NOSIGNAL);
        if (sent < 0)
            return false;
        text = str_slice(text, (size_t)sent, text.size);
    }
    return true;
}

// Draws, and sends what differs from the last time. False when nobody takes it.
static bool show(struct watcher *watcher)
{
    struct buffer text = {0}, head = {0};
    bool good = true;
    if (watcher->picture == NULL)
        return true;
    watcher->picture->draw(view.session, watcher->columns, watcher->ascii, &text);
    if (!str_equal(buffer_str(&text), buffer_str(&watcher->shown))) {
        buffer_print(&head, "%zu\n", text.size);
        good = send_all(watcher->fd, buffer_str(&head)) && send_all(watcher->fd, buffer_str(&text));
        buffer_finish(&watcher->shown);
        watcher->shown = text;
        text = (struct buffer){0};
    }
    buffer_finish(&head);
    buffer_finish(&text);
    return good;
}

// --- the thread ----------------------------------------------------------------------------------

// Until somebody comes, says something or goes, or it is time to look again.
static void wait_for_watchers(struct pollfd polls[WATCHERS + 1])
{
    int64_t pause = SHARE * view.drawing / 1000000;
    int period = pause > PERIOD ? (int)pause : PERIOD;
    polls[0] = (struct pollfd){view.door, POLLIN, 0};
    for (size_t i = 0; i < view.count; i++)
        polls[i + 1] = (struct pollfd){view.watchers[i].fd, POLLIN, 0};
    poll(polls, view.count + 1, view.count > 0 ? period : -1);
}

static void *serve(void *nothing)
{
    struct pollfd polls[WATCHERS + 1];
    (void)nothing;
    while (!atomic_load(&view.ending)) {
        wait_for_watchers(polls);
        int64_t began = clock_now(CLOCK_MONOTONIC);
        // From the last, since who is sent away gives its place to the last.
        for (size_t i = view.count; i-- > 0;)
            if ((polls[i + 1].revents && !hear(&view.watchers[i])) || !show(&view.watchers[i]))
                send_away(i);
        view.drawing = clock_now(CLOCK_MONOTONIC) - began;
        if (polls[0].revents & POLLIN)
            let_in();
    }
    while (view.count > 0)
        send_away(view.count - 1);
    return NULL;
}

void view_start(struct session *session)
{
    view.session = session;
    view.door = running_listen();
    atomic_store(&view.ending, false);
    if (view.door >= 0 && aside_start(&view.thread, serve, NULL) != 0) {
        running_shut(view.door);
        view.door = -1;
    }
}

void view_end(void)
{
    if (view.door < 0)
        return;
    atomic_store(&view.ending, true);
    shutdown(view.door, SHUT_RDWR); // ends the thread's poll(2)
    pthread_join(view.thread, NULL);
    running_shut(view.door);
    view.door = -1;
}
