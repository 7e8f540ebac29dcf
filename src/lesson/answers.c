// answers: reading the file of answers.

#include "lesson/answers.h"

#include <stdlib.h>

#include "actor/load.h"
#include "base/memory.h"
#include "base/message.h"

// "```right client": what the answer is and whose. False when it is neither right nor wrong.
static bool read_info(struct str info, struct answer *answer)
{
    size_t blank = str_find(info, STR(" "), 0);
    struct str word = str_slice(info, 0, blank);
    answer->actor = str_trim(str_slice(info, word.size, info.size), " \t");
    if (answer->actor.size == 0)
        answer->actor = STR("main");
    answer->right = str_is(word, "right");
    return answer->right || str_is(word, "wrong");
}

// The lines up to the closing fence. False when there is none.
static bool read_lines(struct str *rest, unsigned *line, struct passage *passage)
{
    struct str start = *rest;
    *passage = (struct passage){{start.data, 0}, *line + 1};
    while (rest->size > 0) {
        passage->text.size = (size_t)(rest->data - start.data);
        struct str next = str_take_line(rest);
        ++*line;
        if (str_starts(next, STR("```")))
            return true;
    }
    return false;
}

static bool add_answer(struct answers *answers, struct str info, struct str *rest, unsigned *line,
                       unsigned task, struct lesson_mistake *mistake)
{
    struct answer answer = {.task = task};
    unsigned fence = *line;
    if (task == 0)
        return lesson_mistaken(mistake, fence, _("an answer stands below the heading of its task"));
    if (!read_info(info, &answer))
        return lesson_mistaken(mistake, fence, _("an answer is right or wrong: ```right client"));
    if (!lesson_is_actor(answer.actor))
        return lesson_mistaken(mistake, fence, _("\"%.*s\" is not the name of an actor"),
                               STR_ARG(answer.actor));
    if (!read_lines(rest, line, &answer.passage))
        return lesson_mistaken(mistake, fence, _("this block has no end"));
    answers->items = mem_grow(answers->items, answers->count, &answers->capacity, sizeof answer);
    answers->items[answers->count++] = answer;
    return true;
}

static bool read_all(struct answers *answers, struct lesson_mistake *mistake)
{
    unsigned line = 0, task = 0;
    struct str rest = buffer_str(&answers->text);
    while (rest.size > 0) {
        struct str text = str_trim(str_take_line(&rest), " \t\r");
        line++;
        if (str_starts(text, STR("# ")))
            task++;
        else if (str_starts(text, STR("```")) &&
                 !add_answer(answers, str_slice(text, 3, text.size), &rest, &line, task, mistake))
            return false;
    }
    return true;
}

bool answers_read(const char *path, struct answers *answers, struct lesson_mistake *mistake)
{
    char why[200];
    *answers = (struct answers){0};
    *mistake = (struct lesson_mistake){0};
    if (!load_file(str_from(path), &answers->text, why, sizeof why))
        return lesson_mistaken(mistake, 0, _("it cannot be read: %s"), why);
    return read_all(answers, mistake);
}

bool answers_read_text(struct str text, struct answers *answers, struct lesson_mistake *mistake)
{
    *answers = (struct answers){0};
    *mistake = (struct lesson_mistake){0};
    buffer_add(&answers->text, text);
    return read_all(answers, mistake);
}

void answers_finish(struct answers *answers)
{
    free(answers->items);
    buffer_finish(&answers->text);
    *answers = (struct answers){0};
}
