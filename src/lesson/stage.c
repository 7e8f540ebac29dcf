// stage: giving statements to actors, waiting for what comes, and comparing it.

#include "lesson/stage.h"

#include <errno.h>
#include <stdlib.h>

#include "base/look.h"
#include "base/memory.h"
#include "base/message.h"
#include "lesson/outcome.h"

#define ASK_AGAIN  1000000LL   // nanoseconds between two looks at what the kernel says
#define HEAR_AGAIN 250000000LL // at most, between two times that hear() is called

static const atomic_int no_traces = TRACE_OFF;

// --- begin and end -------------------------------------------------------------------------------

bool stage_begin(struct stage *stage)
{
    // No actor of a lesson can have this name, so that its variables are nobody else's.
    stage->self = actor_new_here(stage->session, "(lesson)");
    if (stage->self == NULL)
        return false;
    // What it looks at is nobody's call.
    stage->self->interp.traces = &no_traces;
    stage->self->interp.run = NULL;
    stage->session->notes_variables = true;
    pthread_mutex_init(&stage->lock, NULL);
    wait_watch_rest(&stage->self->waiter, true);
    return true;
}

static void forget_left(struct stage *stage, size_t i)
{
    pthread_mutex_lock(&stage->lock);
    struct left left = stage->left[i];
    for (stage->left_count--; i < stage->left_count; i++)
        stage->left[i] = stage->left[i + 1];
    pthread_mutex_unlock(&stage->lock);
    actor_release(left.actor);
    job_release(left.job);
}

// With references that are the list's from now on.
static void add_left(struct stage *stage, struct left left)
{
    pthread_mutex_lock(&stage->lock);
    bool finished = stage->finished;
    if (!finished) {
        stage->left =
            mem_grow(stage->left, stage->left_count, &stage->left_capacity, sizeof *stage->left);
        stage->left[stage->left_count++] = left;
    }
    pthread_mutex_unlock(&stage->lock);
    if (finished) {
        actor_release(left.actor);
        job_release(left.job);
    }
}

void stage_keep_finished(struct stage *stage, struct actor *actor, struct job *job)
{
    atomic_fetch_add(&actor->shared.references, 1);
    atomic_fetch_add(&job->references, 1);
    add_left(stage, (struct left){actor, job, job->node});
    wait_notify_rest();
}

// A job whose actor still has it must not wake a stage that is gone.
static void take_back(struct actor *actor, struct job *job)
{
    pthread_mutex_lock(&actor->lock);
    job->giver = NULL;
    pthread_mutex_unlock(&actor->lock);
}

void stage_finish(struct stage *stage)
{
    if (stage->self == NULL) // it never began
        return;
    pthread_mutex_lock(&stage->lock);
    stage->finished = true;
    pthread_mutex_unlock(&stage->lock);
    while (stage->left_count > 0) {
        take_back(stage->left[0].actor, stage->left[0].job);
        forget_left(stage, 0);
    }
    free(stage->left);
    wait_watch_rest(&stage->self->waiter, false);
    actor_finish_here(stage->self);
    stage->self = NULL; // it may be finished again: a guide ends whether it began or not
    captures_finish(&stage->captures);
    buffer_finish(&stage->printed.text);
    buffer_finish(&stage->outcome);
    // The lock stays: actors may still come to it, until the session is finished.
}

void stage_keep_printed(struct stage *stage, struct str text)
{
    pthread_mutex_lock(&stage->lock);
    bool fits = text.size <= STAGE_PRINTED - stage->printed.text.size;
    bool first = !fits && !stage->printed_too_much;
    if (fits && !stage->finished)
        buffer_add(&stage->printed.text, text);
    stage->printed_too_much = stage->printed_too_much || !fits;
    pthread_mutex_unlock(&stage->lock);
    if (first)
        wait_notify_rest(); // the stage need not wait for the end
}

void stage_keep_written(struct stage *stage, enum stream stream, struct str text)
{
    struct buffer plain = {0};
    if (stream == STREAM_STYLED)
        look_strip(text, &plain);
    if (stream == STREAM_STYLED || stream == STREAM_OUTPUT)
        stage_keep_printed(stage, stream == STREAM_OUTPUT ? text : buffer_str(&plain));
    buffer_finish(&plain);
}

