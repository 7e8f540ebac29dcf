// check: `socksh check FILE…`: scripts with expectations, side by side, as TAP.

#ifndef SOCKSH_LESSON_CHECK_H
#define SOCKSH_LESSON_CHECK_H

// Runs each script, each lesson in each language and, with `--answers`, each answer beside a lesson
// in a process of its own, several at a time, and prints TAP in the order of the words: files,
// folders, or what lessons are called; with none, every lesson. With `--junit FILE` writes the same
// as JUnit XML; `--host` keeps lessons on the host's network. Returns 0 when all held, 1 when
// something did not, 2 for wrong words.
int check_main(char **words, int count);

// To be called before handles_start() and any thread: a process that runs one lesson moves into the
// lesson's network.
void check_begin(char **words, int count);

#endif
