// watch: a second terminal that follows the lesson in the first.

#ifndef SOCKSH_UI_WATCH_H
#define SOCKSH_UI_WATCH_H

// `socksh watch notes`: shows the presenter's notes of the step at hand, anew with each step, until
// the lesson ends; of several, the one that was started last. What else there is: watch_live.h.
// Returns the exit status.
int watch_main(char **words, int count);

#endif
