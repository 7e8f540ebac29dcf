// play: the steps of a lesson, performed; and what keys do meanwhile.

#include "ui/play.h"

#include <stdio.h>

#include "actor/report.h"
#include "actor/variables.h"
#include "base/clock.h"
#include "base/message.h"
#include "base/utf8.h"
#include "lesson/running.h"
#include "lesson/stage.h"
#include "lesson/task.h"
#include "ui/board_rows.h"
#include "ui/foreground.h"
#include "ui/lesson_show.h"
#include "ui/met.h"
#include "ui/output.h"
#include "ui/passing.h"
#include "ui/play_loop.h"
#include "ui/play_screen.h"
#include "ui/screen.h"
#include "ui/tab.h"

// Milliseconds at pace 1. Nothing but what is seen depends on them.
enum {
    CHARACTER = 35,    // between two characters that are typed
    LINE = 2200,       // behind a line, to read what came of it
    PAGE = 2500,       // for a page …
    PAGE_COLUMN = 25,  // … and for each column of its text
    PAGE_MOST = 15000, // and no more
    PATIENCE = 500,    // at any pace: before it is said that a line, or a task, is not done yet
};

// What comes next in the step at hand.
enum phase {
    TURN,   // its page is to be shown
    READ,   // and read
    VOTE,   // the question is held
    LINES,  // the statements, one line after the other
    REASON, // why the right answer is right
    OVER,   // it was the last step
};

// One a process.
static struct {
    struct plan *plan;
    const struct lesson *lesson;
    struct loop loop;
    struct stage stage;
    struct observer before;   // what the session's was
    struct sink *shown, sink; // the same, and ours
    const struct step *step;
    enum phase phase;
    struct scene scene; // the step's statements
    size_t at;          // the statement behind the line at hand
    long long awaited;  // CLOCK_MONOTONIC when a line or a task began to be waited for; 0 for none
    bool awaits_task;   // which of the two
    char user[64];      // at the prompt: who ran something …
    char next[64];      // … and who is to be talked to then; empty for nobody
} run;

// --- a step --------------------------------------------------------------------------------------

static long long time_for(struct str text)
{
    long long time = PAGE + PAGE_COLUMN * (long long)utf8_width(text);
    return time < PAGE_MOST ? time : PAGE_MOST;
}

static void turn_page(void)
{
    const struct step *step = run.step;
    running_step(step->number, (unsigned)run.lesson->count, step->notes.text);
    run.loop.board.page = step->page.text;
    run.loop.board.challenge = step->challenge.text;
    run.loop.board.step = step->number;
    run.loop.board.question = NULL;
    run.loop.board.answered = false;
    run.loop.board.scrolled = 0;
    if (step->code.passage.line != 0)
        run.loop.acts = step->code.actor;
    run.phase = READ;
}

static void end_step(void)
{
    if (run.step->number == run.lesson->count) {
        run.phase = OVER;
        run.loop.status = _("The end. q leaves, Tab takes over.");
        return;
    }
    run.step++;
    run.phase = TURN;
}

// The actor whose line it is, on the board.
static size_t acting(void)
{
    return board_actor(&run.loop.board, run.step->code.actor);
}

// Says in the actor's column why something did not go as on the page, and holds.
static void say_differs(struct str text)
{
    board_add(&run.loop.board, BOARD_DIFFERS, acting(), text);
    run.loop.held = true;
}

// Reads the step's statements. False when it has none, or none that can be run here.
static bool read_lines(void)
{
    struct buffer why = {0};
    const char *left_out = venue_leaves_out(run.plan->venue, run.step);
    run.at = 0;
    if (run.step->code.passage.line == 0)
        return false;
    if (left_out != NULL) {
        buffer_print(&why, _("left out: %s"), left_out);
        board_add(&run.loop.board, BOARD_VALUE, acting(), buffer_str(&why));
    } else if (!stage_read(&run.stage, run.step, &run.scene, &why)) {
        say_differs(buffer_str(&why));
        left_out = "";
    }
    buffer_finish(&why);
    return left_out == NULL;
}

// The right answer is marked, unless what came was something else.
static void answer(void)
{
    const struct question *question = &run.step->question;
    run.phase = REASON;
    run.loop.board.answered = true;
    if (question->options[0].outcome.size == 0)
        return;
    size_t came = stage_foretold(&run.stage, question);
    if (came == SIZE_MAX || !question->options[came].right)
        say_differs(str_from(_("✗ something else came than the page foretells")));
}

