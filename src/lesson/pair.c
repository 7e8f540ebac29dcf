// pair: a lesson against the other language, and against what it promises.

#include "lesson/pair.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/message.h"

// --- corrections ---------------------------------------------------------------------------------

// What the tutorials get wrong and the kernel corrects, by the lesson in which it does.
static const struct {
    const char *lesson, *correction;
} corrections[] = {
    {"socket", "A8.11"}, {"names", "A8.17"},  {"hello", "A8.13"},    {"recv", "A8.2"},
    {"recv", "A8.17"},   {"framing", "A8.2"}, {"nothing", "A8.1"},   {"nothing", "A8.17"},
    {"server", "A8.12"}, {"server", "A8.17"}, {"poll", "A8.5"},      {"backlog", "A8.6"},
    {"ports", "A8.4"},   {"ports", "A8.7"},   {"restart", "A8.3"},   {"udp", "A8.14"},
    {"packets", "A8.8"}, {"packets", "A8.9"}, {"delivery", "A8.15"}, {"edges", "A8.10"},
    {"hosts", "A8.16"},
};

// Takes the first off the list "A8.5, A8.17".
static struct str take_correction(struct str *list)
{
    size_t comma = str_find(*list, STR(","), 0);
    struct str first = str_trim(str_slice(*list, 0, comma), " \t");
    *list = comma == SIZE_MAX ? STR("") : str_slice(*list, comma + 1, list->size);
    return first;
}

static bool names_correction(struct str list, const char *correction)
{
    while (list.size > 0)
        if (str_is(take_correction(&list), correction))
            return true;
    return false;
}

// Whether any lesson is to make it.
static bool is_correction(struct str name)
{
    for (size_t i = 0; i < sizeof corrections / sizeof *corrections; i++)
        if (str_is(name, corrections[i].correction))
            return true;
    return false;
}

// The line of the file in which the place stands.
static unsigned line_of(const struct lesson *lesson, struct str place)
{
    unsigned line = 1;
    for (const char *at = lesson->text.data; at < place.data; at++)
        line += *at == '\n';
    return line;
}

static bool knows_corrections(const struct lesson *lesson, struct lesson_mistake *mistake)
{
    for (struct str list = lesson->corrects; list.size > 0;) {
        struct str name = take_correction(&list);
        if (!is_correction(name))
            return lesson_mistaken(mistake, line_of(lesson, lesson->corrects),
                                   _("there is no correction \"%.*s\""), STR_ARG(name));
    }
    return true;
}

static bool has_corrections(const struct lesson *lesson, struct lesson_mistake *mistake)
{
    for (size_t i = 0; i < sizeof corrections / sizeof *corrections; i++)
        if (lesson->number >= 0 && str_is(lesson->name, corrections[i].lesson) &&
            !names_correction(lesson->corrects, corrections[i].correction))
            return lesson_mistaken(mistake, 1,
                                   _("the head does not say corrects: %s, which "
                                     "belongs in this lesson"),
                                   corrections[i].correction);
    return true;
}

// --- two languages -------------------------------------------------------------------------------

// Whether two passages are the same line by line. False with the line of `mine` that differs.
static bool same_lines(struct passage mine, struct passage other, const struct lesson *theirs,
                       struct lesson_mistake *mistake)
{
    struct str a = mine.text, b = other.text;
    if ((mine.line == 0) != (other.line == 0))
        return lesson_mistaken(mistake, mine.line, _("%s has another block here"), theirs->path);
    for (unsigned i = 0; a.size > 0 || b.size > 0; i++) {
        struct str left = lesson_line_with_expectation(str_take_line(&a));
        struct str right = lesson_line_with_expectation(str_take_line(&b));
        if (!str_equal(left, right))
            return lesson_mistaken(mistake, mine.line + i, _("%s:%u has another line here: %.*s"),
                                   theirs->path, other.line + i, STR_ARG(right));
    }
    return true;
}

