// utf8: characters in octets, and how wide a terminal shows them.

#ifndef SOCKSH_BASE_UTF8_H
#define SOCKSH_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

// Reads one character at the beginning of `s`, which is not empty. Returns its size in octets (1 to
// 4) and sets `*point`, or returns 0 when no valid UTF-8 character begins there (RFC 3629: no
// overlong forms, no surrogates).
size_t utf8_decode(struct str s, uint32_t *point);

// How many characters `s` has; an octet that is no UTF-8 counts as one.
size_t utf8_count(struct str s);

// The largest size at most `most` at which `s` can be cut without cutting a character.
size_t utf8_cut(struct str s, size_t most);

// Whether it is of one of the sets of control characters, which can move a terminal's cursor; a
// newline and a tab are, too. ISO 6429, Unicode category Cc
bool utf8_is_control(uint32_t point);

// Whether it can be shown as it is, whoever wrote it: no control character, nothing that is not
// seen or changes the direction of what stands beside it, nothing of private use, and a character
// at all. What is left is one in XML, too. XML 1.0 section 2.2
bool utf8_is_showable(uint32_t point);

// Terminal columns of one code point: 0, 1 or 2. Control characters count 1.
size_t utf8_point_width(uint32_t point);

// Whether the person's locale is one of UTF-8, so that what is drawn may be more than ASCII.
bool utf8_is_usual(void);

// Terminal columns of `s`.
size_t utf8_width(struct str s);

// The largest size at which `s` can be cut without cutting a character, so that it takes at most
// `columns` of a terminal.
size_t utf8_fit(struct str s, size_t columns);

#endif
