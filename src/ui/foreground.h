// foreground: which actor a prompt turns to when the one it talks to is left waiting.

#ifndef SOCKSH_UI_FOREGROUND_H
#define SOCKSH_UI_FOREGROUND_H

#include "actor/actor.h"

// Remembers that this actor is talked to now.
void foreground_note(const char *name);

// The idle actor that was talked to last, other than `left`; else a new one, which is `*made`. With
// a reference for the caller; NULL when no thread could be had.
struct actor *foreground_next(struct session *session, const struct actor *left, bool *made);

// Says which call the actor waits in, and the keys that get out of it. Only of one that waits for
// others: computing ends by itself, and `input` waits for the person, who sees the question with
// the cursor behind it. Whether it was said.
bool foreground_tell_wait(struct actor *actor);

#endif
