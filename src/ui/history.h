// history: the lines of earlier sessions, in a file that only its owner can read.

#ifndef SOCKSH_UI_HISTORY_H
#define SOCKSH_UI_HISTORY_H

#include "base/str.h"

// Hands the lines of the file to the line editor, oldest first. The file is $SOCKSH_HISTFILE,
// else $XDG_STATE_HOME/socksh/history, else ~/.local/state/socksh/history; an empty
// $SOCKSH_HISTFILE turns it off.
void history_load(void);

// Adds an input to the editor's history and to the file, as one line: \n and \\ are escaped in the
// file. Blank ones are not kept.
void history_add(struct str input);

#endif
