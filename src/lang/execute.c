// execute: what statements do.

#include "base/message.h"
#include "lang/evaluate.h"

// --- taking values -------------------------------------------------------------------------------

// The old value goes last: releasing it may end an actor, whose report must find everything in
// order.
static void set_variable_take(struct interp *interp, const struct node *target, struct value value)
{
    struct value *place = &interp->stack[interp->base + target->variable.slot];
    struct value old = *place;
    *place = value;
    value_release(old);
}

// As many names as values: anything else is a mistake that nobody would see later.
static bool wrong_count(struct interp *interp, const struct node *node, size_t wanted, size_t given)
{
    return interp_fail(interp, node, _("here are %zu names for %zu values"), wanted, given);
}

// a, b = list, or host, port = address. Takes the value.
static bool spread_take(struct interp *interp, const struct node *node, struct nodes targets,
                        struct value value)
{
    bool good = true;
    if (value.type == TYPE_LIST && value.list->count == targets.count) {
        for (size_t i = 0; i < targets.count; i++)
            set_variable_take(interp, targets.items[i], value_retain(value.list->items[i]));
    } else if (value.type == TYPE_ADDRESS && targets.count == 2) {
        for (int64_t i = 0; good && i < 2; i++) {
            struct value part;
            good = operate_index(interp, node, value, value_int(i), &part);
            if (good)
                set_variable_take(interp, targets.items[i], part);
        }
    } else if (value.type == TYPE_LIST) {
        good = wrong_count(interp, node, targets.count, value.list->count);
    } else {
        good = interp_fail(interp, node, _("one value (%s) cannot be taken by %zu names"),
                           type_with_article(value.type), targets.count);
    }
    value_release(value);
    return good;
}

// As many results as names go straight to them; else they are one value, or one list, as anywhere.
static bool assign_results_take(struct interp *interp, const struct node *node,
                                struct nodes targets, struct results *results)
{
    struct value value;
    if (results->count == targets.count) {
        for (size_t i = 0; i < results->count; i++)
            set_variable_take(interp, targets.items[i], results->values[i]);
        return true;
    }
    if (!results_join_take(interp, node, results, &value))
        return false;
    if (targets.count > 1)
        return spread_take(interp, node, targets, value);
    set_variable_take(interp, targets.items[0], value);
    return true;
}

// `appends` is what the parser found: the right side is evaluated first, so that the variable's
// bytes have one reference and grow in place.
static bool assign(struct interp *interp, const struct node *node)
{
    const struct node *source = node->assign.source;
    const struct node *target = node->assign.targets.items[0];
    if (node->assign.appends) { // the right side first: then the variable can be changed in place
        struct value piece;
        struct value *place = &interp->stack[interp->base + target->variable.slot];
        if (place->type == TYPE_UNSET)
            return interp_fail(interp, source->binary.left, _("\"%.*s\" has no value yet"),
                               STR_ARG(target->variable.name));
        if (!evaluate(interp, source->binary.right, &piece))
            return false;
        // Looked up again: evaluating may have moved the stack.
        return operate_append_take(interp, source,
                                   &interp->stack[interp->base + target->variable.slot], piece);
    }
    struct results results = {0};
    return evaluate_results(interp, source, &results) &&
           assign_results_take(interp, node, node->assign.targets, &results);
}

// What an assignment's names hold now: one value, or a list of them.
static struct value assigned(struct interp *interp, struct nodes targets)
{
    if (targets.count == 1)
        return value_retain(interp->stack[interp->base + targets.items[0]->variable.slot]);
    struct value list = value_list(targets.count);
    for (size_t i = 0; i < targets.count && list.type != TYPE_UNSET; i++)
        value_append_item_take(
            &list, value_retain(interp->stack[interp->base + targets.items[i]->variable.slot]));
    return list;
}

// --- conditions and loops ------------------------------------------------------------------------

// NAME = call is true when the (first) name holds something that is: while d = recv s 1024.
static bool condition(struct interp *interp, const struct node *node, bool *truth)
{
    if (node->type == NODE_ASSIGN) {
        if (!assign(interp, node))
            return false;
        *truth =
            value_truth(interp->stack[interp->base + node->assign.targets.items[0]->variable.slot]);
        return true;
    }
    struct value value;
    if (!evaluate(interp, node, &value))
        return false;
    *truth = value_truth(value);
    value_release(value);
    return true;
}

