// record: a guide that leads nowhere, and writes down what is typed.

#include "ui/record.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/message.h"
#include "lang/lexer.h"
#include "lesson/outcome.h"
#include "lesson/transcript.h"
#include "lesson/venue.h"
#include "net/handle.h"
#include "ui/guide.h"
#include "ui/prompt.h"
#include "ui/screen.h"
#include "ui/script.h"

// What a job gave, noted by the actor that ran it.
struct given {
    const struct job *job; // compared only
    char actor[64];
    struct str outcome; // owned
    struct given *next; // that came after it
};

static struct {
    struct transcript transcript;
    int fd;         // the file
    size_t written; // octets of the transcript that are in it
    bool any;       // something was typed
    int error;      // errno of the first write that failed; 0
    struct venue venue;
    pthread_mutex_t lock; // guards the next four: any actor ends and prints
    struct given *first, *last;
    struct buffer printed; // since the last input
    struct sink *shown;    // where output goes besides
    void (*finished)(void *context, struct actor *actor, const struct job *job);
    struct buffer actor, input; // of the input at hand
    struct buffer outcome;
} run = {.lock = PTHREAD_MUTEX_INITIALIZER};

// --- in the threads of actors --------------------------------------------------------------------

// "error EADDRINUSE" alone: the words behind it may change.
static void show_error(struct value error, struct buffer *to)
{
    outcome_show_error(error, to);
    size_t colon = str_find(buffer_str(to), STR(": "), 0);
    if (error.type == TYPE_ERROR && error.error->name != NULL && colon != SIZE_MAX)
        to->size = colon;
}

static void on_finished(void *context, struct actor *actor, const struct job *job)
{
    struct given *given = mem_zero(sizeof *given);
    struct nodes statements = job->block->list;
    struct buffer text = {0};
    const struct node *last = statements.count ? statements.items[statements.count - 1] : NULL;
    given->job = job;
    snprintf(given->actor, sizeof given->actor, "%s", actor->name);
    pthread_mutex_lock(&run.lock);
    if (job->failed && job->failure.error.type != TYPE_UNSET)
        show_error(job->failure.error, &text);
    else if (last != NULL && last->type == NODE_AT && actor->interp.left_waiting == last)
        buffer_add_text(&text, "waits");
    else if (!job->failed && last != NULL)
        transcript_show(&run.transcript, last, job->last, &text);
    given->outcome = (struct str){mem_copy(buffer_str(&text)), text.size};
    if (run.last != NULL)
        run.last->next = given;
    else
        run.first = given;
    run.last = given;
    pthread_mutex_unlock(&run.lock);
    buffer_finish(&text);
    run.finished(context, actor, job);
}

static void on_write(struct sink *sink, enum stream stream, const struct actor *actor,
                     struct str text)
{
    (void)sink;
    if (stream == STREAM_OUTPUT) {
        pthread_mutex_lock(&run.lock);
        buffer_add(&run.printed, text);
        pthread_mutex_unlock(&run.lock);
    }
    run.shown->write(run.shown, stream, actor, text);
}

// --- in the prompt's -----------------------------------------------------------------------------

// The oldest that was noted, or the one of that job; NULL when there is none. The caller frees it.
static struct given *take_given(const struct job *job)
{
    struct given *found = NULL, *before = NULL;
    pthread_mutex_lock(&run.lock);
    for (struct given *given = run.first; given != NULL && found == NULL; given = given->next) {
        if (job == NULL || given->job == job)
            found = given;
        else
            before = given;
    }
    if (found != NULL) {
        *(before ? &before->next : &run.first) = found->next;
        run.last = run.last == found ? before : run.last;
    }
    pthread_mutex_unlock(&run.lock);
    return found;
}

static void free_given(struct given *given)
{
    free((char *)given->outcome.data);
    free(given);
}

// Brings the file up to date: whoever is killed leaves a lesson as far as it went. What is written
// always grows, and so nothing is left of the end that it had.
static void write_on(void)
{
    struct buffer text = {0};
    struct str all = buffer_str(&run.transcript.text);
    buffer_add(&text, str_slice(all, run.written, all.size));
    transcript_show_end(&run.transcript, &text);
    for (size_t done = 0; done < text.size && run.error == 0;) {
        ssize_t size =
            pwrite(run.fd, text.data + done, text.size - done, (off_t)(run.written + done));
        if (size < 0 && errno != EINTR)
            run.error = errno;
        done += size > 0 ? (size_t)size : 0;
    }
    run.written = all.size;
    buffer_finish(&text);
}

static void add(struct str actor, struct str input, struct str outcome, struct str printed)
{
    transcript_add(&run.transcript, actor, input, outcome, printed);
    run.any = true;
    write_on();
}

// What statements gave in the end that had been left waiting.
static void add_left(void)
{
    for (struct given *given; (given = take_given(NULL)) != NULL; free_given(given))
        add(str_from(given->actor), STR(""), given->outcome.size ? given->outcome : STR("done"),
            STR(""));
}

