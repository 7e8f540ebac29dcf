// attach: a command, or a shell, in the network of the lesson that runs in another terminal.

#ifndef SOCKSH_UI_ATTACH_H
#define SOCKSH_UI_ATTACH_H

// `socksh attach [COMMAND [ARGUMENT…]]`: enters the network of the lesson that was started last and
// becomes the command, or $SHELL. Where the lesson has none of its own it says so, and the command
// is in the right one as it is. Comes back only when that failed, with the exit status: 127 when
// there is no such command, 126 when it cannot be started. Before any thread.
int attach_main(char **words, int count);

#endif
