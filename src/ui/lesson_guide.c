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
// A single letter is an answer, "b)" as well, but for one that names a variable. Whether it was
// taken for one.
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
}

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
static void begin_replay(void)
{
    if (learning.plan->first > 1)
        lesson_whisper(_("What comes before step %u is replayed …"), learning.plan->first);
    if (!lesson_replay())
        lesson_whisper("%s", _("Not all of that came out as on the pages; restart begins afresh."));
}

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
        .words = lesson_words,
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

// How many of the page's lines, from the one at hand on, the text is; 0 for none.
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

static void guide_runs(struct str actor, struct str text)
{
    bool from_page = learning.phase == LINES || (learning.phase == TASK && learning.shows);
    input.matched = from_page && str_equal(actor, learning.step->code.actor) && is_of_page(text);
    input.failed = input.looks = false;
    buffer_clear(&input.outcome);
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
    buffer_finish(&fit);
}

static void guide_ran(bool left)
{
    bool matched = input.matched;
    input.matched = false;
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
    if (!job->watch_top)
        stage_keep_finished(&learning.stage, actor, (struct job *)job);
    finished_before(context, actor, job);
}

static void say_where(void)
{
    struct buffer ports = {0};
    const struct venue *venue = learning.plan->venue;
    if (venue->why[0] != '\0')
        lesson_whisper(_("This lesson runs on the computer's own network: %s."), venue->why);
    else if (!venue->own_network)
        lesson_whisper("%s", _("This lesson runs on the computer's own network."));
    venue_show_ports(venue, &ports);
    for (struct str rest = buffer_str(&ports); rest.size > 0;)
        lesson_whisper("%.*s", STR_ARG(str_trim(str_take_line(&rest), " ")));
    buffer_finish(&ports);
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
    char name[RUNNING_NAME];
    snprintf(name, sizeof name, "%.*s", STR_ARG(learning.lesson->name));
    running_begin(name);
    say_where();
    begin_replay();
    learning.phase = READING;
    clock_gettime(CLOCK_MONOTONIC, &learning.opened);
    learning.shown = learning.opened;
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
    if (!goes_on && learning.phase != OVER && learning.plan->next_step == 0)
        lesson_say(_(stopped), learning.step->number, learning.lesson->count,
                   STR_ARG(learning.lesson->name));
    running_end();
    stage_finish(&learning.stage);
    buffer_finish(&input.outcome);
    buffer_finish(&ghost);
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
    learning.plan = plan;
    learning.lesson = plan->lesson;
    learning.step = plan->lesson->steps;
    return &guide;
}