static void begin_lines(void)
{
    run.loop.status = NULL;
    if (read_lines())
        run.phase = LINES;
    else if (run.step->question.ask.line != 0)
        run.phase = REASON, run.loop.board.answered = true;
    else
        end_step();
}

// The statements of a line, as they stand in the lesson, less the blanks that they all begin with.
static struct str text_of(const struct line *line)
{
    return str_slice(run.scene.program->source.text, line->range.start, line->range.end);
}

// All of it at once, before it is run.
static void add_typed(size_t actor, struct str text)
{
    board_add(&run.loop.board, BOARD_TYPED, actor, text);
    passing_turn(run.loop.board.turn);
}

// Types it, character by character. False when nothing is performed any more: then it was not.
static bool type_line(struct str text)
{
    struct loop *loop = &run.loop;
    size_t actor = acting();
    loop->stepped = false;
    if (actor != SIZE_MAX)
        foreground_note(loop->board.actors[actor].name);
    board_type_begin(&loop->board, actor);
    passing_turn(loop->board.turn);
    for (size_t size = 0; size < text.size && !loop->held && !loop->stepped;) {
        uint32_t point;
        size_t one = utf8_decode(str_slice(text, size, text.size), &point);
        size += one ? one : 1;
        board_type(&loop->board, str_slice(text, 0, size));
        if (!loop_wait(loop, CHARACTER))
            break;
    }
    board_type(&loop->board, text);
    board_type_end(&loop->board, loop->leave == LEAVE_NOT);
    return loop->leave == LEAVE_NOT;
}

static void begin_wait(bool task)
{
    run.awaited = clock_now(CLOCK_MONOTONIC);
    run.awaits_task = task;
}

static void end_wait(void)
{
    run.awaited = 0;
    run.loop.status = NULL;
}

// Whether it came out as on the page.
static bool run_line(const struct line *line)
{
    begin_wait(false);
    bool good = stage_run(&run.stage, &run.scene, line);
    end_wait();
    loop_settle(&run.loop);
    loop_hear(&run.loop);
    if (!good && run.loop.leave == LEAVE_NOT)
        run.loop.held = true;
    return good;
}

// All that the step's check wants: which of it does not hold depends on what is tried for a ?name.
static void say_wanted(void)
{
    struct buffer text = {0};
    struct str rest = run.step->check.text;
    buffer_add_text(&text, _("✗ the task is not done, which wants:"));
    do
        buffer_add_char(&text, '\n');
    while (lesson_show_condition(&rest, &text));
    say_differs(buffer_str(&text));
    buffer_finish(&text);
}

// Waits for what later blocks call by name. After play of somebody's own it may never be there:
// that is said, and a key goes on without. False when nothing is performed any more.
static bool await_task(void)
{
    begin_wait(true);
    bool done = task_await(&run.stage, run.step);
    end_wait();
    if (done)
        return true;
    say_wanted();
    return loop_wait(&run.loop, LINE);
}

// Behind the last line.
static void end_lines(void)
{
    if (run.step->code.task && !await_task())
        return;
    if (run.step->question.ask.line != 0)
        answer();
    else
        end_step();
}

// Whether the last line of a question's block was run: the answer follows at once.
static bool is_answered(void)
{
    size_t next = run.at;
    return run.step->question.ask.line != 0 && scene_line(&run.scene, &next).count == 0;
}

// The next line of the step: typed, run, and looked at.
static void perform_line(void)
{
    size_t before = run.at;
    struct line line = scene_line(&run.scene, &run.at);
    if (line.count == 0) {
        end_lines();
        return;
    }
    bool expects = line.items[0]->type == NODE_EXPECT;
    if (!expects && !type_line(text_of(&line))) {
        run.at = before;
        return;
    }
    if (!run_line(&line) || !(expects || is_answered()))
        loop_wait(&run.loop, LINE);
}

static void read_page(void)
{
    bool empty = run.step->page.text.size == 0 && run.step->challenge.line == 0;
    if (!empty && !loop_wait(&run.loop, time_for(run.step->page.text)))
        return;
    if (run.step->question.ask.line == 0) {
        begin_lines();
        return;
    }
    run.phase = VOTE;
    run.loop.board.question = &run.step->question;
    run.loop.board.scrolled = 0;
    run.loop.status = _("A vote. Any key goes on.");
}

