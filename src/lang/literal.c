// literal: numbers, durations, constants and escapes as they are written.

#include "lang/literal.h"

#include <ctype.h>

#include "base/memory.h"
#include "base/message.h"
#include "base/nearest.h"

// By ASCII for what counts: isxdigit(3) asks for no more in any locale.
static bool digit_of(char c, unsigned base, unsigned *digit)
{
    if (c >= '0' && c <= '9')
        *digit = (unsigned)(c - '0');
    else if (isxdigit((unsigned char)c))
        *digit = (unsigned)(tolower((unsigned char)c) - 'a' + 10);
    else
        return false;
    return *digit < base;
}

// Digits of `base`, negated when `minus`; 64 bits.
static bool read_digits(struct str digits, unsigned base, bool minus, int64_t *number, bool *large)
{
    int64_t sum = 0;
    *large = false;
    for (size_t i = 0; i < digits.size; i++) {
        unsigned digit;
        if (!digit_of(digits.data[i], base, &digit))
            return false;
        // Downwards where it is negative: there is one number more below zero than above.
        int64_t step = minus ? -(int64_t)digit : (int64_t)digit;
        if (__builtin_mul_overflow(sum, (int64_t)base, &sum) ||
            __builtin_add_overflow(sum, step, &sum))
            *large = true;
    }
    *number = sum;
    return digits.size > 0;
}

// With its sign, decimal or hexadecimal; false with the diag set.
static bool read_number(struct str text, struct range range, int64_t *number, struct diag *diag)
{
    bool minus = text.size && text.data[0] == '-', large;
    struct str digits = str_slice(text, minus, text.size);
    bool hex = str_starts(digits, STR("0x"));
    if (hex)
        digits = str_slice(digits, 2, digits.size);
    // C reads 010 as 8, people as 10: neither is guessed.
    if (!hex && digits.size > 1 && digits.data[0] == '0') {
        diag_set(diag, range, _("a number has no leading 0"));
        return diag_hint(diag, "%s",
                         _("sixteen to a digit is written 0x1f; there are no octal numbers"));
    }
    if (!read_digits(digits, hex ? 16 : 10, minus, number, &large)) {
        diag_set(diag, range, _("\"%.*s\" is no number"), STR_ARG(text));
        if (hex)
            diag_hint(diag, "%s", _("behind 0x stand digits from 0 to 9 and a to f"));
        return false;
    }
    if (large)
        return diag_set(diag, range, _("this number does not fit into 64 bits"));
    return true;
}

bool literal_int(struct str text, struct range range, struct value *value, struct diag *diag)
{
    int64_t number;
    if (!read_number(text, range, &number, diag))
        return false;
    *value = value_int(number);
    return true;
}

bool literal_duration(struct str text, struct range range, struct value *value, struct diag *diag)
{
    static const struct {
        const char *name;
        int64_t nanoseconds;
    } units[] = {{"us", 1000}, {"ms", 1000000}, {"s", 1000000000}, {"m", 60000000000}};
    size_t digits = text.size;
    // The unit is what the lexer has seen to be one.
    while (digits > 0 && isalpha((unsigned char)text.data[digits - 1]))
        digits--;
    struct str unit = str_slice(text, digits, text.size);
    int64_t number = 0, scale = 0;
    // The lexer has let no other unit pass.
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (str_is(unit, units[i].name))
            scale = units[i].nanoseconds;
    if (!read_number(str_slice(text, 0, digits), range, &number, diag))
        return false;
    if (__builtin_mul_overflow(number, scale, &number))
        return diag_set(diag, range,
                        _("this duration does not fit: the longest is about 292 years"));
    *value = value_duration(number);
    return true;
}

// Names the constant that is meant, or what else a | may have been.
static void unknown_constant(struct str name, struct range range, struct diag *diag)
{
    struct nearest nearest = nearest_begin(name);
    for (size_t i = 0; i < symbol_count; i++)
        nearest_offer(&nearest, str_from(symbols[i].name));
    diag_set(diag, range, _("there is no constant \"%.*s\""), STR_ARG(name));
    if (nearest.best.size)
        diag_hint(diag, _("did you mean \"%.*s\"?"), STR_ARG(nearest.best));
    else
        diag_hint(diag, "%s", _("| without blanks joins constants; of other ints write (a | b)"));
}

bool literal_constants(struct str text, struct range range, struct value *value, struct diag *diag)
{
    int64_t sum = 0;
    const struct symbol *first = NULL;
    for (size_t at = 0; at <= text.size;) {
        size_t bar = str_find(text, STR("|"), at);
        struct str name = str_slice(text, at, bar == SIZE_MAX ? text.size : bar);
        struct range place = {range.start + at, range.start + at + name.size};
        const struct symbol *symbol = symbol_find(name);
        if (symbol == NULL) {
            unknown_constant(name, place, diag);
            return false;
        }
        // AF_INET|MSG_PEEK is a number, and means nothing.
        if (first != NULL && symbol->family != first->family)
            return diag_set(diag, place, _("%s and %s are constants for different things"),
                            first->name, symbol->name);
        first = first ? first : symbol;
        sum |= symbol->value;
        at += name.size + 1;
    }
    // Flags keep the name of the first: it says of which family they are.
    *value = value_symbol(first);
    value->number = sum;
    return true;
}

bool literal_escape(struct str text, size_t offset, size_t *at, char *octet, struct diag *diag)
{
    static const char letters[] = "rnt0\\\"{}", octets[] = "\r\n\t\0\\\"{}";
    char c = *at + 1 < text.size ? text.data[*at + 1] : '\0';
    for (size_t i = 0; i + 1 < sizeof letters; i++) {
        if (c == letters[i]) {
            *octet = octets[i];
            *at += 2;
            return true;
        }
    }
    unsigned high, low;
    if (c == 'x' && *at + 3 < text.size && digit_of(text.data[*at + 2], 16, &high) &&
        digit_of(text.data[*at + 3], 16, &low)) {
        *octet = (char)(high << 4 | low);
        *at += 4;
        return true;
    }
    // A backslash that ends the text is marked alone.
    struct range range = {offset + *at, offset + *at + (c == '\0' ? 1 : 2)};
    diag_set(diag, range,
             c == 'x' ? _("\\x wants two hexadecimal digits") : _("there is no such escape"));
    return diag_hint(
        diag, "%s", _("these are: \\r \\n \\t \\0 \\\\ \\\" \\{ \\} \\xHH; in '…' nothing is one"));
}

void literal_keep(struct program *program, size_t *capacity, struct value value)
{
    // In a node of its own: the list keeps nodes, and the value may stand in another one by then.
    struct node *holder = arena_zero(&program->arena, sizeof *holder);
    holder->type = NODE_LITERAL;
    holder->literal = value;
    value_make_immortal(value);
    program->literals.items =
        mem_grow(program->literals.items, program->literals.count, capacity, sizeof(struct node *));
    program->literals.items[program->literals.count++] = holder;
}
