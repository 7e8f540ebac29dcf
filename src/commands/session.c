// session: leaving, looking at variables, and how calls are shown.

#include <errno.h>
#include <stddef.h>

#include "actor/actor.h"
#include "base/message.h"
#include "base/table.h"
#include "commands/rows.h"
#include "commands/settings.h"
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
    struct table table = {.columns = 2, .bare = true};
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
static const char *const traces[] = {
    [TRACE_OFF] = "off", [TRACE_CALL] = "call", [TRACE_C] = "c", [TRACE_PYTHON] = "python", NULL};

// Takes effect with the next call of any actor.
static bool run_trace(struct call *call)
{
    struct session *session = session_of_call(call);
    for (int i = 0; traces[i]; i++) {
        if (str_is(arg_str(call, 0), traces[i])) {
            atomic_store(&session->trace, i);
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
    .params = PARAMS({.name = "form", .type = TYPE_BYTES, .form = FORM_WORD, .words = traces}),
    .example = "trace python; s = socket; trace off",
    .lesson = "terminals",
    .topic = "settings",
    .run = run_trace,
};

// Sorted by name.
const struct setting settings[] = {
    {"colors", N_("colours of kinds, actors and errors"), offsetof(struct session, show_colors)},
    {"hints", N_("what is still to come, behind the cursor"), offsetof(struct session, show_hints)},
    {"projector", N_("nothing dim, no traces, heavy marks"), offsetof(struct session, projector)},
    {"values", N_("what each statement gave"), offsetof(struct session, show_values)},
};
const size_t setting_count = sizeof settings / sizeof *settings;

// Where the session keeps it.
static atomic_bool *value_of(struct session *session, const struct setting *setting)
{
    return (atomic_bool *)((char *)session + setting->offset);
}

// Each with its value and what it does.
static void list_settings(struct call *call)
{
    struct table table = {.columns = 3, .bare = true};
    struct buffer text = {0};
    for (size_t i = 0; i < setting_count; i++) {
        table_add_text(&table, settings[i].name);
        table_add_text(&table,
                       atomic_load(value_of(session_of_call(call), &settings[i])) ? "on" : "off");
        table_add_text(&table, _(settings[i].about));
    }
    table_show(&table, &text);
    actor_write(actor_of_call(call), STREAM_OUTPUT, buffer_str(&text));
    buffer_finish(&text);
    table_finish(&table);
}

static const struct setting *find_setting(struct str name)
{
    for (size_t i = 0; i < setting_count; i++)
        if (str_is(name, settings[i].name))
            return &settings[i];
    return NULL;
}

static bool run_set(struct call *call)
{
    if (!arg_given(call, 0)) {
        list_settings(call);
        return call_done(call);
    }
    struct str name = arg_str(call, 0);
    const struct setting *setting = find_setting(name);
    if (setting == NULL)
        return call_refused(call, _("there is no setting \"%.*s\"; set alone lists them"),
                            STR_ARG(name));
    bool on = arg_given(call, 1) && str_is(arg_str(call, 1), "on");
    if (!on && !(arg_given(call, 1) && str_is(arg_str(call, 1), "off")))
        return call_refused(call, _("%s is on or off"), setting->name);
    atomic_store(value_of(session_of_call(call), setting), on);
    return call_done(call);
}

static const char *const switches[] = {"off", "on", NULL};

const struct command command_set = {
    .name = "set",
    .summary = N_("change a setting of the prompt, or list them all"),
    .group = GROUP_SESSION,
    .params = PARAMS({.name = "name",
                      .type = TYPE_BYTES,
                      .form = FORM_WORD,
                      .subject = SUBJECT_SETTING,
                      .optional = true},
                     {.name = "value",
                      .type = TYPE_BYTES,
                      .form = FORM_WORD,
                      .words = switches,
                      .optional = true}),
    .example = "set hints off",
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
    .params =
        PARAMS({.name = "file", .type = TYPE_BYTES, .form = FORM_WORD, .subject = SUBJECT_FILE}),
    .example = "source /dev/null",
    .topic = "files",
    .run = run_source,
};
