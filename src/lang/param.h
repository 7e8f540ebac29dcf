// param: what a command's row says of each of its parameters and results. For command.h, which has
// the rest of the row.

#ifndef SOCKSH_LANG_PARAM_H
#define SOCKSH_LANG_PARAM_H

#include <stdbool.h>
#include <stddef.h>

#include "lang/type.h"

// How an argument is written, where that is not just a value.
enum form {
    FORM_VALUE, // a primary, evaluated
    FORM_WORD,  // what stands up to the next blank, or a string; decoded as bytes
    FORM_PATH,  // a word where a dot or a slash is in it, as in the name of a file; else a value
    // The name of a variable that the command changes: the argument is its value, which is written
    // back afterwards.
    FORM_VARIABLE,
    FORM_ACTOR,        // a variable that holds an actor, else the actor of that name
    FORM_OPTION,       // a constant of FAMILY_OPTION
    FORM_OPTION_VALUE, // of the type that the option before it says
};

// In which state a socket serves best: what completion offers first. Any other is passed on, too.
enum fit {
    FIT_ANY,
    FIT_UNBOUND,     // without an address of its own
    FIT_UNCONNECTED, // without a peer, and not listening
    FIT_CONNECTED,
    FIT_LISTENING,
};

// What a text names, where its type does not tell: for completion.
enum subject {
    SUBJECT_NONE,
    SUBJECT_FILE,
    SUBJECT_HELP,    // whatever help_topic() knows
    SUBJECT_ERROR,   // an errno, or an error of a look-up
    SUBJECT_SETTING, // of `set`
    SUBJECT_LESSON,  // of `learn`
    SUBJECT_HOST,    // of `network`, behind the words that are about one
};

enum { PARAMS_MOST = 8, RESULTS_MOST = 2 }; // of a command's row; functions may have more

struct param {
    const char *name;     // as usage shows it, lower case
    enum type type;       // bits that are accepted; HANDLE also takes an int, ADDRESS also bytes
    enum form form;       // how it is written
    enum family family;   // constants that fit, for completion and the trace; FAMILY_NONE for any
    enum side side;       // of FAMILY_MSG: flags that say something to this call
    bool optional;        // only behind the others
    bool many;            // the last one: any number of these, at least none
    int64_t least;        // of ints and durations, where `bounded`
    bool bounded;         // smaller ones are refused before the call
    enum fit fit;         // of a handle
    enum subject subject; // of a text
    // All that it may be, or with a subject what it may be besides, ended by NULL; or NULL.
    const char *const *words;
};

// In the order in which they are typed. Results are described in the same way.
struct params {
    const struct param *items;
    size_t count;
};

#define PARAMS(...)                                                                                \
    {                                                                                              \
        .items = (const struct param[]){__VA_ARGS__},                                              \
        .count = sizeof((const struct param[]){__VA_ARGS__}) / sizeof(struct param)                \
    }

// Types of the results, by name; none means that the command gives no value.
#define RESULTS(...) PARAMS(__VA_ARGS__)

#endif
