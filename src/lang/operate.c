// operate: what operators do with values.

#include <string.h>

#include "base/message.h"
#include "lang/evaluate.h"

// For messages: each as it is written.
static const char *const operator_names[] = {
    [OP_ADD] = "+",
    [OP_SUBTRACT] = "-",
    [OP_MULTIPLY] = "*",
    [OP_DIVIDE] = "/",
    [OP_REMAINDER] = "%",
    [OP_BIT_AND] = "&",
    [OP_BIT_OR] = "|",
    [OP_EQUAL] = "==",
    [OP_UNEQUAL] = "!=",
    [OP_LESS] = "<",
    [OP_LESS_EQUAL] = "<=",
    [OP_GREATER] = ">",
    [OP_GREATER_EQUAL] = ">=",
    [OP_IN] = "in",
};

// The mistake that is left when no rule fits the two types. Returns false.
static bool wrong_types(struct interp *interp, const struct node *node, struct value left,
                        struct value right)
{
    enum operator_type op = node->binary.op;
    return interp_fail(interp, node, _("\"%s\" does not work on %s and %s"), operator_names[op],
                       type_with_article(left.type), type_with_article(right.type));
}

// --- numbers -------------------------------------------------------------------------------------

// Two's complement of 64 bits, and never a wrapped result: what does not fit is an error.
static bool compute(struct interp *interp, const struct node *node, int64_t a, int64_t b,
                    int64_t *result)
{
    bool overflow = false;
    enum operator_type op = node->binary.op;
    *result = 0;
    if ((op == OP_DIVIDE || op == OP_REMAINDER) && b == 0)
        return interp_fail(interp, node, _("division by zero"));
    switch (op) {
    case OP_ADD:
        overflow = __builtin_add_overflow(a, b, result);
        break;
    case OP_SUBTRACT:
        overflow = __builtin_sub_overflow(a, b, result);
        break;
    case OP_MULTIPLY:
        overflow = __builtin_mul_overflow(a, b, result);
        break;
    // Towards zero, as in C. The one quotient that does not fit is the smallest number's by -1; its
    // remainder is 0, and the machine would trap on it.
    case OP_DIVIDE:
        overflow = a == INT64_MIN && b == -1;
        *result = overflow ? 0 : a / b;
        break;
    case OP_REMAINDER:
        *result = b == -1 ? 0 : a % b;
        break;
    case OP_BIT_AND:
        *result = a & b;
        break;
    default:
        *result = a | b;
        break;
    }
    return !overflow || interp_fail(interp, node, _("the result does not fit into 64 bits"));
}

// Ints with ints; durations plus and minus durations, times and by ints.
static bool on_numbers(struct interp *interp, const struct node *node, struct value left,
                       struct value right, struct value *value)
{
    enum operator_type op = node->binary.op;
    bool ints = left.type == TYPE_INT && right.type == TYPE_INT;
    bool durations = left.type == TYPE_DURATION && right.type == TYPE_DURATION;
    // 500ms * 2, 2 * 500ms and 500ms / 2, but not 2 / 500ms.
    bool scaled = op == OP_MULTIPLY || (op == OP_DIVIDE && left.type == TYPE_DURATION);
    if (!ints && !(durations && (op == OP_ADD || op == OP_SUBTRACT)) && !(!durations && scaled))
        return wrong_types(interp, node, left, right);
    int64_t result;
    if (!compute(interp, node, left.number, right.number, &result))
        return false;
    *value = ints ? value_int(result) : value_duration(result);
    if (ints && (op == OP_BIT_OR || op == OP_BIT_AND)) { // flags stay flags
        const struct symbol *a = value_symbol_of(left), *b = value_symbol_of(right);
        if (a && b && a->family == b->family)
            value->symbol = left.symbol;
    }
    return true;
}

// --- bytes and lists -----------------------------------------------------------------------------

// False without memory, with some elements appended already: the caller gives up the list.
static bool append_list(struct value *to, struct value more)
{
    size_t count = more.list->count; // `more` may be `to`
    if (count > 0 && !value_own_list(to))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!value_append_item_take(to, value_retain(more.list->items[i])))
            return false;
    return true;
}

// Joins right to the end of left, in place when nobody else refers to it. Takes left.
static bool join_take(struct interp *interp, const struct node *node, struct value left,
                      struct value right, struct value *value)
{
    *value = left;
    bool good =
        left.type == TYPE_BYTES ? value_append_bytes(value, right) : append_list(value, right);
    if (good)
        return true;
    value_release(*value);
    return no_memory(interp, node);
}

bool operate_append_take(struct interp *interp, const struct node *node, struct value *variable,
                         struct value piece)
{
    struct value left = *variable;
    *variable = VALUE_UNSET;
    // What two bytes or two lists make grows in place; everything else is an ordinary sum.
    if (left.type == piece.type && (left.type & (TYPE_BYTES | TYPE_LIST))) {
        bool good = join_take(interp, node, left, piece, variable);
        // What could not be joined is gone, as the statement has failed in the middle.
        if (!good)
            *variable = VALUE_UNSET;
        value_release(piece);
        return good;
    }
    return operate_take(interp, node, left, piece, variable);
}

