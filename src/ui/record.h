// record: `socksh record NAME`: what a teacher types becomes a lesson.

#ifndef SOCKSH_UI_RECORD_H
#define SOCKSH_UI_RECORD_H

// The words NAME [--host]. Moves into a network of its own; before handles_start() and any thread.
void record_begin(char **words, int count);

// A prompt, and when that ends the file NAME.md. Returns the exit status: 2 for wrong words, or
// when there is such a file already.
int record_run(char **words, int count);

#endif
