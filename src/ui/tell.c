// tell: what actors do and say, in their threads, as messages for the prompt's thread.

#include "ui/tell.h"

#include "actor/report.h"
#include "actor/variables.h"
#include "base/message.h"
#include "base/utf8.h"
#include "ui/show.h"

static struct messages *messages; // of the prompt, of which there is one a process

// Called by any actor: all that it writes becomes a message.
static void write_sink(struct sink *sink, enum stream stream, const struct actor *actor,
                       struct str text)
{
    static const enum message_kind kinds[] = {
        [STREAM_OUTPUT] = MESSAGE_TEXT,   [STREAM_TRACE] = MESSAGE_TRACE,
        [STREAM_REPORT] = MESSAGE_REPORT, [STREAM_STYLED] = MESSAGE_STYLED,
        [STREAM_CLEAR] = MESSAGE_CLEAR,
    };
    struct buffer copy = {0};
    (void)sink;
    buffer_add(&copy, text);
    messages_put(messages, kinds[stream], actor, &copy, NULL);
}

// In the actor's thread: what an earlier @ of this actor left behind is not this statement's.
static void statement_begins(void *context, struct actor *actor, const struct node *node)
{
    (void)context;
    (void)node;
    actor->interp.left_waiting = NULL;
    actor->interp.note.node = NULL;
}

void tell_where(struct actor *left, struct buffer *to)
{
    struct buffer call = {0};
    bool waits = actor_show_call(left, &call);
    size_t queued = actor_queued(left);
    if (waits && queued > 0)
        buffer_print(to, _("%s still waits in %s; statements queued behind that: %zu"), left->name,
                     buffer_text(&call), queued);
    else if (waits)
        buffer_print(to, _("%s is left waiting in %s"), left->name, buffer_text(&call));
    else
        buffer_print(to, _("%s goes on by itself"), left->name);
    buffer_finish(&call);
}

// Says where the actor stands that an @ has handed statements to.
static void show_given(struct actor *giver, const struct node *node, struct buffer *to)
{
    struct actor *actor = actor_find(giver->session, node->at.name);
    if (actor == NULL)
        return;
    tell_where(actor, to);
    buffer_add_char(to, '\n');
    actor_release(actor);
}

// Who has run it: of an @ the actor named there, whose trace stands above the value.
static struct str runner_of(const struct node *node, const struct actor *actor)
{
    struct str name = str_from(actor->name);
    while (node->type == NODE_AT && node->at.block->list.count > 0) {
        name = node->at.name;
        node = node->at.block->list.items[node->at.block->list.count - 1];
    }
    return name;
}

// Columns of "server │ ".
static size_t columns_of(struct str speaker)
{
    return utf8_width(speaker) + 3;
}

// A statement typed here has ended, in its actor's thread: its value or its error is the next
// message.
static bool statement_ended(void *context, struct actor *actor, const struct node *node,
                            struct value value, bool failed)
{
    struct buffer text = {0};
    struct str speaker = str_from(actor->name);
    (void)context;
    variables_note(actor);
    if (failed && !atomic_load(&actor->waiter.ended))
        report_show_typed(actor, node, &text);
    else if (!failed && node->type == NODE_AT && actor->interp.left_waiting == node)
        show_given(actor, node, &text);
    else if (!failed && atomic_load(&actor->session->show_values)) {
        speaker = runner_of(node, actor);
        size_t before = str_is(speaker, actor->name) ? 0 : columns_of(speaker);
        show_result(node, value, &actor->interp.note, before, &text);
    }
    if (text.size > 0)
        messages_put_as(messages, failed ? MESSAGE_REPORT : MESSAGE_TEXT, actor, speaker, &text);
    return !failed;
}

// In the actor's thread: a job has ended for which no actor waits. Those typed here are waited for
// by the prompt; the others were left waiting, and what they gave in the end is said.
static void job_finished(void *context, struct actor *actor, const struct job *job)
{
    struct buffer text = {0};
    (void)context;
    variables_note(actor);
    if (job->watch_top) {
        messages_put(messages, MESSAGE_DONE, actor, &text, job);
        return;
    }
    if (job->failed)
        report_show_failure(&job->failure, NULL, &text);
    else
        show_result(job->block->list.items[job->block->list.count - 1], job->last, &job->note,
                    columns_of(str_from(actor->name)), &text);
    if (text.size > 0)
        messages_put(messages, job->failed ? MESSAGE_REPORT : MESSAGE_TEXT, actor, &text, NULL);
}

// The session has something to say to the prompt: that it ends.
static void wake(struct session *session)
{
    (void)session;
    messages_wake(messages);
}

void tell_start(struct session *session, struct messages *to)
{
    static struct sink sink = {.write = write_sink};
    messages = to;
    session_init(session, &sink);
    session->observer = (struct observer){NULL, statement_begins, statement_ended, job_finished};
    session->wake = wake;
    session->notes_variables = true;
    session->shows_looks = true;
}
