// lead: reading the words, finding the lesson, and its processes.

#include "ui/lead.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/folder.h"
#include "base/language.h"
#include "base/message.h"
#include "commands/lessons.h"
#include "lesson/find.h"
#include "lesson/progress.h"
#include "net/confine.h"
#include "ui/cast.h"
#include "ui/lesson_guide.h"
#include "ui/play.h"
#include "ui/play_screen.h"
#include "ui/prompt.h"
#include "ui/script.h"

// Shared by the parent and its child: what is to be played next.
struct course {
    char path[PATH_MAX];   // of the lesson's file
    char record[PATH_MAX]; // of the recording; empty for none
    char scratch[64];      // a folder in /tmp, for who has no other; empty while there is none
    char name[64];
    unsigned step; // from 1, where to begin; 0: where the learner was
    bool host, online, inside;
    bool again; // set by the child: another one is wanted
    bool held;  // as it was played last
    unsigned pace;
};

static struct course *course;
static enum color color;
static struct venue venue;

// --- words ---------------------------------------------------------------------------------------

// Ends the program with a message; `word` goes into the format.
static _Noreturn void refuse(const char *format, const char *word)
{
    fprintf(stderr, "socksh: ");
    fprintf(stderr, format, word);
    fputc('\n', stderr);
    exit(STATUS_MISTAKE);
}

// A file that a teacher has written, or a lesson that is found by its name or number.
static bool choose(struct course *to, const char *word)
{
    struct found_list list = {0};
    struct buffer path = {0};
    struct str text = str_from(word);
    bool good = false;
    if (str_ends(text, STR(".md")) && realpath(word, to->path) != NULL) {
        snprintf(to->name, sizeof to->name, "%s",
                 strrchr(word, '/') ? strrchr(word, '/') + 1 : word);
        return true;
    }
    find_lessons(&list, NULL);
    const struct found *found = find_lesson(&list, text);
    if (found != NULL && find_file(found, &path) && path.size < sizeof to->path) {
        snprintf(to->path, sizeof to->path, "%s", buffer_text(&path));
        snprintf(to->name, sizeof to->name, "%s", found->name);
        good = true;
    }
    buffer_finish(&path);
    found_finish(&list);
    return good;
}

// The first lesson that is not finished.
static bool choose_next(struct course *to)
{
    struct found_list list = {0};
    bool good = false;
    find_lessons(&list, NULL);
    for (size_t i = 0; i < list.count && !good; i++) {
        struct progress_state state;
        progress_of(str_from(list.items[i].name), &state);
        if (!state.finished)
            good = choose(to, list.items[i].name);
    }
    if (!good && list.count > 0)
        good = choose(to, list.items[0].name);
    found_finish(&list);
    return good;
}

static unsigned read_step(const char *word)
{
    uint64_t step = 0;
    if (!str_to_number(str_from(word), PROGRESS_STEPS, &step) || step == 0)
        refuse(_("--at %s: a step is a number from 1 on"), word);
    return (unsigned)step;
}

static void read_words(struct course *to, char **words, int count)
{
    const char *lesson = NULL;
    for (int i = 0; i < count; i++) {
        if (strcmp(words[i], "--host") == 0)
            to->host = true;
        else if (strcmp(words[i], "--online") == 0)
            to->online = to->host = true; // the way out is the computer's own
        else if (strcmp(words[i], "--inside") == 0)
            to->inside = true; // said by the prompt, and so in no list of options
        else if (strcmp(words[i], "--at") == 0 && i + 1 < count)
            to->step = read_step(words[++i]);
        else if (strcmp(words[i], "--record") == 0 && i + 1 < count)
            snprintf(to->record, sizeof to->record, "%s", words[++i]);
        else if (words[i][0] == '-' || lesson != NULL)
            refuse(_("one lesson is wanted, with --host, --online, --at STEP or --record FILE; "
                     "\"%s\" is none of these"),
                   words[i]);
        else
            lesson = words[i];
    }
    if (lesson != NULL && choose(to, lesson))
        return;
    if (!choose_next(to))
        refuse("%s", _(lessons_lack));
    if (lesson != NULL)
        refuse(_("there is no lesson \"%s\"; socksh lessons lists them"), lesson);
}

// --- processes -----------------------------------------------------------------------------------

static volatile sig_atomic_t child_to_end; // the child's number, for the handler
static volatile sig_atomic_t ended_by;     // what came; 0 for nothing

// What ends the parent ends the child, which leaves the terminal as it was.
static void pass_on(int signal)
{
    ended_by = signal;
    if (child_to_end > 0)
        kill((pid_t)child_to_end, signal);
}

// Keys are the child's alone.
static void set_signals(void (*of_keys)(int), void (*of_end)(int))
{
    signal(SIGINT, of_keys);
    signal(SIGQUIT, of_keys);
    signal(SIGTSTP, of_keys);
    signal(SIGTERM, of_end);
    signal(SIGHUP, of_end);
}

static int status_of(int status)
{
    return WIFSIGNALED(status) ? STATUS_SIGNAL + WTERMSIG(status) : WEXITSTATUS(status);
}

// Waits for the child's end; is stopped when it is stopped, so that the shell takes over.
static int await(pid_t child)
{
    int status;
    for (;;) {
        if (waitpid(child, &status, WUNTRACED) < 0) {
            if (errno != EINTR)
                return STATUS_FAILED;
        } else if (WIFSTOPPED(status)) {
            // As the key would, so that a prompt that waits for us takes notice as well.
            signal(SIGTSTP, SIG_DFL);
            raise(SIGTSTP);
            signal(SIGTSTP, SIG_IGN);
            kill(child, SIGCONT);
        } else {
            return status_of(status);
        }
    }
}

