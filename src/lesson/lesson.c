// lesson: from a Markdown file to steps.

#include "lesson/lesson.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "actor/load.h"
#include "base/memory.h"
#include "base/message.h"
#include "base/utf8.h"
#include "lang/lexer.h"
#include "lesson/question.h"

// What is being read, line by line.
struct reader {
    struct lesson *lesson;
    struct lesson_mistake *mistake;
    struct str rest;      // lines not yet read
    unsigned line;        // number of the line that was taken last
    struct step *step;    // at hand; NULL before the first
    struct passage prose; // of the step at hand, as far as it goes
    bool challenged;      // the challenge was met
};

// A fenced block.
struct block {
    struct str info;        // what stands behind the fence
    struct passage passage; // what is in it
    unsigned fence;         // line of the opening fence
    struct str whole;       // with its fences
};

bool lesson_mistaken(struct lesson_mistake *mistake, unsigned line, const char *format, ...)
{
    va_list args;
    if (mistake->text[0] != '\0')
        return false;
    mistake->line = line;
    va_start(args, format);
    vsnprintf(mistake->text, sizeof mistake->text, format, args);
    va_end(args);
    return false;
}

// --- lines ---------------------------------------------------------------------------------------

static bool take_line(struct reader *reader, struct str *line)
{
    if (reader->rest.size == 0)
        return false;
    *line = str_trim(str_take_line(&reader->rest), "\r");
    reader->line++;
    return true;
}

// How many of the character begin the line.
static size_t run_of(struct str line, char c)
{
    size_t count = 0;
    while (count < line.size && line.data[count] == c)
        count++;
    return count;
}

// The next word, which is taken off; empty at the end.
static struct str take_word(struct str *text)
{
    *text = str_trim(*text, " \t");
    size_t end = str_find(*text, STR(" "), 0);
    struct str word = str_slice(*text, 0, end);
    *text = str_slice(*text, word.size, text->size);
    return word;
}

// A fence of CommonMark (0.30, section 4.5) in the first column: its length, or 0.
static size_t fence_of(struct str line)
{
    size_t length = run_of(line, line.size ? line.data[0] : ' ');
    bool good = length >= 3 && (line.data[0] == '`' || line.data[0] == '~');
    return good ? length : 0;
}

// Reads on from the line of an opening fence. False when there is no closing one.
static bool read_block(struct reader *reader, struct str opening, struct block *block)
{
    size_t length = fence_of(opening);
    struct str start = reader->rest, line;
    *block = (struct block){.info = str_trim(str_slice(opening, length, opening.size), " \t"),
                            .passage = {{start.data, 0}, reader->line + 1},
                            .fence = reader->line};
    while (take_line(reader, &line)) {
        bool closes = fence_of(line) >= length && line.data[0] == opening.data[0] &&
                      run_of(line, opening.data[0]) == str_trim(line, " \t").size;
        if (closes) {
            block->whole = str_span(opening, line);
            return true;
        }
        block->passage.text = (struct str){start.data, (size_t)(reader->rest.data - start.data)};
    }
    return lesson_mistaken(reader->mistake, block->fence,
                           _("this block has no end: a line of %zu \"%c\" is missing"), length,
                           opening.data[0]);
}

// --- steps ---------------------------------------------------------------------------------------

static bool has(struct passage passage)
{
    return passage.line != 0;
}

// The step at hand, or a new one.
static struct step *open_step(struct reader *reader, unsigned line)
{
    struct lesson *lesson = reader->lesson;
    if (reader->step == NULL) {
        lesson->steps =
            mem_grow(lesson->steps, lesson->count, &lesson->capacity, sizeof *lesson->steps);
        reader->step = &lesson->steps[lesson->count++];
        *reader->step = (struct step){.number = (unsigned)lesson->count, .line = line};
    }
    return reader->step;
}

// A task is judged by a check, and a check judges a task.
static bool close_step(struct reader *reader)
{
    struct step *step = reader->step;
    reader->step = NULL;
    if (step == NULL)
        return true;
    if (reader->lesson->count > LESSON_STEPS)
        return lesson_mistaken(reader->mistake, step->line, _("a lesson has at most %d steps"),
                               LESSON_STEPS);
    step->page.text = buffer_str(&step->page_text);
    if (has(step->code.passage) && step->code.task && !has(step->check))
        return lesson_mistaken(reader->mistake, step->code.passage.line,
                               _("this task has no check"));
    if (has(step->question.ask) && !has(step->code.passage))
        return lesson_mistaken(reader->mistake, step->question.ask.line,
                               _("no socksh block follows this question"));
    if (has(step->challenge) && !step->code.task)
        return lesson_mistaken(reader->mistake, step->challenge.line,
                               _("no task follows this challenge"));
    return true;
}

