// session_help: help on everything that has a name.
//
// The texts are made in help.c; here they are asked for and written out. The command takes a word
// rather than a value, so that names need no quotes and unknown ones are no mistakes of syntax.

#include "actor/actor.h"
#include "base/message.h"
#include "commands/help.h"
#include "commands/help_page.h"
#include "commands/rows.h"
#include "lang/mend.h"

// An error, so that a script notices; at the prompt it reads as an answer.
// nothing here is called "conect"; did you mean connect?
static bool refuse_unknown(struct call *call, struct str topic)
{
    struct str nearest = help_nearest(topic);
    const char *habit = mend_habit(topic);
    struct buffer shown = {0};
    bytes_show(topic, 40, &shown);
    if (habit)
        call_refused(call, _("nothing here is called %s: %s"), buffer_text(&shown), habit);
    else if (nearest.size)
        call_refused(call, _("nothing here is called %s; did you mean %.*s?"), buffer_text(&shown),
                     STR_ARG(nearest));
    else
        call_refused(call, _("nothing here is called %s; help alone lists all names"),
                     buffer_text(&shown));
    buffer_finish(&shown);
    return false;
}

// Takes the text.
static bool write_out(struct call *call, struct buffer *text)
{
    actor_write(actor_of_call(call), STREAM_OUTPUT, buffer_str(text));
    buffer_finish(text);
    return call_done(call);
}

// `?` at the prompt comes here too.
static bool run_help(struct call *call)
{
    struct buffer text = {0};
    page_fit_terminal();
    if (!arg_given(call, 0))
        help_overview(&text);
    else if (!help_topic(arg_str(call, 0), &text))
        return refuse_unknown(call, arg_str(call, 0));
    return write_out(call, &text);
}

// The name is a word and not a value: what it stands for is asked, not what it holds.
const struct command command_help = {
    .name = "help",
    .summary = N_("explain a command, a constant, a topic, or list them all"),
    .group = GROUP_SESSION,
    .params = PARAMS({.name = "name",
                      .type = TYPE_BYTES,
                      .form = FORM_WORD,
                      .subject = SUBJECT_HELP,
                      .optional = true}),
    .example = "help recv\nhelp @sockets\nhelp MSG_\nhelp topics",
    .lesson = "terminals",
    .topic = "topics",
    .run = run_help,
};
