// play_screen: the whole terminal as a place to show frames on, and its keys one by one.
//
// Only sequences of ECMA-48 and DEC's VT220 are written, and xterm's for the alternate screen,
// which others ignore. Rows that stay as they were are not written again.

#ifndef SOCKSH_UI_PLAY_SCREEN_H
#define SOCKSH_UI_PLAY_SCREEN_H

#include <stdbool.h>
#include <stdio.h>

#include "base/str.h"
#include "ui/edit_terminal.h"

// Keys that are no single octet.
enum {
    KEY_NONE = 0,
    KEY_GONE = -1,
    KEY_UP = 0x101,
    KEY_DOWN,
    KEY_PAGE_UP,
    KEY_PAGE_DOWN,
    KEY_OTHER
};

// Once. Both are the terminal's.
void play_screen_start(FILE *in, FILE *out);

// Whether frames can be shown on the terminal: TERM says that its cursor can be moved.
bool play_screen_is_able(void);

// Keys come one by one and are not shown, and all of the screen is ours; and back again. `stays`:
// the picture stays, for another process goes on with it.
void play_screen_enter(void);
void play_screen_leave(bool stays);

struct edit_size play_screen_size(void);

// Shows a frame: as many lines as there are rows.
void play_screen_show(struct str frame);

// All of it is written next time.
void play_screen_forget(void);

// The next key that was pressed; KEY_NONE when none was, KEY_GONE when the terminal is.
int play_screen_key(void);

#endif
