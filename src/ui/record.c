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
#include "lesson/outcome.h"
#include "lesson/transcript.h"
#include "lesson/venue.h"
#include "net/handle.h"
#include "ui/guide.h"
#include "ui/output.h"
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
    given->job = job;
    snprintf(given->actor, sizeof given->actor, "%s", actor->name);
    pthread_mutex_lock(&run.lock);
    if (job->failed && job->failure.error.type != TYPE_UNSET)
        show_error(job->failure.error, &text);
    else if (!job->failed && statements.count > 0)
        transcript_show(&run.transcript, statements.items[statements.count - 1], job->last, &text);
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

// What statements gave in the end that had been left waiting.
static void add_left(void)
{
    for (struct given *given; (given = take_given(NULL)) != NULL; free_given(given))
        transcript_add(&run.transcript, str_from(given->actor), STR(""),
                       given->outcome.size ? given->outcome : STR("done"), STR(""));
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
                                 "it. quit writes it."));
    return true;
}

static void record_runs(struct str actor, struct str text)
{
    add_left();
    buffer_clear(&run.actor);
    buffer_clear(&run.input);
    buffer_clear(&run.outcome);
    buffer_add(&run.actor, actor);
    buffer_add(&run.input, text);
    pthread_mutex_lock(&run.lock);
    buffer_clear(&run.printed);
    pthread_mutex_unlock(&run.lock);
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
    transcript_add(&run.transcript, buffer_str(&run.actor), buffer_str(&run.input),
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

// Leads the prompt, then writes what was typed.
static int record_into(int fd, const char *name, const char *path)
{
    static struct guide guide;
    struct buffer text = {0};
    guide = guide_nobody;
    guide.begin = record_start;
    guide.runs = record_runs;
    guide.ended = record_ended;
    guide.ran = record_ran;
    guide.changed = add_left;
    guide.end = record_end;
    int status = prompt_run(&(struct prompt_options){.no_init = true, .guide = &guide});
    transcript_finish(&run.transcript, str_from(name), &text);
    bool good = output_write_all(fd, buffer_str(&text));
    if (good)
        printf(_("%s is written. Say in it what is to be seen, and try it: socksh check %s\n"),
               path, path);
    else
        fprintf(stderr, _("socksh: cannot write %s: %s\n"), path, strerror(errno));
    buffer_finish(&text);
    return good ? status : STATUS_FAILED;
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
    int fd = handle_hide(open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
    handles_unlock();
    if (fd < 0) {
        fprintf(stderr, _("socksh: cannot make %s: %s\n"), path, strerror(errno));
        return STATUS_MISTAKE;
    }
    int status = record_into(fd, name, path);
    close(fd);
    return status;
}
