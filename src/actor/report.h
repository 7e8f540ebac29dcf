// report: what is said of errors that nobody takes, and of statements that were left waiting.

#ifndef SOCKSH_ACTOR_REPORT_H
#define SOCKSH_ACTOR_REPORT_H

#include "actor/actor.h"

// Appends an error as people read it: what it means in the situation, where that is known, the
// place underlined, what to try, and where it was raised first when that is elsewhere. `who` may be
// NULL.
void report_show_failure(const struct failure *failure, const char *who, struct buffer *to);

// The same for a statement that was just typed and failed: when it stands in one line right above,
// and the error tells of the call's situation, the place is not repeated. In the actor's thread.
void report_show_typed(const struct actor *actor, const struct node *node, struct buffer *to);

// Appends "EPIPE: 3 listens; it has no peer to send to", or the error's own text.
void report_show_error(struct value error, struct buffer *to);

// Writes the failure of an actor to its session's sink.
void report_failure(struct actor *actor, const struct failure *failure);

// A statement has ended for which nobody waits any more: tells the observer, or reports its
// failure.
void report_job(struct actor *actor, struct job *job);

#endif
