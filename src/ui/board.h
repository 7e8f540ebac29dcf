// board: what a class sees while a lesson is played, as plain data, and the rows that show it.
//
// A page above; below it a column for each actor, with what was typed there, its calls and their
// values. Further down is later. An arrow between two columns leads from a call to the one that it
// met. Nothing here waits, or knows of a terminal but its size.

#ifndef SOCKSH_UI_BOARD_H
#define SOCKSH_UI_BOARD_H

#include "base/buffer.h"
#include "lesson/lesson.h"

enum {
    BOARD_COLUMNS = 60, // a terminal has at least, for the board to be shown …
    BOARD_ROWS = 18,
    BOARD_ACTORS = 64, // that are known; later ones are not shown
};

enum board_kind {
    BOARD_TYPED,   // statements, behind the actor's prompt
    BOARD_TRACE,   // a call, less important
    BOARD_VALUE,   // what came of it, or was printed
    BOARD_ERROR,   // its first word stands out
    BOARD_DIFFERS, // that something is not as on the page
    BOARD_PACKET,  // an arrow, and no text
};

// An arrow that ends at an entry.
struct board_arrow {
    size_t from;         // actor; SIZE_MAX for none
    struct buffer what;  // of a packet: "SYN ACK"; may be empty, as all three
    struct buffer label; // "connect", "\"Michael\"": fit for the screen
    struct buffer count; // "7"
    bool lost;           // it does not arrive
};

// A packet that passed, or several; or, from nobody to nobody, some that are only counted.
struct board_packet {
    size_t from, to; // actors; SIZE_MAX when that is none of those known
    struct str what, label, count;
    bool lost;
};

struct board_entry {
    enum board_kind kind;
    size_t actor;       // of a packet, whom it goes to; there alone it may be SIZE_MAX
    unsigned turn;      // of statements, and of the packets that they caused
    struct buffer text; // fit for the screen; may have line ends, but none at its end
    struct board_arrow arrow;
};

struct board_actor {
    char name[64];
    unsigned acted;            // when it did something last: the larger, the later; 0 for never
    struct buffer waits;       // "accept 3  12 s"; empty while it does not wait
    struct board_arrow coming; // for its next entry
};

// Zero-initialised is empty and ready.
struct board {
    struct str title;     // of the lesson; borrowed, as the next two
    struct str page;      // Markdown
    struct str challenge; // the same; empty for none
    unsigned step, steps;
    const struct question *question; // in place of the page; NULL for none. Borrowed
    bool answered;                   // its right option is marked, with the reason
    bool lists_keys;                 // in place of the actors' columns
    size_t scrolled;                 // rows of the page that are above
    struct buffer status;            // the last line, at its left
    size_t typing;  // the entry that is being typed, from 1: it has a cursor; 0 for none
    bool projector; // no traces
    bool packets;   // arrows are packets, and not what calls have met …
    bool blind;     // … which is to be said, for packets cannot be seen
    unsigned turn;  // counts the statements that were typed
    struct board_actor actors[BOARD_ACTORS];
    size_t actor_count;
    unsigned clock;              // of `acted`
    struct board_entry *entries; // the oldest first
    size_t count, capacity;
};

void board_finish(struct board *board);

// Forgets all that was done; pages and actors stay.
void board_clear(struct board *board);

// The actor of that name, entered when it is new. Its index; SIZE_MAX when there are too many.
size_t board_actor(struct board *board, struct str name);

// Adds an entry for that actor, with the arrow that was coming; its text is what output_escape()
// makes of `text`, without blanks and line ends at its end. Oldest entries are forgotten.
void board_add(struct board *board, enum board_kind kind, size_t actor, struct str text);

// Adds statements that are still being typed; what was typed of them so far; and that they stand
// as they are, or were not typed after all.
void board_type_begin(struct board *board, size_t actor);
void board_type(struct board *board, struct str text);
void board_type_end(struct board *board, bool stays);

// Puts these packets beside the statements that were the `turn`th to be typed, in place of those
// that stood there. Nothing when the statements are forgotten.
void board_pass(struct board *board, unsigned turn, const struct board_packet *packets,
                size_t count);

// What the actor's next entry is met by.
void board_meet(struct board *board, size_t actor, struct str from, struct str label,
                struct str count);

// Appends exactly `rows` lines of at most `columns`, each with its end: looks (ui/screen.h) and
// characters that do not move the cursor otherwise. `scrolled` is brought down to what there is.
// Needs screen_start().
void board_show(struct board *board, size_t columns, size_t rows, struct buffer *to);

// How many columns of text an actor has on a screen of that size.
size_t board_width(const struct board *board, size_t columns);

#endif
