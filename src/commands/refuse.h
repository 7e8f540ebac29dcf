// refuse: messages of socksh's own that name the value that does not do.

#ifndef SOCKSH_COMMANDS_REFUSE_H
#define SOCKSH_COMMANDS_REFUSE_H

#include "lang/command.h"

// As call_refused(), with a text that holds one %s: it becomes `value` as the prompt shows it, cut
// when it is long. Returns false.
__attribute__((format(printf, 2, 0))) bool refuse_value(struct call *call, const char *format,
                                                        struct value value);

#endif
