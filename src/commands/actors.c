// actors: what one actor can do with another.

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "actor/actor.h"
#include "base/memory.h"
#include "base/message.h"
#include "base/table.h"
#include "commands/block.h"
#include "commands/rows.h"

// Waits, and gives what the function gave; its error becomes this call's, with its own text.
static bool run_join(struct call *call)
{
    struct actor *other = actor_of_value(call->args[0]);
    struct value result = VALUE_UNSET;
    bool failed = false;
    int error = actor_join(actor_of_call(call), other, &result, &failed);
    // Both errnos stand for something that no kernel said: hence words of socksh's own.
    if (error == EDEADLK)
        return call_refused(call, _("%s cannot wait for its own end"), other->name);
    if (error == EINVAL)
        return call_refused(call, _("%s was not made by spawn: it has no end to wait for"),
                            other->name);
    if (error != 0)
        return call_failed(call, error);
    if (failed) {
        call->passes_on = true;
        call->error = result;
        return false;
    }
    // An actor that was killed has no value; its joiner is not to fail for that.
    return call_give_take(call, result.type == TYPE_UNSET ? VALUE_NONE : result);
}

// EINTR is the joiner's own: the actor that is waited for goes on.
const struct command command_join = {
    .name = "join",
    .summary = N_("wait for a spawned actor's end; gives its value"),
    .group = GROUP_ACTORS,
    .params = PARAMS({.name = "actor", .type = TYPE_ACTOR, .form = FORM_ACTOR}),
    .results = RESULTS({.name = "value", .type = TYPE_ANY}),
    .waits = N_("until that actor has ended"),
    .errnos = ERRNOS(EINTR),
    .example = "def double n { return n * 2 }\nt = spawn double 21; join t",
    .details = N_("An error that ended the actor is raised here."),
    .lesson = "server",
    .topic = "actors",
    .run = run_join,
};

// --- ending others' calls, and others ------------------------------------------------------------

// Only a call that waits: what computes would take the interruption at some later call.
static bool run_interrupt(struct call *call)
{
    struct actor *other = actor_of_value(call->args[0]);
    if (actor_interrupt(other))
        return call_done(call);
    if (atomic_load(&other->has_ended))
        return call_refused(call, _("%s has ended"), other->name);
    if (other == actor_of_call(call))
        return call_refused(call, _("%s does not wait in a call"), other->name);
    return call_refused(call,
                        _("%s does not wait in a call right now; kill %s ends it all the same"),
                        other->name, other->name);
}

// As a signal ends a call in C, where no handler with SA_RESTART is set: signal(7).
const struct command command_interrupt = {
    .name = "interrupt",
    .summary = N_("end another actor's waiting call with EINTR"),
    .group = GROUP_ACTORS,
    .params = PARAMS({.name = "actor", .type = TYPE_ACTOR, .form = FORM_ACTOR}),
    .example = "@server sleep 1m\ninterrupt server",
    .details = N_("As Ctrl-C does for the actor at the prompt."),
    .lesson = "terminals",
    .topic = "actors",
    .run = run_interrupt,
};

// The call's name alone: its handle is a number that says little elsewhere.
static bool run_blocked(struct call *call)
{
    struct actor *other = actor_of_value(call->args[0]);
    struct buffer text = {0};
    if (!wait_is_waiting(&other->waiter) || !actor_show_call(other, &text))
        return call_give_take(call, VALUE_NONE);
    struct str shown = buffer_str(&text);
    struct value name = value_bytes(str_slice(shown, 0, str_find(shown, STR(" "), 0)));
    buffer_finish(&text);
    return call_give_take(call, name);
}

const struct command command_blocked = {
    .name = "blocked",
    .summary = N_("which call an actor waits in; none when it does not wait"),
    .group = GROUP_ACTORS,
    .params = PARAMS({.name = "actor", .type = TYPE_ACTOR, .form = FORM_ACTOR}),
    .results = RESULTS({.name = "call", .type = TYPE_BYTES | TYPE_NONE}),
    .example = "@server l = socket; listen l\n@server accept l\nblocked server",
    .details = N_("Waiting is a fact: the kernel has said that the call cannot go on, and still "
                  "says so."),
    .lesson = "terminals",
    .topic = "actors",
    .run = run_blocked,
};

// Handles that an actor opened and that are open, with a reference each.
struct opened {
    const char *opener;
    struct handle **rows;
    size_t count, capacity;
};

// Called under handles_lock(): the rows outlive it by their references. By name, since an actor
// that has ended is still known by it.
static void collect_opened(struct handle *handle, void *context)
{
    struct opened *opened = context;
    // A row that is being closed has somebody who sees to it.
    if (!handle->is_socket || handle_is_dead(handle) || strcmp(handle->opener, opened->opener) != 0)
        return;
    opened->rows = mem_grow(opened->rows, opened->count, &opened->capacity, sizeof *opened->rows);
    handle_retain(handle);
    opened->rows[opened->count++] = handle;
}

