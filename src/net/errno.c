// errno: the names of the errors of system calls.

#include "net/symbol.h"

#include <stdio.h>

const char *errno_name(int number)
{
    // A number may come from a kernel that is newer than the table.
    static _Thread_local char unknown[sizeof "errno -2147483648"];

    const struct symbol *symbol = symbol_of(FAMILY_ERRNO, number);
    if (symbol)
        return symbol->name;
    snprintf(unknown, sizeof unknown, "errno %d", number);
    return unknown;
}
