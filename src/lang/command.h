// command: what one row of the command table says, and how a running command sees its call.
//
// A row is the only description of a command. The parser, the checker, the decoding of arguments,
// usage, help, completion, the trace and the manual page all walk it. The rows stand in commands/;
// what lang/ must know of them stands here.

#ifndef SOCKSH_LANG_COMMAND_H
#define SOCKSH_LANG_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#include "lang/param.h"
#include "lang/value.h"

// The errnos of a row, ended by 0, which is none.
#define ERRNOS(...)                                                                                \
    (const int[])                                                                                  \
    {                                                                                              \
        __VA_ARGS__, 0                                                                             \
    }

struct call;
struct noted;

// What a command is about: `help @sockets` lists a group.
enum group {
    GROUP_SOCKETS,
    GROUP_ADDRESSES,
    GROUP_DATA,
    GROUP_ACTORS,
    GROUP_KERNEL,
    GROUP_SESSION,
};

struct command {
    const char *name;      // as typed
    const char *summary;   // N_() text, at most 60 columns, no full stop
    enum group group;      // where help lists it
    struct params params;  // what it takes
    struct params results; // names and types of what it gives; none for a command without a value
    const char *waits;     // N_() text: until when it may block its actor; NULL: it does not
    const int *errnos;     // that the call is known for, ended by 0; NULL for none
    const char *manual;    // "listen(2)"; NULL when it is socksh's own
    const char *c;         // template of the call in C (commands/form.h); NULL when it makes none
    const char *python;    // the same in Python
    const char *example;   // one line or several that run by themselves
    const char *details;   // N_() sentences: what is to know besides; NULL for none
    const char *lesson;    // the short name of the lesson that teaches it; NULL for none
    const char *topic;     // the name of the help topic that it belongs to
    bool wants_records;    // shows what a handle sent or received: kept only if somebody may ask
    bool wants_packets;    // shows what passed on the network: the same
    bool (*run)(struct call *call); // false when it failed, with call->error set
    // Appends what a call that went well has come to, for a prompt (commands/note.h); or NULL.
    void (*note)(const struct noted *noted, struct buffer *to);
};

struct node;
struct interp;

// One running command. Arguments are decoded: their types are what the row asks for, ints given as
// handles are handles, bytes given as addresses are addresses, optional ones left out are
// TYPE_UNSET. The arguments are borrowed.
struct call {
    struct interp *interp;              // the actor's line of execution
    const struct command *command;      // its row
    const struct node *node;            // where it stands in the script
    struct value *args;                 // as many as `count` says
    size_t count;                       // command->params.count, or more for `many`
    struct value results[RESULTS_MOST]; // owned by the caller afterwards
    size_t result_count;                // 0: none
    size_t whole;                       // octets of the datagram that was received, or 0
    struct value error;                 // of a failed call; TYPE_ERROR, owned by the caller
    bool passes_on;                     // … and no call of the kernel's here: fail, join
};

// --- arguments -----------------------------------------------------------------------------------

// Argument `i`, borrowed; TYPE_UNSET for one that was left out. The others give it as what the row
// has said that it is: the decoding has seen to that.
static inline struct value arg(const struct call *call, size_t i)
{
    return i < call->count ? call->args[i] : VALUE_UNSET;
}

static inline bool arg_given(const struct call *call, size_t i)
{
    return arg(call, i).type != TYPE_UNSET;
}

static inline int64_t arg_number_or(const struct call *call, size_t i, int64_t otherwise)
{
    return arg_given(call, i) ? call->args[i].number : otherwise;
}

// As arg_number_or(), cut to what an int can hold.
int arg_int_or(const struct call *call, size_t i, int otherwise);

static inline struct handle *arg_handle(const struct call *call, size_t i)
{
    return call->args[i].handle;
}

static inline const struct address *arg_address(const struct call *call, size_t i)
{
    return &call->args[i].address->address;
}

static inline struct str arg_str(const struct call *call, size_t i)
{
    return value_str(arg(call, i));
}

// --- outcome: `return call_done(call);` and so on ------------------------------------------------

// The call went well and gives no value.
static inline bool call_done(struct call *call)
{
    (void)call;
    return true;
}

// One result, owned by the call from now on. TYPE_UNSET is taken as "no memory" and fails with
// ENOMEM.
bool call_give_take(struct call *call, struct value value);

// Two results.
bool call_give_two_take(struct call *call, struct value first, struct value second);

// The call failed with this errno. Its text is the errno's meaning.
bool call_failed(struct call *call, int number);

// The same for a code of getaddrinfo(3).
bool call_failed_lookup(struct call *call, int eai);

// It failed for a reason of socksh's own, without an errno.
__attribute__((format(printf, 2, 3))) bool call_refused(struct call *call, const char *format, ...);

// --- the table -----------------------------------------------------------------------------------

// The rows, sorted by name; set once at start by command_table_set(), before anything is parsed.
void command_table_set(const struct command *const *rows, size_t count);

// The command of that name, or NULL.
const struct command *command_find(struct str name);

// All rows in the order of their names; `*count` says how many.
const struct command *const *command_rows(size_t *count);

// "connect SOCKET ADDRESS", "recv SOCKET SIZE [FLAGS]". Appends.
void usage_show(struct str name, struct params params, struct buffer *to);

// The part of it behind the name, from parameter `from` on: " SIZE [FLAGS]". Appends.
void usage_show_params(struct params params, size_t from, struct buffer *to);

// "send takes bytes as its data, not an int": that a value of type `given` does not fit. Appends.
void param_show_mismatch(const struct command *command, const struct param *param, enum type given,
                         struct buffer *to);

// How many arguments it takes at the least and at the most (SIZE_MAX for any number).
size_t params_least(struct params params);
size_t params_most(struct params params);

#endif