// What the end of a program does: its descriptors are closed.
static void close_opened(struct call *call, const char *opener)
{
    struct opened opened = {.opener = opener};
    handles_each(collect_opened, &opened);
    for (size_t i = 0; i < opened.count; i++) {
        bool ended;
        handle_close(opened.rows[i], block_waiter(call), &ended);
        handle_release(opened.rows[i]);
    }
    free(opened.rows);
}

// First the actor, then its handles: while it runs it could open more.
static bool run_kill(struct call *call)
{
    struct actor *other = actor_of_value(call->args[0]);
    int error = actor_kill(actor_of_call(call), other);
    // Ended by oneself, an actor never comes back here to do it later.
    if (error == 0 || other == actor_of_call(call))
        close_opened(call, other->name);
    return error == 0 ? call_done(call) : call_failed(call, error);
}

// What the end of a program does to its peers: they see FIN or RST, since its descriptors are
// closed. EINTR is that of the actor that waits for it.
const struct command command_kill = {
    .name = "kill",
    .summary = N_("end another actor and close what it opened"),
    .group = GROUP_ACTORS,
    .params = PARAMS({.name = "actor", .type = TYPE_ACTOR, .form = FORM_ACTOR}),
    .waits = N_("until that actor has ended"),
    .errnos = ERRNOS(EINTR),
    .example = "@server sleep 1m\nkill server",
    .details = N_("As the end of its program would."),
    .lesson = "terminals",
    .topic = "actors",
    .run = run_kill,
};

// --- listing -------------------------------------------------------------------------------------

// Actors to show, with a reference each: showing one takes locks that must not be taken under the
// session's.
struct listing {
    struct actor **actors;
    size_t count, capacity;
};

// Called under session->lock.
static void collect_actor(struct actor *actor, void *context)
{
    struct listing *listing = context;
    listing->actors =
        mem_grow(listing->actors, listing->count, &listing->capacity, sizeof *listing->actors);
    atomic_fetch_add(&actor->shared.references, 1);
    listing->actors[listing->count++] = actor;
}

// One row: its name, what it does, and the numbers of what it opened and has not closed.
static void add_actor(struct table *table, const struct actor *self, struct actor *actor)
{
    struct opened opened = {.opener = actor->name};
    struct buffer text = {0};
    table_add_text(table, actor->name);
    if (actor == self)
        buffer_add_text(&text, _("runs this command"));
    else
        actor_show_state(actor, &text);
    table_add_buffer_take(table, &text);
    handles_each(collect_opened, &opened);
    for (size_t i = 0; i < opened.count; i++) {
        buffer_print(&text, "%s%d", i ? ", " : "", opened.rows[i]->fd);
        handle_release(opened.rows[i]);
    }
    free(opened.rows);
    table_add_buffer_take(table, &text);
}

// Whether it has ended and another one goes by its name now.
static bool has_successor(const struct listing *listing, size_t i)
{
    if (!atomic_load(&listing->actors[i]->has_ended))
        return false;
    for (size_t later = i + 1; later < listing->count; later++)
        if (strcmp(listing->actors[later]->name, listing->actors[i]->name) == 0)
            return true;
    return false;
}

// Collected first: what an actor does is asked under locks of its own.
static bool run_actors(struct call *call)
{
    static const char *const headings[] = {N_("actor"), N_("what it does"), N_("opened")};
    struct table table = {.columns = sizeof headings / sizeof *headings};
    struct listing listing = {0};
    struct buffer text = {0};
    for (size_t i = 0; i < table.columns; i++)
        table_add_text(&table, _(headings[i]));
    actors_each(session_of_call(call), collect_actor, &listing);
    for (size_t i = 0; i < listing.count; i++)
        if (!has_successor(&listing, i))
            add_actor(&table, actor_of_call(call), listing.actors[i]);
    for (size_t i = 0; i < listing.count; i++)
        actor_release(listing.actors[i]);
    free(listing.actors);
    table_show(&table, &text);
    actor_write(actor_of_call(call), STREAM_OUTPUT, buffer_str(&text));
    buffer_finish(&text);
    table_finish(&table);
    return call_done(call);
}

// What an actor opened stays open when it has ended; only `kill` closes it.
const struct command command_actors = {
    .name = "actors",
    .summary = N_("list the actors, what each does and what it opened"),
    .group = GROUP_ACTORS,
    .example = "@server s = socket; actors",
    .lesson = "terminals",
    .topic = "actors",
    .run = run_actors,
};
