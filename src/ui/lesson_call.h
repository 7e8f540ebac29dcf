// lesson_call: `learn` at a prompt: a lesson runs in a process of its own, and the prompt waits.

#ifndef SOCKSH_UI_LESSON_CALL_H
#define SOCKSH_UI_LESSON_CALL_H

#include <stdio.h>

#include "actor/session.h"

// Notes which lesson is wanted, "" for the next one: the session's learn(), in any thread.
void lesson_call_want(struct session *session, struct str lesson);

// Runs the lesson that is wanted, if one is, until it has ended. Called by the prompt's thread
// while no line is edited.
void lesson_call_run(FILE *out);

#endif
