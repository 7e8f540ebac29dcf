// parser: tokens become a tree, by recursive descent. The grammar stands in language reference; each function names its rule.

#ifndef SOCKSH_LANG_PARSER_H
#define SOCKSH_LANG_PARSER_H

#include "lang/program.h"

enum { NESTING_MOST = 200, DEPTH_MOST = 600 };

// Fills program->block and the lists beside it from program->source. `is_function` says which names are functions besides those
// the text itself defines. False with a diag; diag->incomplete when more input could mend it.
bool parse(struct program *program, bool (*is_function)(void *context, struct str name),
           void *context, struct diag *diag);

// Whether `name` is a word of the language (if, and, true …), which is no name for anything else.
bool is_language_word(struct str name);

extern const char *const language_words[]; // sorted, ended by NULL

#endif
