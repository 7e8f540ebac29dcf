// judge: expectations against what happens.
//
// Statements are judged by the actor that ran them, in its own thread, when everybody else has come
// to rest. Whoever judges counts as resting, so that two of them do not wait for each other.

#include "lesson/judge.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "actor/actor.h"
#include "actor/calls.h"
#include "actor/load.h"
#include "actor/report.h"
#include "base/memory.h"
#include "base/message.h"
#include "lesson/outcome.h"
#include "lesson/pattern.h"
#include "lesson/tap.h"

#define STEP_LIMIT 5000000000LL // nanoseconds that a step may take to come true
#define ASK_AGAIN  1000000LL    // between two looks at what the kernel says

// What a statement that was left waiting gave in the end.
struct outcome {
    bool claimed;       // an expectation was compared with it
    bool failed;        // with the error in `text`
    struct buffer text; // as an expectation writes it
};

struct judge {
    struct sink sink;         // of the session: output is kept here, and compared
    struct session session;   // the run
    pthread_mutex_t lock;     // guards what follows; not held while waiting
    struct captures captures; // what <name>s stand for so far, in the whole file
    struct printed printed;   // all that was printed
    struct outcome *outcomes; // in the order in which they finished
    size_t outcome_count, outcome_capacity;
    struct buffer errors; // what was reported
};

// One a process: `socksh check` starts a process for each file.
static struct judge judge;

// --- results -------------------------------------------------------------------------------------

// Prints one result, named by its place and by the line of the script as it stands there.
static void print_result(bool good, const struct program *program, struct range range)
{
    struct place place = source_place(&program->source, range.start);
    struct str line = source_line(&program->source, place.line);
    while (line.size && line.data[0] == ' ')
        line = str_slice(line, 1, line.size);
    tap_result(good, program->source.name, place.line, line);
}

// One comparison, under the lock.
static bool compare(const struct program *program, struct range range, struct str wanted,
                    struct str got, bool matches)
{
    struct buffer shown = {0};
    print_result(matches, program, range);
    if (!matches) {
        pattern_show(&judge.captures, wanted, &shown);
        tap_comment(_("wanted: "), buffer_str(&shown));
        tap_comment(_("got:    "), got);
    }
    buffer_finish(&shown);
    return matches;
}

// --- judging -------------------------------------------------------------------------------------

// What came of a statement, in the words of an expectation: a value, "error …", "waits" or
// "done". Replaces `got`.
static void show_outcome(struct actor *actor, const struct node *node, struct value value,
                         bool failed, struct buffer *got)
{
    buffer_clear(got);
    if (failed)
        outcome_show_error(actor->interp.failure.error, got);
    else if (node->type == NODE_AT && actor->interp.left_waiting == node)
        buffer_add_text(got, "waits");
    else
        outcome_show(node, value, got);
}

// Takes the lock, which guards what the names stand for.
static bool try_match(struct str wanted, struct str got, bool failed)
{
    pthread_mutex_lock(&judge.lock);
    bool good = outcome_matches(&judge.captures, wanted, got, failed);
    pthread_mutex_unlock(&judge.lock);
    return good;
}

// Compares what a statement gave; one about the kernel's state is asked again until it holds or
// the limit is reached.
static bool judge_value(struct actor *actor, const struct node *node,
                        const struct expectation *wanted, struct value value, bool *failed)
{
    struct timespec deadline = wait_deadline(STEP_LIMIT);
    struct buffer got = {0};
    show_outcome(actor, node, value, *failed, &got);
    bool good = try_match(wanted->text, buffer_str(&got), *failed);
    while (!good && outcome_asks_kernel(node)) {
        struct timespec pause = wait_deadline(ASK_AGAIN);
        struct value again = VALUE_UNSET;
        if (wait_is_past(&deadline) || wait_pause(&actor->waiter, &pause) == ECANCELED)
            break;
        *failed = !interp_repeat(&actor->interp, node, &again);
        show_outcome(actor, node, again, *failed, &got);
        value_release(again);
        good = try_match(wanted->text, buffer_str(&got), *failed);
    }
    pthread_mutex_lock(&judge.lock);
    compare(actor->interp.program, wanted->range, wanted->text, buffer_str(&got), good);
    pthread_mutex_unlock(&judge.lock);
    buffer_finish(&got);
    return good;
}

