// watch_live: pictures come from another process, and stand on the screen until the next one.

#include "ui/watch_live.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

#include "base/message.h"
#include "lesson/running.h"
#include "lesson/view.h"
#include "ui/ask.h"
#include "ui/edit_terminal.h"
#include "ui/output.h"
#include "ui/screen.h"
#include "ui/script.h"

enum {
    PATIENCE = 1000, // milliseconds: a lesson that begins anew has a new process soon
    TITLE = 2,       // lines above the picture
};

static struct {
    const char *what;
    bool ascii;            // what it can show
    bool on_terminal;      // the picture keeps its place; else one follows the other
    struct termios usual;  // of the terminal, before
    int signals;           // signalfd(2)
    int news;              // running_watch()
    int door;              // of the process that is watched; -1 for none
    pid_t process;         // its number; 0 before the first
    struct buffer arrived; // of it, that is not on the screen yet
    struct buffer picture; // on the screen
    int ended_by;          // the signal, or 0
    bool ended;
} watch;

// --- the screen ----------------------------------------------------------------------------------

// ECMA-48 has neither the other screen nor the cursor's going: xterm's, as everywhere.
static void enter_screen(void)
{
    struct termios mode;
    if (!watch.on_terminal)
        return;
    tcgetattr(STDIN_FILENO, &watch.usual);
    mode = watch.usual;
    mode.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
    tcsetattr(STDIN_FILENO, TCSANOW, &mode);
    fputs("\033[?1049h\033[?25l\033[2J", stdout);
    fflush(stdout);
}

static void leave_screen(void)
{
    if (!watch.on_terminal)
        return;
    fputs("\033[m\033[?25h\033[?1049l", stdout);
    fflush(stdout);
    tcsetattr(STDIN_FILENO, TCSANOW, &watch.usual);
}

// Each line, with what stood behind it before wiped away.
static void add_line(struct str line, struct buffer *to)
{
    screen_add_looks(line, to);
    buffer_add_text(to, watch.on_terminal ? "\033[K\n" : "\n");
}

static void add_title(struct buffer *to)
{
    struct buffer title = {0}, fit = {0};
    buffer_print(&title, _("%s of process %d   (q ends)"), watch.what, watch.process);
    output_fit(buffer_str(&title), &fit);
    screen_add_styled(screen_faint_style(), buffer_str(&fit), to);
    buffer_add_text(to, "\033[K\n\033[K\n");
    buffer_finish(&title);
    buffer_finish(&fit);
}

// A line that tells of others which there was no room for.
static void add_left(size_t left, struct buffer *to)
{
    struct buffer more = {0};
    buffer_print(&more, _("… %zu more"), left);
    add_line(buffer_str(&more), to);
    buffer_finish(&more);
}

static size_t count_lines(struct str text)
{
    size_t count = 0;
    for (; text.size > 0; count++)
        str_take_line(&text);
    return count;
}

// Of a picture that grows: the lines that head its last part, and what there is room for of its
// end.
static void add_end(size_t count, size_t room, struct buffer *to)
{
    struct str rest = buffer_str(&watch.picture), head = rest;
    size_t above = count > room + 1 ? count - room : 0, begin = 0;
    for (size_t i = 0; i < above; i++) {
        if (str_take_line(&rest).size > 0)
            continue;
        head = rest;
        begin = i + 1;
    }
    size_t heads = above > begin ? VIEW_HEAD : 0;
    for (size_t i = 0; i < heads; i++)
        add_line(str_take_line(&head), to);
    for (size_t i = 0; i < heads && rest.size > 0; i++, above++)
        str_take_line(&rest);
    if (above > 0)
        add_left(above - heads, to);
    while (rest.size > 0)
        add_line(str_take_line(&rest), to);
}

// As many lines as there is room for, and how many others there are.
static void add_picture(size_t room, struct buffer *to)
{
    struct str rest = buffer_str(&watch.picture);
    size_t count = count_lines(rest), shown = count <= room + 1 ? count : room;
    if (view_grows(watch.what)) {
        add_end(count, room, to);
        return;
    }
    for (size_t i = 0; i < shown; i++)
        add_line(str_take_line(&rest), to);
    if (rest.size > 0)
        add_left(count - shown, to);
}

static void draw(void)
{
    struct buffer page = {0};
    size_t room = SIZE_MAX - 1;
    if (watch.on_terminal) {
        size_t rows = edit_terminal_size(STDOUT_FILENO).rows;
        room = rows > TITLE + 2 ? rows - TITLE - 2 : 1;
        buffer_add_text(&page, "\033[H");
        add_title(&page);
    }
    add_picture(room, &page);
    buffer_add_text(&page, watch.on_terminal ? "\033[J" : "\n");
    fwrite(page.data, 1, page.size, stdout);
    fflush(stdout);
    buffer_finish(&page);
}

// --- the other process ---------------------------------------------------------------------------