// What comes next, until nothing more is to be shown.
static void perform(void)
{
    while (run.loop.leave == LEAVE_NOT) {
        switch (run.phase) {
        case TURN:
            turn_page();
            break;
        case READ:
            read_page();
            break;
        case VOTE:
            if (loop_wait(&run.loop, LOOP_FOREVER))
                begin_lines();
            break;
        case LINES:
            perform_line();
            break;
        case REASON:
            if (loop_wait(&run.loop, time_for(run.step->question.reason)))
                end_step();
            break;
        case OVER:
            loop_wait(&run.loop, LOOP_FOREVER);
            break;
        }
    }
}

// --- the steps before ----------------------------------------------------------------------------

static void replay_step(void)
{
    struct line line;
    if (!read_lines())
        return;
    while ((line = scene_line(&run.scene, &run.at)).count > 0) {
        if (line.items[0]->type != NODE_EXPECT)
            add_typed(acting(), text_of(&line));
        if (!run_line(&line))
            return;
    }
    if (run.step->code.task)
        task_await(&run.stage, run.step);
}

// Runs what stands before the first step at once, unseen; it is on the board then.
static void replay(void)
{
    run.loop.quiet = true;
    loop_hear(&run.loop); // once before the first call: how much there is room for
    run.step = run.lesson->steps;
    for (; run.step->number < run.plan->first && run.loop.leave == LEAVE_NOT; run.step++)
        replay_step();
    run.loop.quiet = false;
    run.phase = TURN;
}

// --- in the threads of actors --------------------------------------------------------------------

static void on_write(struct sink *sink, enum stream stream, const struct actor *actor,
                     struct str text)
{
    (void)sink;
    stage_keep_written(&run.stage, stream, text);
    run.shown->write(run.shown, stream, actor, text);
}

// An error in a line: its place is right above it in the column.
static bool on_ended(void *context, struct actor *actor, const struct node *node,
                     struct value value, bool failed)
{
    struct buffer text = {0};
    if (!failed || atomic_load(&run.loop.taken) || atomic_load(&actor->waiter.ended))
        return run.before.ended(context, actor, node, value, failed);
    variables_note(actor);
    buffer_print(&text, "%s: ", _("error"));
    report_show_error(actor->interp.failure.error, &text);
    messages_put(run.loop.host.messages, MESSAGE_REPORT, actor, &text, NULL);
    return false;
}

static void on_finished(void *context, struct actor *actor, const struct job *job)
{
    if (job->bound != NULL) // a name of the page's is set, which nobody has typed
        return;
    if (!job->watch_top)
        stage_keep_finished(&run.stage, actor, (struct job *)job);
    run.before.finished(context, actor, job);
}

// What the stage calls while it waits.
static void hear(void *context)
{
    long long now = clock_now(CLOCK_MONOTONIC);
    bool late = run.awaited > 0 && now - run.awaited > PATIENCE * 1000000LL;
    (void)context;
    if (late && run.awaits_task)
        run.loop.status = _("The task is not done, and may never be. Any key goes on without it.");
    else if (late)
        run.loop.status = _("This line is not done yet. Ctrl-C ends the call that waits.");
    loop_hear(&run.loop);
    if (late)
        loop_merge_keys(&run.loop);
    run.stage.given_up =
        loop_is_to_end(&run.loop) || (late && run.awaits_task && run.loop.key_count > 0);
}

// --- the guide -----------------------------------------------------------------------------------

static void tell(void *context, const struct verdict *verdict)
{
    struct buffer text = {0};
    (void)context;
    if (verdict->good)
        return;
    buffer_print(&text, _("✗ on the page: %.*s"), STR_ARG(verdict->wanted));
    loop_hear(&run.loop);
    say_differs(buffer_str(&text));
    buffer_finish(&text);
}

static void enter_actors(void)
{
    for (size_t i = 0; i < run.lesson->count; i++)
        if (run.lesson->steps[i].code.passage.line != 0)
            board_actor(&run.loop.board, run.lesson->steps[i].code.actor);
}

