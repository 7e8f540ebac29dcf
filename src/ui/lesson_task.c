// lesson_task: a task is looked at after each answer, and help with it comes in steps.

#include <stdlib.h>
#include <string.h>

#include "actor/variables.h"
#include "base/message.h"
#include "lesson/task.h"
#include "ui/edit.h"
#include "ui/lesson_show.h"
#include "ui/lesson_state.h"
#include "ui/page.h"
#include "ui/screen.h"

enum { TRIES = 3 }; // that did not do before help is offered

// Whether a teacher keeps the word from the class: SOCKSH_LOCK="show skip".
static bool is_locked(const char *word)
{
    const char *locked = getenv("SOCKSH_LOCK");
    struct str rest = str_from(locked != NULL ? locked : "");
    for (size_t end; rest.size > 0; rest = str_slice(rest, end + 1, rest.size)) {
        for (end = 0; end < rest.size && !char_is_one_of(rest.data[end], " ,\t");)
            end++;
        if (str_is(str_slice(rest, 0, end), word))
            return true;
    }
    return false;
}

static bool is_challenge(void)
{
    return learning.step->challenge.line != 0;
}

void lesson_begin_task(void)
{
    struct buffer words = {0};
    size_t at = 0;
    learning.phase = TASK;
    learning.at = 0;
    learning.actor = learning.step->code.actor;
    for (learning.lines = 0; lesson_typed_line(&at).count > 0;)
        learning.lines++;
    buffer_add_text(&words, "hint");
    if (!is_locked("show"))
        buffer_add_text(&words, " · show");
    if (!is_locked("skip") || is_challenge())
        buffer_add_text(&words, " · skip");
    lesson_whisper("%s · back · lessons · help · quit", buffer_text(&words));
    buffer_finish(&words);
    lesson_note_names();
}

// --- looking -------------------------------------------------------------------------------------

// Names of the page that the task's actor had no handle for before the input at hand.
static struct lacking {
    struct str names[TASK_NAMES];
    size_t count;
} lacking;

static void look_at_variable(const struct actor *actor, const struct variable *variable,
                             void *context)
{
    (void)actor, (void)context;
    for (size_t i = 0; i < lacking.count; i++)
        if (variable->handle != NULL && str_equal(variable->name, lacking.names[i]))
            lacking.names[i] = STR("");
}

static void add_name(struct str name)
{
    for (size_t i = 0; i < lacking.count; i++)
        if (str_equal(lacking.names[i], name))
            return;
    if (lacking.count < TASK_NAMES)
        lacking.names[lacking.count++] = name;
}

void lesson_note_names(void)
{
    struct str text = learning.step->check.text;
    lacking.count = 0;
    for (size_t at = 0; (at = str_find(text, STR("?"), at)) != SIZE_MAX;) {
        size_t end = ++at;
        while (end < text.size && is_name_part(text.data[end]))
            end++;
        if (end > at)
            add_name(str_slice(text, at, end));
    }
    variables_each(learning.host.session, learning.step->code.actor, look_at_variable, NULL);
}

// What later pages call by a name of theirs.
static void say_names(void)
{
    struct buffer names = {0};
    for (size_t i = 0; i < lacking.count; i++) {
        if (lacking.names[i].size == 0)
            continue;
        if (names.size > 0)
            buffer_add_text(&names, ", ");
        buffer_add(&names, lacking.names[i]);
    }
    if (names.size > 0)
        lesson_whisper(_("On the pages it is called %s: that name is set now, too."),
                       buffer_text(&names));
    buffer_finish(&names);
}

static void task_done(void)
{
    struct buffer text = {0};
    lesson_show_done(learning.step, &text);
    screen_print("%s", buffer_text(&text));
    buffer_finish(&text);
    say_names();
    lesson_step_done();
}

// Help, in this order: hints, the answer on the line, the answer run.
static void offer_help(void)
{
    struct str actor = learning.step->code.actor;
    const char *here = learning.host.talks_to();
    if (!str_is(actor, here))
        lesson_whisper(_("Not there yet. This is for %.*s to do, and you talk to %s: @%.*s goes "
                         "there."),
                       STR_ARG(actor), here, STR_ARG(actor));
    else if (learning.hints < learning.step->hint_count)
        lesson_whisper("%s", _("Not there yet. hint helps."));
    else if (learning.help < PROGRESS_SHOW && !is_locked("show"))
        lesson_whisper("%s", _("Not there yet. show puts the answer on the line."));
    else if (!is_locked("skip") || is_challenge())
        lesson_whisper("%s", _("Not there yet. skip goes on without it."));
    else
        lesson_whisper("%s", _("Not there yet."));
}

