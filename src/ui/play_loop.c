// play_loop: hearing, drawing, and waiting for the next thing to show.

#include "ui/play_loop.h"

#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/look.h"
#include "base/message.h"
#include "net/handle.h"
#include "ui/met.h"
#include "ui/passing.h"
#include "ui/play_screen.h"
#include "ui/shell.h"

enum {
    TICK = 250,      // milliseconds between two looks at who waits how long
    SETTLE = 250,    // that an acknowledgement may take: the kernel delays some by 40
    SETTLE_LOOK = 5, // between two looks whether it is there
    PACE = 4,        // what is pace 1
    PACE_LEAST = 1,
    PACE_MOST = 32,
    NOTES_FROM = 44, // columns an actor has for notes on what calls have done
};

// The one that hears of messages: whoever tells it has no other way to know.
static struct loop *heard;

// --- the picture ---------------------------------------------------------------------------------

// "accept 3  12 s"; nothing for one that does not wait. Called under the session's lock.
static void look_at_actor(struct actor *actor, void *context)
{
    struct buffer call = {0};
    struct timespec now, since;
    struct loop *loop = context;
    bool waits = wait_is_waiting(&actor->waiter) && actor_show_call(actor, &call);
    size_t known = waits ? board_actor(&loop->board, str_from(actor->name)) : SIZE_MAX;
    if (known != SIZE_MAX) {
        pthread_mutex_lock(&actor->waiter.lock);
        since = actor->waiter.mark.since;
        pthread_mutex_unlock(&actor->waiter.lock);
        clock_gettime(CLOCK_MONOTONIC, &now);
        long long seconds = now.tv_sec - since.tv_sec - (now.tv_nsec < since.tv_nsec ? 1 : 0);
        struct buffer *to = &loop->board.actors[known].waits;
        buffer_add(to, buffer_str(&call));
        if (seconds > 0)
            buffer_print(to, _("  %lld s"), seconds);
    }
    buffer_finish(&call);
}

// Whether any waits.
static bool look_who_waits(struct loop *loop)
{
    bool any = false;
    for (size_t i = 0; i < loop->board.actor_count; i++)
        buffer_clear(&loop->board.actors[i].waits);
    actors_each(loop->host.session, look_at_actor, loop);
    for (size_t i = 0; i < loop->board.actor_count; i++)
        any = any || loop->board.actors[i].waits.size > 0;
    return any;
}

static void set_status(struct loop *loop)
{
    struct buffer *to = &loop->board.status;
    buffer_clear(to);
    if (loop->asks_step)
        buffer_print(to, _(" go to step: %.*u"), loop->number ? 1 : 0, loop->number);
    else if (loop->wanted > 0)
        buffer_print(to, _(" playing to step %u on fresh sockets …"), loop->wanted);
    else if (loop->status != NULL)
        buffer_print(to, " %s", loop->status);
    else if (loop->held)
        buffer_add_text(to, _(" Held. Space goes on, any other key shows the next line."));
    if (loop->pace != PACE && !loop->asks_step)
        buffer_print(to, _("   pace %u.%02u"), loop->pace / PACE, loop->pace % PACE * 100 / PACE);
}

bool loop_draw(struct loop *loop)
{
    struct edit_size size = play_screen_size();
    struct buffer frame = {0};
    bool any = look_who_waits(loop);
    set_status(loop);
    loop->board.projector = atomic_load(&loop->host.session->projector);
    met_want_notes(loop->taken || board_width(&loop->board, size.columns) >= NOTES_FROM);
    board_show(&loop->board, size.columns, size.rows, &frame);
    play_screen_show(buffer_str(&frame));
    buffer_finish(&frame);
    return any || loop->board.packets; // which come by themselves
}

// --- what comes by itself ------------------------------------------------------------------------

// A message was taken, by us or by the prompt.
static void hear_message(const struct message *message)
{
    static const enum board_kind kinds[] = {[MESSAGE_TEXT] = BOARD_VALUE,
                                            [MESSAGE_STYLED] = BOARD_VALUE,
                                            [MESSAGE_REPORT] = BOARD_ERROR,
                                            [MESSAGE_TRACE] = BOARD_TRACE};
    struct loop *loop = heard;
    struct str text = buffer_str(&message->text);
    if (message->kind == MESSAGE_CLEAR) {
        board_clear(&loop->board);
        return;
    }
    if (message->kind == MESSAGE_DONE || message->actor[0] == '\0')
        return;
    size_t actor = board_actor(&loop->board, str_from(message->actor));
    if (message->kind == MESSAGE_MET) {
        struct meeting meeting = met_read(text);
        board_meet(&loop->board, actor, meeting.from, meeting.label, meeting.count);
    } else {
        struct buffer plain = {0};
        look_strip(text, &plain);
        board_add(&loop->board, kinds[message->kind], actor, buffer_str(&plain));
        buffer_finish(&plain);
    }
}

