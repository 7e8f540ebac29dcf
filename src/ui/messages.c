// messages: a queue from many actors to the prompt's thread.

#include "ui/messages.h"

#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "actor/actor.h"
#include "base/memory.h"
#include "net/handle.h"

enum { UNREAD_MOST = 1024 * 1024 };

void messages_init(struct messages *messages)
{
    *messages = (struct messages){0};
    pthread_mutex_init(&messages->lock, NULL);
    handles_lock();
    messages->event = handle_hide(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    handles_unlock();
}

void message_free(struct message *message)
{
    buffer_finish(&message->text);
    free(message);
}

void messages_finish(struct messages *messages)
{
    for (struct message *message; (message = messages_take(messages)) != NULL;)
        message_free(message);
    close(messages->event);
    pthread_mutex_destroy(&messages->lock);
}

void messages_wake(struct messages *messages)
{
    uint64_t one = 1;
    ssize_t written = write(messages->event, &one, sizeof one);
    (void)written; // a full counter is readable already
}

static bool is_full(struct messages *messages)
{
    pthread_mutex_lock(&messages->lock);
    bool full = messages->size > UNREAD_MOST;
    pthread_mutex_unlock(&messages->lock);
    return full;
}

static void wait_for_room(struct messages *messages, struct actor *actor)
{
    wait_watch_rest(&actor->waiter, true);
    while (is_full(messages) && wait_pause(&actor->waiter, NULL) == 0)
        continue;
    wait_watch_rest(&actor->waiter, false);
}

void messages_put(struct messages *messages, enum message_kind kind, const struct actor *actor,
                  struct buffer *text, const struct job *job)
{
    struct message *message = mem_zero(sizeof *message);
    message->kind = kind;
    message->text = *text;
    message->job = job;
    *text = (struct buffer){0};
    if (actor != NULL) {
        memcpy(message->actor, actor->name, sizeof message->actor);
        if (kind != MESSAGE_DONE && is_full(messages))
            wait_for_room(messages, (struct actor *)actor);
    }
    pthread_mutex_lock(&messages->lock);
    if (messages->last != NULL)
        messages->last->next = message;
    else
        messages->first = message;
    messages->last = message;
    messages->size += message->text.size;
    pthread_mutex_unlock(&messages->lock);
    messages_wake(messages);
}

struct message *messages_take(struct messages *messages)
{
    pthread_mutex_lock(&messages->lock);
    struct message *message = messages->first;
    if (message != NULL) {
        messages->first = message->next;
        if (messages->first == NULL)
            messages->last = NULL;
        messages->size -= message->text.size;
    } else {
        uint64_t count;
        ssize_t got = read(messages->event, &count, sizeof count);
        (void)got;
    }
    pthread_mutex_unlock(&messages->lock);
    if (message != NULL && messages->size == 0)
        wait_notify_rest(); // writers that wait for room
    return message;
}
