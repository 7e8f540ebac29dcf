// help: what there is to say about commands, constants, options, errnos, words and topics.
//
// Most of it comes from the rows of commands, the table of constants and that of options. Described
// here are only the words of the language (help_words.c), topics that are no command
// (help_topics.c), and examples of constants (help_example.c).

#ifndef SOCKSH_COMMANDS_HELP_H
#define SOCKSH_COMMANDS_HELP_H

#include <stdbool.h>

#include "base/buffer.h"
#include "lang/command.h"
#include "net/symbol.h"

// What one screen of help is kept to: a terminal of 24 lines has one for the prompt.
enum { HELP_COLUMNS = 80, HELP_LINES = 23 };

struct help_group {
    const char *key;   // as typed: help @sockets
    const char *title; // N_() text
};

extern const struct help_group help_groups[]; // by enum group
extern const size_t help_group_count;

// A word of the language, or a kind of value.
struct help_word {
    const char *name;    // as typed, or as messages name a kind of value
    const char *meaning; // N_() text, at most 74 columns, no full stop
    const char *example; // one line or several that run by themselves
    const char *form;    // of a word: how it is written, as in `loop { … }`; NULL for a value
};

extern const struct help_word help_words[];  // of the language; ended by a NULL name
extern const struct help_word help_values[]; // kinds of values; the same

// A topic: a screen about what is no command, constant or word.
struct help_text {
    const char *name;    // as typed: help udp
    const char *title;   // N_() text, at most 60 columns, no full stop
    const char *example; // lines that run by themselves; expectations in them hold
    const char *text;    // N_() paragraphs and facts, as page_add_texts() takes them
};

extern const struct help_text help_texts[]; // sorted by name, ended by a NULL name

// A lesson, as far as help names it.
struct help_lesson {
    const char *name;  // as rows name it
    int number;        // in the order of learning
    const char *title; // N_() text
};

extern const struct help_lesson help_lessons[]; // by number, ended by a NULL name

// Where one learns about something: NULL for none.
struct taught {
    const char *lesson; // the name of one of help_lessons
    const char *topic;  // what `help` knows by that name
};

// Where a constant, of its family, or a word of the language (FAMILY_NONE) is taught.
struct taught help_taught(struct str name, enum family family);

// Appends "5 Hello over TCP"; nothing for a name that is none.
void help_show_lesson(const char *lesson, struct buffer *to);

struct facts;

// Adds which lesson teaches it and where to read more: "lesson   5 Hello over TCP: learn hello",
// "more   help tcp".
void help_add_taught(struct taught taught, struct facts *facts);

// Appends the screen that `help` alone shows: all names, by group.
void help_overview(struct buffer *to);

// Appends what is known about a topic: a command, a constant or the beginning of several (MSG_), a
// word of the language, a group with its @. False, with nothing appended, when there is no such.
bool help_topic(struct str topic, struct buffer *to);

// Appends what its row says about a command: a screen.
void help_command(const struct command *command, struct buffer *to);

// Appends the constants that begin so. False, with nothing appended, when there are none.
bool help_prefix(struct str prefix, struct buffer *to);

// The known name nearest to one that is unknown; empty when none is near.
struct str help_nearest(struct str topic);

// Appends an errno or another constant at length: what it means, and which commands it is known of.
void help_symbol(const struct symbol *symbol, struct buffer *to);

// Appends lines that use a constant, or bring the kernel to give that errno, without the last
// line's end. They run by themselves; where privileges may be wanting, within a `try`.
void help_symbol_example(const struct symbol *symbol, struct buffer *to);

// Appends "recv SOCKET SIZE [FLAGS] -> bytes".
void help_usage(const struct command *command, struct buffer *to);

// Appends its name as usage lines have it, in capitals.
void help_param_name(const struct param *param, struct buffer *to);

// Appends what an argument of the command may be: "int: SOCK_…; SOCK_STREAM when left out".
void help_param(const struct command *command, const struct param *param, struct buffer *to);

// What constants of a family are: "address family", "socket option" … NULL for FAMILY_NONE.
const char *help_family(enum family family);

// How its constants begin, as shown: "MSG_…"; NULL for FAMILY_NONE.
const char *help_prefixes(enum family family);

// How the value of an option is written in a script.
const char *help_option_value(const struct option *option);

// The manual section that describes the options of a level: "tcp(7)".
const char *help_option_manual(const struct option *option);

#endif
