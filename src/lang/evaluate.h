// evaluate: what the parts of the evaluator share; for eval.c, execute.c, operate.c and invoke.c alone.

#ifndef SOCKSH_LANG_EVALUATE_H
#define SOCKSH_LANG_EVALUATE_H

#include "lang/eval.h"

enum flow { FLOW_NEXT, FLOW_BREAK, FLOW_CONTINUE, FLOW_RETURN, FLOW_FAIL };

// All of these give false (or FLOW_FAIL) with interp->failure set. What they write is owned by the caller.

bool evaluate(struct interp *interp, const struct node *node, struct value *value);

// A source of several values: as many as the call gave, at most RESULTS_MOST; everything but a command gives one.
struct results {
    struct value values[RESULTS_MOST];
    size_t count;
};
bool evaluate_results(struct interp *interp, const struct node *node, struct results *results);

// One value of several: a list; of none: none.
bool results_join_take(struct interp *interp, const struct node *node, struct results *results,
                       struct value *value);

bool invoke_command(struct interp *interp, const struct node *node, struct results *results);
bool invoke_function(struct interp *interp, const struct node *node, struct value *value);
bool invoke_spawn(struct interp *interp, const struct node *node, struct value *value);

// Runs a function whose `count` arguments stand on top of the stack, and takes them off.
bool invoke_definition(struct interp *interp, const struct node *node,
                       const struct definition *definition, size_t count, struct value *value);

// Both operands are taken.
bool operate_take(struct interp *interp, const struct node *node, struct value left,
                  struct value right, struct value *value);
bool operate_index(struct interp *interp, const struct node *node, struct value base,
                   struct value at, struct value *value);

// Appends `piece` to the variable in place, as x = x + piece means. Takes it.
bool operate_append_take(struct interp *interp, const struct node *node, struct value *variable,
                         struct value piece);

enum flow execute(struct interp *interp, const struct node *node);

// Makes room for `count` more values on the stack. Places on it move.
bool stack_reserve(struct interp *interp, const struct node *node, size_t count);
void stack_drop(struct interp *interp, size_t count);

// Whether this line of execution is to stop here: interrupted, killed, or out of C stack.
bool must_stop(struct interp *interp, const struct node *node);

bool no_memory(struct interp *interp, const struct node *node);

#endif
