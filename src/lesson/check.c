// check: one process a script, a lesson in one language, or an answer; a few at a time.

#include "lesson/check.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/message.h"
#include "commands/lessons.h"
#include "lesson/answers.h"
#include "lesson/find.h"
#include "lesson/judge.h"
#include "lesson/junit.h"
#include "lesson/rehearse.h"
#include "lesson/venue.h"
#include "net/network.h"

// Seconds that one file may take. Steps have limits of their own (judge.c, stage.h); these are for
// a script that computes without end, and for a lesson with one slow step after the other.
enum { SCRIPT_LIMIT = 120, LESSON_LIMIT = 30 };

// One file, or one answer to a task of a lesson, and its process.
struct run {
    char *file;      // owned
    unsigned answer; // from 1; 0 for the whole of the file
    char *folder;    // for a lesson's files; owned; NULL before it is started
    FILE *output;    // what its process prints, without a name; NULL where that could not be opened
    pid_t process;   // 0 when it could not be started
    time_t started;  // seconds of CLOCK_MONOTONIC
    bool ended;      // `status` says how, as waitpid(2) gave it
    bool late;       // it was killed for running longer than it may
    int status;
};

// The whole run. Runs are started, and printed, in the order of the files: first all that are
// printed, then those that wait for their turn or still run, then those not started.
struct check {
    struct run *runs;
    size_t count, started, printed; // runs in all, started so far, printed so far
    unsigned tests, failures;       // results printed so far, and how many of them were "not ok"
    struct buffer junit;            // the same results as XML
    const char *junit_file;         // where that goes; NULL for nowhere
    long at_once;                   // processes that may run at a time
    size_t capacity;                // of runs
    bool host;                      // lessons use the host's network
    bool answers;                   // the answers beside lessons are tried, too
};

static const char *const lesson_languages[] = {"en", "zh"};

static bool is_lesson(const char *file)
{
    return str_ends(str_from(file), STR(".md"));
}

static int limit_of(const struct run *run)
{
    return is_lesson(run->file) ? LESSON_LIMIT : SCRIPT_LIMIT;
}

// --- processes -----------------------------------------------------------------------------------

// Of a clock that nobody sets.
static time_t seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec;
}

// Makes the folder for a lesson's files here and not in its process, which may be killed.
static bool make_folder(struct run *run)
{
    struct buffer folder = {0};
    bool good = venue_make(&folder);
    if (good)
        run->folder = mem_copy(buffer_str(&folder));
    buffer_finish(&folder);
    return good;
}

// Starts oneself again with these words, with signals as a program expects them and nothing to
// read: several that read one terminal would take each other's lines. 0 or an errno.
static int spawn(struct run *run, char **words)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, fileno(run->output), STDOUT_FILENO);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    int error = posix_spawn(&run->process, "/proc/self/exe", &actions, &attributes, words, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    run->started = seconds();
    return error;
}

// Starts the process of one file. 0 or an errno.
static int start(const struct check *check, struct run *run)
{
    char answer[16];
    char *words[11] = {"socksh"};
    size_t count = 1;
    // A script gets a network of its own when we were given one: it counts as such only in there.
    if (network_is_own() && !is_lesson(run->file))
        words[count++] = "--sandbox";
    words[count++] = "check";
    words[count++] = "--alone";
    words[count++] = run->file;
    // A file and no pipe: nobody reads before the process has ended, and a pipe holds 64 KiB.
    // pipe(7)
    run->output = tmpfile();
    if (run->output == NULL || (is_lesson(run->file) && !make_folder(run)))
        return errno;
    if (run->folder != NULL) {
        words[count++] = "--folder";
        words[count++] = run->folder;
    }
    if (check->host && is_lesson(run->file))
        words[count++] = "--host";
    if (run->answer > 0) {
        snprintf(answer, sizeof answer, "%u", run->answer);
        words[count++] = "--answer";
        words[count++] = answer;
    }
    return spawn(run, words);
}

// What is left of one whose process has ended.
static void clean_up(struct run *run)
{
    if (run->folder != NULL)
        venue_remove(run->folder);
    free(run->folder);
    run->folder = NULL;
}

// Takes the status of every child that has ended. Others than ours there are none.
static void reap(struct check *check)
{
    int status;
    for (pid_t process; (process = waitpid(-1, &status, WNOHANG)) > 0;) {
        for (size_t i = 0; i < check->started; i++) {
            if (check->runs[i].process == process) {
                check->runs[i].ended = true;
                check->runs[i].status = status;
                clean_up(&check->runs[i]);
            }
        }
    }
}

