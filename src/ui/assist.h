// assist: what the prompt knows about a line that is being typed: what kind each part of it is,
// what may come next, and what could stand at the cursor.
//
// All of it comes from the rows of commands, the table of constants, the words of the language, the
// open handles and the notes of actors' variables. Nothing here touches the terminal, and nothing
// runs what was typed. Called by the prompt's thread alone.

#ifndef SOCKSH_UI_ASSIST_H
#define SOCKSH_UI_ASSIST_H

#include "actor/session.h"
#include "base/buffer.h"
#include "base/str.h"

// Who types, and what was typed before.
struct assist {
    struct session *session;
    struct str actor;  // name of the foreground: whose variables count
    struct str before; // lines of the same input that were entered already, each with its newline
    struct str ghost;  // what a guide expects to be typed; empty for nothing
    const char *const *words; // a guide's own, ended by NULL; or NULL
};

// What a part of the line is, for its colour.
enum look {
    LOOK_PLAIN,    // blanks, brackets, operators
    LOOK_COMMAND,  // the name of a command or function where one is called
    LOOK_WORD,     // a word of the language
    LOOK_VARIABLE, // a variable that has a value, or gets one here
    LOOK_HANDLE,   // a variable that holds a handle, or the number of one where a handle stands
    LOOK_CONSTANT,
    LOOK_NUMBER, // an int or a duration
    LOOK_STRING,
    LOOK_ADDRESS,
    LOOK_ACTOR, // @name
    LOOK_COMMENT,
    LOOK_MISTAKE, // what the checker would refuse, where the line can no longer become right
};

struct span {
    size_t start, end; // octets of the line; end is behind the last
    enum look look;
};

struct spans {
    struct span *items; // in order, without gaps, from 0 to the line's size
    size_t count, capacity;
};

// The parts of `line`. A line that is not finished (an open string, a missing argument) is no
// mistake; nor is what the cursor, at octet `cursor`, has just behind or within it: it may still
// become a name. Free with spans_finish().
void assist_paint(const struct assist *assist, struct str line, size_t cursor, struct spans *spans);
void spans_finish(struct spans *spans);

// Appends what is still to come behind `line`, for a cursor at its end: " SIZE [FLAGS]". One line
// of text, without control characters. Nothing when there is nothing to say.
void assist_hint(const struct assist *assist, struct str line, struct buffer *to);

// One thing that could stand at the cursor.
struct candidate {
    struct str text;  // whole, in place of what stands from `candidates.start` to the cursor
    struct str about; // what it is, one line: "tcp 127.0.0.1:9999 LISTEN"; may be empty
};

struct candidates {
    struct candidate *items; // the most fitting first
    size_t count, capacity;
    size_t start;   // octet of the line at which the word to be replaced begins
    bool is_folder; // the only candidate goes on, as a folder or a host does: no blank is to follow
};

// What could stand at octet `cursor` of `line`. Free with candidates_finish().
void assist_complete(const struct assist *assist, struct str line, size_t cursor,
                     struct candidates *candidates);
void candidates_finish(struct candidates *candidates);

#endif