// Prose and blocks that are only shown. What comes behind statements begins the next step.
static bool add_to_page(struct reader *reader, struct str text, unsigned line)
{
    if (str_trim(text, " \t\r\n").size == 0 &&
        (reader->step == NULL || has(reader->step->code.passage)))
        return true;
    if (reader->step != NULL && has(reader->step->code.passage) && !close_step(reader))
        return false;
    struct step *step = open_step(reader, line);
    if (has(step->question.ask) || has(step->challenge)) {
        if (str_trim(text, " \t\r\n").size == 0)
            return true;
        return lesson_mistaken(reader->mistake, line,
                               _("text stands between a question and its socksh block"));
    }
    if (!has(step->page))
        step->page.line = line;
    buffer_add(&step->page_text, text);
    buffer_add_char(&step->page_text, '\n');
    return true;
}

// --- blocks --------------------------------------------------------------------------------------

// Lines that a learner types: not blank, no comment alone.
static unsigned typed_lines(struct str text)
{
    unsigned count = 0;
    while (text.size > 0) {
        struct str line = str_trim(str_take_line(&text), " \t\r");
        count += line.size > 0 && line.data[0] != '#' ? 1 : 0;
    }
    return count;
}

bool lesson_is_actor(struct str word)
{
    bool good = word.size > 0 && word.size < LESSON_NAME && is_name_start(word.data[0]);
    for (size_t i = 0; good && i < word.size; i++)
        good = is_name_part(word.data[i]);
    return good;
}

// Reads what stands behind "socksh".
static bool read_code_words(struct reader *reader, const struct block *block, struct str info,
                            struct code *code)
{
    for (struct str word = take_word(&info); word.size > 0; word = take_word(&info)) {
        if (str_is(word, "task"))
            code->task = true;
        else if (str_is(word, "ordinary"))
            code->ordinary = true;
        else if (str_is(word, "stand-in"))
            code->stand_in = true;
        else if (str_is(word, "private"))
            code->needs_network = true;
        else if (code->actor.size == 0 && lesson_is_actor(word))
            code->actor = word;
        else
            return lesson_mistaken(reader->mistake, block->fence,
                                   _("\"%.*s\" is not known here: an actor, then task, ordinary, "
                                     "stand-in or private"),
                                   STR_ARG(word));
    }
    if (code->actor.size == 0)
        code->actor = STR("main");
    return true;
}

static bool add_code(struct reader *reader, const struct block *block, struct str info)
{
    if (reader->step != NULL && has(reader->step->code.passage) && !close_step(reader))
        return false;
    struct step *step = open_step(reader, block->fence);
    step->code.passage = block->passage;
    if (!read_code_words(reader, block, info, &step->code))
        return false;
    if (!has(step->challenge) && !step->code.stand_in)
        reader->lesson->typed += typed_lines(block->passage.text);
    return true;
}

// A check or a hint belongs to the task before it.
static bool task_at_hand(struct reader *reader, const struct block *block, const char *what)
{
    if (reader->step != NULL && reader->step->code.task)
        return true;
    return lesson_mistaken(reader->mistake, block->fence, _("this %s belongs to no task"), what);
}

static bool add_check(struct reader *reader, const struct block *block, struct str info)
{
    (void)info;
    if (!task_at_hand(reader, block, "check"))
        return false;
    if (has(reader->step->check))
        return lesson_mistaken(reader->mistake, block->fence, _("this task has a check already"));
    reader->step->check = block->passage;
    return true;
}

static bool add_hint(struct reader *reader, const struct block *block, struct str info)
{
    (void)info;
    if (!task_at_hand(reader, block, "hint"))
        return false;
    if (reader->step->hint_count == LESSON_HINTS)
        return lesson_mistaken(reader->mistake, block->fence, _("a task has at most %d hints"),
                               LESSON_HINTS);
    reader->step->hints[reader->step->hint_count++] = block->passage;
    return true;
}

static bool add_notes(struct reader *reader, const struct block *block, struct str info)
{
    (void)info;
    open_step(reader, block->fence)->notes = block->passage;
    return true;
}

static bool add_challenge(struct reader *reader, const struct block *block, struct str info)
{
    (void)info;
    if (reader->challenged)
        return lesson_mistaken(reader->mistake, block->fence, _("a lesson has one challenge"));
    if (reader->step != NULL && has(reader->step->code.passage) && !close_step(reader))
        return false;
    reader->challenged = true;
    open_step(reader, block->fence)->challenge = block->passage;
    return true;
}

// A plain name in the lesson's folder, which needs no quotes behind `source`.
static bool is_file_name(struct str name)
{
    bool good = name.size > 0 && name.size < LESSON_NAME &&
                (is_name_part(name.data[0]) || (name.data[0] & 0x80) != 0);
    for (size_t i = 0; good && i < name.size; i++)
        good = is_name_part(name.data[i]) || char_is_one_of(name.data[i], ".-") ||
               (name.data[i] & 0x80) != 0;
    return good;
}