static bool guide_begin(const struct guide_host *host)
{
    struct session *session = host->session;
    char name[RUNNING_NAME];
    run.loop.host = *host;
    run.loop.held = run.plan->held;
    run.loop.pace = run.plan->pace;
    loop_start(&run.loop);
    run.before = session->observer;
    run.shown = session->sink;
    run.sink.write = on_write;
    session->observer.ended = on_ended;
    session->observer.finished = on_finished;
    session->sink = &run.sink;
    run.loop.board.title = run.lesson->title;
    run.loop.board.steps = (unsigned)run.lesson->count;
    enter_actors();
    met_start(session, host->messages);
    run.loop.board.packets = passing_start();
    run.loop.board.blind = !run.loop.board.packets;
    met_want_inet(run.loop.board.blind);
    run.stage = (struct stage){.session = session,
                               .path = run.lesson->path,
                               .watch_top = true,
                               .fd = run.loop.watched,
                               .hear = hear,
                               .tell = tell};
    if (!stage_begin(&run.stage))
        return false;
    snprintf(name, sizeof name, "%.*s", STR_ARG(run.lesson->name));
    running_begin(name);
    play_screen_enter();
    replay();
    return true;
}

// One line above the prompt: whose lesson it is, and how to give the keyboard back.
static void tell_taken(void)
{
    struct buffer line = {0}, fit = {0}, styled = {0};
    buffer_print(&line, _(" %.*s, step %u of %zu. You type; Tab or play gives it back "),
                 STR_ARG(run.lesson->title), run.step->number, run.lesson->count);
    output_fit(buffer_str(&line), &fit);
    buffer_clear(&line);
    board_rows_cut(buffer_str(&fit), play_screen_size().columns - 1, &line);
    screen_add_styled("1;7", buffer_str(&line), &styled);
    fprintf(run.loop.host.more.out, "%s\n", buffer_text(&styled));
    fflush(run.loop.host.more.out);
    buffer_finish(&line);
    buffer_finish(&fit);
    buffer_finish(&styled);
}

// Talks to that actor, or to another one when it waits.
static void turn_to(struct str name)
{
    struct actor *actor = actor_named(run.loop.host.session, name), *next;
    bool made;
    snprintf(run.next, sizeof run.next, "%.*s", STR_ARG(name));
    if (actor != NULL && wait_is_waiting(&actor->waiter) &&
        (next = foreground_next(run.loop.host.session, actor, &made)) != NULL) {
        snprintf(run.next, sizeof run.next, "%s", next->name);
        actor_release(next);
    }
    if (actor != NULL)
        actor_release(actor);
}

static void guide_before_line(struct guide_wish *wish)
{
    if (run.loop.taken) {
        wish->actor = str_from(run.next);
        return;
    }
    play_screen_enter();
    run.loop.leave = LEAVE_NOT;
    perform();
    loop_draw(&run.loop);
    play_screen_leave(run.loop.wanted > 0);
    run.plan->next_step = run.loop.wanted;
    run.plan->held = run.loop.held;
    run.plan->pace = run.loop.pace;
    if (run.loop.leave == LEAVE_TAKEN) {
        run.loop.taken = true;
        met_want_notes(true);
        tab_set_entered("play");
        tell_taken();
        turn_to(run.loop.acts);
        wish->actor = str_from(run.next);
    } else if (!atomic_load(&run.loop.host.session->signalled)) {
        session_quit(run.loop.host.session, 0);
    }
}

static enum guide_take guide_take(struct str line, struct buffer *instead)
{
    (void)instead;
    line = str_trim(line, " \t\r");
    if (!str_is(line, "play") && !str_is(line, "\004"))
        return GUIDE_PASS;
    run.loop.taken = false;
    tab_set_entered(NULL);
    return GUIDE_TAKEN;
}

static bool guide_runs(struct str actor, struct str text)
{
    snprintf(run.user, sizeof run.user, "%.*s", STR_ARG(actor));
    run.next[0] = '\0';
    add_typed(board_actor(&run.loop.board, actor), text);
    return run.step->code.ordinary && str_equal(actor, run.step->code.actor);
}

// After Ctrl-Z another actor is talked to, as at any prompt.
static void guide_ran(bool left)
{
    if (left)
        turn_to(str_from(run.user));
}

static void guide_end(void)
{
    play_screen_leave(run.loop.wanted > 0);
    running_end();
    met_finish();
    passing_finish();
    stage_finish(&run.stage);
    loop_finish(&run.loop);
    play_screen_forget();
}

const struct guide *play_guide(struct plan *plan)
{
    static const char *const words[] = {"play", NULL};
    static struct guide guide;
    guide = guide_nobody;
    guide.words = words;
    guide.begin = guide_begin;
    guide.before_line = guide_before_line;
    guide.take = guide_take;
    guide.runs = guide_runs;
    guide.ran = guide_ran;
    guide.end = guide_end;
    run.plan = plan;
    run.lesson = plan->lesson;
    return &guide;
}
