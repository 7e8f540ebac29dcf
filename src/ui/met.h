// met: which call of one actor met which of another: whose connection an accept took, whose octets
// a receive got, whose close ended a stream.
//
// It is told by addresses of both ends and by counts of octets, never by the order of events: a
// receive may return before the send that it got something from.

#ifndef SOCKSH_UI_MET_H
#define SOCKSH_UI_MET_H

#include <stdbool.h>

#include "ui/messages.h"

// Follows the calls of all actors from now on; main's as well, which must be idle. Each meeting
// becomes a MESSAGE_MET of the actor whose call ended, before the trace of that call. Once.
void met_start(struct session *session, struct messages *messages);

// Follows no more, and lets everything go. Actors may still run.
void met_finish(void);

// Whether notes are made of what calls have done (commands/note.h). They are at first.
void met_want_notes(bool wanted);

// Whether calls are told of that meet over a network; those of AF_UNIX are told of always. They are
// at first.
void met_want_inet(bool wanted);

// What a MESSAGE_MET says.
struct meeting {
    struct str from;  // the other actor
    struct str label; // its call, or the octets as a string, shortened
    struct str count; // how many octets; empty for a call
};

// Reads its text; the parts are borrowed from that.
struct meeting met_read(struct str text);

#endif
