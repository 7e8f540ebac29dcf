// page: whatever a Markdown text holds, the page made of it is whole lines that fit the screen and
// have no control character.

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "ui/page.h"
#include "ui/screen.h"

static void check_line(struct str line, size_t columns)
{
    if (utf8_width(line) >= columns)
        abort();
    for (size_t i = 0, size; i < line.size; i += size) {
        uint32_t point = 0;
        size = utf8_decode(str_slice(line, i, line.size), &point);
        if (size == 0 || point < 0x20 || (point >= 0x7F && point < 0xA0))
            abort();
    }
}

// The first octet is the width of the screen.
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct session session;
    struct buffer page = {0};
    if (size == 0)
        return 0;
    screen_start(stdout, &session, COLOR_NEVER);
    size_t columns = data[0] < 20 ? 20 : data[0];
    page_show((struct str){(const char *)data + 1, size - 1}, columns, &page);
    struct str rest = buffer_str(&page);
    if (rest.size > 0 && !str_ends(rest, STR("\n")))
        abort();
    while (rest.size > 0)
        check_line(str_take_line(&rest), columns);
    buffer_finish(&page);
    return 0;
}
