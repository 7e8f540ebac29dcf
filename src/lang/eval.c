// eval: values of expressions, and the frame around a run.

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/message.h"
#include "lang/evaluate.h"

// --- failing -------------------------------------------------------------------------------------

void interp_clear_failure(struct interp *interp)
{
    value_release(interp->failure.error);
    interp->failure = (struct failure){.error = VALUE_UNSET};
}

bool interp_fail_take(struct interp *interp, const struct node *node, struct value error)
{
    interp_clear_failure(interp);
    interp->failure = (struct failure){error, node->range, interp->program};
    if (error.error->program == NULL) {
        error.error->program = interp->program;
        error.error->range = node->range;
    }
    return false;
}

bool failure_is_first(const struct failure *failure)
{
    const struct error *error = failure->error.error;
    return error->program == failure->program && error->range.start == failure->range.start &&
           error->range.end == failure->range.end;
}

bool interp_fail(struct interp *interp, const struct node *node, const char *format, ...)
{
    char text[400];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    return interp_fail_take(interp, node, value_error(NULL, str_from(text)));
}

bool interp_fail_errno(struct interp *interp, const struct node *node, int number)
{
    const struct symbol *symbol = symbol_of(FAMILY_ERRNO, number);
    return interp_fail_take(interp, node,
                            value_error(symbol, str_from(symbol ? _(symbol->meaning) : "")));
}

bool no_memory(struct interp *interp, const struct node *node)
{
    return interp_fail_errno(interp, node, ENOMEM);
}

bool out_of_stack(struct interp *interp, const struct node *node)
{
    if ((const char *)__builtin_frame_address(0) >= interp->stack_floor)
        return false;
    return !interp_fail(
        interp, node, _("calls nest too deeply here; does this function call itself without end?"));
}

bool must_stop(struct interp *interp, const struct node *node)
{
    if (out_of_stack(interp, node))
        return true;
    // Asked in loops and functions only: whatever goes on without end passes through one of them.
    if (waiter_must_unwind(interp->waiter)) {
        interp->unwinding = true;
        return !interp_fail_errno(interp, node, ECANCELED);
    }
    if (atomic_load_explicit(&interp->waiter->interrupted, memory_order_relaxed) &&
        atomic_exchange(&interp->waiter->interrupted, false))
        return !interp_fail_take(
            interp, node, value_error(symbol_of(FAMILY_ERRNO, EINTR), str_from(_("interrupted"))));
    return false;
}

// --- the stack -----------------------------------------------------------------------------------

bool stack_reserve(struct interp *interp, const struct node *node, size_t count)
{
    if (interp->capacity - interp->top >= count)
        return true;
    // By half more than before, so that deep recursion moves the stack a few times only.
    size_t capacity = interp->top + count + interp->capacity / 2;
    struct value *stack = reallocarray(interp->stack, capacity, sizeof *stack);
    if (stack == NULL)
        return no_memory(interp, node);
    interp->stack = stack;
    interp->capacity = capacity;
    return true;
}

void stack_drop(struct interp *interp, size_t count)
{
    for (; count > 0; count--)
        value_release(interp->stack[--interp->top]);
}

struct value *interp_variable(struct interp *interp, uint32_t slot)
{
    return &interp->stack[slot];
}

// --- expressions ---------------------------------------------------------------------------------

// The value, with a reference; a variable that no statement has set yet is an error.
static bool evaluate_variable(struct interp *interp, const struct node *node, struct value *value)
{
    *value = interp->stack[interp->base + node->variable.slot];
    if (value->type == TYPE_UNSET)
        return interp_fail(interp, node, _("\"%.*s\" has no value yet"),
                           STR_ARG(node->variable.name));
    if (value->type & TYPE_COUNTED)
        value_retain(*value);
    return true;
}

// As `print` would write it, behind the text. False without memory: bytes are as large as a script
// makes them.
static bool append_piece(struct value *text, struct value piece)
{
    if (piece.type == TYPE_BYTES)
        return value_append_bytes(text, piece);
    struct buffer shown = {0};
    value_write(piece, &shown);
    struct value bytes = value_bytes(buffer_str(&shown));
    bool good = bytes.type != TYPE_UNSET && value_append_bytes(text, bytes);
    value_release(bytes);
    buffer_finish(&shown);
    return good;
}