// Octets in octets; a value in a list, as == has it.
static bool contains(struct interp *interp, const struct node *node, struct value needle,
                     struct value in, struct value *value)
{
    bool found = false;
    if (in.type == TYPE_BYTES && needle.type == TYPE_BYTES) {
        found = str_find(value_str(in), value_str(needle), 0) != SIZE_MAX;
    } else if (in.type == TYPE_LIST) {
        for (size_t i = 0; !found && i < in.list->count; i++)
            found = value_equal(needle, in.list->items[i]);
    } else {
        return wrong_types(interp, node, needle, in);
    }
    *value = value_bool(found);
    return true;
}

// <, <=, >, >=: for values of one type that has an order.
static bool compare(struct interp *interp, const struct node *node, struct value left,
                    struct value right, struct value *value)
{
    int order;
    if (!value_compare(left, right, &order))
        return wrong_types(interp, node, left, right);
    switch (node->binary.op) {
    case OP_LESS:
        *value = value_bool(order < 0);
        break;
    case OP_LESS_EQUAL:
        *value = value_bool(order <= 0);
        break;
    case OP_GREATER:
        *value = value_bool(order > 0);
        break;
    default:
        *value = value_bool(order >= 0);
    }
    return true;
}

bool operate_take(struct interp *interp, const struct node *node, struct value left,
                  struct value right, struct value *value)
{
    enum operator_type op = node->binary.op;
    enum { NUMBERS = TYPE_INT | TYPE_DURATION };
    bool good;
    // Of any two values: it never fails.
    if (op == OP_EQUAL || op == OP_UNEQUAL) {
        *value = value_bool(value_equal(left, right) == (op == OP_EQUAL));
        good = true;
    } else if (op == OP_IN) {
        good = contains(interp, node, left, right, value);
    } else if (op >= OP_LESS) {
        good = compare(interp, node, left, right, value);
    } else if ((left.type & NUMBERS) && (right.type & NUMBERS)) {
        good = on_numbers(interp, node, left, right, value);
    } else if (op == OP_ADD && left.type == right.type && (left.type & (TYPE_BYTES | TYPE_LIST))) {
        good = join_take(interp, node, left, right, value);
        // It was taken.
        left = VALUE_UNSET;
    } else {
        good = wrong_types(interp, node, left, right);
    }
    value_release(left);
    value_release(right);
    return good;
}

// --- index ---------------------------------------------------------------------------------------

// 0 is the host, 1 the port: an int where it is one, else the service's name. False without memory.
static bool address_part(const struct address *address, int64_t at, struct value *value)
{
    struct buffer host = {0};
    if (at == 1 && address->kind == ADDRESS_NAME) {
        struct str service = str_slice((struct str){address->text, address->text_size},
                                       address->host_size, address->text_size);
        uint64_t port;
        *value = str_to_number(service, UINT16_MAX, &port) ? value_int((int64_t)port)
                                                           : value_bytes(service);
        return value->type != TYPE_UNSET;
    }
    if (at == 1) {
        *value = value_int(address->port);
        return true;
    }
    address_show_host(address, &host);
    *value = value_bytes(buffer_str(&host));
    buffer_finish(&host);
    return value->type != TYPE_UNSET;
}

bool operate_index(struct interp *interp, const struct node *node, struct value base,
                   struct value at, struct value *value)
{
    if (!(base.type & (TYPE_BYTES | TYPE_LIST | TYPE_ADDRESS)))
        return interp_fail(interp, node, _("%s has no elements to take one of"),
                           type_with_article(base.type));
    if (at.type != TYPE_INT)
        return interp_fail(interp, node, _("an index is an int, not %s"),
                           type_with_article(at.type));
    // An address has two parts, as `host, port = address` takes them.
    int64_t count = base.type == TYPE_LIST    ? (int64_t)base.list->count
                    : base.type == TYPE_BYTES ? (int64_t)base.bytes->size
                                              : 2;
    int64_t i = at.number < 0 ? at.number + count : at.number; // -1 is the last
    if (i < 0 || i >= count)
        return interp_fail(interp, node, _("there is no element %lld: it has %lld, counted from 0"),
                           (long long)at.number, (long long)count);
    if (base.type == TYPE_LIST)
        *value = value_retain(base.list->items[i]);
    else if (base.type == TYPE_BYTES)
        *value = value_bytes(str_slice(value_str(base), (size_t)i, (size_t)i + 1));
    else if (!address_part(&base.address->address, i, value))
        return no_memory(interp, node);
    return value->type != TYPE_UNSET || no_memory(interp, node);
}
