// lesson_guide: the steps of a lesson, one after the other, as a person gets them done.

#include "ui/lesson_guide.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/message.h"
#include "lesson/find.h"
#include "lesson/outcome.h"
#include "lesson/progress.h"
#include "lesson/running.h"
#include "lesson/stage.h"
#include "lesson/task.h"
#include "ui/edit.h"
#include "ui/edit_terminal.h"
#include "ui/lesson_files.h"
#include "ui/lesson_show.h"
#include "ui/output.h"
#include "ui/page.h"
#include "ui/screen.h"

enum { TRIES = 3 }; // that did not do before help is offered

// What the learner is to do next.
enum phase {
    READING, // the page is not shown yet
    ASKED,   // a letter, as the answer to a question
    LINES,   // the lines of the page, one after the other
    TASK,    // something of their own
    TURN,    // Enter, and the page turns
    OVER,    // the lesson is done
};

// One a process.
static struct {
    struct plan *plan;
    const struct lesson *lesson;
    struct guide_host host;
    struct stage stage;
    const struct step *step;
    enum phase phase;
    struct scene scene; // the step's statements
    size_t at;          // statement behind the line at hand
    struct line line;   // LINES: what is to be typed
    struct buffer text; // the same, as one line
    bool explained;     // how lines are run was said
    bool matched;       // the input at hand is that line
    bool ended;         // it has ended, as `outcome` says
    bool failed;
    struct buffer outcome;
    struct str actor;         // whom the next line is for; empty when that does not change
    struct buffer ghost;      // what stands dim behind the cursor
    unsigned lines;           // TASK: of the model answer
    unsigned tries;           // of this step
    enum progress_help help;  // of this step
    enum progress_help worst; // of all since the lesson was opened
    size_t hints;             // shown
    struct timespec shown;    // when the step was
} run;

// --- small things --------------------------------------------------------------------------------

static size_t columns(void)
{
    return edit_terminal_size(fileno(run.host.more.out)).columns;
}

// Shows whole lines, a screenful at a time.
static void show_take(struct buffer *text)
{
    more_show(&run.host.more, buffer_str(text));
    buffer_finish(text);
}

static bool is_locked(const char *what)
{
    const char *locked = getenv("SOCKSH_LOCK");
    return locked != NULL && strstr(locked, what) != NULL;
}

static unsigned seconds_since(const struct timespec *then)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (unsigned)(now.tv_sec - then->tv_sec);
}

static void note_progress(enum progress_event event, enum progress_help help)
{
    struct progress_line line = {.event = event,
                                 .step = run.step->number,
                                 .steps = (unsigned)run.lesson->count,
                                 .tries = run.tries,
                                 .help = help,
                                 .seconds = seconds_since(&run.shown)};
    if (run.lesson->name.size > PROGRESS_NAME)
        return;
    memcpy(line.lesson, run.lesson->name.data, run.lesson->name.size);
    memcpy(line.language, run.lesson->language.data,
           run.lesson->language.size < sizeof line.language ? run.lesson->language.size
                                                            : sizeof line.language - 1);
    progress_add(line);
}

static void use_help(enum progress_help help)
{
    run.help = help > run.help ? help : run.help;
    run.worst = help > run.worst ? help : run.worst;
}

// --- steps ---------------------------------------------------------------------------------------

static void turn(void)
{
    struct buffer links = {0};
    lesson_files_show(run.plan->folder, run.lesson, &links);
    if (links.size > 0)
        screen_print("%s", buffer_text(&links));
    buffer_finish(&links);
    note_progress(PROGRESS_STEP, run.help);
    run.phase = TURN;
    buffer_clear(&run.ghost);
    buffer_add_text(&run.ghost, _("(Enter goes on)"));
    if (!atomic_load(&run.host.session->show_hints))
        screen_print_faint("%s\n", buffer_text(&run.ghost));
}

