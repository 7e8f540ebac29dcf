// buffer: bytes that grow at the end.

#ifndef SOCKSH_BASE_BUFFER_H
#define SOCKSH_BASE_BUFFER_H

#include <stddef.h>

#include "base/str.h"

// Zero-initialised is empty and ready. buffer_finish() frees it; buffer_str() is valid
// until the next change.
struct buffer {
    char *data;      // owned; NULL before the first addition
    size_t size;     // octets added; a NUL stands behind them only after buffer_text()
    size_t capacity; // octets that `data` has room for
};

// Append octets, a NUL-terminated text, or one octet. None of them fails: a machine without memory
// ends the program (base/memory.h). `s` must not lie inside the buffer, which may move.
void buffer_add(struct buffer *buffer, struct str s);
void buffer_add_text(struct buffer *buffer, const char *text);
void buffer_add_char(struct buffer *buffer, char c);

// Appends as printf would write.
__attribute__((format(printf, 2, 3))) void buffer_print(struct buffer *buffer, const char *format,
                                                        ...);

// The contents, borrowed until the next change.
struct str buffer_str(const struct buffer *buffer);

// The contents with a NUL behind them, valid until the next change.
const char *buffer_text(struct buffer *buffer);

// Empties it and keeps its memory for what comes next.
void buffer_clear(struct buffer *buffer);

// Frees what it holds; it is empty and ready again.
void buffer_finish(struct buffer *buffer);

#endif
