// ast: the tree a script becomes. Every node knows the octets of the source it stands for.
//
// The parser makes the tree, the checker fills in what names mean (slots, commands, functions), and
// from then on nobody writes to it: all actors walk it at once. It lives in its program's arena.

#ifndef SOCKSH_LANG_AST_H
#define SOCKSH_LANG_AST_H

#include <stdatomic.h>
#include <stdint.h>

#include "base/diag.h"
#include "base/str.h"
#include "lang/command.h"
#include "lang/lexer.h"
#include "lang/value.h"

struct node;
struct program;
struct scope;

// Children in order; the array is in the arena.
struct nodes {
    struct node **items;
    size_t count;
};

enum node_type {
    // expressions
    NODE_LITERAL,  // 1024  "GET"  AF_INET  127.0.0.1:9999  true
    NODE_VARIABLE, // data
    NODE_TEXT,     // "Hello, {data}!"      pieces, literals among them
    NODE_LIST,     // [a, b]
    NODE_INDEX,    // x[0]
    NODE_NOT,      // not x
    NODE_MINUS,    // -x
    NODE_BINARY,   // x + y                 all operators without a choice to make
    NODE_AND,      // x and y               the right side only when needed
    NODE_OR,       // x or y
    NODE_CALL,     // recv s 1024           a command or a function
    NODE_SPAWN,    // spawn f x
    NODE_ACTOR,    // tcplink.1             where a command wants an actor
    // statements
    NODE_BLOCK,  // { … }
    NODE_ASSIGN, // a, b = source
    NODE_AT,     // @server { … }         or the rest of the line
    NODE_DEF,    // def f x { … }
    NODE_IF,     // if c { … } else if d { … } else { … }
    NODE_WHILE,  // while c { … }
    NODE_LOOP,   // loop { … }
    NODE_FOR,    // for x in source { … }
    NODE_TRY,    // try { … } catch e { … }
    NODE_BREAK,
    NODE_CONTINUE,
    NODE_RETURN, // return source
    NODE_SOURCE, // source FILE: the statements of another file, in place
    // #=> … alone on a line: belongs to what was waiting; #| … the next printed line
    NODE_EXPECT,
};

// The comparisons that need an order stand behind OP_UNEQUAL, and OP_IN is the last: operate.c asks
// in that order.
enum operator_type {
    OP_ADD,
    OP_SUBTRACT,
    OP_MULTIPLY,
    OP_DIVIDE,
    OP_REMAINDER,
    OP_BIT_AND,
    OP_BIT_OR,
    OP_EQUAL,
    OP_UNEQUAL,
    OP_LESS,
    OP_LESS_EQUAL,
    OP_GREATER,
    OP_GREATER_EQUAL,
    OP_IN,
};

// One arm of an `if`.
struct branch {
    struct node *condition; // NULL: else
    struct node *block;
};

// One version of a function. Immutable once its program is checked.
struct definition {
    struct str name;
    struct range name_range;       // where it stands, for messages
    struct param *params;          // as a command's, so that usage and checks are the same
    struct range *param_ranges;    // where each stands
    size_t param_count;            // of both
    uint32_t slots;                // of its frame, parameters first
    struct node *block;            // what it does
    const struct program *program; // whose text it stands in
};

// What callers hold: the prompt may define a function again, and then every caller means the new
// one.
struct function {
    struct str name;                               // the world's
    _Atomic(const struct definition *) definition; // NULL until it is defined
};

struct node {
    enum node_type type : 8;
    unsigned depth : 16;         // of nested nodes below, bounded by the parser
    bool alone : 1;              // AT without braces: the rest of the line
    struct range range;          // of the source it stands for
    struct expectation *expects; // of a statement; linked in the order written
    union {
        struct value literal; // LITERAL; immortal
        struct {
            struct str name;
            uint32_t slot; // within the actor's or function's frame, once it is checked
        } variable;
        struct nodes list; // LIST, TEXT, BLOCK
        struct {
            struct node *base, *at;
        } index;
        struct {
            enum operator_type op;     // of BINARY
            struct node *left, *right; // NOT and MINUS have no left one
        } binary;                      // NOT, MINUS, BINARY, AND, OR
        struct {
            struct str name;
            struct range name_range;
            const struct command *command; // or
            struct function *function;     // of a call of a function, and of SPAWN
            struct nodes args;
        } call; // CALL, SPAWN
        struct {
            struct str name;
            uint32_t slot; // of the variable of that name, or NAME_MISSING
            bool may_be_variable;
        } actor;
        struct {
            struct nodes targets; // VARIABLE nodes
            struct node *source;
            bool appends; // x = x + …
        } assign;
        struct {
            struct str name;
            struct range name_range;
            struct node *block;
            uint32_t slots; // of that actor's scope, once it is checked
        } at;
        struct {
            struct branch *branches;
            size_t count;
        } choice; // IF
        struct {
            struct node *condition; // NULL of LOOP
            struct node *block;
        } loop; // WHILE, LOOP
        struct {
            struct nodes targets; // VARIABLE nodes
            struct node *source, *block;
        } each; // FOR
        struct {
            struct node *block;
            struct node *caught; // a VARIABLE node
            struct node *handler;
        } attempt;                     // TRY
        struct definition *definition; // DEF
        struct node *source;           // RETURN; may be NULL
        struct {
            struct str file;
            struct range file_range;
            struct program *program; // what was read
        } include;                   // SOURCE
    };
};

#endif