// The next line of the page that is typed; those that only expect something are not.
static void next_line(void)
{
    do
        run.line = scene_line(&run.scene, &run.at);
    while (run.line.count > 0 && run.line.items[0]->type == NODE_EXPECT);
    buffer_clear(&run.text);
    buffer_clear(&run.ghost);
    if (run.line.count == 0) {
        turn();
        return;
    }
    struct range range = run.line.range;
    lesson_show_line(str_slice(run.scene.program->source.text, range.start, range.end), &run.text);
    buffer_add(&run.ghost, buffer_str(&run.text));
    if (!run.explained)
        screen_print_faint("%s\n", _(" Type the line that is dim, or press Enter to run it as it "
                                     "stands. Whatever else you type is tried out freely."));
    run.explained = true;
    run.phase = LINES;
    run.actor = run.step->code.actor;
}

// Reads the step's statements. False when they do not read, which socksh check would have said.
static bool read_scene(void)
{
    struct buffer why = {0};
    bool good = stage_read(&run.stage, run.step, &run.scene, &why);
    if (!good)
        screen_report(buffer_str(&why));
    buffer_finish(&why);
    run.at = 0;
    return good;
}

// Those that are typed.
static unsigned count_lines(void)
{
    unsigned count = 0;
    struct line line;
    for (size_t at = 0; (line = scene_line(&run.scene, &at)).count > 0;)
        count += line.items[0]->type != NODE_EXPECT;
    return count;
}

static void begin_task(void)
{
    run.phase = TASK;
    run.lines = count_lines();
    run.actor = run.step->code.actor;
    buffer_clear(&run.ghost);
    screen_print_faint("%s\n", _(" hint · show · skip · back · restart · lessons · quit"));
}

// What is to be done once the page is read and the question answered.
static void begin_code(void)
{
    const char *left_out = venue_leaves_out(run.plan->venue, run.step, run.plan->online);
    if (left_out != NULL)
        screen_print_faint(_(" This step is left out: %s.\n"), left_out);
    if (run.step->code.passage.line == 0 || left_out != NULL || !read_scene())
        turn();
    else if (run.step->code.task)
        begin_task();
    else
        next_line();
}

static void show_lines(struct buffer *to)
{
    // A single one stands at the prompt, too.
    if (count_lines() == 1 && atomic_load(&run.host.session->show_hints))
        return;
    for (size_t at = 0; run.step->code.passage.line > 0;) {
        struct line line = scene_line(&run.scene, &at);
        struct buffer text = {0}, whole = {0};
        if (line.count == 0)
            return;
        if (line.items[0]->type == NODE_EXPECT)
            continue;
        lesson_show_line(
            str_slice(run.scene.program->source.text, line.range.start, line.range.end), &text);
        buffer_print(&whole, "   %.*s> ", STR_ARG(run.step->code.actor));
        output_escape(buffer_str(&text), &whole);
        buffer_add_char(to, '\n');
        screen_add_styled("", buffer_str(&whole), to);
        buffer_finish(&text);
        buffer_finish(&whole);
    }
}

// The page with its question, or with the lines that are to be typed.
static void show_step(void)
{
    struct buffer page = {0};
    bool asks = run.step->question.ask.line != 0;
    run.tries = 0;
    run.hints = 0;
    run.help = PROGRESS_ALONE;
    clock_gettime(CLOCK_MONOTONIC, &run.shown);
    running_step(run.step->number, (unsigned)run.lesson->count, run.step->notes.text);
    lesson_show_head(run.lesson, run.step, columns(), &page);
    lesson_show_page(run.lesson, run.step, columns(), &page);
    if (asks)
        lesson_show_question(&run.step->question, columns(), &page);
    else if (!run.step->code.task && run.step->code.passage.line != 0 && read_scene())
        show_lines(&page);
    buffer_add_text(&page, "\n");
    show_take(&page);
    buffer_clear(&run.ghost);
    if (!asks) {
        begin_code();
        return;
    }
    run.phase = ASKED;
    buffer_print(&run.ghost, _("(your guess: a to %c)"),
                 (char)('a' + run.step->question.count - 1));
}

// --- the end -------------------------------------------------------------------------------------

