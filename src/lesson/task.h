// task: whether what a learner did is what was asked for, by what *is*: the conditions of a
// `check`.
//
// A condition is an expression or a call that looks at sockets and changes nothing. `?name` in it
// is some open handle of the task's actor for which all conditions hold; a plain name is the
// handle that a variable of that actor holds.

#ifndef SOCKSH_LESSON_TASK_H
#define SOCKSH_LESSON_TASK_H

#include "lesson/stage.h"

enum { TASK_NAMES = 3 }; // different ?names in one check

// Whether the check reads well and holds conditions only. False with `why`, whole lines.
bool task_read(struct stage *stage, const struct step *step, struct buffer *why);

// Whether the conditions of the step's check hold now. Then the actor's variables of the page's
// names hold what was found, so that later blocks know it. Waits for nobody.
bool task_is_done(struct stage *stage, const struct step *step);

// The same, looked at again until it holds; false at the limit.
bool task_await(struct stage *stage, const struct step *step);

#endif