// Ends files that take too long. Returns how many are still running.
static long look_after(struct check *check)
{
    long running = 0;
    for (size_t i = 0; i < check->started; i++) {
        struct run *run = &check->runs[i];
        if (run->ended)
            continue;
        running++;
        if (!run->late && seconds() - run->started > limit_of(run)) {
            run->late = true;
            kill(run->process, SIGKILL);
        }
    }
    return running;
}

// --- results -------------------------------------------------------------------------------------

// One result, numbered through all files. `why` is empty or whole lines that begin with "#".
static void print_test(struct check *check, struct run *run, bool good, struct str name,
                       struct str why)
{
    printf("%s %u - %.*s\n", good ? "ok" : "not ok", ++check->tests, STR_ARG(name));
    printf("%.*s", STR_ARG(why));
    check->failures += good ? 0 : 1;
    if (check->junit_file)
        junit_case(str_from(run->file), name, good ? (struct str){0} : why, &check->junit);
}

// Reads all that the process printed, and closes the file. The result is borrowed from `text`.
static struct str read_output(struct run *run, struct buffer *text)
{
    char chunk[4096];
    size_t size;
    if (run->output == NULL) // it was never started
        return (struct str){0};
    rewind(run->output);
    while ((size = fread(chunk, 1, sizeof chunk, run->output)) > 0)
        buffer_add(text, (struct str){chunk, size});
    fclose(run->output);
    return buffer_str(text);
}

// Lines that explain the result before them.
static struct str take_why(struct str *rest)
{
    struct str why = {rest->data, 0};
    while (rest->size > 0 && rest->data[0] == '#') {
        struct str line = str_take_line(rest);
        // The lines stand one behind the other, so that the whole is one slice.
        why.size += line.size + (line.data[line.size] == '\n' ? 1 : 0);
    }
    return why;
}

// Whether what the process printed and how it ended say the same: all held, and its script ran to
// the end, or something did not hold.
static bool is_told(const struct run *run, bool reached_end, bool any_failed)
{
    if (run->late || !WIFEXITED(run->status) || WEXITSTATUS(run->status) > 2)
        return false;
    return WEXITSTATUS(run->status) == 0 ? reached_end && !any_failed : any_failed;
}

// A process that ended before its last result would else go unseen: that is a failure of its own.
static void print_end(struct check *check, struct run *run)
{
    struct buffer name = {0}, why = {0};
    buffer_print(&name, _("%s: its process ends well"), run->file);
    if (run->late)
        buffer_print(&why, _("# it ran for more than %d s and was ended\n"), limit_of(run));
    else if (WIFSIGNALED(run->status))
        buffer_print(&why, _("# it was ended by signal %d\n"), WTERMSIG(run->status));
    else
        buffer_print(&why, _("# its exit status was %d, and its results do not say why\n"),
                     WEXITSTATUS(run->status));
    print_test(check, run, false, buffer_str(&name), buffer_str(&why));
    buffer_finish(&name);
    buffer_finish(&why);
}

// What one process said, numbered; lines that are no results (output of its own) are dropped.
static void print_run(struct check *check, struct run *run)
{
    struct buffer text = {0};
    struct str rest = read_output(run, &text);
    unsigned failures = check->failures;
    bool reached_end = false;
    while (rest.size > 0) {
        struct str line = str_take_line(&rest);
        if (str_starts(line, STR("ok - ")))
            print_test(check, run, true, str_slice(line, 5, line.size), (struct str){0});
        else if (str_starts(line, STR("not ok - ")))
            print_test(check, run, false, str_slice(line, 9, line.size), take_why(&rest));
        else if (str_starts(line, STR("#"))) // about the whole of it
            printf("%.*s\n", STR_ARG(line));
        reached_end = reached_end || str_ends(line, STR(": " JUDGE_END));
    }
    if (!is_told(run, reached_end, check->failures > failures))
        print_end(check, run);
    buffer_finish(&text);
}

// Those whose turn it is: in the order of the files, however they end.
static void print_ended(struct check *check)
{
    while (check->printed < check->started && check->runs[check->printed].ended)
        print_run(check, &check->runs[check->printed++]);
    fflush(stdout);
}

// --- all files -----------------------------------------------------------------------------------

