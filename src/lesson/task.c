// task: conditions over the open handles of an actor.

#include "lesson/task.h"

#include <stdlib.h>
#include <string.h>

#include "actor/variables.h"
#include "base/memory.h"
#include "base/message.h"
#include "net/handle.h"

#define ASK_AGAIN 1000000LL // nanoseconds between two looks

enum { NAMES_MADE = 8 }; // plain names in a check that nothing has set yet

// A check being looked at.
struct look {
    struct stage *stage;
    const struct step *step;
    struct str actor;                 // the task's
    struct buffer text;               // of the conditions, with ?names made names
    const struct program *program;    // of it; NULL while it does not read
    struct str names[TASK_NAMES];     // the ?names, borrowed from the lesson
    struct handle *found[TASK_NAMES]; // what they stand for in the try at hand
    size_t name_count;
    struct timespec deadline;   // of looking
    struct handle **candidates; // open handles of the actor, with references
    size_t count, capacity;
};

// --- the text ------------------------------------------------------------------------------------

static void add_name(struct look *look, struct str name)
{
    for (size_t i = 0; i < look->name_count; i++)
        if (str_equal(look->names[i], name))
            return;
    if (look->name_count < TASK_NAMES) // one more is a variable that nobody sets: a mistake then
        look->names[look->name_count++] = name;
}

// Copies a line with a blank for each ? before a name, so that places stay, and collects the names.
// Strings and the comment are left alone.
static void find_names_in(struct look *look, struct str line)
{
    struct str text = lesson_line_to_type(line);
    char quote = '\0';
    buffer_add(&look->text, (struct str){line.data, (size_t)(text.data - line.data)});
    for (size_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        if (quote == '"' && c == '\\' && i + 1 < text.size)
            buffer_add_char(&look->text, text.data[i++]);
        else if (quote == '\0' && (c == '"' || c == '\''))
            quote = c;
        else if (c == quote)
            quote = '\0';
        c = text.data[i];
        size_t end = i + 1;
        while (end < text.size && is_name_part(text.data[end]))
            end++;
        bool named = quote == '\0' && c == '?' && end > i + 1;
        if (named)
            add_name(look, str_slice(text, i + 1, end));
        buffer_add_char(&look->text, named ? ' ' : c);
    }
    buffer_add_char(&look->text, '\n');
}

// The conditions, with places that are the file's.
static void find_names(struct look *look)
{
    struct str rest = look->step->check.text;
    for (unsigned line = 1; line < look->step->check.line; line++)
        buffer_add_char(&look->text, '\n');
    while (rest.size > 0)
        find_names_in(look, str_take_line(&rest));
}

// --- the stage's own variables -------------------------------------------------------------------

// The slot of a variable of `actor`; NAME_MISSING while no text has set it.
static uint32_t slot_of(struct stage *stage, struct str actor, struct str name)
{
    struct world *world = &stage->session->world;
    pthread_mutex_lock(&world->lock);
    uint32_t slot = names_find(&world_scope(world, actor)->names, name);
    pthread_mutex_unlock(&world->lock);
    return slot;
}

// A text that makes the variable. NULL when this can be no variable's name.
static const struct program *making(struct stage *stage, struct str actor, struct str name)
{
    struct buffer text = {0};
    buffer_print(&text, "%.*s = none", STR_ARG(name));
    struct reading reading =
        program_read(&stage->session->world, STR("lesson"), buffer_str(&text), actor, NULL);
    buffer_finish(&text);
    return reading.program;
}

static struct str own_name(const struct stage *stage)
{
    return str_from(stage->self->name);
}

// The stage's own variable of that name, with a place to hold something. False when there can be
// none.
static bool make_own(struct stage *stage, struct str name)
{
    struct interp *interp = &stage->self->interp;
    uint32_t slot = slot_of(stage, own_name(stage), name);
    if (slot != NAME_MISSING && slot < interp->top)
        return true;
    const struct program *program = making(stage, own_name(stage), name);
    return program != NULL && interp_run(interp, program, program->block, program->slots);
}

// Gives the stage's own variable a handle.
static void set_own(struct stage *stage, struct str name, struct handle *handle)
{
    if (!make_own(stage, name))
        return;
    struct value *variable =
        interp_variable(&stage->self->interp, slot_of(stage, own_name(stage), name));
    value_release(*variable);
    handle_retain(handle);
    *variable = value_handle_take(handle);
}

// The actor's handles under their own names: copied first, since they are set without its lock.
struct known {
    struct variable *items;
    size_t count, capacity;
};

static void collect_variable(const struct actor *actor, const struct variable *variable,
                             void *context)
{
    struct known *known = context;
    (void)actor;
    if (variable->handle == NULL)
        return;
    known->items = mem_grow(known->items, known->count, &known->capacity, sizeof *known->items);
    handle_retain(variable->handle);
    known->items[known->count++] = (struct variable){
        .name = {mem_copy(variable->name), variable->name.size}, .handle = variable->handle};
}

