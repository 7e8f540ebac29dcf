// list: a failed step empties the list, and the steps after it do nothing.

#include "commands/list.h"

void list_add_take(struct value *list, struct value item)
{
    if (list->type != TYPE_UNSET && item.type != TYPE_UNSET) {
        if (value_append_item_take(list, item))
            return;
    } else {
        value_release(item);
    }
    // The first failure: what was collected is given back, and TYPE_UNSET says so from now on.
    value_release(*list);
    *list = VALUE_UNSET;
}

struct value list_pair_take(const char *name, struct value value)
{
    struct value pair = value_list(2);
    list_add_take(&pair, value_bytes(str_from(name)));
    list_add_take(&pair, value);
    return pair;
}
