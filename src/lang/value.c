// value: making, counting, comparing and growing values. value_show.c shows them.

#include "lang/value.h"

#include <stdlib.h>
#include <string.h>

#include "base/count.h"
#include "base/memory.h"

// --- making --------------------------------------------------------------------------------------

struct value value_symbol(const struct symbol *symbol)
{
    struct value value = value_int(symbol->value);
    value.symbol = (uint16_t)(symbol - symbols + 1);
    return value;
}

struct value value_constant(enum family family, int64_t number)
{
    const struct symbol *symbol = symbol_of(family, number);
    if (symbol != NULL)
        return value_symbol(symbol);
    struct value value = value_int(number);
    // Flags: any name of the family will do, since all of them are found again when it is shown.
    for (size_t i = 0; i < symbol_count && number != 0; i++) {
        if (symbols[i].family == family && (symbols[i].value & number) == symbols[i].value) {
            value.symbol = (uint16_t)(i + 1);
            break;
        }
    }
    return value;
}

const struct symbol *value_symbol_of(struct value value)
{
    return value.type == TYPE_INT && value.symbol ? &symbols[value.symbol - 1] : NULL;
}

// With one reference and no octets yet. NULL without memory, or beyond the limit.
static struct bytes *bytes_new(size_t capacity)
{
    if (capacity > BYTES_LIMIT)
        return NULL;
    // malloc and not mem_zero(): a script decides the size, and is told ENOMEM.
    struct bytes *bytes = malloc(sizeof *bytes + capacity);
    if (bytes != NULL)
        *bytes = (struct bytes){.references = 1, .capacity = capacity};
    return bytes;
}

struct value value_bytes_sized(size_t size)
{
    struct bytes *bytes = bytes_new(size);
    if (bytes == NULL)
        return VALUE_UNSET;
    bytes->size = size;
    return (struct value){.type = TYPE_BYTES, .bytes = bytes};
}

struct value value_bytes(struct str data)
{
    struct value value = value_bytes_sized(data.size);
    if (value.type != TYPE_UNSET && data.size)
        memcpy(value.bytes->data, data.data, data.size);
    return value;
}

struct value value_list(size_t capacity)
{
    struct list *list = malloc(sizeof *list);
    struct value *items = capacity ? calloc(capacity, sizeof *items) : NULL;
    // Either may have failed.
    if (list == NULL || (capacity && items == NULL)) {
        free(list);
        free(items);
        return VALUE_UNSET;
    }
    *list = (struct list){.references = 1, .depth = 1, .capacity = capacity, .items = items};
    return (struct value){.type = TYPE_LIST, .list = list};
}

struct value value_address(const struct address *address)
{
    size_t size = address_size(address);
    // Only as much of it as the address has: a list of thousands is then small.
    struct boxed_address *box = malloc(offsetof(struct boxed_address, address) + size);
    if (box == NULL)
        return VALUE_UNSET;
    box->references = 1;
    memcpy(&box->address, address, size);
    return (struct value){.type = TYPE_ADDRESS, .address = box};
}

struct value value_error(const struct symbol *name, struct str text)
{
    // A failure must be told whatever happens: this one never runs out of memory quietly.
    struct error *error = mem_resize(NULL, sizeof *error + text.size + 1);
    *error = (struct error){.references = 1, .name = name, .size = text.size};
    if (text.size)
        memcpy(error->text, text.data, text.size);
    error->text[text.size] = '\0';
    return (struct value){.type = TYPE_ERROR, .error = error};
}

void value_explain_error(struct value error, struct str here, struct str advice, const char *topic)
{
    free(error.error->here);
    free(error.error->advice);
    error.error->here = mem_copy(here);
    error.error->advice = mem_copy(advice);
    error.error->topic = topic;
}

void value_name_raiser(struct value error, const char *actor)
{
    free(error.error->raiser);
    error.error->raiser = mem_copy(str_from(actor));
}

struct value value_handle_take(struct handle *handle)
{
    return (struct value){.type = TYPE_HANDLE, .handle = handle};
}

// --- owning --------------------------------------------------------------------------------------

// The counter of what only one actor counts, or NULL.
static int *references(struct value value)
{
    switch (value.type) {
    case TYPE_BYTES:
        return &value.bytes->references;
    case TYPE_LIST:
        return &value.list->references;
    case TYPE_ADDRESS:
        return &value.address->references;
    case TYPE_ERROR:
        return &value.error->references;
    default:
        return NULL;
    }
}

