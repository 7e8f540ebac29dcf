// play_loop: what goes on while a lesson is played, beside the lesson: it hears messages, signals
// and keys, draws the board, and says when the next thing is to be shown.

#ifndef SOCKSH_UI_PLAY_LOOP_H
#define SOCKSH_UI_PLAY_LOOP_H

#include "ui/board.h"
#include "ui/guide.h"

enum { LOOP_KEYS = 64 }; // that are typed ahead

// Why nothing is shown any more.
enum leave {
    LEAVE_NOT,
    LEAVE_TAKEN, // a person takes the keyboard over
    LEAVE_END,   // the prompt is to end; at `wanted` it begins again, unless that is 0
};

struct loop {
    struct guide_host host;
    struct board board;
    struct str acts;    // the actor whose line it is
    const char *status; // in the last line while nothing else is to be said; NULL for nothing
    bool quiet;         // nothing is drawn
    atomic_bool taken;  // a person types at the prompt

    bool held;     // nothing goes on by itself
    bool stepped;  // a key, and not time, ended the last loop_wait()
    unsigned pace; // in quarters
    enum leave leave;
    unsigned wanted; // the step to begin at again, on a fresh network

    int watched;     // epoll(7): the keyboard, signals and messages
    bool asks_step;  // the number behind `g` …
    unsigned number; // … so far
    int keys[LOOP_KEYS];
    size_t key_count;
};

// Once; all but `host` is empty. What actors say is on the board from now on, whoever takes the
// messages.
void loop_start(struct loop *loop);
void loop_finish(struct loop *loop);

// Takes all that came, and draws. Returns whether that has to be done again without anybody's
// telling: some actor waits in a call, or packets are seen.
bool loop_hear(struct loop *loop);

// Draws. Returns the same.
bool loop_draw(struct loop *loop);

// Of a key that was pressed again and again, while nothing came of it, once is enough.
void loop_merge_keys(struct loop *loop);

// Whether somebody has typed what ends the show, or begins it again, and is not heard yet.
bool loop_is_to_end(const struct loop *loop);

// Waits until what the last statements have sent is acknowledged, but not for long; what came of
// them is then on the board, whatever else the kernel had to do.
void loop_settle(struct loop *loop);

// Lets some milliseconds of pace 1 pass: less when a key goes on, as long as it takes while the
// show is held. LOOP_FOREVER waits for a key. False when nothing is to be shown any more.
enum { LOOP_FOREVER = -1 };
bool loop_wait(struct loop *loop, long long milliseconds);

#endif