// One piece behind the other.
static bool evaluate_text(struct interp *interp, const struct node *node, struct value *value)
{
    *value = value_bytes((struct str){0});
    bool good = value->type != TYPE_UNSET || no_memory(interp, node);
    for (size_t i = 0; good && i < node->list.count; i++) {
        struct value piece;
        good = evaluate(interp, node->list.items[i], &piece);
        if (good) {
            good = append_piece(value, piece) || no_memory(interp, node);
            value_release(piece);
        }
    }
    if (!good)
        value_release(*value);
    return good;
}

// The elements in order; the first one that fails gives the others back.
static bool evaluate_list(struct interp *interp, const struct node *node, struct value *value)
{
    *value = value_list(node->list.count);
    if (value->type == TYPE_UNSET)
        return no_memory(interp, node);
    for (size_t i = 0; i < node->list.count; i++) {
        struct value item;
        bool good = evaluate(interp, node->list.items[i], &item);
        if (good && value_depth(item) >= LISTS_DEEP) {
            value_release(item);
            good = interp_fail(interp, node, _("lists nest at most %d deep"), LISTS_DEEP);
        }
        if (!good) {
            value_release(*value);
            return false;
        }
        value_append_item_take(value, item);
    }
    return true;
}

// The base first, as written.
static bool evaluate_index(struct interp *interp, const struct node *node, struct value *value)
{
    struct value base, at;
    if (!evaluate(interp, node->index.base, &base))
        return false;
    if (!evaluate(interp, node->index.at, &at)) {
        value_release(base);
        return false;
    }
    bool good = operate_index(interp, node, base, at, value);
    value_release(base);
    value_release(at);
    return good;
}

// A number with a sign before it is a literal: this is for what is only known now.
static bool evaluate_minus(struct interp *interp, const struct node *node, struct value *value)
{
    if (!evaluate(interp, node->binary.right, value))
        return false;
    if (value->type != TYPE_INT && value->type != TYPE_DURATION) {
        interp_fail(interp, node, _("\"-\" wants an int or a duration, not %s"),
                    type_with_article(value->type));
        value_release(*value);
        return false;
    }
    value->symbol = 0;
    // The smallest number has no opposite.
    if (__builtin_sub_overflow(0, value->number, &value->number))
        return interp_fail(interp, node, _("the result does not fit into 64 bits"));
    return true;
}

// not, and, or: the right side of the latter two only when the left side leaves it open.
static bool evaluate_logic(struct interp *interp, const struct node *node, struct value *value)
{
    struct value side;
    bool truth = false;
    if (node->type != NODE_NOT) {
        if (!evaluate(interp, node->binary.left, &side))
            return false;
        truth = value_truth(side);
        value_release(side);
        if (truth == (node->type == NODE_OR)) {
            *value = value_bool(truth);
            return true;
        }
    }
    if (!evaluate(interp, node->binary.right, &side))
        return false;
    truth = value_truth(side);
    value_release(side);
    *value = value_bool(node->type == NODE_NOT ? !truth : truth);
    return true;
}

// Left before right: what calls in them do is seen in that order.
static bool evaluate_binary(struct interp *interp, const struct node *node, struct value *value)
{
    struct value left, right;
    if (!evaluate(interp, node->binary.left, &left))
        return false;
    if (!evaluate(interp, node->binary.right, &right)) {
        value_release(left);
        return false;
    }
    return operate_take(interp, node, left, right, value);
}

// The variable's value if it holds an actor, else the actor of that name.
static bool evaluate_actor(struct interp *interp, const struct node *node, struct value *value)
{
    if (node->actor.slot != NAME_MISSING) {
        struct value held = interp->stack[interp->base + node->actor.slot];
        if (held.type == TYPE_ACTOR) {
            *value = value_retain(held);
            return true;
        }
    }
    struct value found;
    if (!interp->host->actor(interp, node->actor.name, &found))
        return interp_fail(interp, node, _("there is no actor \"%.*s\""),
                           STR_ARG(node->actor.name));
    *value = found;
    return true;
}

// Two results among values are a list of them.
static bool evaluate_command(struct interp *interp, const struct node *node, struct value *value)
{
    struct results results;
    return invoke_command(interp, node, &results) &&
           results_join_take(interp, node, &results, value);
}

