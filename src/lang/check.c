// check: names become slots, and what cannot be right is said before anything runs.
//
// Two walks. The first finds the names that each actor and each function sets, since a variable may
// be used above the line that sets it (in a loop, in another statement of the prompt). The second
// resolves every use and checks every call.

#include "lang/check.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/message.h"
#include "base/nearest.h"
#include "lang/mend.h"

bool check_mistake(struct checker *checker, struct range range, const char *format, ...)
{
    char message[sizeof checker->diag->message];
    va_list list;
    va_start(list, format);
    vsnprintf(message, sizeof message, format, list);
    va_end(list);
    *checker->source = &checker->program->source;
    return diag_set(checker->diag, range, "%s", message);
}

// --- first walk: which names are set -------------------------------------------------------------

// Where the first walk is.
struct collector {
    struct world *world;     // for the scopes of other actors
    struct names *variables; // of the actor or function at hand
};

static void collect(struct collector *collector, const struct node *node);

static void collect_all(struct collector *collector, struct nodes nodes)
{
    for (size_t i = 0; i < nodes.count; i++)
        collect(collector, nodes.items[i]);
}

// Names on the left of =, or between `for` and `in`.
static void collect_targets(struct collector *collector, struct nodes targets)
{
    for (size_t i = 0; i < targets.count; i++)
        names_add(collector->variables, targets.items[i]->variable.name);
}

// The same for a block that belongs to another actor or function.
static void collect_in(struct collector *collector, struct names *variables,
                       const struct node *block)
{
    struct collector inner = {collector->world, variables};
    collect(&inner, block);
}

// A condition may set names as well: if d = recv s 10 { … }.
static void collect_choice(struct collector *collector, const struct node *node)
{
    for (size_t i = 0; i < node->choice.count; i++) {
        if (node->choice.branches[i].condition)
            collect(collector, node->choice.branches[i].condition);
        collect(collector, node->choice.branches[i].block);
    }
}

static void collect(struct collector *collector, const struct node *node)
{
    switch (node->type) {
    case NODE_BLOCK:
        collect_all(collector, node->list);
        break;
    case NODE_ASSIGN:
        collect_targets(collector, node->assign.targets);
        break;
    case NODE_AT:
        collect_in(collector, &world_scope(collector->world, node->at.name)->names, node->at.block);
        break;
    case NODE_IF:
        collect_choice(collector, node);
        break;
    case NODE_WHILE:
    case NODE_LOOP:
        if (node->loop.condition)
            collect(collector, node->loop.condition);
        collect(collector, node->loop.block);
        break;
    case NODE_FOR:
        collect_targets(collector, node->each.targets);
        collect(collector, node->each.block);
        break;
    case NODE_TRY:
        names_add(collector->variables, node->attempt.caught->variable.name);
        collect(collector, node->attempt.block);
        collect(collector, node->attempt.handler);
        break;
    case NODE_SOURCE:
        collect(collector, node->include.program->block);
        break;
    case NODE_DEF: { // its own variables are collected when it is checked; @ blocks in it set those
                     // of actors
        struct names ignored = {0};
        collect_in(collector, &ignored, node->definition->block);
        names_finish(&ignored);
        break;
    }
    default: // expressions set nothing
        break;
    }
}

// --- second walk: what names mean ----------------------------------------------------------------

// Where else a name stands that is unknown here: in another actor, or outside this function.
static const struct scope *scope_that_has(const struct checker *checker, struct str name)
{
    for (const struct scope *scope = checker->world->scopes; scope != NULL; scope = scope->next)
        if (names_find(&scope->names, name) != NAME_MISSING)
            return scope;
    return NULL;
}

// Whether `name` begins as constants do: AF_…, SO_…
static bool has_family(struct str name)
{
    size_t end = str_find(name, STR("_"), 0);
    for (size_t i = 0; end != SIZE_MAX && i < symbol_count; i++)
        if (str_starts(str_from(symbols[i].name), str_slice(name, 0, end + 1)))
            return true;
    return false;
}