static bool record_start(const struct guide_host *host)
{
    static struct sink sink = {.write = on_write};
    run.shown = host->session->sink;
    host->session->sink = &sink;
    run.finished = host->session->observer.finished;
    host->session->observer.finished = on_finished;
    if (run.venue.why[0] != '\0')
        screen_print_faint(_("on the computer's own network: %s\n"), run.venue.why);
    screen_print_faint("%s\n", _("What you type from here on becomes a lesson, with what comes of "
                                 "it. quit ends it."));
    return true;
}

// "@server listen s": the block is the server's then, and holds what is behind the name. A body in
// braces stays as it is.
static void read_at(struct str *actor, struct str *text)
{
    struct str rest = str_trim(*text, " \t\r\n");
    size_t end = 1;
    if (!str_starts(rest, STR("@")) || str_find(rest, STR("\n"), 0) != SIZE_MAX)
        return;
    while (end < rest.size && is_name_part(rest.data[end]))
        end++;
    struct str body = str_trim(str_slice(rest, end, rest.size), " \t");
    if (body.size == 0 || str_starts(body, STR("{")) || !char_is_one_of(rest.data[end], " \t"))
        return;
    *actor = str_slice(rest, 1, end);
    *text = body;
}

static bool record_runs(struct str actor, struct str text)
{
    add_left();
    read_at(&actor, &text);
    buffer_clear(&run.actor);
    buffer_clear(&run.input);
    buffer_clear(&run.outcome);
    buffer_add(&run.actor, actor);
    buffer_add(&run.input, text);
    pthread_mutex_lock(&run.lock);
    buffer_clear(&run.printed);
    pthread_mutex_unlock(&run.lock);
    return false;
}

static void record_ended(const struct job *job)
{
    struct given *given = take_given(job);
    if (given == NULL)
        return;
    buffer_add(&run.outcome, given->outcome);
    free_given(given);
}

// Tables and help are shown to be looked at; what `print` prints is part of what happens.
static bool prints(struct str input)
{
    return str_find(input, STR("print "), 0) != SIZE_MAX;
}

static void record_ran(bool left)
{
    pthread_mutex_lock(&run.lock);
    struct str printed = prints(buffer_str(&run.input)) ? buffer_str(&run.printed) : STR("");
    add(buffer_str(&run.actor), buffer_str(&run.input),
        left ? STR("waits") : buffer_str(&run.outcome), printed);
    pthread_mutex_unlock(&run.lock);
    add_left();
}

static void record_end(void)
{
    add_left();
}

// --- the file ------------------------------------------------------------------------------------

void record_begin(char **words, int count)
{
    bool host = false;
    for (int i = 0; i < count; i++)
        host = host || strcmp(words[i], "--host") == 0;
    venue_begin(&run.venue, host, false);
}

// The one word that is no option; NULL when it is another number of them.
static const char *name_among(char **words, int count)
{
    const char *name = NULL;
    for (int i = 0; i < count; i++) {
        if (strcmp(words[i], "--host") == 0)
            continue;
        if (name != NULL || words[i][0] == '-')
            return NULL;
        name = words[i];
    }
    return name;
}

// Says what became of the file. Returns the exit status.
static int tell_end(int status, const char *path)
{
    if (run.error != 0) {
        fprintf(stderr, _("socksh: cannot write %s: %s\n"), path, strerror(run.error));
        return STATUS_FAILED;
    }
    if (!run.any) { // the name is to be had again
        unlink(path);
        puts(_("Nothing was typed, and so nothing is written."));
        return status;
    }
    printf(_("%s is written. Say in it what is to be seen, and try it: socksh check %s\n"), path,
           path);
    return status;
}

// Leads the prompt, and writes what is typed.
static int record_into(const char *name, const char *path)
{
    static struct guide guide;
    guide = guide_nobody;
    guide.begin = record_start;
    guide.runs = record_runs;
    guide.ended = record_ended;
    guide.ran = record_ran;
    guide.changed = add_left;
    guide.end = record_end;
    transcript_begin(&run.transcript, str_from(name));
    write_on();
    int status = prompt_run(&(struct prompt_options){.no_init = true, .guide = &guide});
    transcript_finish(&run.transcript);
    buffer_finish(&run.actor);
    buffer_finish(&run.input);
    buffer_finish(&run.outcome);
    buffer_finish(&run.printed);
    return tell_end(status, path);
}

int record_run(char **words, int count)
{
    const char *name = name_among(words, count);
    char path[PATH_MAX];
    if (name == NULL || !isatty(STDIN_FILENO)) {
        fprintf(stderr, "%s",
                _("socksh: record wants a terminal and one name: socksh record NAME\n"));
        return STATUS_MISTAKE;
    }
    snprintf(path, sizeof path, "%s.md", name);
    // Nothing that was written by hand is lost.
    handles_lock();
    run.fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    int error = errno;
    if (run.fd >= 0)
        run.fd = handle_hide(run.fd);
    handles_unlock();
    if (run.fd < 0) {
        fprintf(stderr, _("socksh: cannot make %s: %s\n"), path, strerror(error));
        return STATUS_MISTAKE;
    }
    int status = record_into(name, path);
    close(run.fd);
    return status;
}
