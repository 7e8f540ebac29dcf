// lesson_files: the files that a learner has saved, as links.

#ifndef SOCKSH_UI_LESSON_FILES_H
#define SOCKSH_UI_LESSON_FILES_H

#include "lesson/lesson.h"

// Appends a line with a file:// link (RFC 8089) for each file in the folder that is new since the
// last call, apart from the lesson's own programs.
void lesson_files_show(const char *folder, const struct lesson *lesson, struct buffer *to);

#endif
