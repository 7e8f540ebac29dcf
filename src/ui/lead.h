// lead: `socksh learn LESSON` and `socksh play LESSON`: the processes of a lesson at a terminal.
//
// The lesson itself is in a child, which moves into the lesson's network. `back` and `restart` end
// that child, and its parent starts another one, for what rests in TIME_WAIT stays in the old
// network.

#ifndef SOCKSH_UI_LEAD_H
#define SOCKSH_UI_LEAD_H

#include "lesson/lesson.h"
#include "lesson/venue.h"
#include "ui/screen.h"

// What a guide is told, and what it asks for.
struct plan {
    struct lesson *lesson;
    const struct venue *venue;
    unsigned first;     // step to begin with, from 1; those before it are replayed
    const char *folder; // of the lesson's files
    bool inside;        // begun at a prompt, which comes back afterwards
    bool held;          // play: as the step before was left, which a key may have held …
    unsigned pace;      // … and how fast; 0 at first
    // Set by the guide, when the prompt ends:
    unsigned next_step;   // begin again at this step, 1 for the beginning; 0 to end
    char next_lesson[64]; // go on with this one; empty for the same
};

// Whether the lesson's prompt is coloured at first. To be called before lead_begin().
void lead_color(enum color color);

// To be called before handles_start() and any thread: the words LESSON [--host] [--online]
// [--at STEP] [--record FILE] [--inside] are read, and the call returns in the child. Wrong words
// end the program with status 2.
void lead_begin(char **words, int count);

// The same, for a terminal on which a lesson can be played.
void play_begin(char **words, int count);

// Lead through the lesson. Return the exit status.
int learn_run(char **words, int count);
int play_run(char **words, int count);

#endif
