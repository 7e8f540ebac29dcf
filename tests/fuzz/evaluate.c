// evaluate: straight programs of values and operators run to an end or an error, and whatever they
// leave can be shown and copied.

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "commands/table.h"
#include "lang/eval.h"

// Asking for too much memory is to be answered with ENOMEM, not to end the run.
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "allocator_may_return_null=1:max_allocation_size_mb=32";
}

// Neither calls with effects outside nor anything that may run for long.
static bool is_harmless(struct str text)
{
    static const char *const pure[] = {
        "append", "concat", "find",   "hex",    "htonl", "htons", "int",  "len",       "ntohl",
        "ntohs",  "pack",   "unpack", "remove", "slice", "split", "fail", "inet_ntop", "inet_pton"};
    static const char *const words[] = {"while", "loop", "for", "def", "spawn", "@"};
    size_t count;
    const struct command *const *commands = command_rows(&count);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_find(text, str_from(words[i]), 0) != SIZE_MAX)
            return false;
    for (size_t i = 0; i < count; i++) {
        bool is_pure = false;
        for (size_t j = 0; j < sizeof pure / sizeof *pure; j++)
            is_pure = is_pure || str_is(str_from(commands[i]->name), pure[j]);
        if (!is_pure && str_find(text, str_from(commands[i]->name), 0) != SIZE_MAX)
            return false;
    }
    return true;
}

static bool no_actor(struct interp *interp, struct str name, struct value *actor)
{
    (void)interp, (void)name, (void)actor;
    return false;
}

static void look_at(struct interp *interp)
{
    struct buffer shown = {0};
    for (size_t i = 0; i < interp->top; i++) {
        struct value value = *interp_variable(interp, (uint32_t)i), copy = value_copy(value);
        if (value.type != TYPE_UNSET && copy.type != TYPE_UNSET && !value_equal(value, copy))
            abort();
        value_release(copy);
        if (value.type != TYPE_BYTES || value.bytes->size < 100000)
            value_show(value, &shown);
    }
    buffer_finish(&shown);
}

static void ignore_failure(const struct call *call, bool taken)
{
    (void)call, (void)taken;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct host host = {.actor = no_actor, .failed = ignore_failure};
    static const atomic_int traces;
    struct waiter waiter = {0};
    struct interp interp;
    struct world world;
    commands_install();
    if (!is_harmless((struct str){(const char *)data, size}))
        return 0;
    world_init(&world);
    struct str text = {(const char *)data, size};
    struct reading reading = program_read(&world, STR("fuzz"), text, STR("main"), NULL);
    interp_init(&interp, &host, &waiter, NULL, &traces);
    interp_set_stack(&interp, 1024 * 1024);
    interp_begin_take(&interp, value_list(0));
    interp.keep_last = true;
    if (reading.program != NULL) {
        const struct program *program = reading.program;
        if (!interp_run(&interp, program, program->block, program->slots) &&
            interp.failure.error.type != TYPE_ERROR)
            abort();
        look_at(&interp);
    }
    interp_finish(&interp);
    world_finish(&world);
    return 0;
}
