// scene: a lesson's statements read for a stage, and their lines one after the other.

#include "lesson/stage.h"

// What the option that is right says of the last statement.
static struct str foretold_by(const struct question *question)
{
    for (size_t i = 0; i < question->count; i++)
        if (question->options[i].right)
            return question->options[i].outcome;
    return STR("");
}

bool stage_read_passage(struct stage *stage, struct passage passage, struct str actor,
                        struct scene *scene, struct buffer *why)
{
    struct buffer text = {0};
    // Blank lines before it, so that its lines have the numbers that they have in the file.
    for (unsigned line = 1; line < passage.line; line++)
        buffer_add_char(&text, '\n');
    buffer_add(&text, passage.text);
    struct reading reading = program_read(&stage->session->world, str_from(stage->path),
                                          buffer_str(&text), actor, stage->session->load);
    if (reading.program == NULL)
        source_show_diag(reading.source, &reading.diag, why);
    buffer_finish(&text);
    *scene = (struct scene){.program = reading.program, .actor = actor};
    return reading.program != NULL;
}

bool stage_read(struct stage *stage, const struct step *step, struct scene *scene,
                struct buffer *why)
{
    bool good = stage_read_passage(stage, step->code.passage, step->code.actor, scene, why);
    scene->ordinary = step->code.ordinary;
    scene->foretold = foretold_by(&step->question);
    return good;
}

// Whether nothing but blanks and a semicolon stands between the two: they are one line then.
static bool goes_on(struct str text, const struct node *before, const struct node *next)
{
    for (size_t i = before->range.end; i < next->range.start; i++)
        if (!char_is_one_of(text.data[i], "; \t"))
            return false;
    return before->type != NODE_EXPECT;
}

struct line scene_line(const struct scene *scene, size_t *at)
{
    struct nodes all = scene->program->block->list;
    size_t from = *at, to = *at;
    if (from >= all.count)
        return (struct line){0};
    for (to++;
         to < all.count && goes_on(scene->program->source.text, all.items[to - 1], all.items[to]);)
        to++;
    *at = to;
    return (struct line){
        &all.items[from], to - from, {all.items[from]->range.start, all.items[to - 1]->range.end}};
}