// The actor whose line it is, or who acted last of those that wait.
static struct actor *find_waiting(struct loop *loop)
{
    struct actor *found = actor_find(loop->host.session, loop->acts);
    if (found != NULL && wait_is_waiting(&found->waiter))
        return found;
    if (found != NULL)
        actor_release(found);
    const struct board_actor *latest = NULL;
    for (size_t i = 0; i < loop->board.actor_count; i++) {
        const struct board_actor *one = &loop->board.actors[i];
        if (one->waits.size > 0 && (latest == NULL || one->acted > latest->acted))
            latest = one;
    }
    return latest ? actor_find(loop->host.session, str_from(latest->name)) : NULL;
}

// Ctrl-C ends the call that waits.
static void interrupt(struct loop *loop)
{
    struct actor *actor = find_waiting(loop);
    if (actor == NULL)
        return;
    wait_interrupt(&actor->waiter);
    actor_release(actor);
}

// Ctrl-Z is the shell's job control.
static void stop_for_shell(void)
{
    play_screen_leave(false);
    shell_suspend();
    play_screen_enter();
}

static void hear_signals(struct loop *loop)
{
    struct signalfd_siginfo info;
    while (read(loop->host.signals, &info, sizeof info) == sizeof info) {
        if (info.ssi_signo == SIGINT)
            interrupt(loop);
        else if (info.ssi_signo == SIGWINCH)
            play_screen_forget();
        else if (info.ssi_signo == SIGTSTP)
            stop_for_shell();
        else
            atomic_store(&loop->host.session->signalled, (int)info.ssi_signo);
    }
}

bool loop_hear(struct loop *loop)
{
    int key;
    size_t width = board_width(&loop->board, play_screen_size().columns);
    met_want_notes(loop->taken || width >= NOTES_FROM);
    hear_signals(loop);
    messages_free(messages_take(loop->host.messages));
    passing_look(&loop->board);
    while (loop->key_count < LOOP_KEYS && (key = play_screen_key()) != KEY_NONE) {
        loop->keys[loop->key_count++] = key;
        if (key == KEY_GONE)
            break;
    }
    if (atomic_load(&loop->host.session->signalled) || atomic_load(&loop->host.session->quitting))
        loop->leave = LEAVE_END;
    return loop->quiet ? false : loop_draw(loop);
}

// --- keys ----------------------------------------------------------------------------------------

static int take_key(struct loop *loop)
{
    if (loop->key_count == 0)
        return KEY_NONE;
    int key = loop->keys[0];
    loop->key_count--;
    memmove(loop->keys, loop->keys + 1, loop->key_count * sizeof *loop->keys);
    return key;
}

// Begins again at a step: in a new process, on a fresh network.
static void go_to(struct loop *loop, unsigned step)
{
    loop->wanted = step < 1 ? 1 : step;
    loop->leave = LEAVE_END;
}

// The number behind `g`.
static void act_on_number(struct loop *loop, int key)
{
    if (key >= '0' && key <= '9' && loop->number < 100) {
        loop->number = loop->number * 10 + (unsigned)(key - '0');
    } else if (key == 0x7F || key == '\b') {
        loop->number /= 10;
    } else {
        loop->asks_step = false;
        bool entered = key == '\r' || key == '\n';
        if (entered && loop->number >= 1 && loop->number <= loop->board.steps)
            go_to(loop, loop->number);
    }
}

static void set_pace(struct loop *loop, bool faster)
{
    if (faster && loop->pace < PACE_MOST)
        loop->pace *= 2;
    else if (!faster && loop->pace > PACE_LEAST)
        loop->pace /= 2;
}

static void scroll(struct loop *loop, int rows)
{
    size_t back = rows < 0 ? (size_t)-rows : 0;
    if (back > loop->board.scrolled)
        loop->board.scrolled = 0;
    else
        loop->board.scrolled = loop->board.scrolled - back + (rows > 0 ? (size_t)rows : 0);
}

// Space holds, and goes on. Returns whether it goes on.
static bool hold(struct loop *loop, bool vote)
{
    if (vote)
        return true;
    loop->held = !loop->held;
    return !loop->held;
}

void loop_merge_keys(struct loop *loop)
{
    while (loop->key_count > 1 &&
           loop->keys[loop->key_count - 1] == loop->keys[loop->key_count - 2])
        loop->key_count--;
}

