// diag: filling in what is wrong.

#include "base/diag.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/utf8.h"

// Formats into `to`; where it does not fit, it is cut behind the last whole character.
static void fill(char *to, size_t room, const char *format, va_list list)
{
    int size = vsnprintf(to, room, format, list);
    if (size >= (int)room)
        to[utf8_cut((struct str){to, room - 1}, room - 1)] = '\0';
}

bool diag_set(struct diag *diag, struct range range, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    fill(diag->message, sizeof diag->message, format, list);
    va_end(list);
    diag->range = range;
    // A diag may be used again: nothing of an earlier mistake may stay beside this one.
    diag->hint[0] = diag->line[0] = '\0';
    diag->incomplete = false;
    return false;
}

bool diag_hint(struct diag *diag, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    fill(diag->hint, sizeof diag->hint, format, list);
    va_end(list);
    return false;
}

bool diag_offer(struct diag *diag, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    fill(diag->line, sizeof diag->line, format, list);
    va_end(list);
    return false;
}