// A name in capitals that is near to a constant, or has the beginning of some. `*meant` is that
// constant, or empty.
static bool looks_like_constant(struct str name, struct str *meant)
{
    struct nearest nearest = nearest_begin(name);
    for (size_t i = 0; i < name.size; i++)
        if (name.data[i] >= 'a' && name.data[i] <= 'z')
            return false;
    for (size_t i = 0; i < symbol_count; i++)
        nearest_offer(&nearest, str_from(symbols[i].name));
    *meant = nearest.best;
    return name.size > 2 && (meant->size > 0 || has_family(name));
}

// The variable, function or command that is nearest to `name`.
static struct str nearest_name(const struct checker *checker, struct str name)
{
    struct nearest nearest = nearest_begin(name);
    const struct names *functions = &checker->world->function_names;
    size_t count;
    const struct command *const *rows = command_rows(&count);
    for (uint32_t i = 0; i < checker->variables->count; i++)
        nearest_offer(&nearest, checker->variables->items[i]);
    for (uint32_t i = 0; i < functions->count; i++)
        nearest_offer(&nearest, functions->items[i]);
    for (size_t i = 0; i < count; i++)
        nearest_offer(&nearest, str_from(rows[i]->name));
    return nearest.best;
}

// What may have been meant: a variable out of sight, a word of another language, or a near name.
static void hint_variable(struct checker *checker, struct str name)
{
    const struct scope *elsewhere = scope_that_has(checker, name);
    const char *habit = mend_habit(name);
    struct str nearest = nearest_name(checker, name);
    if (elsewhere != NULL && checker->function.size)
        diag_hint(checker->diag, _("a function sees only its parameters: pass %.*s to %.*s as one"),
                  STR_ARG(name), STR_ARG(checker->function));
    else if (elsewhere != NULL)
        diag_hint(checker->diag, _("%s has a variable %.*s; this is %.*s, and actors share none"),
                  elsewhere->actor.data, STR_ARG(name), STR_ARG(checker->actor));
    else if (habit != NULL)
        diag_hint(checker->diag, "%s", habit);
    else if (nearest.size)
        diag_hint(checker->diag, _("did you mean \"%.*s\"?"), STR_ARG(nearest));
}

// Reports it; in capitals as a constant. Returns false.
static bool unknown_variable(struct checker *checker, const struct node *node)
{
    struct str name = node->variable.name, meant;
    if (mend_habit(name) == NULL && looks_like_constant(name, &meant)) {
        check_mistake(checker, node->range, _("there is no constant \"%.*s\""), STR_ARG(name));
        if (meant.size)
            diag_hint(checker->diag, _("did you mean \"%.*s\"?"), STR_ARG(meant));
        return false;
    }
    check_mistake(checker, node->range, _("nothing sets a variable \"%.*s\""), STR_ARG(name));
    hint_variable(checker, name);
    return false;
}

// Gives the name its slot in the frame at hand.
static bool check_variable(struct checker *checker, struct node *node)
{
    uint32_t slot = names_find(checker->variables, node->variable.name);
    if (slot == NAME_MISSING)
        return checker->loose || unknown_variable(checker, node);
    node->variable.slot = slot;
    return true;
}

// How many values the source gives as far as it shows, 0 where it does not.
static size_t count_values(const struct node *source)
{
    if (source->type == NODE_LIST)
        return source->list.count;
    if (source->type == NODE_LITERAL && source->literal.type == TYPE_ADDRESS)
        return 2;
    if (source->type != NODE_CALL || source->call.command == NULL)
        return 0;
    struct params results = source->call.command->results;
    return results.count == 1 && (results.items[0].type & (TYPE_LIST | TYPE_ADDRESS))
               ? 0
               : results.count;
}

// The names get their slots; how many there are must fit as far as the source shows it.
static bool check_targets(struct checker *checker, struct nodes targets, const struct node *source)
{
    for (size_t i = 0; i < targets.count; i++)
        if (!check_variable(checker, targets.items[i]))
            return false;
    size_t gives = count_values(source);
    bool single = gives == 1 && source->type != NODE_LIST;
    if (targets.count < 2 || gives == targets.count)
        return true;
    struct range range = {targets.items[0]->range.start,
                          targets.items[targets.count - 1]->range.end};
    if (single || !(check_static_type(source) & (TYPE_LIST | TYPE_ADDRESS)))
        return check_mistake(checker, range, _("one value cannot be taken by %zu names"),
                             targets.count);
    return gives == 0 || check_mistake(checker, range, _("here are %zu names for %zu values"),
                                       targets.count, gives);
}