static bool same_question(const struct question *mine, const struct question *other,
                          const struct lesson *theirs, struct lesson_mistake *mistake)
{
    bool same = mine->count == other->count;
    for (size_t i = 0; same && i < mine->count; i++)
        same = mine->options[i].right == other->options[i].right &&
               str_equal(mine->options[i].outcome, other->options[i].outcome);
    return same ? true
                : lesson_mistaken(mistake, mine->ask.line,
                                  _("the options of %s:%u are others, or foretell others"),
                                  theirs->path, other->ask.line);
}

static bool same_code(const struct code *mine, const struct code *other)
{
    return str_equal(mine->actor, other->actor) && mine->task == other->task &&
           mine->ordinary == other->ordinary && mine->stand_in == other->stand_in &&
           mine->needs_network == other->needs_network;
}

static bool same_step(const struct step *mine, const struct step *other,
                      const struct lesson *theirs, struct lesson_mistake *mistake)
{
    if (!same_code(&mine->code, &other->code))
        return lesson_mistaken(mistake, mine->code.passage.line,
                               _("%s:%u is another kind of block"), theirs->path,
                               other->code.passage.line);
    return same_lines(mine->code.passage, other->code.passage, theirs, mistake) &&
           same_lines(mine->check, other->check, theirs, mistake) &&
           same_question(&mine->question, &other->question, theirs, mistake);
}

static bool same_programs(const struct lesson *mine, const struct lesson *other,
                          struct lesson_mistake *mistake)
{
    if (mine->program_count != other->program_count)
        return lesson_mistaken(mistake, 0, _("%s holds another number of programs"), other->path);
    for (size_t i = 0; i < mine->program_count; i++)
        if (!str_equal(mine->programs[i].name, other->programs[i].name) ||
            !same_lines(mine->programs[i].passage, other->programs[i].passage, other, mistake))
            return lesson_mistaken(mistake, mine->programs[i].passage.line,
                                   _("%s has another program here"), other->path);
    return true;
}

static bool same_lessons(const struct lesson *mine, const struct lesson *other,
                         struct lesson_mistake *mistake)
{
    if (!str_equal(mine->corrects, other->corrects) || !str_equal(mine->replays, other->replays))
        return lesson_mistaken(mistake, 1, _("the head of %s replays or corrects something else"),
                               other->path);
    for (size_t i = 0; i < mine->count && i < other->count; i++)
        if (!same_step(&mine->steps[i], &other->steps[i], other, mistake))
            return false;
    if (mine->count != other->count)
        return lesson_mistaken(mistake, 0, _("%s has %zu steps, and this one %zu"), other->path,
                               other->count, mine->count);
    return same_programs(mine, other, mistake);
}

// The other language's file beside it: "…/zh.md" for "…/en.md".
static bool find_other(const struct lesson *lesson, char *path, size_t size)
{
    struct str folder = str_from(lesson->path);
    bool english = str_is(lesson->language, "en");
    if (lesson->number < 0 || !(english || str_is(lesson->language, "zh")))
        return false;
    folder.size -= strlen("en.md");
    snprintf(path, size, "%.*s%s", STR_ARG(folder), english ? "zh.md" : "en.md");
    return access(path, F_OK) == 0;
}

bool pair_check(const struct lesson *lesson, struct lesson_mistake *mistake)
{
    char path[PATH_MAX];
    struct lesson other;
    struct lesson_mistake theirs;
    if (!knows_corrections(lesson, mistake) || !has_corrections(lesson, mistake))
        return false;
    if (lesson->typed > LESSON_TYPED)
        return lesson_mistaken(mistake, 0,
                               _("a learner would have to type %u lines; %d are the "
                                 "most: put a longer program into a file"),
                               lesson->typed, LESSON_TYPED);
    if (!find_other(lesson, path, sizeof path))
        return true;
    bool good =
        !lesson_read(path, NULL, NULL, &other, &theirs) || same_lessons(lesson, &other, mistake);
    lesson_finish(&other);
    return good;
}
