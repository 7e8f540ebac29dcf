// program: any text is read, checked and, when it reads well, nothing of it runs: no crash, no
// hang, and a place that lies in it.

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "commands/table.h"
#include "lang/program.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct world world;
    struct buffer shown = {0};
    struct str text = {(const char *)data, size};
    commands_install();
    world_init(&world);
    struct reading reading = program_read(&world, STR("fuzz"), text, STR("main"), NULL);
    if (reading.program == NULL) {
        if (reading.diag.message[0] == '\0' || reading.diag.range.end > reading.source->text.size ||
            reading.diag.range.start > reading.diag.range.end)
            abort();
        source_show_diag(reading.source, &reading.diag, &shown);
    }
    // A second text in the same world, as at a prompt.
    program_read(&world, STR("fuzz"), text, STR("other"), NULL);
    buffer_finish(&shown);
    world_finish(&world);
    return 0;
}
