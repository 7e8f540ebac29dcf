// evaluate: what the parts of the evaluator share; for eval.c, execute.c, operate.c and invoke.c
// alone.

#ifndef SOCKSH_LANG_EVALUATE_H
#define SOCKSH_LANG_EVALUATE_H

#include "lang/eval.h"

// What is to happen behind a statement: the next one, or one of the ways out.
enum flow { FLOW_NEXT, FLOW_BREAK, FLOW_CONTINUE, FLOW_RETURN, FLOW_FAIL };

// All of these give false (or FLOW_FAIL) with interp->failure set. What they write is owned by the
// caller.

// The value of an expression.
bool evaluate(struct interp *interp, const struct node *node, struct value *value);

// A source of several values: as many as the call gave, at most RESULTS_MOST; everything
// but a command gives one.
struct results {
    struct value values[RESULTS_MOST]; // owned
    size_t count;                      // 0 for a command that gives no value
};
bool evaluate_results(struct interp *interp, const struct node *node, struct results *results);

// One value of several: a list; of none: none.
bool results_join_take(struct interp *interp, const struct node *node, struct results *results,
                       struct value *value);

// A call of a command: arguments evaluated, decoded by its row, then its run(). A call of a
// function; and `spawn`, which gives the actor.
bool invoke_command(struct interp *interp, const struct node *node, struct results *results);
bool invoke_function(struct interp *interp, const struct node *node, struct value *value);
bool invoke_spawn(struct interp *interp, const struct node *node, struct value *value);

// Runs a function whose `count` arguments stand on top of the stack, and takes them off.
bool invoke_definition(struct interp *interp, const struct node *node,
                       const struct definition *definition, size_t count, struct value *value);

// What a binary operator gives, NODE_AND and NODE_OR aside. Both operands are taken.
bool operate_take(struct interp *interp, const struct node *node, struct value left,
                  struct value right, struct value *value);

// base[at]: an element of a list, an octet, or a part of an address. Both are borrowed.
bool operate_index(struct interp *interp, const struct node *node, struct value base,
                   struct value at, struct value *value);

// Appends `piece` to the variable in place, as x = x + piece means. Takes it.
bool operate_append_take(struct interp *interp, const struct node *node, struct value *variable,
                         struct value piece);

// Runs the statements of a BLOCK until one of them does not go on.
enum flow execute(struct interp *interp, const struct node *node);

// Makes room for `count` more values on the stack. Places on it move.
bool stack_reserve(struct interp *interp, const struct node *node, size_t count);

// Lets go of the `count` values on top.
void stack_drop(struct interp *interp, size_t count);

// Whether this line of execution is to stop here: interrupted, killed, or out of C stack.
bool must_stop(struct interp *interp, const struct node *node);

// Calls and loops ask must_stop(). What nests between them is bounded by the parser, and the stack
// behind the floor has room for so many levels of it; trees that are deeper ask once more.
enum { DEPTH_UNCHECKED = 32 };
bool out_of_stack(struct interp *interp, const struct node *node);

// Fails with ENOMEM.
bool no_memory(struct interp *interp, const struct node *node);

#endif
