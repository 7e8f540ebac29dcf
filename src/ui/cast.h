// cast: a recording of all that a program shows on its terminal, as asciinema plays it.
//
// The program runs on a terminal of its own (pty(7)); what it writes passes through its parent,
// which keeps it. The file is asciicast v2: a header, then a line for each event, written at once,
// so that what is there can be played whatever happens.

#ifndef SOCKSH_UI_CAST_H
#define SOCKSH_UI_CAST_H

#include <stdbool.h>
#include <sys/types.h>

// Begins a file, in place of one that is there. The time counts from now. False with errno.
bool cast_open(const char *path);

// Whether it was begun.
bool cast_is_on(void);

// As fork(2); the child's terminal, standard input, output and error are new ones, of the size and
// mode of the terminal at hand.
pid_t cast_fork(void);

// Lets keys and text pass until the child has ended. Its status, as of waitpid(2).
int cast_follow(pid_t child);

// Ends the file. False with errno when something could not be written.
bool cast_close(void);

#endif
