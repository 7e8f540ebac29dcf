// lesson_state: where a learner stands in a lesson, and what all parts of its guide do with that.
//
// lesson_guide.c is the guide that the prompt asks; lesson_step.c turns pages, asks, and has the
// page's lines typed; lesson_task.c looks at tasks and helps with them; lesson_run.c runs lines
// that nobody types. One a process, as the prompt is; called by the prompt's thread alone.

#ifndef SOCKSH_UI_LESSON_STATE_H
#define SOCKSH_UI_LESSON_STATE_H

#include <time.h>

#include "lesson/progress.h"
#include "lesson/stage.h"
#include "ui/guide.h"
#include "ui/lead.h"

// What the learner is to do next.
enum phase {
    READING, // the page is not shown yet
    ASKED,   // a letter, as the answer to a question
    LINES,   // the lines of the page, one after the other
    TASK,    // something of their own
    TURN,    // Enter, and the page turns
    OVER,    // the lesson is done
};

struct learning {
    struct plan *plan;
    const struct lesson *lesson;
    struct guide_host host;
    struct stage stage;
    const struct step *step;
    enum phase phase;
    struct scene scene; // the step's statements
    size_t at;          // statement where the line at hand begins: LINES, or TASK with `shows`
    unsigned reached;   // the first step that was not done, before this process began
    bool told_lines;    // how lines are run was said
    struct str actor;   // whom the next line is for; empty when that does not change
    // TASK
    unsigned lines;          // of the model answer
    bool shows;              // `show` has put the line at `at` on the line
    unsigned tries;          // of this step
    size_t hints;            // shown, of this step
    enum progress_help help; // of this step
    // Of the lesson, since it was opened:
    unsigned helped[PROGRESS_SKIP + 1]; // steps by the most that was used
    struct timespec opened, shown;      // when the lesson was, and the step
};

extern struct learning learning;

// The words that are the lesson's own, ended by NULL.
extern const char *const lesson_words[];

// --- what is said (lesson_say.c) -----------------------------------------------------------------

// Columns of the screen, at most 100: pages leave the rest of a wider one free.
size_t lesson_columns(void);

// Writes a note in lines that fit the screen, one blank in from the left; the second less important
// ones.
__attribute__((format(printf, 1, 2))) void lesson_say(const char *format, ...);
__attribute__((format(printf, 1, 2))) void lesson_whisper(const char *format, ...);

// Shows whole lines, a screenful at a time, and finishes the text.
void lesson_show_take(struct buffer *text);

// Whether the editor shows what could be typed behind the cursor.
bool lesson_has_ghost(void);

// Whether the actor has a variable of that name.
bool lesson_has_variable(struct str actor, struct str name);

// The words that a lesson takes besides statements, in a few lines.
void lesson_say_words(void);

// --- steps (lesson_step.c) -----------------------------------------------------------------------

// Shows the step at hand: its page, then what is to be done.
void lesson_begin_step(void);

// The letter of an option was given; SIZE_MAX for none: then only the answer is said.
void lesson_answer(size_t guess);

// The page's line at hand as one text that can be typed, its last statement's node, and the
// statement behind it; `count` lines together when the learner types several at once. False when
// there are no more so many.
bool lesson_line(size_t count, struct buffer *text, const struct node **last, size_t *behind);

// The line at hand is done: the next one, which begins with statement `at`, or the page turns.
void lesson_next_line(size_t at);

// All of the step is done: Enter turns the page.
void lesson_step_done(void);

// The next page, or the end.
void lesson_turn_page(void);

// --- tasks (lesson_task.c) -----------------------------------------------------------------------

void lesson_begin_task(void);

// An input is about to be run: which of the page's names its actor lacks.
void lesson_note_names(void);

// Looks whether what is there is what was asked for; `counts` when an answer was given. Whether it
// is.
bool lesson_look_at_task(bool counts);

// Of an answer that was asked for and is not whole yet, puts the row behind `input` on the line
// that is edited next, if `input` is what the answer begins with.
void lesson_show_behind(struct str input);

// `hint`, `show`, `skip`. The last gives false when what is left of the step does not come out as
// on the page, after what the learner has done.
void lesson_give_hint(void);
void lesson_give_answer(void);
bool lesson_skip(void);

// A task is passed by, since a later step is to begin: noted as skipped where it was not done.
// False where a teacher has locked skip.
bool lesson_pass_task(void);

// The line that `show` has put there was run: the answer's next one, which begins with statement
// `behind`.
void lesson_show_more(size_t behind);

// --- lines that socksh runs itself (lesson_run.c) ------------------------------------------------

// Reads the step's statements. False when they do not read, which socksh check would have said.
bool lesson_read_scene(void);

// The lines that are typed: those that only expect something are not. From statement `at` on; its
// statement is moved behind it. Count 0: there is none.
struct line lesson_typed_line(size_t *at);

// Shows what other actors do because of what was run, for a moment: while the one that ran it is
// still talked to.
void lesson_settle(void);

// When the line that begins with statement `at` only says what came of a call that was left
// waiting: waits until that has ended, at most as long as a step may take.
void lesson_await_left(size_t at);

// Runs the step's lines from statement `at` on, each shown first if `shown`. Whether all came out
// as expected.
bool lesson_run_lines(size_t at, bool shown);

// Runs the steps before the first one, with nobody looking. Whether all came out as expected.
bool lesson_replay(void);

// What hears of messages while lines run.
void lesson_hear(void *context);

// --- progress (lesson_say.c) ---------------------------------------------------------------------

void lesson_use_help(enum progress_help help);
void lesson_note(enum progress_event event, enum progress_help help);

#endif
