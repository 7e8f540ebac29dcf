// view: what a second terminal of the same user may watch of this process: its table of handles,
// and the picture of its conversations.
//
// A thread of its own waits at a door in the folder of lesson/running.h. Who comes in says what is
// wanted and how wide the terminal is ("handles 80\n"; again when it has changed; "diagram 80
// ascii\n" where signs beyond ASCII have no sure width), and is sent the text, with looks
// (base/look.h), each time it is another one: its size in octets, a newline, the text. States
// change by themselves (TIME_WAIT runs out, segments are sent again), so it is drawn anew five
// times a second; but only while somebody watches: else the thread sleeps, and no call costs more
// than without it.

#ifndef SOCKSH_LESSON_VIEW_H
#define SOCKSH_LESSON_VIEW_H

#include <stdbool.h>

#include "actor/session.h"

// Whether `what` can be watched: "diagram", "handles".
bool view_knows(const char *what);

// Whether its end is what has happened last, and therefore what is looked at. It has then one or
// several parts, each behind an empty line and headed by lines that are looked at with any of it.
enum { VIEW_HEAD = 2 };
bool view_grows(const char *what);

// Opens the door; of one session at a time. Where it cannot be opened nobody can watch, and
// nothing else changes. Takes handles_lock().
void view_start(struct session *session);

// Closes it; who watches sees the end. Before session_finish(). Nothing without view_start().
void view_end(void);

#endif