static bool has_printed_too_much(struct stage *stage)
{
    pthread_mutex_lock(&stage->lock);
    bool too_much = stage->printed_too_much;
    pthread_mutex_unlock(&stage->lock);
    return too_much;
}

// --- waiting -------------------------------------------------------------------------------------

// Somebody quits, or ends the program.
static bool is_over(struct stage *stage)
{
    return atomic_load(&stage->session->quitting) || atomic_load(&stage->session->signalled);
}

bool stage_pause(struct stage *stage, const struct timespec *deadline)
{
    struct timespec until = wait_deadline(HEAR_AGAIN);
    bool sooner = deadline->tv_sec < until.tv_sec ||
                  (deadline->tv_sec == until.tv_sec && deadline->tv_nsec < until.tv_nsec);
    int stop = wait_pause_or(&stage->self->waiter, stage->fd, sooner ? deadline : &until);
    if (stage->fd >= 0 && stage->hear != NULL)
        stage->hear(stage->context);
    return stop != ECANCELED && !is_over(stage) && !stage->given_up;
}

// Called under session->lock for each actor.
static void look_for_rest(struct actor *actor, void *context)
{
    bool *all = context;
    *all = *all && actor_is_at_rest(actor);
}

static bool is_all_at_rest(struct stage *stage)
{
    bool all = true;
    actors_each(stage->session, look_for_rest, &all);
    return all;
}

bool stage_await_rest(struct stage *stage)
{
    struct timespec deadline = wait_deadline(STAGE_LIMIT);
    while (!is_all_at_rest(stage))
        if (wait_is_past(&deadline) || !stage_pause(stage, &deadline))
            return false;
    return true;
}

static bool is_done(struct actor *actor, const struct job *job)
{
    pthread_mutex_lock(&actor->lock);
    bool done = job->done;
    pthread_mutex_unlock(&actor->lock);
    return done;
}

// Whether the actor has nothing to do: then it can be given a statement.
static bool is_idle(struct actor *actor)
{
    pthread_mutex_lock(&actor->lock);
    bool idle = actor->state != ACTOR_BUSY && actor->queued == 0;
    pthread_mutex_unlock(&actor->lock);
    return idle;
}

static bool await_idle(struct stage *stage, struct actor *actor)
{
    struct timespec deadline = wait_deadline(STAGE_LIMIT);
    while (!is_idle(actor))
        if (wait_is_past(&deadline) || !stage_pause(stage, &deadline))
            return false;
    return true;
}

// Until the job is done or, if it may, is left waiting while everybody else rests. False at the
// limit.
static bool await_job(struct stage *stage, struct actor *actor, struct job *job, bool may_wait)
{
    struct timespec deadline = wait_deadline(STAGE_LIMIT);
    while (!is_done(actor, job)) {
        if (has_printed_too_much(stage))
            return false;
        if (may_wait && wait_is_at_rest(&actor->waiter) && is_all_at_rest(stage))
            return true;
        if (wait_is_past(&deadline) || !stage_pause(stage, &deadline))
            return false;
    }
    return true;
}

// --- who does what -------------------------------------------------------------------------------

// What ends a wait, in the words of who does not do it.
static const char *missing(struct str call)
{
    static const struct {
        const char *call, *missing;
    } rows[] = {
        {"accept", N_("nobody connected")},
        {"recv", N_("nothing was sent to it")},
        {"recvfrom", N_("nothing was sent to it")},
        {"connect", N_("nobody answered")},
        {"poll", N_("nothing happened")},
        {"send", N_("nobody reads")},
        {"sendall", N_("nobody reads")},
        {"join", N_("that actor has not ended")},
    };
    size_t blank = str_find(call, STR(" "), 0);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (str_is(str_slice(call, 0, blank), rows[i].call))
            return rows[i].missing;
    return NULL;
}

static void show_actor(struct actor *actor, void *context)
{
    struct buffer *to = context, call = {0};
    bool first = to->size == 0 || to->data[to->size - 1] == '\n';
    buffer_print(to, "%s%s: ", first ? "" : "; ", actor->name);
    actor_show_state(actor, to);
    const char *why = actor_show_call(actor, &call) ? missing(buffer_str(&call)) : NULL;
    if (why != NULL)
        buffer_print(to, " (%s)", _(why));
    buffer_finish(&call);
}

