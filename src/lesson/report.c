// report: the tables of a class.

#include "lesson/report.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/message.h"
#include "base/table.h"
#include "base/utf8.h"
#include "base/wrap.h"
#include "lesson/class.h"
#include "lesson/find.h"
#include "lesson/lesson.h"

enum {
    COLUMNS = 60,      // of a terminal beside another window
    HARDEST_MOST = 10, // steps that are listed
};

// The class, and the lessons that are here: files may name others.
static struct class class;
static struct found_list found;

// --- by lesson -----------------------------------------------------------------------------------

// "5 hello"; the name alone of a lesson that is not here.
static void show_lesson(uint32_t lesson, struct buffer *to)
{
    struct str name = class.lessons.items[lesson];
    const struct found *known = find_lesson(&found, name);
    if (known != NULL && str_is(name, known->name))
        buffer_print(to, "%d ", known->number);
    buffer_add(to, name);
}

// Where a lesson stands in the order of learning; those that are not here behind all others.
static int rank_of(uint32_t lesson)
{
    const struct found *known = find_lesson(&found, class.lessons.items[lesson]);
    return known != NULL ? known->number : 1000 + (int)lesson;
}

static int compare_lessons(const void *a, const void *b)
{
    return rank_of(*(const uint32_t *)a) - rank_of(*(const uint32_t *)b);
}

// The lessons that somebody has begun, in the order of learning. The caller frees the array of
// class.lessons.count.
static uint32_t *order_lessons(void)
{
    uint32_t *order = mem_zero((class.lessons.count + 1) * sizeof *order);
    for (uint32_t i = 0; i < class.lessons.count; i++)
        order[i] = i;
    if (class.lessons.count > 0)
        qsort(order, class.lessons.count, sizeof *order, compare_lessons);
    return order;
}

// Minutes of seconds, rounded up: nobody took none.
static unsigned minutes_of(unsigned seconds)
{
    return seconds / 60 + (seconds % 60 ? 1 : 0);
}

// A number, or an empty cell for none: a column without any is left out.
static void add_number(struct table *table, unsigned number)
{
    struct buffer cell = {0};
    if (number > 0)
        buffer_print(&cell, "%u", number);
    table_add_buffer_take(table, &cell);
}

static void add_lesson(struct table *table, uint32_t lesson)
{
    struct buffer cell = {0};
    unsigned begun = 0, helps[PROGRESS_SKIP + 1] = {0};
    unsigned *seconds = mem_zero((class.course_count + 1) * sizeof *seconds);
    size_t finished = 0;
    for (size_t i = 0; i < class.course_count; i++) {
        const struct course *course = &class.courses[i];
        if (course->lesson != lesson)
            continue;
        begun++;
        if (!course->progress.finished)
            continue;
        seconds[finished++] = course->seconds;
        helps[course->progress.help]++;
    }
    if (begun == 0) { // only a file that was left out has named it
        free(seconds);
        return;
    }
    show_lesson(lesson, &cell);
    table_add_buffer_take(table, &cell);
    buffer_print(&cell, _("%u of %u"), (unsigned)finished, begun);
    table_add_buffer_take(table, &cell);
    for (unsigned help = PROGRESS_ALONE; help <= PROGRESS_SKIP; help++)
        add_number(table, helps[help]);
    add_number(table, minutes_of(class_median(seconds, finished)));
    free(seconds);
}

static void show_lessons(struct buffer *to)
{
    struct table table = {.columns = 7};
    uint32_t *order = order_lessons();
    table_add_text(&table, _("lesson"));
    table_add_text(&table, _("finished"));
    table_add_text(&table, _("alone"));
    table_add_text(&table, _("hint"));
    table_add_text(&table, _("show"));
    table_add_text(&table, _("skip"));
    table_add_text(&table, _("minutes"));
    for (uint32_t i = 0; i < class.lessons.count; i++)
        add_lesson(&table, order[i]);
    table_show(&table, to);
    table_finish(&table);
    free(order);
}

// --- by step -------------------------------------------------------------------------------------

// Its first line of code, else of prose, without the marks of a heading and what is expected.
static struct str first_line(const struct step *step)
{
    struct str rest = step->code.passage.line ? step->code.passage.text : step->page.text;
    struct str line = STR("");
    while (line.size == 0 && rest.size > 0) {
        line = str_take_line(&rest);
        line = str_trim(str_slice(line, 0, str_find(line, STR("#=>"), 0)), " \t\r#");
    }
    return line;
}

// Appends what the step begins with, where the lesson is here and reads well.
static void show_first_line(const struct hardness *step, struct buffer *to)
{
    const struct found *known = find_lesson(&found, class.lessons.items[step->lesson]);
    struct buffer path = {0};
    struct lesson lesson = {0};
    struct lesson_mistake mistake;
    if (known != NULL && find_file(known, &path)) {
        if (lesson_read(buffer_text(&path), NULL, NULL, &lesson, &mistake) &&
            step->step <= lesson.count)
            buffer_add(to, first_line(&lesson.steps[step->step - 1]));
        lesson_finish(&lesson);
    }
    buffer_finish(&path);
}