// What is written into the folder is shown as well.
static bool add_program(struct reader *reader, const struct block *block, struct str info)
{
    struct lesson *lesson = reader->lesson;
    struct str name = take_word(&info);
    if (!is_file_name(name) || info.size > 0)
        return lesson_mistaken(reader->mistake, block->fence,
                               _("a program wants a file's name of letters, digits, \".\" and "
                                 "\"-\", as in: program server.socksh"));
    for (size_t i = 0; i < lesson->program_count; i++)
        if (str_equal(lesson->programs[i].name, name))
            return lesson_mistaken(reader->mistake, block->fence,
                                   _("there is a program \"%.*s\" already"), STR_ARG(name));
    lesson->programs = mem_grow(lesson->programs, lesson->program_count, &lesson->program_capacity,
                                sizeof *lesson->programs);
    lesson->programs[lesson->program_count++] = (struct lesson_program){name, block->passage};
    return add_to_page(reader, block->whole, block->fence);
}

static bool add_question(struct reader *reader, const struct block *block, struct str info)
{
    (void)info;
    if (reader->step != NULL && has(reader->step->code.passage) && !close_step(reader))
        return false;
    struct step *step = open_step(reader, block->fence);
    if (has(step->question.ask))
        return lesson_mistaken(reader->mistake, block->fence,
                               _("two questions stand before one socksh block"));
    return question_read(block->passage, &step->question, reader->mistake);
}

// --- the file ------------------------------------------------------------------------------------

// Blocks that mean something; others are shown.
static const struct kind {
    const char *word;
    bool (*add)(struct reader *reader, const struct block *block, struct str info);
} kinds[] = {
    {"socksh", add_code},      {"check", add_check},         {"hint", add_hint},
    {"predict", add_question}, {"challenge", add_challenge}, {"notes", add_notes},
    {"program", add_program},
};

// Languages and formats that a lesson may show. Whatever else stands behind a fence is more likely
// a slip of the pen.
static const char *const shown[] = {"", "text", "c", "python", "sh", "http", "console"};

static bool add_block(struct reader *reader, const struct block *block)
{
    struct str info = block->info, word = take_word(&info);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (str_is(word, kinds[i].word))
            return kinds[i].add(reader, block, info);
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++)
        if (str_is(word, shown[i]))
            return add_to_page(reader, block->whole, block->fence);
    return lesson_mistaken(reader->mistake, block->fence, _("there is no block \"%.*s\""),
                           STR_ARG(word));
}

// "title: Hello over TCP"
static bool read_head_line(struct reader *reader, struct str line)
{
    struct lesson *lesson = reader->lesson;
    size_t colon = str_find(line, STR(":"), 0);
    struct str key = str_slice(line, 0, colon);
    struct str value =
        colon == SIZE_MAX ? STR("") : str_trim(str_slice(line, colon + 1, line.size), " \t");
    struct str *place = str_is(key, "title")      ? &lesson->title
                        : str_is(key, "replays")  ? &lesson->replays
                        : str_is(key, "corrects") ? &lesson->corrects
                        : str_is(key, "minutes")  ? &lesson->minutes
                                                  : NULL;
    if (place == NULL || value.size == 0)
        return lesson_mistaken(reader->mistake, reader->line,
                               _("the head holds title, replays, corrects and minutes, as in: "
                                 "title: Hello over TCP"));
    *place = value;
    return true;
}

// Between two lines of "---" at the beginning.
static bool read_head(struct reader *reader)
{
    struct str line;
    if (!take_line(reader, &line) || !str_is(line, "---"))
        return lesson_mistaken(reader->mistake, 1,
                               _("a lesson begins with a head: ---, title: "
                                 "…, minutes: …, ---"));
    while (take_line(reader, &line)) {
        if (str_is(line, "---"))
            return reader->lesson->title.size > 0 && reader->lesson->minutes.size > 0
                       ? true
                       : lesson_mistaken(reader->mistake, 1,
                                         _("the head lacks its title or its minutes"));
        if (str_trim(line, " \t").size > 0 && !read_head_line(reader, line))
            return false;
    }
    return lesson_mistaken(reader->mistake, 1, _("the head has no end: --- is missing"));
}

static bool read_body(struct reader *reader)
{
    struct str line;
    struct block block;
    while (take_line(reader, &line)) {
        if (fence_of(line) == 0) {
            if (!add_to_page(reader, line, reader->line))
                return false;
        } else if (!read_block(reader, line, &block) || !add_block(reader, &block)) {
            return false;
        }
    }
    return close_step(reader);
}

