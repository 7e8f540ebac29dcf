// list: putting a list together when each step may run out of memory.

#ifndef SOCKSH_COMMANDS_LIST_H
#define SOCKSH_COMMANDS_LIST_H

#include "lang/value.h"

// Appends `item`, which is taken. `*list` becomes TYPE_UNSET without memory, or when `item` is
// that, and stays it: look once, at the end, as call_give_take() does.
void list_add_take(struct value *list, struct value item);

// [name, value], with `value` taken. TYPE_UNSET as above.
struct value list_pair_take(const char *name, struct value value);

#endif
