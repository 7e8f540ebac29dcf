// show: whatever comes from the network is shown without a control character, and reads back as the
// same octets.

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "commands/table.h"
#include "lang/ast.h"
#include "lang/program.h"
#include "ui/output.h"

static void no_control(struct str text, bool lines)
{
    for (size_t i = 0; i < text.size;) {
        uint32_t point;
        size_t octets = utf8_decode(str_slice(text, i, text.size), &point);
        if (octets == 0 || point == 0x7F || (point >= 0x80 && point < 0xA0))
            abort();
        if (point < 0x20 && !(lines && (point == '\n' || point == '\t')))
            abort();
        i += octets;
    }
}

// The shown form is a string of the language; read as one, it has the same octets.
static void reads_back(struct str shown, struct str data)
{
    struct world world;
    commands_install();
    world_init(&world);
    struct reading reading = program_read(&world, STR(""), shown, STR("main"), NULL);
    if (reading.program == NULL || reading.program->block->list.count != 1)
        abort();
    const struct node *node = reading.program->block->list.items[0];
    if (node->type == NODE_LITERAL && !str_equal(value_str(node->literal), data))
        abort();
    world_finish(&world);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = {(const char *)data, size};
    struct buffer shown = {0}, escaped = {0};
    bytes_show(text, SIZE_MAX, &shown);
    no_control(buffer_str(&shown), false);
    if (memchr(data, '{', size) == NULL)
        reads_back(buffer_str(&shown), text);
    output_escape(text, &escaped);
    no_control(buffer_str(&escaped), true);
    buffer_finish(&shown);
    buffer_finish(&escaped);
    return 0;
}
