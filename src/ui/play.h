// play: a lesson as a class sees it: socksh types, and the board shows who calls, waits and meets
// whom, until somebody takes the keyboard over.

#ifndef SOCKSH_UI_PLAY_H
#define SOCKSH_UI_PLAY_H

#include "ui/guide.h"
#include "ui/lead.h"

// The guide for that plan, which is the process's; both last as long as the prompt.
const struct guide *play_guide(struct plan *plan);

#endif
