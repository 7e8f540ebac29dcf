// lesson_guide: what the prompt asks of a lesson: words of its own, and what statements came to.

#include "ui/lesson_guide.h"

#include <stdio.h>
#include <string.h>

#include "base/message.h"
#include "lesson/find.h"
#include "lesson/outcome.h"
#include "lesson/running.h"
#include "lesson/task.h"
#include "ui/lesson_show.h"
#include "ui/lesson_state.h"
#include "ui/screen.h"

// The input at hand, from guide_runs() to guide_ran().
static struct {
    bool matched;            // it is what stands on the page
    const struct node *last; // the page's last statement of it
    size_t behind;           // the page's statement behind it
    bool failed;
    bool looks;            // it changes nothing: no try at a task
    bool wants_help;       // `help` alone: the lesson's words are told as well
    struct buffer outcome; // what its last statement gave; empty before it ended
} input;

static bool goes_on;        // to plan->next_lesson, when the prompt ends
static struct buffer ghost; // what stands dim behind the cursor

// --- the line that is read next ------------------------------------------------------------------

static void make_ghost(void)
{
    struct buffer text = {0};
    const struct node *last;
    size_t behind;
    buffer_clear(&ghost);
    switch (learning.phase) {
    case ASKED:
        buffer_print(&ghost, _("a to %c"), (char)('a' + learning.step->question.count - 1));
        break;
    case LINES:
        lesson_line(1, &text, &last, &behind);
        if (str_is(learning.step->code.actor, learning.host.talks_to()))
            buffer_add(&ghost, buffer_str(&text));
        else
            buffer_print(&ghost, _("(Enter, as %.*s: %s)"), STR_ARG(learning.step->code.actor),
                         buffer_text(&text));
        break;
    case TASK:
        buffer_add_text(&ghost, _("(your turn)"));
        break;
    case TURN:
        buffer_add_text(&ghost, _("(Enter goes on)"));
        break;
    case OVER:
        if (learning.plan->next_lesson[0] != '\0')
            buffer_add_text(&ghost, _("(Enter goes on)"));
        break;
    case READING:
        break;
    }
    buffer_finish(&text);
}

static void guide_before_line(struct guide_wish *wish)
{
    if (learning.phase == READING)
        lesson_begin_step();
    if (learning.actor.size > 0)
        learning.host.talk_to(learning.actor);
    learning.actor = STR("");
    make_ghost();
    wish->ghost = buffer_str(&ghost);
    if (learning.phase == ASKED)
        wish->label = str_from(_("your guess"));
}

static void guide_goes_on(struct str begun)
{
    if (learning.phase == TASK && learning.shows)
        lesson_show_behind(begun);
}

// --- words ---------------------------------------------------------------------------------------

// Ends this process for one that begins at a step: on a fresh network.
static enum guide_take begin_at(size_t step)
{
    learning.plan->next_step = step < 1 ? 1 : (unsigned)step;
    return GUIDE_QUIT;
}

static enum guide_take go_to(struct str step)
{
    uint64_t number = 0;
    if (str_to_number(step, learning.lesson->count, &number) && number > 0)
        return begin_at(number);
    lesson_say(_("goto wants a step: 1 to %zu."), learning.lesson->count);
    return GUIDE_TAKEN;
}

static enum guide_take go_to_lesson(struct str name)
{
    struct found_list list = {0};
    find_lessons(&list, NULL);
    const struct found *found = find_lesson(&list, name);
    goes_on = found != NULL;
    if (goes_on)
        snprintf(learning.plan->next_lesson, sizeof learning.plan->next_lesson, "%s", found->name);
    else if (name.size > 0)
        lesson_say(_("There is no lesson \"%.*s\"; lessons lists them."), STR_ARG(name));
    else
        lesson_say(_("This is lesson %.*s, step %u of %zu. learn NAME begins another one."),
                   STR_ARG(learning.lesson->name), learning.step->number, learning.lesson->count);
    found_finish(&list);
    return goes_on ? GUIDE_QUIT : GUIDE_TAKEN;
}

