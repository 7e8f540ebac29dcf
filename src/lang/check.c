// check: names become slots, and what cannot be right is said before anything runs.
//
// Two walks. The first finds the names that each actor and each function sets, since a variable may be used above the line that sets it (in a
// loop, in another statement of the prompt). The second resolves every use and checks every call.

#include "lang/check.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/message.h"
#include "base/nearest.h"

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

// --- first walk: which names are set --------------------------------------------------------------------------------

struct collector {
    struct world *world;
    struct names *variables; // of the actor or function at hand
};

static void collect(struct collector *collector, const struct node *node);

static void collect_all(struct collector *collector, struct nodes nodes)
{
    for (size_t i = 0; i < nodes.count; i++)
        collect(collector, nodes.items[i]);
}

static void collect_targets(struct collector *collector, struct nodes targets)
{
    for (size_t i = 0; i < targets.count; i++)
        names_add(collector->variables, targets.items[i]->variable.name);
}

static void collect_in(struct collector *collector, struct names *variables,
                       const struct node *block)
{
    struct collector inner = {collector->world, variables};
    collect(&inner, block);
}

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
    case NODE_DEF: { // its own variables are collected when it is checked; @ blocks in it set those of actors
        struct names ignored = {0};
        collect_in(collector, &ignored, node->definition->block);
        names_finish(&ignored);
        break;
    }
    default: // expressions set nothing
        break;
    }
}

// --- second walk: what names mean -----------------------------------------------------------------------------------

// Where else a name stands that is unknown here: in another actor, or outside this function.
static const struct scope *scope_that_has(const struct checker *checker, struct str name)
{
    for (const struct scope *scope = checker->world->scopes; scope != NULL; scope = scope->next)
        if (!str_is(name, "args") && names_find(&scope->names, name) != NAME_MISSING)
            return scope;
    return NULL;
}

static bool looks_like_constant(struct str name)
{
    for (size_t i = 0; i < name.size; i++)
        if (name.data[i] >= 'a' && name.data[i] <= 'z')
            return false;
    return name.size > 2;
}

static void suggest_constant(struct checker *checker, struct str name)
{
    struct nearest nearest = nearest_begin(name);
    for (size_t i = 0; i < symbol_count; i++)
        nearest_offer(&nearest, str_from(symbols[i].name));
    if (nearest.best.size)
        diag_hint(checker->diag, _("did you mean \"%.*s\"?"), STR_ARG(nearest.best));
}

static void suggest_variable(struct checker *checker, struct str name)
{
    struct nearest nearest = nearest_begin(name);
    for (uint32_t i = 0; i < checker->variables->count; i++)
        nearest_offer(&nearest, checker->variables->items[i]);
    const struct scope *elsewhere = scope_that_has(checker, name);
    if (elsewhere != NULL && checker->function.size)
        diag_hint(checker->diag, _("functions see only their parameters: pass %.*s to %.*s as one"),
                  STR_ARG(name), STR_ARG(checker->function));
    else if (elsewhere != NULL)
        diag_hint(checker->diag, _("%s has a %.*s; this is %.*s, and actors share no variables"),
                  elsewhere->actor.data, STR_ARG(name), STR_ARG(checker->actor));
    else if (nearest.best.size)
        diag_hint(checker->diag, _("did you mean \"%.*s\"?"), STR_ARG(nearest.best));
}

static bool unknown_variable(struct checker *checker, const struct node *node)
{
    struct str name = node->variable.name;
    if (looks_like_constant(name)) {
        check_mistake(checker, node->range, _("there is no constant \"%.*s\""), STR_ARG(name));
        suggest_constant(checker, name);
        return false;
    }
    check_mistake(checker, node->range, _("nothing sets a variable \"%.*s\""), STR_ARG(name));
    suggest_variable(checker, name);
    return false;
}

bool check_variable(struct checker *checker, struct node *node)
{
    uint32_t slot = names_find(checker->variables, node->variable.name);
    if (slot == NAME_MISSING)
        return unknown_variable(checker, node);
    node->variable.slot = slot;
    return true;
}

static bool check_target(struct checker *checker, struct node *target)
{
    if (check_definition(checker, target->variable.name)) {
        check_mistake(checker, target->range, _("\"%.*s\" is a function and cannot be a variable"),
                      STR_ARG(target->variable.name));
        return diag_hint(checker->diag, "%s", _("choose another name"));
    }
    return check_variable(checker, target);
}

static bool check_targets(struct checker *checker, struct nodes targets, const struct node *source)
{
    for (size_t i = 0; i < targets.count; i++)
        if (!check_target(checker, targets.items[i]))
            return false;
    if (targets.count < 2)
        return true;
    enum type type = check_static_type(source);
    size_t gives = 0;
    if (source->type == NODE_CALL && source->call.command) {
        gives = source->call.command->results.count;
        if (gives == 1)
            type = source->call.command->results.items[0].type;
    }
    struct range range = {targets.items[0]->range.start,
                          targets.items[targets.count - 1]->range.end};
    if (gives > 1 && gives != targets.count)
        return check_mistake(checker, range, _("%.*s gives %zu values, and here are %zu names"),
                             STR_ARG(source->call.name), gives, targets.count);
    if (gives < 2 && !(type & (TYPE_LIST | TYPE_ADDRESS)))
        return check_mistake(checker, range, _("one value cannot be taken by %zu names"), targets.count);
    return true;
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
    return diag_hint(checker->diag, _("write \"%s%.*s%s:%s%.*s%s\""), host_is ? "{" : "", STR_ARG(host),
                     host_is ? "}" : "", service_is ? "{" : "", STR_ARG(service),
                     service_is ? "}" : "");
}