// The next line that was printed against a `#|`.
static void judge_printed(const struct program *program, const struct expectation *wanted)
{
    pthread_mutex_lock(&judge.lock);
    struct str line;
    bool good = printed_matches(&judge.printed, &judge.captures, wanted->text, &line);
    compare(program, wanted->range, wanted->text, line, good);
    pthread_mutex_unlock(&judge.lock);
}

// The oldest outcome that nobody has asked for, or NULL. Under the lock.
static struct outcome *unclaimed(void)
{
    for (size_t i = 0; i < judge.outcome_count; i++)
        if (!judge.outcomes[i].claimed)
            return &judge.outcomes[i];
    return NULL;
}

// Takes the lock.
static bool has_unclaimed(void)
{
    pthread_mutex_lock(&judge.lock);
    bool has = unclaimed() != NULL;
    pthread_mutex_unlock(&judge.lock);
    return has;
}

// `#=> …` alone on a line: what the statement that was waiting gave.
static void judge_waited(struct actor *actor, const struct expectation *wanted)
{
    struct timespec deadline = wait_deadline(STEP_LIMIT);
    int stop = 0;
    actor_rest_begin(actor);
    while (!has_unclaimed() && stop == 0)
        stop = wait_pause(&actor->waiter, &deadline);
    actor_rest_end(actor);
    pthread_mutex_lock(&judge.lock);
    struct outcome *outcome = unclaimed();
    if (outcome != NULL) {
        struct str got = buffer_str(&outcome->text);
        // Wrong or right, it was the one meant: the next expectation is about the next outcome.
        outcome->claimed = true;
        compare(actor->interp.program, wanted->range, wanted->text, got,
                outcome_matches(&judge.captures, wanted->text, got, outcome->failed));
    } else {
        compare(actor->interp.program, wanted->range, wanted->text,
                str_from(_("(nothing that waited has ended)")), false);
    }
    pthread_mutex_unlock(&judge.lock);
}

// --- what the session tells ----------------------------------------------------------------------

// A statement with expectations begins: what it prints is compared, not what was printed before.
static void on_begins(void *context, struct actor *actor, const struct node *node)
{
    (void)context;
    actor->interp.left_waiting = NULL;
    for (const struct expectation *wanted = node->expects; wanted; wanted = wanted->next) {
        if (wanted->printed && !wanted->alone) { // lines printed before are nobody's any more
            pthread_mutex_lock(&judge.lock);
            judge.printed.from = judge.printed.text.size;
            judge.printed.any_lines = false;
            pthread_mutex_unlock(&judge.lock);
        }
    }
}

// A statement with expectations has ended. An error that one of them wants is taken away: true.
static bool on_ended(void *context, struct actor *actor, const struct node *node,
                     struct value value, bool failed)
{
    bool judged = false;
    (void)context;
    // The run is over: what is cut off has failed nobody's expectation.
    if (waiter_must_unwind(&actor->waiter))
        return false;
    // What other actors do because of this statement belongs to it, too: their output comes first.
    actor_await_rest(actor, STEP_LIMIT);
    for (const struct expectation *wanted = node->expects; wanted; wanted = wanted->next) {
        if (wanted->printed)
            judge_printed(actor->interp.program, wanted);
        else if (node->type == NODE_EXPECT)
            judge_waited(actor, wanted);
        else
            judged = judge_value(actor, node, wanted, value, &failed) || judged;
    }
    return !failed || judged;
}

// A statement that was left waiting has ended: kept until an expectation asks for it.
static void on_finished(void *context, struct actor *actor, const struct job *job)
{
    struct outcome outcome = {.failed = job->failed};
    (void)context;
    (void)actor;
    if (job->failed && job->failure.error.type != TYPE_UNSET)
        outcome_show_error(job->failure.error, &outcome.text);
    else if (job->failed)
        buffer_add_text(&outcome.text, "error");
    else
        outcome_show(job->node, job->last, &outcome.text);
    pthread_mutex_lock(&judge.lock);
    judge.outcomes =
        mem_grow(judge.outcomes, judge.outcome_count, &judge.outcome_capacity, sizeof outcome);
    judge.outcomes[judge.outcome_count++] = outcome;
    pthread_mutex_unlock(&judge.lock);
    // Whoever waits for an outcome sleeps until something comes to rest, and this actor has.
    wait_notify_rest();
}

