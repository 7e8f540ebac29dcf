// lesson: a Markdown file read as steps: pages to show, statements to run, tasks with their checks.
//
// The blocks that mean something are fenced and begin in the first column; lessons/README.md lists
// them. All texts are slices of the file's, which the lesson owns.

#ifndef SOCKSH_LESSON_LESSON_H
#define SOCKSH_LESSON_LESSON_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "base/str.h"

enum {
    LESSON_OPTIONS = 6,       // answers of one question
    LESSON_HINTS = 8,         // of one task
    LESSON_STEPS = 200,       // of a lesson
    LESSON_TYPED = 20,        // lines that a learner types, the challenge not counted
    LESSON_SIZE = 256 * 1024, // octets of a file
    LESSON_NAME = 32, // octets of an actor's or a program's name, with a NUL; as in net/handle.h
};

// A piece of the file: what is in a block, or a line.
struct passage {
    struct str text;
    unsigned line; // where it begins, from 1; 0 where there is none
};

// `socksh ACTOR …`: statements for one actor.
struct code {
    struct passage passage; // line 0: the step has no statements
    struct str actor;       // "main" when the block names none
    bool task;              // the model answer; a learner types their own
    bool ordinary;          // runs without the privileges of the own network
    bool stand_in;          // left out when the real thing is used (--online)
    bool needs_network;     // left out where there is no own network ("private")
};

struct guess {
    struct passage text;
    struct str outcome; // what the code's last statement would give; empty: nothing is foretold
    bool right;
};

struct question {
    struct passage ask; // line 0: there is no question
    struct guess options[LESSON_OPTIONS];
    size_t count;
    struct str reason; // why the right one is right
};

// What is read, asked and run before the page turns.
struct step {
    unsigned number;          // from 1
    unsigned line;            // of the file, where it begins
    struct passage page;      // Markdown, with the blocks that only show something …
    struct buffer page_text;  // … of which notes among it are no part
    struct passage challenge; // what the challenge asks for; Markdown. Its code is a task
    struct question question;
    struct code code;
    struct passage check; // conditions, one a line; of a task
    struct passage hints[LESSON_HINTS];
    size_t hint_count;
    struct passage notes; // for the presenter alone
};

// `program NAME`: a file of the lesson's folder.
struct lesson_program {
    struct str name;
    struct passage passage;
};

struct lesson {
    struct buffer text;  // the file
    char *path;          // as it was asked for; owned
    struct str name;     // "hello", of the folder 05-hello; the file's own name where it has none
    int number;          // 5; -1 where the folder has none
    struct str language; // "en", "zh": the file's name without .md
    struct str title, replays, corrects, minutes; // of the head; may be empty
    struct step *steps;
    size_t count, capacity;
    struct lesson_program *programs;
    size_t program_count, program_capacity;
    unsigned typed; // lines that a learner types
};

// A mistake of the file's author.
struct lesson_mistake {
    unsigned line;  // of the file; 0 when it is about the whole of it
    char text[240]; // one line for a person
};

// Reads a file. `change`, which may be NULL, may change its text before it is read. False when it
// cannot be read or holds a mistake; `mistake` is the first one then. The lesson is to be finished
// in any case.
bool lesson_read(const char *path, void (*change)(struct buffer *text, void *context),
                 void *context, struct lesson *lesson, struct lesson_mistake *mistake);

// The same of a text that is at hand, and is copied; the path only says what it is called.
bool lesson_read_text(const char *path, struct str text, struct lesson *lesson,
                      struct lesson_mistake *mistake);

// Frees what it holds.
void lesson_finish(struct lesson *lesson);

// The line without blanks around it and without its comment: without one that is no expectation,
// and without any.
struct str lesson_line_with_expectation(struct str line);
struct str lesson_line_to_type(struct str line);

// Whether an actor can be called so: as in @name, and no longer than LESSON_NAME.
bool lesson_is_actor(struct str word);

// Notes a mistake, unless there is one already: the first counts. Returns false.
__attribute__((format(printf, 3, 4))) bool lesson_mistaken(struct lesson_mistake *mistake,
                                                           unsigned line, const char *format, ...);

#endif
