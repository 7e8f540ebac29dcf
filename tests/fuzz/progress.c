// progress: the file of a learner who means no good: what is read of it stays within its bounds,
// and a class with it can be counted.

#include <ctype.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lesson/class.h"

// Names are lessons' names, and where somebody stands is within the lesson.
static void check(const struct class *class)
{
    for (size_t i = 0; i < class->course_count; i++) {
        const struct course *course = &class->courses[i];
        struct str name = class->lessons.items[course->lesson];
        if (course->progress.step > course->progress.steps || course->progress.help > PROGRESS_SKIP)
            abort();
        for (size_t j = 0; j < name.size; j++)
            if (!isalnum((unsigned char)name.data[j]) && strchr("-_", name.data[j]) == NULL)
                abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static int file = -1;
    struct class class = {0};
    char path[40];
    unsigned strange;
    size_t count;
    if (file < 0)
        file = memfd_create("progress", MFD_CLOEXEC);
    if (ftruncate(file, 0) < 0 || pwrite(file, data, size, 0) != (ssize_t)size)
        return 0;
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    if (class_read(&class, path, &strange)) {
        check(&class);
        free(class_hardest(&class, &count));
    }
    class_finish(&class);
    return 0;
}