// Output is kept for `#|`, reports for the end; nobody traces here.
static void on_write(struct sink *sink, enum stream stream, const struct actor *actor,
                     struct str text)
{
    (void)sink;
    (void)actor;
    pthread_mutex_lock(&judge.lock);
    if (stream == STREAM_OUTPUT)
        buffer_add(&judge.printed.text, text);
    else if (stream == STREAM_REPORT)
        buffer_add(&judge.errors, text);
    pthread_mutex_unlock(&judge.lock);
}

// --- a file --------------------------------------------------------------------------------------

// Errors that nobody expected, in actors that nobody joined or waited for.
static void judge_leftovers(const char *file)
{
    for (size_t i = 0; i < judge.outcome_count; i++) {
        struct outcome *outcome = &judge.outcomes[i];
        if (outcome->failed && !outcome->claimed) {
            tap_result(false, str_from(file), 0, STR("a statement that was left waiting failed"));
            tap_comment(_("got:    "), buffer_str(&outcome->text));
        }
    }
    if (judge.errors.size > 0) {
        tap_result(false, str_from(file), 0, STR("an actor failed"));
        tap_comment("", buffer_str(&judge.errors));
    }
}

// `quit` ends a script as well as its last line does.
static void judge_end(const char *file, const struct actor *main_actor, bool good)
{
    bool quit = atomic_load(&judge.session.quitting);
    struct buffer text = {0};
    if (!good && !quit) {
        report_show_failure(&main_actor->interp.failure, NULL, &text);
        tap_result(false, str_from(file), 0, str_from(JUDGE_END));
        tap_comment("", buffer_str(&text));
    } else {
        tap_result(true, str_from(file), 0, str_from(JUDGE_END));
    }
    buffer_finish(&text);
}

// Runs it in this thread, as main.
static void run_program(const char *file, const struct program *program)
{
    struct actor *main_actor = actor_new_main(&judge.session);
    handles_keep_records(program->uses_records);
    if (program->uses_packets)
        calls_follow(true);
    bool good = actor_run(main_actor, program, true);
    judge_end(file, main_actor, good);
}

// A script that does not read counts as one result. Returns the exit status.
static int report_mistake(const char *file, const struct reading *reading)
{
    struct buffer text = {0};
    source_show_diag(reading->source, &reading->diag, &text);
    tap_result(false, str_from(file), 0, STR("reads without a mistake"));
    tap_comment("", buffer_str(&text));
    buffer_finish(&text);
    return 2;
}

static void judge_finish(void)
{
    for (size_t i = 0; i < judge.outcome_count; i++)
        buffer_finish(&judge.outcomes[i].text);
    free(judge.outcomes);
    buffer_finish(&judge.printed.text);
    buffer_finish(&judge.errors);
    captures_finish(&judge.captures);
    tap_close();
}

int judge_run(const char *file)
{
    struct buffer text = {0};
    char why[200];
    int status = 0;
    if (!tap_open())
        return 2;
    if (!load_file(str_from(file), &text, why, sizeof why)) {
        tap_result(false, str_from(file), 0, STR("can be read"));
        tap_comment("", str_from(why));
        tap_close();
        return 2;
    }
    judge.sink.write = on_write;
    pthread_mutex_init(&judge.lock, NULL);
    session_init(&judge.session, &judge.sink);
    judge.session.load = load_file;
    judge.session.observer = (struct observer){NULL, on_begins, on_ended, on_finished};
    struct reading reading = program_read(&judge.session.world, str_from(file), buffer_str(&text),
                                          STR("main"), load_file);
    if (reading.program == NULL)
        status = report_mistake(file, &reading);
    else
        run_program(file, reading.program);
    // First all actors end: what they still report counts as well.
    session_finish(&judge.session);
    judge_leftovers(file);
    judge_finish();
    buffer_finish(&text);
    return status ? status : tap_failures() > 0;
}