static enum guide_take skip(void)
{
    if (lesson_skip())
        return GUIDE_TAKEN;
    lesson_say("%s", _("After what was tried before, this does not come out as on the page. What "
                       "follows begins on a fresh network."));
    return begin_at(learning.step->number + 1);
}

static bool is_own_word(struct str word)
{
    for (const char *const *own = lesson_words; *own != NULL; own++)
        if (str_is(word, *own))
            return true;
    return false;
}

// `help skip`, `?skip` and `skip ?`.
static bool asks_about_own_word(struct str line)
{
    if (str_starts(line, STR("help ")))
        return is_own_word(str_trim(str_slice(line, 5, line.size), " "));
    struct str word = str_trim(line, "? ");
    return word.size + 1 <= line.size && str_find(line, STR("?"), 0) != SIZE_MAX &&
           is_own_word(word);
}

static enum guide_take take_word(struct str line)
{
    size_t end = str_find(line, STR(" "), 0);
    struct str word = str_slice(line, 0, end < line.size ? end : line.size);
    struct str rest = str_trim(str_slice(line, word.size, line.size), " ");
    input.wants_help = str_is(line, "help") || str_is(line, "?");
    if (asks_about_own_word(line))
        lesson_say_words();
    else if (str_is(word, "goto"))
        return go_to(rest);
    else if (str_is(word, "learn"))
        return go_to_lesson(rest);
    else if (rest.size > 0)
        return GUIDE_PASS;
    else if (str_is(word, "hint"))
        lesson_give_hint();
    else if (str_is(word, "show"))
        lesson_give_answer();
    else if (str_is(word, "skip"))
        return skip();
    else if (str_is(word, "back"))
        return begin_at(learning.step->number - 1);
    else if (str_is(word, "restart"))
        return begin_at(1);
    else
        return GUIDE_PASS;
    return GUIDE_TAKEN;
}

// A single letter is an answer, "b)" as well; one beyond the last answer may name a variable.
// Whether it was taken for one.
static bool take_letter(struct str line)
{
    struct str letter = str_trim(line, "().");
    size_t guess = letter.size == 1 ? (size_t)((letter.data[0] | 0x20) - 'a') : SIZE_MAX;
    if (learning.phase != ASKED || guess >= 26)
        return false;
    if (guess < learning.step->question.count)
        lesson_answer(guess);
    else if (lesson_has_variable(str_from(learning.host.talks_to()), letter))
        return false;
    else
        lesson_say(_("The answers are a to %c."), (char)('a' + learning.step->question.count - 1));
    return true;
}

// An empty line.
static enum guide_take go_on(struct buffer *instead)
{
    const struct node *last;
    size_t behind;
    if (learning.phase == TURN) {
        lesson_turn_page();
    } else if (learning.phase == TASK) {
        lesson_look_at_task(false);
    } else if (learning.phase == LINES) {
        learning.host.talk_to(learning.step->code.actor);
        lesson_line(1, instead, &last, &behind);
        return GUIDE_RUN;
    } else if (learning.phase == OVER && learning.plan->next_lesson[0] != '\0') {
        goes_on = true;
        return GUIDE_QUIT;
    }
    return GUIDE_TAKEN;
}

static enum guide_take guide_take(struct str typed, struct buffer *instead)
{
    struct str line = str_trim(typed, " \t\r");
    if (line.size == 0)
        return go_on(instead);
    return take_letter(line) ? GUIDE_TAKEN : take_word(line);
}

// --- what statements come to ---------------------------------------------------------------------

// Whether the text is one or more of the page's lines, from the one at hand on.
static bool is_of_page(struct str text)
{
    bool same = false;
    struct buffer typed = {0}, page = {0};
    lesson_show_line(text, &typed);
    for (size_t count = 1; !same && page.size <= typed.size; count++) {
        buffer_clear(&page);
        if (!lesson_line(count, &page, &input.last, &input.behind))
            break;
        same = lesson_is_same(buffer_str(&typed), buffer_str(&page));
    }
    buffer_finish(&typed);
    buffer_finish(&page);
    return same;
}