// lessons/05-hello/en.md: number 5, name "hello", language "en".
static void name_lesson(struct lesson *lesson)
{
    struct str path = str_from(lesson->path), folder = {0}, file = path;
    for (size_t at; (at = str_find(file, STR("/"), 0)) != SIZE_MAX;) {
        folder = str_slice(file, 0, at);
        file = str_slice(file, at + 1, file.size);
    }
    lesson->language = str_ends(file, STR(".md")) ? str_slice(file, 0, file.size - 3) : file;
    size_t dash = str_find(folder, STR("-"), 0);
    uint64_t number = 0;
    bool numbered = dash != SIZE_MAX && str_to_number(str_slice(folder, 0, dash), 999, &number);
    lesson->number = numbered ? (int)number : -1;
    lesson->name = numbered ? str_slice(folder, dash + 1, folder.size) : lesson->language;
}

// Lessons come from anybody and are shown on terminals: text alone, and no character that controls.
static bool is_text(struct str text, struct lesson_mistake *mistake)
{
    unsigned line = 1;
    for (size_t i = 0, size; i < text.size; i += size) {
        uint32_t point = 0;
        size = utf8_decode(str_slice(text, i, text.size), &point);
        bool blank = point == '\n' || point == '\t' || point == '\r';
        if (size == 0 || (!blank && utf8_is_control(point)))
            return lesson_mistaken(mistake, line,
                                   _("a lesson is UTF-8 without control characters"));
        line += point == '\n' ? 1 : 0;
    }
    return true;
}

// A file that cannot be read in one go, or is too large, is not read at all.
static bool load_text(const char *path, struct lesson *lesson, struct lesson_mistake *mistake)
{
    struct stat facts;
    char why[200];
    if (stat(path, &facts) == 0 && !S_ISREG(facts.st_mode))
        return lesson_mistaken(mistake, 0, _("it cannot be read: it is no file"));
    if (stat(path, &facts) == 0 && facts.st_size > LESSON_SIZE)
        return lesson_mistaken(mistake, 0, _("a lesson has at most %d octets"), LESSON_SIZE);
    if (!load_own(str_from(path), &lesson->text, why, sizeof why))
        return lesson_mistaken(mistake, 0, _("it cannot be read: %s"), why);
    return true;
}

static void begin(struct lesson *lesson, const char *path, struct lesson_mistake *mistake)
{
    *lesson = (struct lesson){.path = mem_copy(str_from(path))};
    *mistake = (struct lesson_mistake){0};
    name_lesson(lesson);
}

static bool read_steps(struct lesson *lesson, struct lesson_mistake *mistake)
{
    struct str text = buffer_str(&lesson->text);
    struct reader reader = {.lesson = lesson, .mistake = mistake, .rest = text};
    return is_text(text, mistake) && read_head(&reader) && read_body(&reader);
}

bool lesson_read(const char *path, void (*change)(struct buffer *text, void *context),
                 void *context, struct lesson *lesson, struct lesson_mistake *mistake)
{
    begin(lesson, path, mistake);
    if (!load_text(path, lesson, mistake))
        return false;
    if (change != NULL)
        change(&lesson->text, context);
    return read_steps(lesson, mistake);
}

bool lesson_read_text(const char *path, struct str text, struct lesson *lesson,
                      struct lesson_mistake *mistake)
{
    begin(lesson, path, mistake);
    buffer_add(&lesson->text, text);
    return read_steps(lesson, mistake);
}

// Where a comment begins, of those that `expectations` counts among them; the line's size for none.
// A # in a string is none.
static size_t find_comment(struct str line, bool expectations)
{
    char quote = '\0';
    for (size_t i = 0; i < line.size; i++) {
        char c = line.data[i];
        char next = i + 1 < line.size ? line.data[i + 1] : '\0';
        if (quote == '"' && c == '\\')
            i++;
        else if (quote != '\0')
            quote = c == quote ? '\0' : quote;
        else if (c == '"' || c == '\'')
            quote = c;
        else if (c == '#')
            return expectations || (next != '=' && next != '|') ? i : line.size;
    }
    return line.size;
}

struct str lesson_line_with_expectation(struct str line)
{
    return str_trim(str_slice(line, 0, find_comment(line, false)), " \t\r");
}

struct str lesson_line_to_type(struct str line)
{
    return str_trim(str_slice(line, 0, find_comment(line, true)), " \t\r");
}

void lesson_finish(struct lesson *lesson)
{
    free(lesson->path);
    for (size_t i = 0; i < lesson->count; i++)
        buffer_finish(&lesson->steps[i].page_text);
    free(lesson->steps);
    free(lesson->programs);
    buffer_finish(&lesson->text);
    *lesson = (struct lesson){0};
}
