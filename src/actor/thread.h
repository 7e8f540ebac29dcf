// thread: the threads of actors; for the files of this room alone.

#ifndef SOCKSH_ACTOR_THREAD_H
#define SOCKSH_ACTOR_THREAD_H

#include "actor/actor.h"

// What lang/ asks of this room (struct host in lang/eval.h).
extern const struct host actor_host;

// Allocates an actor with one reference, for the session's list. NULL without memory.
struct actor *thread_actor(struct session *session, const char *name);

// Starts the thread of an actor that is in the list. 0 or an errno.
int thread_start(struct actor *actor);

// Joins threads that have ended. Cheap when there are none.
void thread_reap(struct session *session);

// Asks the actor to end at once. Call under session->lock.
void thread_end(struct actor *actor);

// Waits until no thread but the calling one is left.
void thread_join_all(struct session *session);

// Reports the failure of a spawned actor that nobody has joined, once.
void thread_report_unjoined(struct actor *actor);

// Adds to, or takes from, session->actors. Call under session->lock.
void thread_list(struct actor *actor);
void thread_unlist(struct actor *actor);

#endif