// Ends the program, and what was recorded.
static _Noreturn void end(int status)
{
    if (course->scratch[0] != '\0')
        venue_remove(course->scratch);
    if (cast_is_on() && !cast_close())
        refuse(_("the recording is not whole: %s"), strerror(errno));
    exit(status);
}

// Returns in the child. The parent starts another one as long as one is wanted.
static void fork_until_done(void)
{
    pid_t parent = getpid();
    struct termios usual;
    bool is_known = tcgetattr(STDIN_FILENO, &usual) == 0;
    for (;;) {
        course->again = false;
        pid_t child = cast_is_on() ? cast_fork() : fork();
        if (child < 0)
            refuse(_("no process for the lesson: %s"), strerror(errno));
        if (child == 0) {
            set_signals(SIG_DFL, SIG_DFL);
            prctl(PR_SET_PDEATHSIG, SIGHUP);
            if (getppid() != parent) // it ended before that was said
                exit(STATUS_FAILED);
            return;
        }
        set_signals(SIG_IGN, pass_on);
        child_to_end = child;
        if (ended_by != 0) // it came before there was this child
            kill(child, ended_by);
        int status = cast_is_on() ? status_of(cast_follow(child)) : await(child);
        child_to_end = 0;
        if (is_known) // a child that was killed has left it as its editor wanted it
            tcsetattr(STDIN_FILENO, TCSADRAIN, &usual);
        if (!course->again || ended_by != 0)
            end(status);
    }
}

void lead_color(enum color wanted)
{
    color = wanted;
}

void lead_begin(char **words, int count)
{
    // Not freed: it is there as long as either process.
    course = mmap(NULL, sizeof *course, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (course == MAP_FAILED)
        refuse(_("no memory for the lesson: %s"), strerror(errno));
    read_words(course, words, count);
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
        refuse("%s", _("a lesson wants a terminal; socksh check runs it without one"));
    if (course->record[0] != '\0' && !cast_open(course->record))
        refuse(_("the recording cannot be written: %s"), strerror(errno));
    fork_until_done();
    venue_begin(&venue, course->host, course->online);
    confine_limits();
}

// --- the lesson ----------------------------------------------------------------------------------

// Appends the folder for the lesson's files, in one that is there and can be written in. In /tmp it
// is a new one, since anybody may have made one of a name that can be foretold; who begins at
// another step has it again, and the parent removes it.
static void find_scratch(struct buffer *path)
{
    bool named = folder_find("XDG_STATE_HOME", ".local/state", path);
    if (named) {
        buffer_add_text(path, "/files");
        folder_make(path);
        named = access(buffer_text(path), W_OK) == 0;
    }
    if (named) {
        buffer_print(path, "/%s", course->name);
        return;
    }
    buffer_clear(path);
    if (course->scratch[0] == '\0' && venue_make(path))
        snprintf(course->scratch, sizeof course->scratch, "%s", buffer_text(path));
    else
        buffer_add_text(path, course->scratch);
}

// Where the learner was, unless a step was named; a class begins at the beginning.
static unsigned first_step(const struct lesson *lesson, bool resumes)
{
    struct progress_state state = {0};
    if (resumes)
        progress_of(lesson->name, &state);
    unsigned step = course->step > 0 ? course->step : state.step;
    return step < 1 ? 1 : step > lesson->count ? (unsigned)lesson->count : step;
}

// Leads through the lesson and notes what comes next.
static int lead(struct lesson *lesson, const char *folder,
                const struct guide *(*guide)(struct plan *plan))
{
    struct plan plan = {
        .lesson = lesson,
        .venue = &venue,
        .first = first_step(lesson, guide == lesson_guide),
        .inside = course->inside,
        .folder = folder,
        .held = course->held,
        .pace = course->pace,
    };
    int status = prompt_run(
        &(struct prompt_options){.color = color, .no_init = true, .guide = guide(&plan)});
    course->again = plan.next_step > 0;
    course->step = plan.next_step;
    course->held = plan.held;
    course->pace = plan.pace;
    if (plan.next_lesson[0] != '\0') {
        course->again = choose(course, plan.next_lesson);
        course->step = 0;
    }
    return status;
}

static int run(const struct guide *(*guide)(struct plan *plan))
{
    struct lesson lesson;
    struct lesson_mistake mistake;
    struct buffer folder = {0};
    int status = STATUS_MISTAKE;
    progress_open();
    find_scratch(&folder);
    if (!venue_read(&venue, course->path, &lesson, &mistake))
        fprintf(stderr, "%s:%u: %s\n", course->path, mistake.line, mistake.text);
    else if (!venue_enter(buffer_text(&folder), &lesson))
        fprintf(stderr, _("socksh: no folder for the lesson's files, %s: %s\n"),
                buffer_text(&folder), strerror(errno));
    else
        status = lead(&lesson, buffer_text(&folder), guide);
    lesson_finish(&lesson);
    buffer_finish(&folder);
    progress_close();
    return status;
}

void play_begin(char **words, int count)
{
    if (!play_screen_is_able())
        refuse("%s", _("play wants a terminal that can move its cursor; TERM does not say so"));
    lead_begin(words, count);
}

int learn_run(char **words, int count)
{
    (void)words, (void)count; // lead_begin() has read them
    return run(lesson_guide);
}

int play_run(char **words, int count)
{
    (void)words, (void)count;
    return run(play_guide);
}
