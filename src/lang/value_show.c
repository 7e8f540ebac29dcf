// value_show: values as a person reads them.

#include <stdio.h>
#include <string.h>

#include "base/message.h"
#include "base/utf8.h"
#include "lang/value.h"

// As an escape of the language: by its letter, or as \xHH.
static void show_octet(unsigned char octet, struct buffer *to)
{
    static const char special[] = "\r\n\t\\\"", letters[] = "rnt\\\"";
    const char *found = octet ? strchr(special, octet) : NULL;
    if (found != NULL)
        buffer_print(to, "\\%c", letters[found - special]);
    else
        buffer_print(to, "\\x%02x", octet);
}

void bytes_show(struct str data, size_t most, struct buffer *to)
{
    // Cut between two characters; only what was whole UTF-8 before is kept whole.
    struct str shown = data.size > most ? str_slice(data, 0, utf8_cut(data, most)) : data;
    buffer_add_char(to, '"');
    for (size_t i = 0; i < shown.size;) {
        uint32_t point = 0;
        size_t size = utf8_decode(str_slice(shown, i, shown.size), &point);
        if (size == 0 || !utf8_is_showable(point) || point == '"' || point == '\\') {
            for (size_t end = i + (size ? size : 1); i < end; i++)
                show_octet((unsigned char)shown.data[i], to);
        } else {
            buffer_add(to, str_slice(shown, i, i + size));
            i += size;
        }
    }
    buffer_add_char(to, '"');
    if (shown.size < data.size)
        buffer_add_text(to, "…");
}

// 500ms, 2s …: in the largest unit that fits without a fraction.
static void show_duration(int64_t nanoseconds, struct buffer *to)
{
    static const struct {
        const char *name;
        int64_t size;
    } units[] = {{"m", 60000000000}, {"s", 1000000000}, {"ms", 1000000}, {"us", 1000}};
    if (nanoseconds == 0) {
        buffer_add_text(to, "0s");
        return;
    }
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (nanoseconds % units[i].size == 0) {
            buffer_print(to, "%lld%s", (long long)(nanoseconds / units[i].size), units[i].name);
            return;
        }
    }
    // Below a microsecond: measured, for no script can write it.
    buffer_print(to, "%lldns", (long long)nanoseconds);
}

// A constant by its name, flags by theirs, any other in decimal.
static void show_int(struct value value, struct buffer *to)
{
    const struct symbol *symbol = value_symbol_of(value);
    if (symbol == NULL)
        buffer_print(to, "%lld", (long long)value.number);
    else if (symbol->value == value.number)
        buffer_add_text(to, symbol->name);
    else
        symbol_show(symbol->family, value.number, to);
}

// As it is written; the depth is bounded (LISTS_DEEP), and so is the recursion.
static void show_list(const struct list *list, struct buffer *to)
{
    buffer_add_char(to, '[');
    for (size_t i = 0; i < list->count; i++) {
        if (i > 0)
            buffer_add_text(to, ", ");
        value_show(list->items[i], to);
    }
    buffer_add_char(to, ']');
}

// "EADDRINUSE: another socket …", or the text alone.
static void show_error(const struct error *error, struct buffer *to)
{
    if (error->name)
        buffer_print(to, "%s%s", error->name->name, error->size ? ": " : "");
    buffer_add(to, (struct str){error->text, error->size});
}

void value_show(struct value value, struct buffer *to)
{
    switch (value.type) {
    case TYPE_NONE:
        buffer_add_text(to, "none");
        break;
    case TYPE_BOOL:
        buffer_add_text(to, value.truth ? "true" : "false");
        break;
    case TYPE_INT:
        show_int(value, to);
        break;
    case TYPE_BYTES:
        bytes_show(value_str(value), SIZE_MAX, to);
        break;
    case TYPE_DURATION:
        show_duration(value.number, to);
        break;
    case TYPE_ADDRESS:
        address_show(&value.address->address, to);
        break;
    case TYPE_HANDLE:
        buffer_print(to, "%d", value.handle->fd);
        break;
    case TYPE_LIST:
        show_list(value.list, to);
        break;
    case TYPE_ACTOR:
        buffer_add_text(to, value.shared->name(value.shared));
        break;
    case TYPE_ERROR:
        show_error(value.error, to);
        break;
    default:
        buffer_add_text(to, _("(no value)"));
    }
}

void value_write(struct value value, struct buffer *to)
{
    if (value.type == TYPE_BYTES)
        buffer_add(to, value_str(value));
    else
        value_show(value, to);
}

static const struct {
    enum type type;
    const char *name, *with_article;
} types[] = {
    {TYPE_BYTES, "bytes", N_("bytes")},          {TYPE_INT, "int", N_("an int")},
    {TYPE_BOOL, "bool", N_("true or false")},    {TYPE_DURATION, "duration", N_("a duration")},
    {TYPE_ADDRESS, "address", N_("an address")}, {TYPE_HANDLE, "handle", N_("a handle")},
    {TYPE_LIST, "list", N_("a list")},           {TYPE_ACTOR, "actor", N_("an actor")},
    {TYPE_ERROR, "error", N_("an error")},       {TYPE_NONE, "none", N_("none")},
};

const char *type_with_article(enum type type)
{
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (types[i].type == type)
            return _(types[i].with_article);
    return _("no value");
}

void type_show(enum type set, struct buffer *to)
{
    size_t start = to->size;
    if (set == TYPE_ANY) {
        buffer_add_text(to, "any");
        return;
    }
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (!(set & types[i].type))
            continue;
        buffer_print(to, "%s%s", to->size > start ? " or " : "", types[i].name);
    }
}

void types_show_with_articles(enum type set, struct buffer *to)
{
    size_t start = to->size;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (set & types[i].type)
            buffer_print(to, "%s%s", to->size > start ? _(" or ") : "", _(types[i].with_article));
}
