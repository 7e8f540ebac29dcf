// show: values after statements.

#include "ui/show.h"

#include <unistd.h>

#include "base/message.h"
#include "base/utf8.h"
#include "base/wrap.h"
#include "ui/edit_terminal.h"

enum {
    BYTES_WHOLE = 400,     // octets that are shown as they are …
    BYTES_BEGINNING = 160, // … and what is shown of more: two lines of a terminal
    ITEMS_WHOLE = 40,      // elements of a list that are shown
    SPACE = 4,             // columns between a value and its note
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

// Whose value it is: of an @ its last statement's.
static const struct node *last_of(const struct node *node)
{
    while (node->type == NODE_AT && node->at.block->list.count > 0)
        node = node->at.block->list.items[node->at.block->list.count - 1];
    return node;
}

// The value alone, behind the names that it was given to.
static void show_what_it_gave(const struct node *node, struct value value, struct buffer *to)
{
    bool assigns = node->type == NODE_ASSIGN;
    if (assigns)
        show_names(node->assign.targets, to);
    if (!assigns || node->assign.targets.count < 2 || value.type != TYPE_LIST) {
        show_value(value, to);
        return;
    }
    for (size_t i = 0; i < value.list->count; i++) {
        buffer_add_text(to, i ? ", " : "");
        show_value(value.list->items[i], to);
    }
}

// Behind the value where there is room for both on one line, else below it. `before` columns of
// each line are taken already.
static void show_note(struct str note, size_t before, struct buffer *to)
{
    size_t room = edit_terminal_size(STDOUT_FILENO).columns - 1;
    room = room > before ? room - before : 0;
    size_t used = utf8_width(buffer_str(to));
    if (used > 0 && used + SPACE + utf8_width(note) > room) {
        buffer_add_char(to, '\n');
        used = 0;
    }
    buffer_print(to, "%*s", SPACE, "");
    wrap_add(note, used + SPACE, SPACE, room, to);
}

void show_result(const struct node *node, struct value value, const struct note *note,
                 size_t before, struct buffer *to)
{
    struct buffer line = {0};
    node = last_of(node);
    const struct node *source = node->type == NODE_ASSIGN ? node->assign.source : node;
    bool function = source->type == NODE_CALL && source->call.command == NULL;
    // A function without `return` gives none, which nobody asked for; a command that gives none
    // says something by it.
    if (value.type != TYPE_UNSET && !(function && value.type == TYPE_NONE && source == node))
        show_what_it_gave(node, value, &line);
    if (note != NULL && note->node == source && note->text.size > 0)
        show_note(buffer_str(&note->text), before, &line);
    if (line.size > 0)
        buffer_add_char(&line, '\n');
    buffer_add(to, buffer_str(&line));
    buffer_finish(&line);
}