bool lesson_look_at_task(bool counts)
{
    bool done = task_is_done(&learning.stage, learning.step);
    learning.tries += done || counts;
    if (done)
        task_done();
    // The first lines of an answer of several are no mistakes.
    else if (counts && learning.tries >= learning.lines - 1 + TRIES)
        offer_help();
    return done;
}

// --- help ----------------------------------------------------------------------------------------

// What there is to do where no task is.
static void say_no_task(void)
{
    if (learning.phase == ASKED)
        lesson_say("%s", _("This is a question: a letter answers it, skip gives the answer away."));
    else if (learning.phase == LINES)
        lesson_say("%s", _("There is no task here: Enter runs the page's line."));
    else
        lesson_say("%s", learning.phase == OVER ? _("The lesson is over; quit leaves.")
                                                : _("There is nothing to do here: Enter goes on."));
}

void lesson_give_hint(void)
{
    const struct step *step = learning.step;
    if (learning.phase != TASK) {
        say_no_task();
    } else if (step->hint_count == 0) {
        lesson_say("%s", _("There is no hint for this task."));
    } else if (learning.hints < step->hint_count) {
        struct buffer text = {0};
        page_show(step->hints[learning.hints++].text, lesson_columns(), &text);
        lesson_show_take(&text);
        lesson_use_help(PROGRESS_HINT);
    } else if (is_locked("show")) {
        lesson_say("%s", _("There are no more hints."));
    } else {
        lesson_say("%s", _("There are no more hints. show puts the answer on the line."));
    }
}

void lesson_show_behind(struct str input)
{
    struct buffer before = {0}, row = {0};
    size_t behind = learning.at;
    struct line line = lesson_typed_line(&behind);
    struct str rest =
        str_slice(learning.scene.program->source.text, line.range.start, line.range.end);
    for (; lesson_show_row(&rest, &row); buffer_clear(&row)) {
        if (lesson_is_same(buffer_str(&before), input)) {
            edit_begin_with(buffer_str(&row));
            break;
        }
        buffer_add(&before, buffer_str(&row));
        buffer_add_char(&before, '\n');
    }
    buffer_finish(&before);
    buffer_finish(&row);
}

// Puts the answer's line at hand on the line that is edited next: of several rows the first one.
static void put_line(void)
{
    size_t behind = learning.at;
    learning.shows = lesson_typed_line(&behind).count > 0;
    lesson_show_behind(STR(""));
    learning.actor = learning.step->code.actor;
}

void lesson_give_answer(void)
{
    if (learning.phase != TASK) {
        say_no_task();
    } else if (is_locked("show")) {
        lesson_say("%s", _("show is locked here."));
    } else {
        learning.at = 0;
        put_line();
        lesson_use_help(PROGRESS_SHOW);
    }
}

void lesson_show_more(size_t behind)
{
    learning.at = behind;
    put_line();
}

// --- skipping ------------------------------------------------------------------------------------

// False when the answer does not do after what the learner has done.
static bool skip_task(void)
{
    if (is_challenge()) {
        lesson_step_done();
        return true;
    }
    if (is_locked("skip")) {
        lesson_say("%s", _("skip is locked here."));
        return true;
    }
    lesson_use_help(PROGRESS_SKIP);
    lacking.count = 0; // the answer has the page's names
    bool good = lesson_run_lines(0, true) && task_await(&learning.stage, learning.step);
    learning.host.show_messages();
    if (good)
        task_done();
    return good;
}

bool lesson_pass_task(void)
{
    if (is_challenge() || learning.step->number < learning.reached)
        return true;
    if (is_locked("skip")) {
        lesson_say("%s", _("skip is locked here, so this is the first task that is to be done."));
        return false;
    }
    learning.helped[PROGRESS_SKIP]++;
    lesson_note(PROGRESS_STEP, PROGRESS_SKIP);
    return true;
}

bool lesson_skip(void)
{
    bool good = true;
    switch (learning.phase) {
    case TASK:
        good = skip_task();
        break;
    case LINES:
        lesson_use_help(PROGRESS_SKIP);
        good = lesson_run_lines(learning.at, true);
        learning.host.show_messages();
        if (good)
            lesson_step_done();
        break;
    case ASKED:
        lesson_answer(SIZE_MAX);
        break;
    case TURN:
        lesson_turn_page();
        break;
    default:
        say_no_task();
    }
    if (!good)
        lesson_note(PROGRESS_STEP, learning.help);
    return good;
}
