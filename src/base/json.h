// json: texts as JSON has them.

#ifndef SOCKSH_BASE_JSON_H
#define SOCKSH_BASE_JSON_H

#include "base/buffer.h"

// Appends the text as a string of JSON, with its quotes. What is no UTF-8 becomes U+FFFD. RFC 8259
// section 7
void json_add(struct str text, struct buffer *to);

#endif