bool evaluate(struct interp *interp, const struct node *node, struct value *value)
{
    if (node->depth > DEPTH_UNCHECKED && out_of_stack(interp, node))
        return false;
    switch (node->type) {
    case NODE_LITERAL: // immortal, so there is nothing to count
        *value = node->literal;
        return true;
    case NODE_VARIABLE:
        return evaluate_variable(interp, node, value);
    case NODE_CALL:
        return node->call.command ? evaluate_command(interp, node, value)
                                  : invoke_function(interp, node, value);
    case NODE_SPAWN:
        return invoke_spawn(interp, node, value);
    case NODE_BINARY:
        return evaluate_binary(interp, node, value);
    case NODE_TEXT:
        return evaluate_text(interp, node, value);
    case NODE_LIST:
        return evaluate_list(interp, node, value);
    case NODE_INDEX:
        return evaluate_index(interp, node, value);
    case NODE_MINUS:
        return evaluate_minus(interp, node, value);
    case NODE_ACTOR:
        return evaluate_actor(interp, node, value);
    default:
        return evaluate_logic(interp, node, value);
    }
}

bool evaluate_results(struct interp *interp, const struct node *node, struct results *results)
{
    if (node->type == NODE_CALL && node->call.command)
        return invoke_command(interp, node, results);
    results->count = 1;
    return evaluate(interp, node, &results->values[0]);
}

bool results_join_take(struct interp *interp, const struct node *node, struct results *results,
                       struct value *value)
{
    *value = results->count ? results->values[0] : VALUE_NONE;
    if (results->count < 2)
        return true;
    struct value list = value_list(results->count);
    if (list.type == TYPE_UNSET) {
        for (size_t i = 0; i < results->count; i++)
            value_release(results->values[i]);
        return no_memory(interp, node);
    }
    for (size_t i = 0; i < results->count; i++)
        value_append_item_take(&list, results->values[i]);
    *value = list;
    return true;
}

// --- a run ---------------------------------------------------------------------------------------

void interp_init(struct interp *interp, const struct host *host, struct waiter *waiter, void *owner,
                 const atomic_int *traces)
{
    *interp = (struct interp){.host = host, .waiter = waiter, .owner = owner, .traces = traces};
}

void interp_set_stack(struct interp *interp, size_t room)
{
    interp->stack_floor = (const char *)__builtin_frame_address(0) - room;
}

void interp_finish(struct interp *interp)
{
    stack_drop(interp, interp->top);
    free(interp->stack);
    interp_clear_failure(interp);
    value_release(interp->returned);
    value_release(interp->last);
    buffer_finish(&interp->note.text);
    interp->stack = NULL;
}

void interp_begin_take(struct interp *interp, struct value args)
{
    // No statement fails here, and so no place can be told.
    static const struct node nowhere;
    if (stack_reserve(interp, &nowhere, 1))
        interp->stack[interp->top++] = args;
    else
        value_release(args);
}

bool interp_run(struct interp *interp, const struct program *program, const struct node *block,
                uint32_t slots)
{
    interp_clear_failure(interp);
    interp->program = program;
    interp->unwinding = false;
    interp->base = 0;
    interp->level = 0;
    if (slots > interp->top && !stack_reserve(interp, block, slots - interp->top))
        return false;
    // Variables that this program has added, without a value yet. A slot once given out stays.
    while (interp->top < slots)
        interp->stack[interp->top++] = VALUE_UNSET;
    return execute(interp, block) != FLOW_FAIL;
}

bool interp_run_inside(struct interp *interp, const struct node *block, struct value *last)
{
    struct interp before = *interp;
    interp->base = 0;
    interp->level = 0; // the block's statements are its top: the last one's value is kept
    interp->keep_last = true;
    interp->watch_top = false;
    interp->last = VALUE_UNSET;
    enum flow flow = execute(interp, block);
    *last = interp->last;
    interp->base = before.base;
    interp->level = before.level;
    interp->keep_last = before.keep_last;
    interp->watch_top = before.watch_top;
    interp->last = before.last;
    return flow != FLOW_FAIL;
}

bool interp_call(struct interp *interp, const struct definition *definition, struct value *args,
                 size_t count, struct value *result)
{
    interp->program = definition->program;
    // The function's block is the second level: its statements are nobody's to watch.
    interp->level = 1;
    if (!stack_reserve(interp, definition->block, count)) {
        for (size_t i = 0; i < count; i++)
            value_release(args[i]);
        return false;
    }
    for (size_t i = 0; i < count; i++)
        interp->stack[interp->top++] = args[i];
    return invoke_definition(interp, definition->block, definition, count, result);
}
