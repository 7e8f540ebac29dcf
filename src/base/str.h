// str: a borrowed piece of text or bytes, with its size; it owns nothing and need not end in NUL.

#ifndef SOCKSH_BASE_STR_H
#define SOCKSH_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct str {
    const char *data; // may hold any octet; valid as long as what it was taken from
    size_t size;      // in octets
};

// A string literal as a str, without counting its NUL.
#define STR(literal) ((struct str){(literal), sizeof(literal) - 1})

// The two arguments of printf's "%.*s". Sizes above INT_MAX are cut.
#define STR_ARG(s) ((s).size > INT32_MAX ? INT32_MAX : (int)(s).size), ((s).size ? (s).data : "")

// The NUL-terminated `text`, which must not be NULL.
struct str str_from(const char *text);

// Whether both hold the same octets.
bool str_equal(struct str a, struct str b);

// Whether `s` holds exactly the NUL-terminated `text`.
bool str_is(struct str s, const char *text);

// Whether it is one of the words, the last of which is followed by NULL.
bool str_is_one_of(struct str s, const char *const *words);

// Whether `s` begins with `prefix`; every text begins, and ends, with an empty one.
bool str_starts(struct str s, struct str prefix);

// Whether `s` ends with `suffix`.
bool str_ends(struct str s, struct str suffix);

// Whether the NUL-terminated `characters` has `c`; NUL is one of none.
bool char_is_one_of(char c, const char *characters);

// The part from octet `from` up to, not including, `to`. Both are cut to what there is.
struct str str_slice(struct str s, size_t from, size_t to);

// From the beginning of one slice to the end of another, which lies behind it in the same text.
struct str str_span(struct str first, struct str last);

// Takes the first line off `rest`, with its end, and gives it without. Of an empty text: empty.
struct str str_take_line(struct str *rest);

// Where `needle` first stands in `s`, at or behind octet `from`; SIZE_MAX if nowhere.
// An empty needle stands at `from`.
size_t str_find(struct str s, struct str needle, size_t from);

// Without the octets of the NUL-terminated `blanks` that stand at either end.
struct str str_trim(struct str s, const char *blanks);

// Compares as memcmp does; where one is the beginning of the other, the shorter is less.
int str_compare(struct str a, struct str b);

// Reads decimal digits only, no sign. False when empty, not all digits, or above `most`.
bool str_to_number(struct str s, uint64_t most, uint64_t *number);

// Whether a number begins with a 0 that says nothing: 010. Where people write numbers these are
// refused, since readers differ on whether they are octal.
bool str_has_leading_zero(struct str number);

#endif