// The lesson behind this one, by number; false for the last.
static bool find_next(char *name, size_t size, struct buffer *title)
{
    struct found_list list = {0};
    bool good = false;
    find_lessons(&list, NULL);
    for (size_t i = 0; i < list.count && !good; i++) {
        struct buffer path = {0};
        struct lesson next;
        struct lesson_mistake mistake;
        if (list.items[i].number <= run.lesson->number || run.lesson->number < 0 ||
            !find_file(&list.items[i], &path))
            continue;
        good = lesson_read(buffer_text(&path), NULL, NULL, &next, &mistake);
        snprintf(name, size, "%s", list.items[i].name);
        output_escape(next.title, title);
        lesson_finish(&next);
        buffer_finish(&path);
    }
    found_finish(&list);
    return good;
}

static void finish_lesson(void)
{
    static const char *const helps[] = {N_("without help"), N_("with hints"),
                                        N_("with answers that were shown"),
                                        N_("with answers that were given")};
    struct buffer title = {0}, text = {0}, fit = {0};
    note_progress(PROGRESS_FINISH, run.worst);
    run.phase = OVER;
    buffer_clear(&run.ghost);
    buffer_print(&text, _(" ✓ %.*s: finished, %s.\n"), STR_ARG(run.lesson->title),
                 _(helps[run.worst]));
    output_escape(buffer_str(&text), &fit);
    screen_print("%s", buffer_text(&fit));
    if (find_next(run.plan->next_lesson, sizeof run.plan->next_lesson, &title)) {
        screen_print(_(" What comes next: %s. Enter begins it, quit leaves.\n"),
                     buffer_text(&title));
        buffer_print(&run.ghost, _("(Enter: %s)"), buffer_text(&title));
    } else {
        screen_print("%s", _(" That was the last lesson. quit leaves.\n"));
    }
    buffer_finish(&title);
    buffer_finish(&text);
    buffer_finish(&fit);
}

// Enter at the end of a page.
static void turn_page(void)
{
    if (run.step->number == run.lesson->count) {
        finish_lesson();
        return;
    }
    run.step++;
    run.phase = READING;
}

// --- questions -----------------------------------------------------------------------------------

static void answer(size_t guess)
{
    struct buffer text = {0};
    run.tries++;
    lesson_show_answer(&run.step->question, guess, columns(), &text);
    buffer_add_char(&text, '\n');
    show_take(&text);
    if (!run.step->code.task && run.step->code.passage.line != 0 && read_scene()) {
        struct buffer lines = {0};
        show_lines(&lines);
        buffer_add_text(&lines, "\n");
        show_take(&lines);
    }
    begin_code();
}

// Whether the line is the letter of an option.
static bool is_letter(struct str line, size_t *guess)
{
    if (line.size != 1)
        return false;
    *guess = (size_t)((line.data[0] | 0x20) - 'a');
    return *guess < run.step->question.count;
}

// --- tasks ---------------------------------------------------------------------------------------

static void task_done(void)
{
    struct buffer text = {0};
    lesson_show_done(run.step, &text);
    screen_print("%s", buffer_text(&text));
    buffer_finish(&text);
    turn();
}

// Help, in this order: hints, the answer on the line, the answer run.
static void offer_help(void)
{
    if (run.hints < run.step->hint_count)
        screen_print_faint("%s\n", _(" Not there yet. hint helps."));
    else if (run.help < PROGRESS_SHOW && !is_locked("show"))
        screen_print_faint("%s\n", _(" Not there yet. show puts the answer on the line."));
    else if (!is_locked("skip"))
        screen_print_faint("%s\n", _(" Not there yet. skip runs the answer and goes on."));
}

// Looks whether what is there is what was asked for.
static void look_at_task(bool counts)
{
    if (task_is_done(&run.stage, run.step)) {
        run.tries++;
        task_done();
    } else if (counts) {
        run.tries++;
        // The first lines of an answer of several are no mistakes.
        if (run.tries >= run.lines - 1 + TRIES)
            offer_help();
    }
}

