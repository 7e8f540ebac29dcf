// session_lessons: which lessons there are.

#include "actor/actor.h"
#include "base/message.h"
#include "commands/lessons.h"
#include "commands/rows.h"

static bool (*list_lessons)(struct buffer *to); // NULL where nobody said

void lessons_list_with(bool (*list)(struct buffer *to))
{
    list_lessons = list;
}

static bool run_lessons(struct call *call)
{
    struct buffer text = {0};
    if (list_lessons == NULL || !list_lessons(&text))
        return call_refused(call, _("no lessons are found; SOCKSH_LESSONS may name their folder"));
    actor_write(actor_of_call(call), STREAM_OUTPUT, buffer_str(&text));
    buffer_finish(&text);
    return call_done(call);
}

const struct command command_lessons = {
    .name = "lessons",
    .summary = N_("list the lessons, and what you have done with each"),
    .group = GROUP_SESSION,
    .example = "lessons",
    .details = N_("socksh learn NAME begins one, or goes on where you stopped. What you do is kept "
                  "in a file: ~/.local/state/socksh/progress.jsonl."),
    .lesson = "terminals",
    .topic = "topics",
    .run = run_lessons,
};