void stage_show_actors(struct stage *stage, struct buffer *to)
{
    size_t before = to->size;
    actors_each(stage->session, show_actor, to);
    if (to->size == before)
        buffer_add_text(to, _("no actor has done anything"));
}

// --- telling -------------------------------------------------------------------------------------

// Its expectations stand behind its last statement, whose value is the line's.
static const struct node *last_of(const struct line *line)
{
    return line->items[line->count - 1];
}

static bool tell(struct stage *stage, const struct scene *scene, struct range range, bool good,
                 struct str wanted, struct str got)
{
    struct buffer shown = {0};
    pattern_show(&stage->captures, wanted, &shown);
    struct verdict verdict = {scene->program, range, good, buffer_str(&shown), got};
    if (stage->tell != NULL)
        stage->tell(stage->context, &verdict);
    buffer_finish(&shown);
    return good;
}

// Why the statement cannot begin, or does not end: one clause.
static void show_lateness(struct stage *stage, struct buffer *to)
{
    if (is_over(stage))
        buffer_add_text(to, _("the program was to end: quit, exit or kill main"));
    else if (has_printed_too_much(stage))
        buffer_print(to, _("more than %d octets were printed"), STAGE_PRINTED);
    else
        stage_show_actors(stage, to);
}

// A statement that cannot begin, or does not end.
static bool tell_late(struct stage *stage, const struct scene *scene, struct range range,
                      const char *wanted)
{
    struct buffer got = {0};
    show_lateness(stage, &got);
    tell(stage, scene, range, false, str_from(wanted), buffer_str(&got));
    buffer_finish(&got);
    return false;
}

// --- one statement -------------------------------------------------------------------------------

// The line as the whole of a job.
static struct job *give(struct stage *stage, const struct scene *scene, struct actor *actor,
                        const struct line *line)
{
    // Freed with the program; the actors that walk its tree do not touch the arena.
    struct arena *arena = &((struct program *)scene->program)->arena;
    struct node *block = arena_zero(arena, sizeof *block);
    block->type = NODE_BLOCK;
    block->depth = scene->program->block->depth;
    block->range = line->range;
    block->list = (struct nodes){line->items, line->count};
    return actor_give(actor, &(struct job){.program = scene->program,
                                           .node = block,
                                           .block = block,
                                           .slots = scene->program->slots,
                                           .giver = stage->self,
                                           .watch_top = stage->watch_top,
                                           .ordinary = scene->ordinary});
}

// What the job came to. False when it failed.
static bool show_job(const struct node *statement, const struct job *job, struct buffer *to)
{
    buffer_clear(to);
    if (!job->failed)
        outcome_show(statement, job->last, to);
    else if (job->failure.error.type != TYPE_UNSET)
        outcome_show_error(job->failure.error, to);
    else
        buffer_add_text(to, "error");
    return !job->failed;
}

enum ending { ENDED, FAILED, LEFT, LATE };

// What is printed from here on is this line's.
static void begin_printing(struct stage *stage)
{
    pthread_mutex_lock(&stage->lock);
    buffer_clear(&stage->printed.text);
    stage->printed.from = 0;
    stage->printed.any_lines = false;
    stage->printed_too_much = false;
    pthread_mutex_unlock(&stage->lock);
}

// Gives the line and waits; stage->outcome says what came of it.
static enum ending perform(struct stage *stage, const struct scene *scene, struct actor *actor,
                           const struct line *line, bool may_wait)
{
    const struct node *statement = last_of(line);
    struct job *job = give(stage, scene, actor, line);
    bool in_time = await_job(stage, actor, job, may_wait);
    if (in_time && is_done(actor, job)) {
        bool good = show_job(statement, job, &stage->outcome);
        job_release(job);
        if (good && statement->type == NODE_AT && actor->interp.left_waiting == statement) {
            buffer_clear(&stage->outcome);
            buffer_add_text(&stage->outcome, "waits");
        }
        return good ? ENDED : FAILED;
    }
    buffer_clear(&stage->outcome);
    buffer_add_text(&stage->outcome, "waits");
    atomic_fetch_add(&actor->shared.references, 1);
    add_left(stage, (struct left){actor, job, statement});
    return in_time ? LEFT : LATE;
}