static bool ends_show(int key)
{
    return key == 'q' || key == '\004' || key == KEY_GONE;
}

bool loop_is_to_end(const struct loop *loop)
{
    bool found = false;
    if (loop->board.lists_keys || loop->asks_step)
        return false;
    for (size_t i = 0; i < loop->key_count; i++)
        found = found || ends_show(loop->keys[i]) || loop->keys[i] == 'b' || loop->keys[i] == 'r';
    return found;
}

// Returns whether the show is to go on at once.
static bool act_on(struct loop *loop, int key, bool vote)
{
    static const struct {
        int key, rows;
    } scrolls[] = {{KEY_UP, -1}, {KEY_DOWN, 1}, {KEY_PAGE_UP, -5}, {KEY_PAGE_DOWN, 5}};
    for (size_t i = 0; i < sizeof scrolls / sizeof *scrolls; i++) {
        if (scrolls[i].key == key) {
            scroll(loop, scrolls[i].rows);
            return false;
        }
    }
    if (key == ' ')
        return hold(loop, vote);
    if (key == '\t')
        loop->leave = LEAVE_TAKEN;
    else if (ends_show(key))
        loop->leave = LEAVE_END;
    else if (key == 'b')
        go_to(loop, loop->board.step - 1);
    else if (key == 'r')
        go_to(loop, loop->board.step);
    else if (key == '+' || key == '=' || key == '-')
        set_pace(loop, key != '-');
    else if (key == 'h' || key == '?')
        loop->board.lists_keys = true;
    else if (key == 'g')
        loop->asks_step = true, loop->number = 0;
    else
        return true;
    return false;
}

// The same where a key may have another meaning for the moment.
static bool act_on_next(struct loop *loop, bool vote)
{
    int key = take_key(loop);
    if (key == KEY_NONE)
        return false;
    if (loop->board.lists_keys) {
        loop->board.lists_keys = false;
        return false;
    }
    if (loop->asks_step) {
        act_on_number(loop, key);
        return false;
    }
    loop->stepped = act_on(loop, key, vote) && key != ' ';
    return loop->stepped || (key == ' ' && (vote || !loop->held));
}

// --- time ----------------------------------------------------------------------------------------

static long long now_ms(void)
{
    return clock_now(CLOCK_MONOTONIC) / 1000000;
}

void loop_settle(struct loop *loop)
{
    long long end = now_ms() + SETTLE;
    passing_look(&loop->board);
    while (passing_is_under_way() && now_ms() < end) {
        poll(NULL, 0, SETTLE_LOOK); // keys and messages wait meanwhile
        passing_look(&loop->board);
    }
    passing_settle(&loop->board);
}

bool loop_wait(struct loop *loop, long long milliseconds)
{
    bool vote = milliseconds == LOOP_FOREVER;
    long long begin = now_ms();
    loop->stepped = false;
    for (;;) {
        bool changes = loop_hear(loop);
        while (loop->key_count > 0 && loop->leave == LEAVE_NOT) {
            bool goes_on = act_on_next(loop, vote);
            changes = loop_draw(loop);
            if (goes_on)
                return true;
        }
        if (loop->leave != LEAVE_NOT)
            return false;
        long long rest = begin + milliseconds * PACE / loop->pace - now_ms();
        bool waits = loop->held || vote || loop->asks_step || loop->board.lists_keys;
        if (!waits && rest <= 0)
            return true;
        int most = changes ? TICK : waits ? -1 : (int)rest;
        struct pollfd one = {loop->watched, POLLIN, 0};
        poll(&one, 1, !waits && rest < most ? (int)rest : most);
    }
}

// --- begin and end -------------------------------------------------------------------------------

static void watch(const struct loop *loop, int fd)
{
    struct epoll_event event = {.events = EPOLLIN};
    epoll_ctl(loop->watched, EPOLL_CTL_ADD, fd, &event);
}

void loop_start(struct loop *loop)
{
    heard = loop;
    loop->pace = loop->pace ? loop->pace : PACE;
    loop->host.messages->seen = hear_message;
    handles_lock();
    loop->watched = handle_hide(epoll_create1(EPOLL_CLOEXEC));
    handles_unlock();
    watch(loop, fileno(loop->host.more.in));
    watch(loop, loop->host.signals);
    watch(loop, loop->host.messages->event);
    play_screen_start(loop->host.more.in, loop->host.more.out);
}

void loop_finish(struct loop *loop)
{
    loop->host.messages->seen = NULL;
    board_finish(&loop->board);
    close(loop->watched);
}
