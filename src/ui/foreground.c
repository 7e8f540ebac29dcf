// foreground: the actors that were talked to, the latest first.

#include "ui/foreground.h"

#include <stdio.h>
#include <string.h>

#include "base/message.h"
#include "ui/screen.h"

enum { REMEMBERED = 16 }; // names; who has more actors than that types @NAME

// The latest first; empty behind the last. Names and no references: an actor that was killed comes
// back under its name.
static char talked_to[REMEMBERED][sizeof((struct actor *)0)->name];

void foreground_note(const char *name)
{
    size_t at = 0;
    while (at < REMEMBERED - 1 && talked_to[at][0] && strcmp(talked_to[at], name) != 0)
        at++;
    // `name` may be one of those that move.
    char copy[sizeof talked_to[0]];
    snprintf(copy, sizeof copy, "%s", name);
    memmove(talked_to[1], talked_to[0], at * sizeof talked_to[0]);
    memcpy(talked_to[0], copy, sizeof copy);
}

// Takes the actor's lock. It may have work a moment later, which does no harm.
static bool is_idle(struct actor *actor)
{
    pthread_mutex_lock(&actor->lock);
    bool idle = actor->state == ACTOR_IDLE;
    pthread_mutex_unlock(&actor->lock);
    return idle;
}

// A name that nobody has: two, three …
static struct actor *make_new(struct session *session)
{
    static const char *const names[] = {"two", "three", "four", "five", "six", "seven", "eight"};
    char name[32];
    for (size_t i = 0;; i++) {
        if (i < sizeof names / sizeof *names)
            snprintf(name, sizeof name, "%s", names[i]);
        else
            snprintf(name, sizeof name, "actor%zu", i + 2);
        struct actor *taken = actor_find(session, str_from(name));
        if (taken == NULL)
            return actor_named(session, str_from(name));
        actor_release(taken);
    }
}

struct actor *foreground_next(struct session *session, const struct actor *left, bool *made)
{
    struct actor *next = NULL;
    for (size_t i = 0; next == NULL && i < REMEMBERED && talked_to[i][0]; i++) {
        struct actor *actor = actor_find(session, str_from(talked_to[i]));
        if (actor != NULL && actor != left && is_idle(actor))
            next = actor;
        else if (actor != NULL)
            actor_release(actor);
    }
    *made = next == NULL;
    if (*made)
        next = make_new(session);
    *made = *made && next != NULL;
    if (next != NULL)
        foreground_note(next->name);
    return next;
}

bool foreground_tell_wait(struct actor *actor)
{
    struct buffer call = {0};
    bool waits = wait_is_waiting(&actor->waiter) && actor_show_call(actor, &call) &&
                 !str_starts(buffer_str(&call), STR("input"));
    if (waits)
        screen_print_faint(_("        %s waits.  Ctrl-C ends it · Ctrl-Z leaves it waiting\n"),
                           buffer_text(&call));
    buffer_finish(&call);
    return waits;
}
