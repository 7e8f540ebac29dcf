// session: leaving, looking at variables, and how calls are shown.

#include <errno.h>

#include "actor/actor.h"
#include "base/message.h"
#include "base/table.h"
#include "commands/rows.h"
#include "lang/eval.h"

// --- leaving -------------------------------------------------------------------------------------

// Ends main, and with it the program. No command after it runs, not even in a `catch`.
static bool leave(struct call *call)
{
    int64_t status = arg_number_or(call, 0, 0);
    if (status < 0 || status > 255)
        return call_refused(call, _("an exit status goes from 0 to 255"));
    session_quit(session_of_call(call), (int)status);
    return call_failed(call, ECANCELED); // unwinds this actor past every try
}

// Two names for one row: `exit` is what C and shells say, `quit` what most prompts understand.
const struct command command_exit = {
    .name = "exit",
    .summary = N_("end the program; its status is 0 or what is given"),
    .group = GROUP_SESSION,
    .params = PARAMS({.name = "status", .type = TYPE_INT, .optional = true}),
    .example = "exit",
    .lesson = "terminals",
    .topic = "keys",
    .run = leave,
};

const struct command command_quit = {
    .name = "quit",
    .summary = N_("end the program; its status is 0 or what is given"),
    .group = GROUP_SESSION,
    .params = PARAMS({.name = "status", .type = TYPE_INT, .optional = true}),
    .example = "quit",
    .lesson = "terminals",
    .topic = "keys",
    .run = leave,
};

// --- looking -------------------------------------------------------------------------------------

// Only those of this actor: a slot that no statement has set yet is left out. The names are the
// world's, and its lock is held; the values are this actor's own.
static bool run_vars(struct call *call)
{
    struct actor *actor = actor_of_call(call);
    struct world *world = &actor->session->world;
    struct table table = {.columns = 2};
    struct buffer text = {0};
    pthread_mutex_lock(&world->lock);
    const struct names *names = &world_scope(world, str_from(actor->name))->names;
    for (uint32_t i = 0; i < names->count && i < actor->interp.top; i++) {
        struct value value = *interp_variable(&actor->interp, i);
        if (value.type == TYPE_UNSET)
            continue;
        table_add(&table, names->items[i]);
        value_show(value, &text);
        table_add_buffer_take(&table, &text);
    }
    pthread_mutex_unlock(&world->lock);
    table_show(&table, &text);
    actor_write(actor, STREAM_OUTPUT, buffer_str(&text));
    buffer_finish(&text);
    table_finish(&table);
    return call_done(call);
}

const struct command command_vars = {
    .name = "vars",
    .summary = N_("list this actor's variables"),
    .group = GROUP_SESSION,
    .example = "s = socket; vars",
    .topic = "values",
    .run = run_vars,
};

// --- settings ------------------------------------------------------------------------------------

// The words of `trace`, and what each sets for the whole session.
static const struct {
    const char *name;
    enum trace trace;
} traces[] = {{"off", TRACE_OFF}, {"call", TRACE_CALL}, {"c", TRACE_C}, {"python", TRACE_PYTHON}};

// Takes effect with the next call of any actor.
static bool run_trace(struct call *call)
{
    struct session *session = session_of_call(call);
    for (size_t i = 0; i < sizeof traces / sizeof *traces; i++) {
        if (str_is(arg_str(call, 0), traces[i].name)) {
            atomic_store(&session->trace, traces[i].trace);
            return call_done(call);
        }
    }
    return call_refused(call, _("trace is one of: call, c, python, off"));
}

// For all actors: what an actor of a lesson does is to be seen wherever the word was typed.
const struct command command_trace = {
    .name = "trace",
    .summary = N_("show each system call: as a call, in C, in Python, or not"),
    .group = GROUP_SESSION,
    .params = PARAMS({.name = "form", .type = TYPE_BYTES, .form = FORM_WORD}),
    .example = "trace python; s = socket; trace off",
    .lesson = "terminals",
    .topic = "settings",
    .run = run_trace,
};

// One setting so far; a second one makes a table of this.
static bool run_set(struct call *call)
{
    struct session *session = session_of_call(call);
    struct str name = arg_str(call, 0), value = arg_str(call, 1);
    bool on = str_is(value, "on");
    if (!str_is(name, "values"))
        return call_refused(call, _("there is no setting \"%.*s\"; there is: values"),
                            STR_ARG(name));
    if (!on && !str_is(value, "off"))
        return call_refused(call, _("values is on or off"));
    atomic_store(&session->show_values, on);
    return call_done(call);
}

const struct command command_set = {
    .name = "set",
    .summary = N_("change a setting: values on or off"),
    .group = GROUP_SESSION,
    .params = PARAMS({.name = "name", .type = TYPE_BYTES, .form = FORM_WORD},
                     {.name = "value", .type = TYPE_BYTES, .form = FORM_WORD}),
    .example = "set values on",
    .topic = "settings",
    .run = run_set,
};

// The text says nothing; a sink is given none that is empty.
static bool run_clear(struct call *call)
{
    actor_write(actor_of_call(call), STREAM_CLEAR, STR("\n"));
    return call_done(call);
}

const struct command command_clear = {
    .name = "clear",
    .summary = N_("wipe the screen"),
    .group = GROUP_SESSION,
    .example = "clear",
    .topic = "keys",
    .run = run_clear,
};

// The parser reads the file with the text that holds it (NODE_SOURCE), so this never runs; the row
// is what help and checks read.
static bool run_source(struct call *call)
{
    return call_refused(call, _("source stands as a statement of its own"));
}

// A word, and no value: the file is read before anything runs.
const struct command command_source = {
    .name = "source",
    .summary = N_("run the statements of a file as if they stood here"),
    .group = GROUP_SESSION,
    .params = PARAMS({.name = "file", .type = TYPE_BYTES, .form = FORM_WORD}),
    .example = "source /dev/null",
    .topic = "files",
    .run = run_source,
};
