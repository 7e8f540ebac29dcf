// tell: what actors do and say, as messages for the prompt.

#ifndef SOCKSH_UI_TELL_H
#define SOCKSH_UI_TELL_H

#include "actor/actor.h"
#include "ui/messages.h"

// Sets the session up (session_init) so that all that its actors write, and what their statements
// give, is put into `messages`, which must outlive it.
void tell_start(struct session *session, struct messages *messages);

// Appends where an actor's statements stand that have no end yet: "server is left waiting in
// accept 3".
void tell_where(struct actor *left, struct buffer *to);

#endif