// --- comparing -----------------------------------------------------------------------------------

static bool wants(const struct node *statement, const char *text)
{
    for (const struct expectation *wanted = statement->expects; wanted; wanted = wanted->next)
        if (!wanted->printed && str_is(wanted->text, text))
            return true;
    return false;
}

static bool has_value(const struct node *statement)
{
    for (const struct expectation *wanted = statement->expects; wanted; wanted = wanted->next)
        if (!wanted->printed)
            return true;
    return false;
}

// One about the kernel's state is asked again until it holds or the limit is reached: it alone, not
// what stands before it on its line.
static bool compare_value(struct stage *stage, const struct scene *scene, struct actor *actor,
                          const struct line *line, const struct expectation *wanted,
                          enum ending ending)
{
    struct timespec deadline = wait_deadline(STAGE_LIMIT);
    const struct line question = {&line->items[line->count - 1], 1, last_of(line)->range};
    for (;;) {
        bool good = outcome_matches(&stage->captures, wanted->text, buffer_str(&stage->outcome),
                                    ending == FAILED);
        struct timespec pause = wait_deadline(ASK_AGAIN);
        if (good || !outcome_asks_kernel(last_of(line)) || wait_is_past(&deadline) ||
            !stage_pause(stage, &pause))
            return tell(stage, scene, wanted->range, good, wanted->text,
                        buffer_str(&stage->outcome));
        ending = perform(stage, scene, actor, &question, false);
        if (ending == LATE)
            return tell_late(stage, scene, wanted->range, _("that it ends"));
    }
}

// The next line that was printed.
static bool compare_printed(struct stage *stage, const struct scene *scene,
                            const struct expectation *wanted)
{
    struct buffer line = {0};
    struct str next;
    pthread_mutex_lock(&stage->lock);
    bool good = printed_matches(&stage->printed, &stage->captures, wanted->text, &next);
    buffer_add(&line, next); // more may be printed, and move it
    pthread_mutex_unlock(&stage->lock);
    tell(stage, scene, wanted->range, good, wanted->text, buffer_str(&line));
    buffer_finish(&line);
    return good;
}

// The oldest statement that this actor was left waiting in; SIZE_MAX for none. What another one
// gave it with @ is there once it has ended.
static size_t find_left(struct stage *stage, struct str actor, struct left *left)
{
    size_t found = SIZE_MAX;
    pthread_mutex_lock(&stage->lock);
    for (size_t i = 0; i < stage->left_count && found == SIZE_MAX; i++) {
        if (str_is(actor, stage->left[i].actor->name)) {
            *left = stage->left[i];
            found = i;
        }
    }
    pthread_mutex_unlock(&stage->lock);
    return found;
}

// `#=> …` alone: what the statement that was left waiting gave.
static bool compare_left(struct stage *stage, const struct scene *scene,
                         const struct expectation *wanted)
{
    struct timespec deadline = wait_deadline(STAGE_LIMIT);
    struct left left = {0};
    size_t i;
    while ((i = find_left(stage, scene->actor, &left)) == SIZE_MAX ||
           !is_done(left.actor, left.job))
        if (wait_is_past(&deadline) || !stage_pause(stage, &deadline))
            return tell_late(stage, scene, wanted->range,
                             _("the end of a statement that was left waiting"));
    stage_await_rest(stage);
    bool failed = !show_job(left.node, left.job, &stage->outcome);
    forget_left(stage, i);
    return tell(
        stage, scene, wanted->range,
        outcome_matches(&stage->captures, wanted->text, buffer_str(&stage->outcome), failed),
        wanted->text, buffer_str(&stage->outcome));
}

// A line of its own with expectations: nothing is run.
static bool compare_alone(struct stage *stage, const struct scene *scene,
                          const struct node *statement)
{
    bool good = stage_await_rest(stage);
    for (const struct expectation *wanted = statement->expects; wanted; wanted = wanted->next)
        good = (wanted->printed ? compare_printed(stage, scene, wanted)
                                : compare_left(stage, scene, wanted)) &&
               good;
    return good;
}