static bool check_block(struct checker *checker, struct node *node)
{
    for (size_t i = 0; i < node->list.count; i++)
        if (!check_node(checker, node->list.items[i]))
            return false;
    return true;
}

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

static bool check_loop(struct checker *checker, struct node *condition, struct node *block)
{
    if (condition && !check_condition(checker, condition))
        return false;
    checker->loops++;
    bool good = check_node(checker, block);
    checker->loops--;
    return good;
}

static bool check_at(struct checker *checker, struct node *node)
{
    struct scope *scope = world_scope(checker->world, node->at.name);
    struct checker inner = *checker;
    inner.variables = &scope->names;
    inner.actor = scope->actor;
    inner.function = (struct str){0};
    inner.loops = 0;
    inner.actors++;
    node->at.name = scope->actor;
    if (!check_node(&inner, node->at.block))
        return false;
    node->at.slots = scope->names.count;
    return true;
}

static bool check_definition_node(struct checker *checker, const struct node *node)
{
    struct definition *definition = node->definition;
    const struct definition *first = check_definition(checker, definition->name);
    if (first != definition) {
        struct place place = source_place(&first->program->source, first->name_range.start);
        check_mistake(checker, definition->name_range, _("there are two functions \"%.*s\""),
                      STR_ARG(definition->name));
        return diag_hint(checker->diag, _("the other one is on line %u"), place.line);
    }
    if (checker->function.size == 0 && names_find(checker->variables, definition->name) != NAME_MISSING) {
        check_mistake(checker, definition->name_range, _("\"%.*s\" is a variable and cannot be a function"),
                      STR_ARG(definition->name));
        return diag_hint(checker->diag, "%s", _("choose another name"));
    }
    struct names variables = {0};
    struct collector collector = {checker->world, &variables};
    struct checker inner = *checker;
    inner.variables = &variables;
    inner.actor = (struct str){0};
    inner.function = definition->name;
    inner.loops = inner.actors = 0;
    bool good = true;
    for (size_t i = 0; good && i < definition->param_count; i++) {
        struct str name = str_from(definition->params[i].name);
        good = !check_definition(checker, name) ||
               check_mistake(checker, definition->param_ranges[i],
                             _("\"%.*s\" is a function and cannot be a parameter"), STR_ARG(name));
        names_add(&variables, name);
    }
    collect(&collector, definition->block);
    good = good && check_node(&inner, definition->block);
    definition->slots = variables.count;
    names_finish(&variables);
    return good;
}

static bool check_leaving(struct checker *checker, struct node *node)
{
    const char *word = node->type == NODE_BREAK ? "break" : "continue";
    if (node->type == NODE_RETURN) {
        if (checker->function.size == 0)
            return check_mistake(checker, node->range, _("\"return\" stands in a function"));
        return node->source == NULL || check_value(checker, node->source);
    }
    if (checker->loops > 0)
        return true;
    check_mistake(checker, node->range, _("\"%s\" stands in a loop"), word);
    if (checker->actors > 0)
        diag_hint(checker->diag, "%s", _("it does not leave an @ block"));
    return false;
}

static bool check_include(struct checker *checker, struct node *node)
{
    if (checker->function.size)
        return check_mistake(checker, node->range, _("\"source\" stands outside functions"));
    struct checker inner = *checker;
    inner.program = node->include.program;
    return check_node(&inner, node->include.program->block);
}

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
           check_target(checker, node->attempt.caught) &&
           check_node(checker, node->attempt.handler);
}

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
        return check_value(checker, node->each.source) &&
               check_targets(checker, node->each.targets, node->each.source) &&
               check_loop(checker, NULL, node->each.block);
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

// --- a whole program ------------------------------------------------------------------------------------------------

// How many variables each scope had, so that a program that does not check leaves none behind.
static uint32_t *remember_counts(const struct world *world)
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

// Scopes made since then come last in the list, and keep only their `args`.
static void restore_counts(struct world *world, const uint32_t *counts)
{
    for (struct scope *scope = world->scopes; scope != NULL; scope = scope->next)
        names_truncate(&scope->names, *counts ? *counts++ : 1);
}

bool program_check(struct world *world, struct program *program, struct str actor,
                   struct diag *diag, const struct source **source)
{
    uint32_t *counts = remember_counts(world);
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
    };
    collect(&collector, program->block);
    bool good = check_node(&checker, program->block);
    program->slots = scope->names.count;
    if (!good)
        restore_counts(world, counts);
    free(counts);
    return good;
}
