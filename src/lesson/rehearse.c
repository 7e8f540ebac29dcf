// rehearse: a lesson from its first step to its last, with nobody at the keyboard.

#include "lesson/rehearse.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "actor/calls.h"
#include "actor/load.h"
#include "base/language.h"
#include "base/message.h"
#include "base/utf8.h"
#include "lesson/answers.h"
#include "lesson/judge.h"
#include "lesson/pair.h"
#include "lesson/stage.h"
#include "lesson/tap.h"
#include "lesson/task.h"
#include "lesson/venue.h"
#include "net/confine.h"

enum {
    SHOWN = 1000,      // octets of one line, value or report that are shown
    ERRORS = 4 * 1024, // octets of reports of actors that are kept
};

// One a process.
static struct {
    const char *path;
    struct venue venue;
    struct lesson lesson;
    struct session session;
    struct sink sink;
    struct stage stage;
    struct buffer errors; // reports of actors; stage.lock guards it
    struct buffer why;    // what was wrong with the step at hand: lines for a person
    char answers_path[PATH_MAX];
    struct answers answers;
    struct lesson_mistake answers_mistake;
} run;

// --- what is told --------------------------------------------------------------------------------

// What goes on for long says nothing more in the end.
static struct str cut(struct str text)
{
    return str_slice(text, 0, utf8_cut(text, SHOWN));
}

// Appends "lessons/05-hello/en.md:12: connect c …", then what was wanted and what came.
static void on_tell(void *context, const struct verdict *verdict)
{
    (void)context;
    if (verdict->good)
        return;
    const struct source *source = &verdict->program->source;
    struct place place = source_place(source, verdict->range.start);
    struct str line = cut(str_trim(source_line(source, place.line), " \t\r"));
    buffer_print(&run.why, "%s:%u: %.*s\n", run.path, place.line, STR_ARG(line));
    buffer_print(&run.why, _("wanted: %.*s\n"), STR_ARG(cut(verdict->wanted)));
    buffer_print(&run.why, _("got:    %.*s\n"), STR_ARG(cut(verdict->got)));
}

static void on_write(struct sink *sink, enum stream stream, const struct actor *actor,
                     struct str text)
{
    (void)sink;
    (void)actor;
    if (stream == STREAM_OUTPUT)
        stage_keep_printed(&run.stage, text);
    if (stream != STREAM_REPORT)
        return;
    pthread_mutex_lock(&run.stage.lock);
    if (run.errors.size < ERRORS) // whoever fails again and again fails in the same way
        buffer_add(&run.errors, cut(text));
    pthread_mutex_unlock(&run.stage.lock);
}

static void on_finished(void *context, struct actor *actor, const struct job *job)
{
    (void)context;
    stage_keep_finished(&run.stage, actor, (struct job *)job);
}

// What actors reported meanwhile: errors that nobody expected. Whether there was none.
static bool take_errors(void)
{
    pthread_mutex_lock(&run.stage.lock);
    bool none = run.errors.size == 0;
    buffer_add(&run.why, buffer_str(&run.errors));
    buffer_clear(&run.errors);
    pthread_mutex_unlock(&run.stage.lock);
    return none;
}

// The step's result, named by its first statement or its first words.
static bool tell_step(const struct step *step, bool good, const char *skipped)
{
    struct buffer name = {0};
    struct str text = step->code.passage.line ? step->code.passage.text : step->page.text;
    unsigned line = step->code.passage.line ? step->code.passage.line : step->line;
    text = str_trim(text, " \t\r\n");
    text = cut(str_slice(text, 0, str_find(text, STR("\n"), 0)));
    buffer_print(&name, _("step %u: %.*s"), step->number, STR_ARG(text));
    if (skipped != NULL)
        buffer_print(&name, " (%s)", skipped);
    tap_result(good, str_from(run.path), line, buffer_str(&name));
    if (!good)
        tap_comment("", buffer_str(&run.why));
    buffer_clear(&run.why);
    buffer_finish(&name);
    return good;
}

// --- a step --------------------------------------------------------------------------------------

// An empty answer must not pass.
static bool fails_empty(const struct step *step)
{
    if (!task_read(&run.stage, step, &run.why))
        return false;
    if (!task_is_done(&run.stage, step))
        return true;
    buffer_print(&run.why, _("%s:%u: this check holds before anything was done\n"), run.path,
                 step->check.line);
    return false;
}

static bool passes_check(const struct step *step)
{
    if (task_await(&run.stage, step))
        return true;
    buffer_print(&run.why, _("%s:%u: this check does not hold after the model answer\n"), run.path,
                 step->check.line);
    stage_show_actors(&run.stage, &run.why);
    buffer_add_char(&run.why, '\n');
    return false;
}