// All that stands behind the line.
static bool compare(struct stage *stage, const struct scene *scene, struct actor *actor,
                    const struct line *line, enum ending ending)
{
    const struct node *statement = last_of(line);
    struct nodes all = scene->program->block->list;
    struct str foretold = statement == all.items[all.count - 1] ? scene->foretold : STR("");
    bool good = true;
    if (is_over(stage))
        return tell_late(stage, scene, statement->range, _("that the lesson goes on"));
    if (ending == LATE)
        return tell_late(stage, scene, statement->range,
                         _("that it ends; \"waits\" is for one that is left waiting"));
    if (!has_value(statement) && foretold.size > 0)
        good = tell(stage, scene, statement->range,
                    outcome_matches(&stage->captures, foretold, buffer_str(&stage->outcome),
                                    ending == FAILED),
                    foretold, buffer_str(&stage->outcome));
    else if (ending == FAILED && !has_value(statement))
        return tell(stage, scene, statement->range, false, STR("done"),
                    buffer_str(&stage->outcome));
    for (const struct expectation *wanted = statement->expects; wanted; wanted = wanted->next)
        good = (wanted->printed ? compare_printed(stage, scene, wanted)
                                : compare_value(stage, scene, actor, line, wanted, ending)) &&
               good;
    return good;
}

bool stage_run(struct stage *stage, const struct scene *scene, const struct line *line)
{
    struct nodes all = scene->program->block->list;
    const struct node *statement = last_of(line);
    bool last = statement == all.items[all.count - 1];
    if (statement->type == NODE_EXPECT)
        return compare_alone(stage, scene, statement);
    struct actor *actor = actor_named(stage->session, scene->actor);
    if (actor == NULL)
        return tell(stage, scene, statement->range, false, STR("done"), STR("error EAGAIN"));
    bool good = await_idle(stage, actor);
    if (good) {
        begin_printing(stage);
        enum ending ending =
            perform(stage, scene, actor, line,
                    wants(statement, "waits") || (last && str_is(scene->foretold, "waits")));
        // What others do because of this statement belongs to it, too.
        good = ending == LATE || stage_await_rest(stage);
        good = compare(stage, scene, actor, line, ending) && good;
    } else {
        tell_late(stage, scene, statement->range, _("that this actor can begin"));
    }
    actor_release(actor);
    return good;
}

bool stage_try(struct stage *stage, const struct scene *scene, const struct line *line)
{
    struct actor *actor = actor_named(stage->session, scene->actor);
    bool alive = actor != NULL && stage_await_rest(stage);
    if (alive && is_idle(actor) && last_of(line)->type != NODE_EXPECT) {
        begin_printing(stage);
        perform(stage, scene, actor, line, true);
        alive = stage_await_rest(stage);
    }
    if (actor != NULL)
        actor_release(actor);
    return alive && !is_over(stage);
}

// --- questions and what is left ------------------------------------------------------------------

size_t stage_foretold(struct stage *stage, const struct question *question)
{
    struct str got = buffer_str(&stage->outcome);
    bool failed = str_starts(got, STR("error "));
    size_t found = SIZE_MAX, count = 0;
    for (size_t i = 0; i < question->count; i++) {
        if (outcome_matches(&stage->captures, question->options[i].outcome, got, failed)) {
            found = i;
            count++;
        }
    }
    return count == 1 ? found : SIZE_MAX;
}

// A copy, whose references stay the list's: only this thread takes anything out of it.
static bool get_left(struct stage *stage, size_t i, struct left *left)
{
    pthread_mutex_lock(&stage->lock);
    bool there = i < stage->left_count;
    if (there)
        *left = stage->left[i];
    pthread_mutex_unlock(&stage->lock);
    return there;
}

unsigned stage_tell_left(struct stage *stage)
{
    unsigned failures = 0;
    struct left left;
    for (size_t i = 0; get_left(stage, i, &left); i++) {
        if (!is_done(left.actor, left.job) || !left.job->failed ||
            left.job->failure.error.type == TYPE_UNSET)
            continue;
        struct scene scene = {.program = left.job->program};
        show_job(left.node, left.job, &stage->outcome);
        tell(stage, &scene, left.node->range, false,
             str_from(_("that it does not fail, or an expectation of it")),
             buffer_str(&stage->outcome));
        failures++;
    }
    return failures;
}
