// buffer: bytes that grow at the end.

#include "base/buffer.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

// Makes room for `more` octets and a NUL behind them.
static void reserve(struct buffer *buffer, size_t more)
{
    if (more > PTRDIFF_MAX) // no object is so large, and the sum would wrap around
        mem_exhausted();
    size_t wanted = buffer->size + more + 1;
    if (wanted <= buffer->capacity)
        return;
    // By half, so that n octets added one by one are copied a constant number of times each; 32
    // more for a first one, which is mostly followed by others.
    size_t capacity = buffer->capacity + buffer->capacity / 2;
    buffer->capacity = capacity > wanted ? capacity : wanted + 32;
    buffer->data = mem_resize(buffer->data, buffer->capacity);
}

void buffer_add(struct buffer *buffer, struct str s)
{
    if (s.size == 0)
        return;
    reserve(buffer, s.size);
    memcpy(buffer->data + buffer->size, s.data, s.size);
    buffer->size += s.size;
}

void buffer_add_text(struct buffer *buffer, const char *text)
{
    buffer_add(buffer, str_from(text));
}

void buffer_add_char(struct buffer *buffer, char c)
{
    buffer_add(buffer, (struct str){&c, 1});
}

void buffer_print(struct buffer *buffer, const char *format, ...)
{
    va_list list, again;
    va_start(list, format);
    va_copy(again, list);
    // Twice: once to learn the size, then into its place. A list can be walked only
    // once, hence the copy.
    int size = vsnprintf(NULL, 0, format, list);
    va_end(list);
    if (size > 0) {
        reserve(buffer, (size_t)size);
        vsnprintf(buffer->data + buffer->size, (size_t)size + 1, format, again);
        buffer->size += (size_t)size;
    }
    va_end(again);
}

struct str buffer_str(const struct buffer *buffer)
{
    return (struct str){buffer->data, buffer->size};
}

const char *buffer_text(struct buffer *buffer)
{
    reserve(buffer, 0);
    buffer->data[buffer->size] = '\0';
    return buffer->data;
}

void buffer_clear(struct buffer *buffer)
{
    buffer->size = 0;
}

void buffer_finish(struct buffer *buffer)
{
    free(buffer->data);
    *buffer = (struct buffer){0};
}