static void give_hint(void)
{
    if (run.phase != TASK || run.step->hint_count == 0) {
        screen_print("%s\n", _(" There is no hint here."));
        return;
    }
    if (run.hints == run.step->hint_count) {
        screen_print("%s\n", is_locked("show")
                                 ? _(" That were all hints.")
                                 : _(" That were all hints. show puts the answer on the line."));
        return;
    }
    struct buffer text = {0};
    page_show(run.step->hints[run.hints++].text, columns(), &text);
    show_take(&text);
    use_help(PROGRESS_HINT);
}

static void show_answer(void)
{
    struct buffer text = {0};
    if (run.phase != TASK) {
        screen_print("%s\n", _(" There is no task here; Enter types the page's line."));
        return;
    }
    if (is_locked("show")) {
        screen_print("%s\n", _(" Your teacher has locked show."));
        return;
    }
    lesson_show_line(run.step->code.passage.text, &text);
    edit_begin_with(buffer_str(&text));
    buffer_finish(&text);
    run.actor = run.step->code.actor;
    use_help(PROGRESS_SHOW);
}

// --- lines that socksh runs itself ---------------------------------------------------------------

static void hear(void *context)
{
    (void)context;
    run.host.show_messages();
}

static void hear_nothing(void *context)
{
    (void)context;
    messages_free(messages_take(run.host.messages));
}

// Runs what is left of the step's lines. Whether all came out as expected.
static bool run_lines(bool shown)
{
    struct line line;
    bool good = true;
    while (good && (line = scene_line(&run.scene, &run.at)).count > 0) {
        if (shown && line.items[0]->type != NODE_EXPECT) {
            struct buffer text = {0}, whole = {0};
            lesson_show_line(
                str_slice(run.scene.program->source.text, line.range.start, line.range.end), &text);
            output_escape(buffer_str(&text), &whole);
            screen_print("%.*s> %s\n", STR_ARG(run.step->code.actor), buffer_text(&whole));
            buffer_finish(&text);
            buffer_finish(&whole);
        }
        good = stage_run(&run.stage, &run.scene, &line);
    }
    return good;
}

static void skip_task(void)
{
    use_help(PROGRESS_SKIP);
    run.at = 0;
    run.stage.watch_top = true;
    bool good = run_lines(true) && task_await(&run.stage, run.step);
    run.stage.watch_top = false;
    run.host.show_messages();
    if (good)
        task_done();
    else
        screen_print("%s\n", _(" After what was done before, this does not come out as on the "
                               "page. back begins the page before on a fresh network."));
}

// The rest of the page's lines, from the one at hand on.
static void skip_lines(void)
{
    size_t before = 0;
    for (size_t at = 0; at < run.at; scene_line(&run.scene, &at))
        before = at;
    run.at = before;
    use_help(PROGRESS_SKIP);
    run.stage.watch_top = true;
    run_lines(true);
    run.stage.watch_top = false;
    run.host.show_messages();
    turn();
}

static void skip(void)
{
    if (run.phase == TASK && is_locked("skip"))
        screen_print("%s\n", _(" Your teacher has locked skip."));
    else if (run.phase == TASK)
        skip_task();
    else if (run.phase == LINES)
        skip_lines();
    else if (run.phase == ASKED)
        answer(SIZE_MAX);
    else
        turn_page();
}

// The steps before the first one, with nobody looking: what they made is there then.
static void replay(void)
{
    struct session *session = run.host.session;
    int trace = atomic_exchange(&session->trace, TRACE_OFF);
    run.stage.hear = hear_nothing;
    for (run.step = run.lesson->steps; run.step->number < run.plan->first; run.step++) {
        if (run.step->code.passage.line == 0 ||
            venue_leaves_out(run.plan->venue, run.step, run.plan->online) != NULL || !read_scene())
            continue;
        run_lines(false);
        if (run.step->code.task)
            task_await(&run.stage, run.step);
    }
    hear_nothing(NULL);
    run.stage.hear = hear;
    atomic_store(&session->trace, trace);
}

