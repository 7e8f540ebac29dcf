// data: what scripts do with bytes and lists alike.
//
// Arguments are borrowed, results are new: no value changes under another name's feet. Only append
// and remove change a value, and only when nobody else refers to it.

#include <errno.h>
#include <string.h>

#include "base/message.h"
#include "commands/list.h"
#include "commands/refuse.h"
#include "commands/rows.h"

// What has a length, an order and parts.
#define SEQUENCE (TYPE_BYTES | TYPE_LIST)

// Octets or elements; fits, since memory is smaller.
static int64_t count_of(struct value value)
{
    return (int64_t)(value.type == TYPE_LIST ? value.list->count : value.bytes->size);
}

// --- len -----------------------------------------------------------------------------------------

static bool run_len(struct call *call)
{
    return call_give_take(call, value_int(count_of(arg(call, 0))));
}

// Octets and not characters: what is sent and received is counted so, whatever it means.
const struct command command_len = {
    .name = "len",
    .summary = N_("count octets, or elements of a list"),
    .group = GROUP_DATA,
    .params = PARAMS({.name = "data", .type = SEQUENCE}),
    .results = RESULTS({.name = "count", .type = TYPE_INT}),
    .example = "len \"GET /\"",
    .topic = "strings",
    .run = run_len,
};

// --- append, remove ------------------------------------------------------------------------------
//
// The value of the variable is call->args[0] meanwhile, its only reference, and is changed in
// place.

// Lists nest only so deep that walking them cannot run out of stack.
static bool append_item(struct call *call, struct value item)
{
    if (value_depth(item) >= LISTS_DEEP)
        return call_refused(call, _("lists nest at most %d deep"), LISTS_DEEP);
    return value_append_item_take(&call->args[0], value_retain(item)) || call_failed(call, ENOMEM);
}

// A list takes anything as one element more, another list too; bytes take bytes alone.
static bool run_append(struct call *call)
{
    struct value piece = arg(call, 1);
    if (call->args[0].type == TYPE_LIST)
        return append_item(call, piece);
    if (piece.type != TYPE_BYTES)
        return call_refused(call, _("only bytes can be appended to bytes, not %s"),
                            type_with_article(piece.type));
    return value_append_bytes(&call->args[0], piece) || call_failed(call, ENOMEM);
}

// The parser makes x = x + … the same (`appends` in lang/ast.h), so that both are as cheap.
const struct command command_append = {
    .name = "append",
    .summary = N_("add bytes to bytes, or an element to a list, in place"),
    .group = GROUP_DATA,
    .params = PARAMS({.name = "name", .type = SEQUENCE, .form = FORM_VARIABLE},
                     {.name = "value", .type = TYPE_ANY}),
    .example = "clients = []\nappend clients \"Sarah\"",
    .topic = "values",
    .run = run_append,
};

// Where the first element equal to `item` stands, or the list's count.
static size_t position(const struct list *list, struct value item)
{
    size_t i = 0;
    while (i < list->count && !value_equal(list->items[i], item))
        i++;
    return i;
}

// The list is copied only when it is shared, and only once it is known that something changes.
static bool run_remove(struct call *call)
{
    struct value *from = &call->args[0];
    size_t at = position(from->list, arg(call, 1));
    if (at == from->list->count)
        return refuse_value(call, _("the list has no element %s"), arg(call, 1));
    if (!value_own_list(from))
        return call_failed(call, ENOMEM);
    struct list *list = from->list;
    struct value removed = list->items[at];
    list->count--;
    memmove(&list->items[at], &list->items[at + 1], (list->count - at) * sizeof removed);
    value_release(removed);
    return call_done(call);
}

// By value, not by place: a server takes the client off its list that has just left.
const struct command command_remove = {
    .name = "remove",
    .summary = N_("take the first element that equals a value off a list"),
    .group = GROUP_DATA,
    .params = PARAMS({.name = "name", .type = TYPE_LIST, .form = FORM_VARIABLE},
                     {.name = "value", .type = TYPE_ANY}),
    .example = "clients = [\"Sarah\", \"Tom\"]\nremove clients \"Tom\"",
    .topic = "values",
    .run = run_remove,
};

// --- slice, find ---------------------------------------------------------------------------------

// Where a slice begins or ends: negative counts from the end, and what is beyond is cut.
// -1 is the last element of three, at 2; -9 the first, 9 behind the last.
static size_t place(int64_t number, int64_t count)
{
    if (number < 0)
        number = number < -count ? 0 : number + count;
    return (size_t)(number > count ? count : number);
}

// The elements themselves are shared with the old list, not copied.
static struct value slice_list(const struct list *list, size_t from, size_t to)
{
    struct value part = value_list(to - from);
    for (size_t i = from; i < to; i++)
        list_add_take(&part, value_retain(list->items[i]));
    return part;
}

// Bytes of bytes, a list of a list.
static bool run_slice(struct call *call)
{
    struct value data = arg(call, 0);
    int64_t count = count_of(data);
    size_t from = place(arg(call, 1).number, count);
    size_t to = place(arg_number_or(call, 2, count), count);
    if (to < from)
        to = from;
    return call_give_take(call, data.type == TYPE_LIST
                                    ? slice_list(data.list, from, to)
                                    : value_bytes(str_slice(value_str(data), from, to)));
}

