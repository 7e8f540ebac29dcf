// invoke: arguments onto the stack, decoding by the row, and the call.

#include <errno.h>
#include <stdio.h>

#include "base/message.h"
#include "lang/evaluate.h"

// --- arguments -----------------------------------------------------------------------------------

// Evaluates arguments onto the stack, with room for `count` values there, which evaluating does not
// take away. On failure nothing is left there.
static bool push_arguments(struct interp *interp, const struct node *node, size_t count)
{
    const struct nodes *args = &node->call.args;
    size_t first = interp->top;
    // Once for all: places on the stack stay where they are while the arguments are pushed.
    if (!stack_reserve(interp, node, count))
        return false;
    for (size_t i = 0; i < args->count; i++) {
        const struct node *arg = args->items[i];
        struct value value;
        if (arg->type == NODE_LITERAL) { // as evaluate() would, for the two most frequent kinds
            value = arg->literal;
        } else if (arg->type == NODE_VARIABLE &&
                   interp->stack[interp->base + arg->variable.slot].type != TYPE_UNSET) {
            value = value_retain(interp->stack[interp->base + arg->variable.slot]);
        } else if (!evaluate(interp, arg, &value)) {
            stack_drop(interp, interp->top - first);
            return false;
        }
        interp->stack[interp->top++] = value;
    }
    return true;
}

// The mistake that the checker tells of literals, told when it runs. Returns false.
static bool wrong_argument(struct interp *interp, const struct node *node,
                           const struct param *param, size_t i, struct value value)
{
    struct buffer text = {0};
    param_show_mismatch(node->call.command, param, value.type, &text);
    const struct node *place = i < node->call.args.count ? node->call.args.items[i] : node;
    interp_fail(interp, place, "%s", buffer_text(&text));
    buffer_finish(&text);
    return false;
}

// An int where a handle is wanted means the row that has this number now.
static bool number_to_handle(struct interp *interp, const struct node *place, struct value *value)
{
    struct handle *handle = handle_by_number(value->number);
    if (handle == NULL) {
        const struct symbol *symbol = symbol_of(FAMILY_ERRNO, EBADF);
        char text[100];
        snprintf(text, sizeof text, _("no handle has the number %lld"), (long long)value->number);
        struct value error = value_error(symbol, str_from(text));
        value_explain_error(error, str_from(text), str_from(_("handles lists those that are open")),
                            "EBADF");
        return interp_fail_take(interp, place, error);
    }
    *value = value_handle_take(handle);
    return true;
}

// As if it had been written without quotes. A text that was put together can be wrong only now.
static bool bytes_to_address(struct interp *interp, const struct node *place, struct value *value)
{
    struct address address = {0};
    struct diag diag = {0};
    if (!address_parse(value_str(*value), &address, &diag)) {
        struct buffer shown = {0};
        bytes_show(value_str(*value), 60, &shown);
        interp_fail(interp, place, _("%s is no address: %s"), buffer_text(&shown), diag.message);
        buffer_finish(&shown);
        return false;
    }
    struct value parsed = value_address(&address);
    if (parsed.type == TYPE_UNSET)
        return no_memory(interp, place);
    value_release(*value);
    *value = parsed;
    return true;
}

// Brings one argument to the type that the row asks for.
static bool decode(struct interp *interp, const struct node *node, const struct param *param,
                   size_t i, struct value *value)
{
    const struct node *place = node->call.args.items[i];
    if (param->type & value->type) {
        if (!param->bounded || value->number >= param->least)
            return true;
        struct buffer least = {0};
        value_show(value->type == TYPE_DURATION ? value_duration(param->least)
                                                : value_int(param->least),
                   &least);
        interp_fail(interp, place, _("the %s of %s is at least %s"), param->name,
                    node->call.command->name, buffer_text(&least));
        buffer_finish(&least);
        return false;
    }
    if ((param->type & TYPE_HANDLE) && value->type == TYPE_INT)
        return number_to_handle(interp, place, value);
    if ((param->type & TYPE_ADDRESS) && value->type == TYPE_BYTES)
        return bytes_to_address(interp, place, value);
    return wrong_argument(interp, node, param, i, *value);
}

// Decodes what was given, and fills up with TYPE_UNSET what was left out.
static bool decode_all(struct interp *interp, const struct node *node, size_t first)
{
    struct params params = node->call.command->params;
    size_t given = node->call.args.count;
    for (size_t i = 0; i < given; i++) {
        // The last parameter stands for all that `many` adds.
        const struct param *param = &params.items[i < params.count ? i : params.count - 1];
        if (!decode(interp, node, param, i, &interp->stack[first + i]))
            return false;
    }
    while (interp->top < first + params.count)
        interp->stack[interp->top++] = VALUE_UNSET;
    return true;
}

