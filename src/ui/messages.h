// messages: what actors say to a prompt: a queue that its thread empties, since it alone
// writes to the terminal.

#ifndef SOCKSH_UI_MESSAGES_H
#define SOCKSH_UI_MESSAGES_H

#include <pthread.h>

#include "actor/session.h"
#include "base/buffer.h"

enum message_kind {
    MESSAGE_TEXT,   // to be shown
    MESSAGE_REPORT, // the same of an error: its first word stands out
    MESSAGE_TRACE,  // to be shown dim
    MESSAGE_STYLED, // to be shown with its looks (base/look.h)
    MESSAGE_CLEAR,  // wipe the screen
    MESSAGE_DONE,   // a job of the prompt's own has ended
    MESSAGE_MET,    // which call the actor's has met (ui/met.h); not to be shown as a text
};

struct message {
    enum message_kind kind;
    char actor[64];        // who says it; empty for nobody
    struct buffer text;    // as it was written; made fit for the terminal when it is shown
    const struct job *job; // of MESSAGE_DONE: to be compared only
    struct message *next;  // the one that came after it
};

// A queue with a descriptor that can be polled. A writer waits while much lies unread.
struct messages {
    pthread_mutex_t lock; // guards what follows
    struct message *first, *last;
    size_t size; // octets that the queue takes
    int event;   // eventfd(2): readable while there is something
    // Hears of each message when it is taken, whoever takes it; NULL for nobody. Set by the thread
    // that takes them.
    void (*seen)(const struct message *message);
};

// Before any actor writes, and after the last one has ended: what is unread then is dropped.
void messages_init(struct messages *messages);
void messages_finish(struct messages *messages);

// Takes the text of `text`, which is empty afterwards. `actor` may be NULL; else it may be made to
// wait.
void messages_put(struct messages *messages, enum message_kind kind, const struct actor *actor,
                  struct buffer *text, const struct job *job);

// The same of something that another actor than the writer has to answer for.
void messages_put_as(struct messages *messages, enum message_kind kind, const struct actor *writer,
                     struct str speaker, struct buffer *text);

// Everything in the queue, the oldest first, linked by `next`; NULL when it is empty. The caller
// owns them and frees them together.
struct message *messages_take(struct messages *messages);
void messages_free(struct message *messages);

// Makes the descriptor readable: there is something to look at beside the queue.
void messages_wake(struct messages *messages);

#endif