// Recurses for lists in it, at most LISTS_DEEP deep.
static void list_free(struct list *list)
{
    for (size_t i = 0; i < list->count; i++)
        value_release(list->items[i]);
    free(list->items);
    free(list);
}

static void error_free(struct error *error)
{
    free(error->here);
    free(error->advice);
    free(error->raiser);
    free(error);
}

// Atomic, as other actors hold references of their own.
static void shared_release(struct shared *shared)
{
    shared->let_go(shared);
    if (count_add(&shared->references, -1) == 1)
        shared->destroy(shared);
}

void value_destroy(struct value value)
{
    int *count = references(value);
    if (value.type == TYPE_HANDLE)
        handle_release(value.handle);
    else if (value.type == TYPE_ACTOR)
        shared_release(value.shared);
    // What is not counted, or somebody still refers to.
    if (count == NULL || *count == VALUE_IMMORTAL || --*count > 0)
        return;
    if (value.type == TYPE_LIST)
        list_free(value.list);
    else if (value.type == TYPE_ERROR)
        error_free(value.error);
    else
        free(value.bytes); // bytes and addresses are one allocation each
}

struct value value_retain(struct value value)
{
    int *count = (value.type & TYPE_COUNTED) ? references(value) : NULL;
    if (count != NULL && *count != VALUE_IMMORTAL)
        ++*count;
    else if (value.type == TYPE_HANDLE)
        handle_retain(value.handle);
    else if (value.type == TYPE_ACTOR)
        count_add(&value.shared->references, 1);
    return value;
}

// With its explanation and its place: whoever joins the actor that failed reads them too.
static struct value error_copy(const struct error *error)
{
    struct value copy = value_error(error->name, (struct str){error->text, error->size});
    if (error->here != NULL)
        value_explain_error(copy, str_from(error->here), str_from(error->advice), error->topic);
    if (error->raiser != NULL)
        value_name_raiser(copy, error->raiser);
    copy.error->program = error->program;
    copy.error->range = error->range;
    return copy;
}

// Element by element, down to the last. TYPE_UNSET without memory, and nothing is left behind.
static struct value list_copy(const struct list *list)
{
    struct value copy = value_list(list->count);
    for (size_t i = 0; copy.type != TYPE_UNSET && i < list->count; i++) {
        struct value item = value_copy(list->items[i]);
        if (item.type == TYPE_UNSET) {
            value_release(copy);
            return VALUE_UNSET;
        }
        copy.list->items[copy.list->count++] = item;
    }
    if (copy.type != TYPE_UNSET)
        copy.list->depth = list->depth;
    return copy;
}

struct value value_copy(struct value value)
{
    switch (value.type) {
    case TYPE_BYTES:
        return value_bytes(value_str(value));
    case TYPE_LIST:
        return list_copy(value.list);
    case TYPE_ADDRESS:
        return value_address(&value.address->address);
    case TYPE_ERROR:
        return error_copy(value.error);
    default:
        return value_retain(value);
    }
}

void value_make_immortal(struct value value)
{
    int *count = references(value);
    if (count != NULL)
        *count = VALUE_IMMORTAL;
}

void value_destroy_literal(struct value value)
{
    int *count = references(value);
    if (count != NULL) {
        // The one reference that the tree has: from here on it is counted as any other.
        *count = 1;
        value_release(value);
    }
}

// --- using ---------------------------------------------------------------------------------------

struct str value_str(struct value bytes)
{
    if (bytes.type != TYPE_BYTES)
        return (struct str){"", 0};
    return (struct str){bytes.bytes->data, bytes.bytes->size};
}

bool value_truth(struct value value)
{
    switch (value.type) {
    case TYPE_UNSET:
    case TYPE_NONE:
        return false;
    case TYPE_BOOL:
        return value.truth;
    case TYPE_INT:
        return value.number != 0;
    case TYPE_BYTES:
        return value.bytes->size > 0;
    case TYPE_LIST:
        return value.list->count > 0;
    default:
        return true;
    }
}

// In order, each by value_equal().
static bool lists_equal(const struct list *a, const struct list *b)
{
    bool equal = a->count == b->count;
    for (size_t i = 0; equal && i < a->count; i++)
        equal = value_equal(a->items[i], b->items[i]);
    return equal;
}

// An error equals its constant: e == EADDRINUSE.
static bool error_is(const struct error *error, struct value constant)
{
    const struct symbol *symbol = value_symbol_of(constant);
    return symbol && error->name && symbol->family == error->name->family &&
           symbol->value == error->name->value;
}