static bool guide_runs(struct str actor, struct str text)
{
    bool is_its = str_equal(actor, learning.step->code.actor);
    bool from_page = learning.phase == LINES || (learning.phase == TASK && learning.shows);
    input.matched = from_page && is_its && is_of_page(text);
    input.failed = input.looks = false;
    if (learning.phase == TASK)
        lesson_note_names();
    buffer_clear(&input.outcome);
    return is_its && learning.step->code.ordinary;
}

// Whether a statement changes nothing that a check could look at: help, handles, an expression.
static bool is_look(const struct node *node)
{
    switch (node->type) {
    case NODE_CALL:
        return node->call.command != NULL && node->call.command->group != GROUP_SOCKETS &&
               node->call.command->group != GROUP_ACTORS;
    case NODE_AT:
        for (size_t i = 0; i < node->at.block->list.count; i++)
            if (!is_look(node->at.block->list.items[i]))
                return false;
        return true;
    default:
        return node->type < NODE_CALL;
    }
}

static void guide_ended(const struct job *job)
{
    struct nodes statements = job->program->block->list;
    input.failed = job->failed;
    input.looks = true;
    for (size_t i = 0; i < statements.count; i++)
        input.looks = input.looks && is_look(statements.items[i]);
    if (statements.count == 0)
        return;
    if (!job->failed)
        outcome_show(statements.items[statements.count - 1], job->last, &input.outcome);
    else if (job->failure.error.type != TYPE_UNSET)
        outcome_show_error(job->failure.error, &input.outcome);
}

// What the page says of the line at hand; empty when it says nothing.
static struct str wanted_outcome(void)
{
    struct nodes all = learning.scene.program->block->list;
    for (const struct expectation *wanted = input.last->expects; wanted; wanted = wanted->next)
        if (!wanted->printed)
            return wanted->text;
    return input.last == all.items[all.count - 1] ? learning.scene.foretold : STR("");
}

static bool guide_leaves(void)
{
    if (learning.phase == TASK) // of an answer whose last call waits, as it should
        return task_is_done(&learning.stage, learning.step);
    return input.matched && str_is(wanted_outcome(), "waits");
}

// Play of one's own before may have changed what comes: that is said, and the lesson goes on.
static void compare(bool left)
{
    struct str wanted = wanted_outcome();
    struct str got = left ? STR("waits") : buffer_str(&input.outcome);
    if (wanted.size == 0 ? !input.failed
                         : outcome_matches(&learning.stage.captures, wanted, got, input.failed))
        return;
    struct buffer shown = {0};
    pattern_show(&learning.stage.captures, wanted.size > 0 ? wanted : STR("done"), &shown);
    lesson_whisper(_("On the page this gives: %s. What was tried before may be why it differs; "
                     "goto %u begins this step on a fresh network."),
                   buffer_text(&shown), learning.step->number);
    buffer_finish(&shown);
}

// Whoever has left a call waiting goes on as the next actor of the pages that is not this one. None
// is behind the last of them: the prompt finds somebody else.
static void leave_for_next(void)
{
    const struct step *end = learning.lesson->steps + learning.lesson->count;
    for (const struct step *step = learning.step + 1; step < end; step++) {
        if (step->code.passage.line == 0 || str_is(step->code.actor, learning.host.talks_to()))
            continue;
        learning.actor = step->code.actor;
        return;
    }
}

static void guide_ran(bool left)
{
    bool matched = input.matched;
    input.matched = false;
    lesson_settle();
    if (input.wants_help)
        lesson_say_words();
    input.wants_help = false;
    if (learning.phase == LINES && matched) {
        compare(left);
        lesson_next_line(input.behind);
    } else if (learning.phase == TASK && !lesson_look_at_task(!input.looks && !matched) &&
               matched) {
        lesson_show_more(input.behind);
    } else if (learning.phase == TASK && !matched) {
        learning.shows = false;
    }
    if (left && learning.phase == TURN)
        leave_for_next();
}

static void guide_changed(void)
{
    if (learning.phase != TASK || !lesson_look_at_task(false))
        return;
    make_ghost();
    learning.host.set_ghost(buffer_str(&ghost));
}

// --- begin and end -------------------------------------------------------------------------------

static void (*finished_before)(void *context, struct actor *actor, const struct job *job);

