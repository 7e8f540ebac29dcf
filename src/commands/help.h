// help: what there is to say about commands, constants, options, errnos and words of the language.
//
// All of it comes from the rows of commands, the table of constants and that of options; only the
// words of the language are described here (help_words.c).

#ifndef SOCKSH_COMMANDS_HELP_H
#define SOCKSH_COMMANDS_HELP_H

#include <stdbool.h>

#include "base/buffer.h"
#include "lang/command.h"
#include "net/symbol.h"

enum { HELP_COLUMNS = 80, HELP_LINES = 24 }; // what one screen of help is kept to

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
};

extern const struct help_word help_words[];  // of the language; ended by a NULL name
extern const struct help_word help_values[]; // kinds of values; the same

// Appends the screen that `help` alone shows: all names, by group.
void help_overview(struct buffer *to);

// Appends what is known about a topic: a command, a constant or the beginning of several (MSG_), a
// word of the language, a group with its @. False, with nothing appended, when there is no such.
bool help_topic(struct str topic, struct buffer *to);

// The known name nearest to one that is unknown; empty when none is near.
struct str help_nearest(struct str topic);

// Appends an errno or another constant at length: what it means, and which commands it is known of.
void help_symbol(const struct symbol *symbol, struct buffer *to);

// Appends "recv SOCKET SIZE [FLAGS] -> bytes".
void help_usage(const struct command *command, struct buffer *to);

// Appends its name as usage lines have it, in capitals.
void help_param_name(const struct param *param, struct buffer *to);

// Appends what an argument may be: "int, at least 0; may be left out".
void help_param(const struct param *param, struct buffer *to);

// What constants of a family are: "address family", "socket option" … NULL for FAMILY_NONE.
const char *help_family(enum family family);

// How its constants begin, as shown: "MSG_…"; NULL for FAMILY_NONE.
const char *help_prefixes(enum family family);

// How the value of an option is written in a script.
const char *help_option_value(const struct option *option);

// The manual section that describes the options of a level: "tcp(7)".
const char *help_option_manual(const struct option *option);

#endif
