// outcome: statements' values and errors as expectations hold them.

#include "lesson/outcome.h"

#include "base/message.h"

// --- what statements give ------------------------------------------------------------------------

void outcome_show(const struct node *node, struct value value, struct buffer *to)
{
    bool several =
        (node->type == NODE_ASSIGN && node->assign.targets.count > 1) ||
        (node->type == NODE_CALL && node->call.command && node->call.command->results.count > 1);
    // An @ gives what its last statement gives.
    if (node->type == NODE_AT && node->at.block->list.count > 0) {
        outcome_show(node->at.block->list.items[node->at.block->list.count - 1], value, to);
    } else if (value.type == TYPE_UNSET) {
        buffer_add_text(to, "done");
    } else if (several && value.type == TYPE_LIST) {
        for (size_t i = 0; i < value.list->count; i++) {
            buffer_add_text(to, i ? ", " : "");
            value_show(value.list->items[i], to);
        }
    } else {
        value_show(value, to);
    }
}

void outcome_show_error(struct value error, struct buffer *to)
{
    buffer_add_text(to, "error ");
    value_show(error, to);
}

bool outcome_matches(struct captures *captures, struct str wanted, struct str got, bool failed)
{
    // Behind the first colon stands what explains the name: "error EADDRINUSE: another socket …".
    size_t colon = str_find(got, STR(": "), 0);
    if (failed && colon != SIZE_MAX && pattern_matches(captures, wanted, str_slice(got, 0, colon)))
        return true;
    return pattern_matches(captures, wanted, got);
}

// --- what is printed -----------------------------------------------------------------------------

// The line that begins at `from`, without its end. False when there is none.
static bool line_at(const struct printed *printed, size_t from, struct str *line)
{
    struct str rest = str_slice(buffer_str(&printed->text), from, printed->text.size);
    size_t end = str_find(rest, STR("\n"), 0);
    if (end != SIZE_MAX)
        *line = str_slice(rest, 0, end);
    return end != SIZE_MAX;
}

bool printed_matches(struct printed *printed, struct captures *captures, struct str wanted,
                     struct str *line)
{
    struct str tried;
    size_t from = printed->from;
    bool any_lines = printed->any_lines, good = false;
    *line = str_from(_("(nothing was printed)"));
    bool there = line_at(printed, from, line);
    printed->any_lines = str_is(wanted, "...");
    if (printed->any_lines)
        return true;
    // Each line answers one `#|`, whether it was right or not.
    if (there)
        printed->from += line->size + 1;
    while (!good && line_at(printed, from, &tried)) {
        from += tried.size + 1;
        good = pattern_matches(captures, wanted, tried);
        if (!any_lines)
            break;
    }
    if (good) {
        printed->from = from;
        *line = tried;
    }
    return good;
}

// --- what may still change -----------------------------------------------------------------------

static bool any_asks_kernel(struct nodes nodes)
{
    for (size_t i = 0; i < nodes.count; i++)
        if (outcome_asks_kernel(nodes.items[i]))
            return true;
    return false;
}

bool outcome_asks_kernel(const struct node *node)
{
    switch (node->type) {
    case NODE_CALL:
        return str_is(node->call.name, "state") || str_is(node->call.name, "queued") ||
               any_asks_kernel(node->call.args);
    case NODE_ASSIGN:
        return outcome_asks_kernel(node->assign.source);
    case NODE_BINARY:
    case NODE_AND:
    case NODE_OR:
        return outcome_asks_kernel(node->binary.left) || outcome_asks_kernel(node->binary.right);
    case NODE_NOT:
        return outcome_asks_kernel(node->binary.right);
    case NODE_LIST:
    case NODE_TEXT:
        return any_asks_kernel(node->list);
    case NODE_INDEX:
        return outcome_asks_kernel(node->index.base);
    default:
        return false;
    }
}
