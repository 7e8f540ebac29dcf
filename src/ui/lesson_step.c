// lesson_step: pages turn, questions are answered, and the page's lines come up one by one.

#include <stdio.h>

#include "base/message.h"
#include "lesson/find.h"
#include "lesson/running.h"
#include "ui/lesson_files.h"
#include "ui/lesson_show.h"
#include "ui/lesson_state.h"
#include "ui/output.h"
#include "ui/screen.h"

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
        if (list.items[i].number > learning.lesson->number && learning.lesson->number >= 0 &&
            find_file(&list.items[i], &path)) {
            good = lesson_read(buffer_text(&path), NULL, NULL, &next, &mistake);
            snprintf(name, size, "%s", good ? list.items[i].name : "");
            buffer_add(title, good ? next.title : STR(""));
            lesson_finish(&next);
        }
        buffer_finish(&path);
    }
    found_finish(&list);
    return good;
}

// How the whole of it went, also in runs before this one: for the record.
static enum progress_help most_help(void)
{
    struct progress_state state;
    progress_of(learning.lesson->name, &state);
    enum progress_help most = state.used;
    for (enum progress_help help = PROGRESS_HINT; help <= PROGRESS_SKIP; help++)
        if (learning.helped[help] > 0 && help > most)
            most = help;
    return most;
}

static void say_how_it_went(enum progress_help most)
{
    struct timespec now;
    const unsigned *helped = learning.helped;
    clock_gettime(CLOCK_MONOTONIC, &now);
    long minutes = (now.tv_sec - learning.opened.tv_sec + 59) / 60;
    struct buffer text = {0}, fit = {0}, line = {0};
    buffer_print(&text, _(" ✓ You have finished this lesson: %.*s"),
                 STR_ARG(learning.lesson->title));
    output_escape(buffer_str(&text), &fit);
    screen_add_styled("1;32", buffer_str(&fit), &line);
    screen_print("%s\n", buffer_text(&line));
    if (most == PROGRESS_ALONE)
        lesson_say(_("You needed no help. Minutes since you opened it: %ld."), minutes);
    else
        lesson_say(_("Steps with hints: %u, with the answer shown: %u, skipped: %u. Minutes since "
                     "you opened it: %ld."),
                   helped[PROGRESS_HINT], helped[PROGRESS_SHOW], helped[PROGRESS_SKIP], minutes);
    buffer_finish(&text);
    buffer_finish(&fit);
    buffer_finish(&line);
}

static void finish_lesson(void)
{
    struct buffer title = {0};
    enum progress_help most = most_help();
    struct plan *plan = learning.plan;
    lesson_note(PROGRESS_FINISH, most);
    learning.phase = OVER;
    say_how_it_went(most);
    if (find_next(plan->next_lesson, sizeof plan->next_lesson, &title))
        lesson_say(_("What comes next: %s. Enter begins it, quit leaves."), buffer_text(&title));
    else
        lesson_say("%s", _("That was the last lesson. quit leaves."));
    buffer_finish(&title);
}

// --- the end of a step ---------------------------------------------------------------------------

// Whether the next step is no more than lines: they go on where these end, without a page between.
static bool goes_straight_on(void)
{
    const struct step *next = learning.step + 1;
    return learning.step->number < learning.lesson->count && next->code.passage.line != 0 &&
           !next->code.task && next->question.ask.line == 0 && lesson_page_is_empty(next) &&
           venue_leaves_out(learning.plan->venue, next) == NULL;
}

static void enter_step(void)
{
    learning.tries = 0;
    learning.hints = 0;
    learning.shows = false;
    learning.help = PROGRESS_ALONE;
    clock_gettime(CLOCK_MONOTONIC, &learning.shown);
    running_step(learning.step->number, (unsigned)learning.lesson->count,
                 learning.step->notes.text);
}

static void show_files(void)
{
    struct buffer links = {0};
    lesson_files_show(learning.plan->folder, learning.lesson, &links);
    if (links.size > 0)
        screen_print("%s", buffer_text(&links));
    buffer_finish(&links);
}

void lesson_step_done(void)
{
    show_files();
    learning.helped[learning.help]++;
    lesson_note(PROGRESS_STEP, learning.help);
    if (learning.step->number == learning.lesson->count) {
        finish_lesson();
        return;
    }
    if (goes_straight_on()) {
        learning.step++;
        enter_step();
        if (lesson_read_scene()) {
            lesson_next_line(0);
            return;
        }
    }
    learning.phase = TURN;
    if (!lesson_has_ghost())
        lesson_whisper("%s", _("(Enter goes on)"));
}

