// find: where the lessons are, and which one a word means.

#ifndef SOCKSH_LESSON_FIND_H
#define SOCKSH_LESSON_FIND_H

#include "base/buffer.h"
#include "base/str.h"

// One lesson's folder.
struct found {
    char *folder; // its path; owned
    char *name;   // "hello", of the folder 05-hello; owned
    int number;   // 5
};

// In the order of numbers. Zero-initialised is empty and ready.
struct found_list {
    struct found *items;
    size_t count, capacity;
};

// Appends the folder that holds the lessons: $SOCKSH_LESSONS; else ../share/socksh/lessons from
// where the program is; else "lessons" of the source tree whose build folder holds the program;
// else where it was installed to. False when none of them is there.
bool find_folder(struct buffer *path);

// All lessons in `folder`, or in the one of find_folder() when that is NULL: its folders that are
// named NUMBER-NAME. False when there is none (ENOENT), or when the folder cannot be read (errno).
bool find_lessons(struct found_list *list, const char *folder);

// The lesson that a person means by "5", "05", "hello" or "05-hello"; NULL when there is none.
const struct found *find_lesson(const struct found_list *list, struct str word);

// Appends the path of its file in the language at hand, else the English one. False when there is
// neither.
bool find_file(const struct found *found, struct buffer *path);

void found_finish(struct found_list *list);

#endif
