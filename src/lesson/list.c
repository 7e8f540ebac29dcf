// list: the table of lessons.

#include "lesson/list.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/message.h"
#include "base/table.h"
#include "commands/lessons.h"
#include "lesson/find.h"
#include "lesson/lesson.h"
#include "lesson/progress.h"

// All lessons, and where the learner stands with each: the file is read once.
struct standing {
    struct found_list found;
    struct progress_state *progress; // by index in `found`
};

static void take(void *context, const struct progress_line *line)
{
    struct standing *standing = context;
    for (size_t i = 0; i < standing->found.count; i++)
        if (str_is(str_from(line->lesson), standing->found.items[i].name))
            progress_take(&standing->progress[i], line);
}

// "finished 2026-11-22, with hints": the day alone.
static void show_finished(const struct progress_state *progress, struct buffer *to)
{
    switch (progress->help) {
    case PROGRESS_ALONE:
        buffer_print(to, _("finished %.10s"), progress->when);
        break;
    case PROGRESS_HINT:
        buffer_print(to, _("finished %.10s, with hints"), progress->when);
        break;
    case PROGRESS_SHOW:
        buffer_print(to, _("finished %.10s, with answers"), progress->when);
        break;
    case PROGRESS_SKIP:
        buffer_print(to, _("finished %.10s, some skipped"), progress->when);
        break;
    }
}

static void show_progress(const struct progress_state *progress, struct buffer *to)
{
    if (progress->finished)
        show_finished(progress, to);
    else if (progress->begun)
        buffer_print(to, _("at step %u of %u"), progress->step, progress->steps);
    else
        buffer_add_text(to, "—");
}

// A lesson that does not read well has a row all the same: `socksh check` says what is wrong.
static void add_row(struct table *table, const struct found *found,
                    const struct progress_state *progress)
{
    struct buffer cell = {0}, path = {0};
    struct lesson lesson = {0};
    struct lesson_mistake mistake;
    if (find_file(found, &path))
        lesson_read(buffer_text(&path), NULL, NULL, &lesson, &mistake);
    buffer_print(&cell, "%2d %s", found->number, found->name);
    table_add_buffer_take(table, &cell);
    table_add(table, lesson.title);
    table_add(table, lesson.minutes);
    show_progress(progress, &cell);
    table_add_buffer_take(table, &cell);
    lesson_finish(&lesson);
    buffer_finish(&path);
}

bool list_lessons(struct buffer *to)
{
    struct standing standing = {0};
    struct table table = {.columns = 4};
    struct buffer path = {0};
    bool any = find_lessons(&standing.found, NULL);
    int error = errno;
    standing.progress = mem_zero((standing.found.count + 1) * sizeof *standing.progress);
    if (progress_path(&path))
        progress_read(buffer_text(&path), take, &standing, NULL);
    table_add_text(&table, _("lesson"));
    table_add_text(&table, _("about"));
    table_add_text(&table, _("min"));
    table_add_text(&table, _("your progress"));
    for (size_t i = 0; i < standing.found.count; i++)
        add_row(&table, &standing.found.items[i], &standing.progress[i]);
    if (any)
        table_show(&table, to);
    table_finish(&table);
    buffer_finish(&path);
    free(standing.progress);
    found_finish(&standing.found);
    errno = error;
    return any;
}

int list_main(char **words, int count)
{
    struct buffer text = {0};
    if (count > 0) {
        fprintf(stderr, _("socksh: lessons takes no \"%s\"\n"), words[0]);
        return 2;
    }
    bool any = list_lessons(&text);
    if (any)
        any = fwrite(text.data, 1, text.size, stdout) == text.size && fflush(stdout) == 0;
    else
        fprintf(stderr, "socksh: %s\n", _(lessons_lack));
    buffer_finish(&text);
    return any ? 0 : 1;
}
