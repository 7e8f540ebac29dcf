// report: `socksh report FILE…`: what the files of a class say about its lessons.

#ifndef SOCKSH_LESSON_REPORT_H
#define SOCKSH_LESSON_REPORT_H

// Reads files of progress.h, one a learner, who is called like the file, and prints a row for each
// lesson, then the hardest steps; with `--csv` a row for each learner and lesson (RFC 4180). Needs
// 60 columns. Returns 0; 1 when a file could not be read, which is said, with the report of the
// others; 2 for wrong words.
int report_main(char **words, int count);

#endif
