// question: reading a `predict` block.

#include "lesson/question.h"

#include "base/message.h"

// "- [x] succeed at once   #=> done"
static bool add_option(struct question *question, struct str line, unsigned number,
                       struct lesson_mistake *mistake)
{
    struct str text = str_slice(line, 5, line.size);
    size_t mark = str_find(text, STR("#=>"), 0);
    struct guess option = {
        .text = {str_trim(str_slice(text, 0, mark), " \t"), number},
        .outcome =
            mark == SIZE_MAX ? STR("") : str_trim(str_slice(text, mark + 3, text.size), " \t"),
        .right = line.data[3] == 'x',
    };
    if (question->count == LESSON_OPTIONS)
        return lesson_mistaken(mistake, number, _("a question has at most %d options"),
                               LESSON_OPTIONS);
    question->options[question->count++] = option;
    return true;
}

static bool is_option(struct str line)
{
    return str_starts(line, STR("- [ ]")) || str_starts(line, STR("- [x]"));
}

// One is right; outcomes are foretold by all options or by none.
static bool look_at(const struct question *question, struct lesson_mistake *mistake)
{
    size_t right = 0, foretold = 0;
    for (size_t i = 0; i < question->count; i++) {
        right += question->options[i].right ? 1 : 0;
        foretold += question->options[i].outcome.size > 0 ? 1 : 0;
    }
    if (question->ask.text.size == 0 || question->count < 2)
        return lesson_mistaken(mistake, question->ask.line,
                               _("a question wants a text and at least two options"));
    if (right != 1)
        return lesson_mistaken(mistake, question->ask.line,
                               _("one option is the right one: - [x]"));
    if (foretold != 0 && foretold != question->count)
        return lesson_mistaken(mistake, question->ask.line,
                               _("either all options foretell an outcome, or none"));
    if (question->reason.size == 0)
        return lesson_mistaken(mistake, question->ask.line,
                               _("below the options, say why the right one is right"));
    return true;
}

// All that stands below the options.
static bool read_reason(struct question *question, struct str text, unsigned number,
                        struct lesson_mistake *mistake)
{
    question->reason = str_trim(text, " \t\r\n");
    for (; text.size > 0; number++)
        if (str_starts(str_take_line(&text), STR("- [")))
            return lesson_mistaken(
                mistake, number,
                _("an option is one line, \"- [ ] …\" or \"- [x] …\", and stands "
                  "above the reason"));
    return true;
}

bool question_read(struct passage block, struct question *question, struct lesson_mistake *mistake)
{
    struct str rest = block.text;
    unsigned number = block.line;
    *question = (struct question){.ask = {{rest.data, 0}, block.line}};
    for (; rest.size > 0; number++) {
        struct str start = rest, line = str_trim(str_take_line(&rest), "\r");
        if (is_option(line)) {
            if (!add_option(question, line, number, mistake))
                return false;
        } else if (question->count == 0) {
            question->ask.text = str_trim(str_span(question->ask.text, line), " \t\r\n");
        } else if (str_trim(line, " \t").size > 0) {
            if (!read_reason(question, start, number, mistake))
                return false;
            break;
        }
    }
    return look_at(question, mistake);
}
