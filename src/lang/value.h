// value: what variables hold and commands take and give.
//
// Ownership in one sentence: a function borrows the values it is given and gives an owned value
// back, unless its name says `take`, in which case it owns what it was given. An owned value is let
// go with value_release() exactly once.
//
// Bytes, lists, addresses and errors are counted without atomics: a value belongs to one actor, and
// what goes to another is copied with value_copy(). Handles and actors are shared by all and count
// atomically. Literals in a tree are immortal, so that any actor may borrow them.

#ifndef SOCKSH_LANG_VALUE_H
#define SOCKSH_LANG_VALUE_H

#include "base/buffer.h"
#include "base/str.h"
#include "lang/type.h"

// --- making --------------------------------------------------------------------------------------

// Both need no release. The first is not a value of the language: it says that there is none.
#define VALUE_UNSET ((struct value){.type = TYPE_UNSET})
#define VALUE_NONE  ((struct value){.type = TYPE_NONE})

// These three cannot fail, and what they give need not be released.
static inline struct value value_int(int64_t number)
{
    return (struct value){.type = TYPE_INT, .number = number};
}

static inline struct value value_bool(bool truth)
{
    return (struct value){.type = TYPE_BOOL, .truth = truth};
}

static inline struct value value_duration(int64_t nanoseconds)
{
    return (struct value){.type = TYPE_DURATION, .number = nanoseconds};
}

// A constant of `family`: the int with its usual name, or flags, or a plain int when
// nothing is known of it.
struct value value_constant(enum family family, int64_t number);

// The constant itself, under the very name that was written.
struct value value_symbol(const struct symbol *symbol);

// `symbol` again, or NULL for a plain int.
const struct symbol *value_symbol_of(struct value value);

// These give TYPE_UNSET when the memory cannot be had.
struct value value_bytes(struct str data);
struct value value_bytes_sized(size_t size); // with `size` octets still to be written
struct value value_list(size_t capacity);    // empty
struct value value_address(const struct address *address);

// `name` may be NULL. Never TYPE_UNSET.
struct value value_error(const struct symbol *name, struct str text);

// Adds to an error what it means in the situation at hand and what to try, which may be empty; both
// are copied. `topic` lasts. Reports say these; the text itself stays as it is.
void value_explain_error(struct value error, struct str here, struct str advice, const char *topic);

// Adds to an error the name of the actor that another one has it from, which is copied.
void value_name_raiser(struct value error, const char *actor);

// Takes the caller's reference of the row.
struct value value_handle_take(struct handle *handle);

// --- owning --------------------------------------------------------------------------------------

void value_destroy(struct value value); // for value_release() alone

// Lets an owned value go; nothing is done for what is not counted.
static inline void value_release(struct value value)
{
    if (value.type & TYPE_COUNTED)
        value_destroy(value);
}

// One more reference to the same thing.
struct value value_retain(struct value value);

// A copy that shares nothing with `value` that another actor could change: for spawn and join.
// TYPE_UNSET without memory.
struct value value_copy(struct value value);

// Makes a literal immortal; it is then freed with value_destroy_literal() only. (A list in a script
// is no literal: its elements are evaluated.)
void value_make_immortal(struct value value);

// Frees a literal with the program that holds it; nobody runs it any more.
void value_destroy_literal(struct value value);

// --- using ---------------------------------------------------------------------------------------

// The octets of TYPE_BYTES, borrowed from the value; empty for any other type.
struct str value_str(struct value bytes);

// true unless false, none, 0, empty bytes or an empty list.
bool value_truth(struct value value);

// What == says. Values of different types are unequal; but an error equals its constant.
bool value_equal(struct value a, struct value b);

// Whether a and b can be ordered (both ints, durations, bytes, bools); then `*order` is
// below, at or above 0.
bool value_compare(struct value a, struct value b, int *order);

// Appends `piece` to bytes, or an element to a list, in place where `*to` is the only reference;
// amortised constant time an octet. `*to` may share its memory with `piece`. False without memory:
// `*to` is then unchanged.
bool value_append_bytes(struct value *to, struct value piece);
bool value_append_item_take(struct value *to, struct value item);

// How deep `value` nests as an element: 0 for what is no list.
static inline unsigned value_depth(struct value value)
{
    return value.type == TYPE_LIST ? value.list->depth : 0;
}

// Makes sure that `*list` can be changed without another reference seeing it. False without memory.
bool value_own_list(struct value *list);

// Gives back memory of bytes that were made larger than needed; `size` is what remains.
struct value value_bytes_cut_take(struct value bytes, size_t size);

// --- showing -------------------------------------------------------------------------------------

// As the prompt shows it: bytes quoted and escaped, so that nothing received can move a terminal's
// cursor.
void value_show(struct value value, struct buffer *to);

// As `print` and "{…}" write it: bytes as they are, everything else as shown.
void value_write(struct value value, struct buffer *to);

// "bytes", "an int" …: the type in the words of the reference, with its article: for messages.
const char *type_with_article(enum type type);

// "handle", "bytes or list" …: for usage lines. Appends.
void type_show(enum type types, struct buffer *to);

// "a handle", "bytes or a list" …: for messages. Appends.
void types_show_with_articles(enum type types, struct buffer *to);

// Quotes and escapes octets as value_show() does; at most `most` octets, then "…".
void bytes_show(struct str data, size_t most, struct buffer *to);

#endif
