// report: errors in words, with the actor's name and the place.

#include "actor/report.h"

#include "base/message.h"

void report_show_failure(const struct failure *failure, const char *who, struct buffer *to)
{
    struct buffer text = {0};
    value_show(failure->error, &text);
    if (who != NULL)
        buffer_print(to, _("in %s: "), who);
    source_show_error(&failure->program->source, buffer_text(&text), "", failure->range, to);
    buffer_finish(&text);
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
