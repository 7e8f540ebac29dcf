// json: escaping.

#include "base/json.h"

#include "base/utf8.h"

void json_add(struct str text, struct buffer *to)
{
    buffer_add_char(to, '"');
    while (text.size > 0) {
        uint32_t point = 0;
        size_t size = utf8_decode(text, &point);
        if (size == 0)
            buffer_add_text(to, "\\ufffd");
        else if (point == '\n' || point == '\t')
            buffer_add_text(to, point == '\n' ? "\\n" : "\\t");
        else if (point < 0x20 || point == 0x7F)
            buffer_print(to, "\\u%04x", (unsigned)point);
        else
            buffer_print(to, "%s%.*s", point == '"' || point == '\\' ? "\\" : "",
                         STR_ARG(str_slice(text, 0, size)));
        text = str_slice(text, size ? size : 1, text.size);
    }
    buffer_add_char(to, '"');
}
