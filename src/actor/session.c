// session: beginning and ending of a run.

#include "actor/session.h"

#include <stdlib.h>

#include "actor/actor.h"
#include "actor/thread.h"
#include "base/look.h"
#include "base/memory.h"

void session_init(struct session *session, struct sink *sink)
{
    *session = (struct session){.sink = sink, .args = value_list(0)};
    wait_register(&session->finisher);
    world_init(&session->world);
    pthread_mutex_init(&session->lock, NULL);
}

void session_write(struct session *session, enum stream stream, const struct actor *actor,
                   struct str text)
{
    struct buffer plain = {0};
    if (stream == STREAM_STYLED && !session->shows_looks) {
        look_strip(text, &plain);
        text = buffer_str(&plain);
        stream = STREAM_OUTPUT;
    }
    if (text.size > 0)
        session->sink->write(session->sink, stream, actor, text);
    buffer_finish(&plain);
}

void session_quit(struct session *session, int status)
{
    pthread_mutex_lock(&session->lock);
    if (!atomic_load(&session->quitting)) // who quits first says the status
        atomic_store(&session->quit_status, status);
    atomic_store(&session->quitting, true);
    for (struct actor *actor = session->actors; actor != NULL; actor = actor->next)
        thread_end(actor);
    pthread_mutex_unlock(&session->lock);
    if (session->wake != NULL)
        session->wake(session);
}

// Asks every thread to end, under the list's lock, so that no new one is missed: a thread that is
// being made is in the list already.
static void end_all(struct session *session)
{
    pthread_mutex_lock(&session->lock);
    atomic_store(&session->ending, true);
    for (struct actor *actor = session->actors; actor != NULL; actor = actor->next)
        thread_end(actor);
    pthread_mutex_unlock(&session->lock);
}

void session_finish(struct session *session)
{
    end_all(session);
    thread_join_all(session);
    // No thread is left: from here on nothing needs a lock.
    while (session->actors != NULL) {
        struct actor *actor = session->actors;
        session->actors = actor->next;
        if (actor->state != ACTOR_ENDED) { // main of a script, which has no thread
            interp_finish(&actor->interp);
            wait_unregister(&actor->waiter);
        }
        thread_report_unjoined(actor);
        actor_release(actor);
    }
    free(session->spawned_counts);
    names_finish(&session->spawned_names);
    value_release(session->args);
    value_release(session->last_error);
    world_finish(&session->world);
    wait_unregister(&session->finisher);
    pthread_mutex_destroy(&session->lock);
}