// h:80 with a variable h: an address is a literal and looks into no variable.
static bool check_address_parts(struct checker *checker, const struct node *node)
{
    if (node->literal.type != TYPE_ADDRESS || node->literal.address->address.kind != ADDRESS_NAME)
        return true;
    const struct address *address = &node->literal.address->address;
    struct str host = {address->text, address->host_size};
    struct str service = {address->text + address->host_size,
                          (size_t)address->text_size - address->host_size};
    bool host_is = names_find(checker->variables, host) != NAME_MISSING;
    bool service_is = names_find(checker->variables, service) != NAME_MISSING;
    if (!host_is && !service_is)
        return true;
    check_mistake(checker, node->range, _("\"%.*s\" is a variable, and an address looks into none"),
                  STR_ARG(host_is ? host : service));
    return diag_hint(checker->diag, _("write \"%s%.*s%s:%s%.*s%s\""), host_is ? "{" : "",
                     STR_ARG(host), host_is ? "}" : "", service_is ? "{" : "", STR_ARG(service),
                     service_is ? "}" : "");
}

// Whether an actor has that name.
static bool is_actor(const struct world *world, struct str name)
{
    const struct scope *scope = world->scopes;
    while (scope != NULL && !str_equal(scope->actor, name))
        scope = scope->next;
    return scope != NULL;
}

// A name alone on its line may be meant as a command.
static bool check_statement(struct checker *checker, struct node *node)
{
    if (check_node(checker, node))
        return true;
    if (node->type == NODE_VARIABLE &&
        names_find(checker->variables, node->variable.name) == NAME_MISSING) {
        // The hint outlives the message that it was made for.
        char hint[sizeof checker->diag->hint];
        memcpy(hint, checker->diag->hint, sizeof hint);
        check_mistake(checker, node->range, _("there is no command and no variable \"%.*s\""),
                      STR_ARG(node->variable.name));
        if (is_actor(checker->world, node->variable.name))
            diag_hint(checker->diag, _("an actor is talked to with @%.*s"),
                      STR_ARG(node->variable.name));
        else
            diag_hint(checker->diag, "%s", hint[0] ? hint : _("\"help\" lists the commands"));
    }
    return false;
}

// Statements in order; the first mistake ends it.
static bool check_block(struct checker *checker, struct node *node)
{
    for (size_t i = 0; i < node->list.count; i++)
        if (!check_statement(checker, node->list.items[i]))
            return false;
    return true;
}

// Elements of a list or pieces of a text: each must give a value.
static bool check_elements(struct checker *checker, struct nodes nodes)
{
    for (size_t i = 0; i < nodes.count; i++)
        if (!check_node(checker, nodes.items[i]) || !check_gives_value(checker, nodes.items[i]))
            return false;
    return true;
}

// A value that something is done with.
static bool check_value(struct checker *checker, struct node *node)
{
    return check_node(checker, node) && check_gives_value(checker, node);
}

// An assignment gives what its (first) name holds, hence needs no value of its own.
static bool check_condition(struct checker *checker, struct node *node)
{
    return node->type == NODE_ASSIGN ? check_node(checker, node) : check_value(checker, node);
}

static bool check_choice(struct checker *checker, struct node *node)
{
    for (size_t i = 0; i < node->choice.count; i++) {
        struct branch *branch = &node->choice.branches[i];
        if (branch->condition && !check_condition(checker, branch->condition))
            return false;
        if (!check_node(checker, branch->block))
            return false;
    }
    return true;
}

// Between these braces `break` and `continue` have a loop to leave.
static bool check_loop(struct checker *checker, struct node *condition, struct node *block)
{
    if (condition && !check_condition(checker, condition))
        return false;
    checker->loops++;
    bool good = check_node(checker, block);
    checker->loops--;
    return good;
}