// Starts those whose turn it is.
static void start_some(struct check *check)
{
    while (check->started < check->count && look_after(check) < check->at_once) {
        struct run *run = &check->runs[check->started++];
        int error = start(check, run);
        if (error != 0) {
            fprintf(stderr, _("socksh: cannot start a process for %s: %s\n"), run->file,
                    strerror(error));
            run->ended = true;
            run->status = W_EXITCODE(127, 0);
            clean_up(run);
        }
    }
}

// Somebody ends the run: with it all processes, and what they would leave. Does not return.
static void give_up(struct check *check, int signal)
{
    for (size_t i = 0; i < check->started; i++) {
        struct run *run = &check->runs[i];
        if (run->ended)
            continue;
        kill(run->process, SIGKILL);
        waitpid(run->process, NULL, 0);
        clean_up(run);
    }
    sigset_t one;
    sigemptyset(&one);
    sigaddset(&one, signal);
    raise(signal);
    sigprocmask(SIG_UNBLOCK, &one, NULL);
    _exit(128 + signal);
}

// Starts as many as may run, sleeps until a child ends, prints what can be printed; until all are
// printed.
static void run_all(struct check *check)
{
    sigset_t wanted;
    struct timespec second = {1, 0};
    sigemptyset(&wanted);
    sigaddset(&wanted, SIGCHLD);
    sigaddset(&wanted, SIGINT);
    sigaddset(&wanted, SIGTERM);
    sigaddset(&wanted, SIGHUP);
    // A blocked signal stays pending: a child that ends before sigtimedwait() is not missed.
    sigprocmask(SIG_BLOCK, &wanted, NULL);
    while (check->printed < check->count) {
        start_some(check);
        // Until a child has ended, or it is time to look for late ones.
        int signal = sigtimedwait(&wanted, NULL, &second);
        if (signal > 0 && signal != SIGCHLD)
            give_up(check, signal);
        reap(check);
        look_after(check);
        print_ended(check);
    }
}

static void forget(struct check *check)
{
    buffer_finish(&check->junit);
    for (size_t i = 0; i < check->count; i++)
        free(check->runs[i].file);
    free(check->runs);
}

// The plan comes last, since only now the number of results is known. Returns the exit status.
static int finish(struct check *check)
{
    int status = check->failures > 0;
    printf("1..%u\n", check->tests);
    if (check->junit_file &&
        !junit_write(check->junit_file, check->tests, check->failures, buffer_str(&check->junit))) {
        fprintf(stderr, _("socksh: cannot write %s: %s\n"), check->junit_file, strerror(errno));
        status = 1;
    }
    forget(check);
    return status;
}

// --- what to check -------------------------------------------------------------------------------

static void add_run(struct check *check, const char *file, unsigned answer)
{
    check->runs = mem_grow(check->runs, check->count, &check->capacity, sizeof *check->runs);
    check->runs[check->count++] = (struct run){.file = mem_copy(str_from(file)), .answer = answer};
}

// One run an answer. A file that does not read has one, which says so.
static void add_answers(struct check *check, const char *lesson, const char *file)
{
    struct answers answers;
    struct lesson_mistake mistake;
    bool good = answers_read(file, &answers, &mistake);
    for (unsigned i = 1; i <= answers.count || (!good && i == 1); i++)
        add_run(check, lesson, i);
    answers_finish(&answers);
}

// A lesson's folder: each language, and the answers to one of them. False when it is none.
static bool add_lesson(struct check *check, const char *folder)
{
    char file[PATH_MAX], answers[PATH_MAX];
    size_t before = check->count;
    snprintf(answers, sizeof answers, "%s/answers.md", folder);
    for (size_t i = 0; i < sizeof lesson_languages / sizeof *lesson_languages; i++) {
        snprintf(file, sizeof file, "%s/%s.md", folder, lesson_languages[i]);
        if (access(file, F_OK) != 0)
            continue;
        add_run(check, file, 0);
        if (i == 0 && check->answers && access(answers, F_OK) == 0)
            add_answers(check, file, answers);
    }
    return check->count > before;
}

// Every lesson that is found, or those in a folder of lessons. False when there is none.
static bool add_lessons(struct check *check, const char *folder)
{
    struct found_list list = {0};
    find_lessons(&list, folder);
    for (size_t i = 0; i < list.count; i++)
        add_lesson(check, list.items[i].folder);
    bool any = list.count > 0;
    found_finish(&list);
    return any;
}

