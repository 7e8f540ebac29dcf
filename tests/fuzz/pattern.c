// pattern: an expectation's pattern, a line of text after the first newline: it ends soon, and what
// matched matches again.

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "lesson/pattern.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct captures captures = {0};
    struct str all = {(const char *)data, size > 400 ? 400 : size};
    size_t cut = str_find(all, STR("\n"), 0);
    struct str pattern = str_slice(all, 0, cut);
    struct str text = cut == SIZE_MAX ? (struct str){0} : str_slice(all, cut + 1, all.size);
    if (pattern_matches(&captures, pattern, text) && !pattern_matches(&captures, pattern, text))
        abort();
    captures_finish(&captures);
    return 0;
}
