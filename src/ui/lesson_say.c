// lesson_say: what a lesson's guide says beside its pages, and what it keeps of the learner.

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "actor/variables.h"
#include "base/message.h"
#include "base/wrap.h"
#include "ui/edit.h"
#include "ui/edit_terminal.h"
#include "ui/lesson_state.h"
#include "ui/output.h"
#include "ui/screen.h"

enum { COLUMNS_MOST = 100 }; // as pages have

struct learning learning;

const char *const lesson_words[] = {"hint", "show", "skip", "back", "restart", "goto", NULL};

size_t lesson_columns(void)
{
    size_t columns = edit_terminal_size(fileno(learning.host.more.out)).columns;
    return columns < COLUMNS_MOST ? columns : COLUMNS_MOST;
}

static void say(bool faint, const char *format, va_list arguments)
{
    char *text;
    struct buffer fit = {0}, lines = {0};
    if (vasprintf(&text, format, arguments) < 0)
        return;
    size_t blanks = strspn(text, " ");
    output_escape(str_from(text), &fit);
    wrap_add(buffer_str(&fit), 1, 1 + blanks, lesson_columns() - 1, &lines);
    if (faint)
        screen_print_faint(" %s\n", buffer_text(&lines));
    else
        screen_print(" %s\n", buffer_text(&lines));
    buffer_finish(&lines);
    buffer_finish(&fit);
    free(text);
}

void lesson_say(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    say(false, format, arguments);
    va_end(arguments);
}

void lesson_whisper(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    say(true, format, arguments);
    va_end(arguments);
}

void lesson_show_take(struct buffer *text)
{
    more_show(&learning.host.more, buffer_str(text));
    buffer_finish(text);
}

bool lesson_has_ghost(void)
{
    return atomic_load(&learning.host.session->show_hints) && edit_can_hint();
}

void lesson_say_words(void)
{
    static const char *const words[] = {
        N_("In this lesson:"),
        N_("Enter runs the page's next line, or goes on"),
        N_("hint · show (the answer, to be run by you) · skip (it is run for you)"),
        N_("back · restart · goto STEP: on a fresh network, what came before is replayed"),
        N_("learn NAME begins another lesson, lessons lists them, quit leaves"),
        N_("whatever else you type is run, and is not judged"),
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        lesson_say(i > 0 ? "  %s" : "%s", _(words[i]));
}

// The search for one variable.
struct sought {
    struct str name;
    bool found;
};

static void look_at_variable(const struct actor *actor, const struct variable *variable,
                             void *context)
{
    struct sought *sought = context;
    (void)actor;
    sought->found = sought->found || str_equal(variable->name, sought->name);
}

bool lesson_has_variable(struct str actor, struct str name)
{
    struct sought sought = {name, false};
    variables_each(learning.host.session, actor, look_at_variable, &sought);
    return sought.found;
}

// --- progress ------------------------------------------------------------------------------------

void lesson_use_help(enum progress_help help)
{
    learning.help = help > learning.help ? help : learning.help;
}

static unsigned seconds_since(const struct timespec *then)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (unsigned)(now.tv_sec - then->tv_sec);
}

void lesson_note(enum progress_event event, enum progress_help help)
{
    const struct lesson *lesson = learning.lesson;
    struct progress_line line = {.event = event,
                                 .step = learning.step->number,
                                 .steps = (unsigned)lesson->count,
                                 .tries = learning.tries,
                                 .help = help,
                                 .seconds = seconds_since(&learning.shown)};
    if (lesson->name.size > PROGRESS_NAME)
        return;
    memcpy(line.lesson, lesson->name.data, lesson->name.size);
    snprintf(line.language, sizeof line.language, "%.*s", STR_ARG(lesson->language));
    static bool told;
    if (!progress_add(line) && !told) {
        lesson_whisper(_("Your progress is not kept: %s."), strerror(errno));
        told = true;
    }
}
