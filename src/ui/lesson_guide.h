// lesson_guide: a lesson as a person learns it at the prompt: a page, a question, the page's lines
// or a task, and so on.

#ifndef SOCKSH_UI_LESSON_GUIDE_H
#define SOCKSH_UI_LESSON_GUIDE_H

#include "ui/guide.h"
#include "ui/lead.h"

// The guide for that plan, which is the process's; both last as long as the prompt.
const struct guide *lesson_guide(struct plan *plan);

#endif
