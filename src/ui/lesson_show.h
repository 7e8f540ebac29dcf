// lesson_show: what a lesson puts on the screen: its head, pages, questions and marks, as text.

#ifndef SOCKSH_UI_LESSON_SHOW_H
#define SOCKSH_UI_LESSON_SHOW_H

#include "lesson/lesson.h"

// The line over a page: the title at the left, "step 4 of 12" and how far that is at the right.
void lesson_show_head(const struct lesson *lesson, const struct step *step, size_t columns,
                      struct buffer *to);

// The page, and the challenge if the step has one.
void lesson_show_page(const struct lesson *lesson, const struct step *step, size_t columns,
                      struct buffer *to);

// Whether the step's page has nothing to read.
bool lesson_page_is_empty(const struct step *step);

// A line of the page that is to be typed, behind its prompt.
void lesson_show_typed(struct str actor, struct str text, size_t columns, struct buffer *to);

// The question with its options, a letter each.
void lesson_show_question(const struct question *question, size_t columns, struct buffer *to);

// "Right." or which one is right, and why.
void lesson_show_answer(const struct question *question, size_t guess, size_t columns,
                        struct buffer *to);

// Takes the next condition off a check, and appends it with plain names. False behind the last one.
bool lesson_show_condition(struct str *check, struct buffer *to);

// The conditions that hold now, a line each with a mark.
void lesson_show_done(const struct step *step, struct buffer *to);

// Takes the next line off statements, and appends what of it is to be typed, as far in as it
// stands. False behind the last one.
bool lesson_show_row(struct str *text, struct buffer *to);

// Appends statements as one line that can be typed: comments left out, blanks for line ends.
void lesson_show_line(struct str text, struct buffer *to);

// Whether both are the same but for blanks between words.
bool lesson_is_same(struct str a, struct str b);

#endif
