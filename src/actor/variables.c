// variables: the note that each actor keeps of its variables at a prompt.

#include "actor/variables.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/message.h"

// Fills the note with the variables that have a value. Under world->lock, which keeps the names.
static void take_note(struct interp *interp, const struct names *names, struct variables *note)
{
    note->items = mem_zero(((size_t)names->count + 1) * sizeof *note->items);
    for (uint32_t slot = 0; slot < names->count && slot < interp->top; slot++) {
        struct value value = *interp_variable(interp, slot);
        if (value.type == TYPE_UNSET)
            continue;
        struct variable *variable = &note->items[note->count++];
        *variable = (struct variable){
            .name = {mem_copy(names->items[slot]), names->items[slot].size}, .type = value.type};
        if (value.type == TYPE_HANDLE) {
            variable->handle = value.handle;
            handle_retain(value.handle);
        }
    }
}

static void free_note(struct variables *note)
{
    for (size_t i = 0; i < note->count; i++) {
        free((char *)note->items[i].name.data);
        if (note->items[i].handle != NULL)
            handle_release(note->items[i].handle);
    }
    free(note->items);
}

// Puts a new note in the place of the old one.
static void exchange(struct actor *actor, struct variables note)
{
    pthread_mutex_lock(&actor->lock);
    struct variables old = actor->variables;
    actor->variables = note;
    pthread_mutex_unlock(&actor->lock);
    free_note(&old);
}

void variables_note(struct actor *actor)
{
    struct variables note = {0};
    struct world *world = &actor->session->world;
    pthread_mutex_lock(&world->lock);
    take_note(&actor->interp, &world_scope(world, str_from(actor->name))->names, &note);
    pthread_mutex_unlock(&world->lock);
    exchange(actor, note);
}

void variables_forget(struct actor *actor)
{
    free_note(&actor->variables);
    actor->variables = (struct variables){0};
}

void variables_each(struct session *session, struct str name,
                    void (*visit)(const struct actor *actor, const struct variable *variable,
                                  void *context),
                    void *context)
{
    pthread_mutex_lock(&session->lock);
    for (struct actor *actor = session->actors; actor != NULL; actor = actor->next) {
        if (name.size > 0 && !str_is(name, actor->name))
            continue;
        pthread_mutex_lock(&actor->lock);
        for (size_t i = 0; i < actor->variables.count; i++)
            visit(actor, &actor->variables.items[i], context);
        pthread_mutex_unlock(&actor->lock);
    }
    pthread_mutex_unlock(&session->lock);
}

// A search for the variables of one handle.
struct holders {
    const struct handle *handle;
    const struct actor *reader;
    struct buffer *to;
    bool any;
};

static void show_holder(const struct actor *actor, const struct variable *variable, void *context)
{
    struct holders *holders = context;
    if (variable->handle != holders->handle)
        return;
    buffer_add_text(holders->to, holders->any ? ", " : "");
    holders->any = true;
    if (actor == holders->reader)
        buffer_add(holders->to, variable->name);
    else
        buffer_print(holders->to, _("%s's %.*s"), actor->name, STR_ARG(variable->name));
}

bool variables_show_handle(struct session *session, const struct handle *handle,
                           const struct actor *reader, struct buffer *to)
{
    struct holders holders = {.handle = handle, .reader = reader, .to = to};
    variables_each(session, STR(""), show_holder, &holders);
    return holders.any;
}

// Whether `name` stands in the list "l, conn" that was appended since `from`.
static bool is_listed(struct str list, struct str name)
{
    for (size_t at = str_find(list, name, 0); at != SIZE_MAX; at = str_find(list, name, at + 1)) {
        size_t end = at + name.size;
        if ((at == 0 || list.data[at - 1] == ' ') && (end == list.size || list.data[end] == ','))
            return true;
    }
    return false;
}

static void show_name(const struct actor *actor, const struct variable *variable, void *context)
{
    struct holders *holders = context;
    struct buffer *to = holders->to;
    (void)actor;
    if (variable->handle != holders->handle || is_listed(buffer_str(to), variable->name))
        return;
    buffer_add_text(to, to->size ? ", " : "");
    buffer_add(to, variable->name);
}

void variables_show_names(struct session *session, const struct handle *handle, struct buffer *to)
{
    struct buffer names = {0};
    struct holders holders = {.handle = handle, .to = &names};
    variables_each(session, STR(""), show_name, &holders);
    buffer_add(to, buffer_str(&names));
    buffer_finish(&names);
}
