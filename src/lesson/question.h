// question: what a lesson asks before it runs something, and what may be answered.

#ifndef SOCKSH_LESSON_QUESTION_H
#define SOCKSH_LESSON_QUESTION_H

#include "lesson/lesson.h"

// Reads what is in a `predict` block: the question, its options, one a line, and the reason, in
// this order. All are slices of the block. False with the first mistake.
bool question_read(struct passage block, struct question *question, struct lesson_mistake *mistake);

#endif
