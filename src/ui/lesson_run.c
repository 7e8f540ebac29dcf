// lesson_run: a step's lines, and running those that nobody types: what was skipped, and what came
// before the step that a lesson is opened at.

#include "lesson/task.h"
#include "ui/lesson_show.h"
#include "ui/lesson_state.h"
#include "ui/output.h"
#include "ui/screen.h"

#define LOOK_AGAIN 10000000LL  // nanoseconds between two looks at who waits
#define SETTLE     100000000LL // at most until others have done what an input made them do

bool lesson_read_scene(void)
{
    struct buffer why = {0};
    bool good = stage_read(&learning.stage, learning.step, &learning.scene, &why);
    if (!good)
        screen_report(buffer_str(&why));
    buffer_finish(&why);
    return good;
}

struct line lesson_typed_line(size_t *at)
{
    struct line line;
    do
        line = scene_line(&learning.scene, at);
    while (line.count > 0 && line.items[0]->type == NODE_EXPECT);
    return line;
}

// As if it had been typed.
static void show_line(const struct line *line)
{
    struct buffer text = {0}, shown = {0};
    struct str actor = learning.step->code.actor, whole = learning.scene.program->source.text;
    lesson_show_line(str_slice(whole, line->range.start, line->range.end), &text);
    screen_add_styled(screen_actor_style(actor), actor, &shown);
    buffer_add_text(&shown, "> ");
    output_escape(buffer_str(&text), &shown);
    screen_print("%s\n", buffer_text(&shown));
    buffer_finish(&text);
    buffer_finish(&shown);
}

void lesson_hear(void *context)
{
    (void)context;
    learning.host.show_messages();
}

static void hear_nothing(void *context)
{
    (void)context;
    messages_free(messages_take(learning.host.messages));
}

// Called under session->lock for each actor.
static void look_for_rest(struct actor *actor, void *context)
{
    bool *all = context;
    *all = *all && actor_is_at_rest(actor);
}

void lesson_settle(void)
{
    struct timespec deadline = wait_deadline(SETTLE);
    for (bool all = false; !all && !wait_is_past(&deadline);) {
        all = true;
        actors_each(learning.host.session, look_for_rest, &all);
        if (!all && !stage_pause(&learning.stage, &deadline))
            break;
    }
    learning.host.show_messages();
}

// Whether the actor of the step's lines still waits in what it was left in.
static bool is_left(void)
{
    struct actor *actor = actor_find(learning.host.session, learning.step->code.actor);
    bool waits = actor != NULL && wait_is_waiting(&actor->waiter);
    if (actor != NULL)
        actor_release(actor);
    return waits;
}

void lesson_await_left(size_t at)
{
    struct timespec deadline = wait_deadline(STAGE_LIMIT);
    struct line line = scene_line(&learning.scene, &at);
    bool wanted = false;
    for (size_t i = 0; i < line.count; i++)
        for (const struct expectation *one = line.items[i]->expects; one; one = one->next)
            wanted = wanted || (line.items[i]->type == NODE_EXPECT && !one->printed);
    while (wanted && is_left() && !wait_is_past(&deadline)) {
        struct timespec pause = wait_deadline(LOOK_AGAIN);
        if (!stage_pause(&learning.stage, &pause))
            break;
    }
}

bool lesson_run_lines(size_t at, bool shown)
{
    struct line line;
    bool good = true;
    learning.stage.watch_top = shown;
    for (size_t from = at; good && (line = scene_line(&learning.scene, &at)).count > 0; from = at) {
        if (shown && line.items[0]->type == NODE_EXPECT) { // the learner may have begun it
            lesson_await_left(from);
            continue;
        }
        if (shown)
            show_line(&line);
        good = stage_run(&learning.stage, &learning.scene, &line);
        learning.stage.hear(NULL); // what is left of this line's messages, before the next one
    }
    learning.stage.watch_top = false;
    return good;
}

bool lesson_replay(void)
{
    struct session *session = learning.host.session;
    bool good = true;
    int trace = atomic_exchange(&session->trace, TRACE_OFF);
    learning.stage.hear = hear_nothing;
    for (const struct plan *plan = learning.plan; learning.step->number < plan->first;
         learning.step++) {
        if (learning.step->code.task && !lesson_pass_task())
            break;
        if (learning.step->code.passage.line == 0 ||
            venue_leaves_out(plan->venue, learning.step) != NULL || !lesson_read_scene())
            continue;
        good = lesson_run_lines(0, false) && good;
        if (learning.step->code.task)
            good = task_await(&learning.stage, learning.step) && good;
    }
    hear_nothing(NULL);
    learning.stage.hear = lesson_hear;
    atomic_store(&session->trace, trace);
    return good;
}