// A folder, a file, or what a lesson is called. False after saying that it is a folder without any.
static bool add_word(struct check *check, const char *word)
{
    struct found_list list = {0};
    struct stat facts;
    bool there = stat(word, &facts) == 0;
    if (there && S_ISDIR(facts.st_mode)) {
        if (add_lesson(check, word) || add_lessons(check, word))
            return true;
        fprintf(stderr, _("socksh: no lessons are in %s\n"), word);
        return false;
    }
    const struct found *named =
        !there && find_lessons(&list, NULL) ? find_lesson(&list, str_from(word)) : NULL;
    if (named == NULL || !add_lesson(check, named->folder))
        add_run(check, word, 0); // which says what is wrong with it
    found_finish(&list);
    return true;
}

// Reads the option that the words begin with. Returns how many of them it takes; 0 after saying
// what is wrong.
static int read_option(struct check *check, char **words, int count)
{
    const char *word = words[0];
    if (strcmp(word, "--host") == 0) {
        check->host = true;
        return 1;
    }
    if (strcmp(word, "--answers") == 0) {
        check->answers = true;
        return 1;
    }
    if (strcmp(word, "--junit") == 0 && count > 1) {
        check->junit_file = words[1];
        return 2;
    }
    if (strcmp(word, "--junit") == 0)
        fprintf(stderr, _("socksh: \"%s\" wants a file to write; try: socksh check --help\n"),
                word);
    else
        fprintf(stderr, _("socksh: check has no option \"%s\"; try: socksh check --help\n"), word);
    return 0;
}

// Reads the words and makes the list of runs; options may stand among them. False after saying what
// is wrong.
static bool read_words(struct check *check, char **words, int count)
{
    int named = 0, took = 1;
    for (int i = 0; i < count; i += took) {
        took = 1;
        if (words[i][0] != '-')
            words[named++] = words[i];
        else if ((took = read_option(check, words + i, count - i)) == 0)
            return false;
    }
    for (int i = 0; i < named; i++)
        if (!add_word(check, words[i]))
            return false;
    if (named == 0 && !add_lessons(check, NULL)) {
        fprintf(stderr, "socksh: %s\n", _(lessons_lack));
        return false;
    }
    return true;
}

static bool asks_for_help(char **words, int count)
{
    for (int i = 0; i < count; i++)
        if (strcmp(words[i], "--help") == 0 || strcmp(words[i], "-h") == 0)
            return true;
    return false;
}

static int print_help(void)
{
    fputs(_("usage: socksh check [OPTION…] [WORD…]\n"
            "A WORD is a script, a lesson's file, name or number, or a folder of lessons.\n"
            "Without one, every lesson is run. Prints TAP; status 0 when all is as expected.\n"
            "  --answers     try the right answers and near misses beside lessons, too\n"
            "  --host        run lessons on the computer's own network\n"
            "  --junit FILE  write the results there as well\n"),
          stdout);
    return 0;
}

// A process with a second thread, as a sanitizer may make one before main(), enters no network.
// setns(2). A folder a thread, each of which is a link of the one that it is in: proc(5).
static bool has_one_thread(void)
{
    struct stat tasks;
    return stat("/proc/self/task", &tasks) < 0 || tasks.st_nlink == 3;
}

// How many processes may run at a time. Lessons on the host's network share its ports; those in
// networks of their own sleep more than they compute.
static long how_many(const struct check *check)
{
    char why[200];
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    for (size_t i = 0; i < check->count; i++)
        if (is_lesson(check->runs[i].file))
            return !check->host && has_one_thread() && network_allowed(why, sizeof why)
                       ? 2 * processors
                       : 1;
    return processors;
}

// --- one process ---------------------------------------------------------------------------------

static struct rehearsal rehearsal; // what a process that was started for one lesson does

void check_begin(char **words, int count)
{
    if (count > 1 && strcmp(words[0], "--alone") == 0 && is_lesson(words[1]) &&
        rehearse_read(words + 1, count - 1, &rehearsal))
        rehearse_begin(&rehearsal);
}

int check_main(char **words, int count)
{
    struct check check = {0};
    if (rehearsal.path != NULL)
        return rehearse_run(&rehearsal);
    if (count == 2 && strcmp(words[0], "--alone") == 0)
        return judge_run(words[1]);
    if (asks_for_help(words, count))
        return print_help();
    if (!read_words(&check, words, count)) {
        forget(&check);
        return 2;
    }
    check.at_once = how_many(&check);
    puts("TAP version 13");
    run_all(&check);
    return finish(&check);
}
