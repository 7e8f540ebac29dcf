// print: writing values for the person who runs the script.
//
// What a terminal must not be sent is seen to where the text is written, not here: a file gets
// the octets as they are.

#include <errno.h>

#include "actor/actor.h"
#include "base/message.h"
#include "commands/rows.h"

// Appends `value` as print writes it. False without memory.
static bool add_written(struct value *text, struct value value)
{
    if (value.type == TYPE_BYTES)
        return value_append_bytes(text, value);
    struct buffer written = {0};
    value_write(value, &written);
    struct value piece = value_bytes(buffer_str(&written));
    buffer_finish(&written);
    bool good = piece.type != TYPE_UNSET && value_append_bytes(text, piece);
    value_release(piece);
    return good;
}

// The blanks and the newline. False without memory.
static bool add_char(struct value *text, char c)
{
    struct value piece = value_bytes((struct str){&c, 1});
    bool good = piece.type != TYPE_UNSET && value_append_bytes(text, piece);
    value_release(piece);
    return good;
}

// Everything goes into one piece first, so that what actors print at the same time stays apart.
static bool run_print(struct call *call)
{
    struct value text = value_bytes(STR(""));
    bool good = text.type != TYPE_UNSET;
    for (size_t i = 0; good && arg_given(call, i); i++)
        good = (i == 0 || add_char(&text, ' ')) && add_written(&text, call->args[i]);
    good = good && add_char(&text, '\n');
    if (good)
        actor_write(actor_of_call(call), STREAM_OUTPUT, value_str(text));
    value_release(text);
    int lost = good ? atomic_exchange(&session_of_call(call)->output_error, 0) : ENOMEM;
    return lost == 0 || call_failed(call, lost);
}

// Bytes go out as they are; everything else as the prompt shows it.
const struct command command_print = {
    .name = "print",
    .summary = N_("write values, with blanks between and a newline"),
    .group = GROUP_DATA,
    .params = PARAMS({.name = "value", .type = TYPE_ANY, .many = true}),
    .errnos = ERRNOS(EFBIG, ENOSPC),
    .example = "print \"the port is\" 9999",
    .topic = "strings",
    .run = run_print,
};
