// session_lessons: which lessons there are, and learning one.

#include <errno.h>

#include "actor/actor.h"
#include "base/message.h"
#include "commands/lessons.h"
#include "commands/rows.h"

const char lessons_lack[] =
    N_("no lessons are found: set SOCKSH_LESSONS to the folder that holds them, or install socksh");

static bool (*list_lessons)(struct buffer *to); // NULL where nobody said

void lessons_list_with(bool (*list)(struct buffer *to))
{
    list_lessons = list;
}

static bool run_lessons(struct call *call)
{
    struct buffer text = {0};
    if (list_lessons != NULL && !list_lessons(&text) && errno != ENOENT)
        return call_failed(call, errno);
    if (text.size == 0)
        return call_refused(call, _(lessons_lack));
    actor_write(actor_of_call(call), STREAM_OUTPUT, buffer_str(&text));
    buffer_finish(&text);
    return call_done(call);
}

const struct command command_lessons = {
    .name = "lessons",
    .summary = N_("list the lessons, and what you have done with each"),
    .group = GROUP_SESSION,
    .example = "lessons",
    .details = N_("learn NAME begins one, or goes on where you stopped. What you do is kept in a "
                  "file: ~/.local/state/socksh/progress.jsonl."),
    .lesson = "terminals",
    .topic = "topics",
    .run = run_lessons,
};

// The prompt begins it when the statement has ended.
static bool run_learn(struct call *call)
{
    struct session *session = session_of_call(call);
    if (session->learn == NULL)
        return call_refused(call, _("a lesson wants a prompt; socksh check runs it without one"));
    session->learn(session, arg_given(call, 0) ? arg_str(call, 0) : STR(""));
    return call_done(call);
}

const struct command command_learn = {
    .name = "learn",
    .summary = N_("begin a lesson, or go on where you stopped"),
    .group = GROUP_SESSION,
    .params = PARAMS({.name = "lesson",
                      .type = TYPE_BYTES,
                      .form = FORM_WORD,
                      .subject = SUBJECT_LESSON,
                      .optional = true}),
    .example = "learn hello",
    .details = N_("The lesson runs in a network and with sockets of its own, and this prompt waits "
                  "for its end. Without a name it is the first one that you have not finished. "
                  "Inside a lesson another one takes its place."),
    .lesson = "terminals",
    .topic = "topics",
    .run = run_learn,
};
