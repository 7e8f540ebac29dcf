// assist_walk: goes through a line that may end anywhere, and knows at each token what may stand
// there. For assist_*.c alone.
//
// The parser cannot serve for this: it ends at the first mistake, and a line being typed is one
// until it is finished. The walk shares its lexer, its words and the rows; whether something is a
// mistake is asked of parser and checker (program_try).

#ifndef SOCKSH_UI_ASSIST_WALK_H
#define SOCKSH_UI_ASSIST_WALK_H

#include "base/names.h"
#include "lang/lexer.h"
#include "ui/assist.h"
#include "ui/own_form.h"

// What may stand next.
enum expects {
    EXPECT_STATEMENT,
    EXPECT_SOURCE,   // a call or a value
    EXPECT_ARGUMENT, // of the level's call
    EXPECT_OPERAND,  // a value, behind an operator
    EXPECT_MORE,     // behind a value: an operator, or the end
    EXPECT_TARGET,   // a name that gets a value
    EXPECT_NEW,      // a name to be made up: of a function, a parameter, an error
    EXPECT_FUNCTION, // to be spawned
    EXPECT_ACTOR,    // right behind an @
    EXPECT_BLOCK,    // a {
    EXPECT_BRANCH,   // behind a }
};

// What a token is.
enum role {
    ROLE_NONE, // a bracket, an operator, a mark
    ROLE_CALL, // the name of a command or function
    ROLE_WORD, // of the language
    ROLE_TARGET,
    ROLE_VALUE, // which one, its token and its name tell
    ROLE_ACTOR, // an actor's name
    ROLE_TEXT,  // a word that a command takes as it stands
};

// One open bracket, or what is outside of all.
struct level {
    enum token_type opener; // TOKEN_EOF outside
    bool is_index;          // a [ right behind a value
    unsigned brackets;      // the lexer's, to be restored at its end
    enum expects expects;
    struct range call;             // the name of the call at hand; empty without one
    const struct command *command; // of it; NULL for a function
    struct params params;          // of it
    size_t argument;               // the next one's index
    const struct symbol *option;   // the option that was given, for the value behind it
    struct str actor;              // whose variables count
    bool each;                     // behind `for`
    bool defines;                  // behind `def`
    struct range lone;             // the name that began the statement, with nothing behind it
};

struct walk {
    const struct assist *assist;
    struct lexer lexer;
    struct token token; // at hand
    struct level *levels;
    size_t count, capacity; // of levels; at least 1
    struct names defined;   // functions of this text
    struct names set;       // names that get a value in it
};

// Begins at octet `from` of `text`, where `expects` may stand. walk_finish() frees it.
void walk_begin(struct walk *walk, const struct assist *assist, struct str text, size_t from,
                enum expects expects);
void walk_finish(struct walk *walk);

// Reads the next token into walk->token, without taking it. False at the end.
bool walk_read(struct walk *walk);

// Takes the token at hand and tells what it is.
enum role walk_take(struct walk *walk);

// The innermost level.
struct level *walk_level(const struct walk *walk);

// The parameter that the next argument is of, NULL when there is none.
const struct param *walk_param(const struct walk *walk);

// What the token at hand says.
struct str walk_text(const struct walk *walk);

// Where a value in an open string's braces begins that goes on to the end of the text: "Hello, {da;
// SIZE_MAX when there is none. The token at hand is that string.
size_t walk_interpolated(const struct walk *walk);

// The parameters of a command or function of that name; false when there is none.
bool walk_callable(const struct walk *walk, struct str name, const struct command **command,
                   struct params *params);

// As own_form_of(), of a line that may go on with an input.
enum own_form walk_own_form(const struct assist *assist, struct str line, struct range *name);

#endif