// The block of the first condition that is true; a branch without one is `else`.
static enum flow choose(struct interp *interp, const struct node *node)
{
    for (size_t i = 0; i < node->choice.count; i++) {
        const struct branch *branch = &node->choice.branches[i];
        bool truth = true;
        if (branch->condition && !condition(interp, branch->condition, &truth))
            return FLOW_FAIL;
        if (truth)
            return execute(interp, branch->block);
    }
    return FLOW_NEXT;
}

// `while` and `loop`. Asked at each round whether to stop: the only other place is a call.
static enum flow repeat(struct interp *interp, const struct node *node)
{
    for (;;) {
        bool truth = true;
        if (must_stop(interp, node) ||
            (node->loop.condition && !condition(interp, node->loop.condition, &truth)))
            return FLOW_FAIL;
        if (!truth)
            return FLOW_NEXT;
        enum flow flow = execute(interp, node->loop.block);
        if (flow == FLOW_BREAK)
            return FLOW_NEXT;
        if (flow == FLOW_RETURN || flow == FLOW_FAIL)
            return flow;
    }
}

// The i-th element of what a `for` goes through; for bytes it is one octet.
static struct value element(struct value of, size_t i)
{
    return of.type == TYPE_LIST ? value_retain(of.list->items[i])
                                : value_bytes(str_slice(value_str(of), i, i + 1));
}

// What the loop goes through is held meanwhile: the script may change its variable.
static enum flow each_element(struct interp *interp, const struct node *node, struct value of)
{
    struct nodes targets = node->each.targets;
    size_t count = of.type == TYPE_LIST ? of.list->count : of.bytes->size;
    for (size_t i = 0; i < count; i++) {
        if (must_stop(interp, node))
            return FLOW_FAIL;
        struct value item = element(of, i);
        if (item.type == TYPE_UNSET) {
            no_memory(interp, node);
            return FLOW_FAIL;
        }
        if (targets.count == 1)
            set_variable_take(interp, targets.items[0], item);
        else if (!spread_take(interp, node, targets, item))
            return FLOW_FAIL;
        enum flow flow = execute(interp, node->each.block);
        if (flow == FLOW_BREAK)
            return FLOW_NEXT;
        if (flow == FLOW_RETURN || flow == FLOW_FAIL)
            return flow;
    }
    return FLOW_NEXT;
}

// `for`: the source is evaluated once.
static enum flow go_through(struct interp *interp, const struct node *node)
{
    struct value of;
    enum flow flow = FLOW_FAIL;
    if (!evaluate(interp, node->each.source, &of))
        return FLOW_FAIL;
    if (of.type & (TYPE_LIST | TYPE_BYTES))
        flow = each_element(interp, node, of);
    else
        interp_fail(interp, node->each.source, _("for goes through a list or bytes, not %s"),
                    type_with_article(of.type));
    value_release(of);
    return flow;
}

// --- try -----------------------------------------------------------------------------------------

// The error becomes the variable behind `catch`, and no failure any more. What unwinds passes.
static enum flow attempt(struct interp *interp, const struct node *node)
{
    size_t top = interp->top;
    interp->takers++;
    enum flow flow = execute(interp, node->attempt.block);
    interp->takers--;
    if (flow != FLOW_FAIL || interp->unwinding)
        return flow;
    // Arguments of calls that were at hand when it failed.
    stack_drop(interp, interp->top - top);
    set_variable_take(interp, node->attempt.caught, interp->failure.error);
    interp->failure.error = VALUE_UNSET;
    return execute(interp, node->attempt.handler);
}

// --- statements ----------------------------------------------------------------------------------

// The value waits in `returned` while the blocks around it end.
static enum flow leave(struct interp *interp, const struct node *node)
{
    struct value value = VALUE_NONE;
    if (node->source && !evaluate(interp, node->source, &value))
        return FLOW_FAIL;
    interp->returned = value;
    return FLOW_RETURN;
}

// The statements of another file, with the variables of this place; errors are told at theirs.
static enum flow include(struct interp *interp, const struct node *node)
{
    const struct program *program = interp->program;
    interp->program = node->include.program;
    enum flow flow = execute(interp, node->include.program->block);
    interp->program = program;
    return flow;
}

