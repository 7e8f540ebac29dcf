// lesson: whatever a lesson's file or its answers hold, what is read of it lies in the text, within
// the bounds that are promised, and a mistake is one line.

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lesson/answers.h"
#include "lesson/lesson.h"

static void expect(bool holds)
{
    if (!holds)
        abort();
}

// A slice of the text, or none.
static void check_slice(struct str slice, const struct buffer *text)
{
    if (slice.size == 0)
        return;
    expect(slice.data >= text->data);
    expect(slice.data + slice.size <= text->data + text->size);
}

// It also begins at the line that it says.
static void check_passage(struct passage passage, const struct buffer *text)
{
    unsigned line = 1;
    check_slice(passage.text, text);
    if (passage.text.size == 0)
        return;
    for (const char *c = text->data; c < passage.text.data; c++)
        line += *c == '\n' ? 1 : 0;
    expect(passage.line == line);
}

static void check_question(const struct question *question, const struct buffer *text)
{
    size_t right = 0;
    if (question->ask.line == 0)
        return;
    expect(question->count >= 2 && question->count <= LESSON_OPTIONS);
    expect(question->ask.text.size > 0 && question->reason.size > 0);
    check_slice(question->reason, text);
    for (size_t i = 0; i < question->count; i++) {
        check_slice(question->options[i].text.text, text);
        check_slice(question->options[i].outcome, text);
        right += question->options[i].right ? 1 : 0;
    }
    expect(right == 1);
}

static void check_step(const struct step *step, const struct buffer *text)
{
    expect(step->hint_count <= LESSON_HINTS);
    expect(!step->code.task || step->check.line > 0);
    expect(step->challenge.line == 0 || step->code.task);
    expect(step->question.ask.line == 0 || step->code.passage.line > 0);
    check_passage(step->code.passage, text);
    check_passage(step->check, text);
    check_passage(step->challenge, text);
    check_passage(step->notes, text);
    for (size_t i = 0; i < step->hint_count; i++)
        check_passage(step->hints[i], text);
    expect(step->code.passage.line == 0 || lesson_is_actor(step->code.actor) ||
           str_is(step->code.actor, "main"));
    check_question(&step->question, text);
}

static void check_lines(struct str text)
{
    while (text.size > 0) {
        struct str line = str_take_line(&text);
        expect(lesson_line_to_type(line).size <= lesson_line_with_expectation(line).size);
    }
}

static void check_lesson(const struct lesson *lesson)
{
    expect(lesson->count <= LESSON_STEPS && lesson->title.size > 0 && lesson->minutes.size > 0);
    for (size_t i = 0; i < lesson->count; i++) {
        expect(lesson->steps[i].number == i + 1);
        check_step(&lesson->steps[i], &lesson->text);
    }
    for (size_t i = 0; i < lesson->program_count; i++) {
        struct str name = lesson->programs[i].name;
        expect(name.size > 0 && name.size < LESSON_NAME &&
               memchr(name.data, '/', name.size) == NULL);
        expect(name.data[0] != '.' && name.data[0] != '-');
        check_passage(lesson->programs[i].passage, &lesson->text);
    }
    check_lines(buffer_str(&lesson->text));
}

static void check_answers(const struct answers *answers)
{
    for (size_t i = 0; i < answers->count; i++) {
        expect(answers->items[i].task > 0 && lesson_is_actor(answers->items[i].actor));
        check_passage(answers->items[i].passage, &answers->text);
    }
}

static void check_mistake(const struct lesson_mistake *mistake)
{
    expect(mistake->text[0] != '\0' && strchr(mistake->text, '\n') == NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = {(const char *)data, size};
    struct lesson lesson;
    struct answers answers;
    struct lesson_mistake mistake;
    if (lesson_read_text("05-hello/en.md", text, &lesson, &mistake))
        check_lesson(&lesson);
    else
        check_mistake(&mistake);
    lesson_finish(&lesson);
    if (answers_read_text(text, &answers, &mistake))
        check_answers(&answers);
    else
        check_mistake(&mistake);
    answers_finish(&answers);
    return 0;
}
