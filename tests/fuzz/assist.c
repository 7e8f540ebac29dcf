// assist: any line with the cursor anywhere is painted without gaps, and what is offered for it can
// be shown and stands within it.

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "actor/session.h"
#include "base/utf8.h"
#include "commands/table.h"
#include "ui/assist.h"

static void must_be_plain(struct str text)
{
    for (size_t i = 0; i < text.size;) {
        uint32_t point;
        size_t octets = utf8_decode(str_slice(text, i, text.size), &point);
        if (octets == 0 || point < 0x20 || (point >= 0x7F && point < 0xA0))
            abort();
        i += octets;
    }
}

static void must_have_no_gaps(const struct spans *spans, size_t size)
{
    size_t end = 0;
    for (size_t i = 0; i < spans->count; i++) {
        if (spans->items[i].start != end || spans->items[i].end <= end)
            abort();
        end = spans->items[i].end;
    }
    if (end != size)
        abort();
}

// The first octet says where the cursor is; what stands before the first form feed was entered
// before.
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct session session;
    static struct sink sink;
    static bool begun;
    if (!begun) {
        commands_install();
        session_init(&session, &sink);
        program_read(&session.world, STR(""), STR("def greet name { }; data = 1"), STR("main"),
                     NULL);
        begun = true;
    }
    if (size == 0)
        return 0;
    struct str all = {(const char *)data + 1, size - 1};
    size_t cut = str_find(all, STR("\f"), 0);
    struct str before = cut == SIZE_MAX ? STR("") : str_slice(all, 0, cut);
    struct str line = cut == SIZE_MAX ? all : str_slice(all, cut + 1, all.size);
    struct assist assist = {&session, STR("main"), before};
    size_t cursor = (size_t)data[0] < line.size ? data[0] : line.size;
    struct spans spans;
    struct candidates candidates;
    struct buffer hint = {0};
    assist_paint(&assist, line, cursor, &spans);
    must_have_no_gaps(&spans, line.size);
    spans_finish(&spans);
    assist_hint(&assist, line, &hint);
    must_be_plain(buffer_str(&hint));
    buffer_finish(&hint);
    assist_complete(&assist, line, cursor, &candidates);
    if (candidates.start > cursor)
        abort();
    for (size_t i = 0; i < candidates.count; i++) {
        must_be_plain(candidates.items[i].text);
        must_be_plain(candidates.items[i].about);
    }
    candidates_finish(&candidates);
    return 0;
}