// The names take one element after the other, of which nothing shows.
static bool check_each(struct checker *checker, struct node *node)
{
    enum type type = check_static_type(node->each.source);
    if (!check_value(checker, node->each.source))
        return false;
    for (size_t i = 0; i < node->each.targets.count; i++)
        if (!check_variable(checker, node->each.targets.items[i]))
            return false;
    if (!(type & (TYPE_LIST | TYPE_BYTES)))
        return check_mistake(checker, node->each.source->range,
                             _("for goes through a list or bytes, not %s"),
                             type_with_article(type));
    return check_loop(checker, NULL, node->each.block);
}

// Another actor's variables, and none of the loops around: `break` cannot leave an @ block.
static bool check_at(struct checker *checker, struct node *node)
{
    struct scope *scope = world_scope(checker->world, node->at.name);
    struct checker inner = *checker;
    inner.variables = &scope->names;
    inner.actor = scope->actor;
    inner.function = (struct str){0};
    inner.loops = 0;
    inner.actors++;
    // The world's copy, which ends in NUL and outlives the text.
    node->at.name = scope->actor;
    if (!check_node(&inner, node->at.block))
        return false;
    node->at.slots = scope->names.count;
    return true;
}

// Whether an actor had a variable of that name before this program, which at the prompt may be long
// ago.
static bool was_variable(const struct checker *checker, struct str name)
{
    const uint32_t *known = checker->known;
    for (const struct scope *scope = checker->world->scopes; scope != NULL && *known > 0;
         scope = scope->next)
        if (names_find(&scope->names, name) < *known++)
            return true;
    return false;
}

// One definition a text, and no variable of that name: a statement NAME = would be an assignment,
// and NAME alone a call.
static bool check_function_name(struct checker *checker, const struct definition *definition)
{
    struct str name = definition->name;
    const struct definition *first = check_definition(checker, name);
    if (first != definition) {
        const struct source *source = &first->program->source;
        struct place place = source_place(source, first->name_range.start);
        check_mistake(checker, definition->name_range, _("there are two functions \"%.*s\""),
                      STR_ARG(name));
        if (source->name.size == 0)
            return diag_hint(checker->diag, _("the other one: line %u"), place.line);
        return diag_hint(checker->diag, _("the other one: %.*s, line %u"), STR_ARG(source->name),
                         place.line);
    }
    if (!was_variable(checker, name))
        return true;
    check_mistake(checker, definition->name_range,
                  _("\"%.*s\" is a variable and cannot be a function"), STR_ARG(name));
    return diag_hint(checker->diag, "%s", _("choose another name"));
}

// A frame of its own: parameters first, then what the block sets.
static bool check_definition_node(struct checker *checker, const struct node *node)
{
    struct definition *definition = node->definition;
    if (!check_function_name(checker, definition))
        return false;
    struct names variables = {0};
    struct collector collector = {checker->world, &variables};
    struct checker inner = *checker;
    inner.variables = &variables;
    inner.actor = (struct str){0};
    inner.function = definition->name;
    inner.loops = inner.actors = 0;
    for (size_t i = 0; i < definition->param_count; i++)
        names_add(&variables, str_from(definition->params[i].name));
    collect(&collector, definition->block);
    bool good = check_node(&inner, definition->block);
    definition->slots = variables.count;
    names_finish(&variables);
    return good;
}

// `break`, `continue` and `return` where there is something to leave.
static bool check_leaving(struct checker *checker, struct node *node)
{
    bool is_return = node->type == NODE_RETURN;
    if (is_return && checker->function.size > 0)
        return node->source == NULL || check_value(checker, node->source);
    if (checker->loose || (!is_return && checker->loops > 0))
        return true;
    if (is_return)
        check_mistake(checker, node->range, _("\"return\" has a place only in a function"));
    else
        check_mistake(checker, node->range, _("\"%s\" has a place only in a loop"),
                      node->type == NODE_BREAK ? "break" : "continue");
    if (checker->actors > 0)
        diag_hint(checker->diag, "%s", _("it does not leave an @ block"));
    return false;
}

