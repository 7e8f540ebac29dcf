// fail: errors that a script raises itself.

#include "base/message.h"
#include "commands/rows.h"

// An error is one line, and may hold what a peer sent: control characters are escaped, the rest
// stays.
static struct value own_error(struct str text)
{
    struct buffer shown = {0}, line = {0};
    bytes_show(text, SIZE_MAX, &shown);
    struct str rest = str_slice(buffer_str(&shown), 1, shown.size - 1); // without the quotes
    for (size_t i = 0; i < rest.size; i++) {
        // Quotes and backslashes need no escape outside of a string.
        bool plain = rest.data[i] == '\\' && (rest.data[i + 1] == '"' || rest.data[i + 1] == '\\');
        buffer_add_char(&line, rest.data[plain ? ++i : i]);
    }
    struct value error = value_error(NULL, buffer_str(&line));
    buffer_finish(&line);
    buffer_finish(&shown);
    return error;
}

// A constant brings its own text along; an error that was caught is the very same one again.
static bool run_fail(struct call *call)
{
    struct value why = arg(call, 0);
    const struct symbol *symbol = value_symbol_of(why);
    call->passes_on = true;
    if (why.type == TYPE_ERROR || why.type == TYPE_BYTES) {
        call->error = why.type == TYPE_ERROR ? value_retain(why) : own_error(value_str(why));
        return false;
    }
    if (symbol != NULL && symbol->family == FAMILY_ERRNO)
        return call_failed(call, (int)symbol->value);
    if (symbol != NULL && symbol->family == FAMILY_EAI)
        return call_failed_lookup(call, (int)symbol->value);
    return call_refused(call, "%s", _("fail takes a text, an error, or a constant such as EINVAL"));
}

// Only a constant counts as an errno: the number 98 may be anything, and says so in the message.
const struct command command_fail = {
    .name = "fail",
    .summary = N_("raise an error: a text, an errno, or one that was caught"),
    .group = GROUP_DATA,
    .params = PARAMS({.name = "value", .type = TYPE_BYTES | TYPE_INT | TYPE_ERROR}),
    .example = "try { fail \"no answer\" } catch e { print e }",
    .topic = "errors",
    .run = run_fail,
};