// "5 hello, step 8: connect k 127.0.0.1:9999", cut to the line.
static void show_step(const struct hardness *step, struct buffer *to)
{
    struct buffer line = {0}, name = {0};
    show_lesson(step->lesson, &name);
    buffer_print(&line, _("%s, step %u: "), buffer_text(&name), step->step);
    show_first_line(step, &line);
    struct str text = str_trim(buffer_str(&line), " ");
    buffer_add(to, str_slice(text, 0, text.size > 0 ? wrap_size(text, COLUMNS) : 0));
    buffer_add_char(to, '\n');
    buffer_print(to, _("  of %u: tries %u.%u, hint %u, show %u, skip %u, median %u s\n"),
                 step->learners, step->tries / step->learners,
                 step->tries % step->learners * 10 / step->learners, step->helps[PROGRESS_HINT],
                 step->helps[PROGRESS_SHOW], step->helps[PROGRESS_SKIP], step->seconds);
    buffer_finish(&line);
    buffer_finish(&name);
}

static void show_hardest(struct buffer *to)
{
    size_t count = 0;
    struct hardness *steps = class_hardest(&class, &count);
    if (count > 0)
        buffer_print(to, "\n%s\n", _("hardest steps"));
    for (size_t i = 0; i < count && i < HARDEST_MOST; i++)
        show_step(&steps[i], to);
    free(steps);
}

// --- the whole -----------------------------------------------------------------------------------

// "anna, ben", in lines that fit: a name is broken only where it has no room on a line of its own.
static void show_names(struct buffer *to)
{
    struct buffer name = {0};
    size_t used = 0;
    for (size_t i = 0; i < class.learner_count; i++) {
        buffer_clear(&name);
        buffer_add(&name, class.learners[i].name);
        buffer_add_text(&name, i + 1 < class.learner_count ? "," : "");
        size_t width = utf8_width(buffer_str(&name));
        bool fits = i > 0 && used + 1 + width <= COLUMNS;
        buffer_add_text(to, i == 0 ? "" : fits ? " " : "\n");
        wrap_add(buffer_str(&name), fits ? used + 1 : 0, 0, COLUMNS, to);
        used = fits ? used + 1 + width : width;
    }
    buffer_finish(&name);
}

static void show_learners(struct buffer *to)
{
    buffer_print(to, _("learners: %u\n"), (unsigned)class.learner_count);
    show_names(to);
    buffer_add_text(to, "\n\n");
}

// What a spreadsheet would take for a formula or for the end of a field is neither.
static void add_field(struct str text, struct buffer *to)
{
    bool formula = text.size > 0 && char_is_one_of(text.data[0], "=+-@");
    buffer_add_text(to, formula ? "\"'" : "\"");
    for (size_t i = 0; i < text.size; i++)
        buffer_print(to, text.data[i] == '"' ? "\"%c" : "%c", text.data[i]);
    buffer_add_char(to, '"');
}

// One line: "anna",hello,2026-11-22T09:04:36Z,hint,11,,14
static void show_course(const struct course *course, struct buffer *to)
{
    const struct progress_state *progress = &course->progress;
    add_field(class.learners[course->learner].name, to);
    buffer_print(to, ",%.*s,%s,%s,%u,", STR_ARG(class.lessons.items[course->lesson]),
                 progress->finished ? progress->when : "",
                 progress_help_name(progress->finished ? progress->help : progress->used),
                 minutes_of(course->seconds));
    if (!progress->finished)
        buffer_print(to, "%u", progress->step);
    buffer_print(to, ",%u\r\n", progress->steps);
}

// A machine reads it: the heading is not translated, and lines end as RFC 4180 has it.
static void show_csv(struct buffer *to)
{
    buffer_add_text(to, "learner,lesson,finished,help,minutes,step,steps\r\n");
    for (size_t i = 0; i < class.course_count; i++)
        show_course(&class.courses[i], to);
}

// Says what could not be read. Whether the file could.
static bool read_file(const char *path)
{
    unsigned strange = 0;
    struct buffer shown = {0};
    bool good = class_read(&class, path, &strange);
    int error = errno;
    class_show_name(str_from(path), &shown);
    if (!good)
        fprintf(stderr, _("socksh: cannot read %s: %s\n"), buffer_text(&shown), strerror(error));
    else if (strange > 0)
        fprintf(stderr, _("socksh: %s: lines that are not understood and left out: %u\n"),
                buffer_text(&shown), strange);
    buffer_finish(&shown);
    return good;
}

static int usage(void)
{
    fputs(_("socksh: report wants the files of learners: socksh report [--csv] FILE…\n"), stderr);
    return 2;
}

int report_main(char **words, int count)
{
    struct buffer text = {0};
    bool csv = false, good = true;
    for (int i = 0; i < count; i++)
        csv = csv || strcmp(words[i], "--csv") == 0;
    if (count == (csv ? 1 : 0))
        return usage();
    for (int i = 0; i < count; i++)
        if (strcmp(words[i], "--csv") != 0)
            good = read_file(words[i]) && good;
    find_lessons(&found, NULL);
    if (csv) {
        show_csv(&text);
    } else if (class.learner_count > 0) {
        show_learners(&text);
        show_lessons(&text);
        show_hardest(&text);
    }
    good = fwrite(text.data, 1, text.size, stdout) == text.size && fflush(stdout) == 0 && good;
    buffer_finish(&text);
    found_finish(&found);
    class_finish(&class);
    return good ? 0 : 1;
}