// What a variable held that no longer does.
static void forget_own(struct stage *stage)
{
    struct interp *interp = &stage->self->interp;
    for (size_t i = 0; i < interp->top; i++) {
        struct value *variable = interp_variable(interp, (uint32_t)i);
        if (variable->type != TYPE_HANDLE)
            continue;
        value_release(*variable);
        *variable = VALUE_NONE;
    }
}

static void set_known(struct look *look)
{
    struct known known = {0};
    forget_own(look->stage);
    variables_each(look->stage->session, look->actor, collect_variable, &known);
    for (size_t i = 0; i < known.count; i++) {
        set_own(look->stage, known.items[i].name, known.items[i].handle);
        handle_release(known.items[i].handle);
        free((char *)known.items[i].name.data);
    }
    free(known.items);
}

// --- conditions ----------------------------------------------------------------------------------

static bool is_condition(const struct node *node);

static bool are_conditions(struct nodes nodes)
{
    for (size_t i = 0; i < nodes.count; i++)
        if (!is_condition(nodes.items[i]))
            return false;
    return true;
}

// Calls that give something, wait for nobody, and make or change nothing. A file of a lesson is a
// regular one, and names come from a table.
static bool only_looks(const struct command *command)
{
    static const char *const exceptions[] = {"getaddrinfo", "load"};
    if (command == NULL || command->results.count == 0)
        return false;
    for (size_t i = 0; i < sizeof exceptions / sizeof *exceptions; i++)
        if (strcmp(command->name, exceptions[i]) == 0)
            return true;
    return command->waits == NULL &&
           (command->group != GROUP_SOCKETS || strncmp(command->name, "get", 3) == 0);
}

static bool is_condition(const struct node *node)
{
    switch (node->type) {
    case NODE_LITERAL:
    case NODE_VARIABLE:
    case NODE_ACTOR:
        return true;
    case NODE_TEXT:
    case NODE_LIST:
        return are_conditions(node->list);
    case NODE_INDEX:
        return is_condition(node->index.base) && is_condition(node->index.at);
    case NODE_NOT:
    case NODE_MINUS:
        return is_condition(node->binary.right);
    case NODE_BINARY:
    case NODE_AND:
    case NODE_OR:
        return is_condition(node->binary.left) && is_condition(node->binary.right);
    case NODE_CALL:
        return only_looks(node->call.command) && are_conditions(node->call.args);
    default:
        return false;
    }
}

// Whether the stage evaluates it to what a condition takes as true. An error is false: a handle
// without a peer has no getpeername.
static bool holds(struct stage *stage, const struct program *program, const struct node *condition)
{
    struct interp *interp = &stage->self->interp;
    struct node *items[] = {(struct node *)condition};
    struct node block = {.type = NODE_BLOCK,
                         .depth = program->block->depth & 0xFFFF,
                         .range = condition->range,
                         .list = {items, 1}};
    interp->keep_last = true;
    bool good = interp_run(interp, program, &block, program->slots);
    interp->keep_last = false;
    bool true_value = good && value_truth(interp->last);
    value_release(interp->last);
    interp->last = VALUE_UNSET;
    interp_clear_failure(interp);
    return true_value;
}

static bool all_hold(struct look *look)
{
    struct nodes conditions = look->program->block->list;
    for (size_t i = 0; i < conditions.count; i++)
        if (!holds(look->stage, look->program, conditions.items[i]))
            return false;
    return conditions.count > 0;
}

// --- handles -------------------------------------------------------------------------------------

static void collect_handle(struct handle *handle, void *context)
{
    struct look *look = context;
    if (handle_is_dead(handle) || !str_is(look->actor, handle->opener))
        return;
    look->candidates =
        mem_grow(look->candidates, look->count, &look->capacity, sizeof *look->candidates);
    handle_retain(handle);
    look->candidates[look->count++] = handle;
}

// Tries each candidate for the names from `i` on, no handle for two of them. With hundreds of
// handles there may be more ways than there is time.
static bool try_names(struct look *look, size_t i)
{
    if (i == look->name_count)
        return !wait_is_past(&look->deadline) && all_hold(look);
    for (size_t c = look->count; c > 0 && !wait_is_past(&look->deadline);
         c--) { // the newest first: that is what was asked for last
        struct handle *candidate = look->candidates[c - 1];
        bool taken = false;
        for (size_t other = 0; other < i; other++)
            taken = taken || look->found[other] == candidate;
        if (taken)
            continue;
        look->found[i] = candidate;
        set_own(look->stage, look->names[i], candidate);
        if (try_names(look, i + 1))
            return true;
    }
    return false;
}

