// class: reading learners' files and counting.

#include "lesson/class.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/memory.h"
#include "base/utf8.h"

// --- learners ------------------------------------------------------------------------------------

void class_show_name(struct str name, struct buffer *to)
{
    while (name.size > 0) {
        uint32_t point = 0;
        size_t size = utf8_decode(name, &point);
        bool good = size > 0 && utf8_is_showable(point);
        buffer_add(to, good ? str_slice(name, 0, size) : STR("?"));
        name = str_slice(name, size > 0 ? size : 1, name.size);
    }
}

// "anna" of "class/anna.jsonl".
static struct str name_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    struct str name = str_from(slash ? slash + 1 : path);
    struct buffer shown = {0};
    if (str_ends(name, STR(".jsonl")))
        name.size -= 6;
    class_show_name(name, &shown);
    struct str copy = {mem_copy(buffer_str(&shown)), shown.size};
    buffer_finish(&shown);
    return copy;
}

// --- reading -------------------------------------------------------------------------------------

// Whose file is read.
struct reading {
    struct class *class;
    size_t first;     // of the learner's courses
    unsigned strange; // lines of one lesson too many
};

// The learner's course in the lesson, made when it is new. NULL when there are too many lessons.
static struct course *course_of(struct reading *reading, const char *name)
{
    struct class *class = reading->class;
    uint32_t lesson = names_find(&class->lessons, str_from(name));
    if (lesson == NAME_MISSING && class->lessons.count == CLASS_LESSONS)
        return NULL;
    if (lesson == NAME_MISSING)
        lesson = names_add(&class->lessons, str_from(name));
    for (size_t i = reading->first; i < class->course_count; i++)
        if (class->courses[i].lesson == lesson)
            return &class->courses[i];
    class->courses = mem_grow(class->courses, class->course_count, &class->course_capacity,
                              sizeof *class->courses);
    class->courses[class->course_count] =
        (struct course){.learner = class->learner_count, .lesson = lesson};
    return &class->courses[class->course_count++];
}

static void add_effort(struct class *class, uint32_t lesson, const struct progress_line *line)
{
    class->efforts = mem_grow(class->efforts, class->effort_count, &class->effort_capacity,
                              sizeof *class->efforts);
    class->efforts[class->effort_count++] = (struct effort){.lesson = lesson,
                                                            .step = line->step,
                                                            .tries = line->tries,
                                                            .seconds = line->seconds,
                                                            .help = line->help};
}

// What is done again, with what was learnt before, says nothing of how hard it is.
static void take(void *context, const struct progress_line *line)
{
    struct reading *reading = context;
    struct course *course = course_of(reading, line->lesson);
    if (course == NULL) {
        reading->strange++;
        return;
    }
    bool finished = course->progress.finished;
    if (line->event == PROGRESS_BEGIN && line->step == 1 && !finished)
        course->seconds = 0;
    progress_take(&course->progress, line);
    if (line->event != PROGRESS_STEP)
        return;
    if (!finished)
        course->seconds += line->seconds;
    if (!course->seen[line->step])
        add_effort(reading->class, course->lesson, line);
    course->seen[line->step] = true;
}

// Whether the file is a learner's already: two patterns of a shell may name it.
static bool is_known(const struct class *class, const struct stat *file)
{
    for (size_t i = 0; i < class->learner_count; i++)
        if (class->learners[i].device == file->st_dev && class->learners[i].inode == file->st_ino)
            return true;
    return false;
}

bool class_read(struct class *class, const char *path, unsigned *strange)
{
    struct stat file;
    if (stat(path, &file) < 0)
        return false;
    if (is_known(class, &file))
        return true;
    struct reading reading = {.class = class, .first = class->course_count};
    size_t efforts = class->effort_count;
    if (!progress_read(path, take, &reading, strange)) {
        class->course_count = reading.first; // of half a file nothing is told
        class->effort_count = efforts;
        return false;
    }
    *strange += reading.strange;
    class->learners = mem_grow(class->learners, class->learner_count, &class->learner_capacity,
                               sizeof *class->learners);
    class->learners[class->learner_count++] =
        (struct learner){name_of(path), file.st_dev, file.st_ino};
    return true;
}

void class_finish(struct class *class)
{
    for (size_t i = 0; i < class->learner_count; i++)
        free((void *)class->learners[i].name.data);
    free(class->learners);
    names_finish(&class->lessons);
    free(class->courses);
    free(class->efforts);
    *class = (struct class){0};
}

// --- counting ------------------------------------------------------------------------------------

static int compare_numbers(const void *a, const void *b)
{
    unsigned one = *(const unsigned *)a, other = *(const unsigned *)b;
    return (one > other) - (one < other);
}

unsigned class_median(unsigned *numbers, size_t count)
{
    if (count == 0)
        return 0;
    qsort(numbers, count, sizeof *numbers, compare_numbers);
    return numbers[(count - 1) / 2];
}

// By lesson, then by step.
static int compare_efforts(const void *a, const void *b)
{
    const struct effort *one = a, *other = b;
    if (one->lesson != other->lesson)
        return one->lesson < other->lesson ? -1 : 1;
    return (one->step > other->step) - (one->step < other->step);
}

// What all learners had to do beyond the one answer that is right, times their number.
static uint64_t effort_of(const struct hardness *step)
{
    uint64_t sum = step->tries;
    for (unsigned help = PROGRESS_HINT; help <= PROGRESS_SKIP; help++)
        sum += (uint64_t)help * step->helps[help];
    return sum;
}

// A mean is compared with another by multiplying crosswise: no fractions.
static int compare_hardness(const void *a, const void *b)
{
    const struct hardness *one = a, *other = b;
    uint64_t first = effort_of(one) * other->learners, second = effort_of(other) * one->learners;
    if (first != second)
        return first > second ? -1 : 1;
    if (one->seconds != other->seconds)
        return one->seconds > other->seconds ? -1 : 1;
    if (one->lesson != other->lesson)
        return one->lesson < other->lesson ? -1 : 1;
    return (one->step > other->step) - (one->step < other->step);
}

// Whether somebody tried it twice, or needed help.
static bool is_hard(const struct hardness *step)
{
    return step->tries > step->learners || step->helps[PROGRESS_ALONE] < step->learners;
}

// The step of the first of the efforts, with those behind it that are of the same one. Returns how
// many they are.
static size_t sum_up(const struct effort *efforts, size_t count, unsigned *seconds,
                     struct hardness *step)
{
    size_t size = 0;
    *step = (struct hardness){.lesson = efforts->lesson, .step = efforts->step};
    for (; size < count && compare_efforts(efforts, &efforts[size]) == 0; size++) {
        seconds[size] = efforts[size].seconds;
        step->tries += efforts[size].tries;
        step->helps[efforts[size].help]++;
    }
    step->learners = (unsigned)size;
    step->seconds = class_median(seconds, size);
    return size;
}

struct hardness *class_hardest(struct class *class, size_t *count)
{
    struct hardness *steps = mem_zero((class->effort_count + 1) * sizeof *steps);
    unsigned *seconds = mem_zero((class->effort_count + 1) * sizeof *seconds);
    *count = 0;
    if (class->effort_count > 0)
        qsort(class->efforts, class->effort_count, sizeof *class->efforts, compare_efforts);
    for (size_t i = 0; i < class->effort_count;) {
        struct hardness step;
        i += sum_up(class->efforts + i, class->effort_count - i, seconds, &step);
        if (is_hard(&step))
            steps[(*count)++] = step;
    }
    if (*count > 0)
        qsort(steps, *count, sizeof *steps, compare_hardness);
    free(seconds);
    return steps;
}
