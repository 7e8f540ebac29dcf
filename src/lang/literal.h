// literal: from the written form of a value to the value.

#ifndef SOCKSH_LANG_LITERAL_H
#define SOCKSH_LANG_LITERAL_H

#include "lang/program.h"

// Each reads `text`, which stands at `range`, and gives false with a diag where it is none.

// -5, 0, 1024, 0x1f: 64 bits; no leading zeros.
bool literal_int(struct str text, struct range range, struct value *value, struct diag *diag);

// 500ms, 2s, 1m, 10us, also with a minus.
bool literal_duration(struct str text, struct range range, struct value *value, struct diag *diag);

// MSG_PEEK|MSG_DONTWAIT: names of one family.
bool literal_constants(struct str text, struct range range, struct value *value, struct diag *diag);

// Octets of one escape at `text.data[*at]` (a backslash), which is stepped over: \r \n \t \0 \\ \"
// \{ \} \xHH.
bool literal_escape(struct str text, size_t offset, size_t *at, char *octet, struct diag *diag);

// Hands a counted literal to the program, which makes it immortal and frees it in the end.
void literal_keep(struct program *program, size_t *capacity, struct value value);

#endif