// Says what is wanted, and how wide the terminal is now.
static void ask_for_picture(void)
{
    char text[64];
    int size = snprintf(text, sizeof text, "%s %zu%s\n", watch.what,
                        edit_terminal_size(STDOUT_FILENO).columns, watch.ascii ? " ascii" : "");
    // If nobody is there any more, the next recv() says so.
    send(watch.door, text, (size_t)size, MSG_NOSIGNAL);
}

static void let_go(void)
{
    if (watch.door >= 0)
        close(watch.door);
    watch.door = -1;
    buffer_clear(&watch.arrived);
}

// Goes to the one that was started last, which may be the same as before.
static void find_other(void)
{
    pid_t process;
    let_go();
    watch.door = running_connect(&process);
    if (watch.door < 0)
        return;
    watch.process = process;
    ask_for_picture();
}

// Takes the picture that came last, if one is there as a whole.
static bool take_picture(void)
{
    bool taken = false;
    for (;;) {
        struct str all = buffer_str(&watch.arrived);
        size_t head = str_find(all, STR("\n"), 0);
        uint64_t size;
        if (head == SIZE_MAX || !str_to_number(str_slice(all, 0, head), INT32_MAX, &size) ||
            all.size - head - 1 < size)
            return taken;
        struct buffer rest = {0};
        buffer_clear(&watch.picture);
        buffer_add(&watch.picture, str_slice(all, head + 1, head + 1 + size));
        buffer_add(&rest, str_slice(all, head + 1 + size, all.size));
        buffer_finish(&watch.arrived);
        watch.arrived = rest;
        taken = true;
    }
}

// What it sends; when it has ended, who else is there is looked for.
static void hear_other(void)
{
    char chunk[16384];
    ssize_t size = recv(watch.door, chunk, sizeof chunk, MSG_DONTWAIT);
    if (size > 0)
        buffer_add(&watch.arrived, (struct str){chunk, (size_t)size});
    else if (size == 0 || (errno != EAGAIN && errno != EINTR))
        find_other();
    if (take_picture())
        draw();
}

// --- waiting -------------------------------------------------------------------------------------

// As the key does to other programs: the shell gets its own screen back meanwhile.
static void stop(void)
{
    leave_screen();
    raise(SIGSTOP);
    enter_screen();
    draw();
}

static void hear_signal(void)
{
    struct signalfd_siginfo info;
    if (read(watch.signals, &info, sizeof info) != sizeof info)
        return;
    int signal = (int)info.ssi_signo;
    if (signal == SIGWINCH && watch.door >= 0) {
        ask_for_picture();
    } else if (signal == SIGTSTP) {
        stop();
    } else if (signal != SIGWINCH) {
        watch.ended = true;
        watch.ended_by = signal;
    }
}

static void hear_key(void)
{
    char key;
    ssize_t size = read(STDIN_FILENO, &key, 1);
    watch.ended = watch.ended || size <= 0 || key == 'q' || key == '\004';
}

// A process has begun or ended, a lesson has gone on. Which it was does not matter.
static void hear_news(void)
{
    char events[sizeof(struct inotify_event) * 64];
    while (read(watch.news, events, sizeof events) > 0)
        continue;
    find_other();
}

// Until something happens; without anybody to watch only as long as it is worth it.
static void wait_for_something(void)
{
    struct pollfd polls[] = {{watch.signals, POLLIN, 0},
                             {watch.door, POLLIN, 0},
                             {watch.news, POLLIN, 0},
                             {watch.on_terminal ? STDIN_FILENO : -1, POLLIN, 0}};
    int ready = poll(polls, sizeof polls / sizeof *polls, watch.door < 0 ? PATIENCE : -1);
    if (polls[0].revents)
        hear_signal();
    if (polls[1].revents)
        hear_other();
    if (polls[2].revents)
        hear_news();
    if (polls[3].revents)
        hear_key();
    watch.ended = watch.ended || (ready == 0 && watch.door < 0);
}

// --- begin and end -------------------------------------------------------------------------------

static int take_signals(void)
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGHUP);
    sigaddset(&signals, SIGTSTP);
    sigaddset(&signals, SIGWINCH);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    return signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
}

int watch_live(const char *what)
{
    watch.what = what;
    watch.on_terminal = isatty(STDOUT_FILENO) && isatty(STDIN_FILENO);
    watch.ascii = !ask_is_narrow(stdin, stdout);
    output_use_ascii(watch.ascii);
    watch.news = running_watch(); // first, so that nothing happens unseen
    watch.door = -1;
    find_other();
    if (watch.door < 0) {
        fputs(_("socksh: nothing to watch: no prompt and no lesson of yours is running\n"), stderr);
        return STATUS_FAILED;
    }
    watch.signals = take_signals();
    enter_screen();
    while (!watch.ended)
        wait_for_something();
    leave_screen();
    if (watch.ended_by == 0 && watch.door < 0)
        puts(_("what was watched has ended"));
    let_go();
    close(watch.news);
    close(watch.signals);
    buffer_finish(&watch.picture);
    buffer_finish(&watch.arrived);
    return watch.ended_by ? STATUS_SIGNAL + watch.ended_by : STATUS_DONE;
}
