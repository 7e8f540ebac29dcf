// help_words: the words of the language and the kinds of values, one line and one example each.
//
// The one place where the language is described outside of its parser. A test holds the words
// against those that the parser knows, reads every example, and another runs them. Meanings are
// written to be read alone: who asks for `catch` has not read `try`.

#include "base/message.h"
#include "commands/help.h"

// In the order of strcmp, as `help @language` lists them.
const struct help_word help_words[] = {
    {"@", N_("hands the rest of the line, or a block, to the actor of that name"),
     "@server l = socket; listen l; c, peer = accept l", "@ACTOR LINE  or  @ACTOR { … }"},
    {"and", N_("true when both sides are; the right one is looked at only then"),
     "n = 5\nif n > 1 and n < 9 { print \"between\" }", "LEFT and RIGHT"},
    {"args", N_("the list of arguments that the script was started with"),
     "for a in args { print a }", "args"},
    {"break", N_("leaves the loop around it"),
     "n = 0\nloop {\n    n = n + 1\n    if n == 3 { break }\n}", "break"},
    {"catch", N_("takes the error that ended the block of its try, under a name"),
     "try { fail \"no answer\" } catch e { print \"caught: {e}\" }", "try { … } catch NAME { … }"},
    {"continue", N_("goes on with the next round of the loop around it"),
     "for i in range 5 {\n    if i == 2 { continue }\n    print i\n}", "continue"},
    {"def", N_("defines a function; it sees its parameters and its own variables"),
     "def greet name { print \"Hello, {name}!\" }\ngreet \"Sarah\"", "def NAME [PARAMETER…] { … }"},
    {"else", N_("what runs when the condition of its if is false"),
     "n = 5\nif n > 9 { print \"large\" } else { print \"small\" }",
     "if CONDITION { … } else { … }"},
    {"false", N_("the truth value; false, none, 0, \"\" and [] count as false"),
     "s = socket\nsetblocking s false", "false"},
    {"for", N_("runs a block for each element of a list; pairs go to two names"),
     "for i in range 3 { print i }", "for NAME[, NAME] in LIST { … }"},
    {"if", N_("runs a block when a condition is true"),
     "n = 5\nif n > 3 { print \"large\" } else if n > 1 { print \"small\" }",
     "if CONDITION { … } [else if CONDITION { … }] [else { … }]"},
    {"in", N_("between the names and the list of a for; or: is one within the other"),
     "if \"b\" in \"abc\" { print \"found\" }", "VALUE in DATA"},
    {"loop", N_("runs a block again and again, until a break"),
     "n = 0\nloop {\n    n = n + 1\n    if n == 3 { break }\n}", "loop { … }"},
    {"none", N_("no value: what input gives at the end, what switches SO_LINGER off"),
     "s = socket\nsetsockopt s SO_LINGER none", "none"},
    {"not", N_("turns true into false and the other way round"),
     "data = \"\"\nif not data { print \"nothing came\" }", "not VALUE"},
    {"or", N_("true when one side is; the right one is looked at only if needed"),
     "data = \"exit\"\nif data == \"\" or data == \"exit\" { print \"the end\" }", "LEFT or RIGHT"},
    {"return", N_("ends a function and gives a value to its caller"),
     "def double n { return n + n }\nprint (double 21)", "return [VALUE]"},
    {"spawn", N_("runs a function in an actor of its own, beside this one"),
     "def work n { return n + 1 }\na = spawn work 41\nprint (join a)",
     "spawn FUNCTION [ARGUMENT…]"},
    {"true", N_("the truth value; what is not false, none, 0 or empty counts as true"),
     "s = socket\nsetsockopt s SO_REUSEADDR true", "true"},
    {"try", N_("runs a block; an error in it goes to its catch"),
     "try { connect (socket) 127.0.0.1:1 } catch e { print e }", "try { … } catch NAME { … }"},
    {"while", N_("runs a block as long as a condition is true"),
     "a, b = socketpair\nsend a \"hello\"; close a\nwhile d = recv b 2 { print d }",
     "while CONDITION { … }"},
    {NULL, NULL, NULL, NULL},
};

// The names are those that messages use: "an int", "bytes", "a handle" (lang/value_show.c).
const struct help_word help_values[] = {
    {"actor", N_("a line of execution with variables of its own, like one terminal window"),
     "def work { sleep 10ms }\na = spawn work\njoin a", NULL},
    {"address", N_("host and port: 127.0.0.1:9999, [::1]:80, localhost:http, *:0, unix:/tmp/x"),
     "a = 127.0.0.1:9999\nhost, port = a", NULL},
    {"bool", N_("true or false"), "ready = true", NULL},
    {"bytes", N_("octets: \"…\" knows \\n, \\xHH and {name}, '…' takes all as it stands"),
     "name = \"Sarah\"\nprint \"Hello, {name}! {len name} bytes\"", NULL},
    {"constant", N_("an int that remembers its name; flags are joined with | without blanks"),
     "a, b = socketpair\nsend a \"hello\"\nrecv b 10 MSG_PEEK|MSG_DONTWAIT", NULL},
    {"duration", N_("a time with its unit: 10us, 500ms, 2s, 1m"), "sleep 10ms", NULL},
    {"error", N_("what catch takes; equals its constant, and shows as one line"),
     "try { close 99 } catch e { if e == EBADF { print \"not open\" } }", NULL},
    {"handle", N_("an open socket, written as its number; it remembers which socket it meant"),
     "s = socket\nclose s", NULL},
    {"list", N_("values in order: [a, b]; x[0] is the first, + joins, in finds"),
     "l = [1, 2]\nappend l 3\nprint l[0] (len l)", NULL},
    {NULL, NULL, NULL, NULL},
};
