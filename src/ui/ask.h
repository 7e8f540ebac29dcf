// ask: what a terminal is asked before the first line: how wide it draws signs on whose width
// terminals do not agree.

#ifndef SOCKSH_UI_ASK_H
#define SOCKSH_UI_ASK_H

#include <stdbool.h>
#include <stdio.h>

// Whether `│` takes one column on the terminal `out`, whose keys come from `in`. False as well
// where it cannot be shown: in a locale that is not UTF-8. TERM=dumb is not asked. A terminal that
// has not answered after half a second counts as one that shows it in one column. Nothing that was
// typed meanwhile is lost (edit_terminal_unread()).
bool ask_is_narrow(FILE *in, FILE *out);

#endif