// In an actor's thread: both the prompt and the stage hear of it.
static void on_finished(void *context, struct actor *actor, const struct job *job)
{
    if (job->bound != NULL) // a name of the page's is set, which nobody has typed
        return;
    if (!job->watch_top)
        stage_keep_finished(&learning.stage, actor, (struct job *)job);
    finished_before(context, actor, job);
}

static struct sink *shown_by; // the prompt's, which shows what is written

// In an actor's thread: what is printed is compared with what the page says of lines that are run.
static void keep_and_show(struct sink *sink, enum stream stream, const struct actor *actor,
                          struct str text)
{
    (void)sink;
    stage_keep_written(&learning.stage, stream, text);
    shown_by->write(shown_by, stream, actor, text);
}

static void say_where(void)
{
    struct buffer ports = {0};
    const struct venue *venue = learning.plan->venue;
    if (venue->why[0] != '\0')
        lesson_whisper(_("This lesson runs on the computer's network, not on one of its own: %s."),
                       venue->why);
    else if (!venue->own_network)
        lesson_whisper("%s",
                       _("This lesson runs on the computer's network, not on one of its own."));
    venue_show_ports(venue, &ports);
    for (struct str rest = buffer_str(&ports); rest.size > 0;) {
        struct str line = str_trim(str_take_line(&rest), " ");
        lesson_whisper("%.*s", STR_ARG(line));
    }
    buffer_finish(&ports);
}

static void begin_replay(void)
{
    if (learning.plan->first > 1)
        lesson_whisper(_("What comes before step %u is replayed …"), learning.plan->first);
    if (!lesson_replay())
        lesson_whisper("%s", _("Not all of that came out as on the pages; restart begins afresh."));
}

static bool guide_begin(const struct guide_host *host)
{
    learning.host = *host;
    finished_before = host->session->observer.finished;
    host->session->observer.finished = on_finished;
    // Without a path, handles are opened by actors, and not at a line of a file that nobody sees.
    learning.stage = (struct stage){
        .session = host->session, .path = "", .fd = host->messages->event, .hear = lesson_hear};
    if (!stage_begin(&learning.stage))
        return false;
    static struct sink sink = {.write = keep_and_show};
    shown_by = host->session->sink;
    host->session->sink = &sink;
    char name[RUNNING_NAME];
    snprintf(name, sizeof name, "%.*s", STR_ARG(learning.lesson->name));
    running_begin(name);
    say_where();
    struct progress_state state;
    progress_of(learning.lesson->name, &state);
    learning.reached = state.reached;
    clock_gettime(CLOCK_MONOTONIC, &learning.opened);
    learning.shown = learning.opened;
    begin_replay();
    learning.phase = READING;
    lesson_note(PROGRESS_BEGIN, PROGRESS_ALONE);
    return true;
}

static void guide_end(void)
{
    const char *stopped =
        learning.plan->inside
            ? N_("You stopped at step %u of %zu; learn %.*s goes on there.")
            : N_("You stopped at step %u of %zu; socksh learn %.*s goes on there.");
    if (!goes_on)
        learning.plan->next_lesson[0] = '\0';
    const struct lesson *lesson = learning.lesson;
    // A file of somebody's own is found by its path.
    struct str name = lesson->number < 0 ? str_from(lesson->path) : lesson->name;
    if (!goes_on && learning.phase != OVER && learning.plan->next_step == 0)
        lesson_say(_(stopped), learning.step->number + (learning.phase == TURN), lesson->count,
                   STR_ARG(name));
    running_end();
    stage_finish(&learning.stage);
    buffer_finish(&input.outcome);
    buffer_finish(&ghost);
}

const struct guide *lesson_guide(struct plan *plan)
{
    static const struct guide guide = {
        .words = lesson_words,
        .begin = guide_begin,
        .before_line = guide_before_line,
        .goes_on = guide_goes_on,
        .take = guide_take,
        .runs = guide_runs,
        .ended = guide_ended,
        .leaves = guide_leaves,
        .ran = guide_ran,
        .changed = guide_changed,
        .end = guide_end,
    };
    learning.plan = plan;
    learning.lesson = plan->lesson;
    learning.step = plan->lesson->steps;
    return &guide;
}