bool value_equal(struct value a, struct value b)
{
    // Either way round, as people write it.
    if (a.type == TYPE_ERROR && b.type == TYPE_INT)
        return error_is(a.error, b);
    if (a.type == TYPE_INT && b.type == TYPE_ERROR)
        return error_is(b.error, a);
    if (a.type != b.type)
        return false;
    switch (a.type) {
    case TYPE_BOOL:
        return a.truth == b.truth;
    case TYPE_INT:
    case TYPE_DURATION:
        return a.number == b.number;
    case TYPE_BYTES:
        return str_equal(value_str(a), value_str(b));
    case TYPE_ADDRESS:
        return address_equal(&a.address->address, &b.address->address);
    case TYPE_LIST:
        return lists_equal(a.list, b.list);
    case TYPE_ERROR:
        return a.error->name == b.error->name && strcmp(a.error->text, b.error->text) == 0;
    case TYPE_HANDLE:
        return a.handle == b.handle;
    case TYPE_ACTOR:
        return a.shared == b.shared;
    default:
        return true;
    }
}

bool value_compare(struct value a, struct value b, int *order)
{
    if (a.type != b.type)
        return false;
    if (a.type == TYPE_INT || a.type == TYPE_DURATION)
        *order = (a.number > b.number) - (a.number < b.number);
    else if (a.type == TYPE_BYTES)
        *order = str_compare(value_str(a), value_str(b));
    else if (a.type == TYPE_BOOL)
        *order = (int)a.truth - (int)b.truth;
    else
        return false;
    return true;
}

// --- growing -------------------------------------------------------------------------------------

// Half as much again, so that n appended octets cost a constant number of copies each.
static size_t grown(size_t wanted)
{
    return wanted + wanted / 2 + 32;
}

bool value_append_bytes(struct value *to, struct value piece)
{
    size_t size = to->bytes->size, more = piece.bytes->size;
    // x = x + x.
    bool itself = to->bytes == piece.bytes;
    if (more == 0)
        return true;
    if (size + more > BYTES_LIMIT)
        return false;
    // Somebody else sees the old one: it is left as it is, and a copy with room to grow takes its
    // place.
    if (to->bytes->references != 1) {
        struct bytes *copy = bytes_new(grown(size + more));
        if (copy == NULL)
            return false;
        memcpy(copy->data, to->bytes->data, size);
        memcpy(copy->data + size, piece.bytes->data, more);
        copy->size = size + more;
        value_release(*to);
        to->bytes = copy;
        return true;
    }
    if (size + more > to->bytes->capacity) {
        size_t capacity = grown(size + more);
        struct bytes *moved = realloc(to->bytes, sizeof *moved + capacity);
        if (moved == NULL)
            return false;
        moved->capacity = capacity;
        to->bytes = moved;
    }
    // `piece` may have moved with `to`.
    memcpy(to->bytes->data + size, itself ? to->bytes->data : piece.bytes->data, more);
    to->bytes->size = size + more;
    return true;
}

bool value_own_list(struct value *list)
{
    struct list *old = list->list;
    if (old->references == 1)
        return true;
    struct value copy = value_list(old->count);
    if (copy.type == TYPE_UNSET)
        return false;
    for (size_t i = 0; i < old->count; i++)
        // The elements stay shared: only the list itself was to be its own.
        copy.list->items[copy.list->count++] = value_retain(old->items[i]);
    copy.list->depth = old->depth;
    value_release(*list);
    *list = copy;
    return true;
}

bool value_append_item_take(struct value *to, struct value item)
{
    if (!value_own_list(to)) {
        value_release(item);
        return false;
    }
    struct list *list = to->list;
    if (list->count == list->capacity) {
        size_t capacity = grown(list->count);
        struct value *items = reallocarray(list->items, capacity, sizeof *items);
        if (items == NULL) {
            value_release(item);
            return false;
        }
        list->items = items;
        list->capacity = capacity;
    }
    // Never less again: finding out would mean looking at all of them.
    if (value_depth(item) >= list->depth)
        list->depth = value_depth(item) + 1;
    list->items[list->count++] = item;
    return true;
}

struct value value_bytes_cut_take(struct value bytes, size_t size)
{
    struct bytes *old = bytes.bytes;
    old->size = size;
    // Moving costs more than a few octets are worth.
    if (old->capacity - size < 64)
        return bytes;
    struct bytes *smaller = realloc(old, sizeof *old + size);
    if (smaller != NULL) {
        smaller->capacity = size;
        bytes.bytes = smaller;
    }
    return bytes;
}
