// settings: what `set` turns on and off, for it and for completion.

#ifndef SOCKSH_COMMANDS_SETTINGS_H
#define SOCKSH_COMMANDS_SETTINGS_H

#include <stdatomic.h>

#include "actor/session.h"

struct setting {
    const char *name;
    const char *about; // N_() text: what is seen when it is on
    size_t offset;     // of its atomic_bool in struct session
};

// Sorted by name.
extern const struct setting settings[];
extern const size_t setting_count;

#endif