// --- the page's lines ----------------------------------------------------------------------------

bool lesson_line(size_t count, struct buffer *text, const struct node **last, size_t *behind)
{
    size_t start = 0, end = 0;
    *behind = learning.at;
    for (size_t i = 0; i < count; i++) {
        struct line line = lesson_typed_line(behind);
        if (line.count == 0)
            return false;
        start = i == 0 ? line.range.start : start;
        end = line.range.end;
        *last = line.items[line.count - 1];
    }
    lesson_show_line(str_slice(learning.scene.program->source.text, start, end), text);
    return true;
}

void lesson_next_line(size_t at)
{
    size_t behind = at;
    lesson_await_left(at);
    if (lesson_typed_line(&behind).count == 0) {
        lesson_step_done();
        return;
    }
    learning.at = at;
    learning.phase = LINES;
    learning.actor = learning.step->code.actor;
    if (!learning.told_lines)
        lesson_whisper("%s", _("Enter runs the page's line as it stands. You may also type it, or "
                               "anything else that you want to try."));
    learning.told_lines = true;
    if (!lesson_has_ghost()) {
        struct buffer text = {0};
        const struct node *last;
        lesson_line(1, &text, &last, &behind);
        lesson_whisper(_("next line: %s"), buffer_text(&text));
        buffer_finish(&text);
    }
}

// Each behind its prompt. A single one stands at the prompt alone.
static void add_lines(struct buffer *to)
{
    struct str source = learning.scene.program->source.text, actor = learning.step->code.actor;
    struct line line;
    size_t at = 0, second = 0;
    lesson_typed_line(&second);
    if (lesson_typed_line(&second).count == 0)
        return;
    if (to->size > 0)
        buffer_add_char(to, '\n');
    while ((line = lesson_typed_line(&at)).count > 0) {
        struct buffer text = {0};
        lesson_show_line(str_slice(source, line.range.start, line.range.end), &text);
        lesson_show_typed(actor, buffer_str(&text), lesson_columns(), to);
        buffer_finish(&text);
    }
}

// What is to be done once the page is read and the question answered.
static void begin_code(void)
{
    const struct step *step = learning.step;
    const char *left_out = venue_leaves_out(learning.plan->venue, step);
    if (left_out != NULL)
        lesson_whisper(_("This step is left out: %s."), left_out);
    if (step->code.passage.line == 0 || left_out != NULL || !lesson_read_scene())
        lesson_step_done();
    else if (step->code.task)
        lesson_begin_task();
    else
        lesson_next_line(0);
}

// Whether the page shows the lines that are to be typed.
static bool has_lines(void)
{
    const struct step *step = learning.step;
    return step->code.passage.line != 0 && !step->code.task &&
           venue_leaves_out(learning.plan->venue, step) == NULL && lesson_read_scene();
}

// --- pages ---------------------------------------------------------------------------------------

void lesson_begin_step(void)
{
    struct buffer page = {0}, body = {0};
    const struct step *step = learning.step;
    bool asks = step->question.ask.line != 0;
    enter_step();
    lesson_show_head(learning.lesson, step, lesson_columns(), &page);
    lesson_show_page(learning.lesson, step, lesson_columns(), &body);
    if (asks)
        lesson_show_question(&step->question, lesson_columns(), &body);
    else if (has_lines())
        add_lines(&body);
    if (body.size > 0)
        buffer_add_char(&body, '\n');
    buffer_add(&page, buffer_str(&body));
    lesson_show_take(&page);
    buffer_finish(&body);
    if (asks)
        learning.phase = ASKED;
    else
        begin_code();
}

void lesson_answer(size_t guess)
{
    struct buffer text = {0}, lines = {0};
    const struct question *question = &learning.step->question;
    learning.tries += guess < question->count;
    lesson_show_answer(question, guess, lesson_columns(), &text);
    if (has_lines())
        add_lines(&lines);
    if (lines.size > 0)
        buffer_add_char(&text, '\n');
    buffer_add(&text, buffer_str(&lines));
    buffer_add_char(&text, '\n');
    lesson_show_take(&text);
    buffer_finish(&lines);
    begin_code();
}

void lesson_turn_page(void)
{
    learning.step++;
    learning.phase = READING;
}