// A call or a value by itself. Its results go to `kept` if that is wanted.
static bool stand_alone(struct interp *interp, const struct node *node, struct value *kept)
{
    struct results results = {0};
    if (!evaluate_results(interp, node, &results))
        return false;
    if (kept != NULL && results.count > 0)
        return results_join_take(interp, node, &results, kept);
    for (size_t i = 0; i < results.count; i++)
        value_release(results.values[i]);
    return true;
}

// What decides which statements run next, or whose they are.
static enum flow control(struct interp *interp, const struct node *node, struct value *kept)
{
    switch (node->type) {
    case NODE_IF:
        return choose(interp, node);
    case NODE_WHILE:
    case NODE_LOOP:
        return repeat(interp, node);
    case NODE_FOR:
        return go_through(interp, node);
    case NODE_TRY:
        return attempt(interp, node);
    case NODE_BREAK:
        return FLOW_BREAK;
    case NODE_CONTINUE:
        return FLOW_CONTINUE;
    case NODE_RETURN:
        return leave(interp, node);
    case NODE_BLOCK:
        return execute(interp, node);
    case NODE_SOURCE:
        return include(interp, node);
    case NODE_DEF: // known since the program was read
    case NODE_EXPECT:
        return FLOW_NEXT;
    // What it gave is this statement's value.
    case NODE_AT: {
        struct value last = VALUE_UNSET;
        bool good = interp->host->at(interp, node, &last);
        if (kept != NULL)
            *kept = last;
        else
            value_release(last);
        return good ? FLOW_NEXT : FLOW_FAIL;
    }
    default:
        return stand_alone(interp, node, kept) ? FLOW_NEXT : FLOW_FAIL;
    }
}

// Calls and assignments are most of what runs: first, and without a detour.
static inline enum flow statement(struct interp *interp, const struct node *node,
                                  struct value *kept)
{
    if (node->type == NODE_CALL)
        return stand_alone(interp, node, kept) ? FLOW_NEXT : FLOW_FAIL;
    if (node->type != NODE_ASSIGN)
        return control(interp, node, kept);
    if (!assign(interp, node))
        return FLOW_FAIL;
    if (kept != NULL)
        *kept = assigned(interp, node->assign.targets);
    return FLOW_NEXT;
}

bool interp_repeat(struct interp *interp, const struct node *node, struct value *kept)
{
    return statement(interp, node, kept) != FLOW_FAIL;
}

// A statement that somebody wants to hear of.
static enum flow watched_statement(struct interp *interp, const struct node *node,
                                   struct value *kept)
{
    interp->host->begins(interp, node);
    interp->takers += node->expects != NULL;
    enum flow flow = statement(interp, node, kept);
    interp->takers -= node->expects != NULL;
    bool failed = flow == FLOW_FAIL;
    bool go_on = interp->host->ended(interp, node, *kept, failed);
    if (!failed)
        return go_on ? flow : FLOW_FAIL;
    if (!go_on || interp->unwinding)
        return FLOW_FAIL;
    interp_clear_failure(interp);
    return FLOW_NEXT;
}

// A statement whose value somebody wants: an observer, or whoever gave this block.
static enum flow kept_statement(struct interp *interp, const struct node *node, bool watched)
{
    struct value kept = VALUE_UNSET;
    enum flow flow =
        watched ? watched_statement(interp, node, &kept) : statement(interp, node, &kept);
    // A statement deeper down is part of one at the top, which gives its own value.
    if (interp->keep_last && interp->level == 1) {
        value_release(interp->last);
        interp->last = kept;
    } else {
        value_release(kept);
    }
    return flow;
}

enum flow execute(struct interp *interp, const struct node *block)
{
    enum flow flow = FLOW_NEXT;
    if (block->depth > DEPTH_UNCHECKED && out_of_stack(interp, block))
        return FLOW_FAIL;
    interp->level++;
    bool at_top = interp->level == 1;
    for (size_t i = 0; i < block->list.count && flow == FLOW_NEXT; i++) {
        const struct node *node = block->list.items[i];
        bool watched =
            (at_top && interp->watch_top) || (interp->watch_expectations && node->expects);
        if (watched || (at_top && interp->keep_last))
            flow = kept_statement(interp, node, watched);
        else
            flow = statement(interp, node, NULL);
    }
    interp->level--;
    return flow;
}
