// buffer: bytes that grow at the end.

#ifndef SOCKSH_BASE_BUFFER_H
#define SOCKSH_BASE_BUFFER_H

#include <stddef.h>

#include "base/str.h"

// Zero-initialised is empty and ready. buffer_finish() frees it; buffer_str() is valid until the next change.
struct buffer {
    char *data;
    size_t size;
    size_t capacity;
};

void buffer_add(struct buffer *buffer, struct str s);
void buffer_add_text(struct buffer *buffer, const char *text);
void buffer_add_char(struct buffer *buffer, char c);

// Appends as printf would write.
__attribute__((format(printf, 2, 3))) void buffer_print(struct buffer *buffer, const char *format,
                                                        ...);

struct str buffer_str(const struct buffer *buffer);

// The contents with a NUL behind them, valid until the next change.
const char *buffer_text(struct buffer *buffer);

void buffer_clear(struct buffer *buffer);
void buffer_finish(struct buffer *buffer);

#endif
