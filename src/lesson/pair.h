// pair: what a lesson has to hold beside its steps, and what its two languages share.

#ifndef SOCKSH_LESSON_PAIR_H
#define SOCKSH_LESSON_PAIR_H

#include "lesson/lesson.h"

// Whether the runnable blocks of the lesson and of the other language beside it are the same apart
// from comments that are no expectations, whether it names the corrections that are its own and
// none that is nobody's, and whether a learner types no more than LESSON_TYPED lines. False with
// the first mistake. A lesson without another language beside it has nothing to be compared with.
bool pair_check(const struct lesson *lesson, struct lesson_mistake *mistake);

#endif
