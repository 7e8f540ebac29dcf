// refuse: the value as the prompt shows it, in the middle of a message.

#include "commands/refuse.h"

#include "base/utf8.h"

// Octets of a value in a message, before escapes: the message is to stay one line.
enum { SHOWN_MOST = 60 };

bool refuse_value(struct call *call, const char *format, struct value value)
{
    struct buffer shown = {0};
    if (value.type == TYPE_BYTES)
        bytes_show(value_str(value), SHOWN_MOST, &shown);
    else
        value_show(value, &shown);
    // A list may be long whatever its elements are.
    if (shown.size > 2 * SHOWN_MOST) {
        shown.size = utf8_cut(buffer_str(&shown), 2 * SHOWN_MOST);
        buffer_add_text(&shown, "…");
    }
    call_refused(call, format, buffer_text(&shown));
    buffer_finish(&shown);
    return false;
}