// The outcome behind the right option came true, and no other did.
static bool keeps_word(const struct step *step)
{
    const struct question *question = &step->question;
    if (question->ask.line == 0 || question->options[0].outcome.size == 0)
        return true;
    size_t came = stage_foretold(&run.stage, question);
    if (came != SIZE_MAX && question->options[came].right)
        return true;
    buffer_print(&run.why,
                 _("%s:%u: the outcome of the right option did not come true, or another "
                   "one fits as well\ngot:    %.*s\n"),
                 run.path, question->ask.line, STR_ARG(buffer_str(&run.stage.outcome)));
    return false;
}

// All statements of the step, as long as they come out as expected.
static bool run_statements(const struct step *step)
{
    struct scene scene;
    bool good = stage_read(&run.stage, step, &scene, &run.why);
    if (!good)
        return false;
    struct line line;
    for (size_t at = 0; good && (line = scene_line(&scene, &at)).count > 0;)
        good = stage_run(&run.stage, &scene, &line);
    return good;
}

// Whether it came out as the lesson says.
static bool run_step(const struct step *step)
{
    bool good = true;
    if (step->code.passage.line == 0)
        return take_errors();
    if (step->code.task)
        good = fails_empty(step);
    good = good && run_statements(step) && keeps_word(step);
    if (step->code.task)
        good = good && passes_check(step);
    return take_errors() && good;
}

// --- a lesson ------------------------------------------------------------------------------------

// Until the first step that does not come out: those behind it build on it.
static bool run_lesson(void)
{
    for (size_t i = 0; i < run.lesson.count; i++) {
        const struct step *step = &run.lesson.steps[i];
        const char *left_out = venue_leaves_out(&run.venue, step);
        if (!tell_step(step, left_out != NULL || run_step(step), left_out))
            return false;
    }
    return true;
}

// What fails after its statement was done with is nobody's step any more.
static bool run_to_end(void)
{
    bool good = run_lesson();
    if (good)
        good = stage_tell_left(&run.stage) == 0 && take_errors();
    tap_result(good, str_from(run.path), 0, STR(JUDGE_END));
    if (run.why.size > 0)
        tap_comment("", buffer_str(&run.why));
    return good;
}

// --- an answer -----------------------------------------------------------------------------------

// The step of the task with that number, from 1; NULL when there are not so many.
static const struct step *find_task(unsigned number)
{
    for (size_t i = 0; i < run.lesson.count; i++)
        if (run.lesson.steps[i].code.task && --number == 0)
            return &run.lesson.steps[i];
    return NULL;
}

// Runs the lesson up to the task, then what was answered. Whether the check says what it should.
static bool judge_answer(const struct answer *answer, const struct step *task)
{
    struct scene scene;
    for (const struct step *step = run.lesson.steps; step < task; step++)
        if (venue_leaves_out(&run.venue, step) == NULL && !run_step(step))
            return false;
    if (!stage_read_passage(&run.stage, answer->passage, answer->actor, &scene, &run.why))
        return !answer->right; // a learner is told what is wrong, and nothing happens
    struct line line;
    for (size_t at = 0; (line = scene_line(&scene, &at)).count > 0;)
        stage_try(&run.stage, &scene, &line);
    stage_await_rest(&run.stage);
    bool done = answer->right ? task_await(&run.stage, task) : task_is_done(&run.stage, task);
    if (done != answer->right)
        buffer_print(&run.why,
                     answer->right ? _("%s:%u: the check does not let it pass\n")
                                   : _("%s:%u: the check lets it pass\n"),
                     run.path, task->check.line);
    return done == answer->right;
}

// Reads the file beside the lesson: before the lesson's folder is the only one that is read.
static void read_answers(void)
{
    struct str folder = str_from(run.path);
    folder.size -= run.lesson.language.size + strlen(".md");
    snprintf(run.answers_path, sizeof run.answers_path, "%.*sanswers.md", STR_ARG(folder));
    answers_read(run.answers_path, &run.answers, &run.answers_mistake);
}

static bool run_answer(unsigned number)
{
    struct str path = str_from(run.answers_path);
    bool good = number <= run.answers.count;
    const struct answer *answer = good ? &run.answers.items[number - 1] : NULL;
    const struct step *task = good ? find_task(answer->task) : NULL;
    if (task != NULL) {
        good = judge_answer(answer, task);
        tap_result(good, path, answer->passage.line,
                   answer->right ? STR("a right answer passes") : STR("a near miss does not pass"));
    } else {
        tap_result(false, path, good ? answer->passage.line : run.answers_mistake.line,
                   STR("there is such an answer, and its task"));
        if (good)
            buffer_print(&run.why, _("the lesson has no task %u"), answer->task);
        else
            buffer_add_text(&run.why, run.answers_mistake.text);
        good = false;
    }
    if (!good)
        tap_comment("", buffer_str(&run.why));
    tap_result(true, path, 0, STR(JUDGE_END));
    return good;
}

