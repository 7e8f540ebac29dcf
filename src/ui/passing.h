// passing: the packets that pass while a lesson is played, on a board, beside the statements that
// caused them.
//
// Which statements those are is told by calls and by what the packet answers, never by the clock:
// a packet stands beside the line whose call it came from; what acknowledges, answers or is sent
// again stands with what it belongs to.

#ifndef SOCKSH_UI_PASSING_H
#define SOCKSH_UI_PASSING_H

#include "ui/board.h"

// Whether packets can be seen; then they are followed from now on. Once.
bool passing_start(void);

// Follows no more, and forgets all.
void passing_finish(void);

// Statements have been put on the board as its turn `turn`, and are not run so far.
void passing_turn(unsigned turn);

// Puts what has passed since the last time on the board. May take some milliseconds. Nothing unless
// packets are followed.
void passing_look(struct board *board);

// Puts what has passed in the last turn on the board anew, once everybody is at rest: who talks
// through a socket may have become known only after what came to it.
void passing_settle(struct board *board);

// Whether something that was sent in the last turn is still to be acknowledged, and can be.
bool passing_is_under_way(void);

#endif
