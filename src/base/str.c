// str: comparing, searching and reading borrowed pieces of text.

#include "base/str.h"

#include <string.h>

struct str str_from(const char *text)
{
    return (struct str){text, strlen(text)};
}

bool str_equal(struct str a, struct str b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

bool str_is(struct str s, const char *text)
{
    return str_equal(s, str_from(text));
}

bool str_starts(struct str s, struct str prefix)
{
    return s.size >= prefix.size && str_equal(str_slice(s, 0, prefix.size), prefix);
}

bool str_ends(struct str s, struct str suffix)
{
    return s.size >= suffix.size && str_equal(str_slice(s, s.size - suffix.size, s.size), suffix);
}

bool str_is_one_of(struct str s, const char *const *words)
{
    while (*words != NULL && !str_is(s, *words))
        words++;
    return *words != NULL;
}

bool char_is_one_of(char c, const char *characters)
{
    return c != '\0' && strchr(characters, c) != NULL;
}

struct str str_slice(struct str s, size_t from, size_t to)
{
    if (to > s.size)
        to = s.size;
    if (from > to)
        from = to;
    return (struct str){s.size ? s.data + from : s.data, to - from};
}

size_t str_find(struct str s, struct str needle, size_t from)
{
    if (from > s.size)
        return SIZE_MAX;
    if (needle.size == 0)
        return from;
    if (needle.size >
        s.size - from) // a text without memory among them, which memmem(3) must not see
        return SIZE_MAX;
    // Not strstr(3): bytes may hold a NUL.
    const char *at = memmem(s.data + from, s.size - from, needle.data, needle.size);
    return at ? (size_t)(at - s.data) : SIZE_MAX;
}

struct str str_span(struct str first, struct str last)
{
    return (struct str){first.data, (size_t)(last.data + last.size - first.data)};
}

struct str str_take_line(struct str *rest)
{
    size_t end = str_find(*rest, STR("\n"), 0);
    size_t size = end < rest->size ? end : rest->size;
    struct str line = str_slice(*rest, 0, size);
    *rest = str_slice(*rest, size + (end < rest->size ? 1 : 0), rest->size);
    return line;
}

struct str str_trim(struct str s, const char *blanks)
{
    size_t kinds = strlen(blanks); // memchr(3), since strchr(3) would find the NUL behind them
    while (s.size > 0 && memchr(blanks, s.data[0], kinds) != NULL)
        s = str_slice(s, 1, s.size);
    while (s.size > 0 && memchr(blanks, s.data[s.size - 1], kinds) != NULL)
        s.size--;
    return s;
}

int str_compare(struct str a, struct str b)
{
    size_t shared = a.size < b.size ? a.size : b.size;
    // memcmp(3) may not be given NULL, which an empty str may hold, even for no octets.
    int order = shared ? memcmp(a.data, b.data, shared) : 0;
    if (order != 0)
        return order;
    return (a.size > b.size) - (a.size < b.size);
}

bool str_to_number(struct str s, uint64_t most, uint64_t *number)
{
    uint64_t sum = 0;
    if (s.size == 0)
        return false;
    for (size_t i = 0; i < s.size; i++) {
        if (s.data[i] < '0' || s.data[i] > '9')
            return false;
        uint64_t digit = (uint64_t)(s.data[i] - '0');
        // Before multiplying, so that nothing wraps around whatever `most` is.
        if (sum > (most - digit) / 10 || digit > most)
            return false;
        sum = sum * 10 + digit;
    }
    *number = sum;
    return true;
}

bool str_has_leading_zero(struct str number)
{
    return number.size > 1 && number.data[0] == '0';
}
