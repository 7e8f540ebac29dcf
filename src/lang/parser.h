// parser: tokens become a tree, by recursive descent. The grammar stands in language reference;
// each function names its rule.

#ifndef SOCKSH_LANG_PARSER_H
#define SOCKSH_LANG_PARSER_H

#include "lang/program.h"

enum {
    NESTING_MOST = 200, // brackets, blocks and calls in one another: the parser recurses for each
    DEPTH_MOST = 600,   // nodes in one another, with operators in a row: for who walks the tree
};

// Fills program->block and the lists beside it from program->source. `functions` are the names of
// all functions, those that the text itself defines among them. False with a diag; diag->incomplete
// when more input could mend it.
bool parse(struct program *program, const struct names *functions, struct diag *diag);

// Whether `name` is a word of the language (if, and, true …), which is no name for anything else.
bool is_language_word(struct str name);

extern const char *const language_words[];  // sorted, ended by NULL
extern const char *const statement_words[]; // those that a statement may begin with; the same

#endif
