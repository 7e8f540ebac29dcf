// assist_offer: what could stand at one place of a line, kind by kind. For assist_*.c alone.

#ifndef SOCKSH_UI_ASSIST_OFFER_H
#define SOCKSH_UI_ASSIST_OFFER_H

#include "lang/command.h"
#include "ui/assist_walk.h"

// A variable of the actor whose line it is.
struct held {
    struct str name; // owned
    enum type type;
    struct handle *handle; // with a reference, or NULL
};

// One place to be completed.
struct offers {
    const struct assist *assist;
    const struct walk *walk; // in front of the word
    struct str word;         // from its beginning to the cursor
    bool caseless;           // nothing begins like this: so_re may mean SO_REUSEADDR
    struct held *held;
    size_t held_count, held_capacity;
    struct candidates *list;
};

// Adds a candidate, unless it does not go on from the word, is there already, or cannot be shown.
// Both texts are copied.
void offer_add(struct offers *offers, struct str text, struct str about);

// assist_names.c: what has a name and is no socket. Words of the language are among `words`, which
// NULL ends.
void offer_words(struct offers *offers, const char *const *words);
void offer_commands(struct offers *offers, bool with_value);
void offer_functions(struct offers *offers);
void offer_constants(struct offers *offers, enum family family, const struct command *command);
void offer_options(struct offers *offers, bool writable);
void offer_actors(struct offers *offers, bool talkable);
void offer_topics(struct offers *offers);
void offer_errors(struct offers *offers);
void offer_settings(struct offers *offers);
void offer_lessons(struct offers *offers);
void offer_hosts(struct offers *offers);

// assist_names.c: variables whose type is among `types`.
void offer_variables(struct offers *offers, enum type types);

// assist_sockets.c: variables and numbers of handles, those in the state that fits first.
void offer_handles(struct offers *offers, enum fit fit);

// assist_sockets.c: addresses of the handle table, those of listeners first; what `hosts` was told;
// and variables that hold one.
void offer_addresses(struct offers *offers);

// assist_sockets.c: appends what a handle is, in one line: "tcp 127.0.0.1:9999 LISTEN".
void offer_describe(struct handle *handle, struct buffer *to);

// assist_files.c: files of the folder that the word names, in quotes unless the parameter takes a
// word.
void offer_files(struct offers *offers, bool is_word);

#endif
