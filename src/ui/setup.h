// setup: what a prompt opens for itself, and what it leaves behind.

#ifndef SOCKSH_UI_SETUP_H
#define SOCKSH_UI_SETUP_H

#include <stdio.h>

// Blocks the signals that keys, windows and other processes send, and returns a descriptor that
// tells of them: signalfd(2), without waiting. Before any thread is made: threads inherit it.
int setup_signals(void);

// A stream on a hidden copy of `fd`: `close 0` in a statement must not take the terminal from the
// prompt. The caller closes it. Where no more descriptors may be open, the program ends and says
// so.
FILE *setup_stream(int fd, const char *mode);

// Names the sockets that are open, on the screen, before they are closed.
void setup_say_what_closes(void);

#endif
