// variables: what the variables of each actor hold, for those who look from another thread:
// completion, `handles`, explanations of errors.
//
// Variables themselves belong to their actor alone. At a prompt each actor notes, after each of its
// statements, what they hold; others read the note. A script takes no notes.

#ifndef SOCKSH_ACTOR_VARIABLES_H
#define SOCKSH_ACTOR_VARIABLES_H

#include "actor/actor.h"

// One variable as of the end of a statement.
struct variable {
    struct str name;       // owned by the note
    enum type type;        // of its value
    struct handle *handle; // with a reference, for TYPE_HANDLE; else NULL
};

// Notes what the actor's variables hold; those without a value are left out. In the actor's own
// thread. Takes world->lock, then actor->lock.
void variables_note(struct actor *actor);

// Drops the note. Called when the actor is freed.
void variables_forget(struct actor *actor);

// Calls `visit` for each variable of the actor named `name`, or of all actors when that is empty.
// Takes session->lock and actor->lock, and holds them meanwhile.
void variables_each(struct session *session, struct str name,
                    void (*visit)(const struct actor *actor, const struct variable *variable,
                                  void *context),
                    void *context);

// Appends the variables that hold `handle`: "l", "server's l", or both. Those of `reader`, which
// may be NULL, stand without a name. False, with nothing appended, when none does.
bool variables_show_handle(struct session *session, const struct handle *handle,
                           const struct actor *reader, struct buffer *to);

// Appends only the names of the variables that hold `handle`, whoever's they are, the same one
// once: "l, conn".
void variables_show_names(struct session *session, const struct handle *handle, struct buffer *to);

#endif
