// foreground: which actor a prompt turns to when the one it talks to is left waiting.

#ifndef SOCKSH_UI_FOREGROUND_H
#define SOCKSH_UI_FOREGROUND_H

#include "actor/actor.h"

// Remembers that this actor is talked to now.
void foreground_note(const char *name);

// The idle actor that was talked to last, other than `left`; else a new one, which is `*made`. With
// a reference for the caller; NULL when no thread could be had.
struct actor *foreground_next(struct session *session, const struct actor *left, bool *made);

#endif
