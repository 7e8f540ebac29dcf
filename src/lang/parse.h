// parse: what the two halves of the parser share; for parser.c and expression.c alone.

#ifndef SOCKSH_LANG_PARSE_H
#define SOCKSH_LANG_PARSE_H

#include "lang/parser.h"

// Every function here gives NULL or false after a mistake, with `diag` set; the first mistake ends
// the parse.
struct parser {
    struct program *program; // being filled
    struct lexer *lexer;     // of the text, or of what stands between braces in a string
    struct token token;      // the next one, not yet taken
    size_t taken_to;         // the end of the last one taken
    size_t bracket;          // where the innermost open ( or [ stands; SIZE_MAX outside of them
    unsigned nesting;        // of brackets, blocks and calls around this place
    const struct names *functions;
    struct diag *diag; // the first mistake
    // Room in the program's lists of these, which grow as they are met.
    size_t definition_capacity, literal_capacity, include_capacity;
};

// Elements being collected; parse_collected() moves them into the arena.
struct collected {
    struct node **items;
    size_t count, capacity;
};

// --- tokens --------------------------------------------------------------------------------------

// Takes the next token.
void parse_advance(struct parser *parser);

// What stands at `range` in the text.
struct str parse_text(const struct parser *parser, struct range range);

// Whether the next token is of that type, that word or that operator, or what a statement ends at.
bool parse_at(const struct parser *parser, enum token_type type);
bool parse_at_word(const struct parser *parser, const char *word);
bool parse_at_operator(const struct parser *parser, const char *op);
bool parse_at_end(const struct parser *parser);

// Takes an opening bracket, up to whose end line ends are blanks. Returns what parse_shut() wants
// when the next token is the one that closes it, or after a mistake.
size_t parse_open(struct parser *parser);
void parse_shut(struct parser *parser, size_t outer);

// Reports that the next token does not fit: a bad token's own message, "unfinished" at the end of
// the text, or `wanted`.
bool parse_unexpected(struct parser *parser, const char *wanted);

// Where a statement begins on a new line while a bracket is open, the mistake is that bracket.
// Whether it was reported.
bool parse_forgotten_bracket(struct parser *parser);

// x: at the end of a line is how Python begins a block, and reads as an address without a port.
// Whether it was reported.
bool parse_stray_colon(struct parser *parser);

// --- nodes ---------------------------------------------------------------------------------------

// A node in the arena that begins at `start`; parse_finish() sets its end to that of the last token
// taken, and gives it again.
struct node *parse_node(struct parser *parser, enum node_type type, size_t start);
struct node *parse_finish(struct parser *parser, struct node *node);

// Adds to the list; then moves all of it into the arena, which leaves the list empty.
void parse_collect(struct collected *list, struct node *node);
struct nodes parse_collected(struct parser *parser, struct collected *list);

// Counts `child` into the depth of `node`. False with a diag beyond DEPTH_MOST: what walks the tree
// recurses that deep.
bool parse_deepen(struct parser *parser, struct node *node, const struct node *child);

// One level of nesting more, told of at `range` when it is too much; parse_leave() ends it, also
// after that mistake.
bool parse_enter(struct parser *parser, struct range range);
void parse_leave(struct parser *parser);

// --- rules ---------------------------------------------------------------------------------------

// One rule each. The next token is where it begins; behind it, what it did not take.
struct node *parse_source(struct parser *parser); // call | spawn | expression
struct node *parse_primary(struct parser *parser);
struct node *parse_call(struct parser *parser);   // the name is one of a command or function
struct node *parse_string(struct parser *parser); // "…" with its parts, or '…'

// Reads arguments by the forms of `params` into a CALL or SPAWN, up to the end of the statement or
// of what it stands in.
bool parse_arguments(struct parser *parser, struct node *call, struct params params);

// Whether the name is one of a command, or of a function of this text or of one before.
bool parse_is_callable(const struct parser *parser, struct str name);

// Whether the next token can be `what` ("the name of a variable"): no word of the language, command
// or constant, which is reported.
bool parse_free_name(struct parser *parser, const char *what);

// The same for what can be no function either. Takes the name; NULL after a mistake.
struct node *parse_variable(struct parser *parser);

// Reports that what stands at `range` is no ACTOR. Returns false.
bool parse_no_actor(struct parser *parser, struct range range);

// The next token cannot follow: an operator behind a call, a glued bracket and the like.
bool parse_misplaced(struct parser *parser, const struct node *before);

#endif