// --- what is typed -------------------------------------------------------------------------------

// "goto 4": the number, 0 when it is none of this lesson's.
static unsigned step_named(struct str line)
{
    uint64_t number = 0;
    if (!str_starts(line, STR("goto ")) ||
        !str_to_number(str_trim(str_slice(line, 5, line.size), " "), run.lesson->count, &number))
        return 0;
    return (unsigned)number;
}

// Begins again at a step: in a new process, on a fresh network.
static enum guide_take begin_at(unsigned step)
{
    run.plan->next_lesson[0] = '\0';
    run.plan->next_step = step;
    return GUIDE_QUIT;
}

// The lesson's own words.
static enum guide_take take_word(struct str line)
{
    if (str_is(line, "hint"))
        give_hint();
    else if (str_is(line, "show"))
        show_answer();
    else if (str_is(line, "skip"))
        skip();
    else if (str_is(line, "back"))
        return begin_at(run.step->number > 1 ? run.step->number - 1 : 1);
    else if (str_is(line, "restart"))
        return begin_at(1);
    else if (step_named(line) > 0)
        return begin_at(step_named(line));
    else if (str_starts(line, STR("goto ")))
        screen_print(_(" The steps go from 1 to %zu.\n"), run.lesson->count);
    else
        return GUIDE_PASS;
    return GUIDE_TAKEN;
}

// An empty line.
static enum guide_take go_on(struct buffer *instead)
{
    if (run.phase == TURN) {
        turn_page();
    } else if (run.phase == LINES) {
        buffer_add(instead, buffer_str(&run.text));
        return GUIDE_RUN;
    } else if (run.phase == OVER && run.plan->next_lesson[0] != '\0') {
        return GUIDE_QUIT;
    } else if (run.phase == TASK) {
        look_at_task(false); // states change without anybody's doing
    }
    return GUIDE_TAKEN;
}

static enum guide_take guide_take(struct str typed, struct buffer *instead)
{
    struct str line = str_trim(typed, " \t\r");
    size_t guess;
    if (line.size == 0)
        return go_on(instead);
    if (run.phase == ASKED && is_letter(line, &guess)) {
        answer(guess);
        return GUIDE_TAKEN;
    }
    return take_word(line);
}

// --- what statements come to ---------------------------------------------------------------------

// Whether both are the same but for blanks between words.
static bool is_same(struct str a, struct str b)
{
    size_t i = 0, j = 0;
    while (i < a.size || j < b.size) {
        bool blank_a = i < a.size && char_is_one_of(a.data[i], " \t\n");
        bool blank_b = j < b.size && char_is_one_of(b.data[j], " \t\n");
        if (blank_a && blank_b) {
            while (i < a.size && char_is_one_of(a.data[i], " \t\n"))
                i++;
            while (j < b.size && char_is_one_of(b.data[j], " \t\n"))
                j++;
        } else if (i < a.size && j < b.size && a.data[i] == b.data[j]) {
            i++;
            j++;
        } else {
            return false;
        }
    }
    return true;
}

static void guide_runs(struct str actor, struct str text)
{
    struct buffer line = {0};
    lesson_show_line(text, &line);
    run.matched = run.phase == LINES && str_equal(actor, run.step->code.actor) &&
                  is_same(buffer_str(&line), buffer_str(&run.text));
    run.ended = run.failed = false;
    buffer_finish(&line);
}

static void guide_ended(const struct job *job)
{
    struct nodes statements = job->program->block->list;
    buffer_clear(&run.outcome);
    run.ended = true;
    run.failed = job->failed;
    if (statements.count == 0)
        return;
    if (!job->failed)
        outcome_show(statements.items[statements.count - 1], job->last, &run.outcome);
    else if (job->failure.error.type != TYPE_UNSET)
        outcome_show_error(job->failure.error, &run.outcome);
}

// What the page says of the line at hand; empty when it says nothing.
static struct str wanted_outcome(void)
{
    const struct node *last = run.line.items[run.line.count - 1];
    struct nodes all = run.scene.program->block->list;
    for (const struct expectation *wanted = last->expects; wanted; wanted = wanted->next)
        if (!wanted->printed)
            return wanted->text;
    return last == all.items[all.count - 1] ? run.scene.foretold : STR("");
}