// The other file's statements are checked as if they stood here, with the variables of this place.
static bool check_include(struct checker *checker, struct node *node)
{
    if (checker->function.size)
        return check_mistake(checker, node->range,
                             _("\"source\" has a place only outside functions"));
    struct checker inner = *checker;
    inner.program = node->include.program;
    return check_node(&inner, node->include.program->block);
}

// Found or not, it may name an actor: that is known when it runs.
static bool check_actor_name(struct checker *checker, struct node *node)
{
    node->actor.slot = NAME_MISSING;
    if (node->actor.may_be_variable)
        node->actor.slot = names_find(checker->variables, node->actor.name);
    return true;
}

static bool check_attempt(struct checker *checker, struct node *node)
{
    return check_node(checker, node->attempt.block) &&
           check_variable(checker, node->attempt.caught) &&
           check_node(checker, node->attempt.handler);
}

// The left one is missing of `not` and of a sign.
static bool check_operands(struct checker *checker, struct node *node)
{
    if (node->binary.left && !check_value(checker, node->binary.left))
        return false;
    return check_value(checker, node->binary.right);
}

bool check_node(struct checker *checker, struct node *node)
{
    switch (node->type) {
    case NODE_LITERAL:
        return check_address_parts(checker, node);
    case NODE_VARIABLE:
        return check_variable(checker, node);
    case NODE_TEXT:
    case NODE_LIST:
        return check_elements(checker, node->list);
    case NODE_INDEX:
        return check_value(checker, node->index.base) && check_value(checker, node->index.at);
    case NODE_NOT:
    case NODE_MINUS:
    case NODE_BINARY:
    case NODE_AND:
    case NODE_OR:
        return check_operands(checker, node);
    case NODE_CALL:
    case NODE_SPAWN:
        return check_call(checker, node);
    case NODE_ACTOR:
        return check_actor_name(checker, node);
    case NODE_BLOCK:
        return check_block(checker, node);
    case NODE_ASSIGN:
        return check_value(checker, node->assign.source) &&
               check_targets(checker, node->assign.targets, node->assign.source);
    case NODE_AT:
        return check_at(checker, node);
    case NODE_DEF:
        return check_definition_node(checker, node);
    case NODE_IF:
        return check_choice(checker, node);
    case NODE_WHILE:
    case NODE_LOOP:
        return check_loop(checker, node->loop.condition, node->loop.block);
    case NODE_FOR:
        return check_each(checker, node);
    case NODE_TRY:
        return check_attempt(checker, node);
    case NODE_BREAK:
    case NODE_CONTINUE:
    case NODE_RETURN:
        return check_leaving(checker, node);
    case NODE_SOURCE:
        return check_include(checker, node);
    case NODE_EXPECT:
        break;
    }
    return true;
}

// --- a whole program -----------------------------------------------------------------------------

// Every scope has one variable at least, `args`: the 0 that ends the counts is none.
uint32_t *check_remember(const struct world *world)
{
    size_t count = 0;
    for (const struct scope *scope = world->scopes; scope != NULL; scope = scope->next)
        count++;
    uint32_t *counts = mem_zero((count + 1) * sizeof *counts);
    count = 0;
    for (const struct scope *scope = world->scopes; scope != NULL; scope = scope->next)
        counts[count++] = scope->names.count;
    counts[count] = 0;
    return counts;
}

void check_restore(struct world *world, const uint32_t *counts)
{
    struct scope **last = &world->scopes;
    for (; *counts; last = &(*last)->next)
        names_truncate(&(*last)->names, *counts++);
    // Scopes made since then come last in the list.
    scopes_free(last);
}

bool program_check(struct world *world, struct program *program, struct str actor, bool loose,
                   struct diag *diag, const struct source **source)
{
    uint32_t *counts = check_remember(world);
    struct scope *scope = world_scope(world, actor);
    struct collector collector = {world, &scope->names};
    struct checker checker = {
        .world = world,
        .diag = diag,
        .source = source,
        .program = program,
        .variables = &scope->names,
        .actor = scope->actor,
        .top = program,
        .known = counts,
        .loose = loose,
    };
    collect(&collector, program->block);
    bool good = check_node(&checker, program->block);
    program->slots = scope->names.count;
    if (!good)
        check_restore(world, counts);
    free(counts);
    return good;
}