// --- commands ------------------------------------------------------------------------------------

// `append NAME …`: the variable's value moves onto the stack for the call, so that it can be
// changed in place, and back.
static struct value *borrowed_variable(struct interp *interp, const struct node *node)
{
    const struct params params = node->call.command->params;
    if (params.count == 0 || params.items[0].form != FORM_VARIABLE)
        return NULL;
    return &interp->stack[interp->base + node->call.args.items[0]->variable.slot];
}

// Whether somebody may ask later which calls were made.
static bool notes(const struct interp *interp)
{
    const atomic_bool *notes = interp->host->notes;
    return notes != NULL && atomic_load_explicit(notes, memory_order_relaxed);
}

// Runs the row with its arguments on the stack from `first` on; results or failure as it says.
static bool run_command(struct interp *interp, const struct node *node, size_t first,
                        struct results *results)
{
    struct call call = {
        .interp = interp,
        .command = node->call.command,
        .node = node,
        .args = &interp->stack[first],
        .count = interp->top - first,
    };
    struct value *variable = borrowed_variable(interp, node);
    if (variable != NULL) { // only the stack's reference is left: it can be changed in place
        value_release(*variable);
        *variable = VALUE_UNSET;
    }
    uint64_t noted = notes(interp) ? interp->host->call_begins(&call) : 0;
    bool good = interp->run ? interp->run(&call) : call.command->run(&call);
    if (noted != 0)
        interp->host->call_ends(&call, noted, good);
    // Before anything is let go: the trace shows the arguments as the command has left them.
    if (*interp->traces)
        interp->host->called(&call, good);
    if (!good)
        interp->host->failed(&call, interp->takers > 0);
    if (variable != NULL) {
        *variable = call.args[0];
        call.args[0] = VALUE_UNSET;
    }
    if (!good) {
        // A call that was ended with its actor is no error that a `try` could take.
        interp->unwinding = interp->unwinding || waiter_must_unwind(interp->waiter);
        return interp_fail_take(interp, node, call.error);
    }
    results->count = call.result_count;
    for (size_t i = 0; i < call.result_count; i++)
        results->values[i] = call.results[i];
    return true;
}

bool invoke_command(struct interp *interp, const struct node *node, struct results *results)
{
    size_t first = interp->top;
    size_t wanted = node->call.command->params.count;
    // A command may take many of its last parameter, or fewer than it has.
    size_t room = wanted > node->call.args.count ? wanted : node->call.args.count;
    if (!push_arguments(interp, node, room))
        return false;
    bool good = decode_all(interp, node, first) && run_command(interp, node, first, results);
    stack_drop(interp, interp->top - first);
    return good;
}

// --- functions -----------------------------------------------------------------------------------

bool invoke_definition(struct interp *interp, const struct node *node,
                       const struct definition *definition, size_t count, struct value *value)
{
    size_t first = interp->top - count, base = interp->base;
    // Failures in the function are told at places of its own text.
    const struct program *program = interp->program;
    if (must_stop(interp, node) || !stack_reserve(interp, node, definition->slots - count)) {
        stack_drop(interp, count);
        return false;
    }
    while (interp->top < first + definition->slots)
        interp->stack[interp->top++] = VALUE_UNSET;
    interp->base = first;
    interp->program = definition->program;
    enum flow flow = execute(interp, definition->block);
    interp->base = base;
    interp->program = program;
    stack_drop(interp, interp->top - first);
    // A `break` that would leave the function was refused by the checker.
    *value = flow == FLOW_RETURN ? interp->returned : VALUE_NONE;
    interp->returned = VALUE_UNSET;
    return flow != FLOW_FAIL;
}

// The version of a function that is known now; it may have been defined again with other
// parameters.
static const struct definition *current(struct interp *interp, const struct node *node)
{
    const struct definition *definition = atomic_load(&node->call.function->definition);
    if (definition->param_count == node->call.args.count)
        return definition;
    interp_fail(interp, node, _("%.*s was defined again and now takes %zu arguments"),
                STR_ARG(definition->name), definition->param_count);
    return NULL;
}

bool invoke_function(struct interp *interp, const struct node *node, struct value *value)
{
    const struct definition *definition = current(interp, node);
    size_t count = node->call.args.count;
    return definition != NULL && push_arguments(interp, node, count) &&
           invoke_definition(interp, node, definition, count, value);
}

bool invoke_spawn(struct interp *interp, const struct node *node, struct value *value)
{
    const struct definition *definition = current(interp, node);
    size_t count = node->call.args.count;
    if (definition == NULL || !push_arguments(interp, node, count))
        return false;
    // The host copies them: another actor is to own its own.
    bool good = interp->host->spawn(interp, node, definition, interp->stack + (interp->top - count),
                                    count, value);
    stack_drop(interp, count);
    return good;
}