// Like Python's slice without a step: beyond the end there is nothing, and that is no error.
const struct command command_slice = {
    .name = "slice",
    .summary = N_("a part, up to but not including TO; -1 is the last"),
    .group = GROUP_DATA,
    .params = PARAMS({.name = "data", .type = SEQUENCE}, {.name = "from", .type = TYPE_INT},
                     {.name = "to", .type = TYPE_INT, .optional = true}),
    .results = RESULTS({.name = "part", .type = SEQUENCE}),
    .example = "slice \"HTTP/1.1 200 OK\" 9 12",
    .topic = "strings",
    .run = run_slice,
};

// As "in" does, which only says whether.
static bool run_find(struct call *call)
{
    struct value data = arg(call, 0), needle = arg(call, 1);
    size_t at;
    if (data.type == TYPE_LIST) {
        at = position(data.list, needle);
        at = at == data.list->count ? SIZE_MAX : at;
    } else if (needle.type == TYPE_BYTES) {
        at = str_find(value_str(data), value_str(needle), 0);
    } else {
        return call_refused(call, _("what is looked for in bytes are bytes, not %s"),
                            type_with_article(needle.type));
    }
    return call_give_take(call, value_int(at == SIZE_MAX ? -1 : (int64_t)at));
}

// command_find() is lang's way to look a row up, hence the name.
const struct command command_find_row = {
    .name = "find",
    .summary = N_("where something first stands, counted from 0; else -1"),
    .group = GROUP_DATA,
    .params = PARAMS({.name = "data", .type = SEQUENCE}, {.name = "needle", .type = TYPE_ANY}),
    .results = RESULTS({.name = "position", .type = TYPE_INT}),
    .example = "find \"Host: localhost\" \": \"",
    .topic = "strings",
    .run = run_find,
};

// --- split, concat -------------------------------------------------------------------------------

// At most `cuts` of them, so that what follows the last cut stays whole: a header and its body.
// Of "a,b,c" and one cut: "a" and "b,c".
static struct value split(struct str data, struct str separator, int64_t cuts)
{
    struct value list = value_list(0);
    size_t from = 0;
    for (; cuts > 0 && list.type != TYPE_UNSET; cuts--) {
        size_t at = str_find(data, separator, from);
        if (at == SIZE_MAX)
            break;
        list_add_take(&list, value_bytes(str_slice(data, from, at)));
        from = at + separator.size;
    }
    list_add_take(&list, value_bytes(str_slice(data, from, data.size)));
    return list;
}

// An empty separator would stand everywhere.
static bool run_split(struct call *call)
{
    struct str separator = arg_str(call, 1);
    if (separator.size == 0)
        return call_refused(call, "%s", _("the separator is empty: nothing says where to cut"));
    int64_t cuts = arg_number_or(call, 2, INT64_MAX);
    return call_give_take(call, split(arg_str(call, 0), separator, cuts));
}

// Without COUNT at every separator. Empty parts are kept: two separators in a row mean an empty
// line or field.
const struct command command_split = {
    .name = "split",
    .summary = N_("cut bytes at each separator, at most COUNT times"),
    .group = GROUP_DATA,
    .params =
        PARAMS({.name = "data", .type = TYPE_BYTES}, {.name = "separator", .type = TYPE_BYTES},
               {.name = "count", .type = TYPE_INT, .optional = true, .bounded = true}),
    .results = RESULTS({.name = "parts", .type = TYPE_LIST}),
    .example = "parts = split \"a,b,c\" \",\"",
    .topic = "strings",
    .run = run_split,
};

// The octets that joining takes. False, with the call failed, when an element is no bytes.
static bool size_joined(struct call *call, const struct list *list, size_t separator, size_t *size)
{
    *size = 0;
    for (size_t i = 0; i < list->count; i++) {
        if (list->items[i].type != TYPE_BYTES)
            return call_refused(call, _("element %zu is %s; only bytes can be joined"), i,
                                type_with_article(list->items[i].type));
        *size += list->items[i].bytes->size + (i > 0 ? separator : 0);
        if (*size > BYTES_LIMIT)
            return call_failed(call, ENOMEM);
    }
    return true;
}

// Copies to `at` and returns the place behind it.
static char *put(char *at, struct str data)
{
    if (data.size > 0)
        memcpy(at, data.data, data.size);
    return at + data.size;
}

// The size first, then one allocation: joining piece by piece would copy the beginning again and
// again.
static bool run_concat(struct call *call)
{
    const struct list *list = arg(call, 0).list;
    struct str separator = arg_str(call, 1); // empty when left out
    size_t size;
    if (!size_joined(call, list, separator.size, &size))
        return false;
    struct value joined = value_bytes_sized(size);
    char *at = joined.type != TYPE_UNSET ? joined.bytes->data : NULL;
    for (size_t i = 0; at != NULL && i < list->count; i++) {
        at = i > 0 ? put(at, separator) : at;
        at = put(at, value_str(list->items[i]));
    }
    return call_give_take(call, joined);
}

// The reverse of split with the same separator.
const struct command command_concat = {
    .name = "concat",
    .summary = N_("join a list of bytes into one, with a separator between"),
    .group = GROUP_DATA,
    .params = PARAMS({.name = "list", .type = TYPE_LIST},
                     {.name = "separator", .type = TYPE_BYTES, .optional = true}),
    .results = RESULTS({.name = "joined", .type = TYPE_BYTES}),
    .example = "concat [\"GET\", \"/\", \"HTTP/1.1\"] \" \"",
    .topic = "strings",
    .run = run_concat,
};