static bool guide_leaves(void)
{
    return run.matched && str_is(wanted_outcome(), "waits");
}

// Play of one's own before may have changed what comes: that is said, and the lesson goes on.
static void compare(bool left)
{
    struct str wanted = wanted_outcome();
    struct str got = left ? STR("waits") : buffer_str(&run.outcome);
    if (wanted.size == 0 || outcome_matches(&run.stage.captures, wanted, got, run.failed))
        return;
    struct buffer shown = {0}, fit = {0};
    pattern_show(&run.stage.captures, wanted, &shown);
    output_escape(buffer_str(&shown), &fit);
    screen_print_faint(_(" On the page this gives: %s. restart begins the lesson afresh.\n"),
                       buffer_text(&fit));
    buffer_finish(&shown);
    buffer_finish(&fit);
}

static void guide_ran(bool left)
{
    if (run.phase == LINES && run.matched) {
        compare(left);
        next_line();
    } else if (run.phase == TASK) {
        look_at_task(true);
    }
    run.matched = false;
}

static void guide_changed(void)
{
    if (run.phase == TASK)
        look_at_task(false);
}

// --- begin and end -------------------------------------------------------------------------------

static void (*finished_before)(void *context, struct actor *actor, const struct job *job);

// In an actor's thread: both the prompt and the stage hear of it.
static void on_finished(void *context, struct actor *actor, const struct job *job)
{
    if (!job->watch_top)
        stage_keep_finished(&run.stage, actor, (struct job *)job);
    finished_before(context, actor, job);
}

static void say_where(void)
{
    struct buffer ports = {0};
    venue_show_ports(run.plan->venue, &ports);
    if (run.plan->venue->why[0] != '\0')
        screen_print_faint(_(" This lesson runs on the computer's own network: %s.\n"),
                           run.plan->venue->why);
    screen_print_faint("%s", buffer_text(&ports));
    buffer_finish(&ports);
}

static bool guide_begin(const struct guide_host *host)
{
    run.host = *host;
    finished_before = host->session->observer.finished;
    host->session->observer.finished = on_finished;
    run.stage = (struct stage){.session = host->session,
                               .path = run.lesson->path,
                               .fd = host->messages->event,
                               .hear = hear};
    if (!stage_begin(&run.stage))
        return false;
    char name[RUNNING_NAME];
    snprintf(name, sizeof name, "%.*s", STR_ARG(run.lesson->name));
    running_begin(name);
    say_where();
    replay();
    run.phase = READING;
    clock_gettime(CLOCK_MONOTONIC, &run.shown);
    note_progress(PROGRESS_BEGIN, PROGRESS_ALONE);
    return true;
}

static void guide_before_line(struct guide_wish *wish)
{
    if (run.phase == READING)
        show_step();
    wish->actor = run.actor;
    wish->ghost = buffer_str(&run.ghost);
    run.actor = STR("");
}

static void guide_end(void)
{
    if (run.phase != OVER && run.plan->next_step == 0)
        screen_print(_("socksh learn %.*s goes on here, at step %u\n"), STR_ARG(run.lesson->name),
                     run.step->number);
    if (run.phase != OVER)
        run.plan->next_lesson[0] = '\0';
    running_end();
    stage_finish(&run.stage);
    buffer_finish(&run.text);
    buffer_finish(&run.ghost);
    buffer_finish(&run.outcome);
}

const struct guide *lesson_guide(struct plan *plan)
{
    static const struct guide guide = {
        .begin = guide_begin,
        .before_line = guide_before_line,
        .take = guide_take,
        .runs = guide_runs,
        .ended = guide_ended,
        .leaves = guide_leaves,
        .ran = guide_ran,
        .changed = guide_changed,
        .end = guide_end,
    };
    run.plan = plan;
    run.lesson = plan->lesson;
    return &guide;
}
