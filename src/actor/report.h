// report: what is said of errors that nobody takes, and of statements that were left waiting.

#ifndef SOCKSH_ACTOR_REPORT_H
#define SOCKSH_ACTOR_REPORT_H

#include "actor/actor.h"

// Appends an error as people read it, with its place underlined; `who` may be NULL.
void report_show_failure(const struct failure *failure, const char *who, struct buffer *to);

// Writes the failure of an actor to its session's sink.
void report_failure(struct actor *actor, const struct failure *failure);

// A statement has ended for which nobody waits any more: tells the observer, or reports its
// failure.
void report_job(struct actor *actor, struct job *job);

#endif
