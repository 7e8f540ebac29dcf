// watch: draws when the files of running lessons change, and sleeps otherwise.

#include "ui/watch.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "base/language.h"
#include "base/message.h"
#include "lesson/running.h"
#include "lesson/view.h"
#include "net/wait.h"
#include "ui/ask.h"
#include "ui/edit_terminal.h"
#include "ui/output.h"
#include "ui/page.h"
#include "ui/screen.h"
#include "ui/script.h"
#include "ui/watch_live.h"

enum { PATIENCE = 2000 }; // milliseconds: a lesson that begins anew has a new process soon

// What stands on the screen.
struct shown {
    struct running running; // process 0 before anything is shown
    struct buffer notes;
};

// A terminal is wiped first; elsewhere one step follows the other.
static void draw(const struct running *running, struct str notes)
{
    if (isatty(STDOUT_FILENO))
        fputs("\033[H\033[2J", stdout); // ECMA-48: cursor home, erase the page
    if (running->step > 0)
        printf(_("%s, step %u of %u\n"), running->lesson, running->step, running->total);
    else
        printf("%s\n", running->lesson);
    putchar('\n');
    struct buffer page = {0};
    page_show(notes.size > 0 ? notes : str_from(_("No notes for this step.")),
              edit_terminal_size(STDOUT_FILENO).columns, &page);
    fwrite(page.data, 1, page.size, stdout);
    buffer_finish(&page);
    fflush(stdout);
}

// Draws what is not on the screen yet.
static void update(struct shown *shown, const struct running *now, struct str notes)
{
    bool same = now->process == shown->running.process && now->step == shown->running.step &&
                strcmp(now->lesson, shown->running.lesson) == 0 &&
                str_equal(notes, buffer_str(&shown->notes));
    if (same)
        return;
    draw(now, notes);
    shown->running = *now;
    buffer_clear(&shown->notes);
    buffer_add(&shown->notes, notes);
}

// Which of them it was does not matter.
static void take_news(int news)
{
    char events[sizeof(struct inotify_event) * 64];
    while (read(news, events, sizeof events) > 0)
        continue;
}

// Until any lesson changes, or this one has ended.
static void wait_for_news(int news, const struct running *now)
{
    int process = running_open(now);
    if (process < 0 && errno == ESRCH)
        return;
    struct pollfd polls[] = {{news, POLLIN, 0}, {process, POLLIN, 0}};
    poll(polls, 2, -1);
    take_news(news);
    if (process >= 0)
        close(process);
}

// Whether a lesson runs, or one follows soon upon what was shown.
static bool find_next(int news, const struct shown *shown, struct running *now,
                      struct buffer *notes)
{
    struct timespec deadline = wait_deadline(PATIENCE * 1000000LL);
    struct pollfd one = {news, POLLIN, 0};
    bool found;
    while (!(found = running_find(now, notes)) && shown->running.process != 0 &&
           !wait_is_past(&deadline))
        if (poll(&one, 1, PATIENCE) > 0)
            take_news(news);
    return found;
}

// Returns the exit status.
static int watch_notes(void)
{
    struct running now;
    struct buffer notes = {0};
    struct shown shown = {0};
    int news = running_watch(); // first, so that nothing happens unseen
    output_use_ascii(!ask_is_narrow(stdin, stdout));
    if (news < 0) {
        fprintf(stderr, _("socksh: cannot watch: %s\n"), strerror(errno));
        return STATUS_FAILED;
    }
    while (find_next(news, &shown, &now, &notes)) {
        update(&shown, &now, buffer_str(&notes));
        wait_for_news(news, &now);
    }
    close(news);
    buffer_finish(&shown.notes);
    buffer_finish(&notes);
    if (shown.running.process == 0) {
        fputs(_("socksh: no lesson is running\n"), stderr);
        return STATUS_FAILED;
    }
    puts(_("the lesson has ended"));
    return STATUS_DONE;
}

int watch_main(char **words, int count)
{
    static struct session session; // of which the screen asks how things look
    language_start_characters();
    screen_start(stdout, &session, isatty(STDOUT_FILENO) ? COLOR_AUTO : COLOR_NEVER);
    if (count == 1 && strcmp(words[0], "notes") == 0)
        return watch_notes();
    if (count == 1 && view_knows(words[0]))
        return watch_live(words[0]);
    fputs(_("socksh: what can be watched: diagram, handles, notes\n"), stderr);
    return STATUS_MISTAKE;
}
