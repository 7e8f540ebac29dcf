// check: `socksh check FILE…`: scripts with expectations, side by side, as TAP.

#ifndef SOCKSH_LESSON_CHECK_H
#define SOCKSH_LESSON_CHECK_H

// Runs each file in a process of its own, as many at a time as there are processors, and prints TAP
// in the order of the files. With `--junit FILE` writes the same as JUnit XML. Returns 0 when all
// held, 1 when something did not, 2 for wrong words.
int check_main(char **words, int count);

#endif
