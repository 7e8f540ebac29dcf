// doctor: what this computer and this terminal can do for lessons.

#ifndef SOCKSH_UI_DOCTOR_H
#define SOCKSH_UI_DOCTOR_H

// `socksh doctor`: a line for each thing that lessons use, and what follows where it is missing.
// Returns the exit status: 0 when all that can be found out is there. Moves the process into a
// network of its own, so before any thread.
int doctor_main(char **words, int count);

#endif
