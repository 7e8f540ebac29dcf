// show: values after statements.

#include "ui/show.h"

#include "base/message.h"

enum {
    BYTES_WHOLE = 400,     // octets that are shown as they are …
    BYTES_BEGINNING = 160, // … and what is shown of more: two lines of a terminal
    ITEMS_WHOLE = 40,      // elements of a list that are shown
};

// As value_show(), but of what is long only the beginning and the size: a page that was received
// must not push everything else off the screen.
static void show_value(struct value value, struct buffer *to)
{
    if (value.type == TYPE_BYTES && value.bytes->size > BYTES_WHOLE) {
        bytes_show(value_str(value), BYTES_BEGINNING, to);
        buffer_print(to, _("   %zu bytes in all"), value.bytes->size);
        return;
    }
    if (value.type != TYPE_LIST) {
        value_show(value, to);
        return;
    }
    buffer_add_char(to, '[');
    for (size_t i = 0; i < value.list->count && i < ITEMS_WHOLE; i++) {
        buffer_add_text(to, i ? ", " : "");
        show_value(value.list->items[i], to);
    }
    if (value.list->count > ITEMS_WHOLE)
        buffer_print(to, _(", …]   %zu elements in all"), value.list->count);
    else
        buffer_add_char(to, ']');
}

// "conn, peer = ": what an assignment has set.
static void show_names(struct nodes targets, struct buffer *to)
{
    for (size_t i = 0; i < targets.count; i++)
        buffer_print(to, "%s%.*s", i ? ", " : "", STR_ARG(targets.items[i]->variable.name));
    buffer_add_text(to, " = ");
}

void show_result(const struct node *node, struct value value, struct buffer *to)
{
    bool assigns = node->type == NODE_ASSIGN;
    bool function = node->type == NODE_CALL && node->call.command == NULL;
    if (node->type == NODE_AT && node->at.block->list.count > 0) {
        show_result(node->at.block->list.items[node->at.block->list.count - 1], value, to);
        return;
    }
    // A function without `return` gives none, which nobody asked for; a command that gives none
    // says something by it.
    if (value.type == TYPE_UNSET || (function && value.type == TYPE_NONE))
        return;
    if (assigns)
        show_names(node->assign.targets, to);
    if (assigns && node->assign.targets.count > 1 && value.type == TYPE_LIST) {
        for (size_t i = 0; i < value.list->count; i++) {
            buffer_add_text(to, i ? ", " : "");
            show_value(value.list->items[i], to);
        }
    } else {
        show_value(value, to);
    }
    buffer_add_char(to, '\n');
}
