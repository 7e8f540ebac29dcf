// type: the types of values, and how a value of each is kept. For value.h, which says what can be
// done with values and who owns them.

#ifndef SOCKSH_LANG_TYPE_H
#define SOCKSH_LANG_TYPE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/diag.h"
#include "net/address.h"
#include "net/handle.h"
#include "net/symbol.h"

// One bit each, so that a parameter can accept several.
enum type {
    TYPE_UNSET = 0,     // no value: a variable before its assignment, an optional argument left out
    TYPE_NONE = 1 << 0, // none: what input gives at its end, a switched-off SO_LINGER
    TYPE_BOOL = 1 << 1, // true, false
    TYPE_INT = 1 << 2,  // 64 bits; a constant is an int that remembers its symbol
    TYPE_BYTES = 1 << 3,    // any octets; what is text is UTF-8
    TYPE_DURATION = 1 << 4, // nanoseconds, 64 bits
    TYPE_ADDRESS = 1 << 5,  // 127.0.0.1:9999, a name that is not looked up yet, a path
    TYPE_HANDLE = 1 << 6,   // a row of the handle table, open or dead
    TYPE_LIST = 1 << 7,     // values of any types
    TYPE_ACTOR = 1 << 8,    // another line of execution
    TYPE_ERROR = 1 << 9,    // what `catch` takes
    TYPE_ANY = (1 << 10) - 1,
};

// Those that point at something which is counted.
enum {
    TYPE_COUNTED = TYPE_BYTES | TYPE_ADDRESS | TYPE_HANDLE | TYPE_LIST | TYPE_ACTOR | TYPE_ERROR,
};

// In place of a count: a literal of a tree, which all actors borrow and nobody lets go.
enum { VALUE_IMMORTAL = -1 };

// A long list or deep nesting is bounded by memory; one piece of bytes by this many octets.
#define BYTES_LIMIT ((size_t)1 << 40)

// One allocation. Where there is one reference, `data` can grow in place.
struct bytes {
    int references; // VALUE_IMMORTAL in a tree
    size_t size;    // octets in use
    size_t capacity;
    char data[]; // no NUL behind it
};

enum { LISTS_DEEP = 200 }; // how deep lists may nest: showing and comparing them recurses

struct list {
    int references;
    unsigned depth;      // 1 for a list that holds no list; an upper bound after removals
    size_t count;        // of items in use
    size_t capacity;     // items that there is room for
    struct value *items; // owned, each of them
};

// An address is large, and most are short: only the part in use is allocated.
struct boxed_address {
    int references;
    struct address address; // as far as address_size() says
};

struct program;

struct error {
    int references;
    const struct symbol *name; // of FAMILY_ERRNO or FAMILY_EAI; NULL for one of the script's own
    // From the situation at hand: what it means there, what to try, and under which name `explain`
    // says more. NULL unless the error was explained; the first two are owned.
    char *here, *advice;
    const char *topic;
    // Where it was raised first, which join and `fail e` leave as it is: a program of the world's,
    // NULL until then, and the place in it.
    const struct program *program;
    struct range range;
    char *raiser; // the actor that another one has it from; NULL for none; owned
    size_t size;  // of the text
    char text[];  // one line, without the name; a NUL stands behind it
};

// Something shared by all actors that lang/ knows nothing more of (an actor).
struct shared {
    atomic_int references;
    void (*let_go)(struct shared *shared);  // called before each reference that goes
    void (*destroy)(struct shared *shared); // called with the last reference gone
    const char *(*name)(const struct shared *shared);
};

// Passed by value. What it may point at is counted: see value.h for who owns a reference.
struct value {
    uint16_t type;   // one bit of enum type, or TYPE_UNSET
    uint16_t symbol; // of INT: 1 + index in symbols[] of the constant's (first) name; 0 for none
    uint32_t unused; // fills the gap before the union, which would be left unset otherwise
    union {
        bool truth;
        int64_t number; // INT; DURATION in nanoseconds
        struct bytes *bytes;
        struct list *list;
        struct boxed_address *address;
        struct error *error;
        struct handle *handle;
        struct shared *shared; // ACTOR
    };
};

#endif