// --- what was found ------------------------------------------------------------------------------

struct holder {
    struct str name;
    const struct handle *handle;
    bool holds;
};

static void look_at_variable(const struct actor *actor, const struct variable *variable,
                             void *context)
{
    struct holder *holder = context;
    (void)actor;
    if (variable->handle == holder->handle && str_equal(variable->name, holder->name))
        holder->holds = true;
}

// The page's name for what the learner made: a statement for the actor, which may still wait.
static void make_known(struct look *look, struct str name, struct handle *handle)
{
    struct holder holder = {name, handle, false};
    variables_each(look->stage->session, look->actor, look_at_variable, &holder);
    if (holder.holds)
        return;
    const struct program *program = making(look->stage, look->actor, name);
    uint32_t slot = slot_of(look->stage, look->actor, name);
    struct actor *actor = actor_named(look->stage->session, look->actor);
    if (actor != NULL && program != NULL) {
        handle_retain(handle);
        job_release(actor_give(actor, &(struct job){.program = program,
                                                    .node = program->block,
                                                    .block = program->block,
                                                    .slots = program->slots,
                                                    .bound = handle,
                                                    .bound_slot = slot}));
    }
    if (actor != NULL)
        actor_release(actor);
}

// --- a check -------------------------------------------------------------------------------------

static void forget_candidates(struct look *look)
{
    for (size_t i = 0; i < look->count; i++)
        handle_release(look->candidates[i]);
    look->count = 0;
}

static void look_finish(struct look *look)
{
    forget_candidates(look);
    free(look->candidates);
    buffer_finish(&look->text);
}

// Reads the conditions. A plain name that nothing has set yet is a variable that the task is to
// set: it is there from now on, and holds nothing.
static struct reading read_conditions(struct look *look)
{
    for (size_t made = 0;; made++) {
        struct reading reading =
            program_read(&look->stage->session->world, str_from(look->stage->path),
                         buffer_str(&look->text), own_name(look->stage), NULL);
        if (reading.program != NULL || made == NAMES_MADE)
            return reading;
        struct str name =
            str_slice(buffer_str(&look->text), reading.diag.range.start, reading.diag.range.end);
        for (size_t i = 0; i < name.size; i++)
            if (!is_name_part(name.data[i]))
                return reading;
        if (slot_of(look->stage, own_name(look->stage), name) != NAME_MISSING ||
            !make_own(look->stage, name))
            return reading;
    }
}

// Reads the conditions. False with `why`, which may be NULL.
static bool look_begin(struct look *look, struct buffer *why)
{
    find_names(look);
    for (size_t i = 0; i < look->name_count; i++) // so that the checker knows them
        make_own(look->stage, look->names[i]);
    set_known(look);
    struct reading reading = read_conditions(look);
    look->program = reading.program;
    if (reading.program == NULL && why != NULL)
        source_show_diag(reading.source, &reading.diag, why);
    if (reading.program == NULL)
        return false;
    struct nodes all = reading.program->block->list;
    for (size_t i = 0; i < all.count; i++) {
        if (is_condition(all.items[i]))
            continue;
        if (why != NULL)
            source_show_error(&reading.program->source,
                              _("a check holds conditions that look and change nothing"),
                              _("an expression, or a call such as getpeername, state, sent"),
                              all.items[i]->range, why);
        return false;
    }
    return true;
}

bool task_read(struct stage *stage, const struct step *step, struct buffer *why)
{
    struct look look = {.stage = stage, .step = step, .actor = step->code.actor};
    bool good = look_begin(&look, why);
    look_finish(&look);
    return good;
}

// Whether the conditions hold now.
static bool look_once(struct look *look)
{
    set_known(look);
    forget_candidates(look);
    handles_each(collect_handle, look);
    if (!try_names(look, 0))
        return false;
    for (size_t i = 0; i < look->name_count; i++)
        make_known(look, look->names[i], look->found[i]);
    return true;
}

bool task_is_done(struct stage *stage, const struct step *step)
{
    struct look look = {.stage = stage, .step = step, .actor = step->code.actor};
    look.deadline = wait_deadline(STAGE_LIMIT);
    bool done = look_begin(&look, NULL) && look_once(&look);
    look_finish(&look);
    return done;
}

bool task_await(struct stage *stage, const struct step *step)
{
    struct look look = {.stage = stage, .step = step, .actor = step->code.actor};
    look.deadline = wait_deadline(STAGE_LIMIT);
    bool reads = look_begin(&look, NULL), done = false;
    while (reads && !(done = look_once(&look))) {
        struct timespec pause = wait_deadline(ASK_AGAIN);
        if (wait_is_past(&look.deadline) || !stage_pause(stage, &pause))
            break;
    }
    look_finish(&look);
    return done;
}
