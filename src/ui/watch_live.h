// watch_live: a second terminal that shows what another socksh has, and keeps it up to date.

#ifndef SOCKSH_UI_WATCH_LIVE_H
#define SOCKSH_UI_WATCH_LIVE_H

// `socksh watch diagram`, `socksh watch handles`: shows what `what` (lesson/view.h) is in the
// socksh that was started last, anew whenever it has changed, until that one ends, or Ctrl-C or q;
// whichever it is, the terminal is then as it was. Elsewhere than on a terminal, one after the
// other. After screen_start(). Returns the exit status.
int watch_live(const char *what);

#endif
