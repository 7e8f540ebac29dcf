// messages: a queue from many actors to the prompt's thread.

#include "ui/messages.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "actor/actor.h"
#include "base/memory.h"
#include "net/handle.h"

// Enough to keep the terminal busy; little enough that Ctrl-C is not followed by seconds of text.
enum { UNREAD_MOST = 64 * 1024 };

// What a message counts for: many small ones are much, too.
static size_t weight(const struct message *message)
{
    return sizeof *message + message->text.size;
}

void messages_init(struct messages *messages)
{
    *messages = (struct messages){0};
    pthread_mutex_init(&messages->lock, NULL);
    handles_lock();
    messages->event = handle_hide(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    handles_unlock();
}

void messages_free(struct message *messages)
{
    while (messages != NULL) {
        struct message *next = messages->next;
        buffer_finish(&messages->text);
        free(messages);
        messages = next;
    }
}

void messages_finish(struct messages *messages)
{
    messages_free(messages_take(messages));
    close(messages->event);
    pthread_mutex_destroy(&messages->lock);
}

void messages_wake(struct messages *messages)
{
    uint64_t one = 1;
    ssize_t written = write(messages->event, &one, sizeof one);
    (void)written; // a full counter is readable already
}

// Takes the queue's lock.
static bool is_full(struct messages *messages)
{
    pthread_mutex_lock(&messages->lock);
    bool full = messages->size > UNREAD_MOST;
    pthread_mutex_unlock(&messages->lock);
    return full;
}

// Lets the writer sleep until the prompt has taken what lies there. Who takes it calls
// wait_notify_rest(): there is no wake-up of its own for this.
static void wait_for_room(struct messages *messages, struct actor *actor)
{
    int stop = 0;
    wait_watch_rest(&actor->waiter, true);
    while (stop == 0 && is_full(messages))
        stop = wait_pause(&actor->waiter, NULL);
    wait_watch_rest(&actor->waiter, false);
    if (stop == EINTR) // what was to be said is said; the loop that says it, or its next call, ends
        atomic_store(&actor->waiter.interrupted, true);
}

static struct message *new_message(enum message_kind kind, struct str speaker, struct buffer *text)
{
    struct message *message = mem_zero(sizeof *message);
    message->kind = kind;
    snprintf(message->actor, sizeof message->actor, "%.*s", STR_ARG(speaker));
    message->text = *text;
    *text = (struct buffer){0};
    return message;
}

static void append(struct messages *messages, struct message *message)
{
    pthread_mutex_lock(&messages->lock);
    if (messages->last != NULL)
        messages->last->next = message;
    else
        messages->first = message;
    messages->last = message;
    messages->size += weight(message);
    pthread_mutex_unlock(&messages->lock);
    messages_wake(messages);
}

void messages_put(struct messages *messages, enum message_kind kind, const struct actor *actor,
                  struct buffer *text, const struct job *job)
{
    struct str speaker = actor != NULL ? str_from(actor->name) : STR("");
    struct message *message = new_message(kind, speaker, text);
    message->job = job;
    // What a job has to say at its end is never held back: the prompt waits for just that.
    if (actor != NULL && kind != MESSAGE_DONE && is_full(messages))
        wait_for_room(messages, (struct actor *)actor);
    append(messages, message);
}

void messages_put_as(struct messages *messages, enum message_kind kind, const struct actor *writer,
                     struct str speaker, struct buffer *text)
{
    struct message *message = new_message(kind, speaker, text);
    if (is_full(messages))
        wait_for_room(messages, (struct actor *)writer);
    append(messages, message);
}

struct message *messages_take(struct messages *messages)
{
    uint64_t count;
    pthread_mutex_lock(&messages->lock);
    // Under the lock: a message that comes later makes the descriptor readable again.
    ssize_t got = read(messages->event, &count, sizeof count);
    (void)got; // nothing to read when it was looked at for another reason
    struct message *taken = messages->first;
    messages->first = messages->last = NULL;
    messages->size = 0;
    pthread_mutex_unlock(&messages->lock);
    if (taken != NULL)
        wait_notify_rest(); // writers that wait for room
    for (const struct message *message = taken; message != NULL; message = message->next)
        if (messages->seen != NULL)
            messages->seen(message);
    return taken;
}