// --- the process ---------------------------------------------------------------------------------

bool rehearse_read(char **words, int count, struct rehearsal *rehearsal)
{
    *rehearsal = (struct rehearsal){.path = count > 0 ? words[0] : NULL};
    for (int i = 1; i < count; i++) {
        if (strcmp(words[i], "--host") == 0)
            rehearsal->host = true;
        else if (strcmp(words[i], "--answer") == 0 && i + 1 < count)
            rehearsal->answer = (unsigned)strtoul(words[++i], NULL, 10);
        else if (strcmp(words[i], "--folder") == 0 && i + 1 < count)
            rehearsal->folder = words[++i];
        else
            return false;
    }
    return rehearsal->path != NULL;
}

void rehearse_begin(const struct rehearsal *rehearsal)
{
    venue_begin(&run.venue, rehearsal->host, false);
    confine_limits();
}

// A mistake of the file is a result of its own.
static int report_mistake(const struct lesson_mistake *mistake)
{
    tap_result(false, str_from(run.path), mistake->line, STR("the lesson reads without a mistake"));
    tap_comment("", str_from(mistake->text));
    return 2;
}

// What differs from a lesson in a network of its own is said, for whoever reads the results.
static void comment_venue(void)
{
    struct buffer text = {0};
    if (run.venue.why[0] != '\0')
        buffer_print(&text, _("on the computer's own network: %s\n"), run.venue.why);
    venue_show_ports(&run.venue, &text);
    if (text.size > 0)
        tap_comment("", buffer_str(&text));
    buffer_finish(&text);
}

// As the file stands: where a port is replaced, both languages would have to agree on which.
static bool is_well_paired(struct lesson_mistake *mistake)
{
    struct lesson lesson;
    bool good = lesson_read(run.path, NULL, NULL, &lesson, mistake) && pair_check(&lesson, mistake);
    lesson_finish(&lesson);
    return good;
}

// What socksh itself says is in the lesson's language, which its name tells.
static void speak_its_language(void)
{
    struct lesson named;
    struct lesson_mistake ignored;
    char language[16];
    lesson_read_text(run.path, STR(""), &named, &ignored);
    snprintf(language, sizeof language, "%.*s", STR_ARG(named.language));
    language_start(language);
    lesson_finish(&named);
}

static int run_in(const struct rehearsal *rehearsal, const char *folder)
{
    struct lesson_mistake mistake;
    if ((rehearsal->answer == 0 && !is_well_paired(&mistake)) ||
        !venue_read(&run.venue, run.path, &run.lesson, &mistake))
        return report_mistake(&mistake);
    comment_venue();
    if (rehearsal->answer > 0)
        read_answers();
    if (!venue_enter(folder, &run.lesson)) {
        tap_result(false, str_from(run.path), 0, STR("there is a folder for its files"));
        return 2;
    }
    handles_keep_records(true);
    calls_follow(false);
    run.sink.write = on_write;
    session_init(&run.session, &run.sink);
    run.session.load = load_file;
    run.session.observer = (struct observer){.finished = on_finished};
    run.stage =
        (struct stage){.session = &run.session, .path = run.path, .fd = -1, .tell = on_tell};
    bool good = stage_begin(&run.stage);
    if (good) {
        good = rehearsal->answer ? run_answer(rehearsal->answer) : run_to_end();
        stage_finish(&run.stage);
    }
    session_finish(&run.session);
    return good ? 0 : 1;
}

int rehearse_run(const struct rehearsal *rehearsal)
{
    char path[PATH_MAX];
    struct buffer folder = {0};
    if (!tap_open())
        return 2;
    // The folder becomes the working one: paths from the command line are to last.
    run.path = realpath(rehearsal->path, path) != NULL ? path : rehearsal->path;
    speak_its_language();
    int status = 2;
    if (rehearsal->folder != NULL)
        buffer_add_text(&folder, rehearsal->folder);
    if (folder.size > 0 || venue_make(&folder)) {
        status = run_in(rehearsal, buffer_text(&folder));
        venue_remove(buffer_text(&folder)); // whoever named it may be gone
    }
    buffer_finish(&folder);
    lesson_finish(&run.lesson);
    answers_finish(&run.answers);
    buffer_finish(&run.errors);
    buffer_finish(&run.why);
    tap_close();
    return status;
}
