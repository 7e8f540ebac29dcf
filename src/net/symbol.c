// symbol: finding constants by name and by number, and showing numbers by name.

#include "net/symbol.h"

#include <inttypes.h>
#include <stdlib.h>
#include <sys/socket.h>

// Of a str and a row, for bsearch(3).
static int compare_name(const void *name, const void *symbol)
{
    return str_compare(*(const struct str *)name, str_from(((const struct symbol *)symbol)->name));
}

const struct symbol *symbol_find(struct str name)
{
    return bsearch(&name, symbols, symbol_count, sizeof symbols[0], compare_name);
}

// Whether `name` shares its number with another name of its family, which is the one usually
// written. Where a machine gives the two different numbers (EDEADLOCK on some), it is shown all the
// same, having no rival.
static bool is_second_name(const char *name)
{
    static const char *const second_names[] = {
        "AF_LOCAL",
        "EDEADLOCK",
        "ENOTSUP",
        "EWOULDBLOCK",
        "IPV6_PMTUDISC_DO",
        "IPV6_PMTUDISC_DONT",
        "IPV6_PMTUDISC_INTERFACE",
        "IPV6_PMTUDISC_OMIT",
        "IPV6_PMTUDISC_PROBE",
        "IPV6_PMTUDISC_WANT",
    };
    for (size_t i = 0; i < sizeof second_names / sizeof second_names[0]; i++)
        if (str_is(str_from(name), second_names[i]))
            return true;
    return false;
}

const struct symbol *symbol_of(enum family family, int64_t value)
{
    const struct symbol *second = NULL;
    if (family == FAMILY_NONE || family == FAMILY_OPTION)
        return NULL;
    for (size_t i = 0; i < symbol_count; i++) {
        if (symbols[i].family != family || symbols[i].value != value)
            continue;
        if (!is_second_name(symbols[i].name))
            return &symbols[i];
        second = &symbols[i];
    }
    return second;
}

// The bits that are joined one by one in `family`; what is left of a value is one number.
static uint64_t flags_of(enum family family)
{
    if (family == FAMILY_MSG || family == FAMILY_POLL)
        return UINT64_MAX;
    if (family == FAMILY_SOCK)
        return SOCK_NONBLOCK | SOCK_CLOEXEC;
    return 0;
}

// One name, or the number in decimal.
static void show_number(enum family family, int64_t value, struct buffer *to)
{
    const struct symbol *symbol = symbol_of(family, value);
    if (symbol)
        buffer_add_text(to, symbol->name);
    else
        buffer_print(to, "%" PRId64, value);
}

// One name a bit, lowest first, each after a |; `before` stands before the first, and is empty when
// nothing has been written yet. Bits without a name come last, as one number.
static void show_flags(enum family family, uint64_t flags, const char *before, struct buffer *to)
{
    uint64_t nameless = 0;
    for (uint64_t bit = 1; bit && bit <= flags; bit <<= 1) {
        // A flag in the sign bit would be INT64_MIN; none has a name.
        const struct symbol *symbol = flags & bit ? symbol_of(family, (int64_t)bit) : NULL;
        if (symbol) {
            buffer_print(to, "%s%s", before, symbol->name);
            before = "|";
        } else {
            nameless |= flags & bit;
        }
    }
    if (nameless)
        buffer_print(to, "%s0x%" PRIx64, before, nameless);
}

void symbol_show(enum family family, int64_t value, struct buffer *to)
{
    uint64_t joined = flags_of(family);
    // Beside flags stands a number, and of a negative one nobody meant the bits one by one.
    if (value < 0 && joined != UINT64_MAX)
        joined = 0;
    uint64_t flags = (uint64_t)value & joined;
    int64_t number = (int64_t)((uint64_t)value & ~joined);
    if (number != 0 || flags == 0)
        show_number(family, number, to);
    show_flags(family, flags, number != 0 ? "|" : "", to);
}
