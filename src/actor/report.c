// report: errors in words, with the actor's name and the place.

#include "actor/report.h"

#include "base/message.h"

void report_show_error(struct value error, struct buffer *to)
{
    if (error.type == TYPE_ERROR && error.error->here != NULL)
        buffer_print(to, "%s: %s", error.error->name->name, error.error->here);
    else
        value_show(error, to);
}

// A line of its own, set off as the place is.
static void show_advice(struct value error, struct buffer *to)
{
    if (error.type == TYPE_ERROR && error.error->advice != NULL && error.error->advice[0])
        buffer_print(to, _("  try: %s\n"), error.error->advice);
}

// The place where the error was raised first, when that is another one.
static void show_origin(const struct failure *failure, struct buffer *to)
{
    const struct error *error = failure->error.error;
    if (error->program == NULL || failure_is_first(failure))
        return;
    if (error->raiser != NULL)
        buffer_print(to, _("in %s: "), error->raiser);
    source_show_remark(&error->program->source, _("it was raised here"), error->range, to);
}

void report_show_failure(const struct failure *failure, const char *who, struct buffer *to)
{
    struct buffer text = {0};
    report_show_error(failure->error, &text);
    if (who != NULL)
        buffer_print(to, _("in %s: "), who);
    source_show_error(&failure->program->source, buffer_text(&text), "", failure->range, to);
    show_advice(failure->error, to);
    show_origin(failure, to);
    buffer_finish(&text);
}

// One line with one statement, of which the error tells by itself which call it was.
static bool stands_above(const struct actor *actor, const struct node *node)
{
    const struct failure *failure = &actor->interp.failure;
    const struct program *program = actor->interp.program;
    return failure->program == program && program->source.name.size == 0 &&
           program->source.line_count == 1 && program->block->list.count == 1 &&
           (node->type != NODE_AT || node->at.block->list.count == 1) &&
           failure->error.error->here != NULL;
}

void report_show_typed(const struct actor *actor, const struct node *node, struct buffer *to)
{
    const struct failure *failure = &actor->interp.failure;
    if (!stands_above(actor, node)) {
        report_show_failure(failure, NULL, to);
        return;
    }
    buffer_print(to, "%s: ", _("error"));
    report_show_error(failure->error, to);
    buffer_add_char(to, '\n');
    show_advice(failure->error, to);
    show_origin(failure, to);
}

void report_failure(struct actor *actor, const struct failure *failure)
{
    struct buffer text = {0};
    report_show_failure(failure, actor->name, &text);
    session_write(actor->session, STREAM_REPORT, actor, buffer_str(&text));
    buffer_finish(&text);
}

void report_job(struct actor *actor, struct job *job)
{
    const struct observer *observer = &actor->session->observer;
    // The prompt shows a value as well; a script, which has no observer, has no use for one.
    if (observer->finished != NULL)
        observer->finished(observer->context, actor, job);
    else if (job->failed)
        report_failure(actor, &job->failure);
}
