// lexer: cuts a text into tokens, one at a time, as the parser asks for them.

#ifndef SOCKSH_LANG_LEXER_H
#define SOCKSH_LANG_LEXER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/diag.h"
#include "base/str.h"

enum token_type {
    TOKEN_EOF, // the end of the text, or of an interpolated part
    TOKEN_NEWLINE,
    TOKEN_SEMICOLON,
    TOKEN_NAME,      // a word of the language, a command, a variable, a constant
    TOKEN_CONSTANTS, // MSG_PEEK|MSG_DONTWAIT: names joined by | without blanks
    TOKEN_NUMBER,
    TOKEN_DURATION,
    TOKEN_STRING, // "…", which may hold {…}
    TOKEN_RAW,    // '…'
    TOKEN_ADDRESS,
    TOKEN_WORD,     // from lexer_word() only
    TOKEN_OPERATOR, // == != < <= > >= = | & + - * / %
    TOKEN_COMMA,
    TOKEN_AT,
    TOKEN_OPEN,
    TOKEN_CLOSE, // ( )
    TOKEN_OPEN_LIST,
    TOKEN_CLOSE_LIST, // [ ]
    TOKEN_OPEN_BLOCK,
    TOKEN_CLOSE_BLOCK, // { }
    TOKEN_BAD, // lexer->diag says what is wrong; an error only if the parser wants this token
};

struct token {
    enum token_type type;
    struct range range; // of the lexer's text
    bool spaced;        // a blank, a line's begin or an opening bracket stands before it
};

// A comment of the form `#=> …` or `#| …`.
struct expectation {
    bool printed;             // #|
    bool alone;               // nothing but blanks before it on its line
    struct range range;       // of the comment
    struct str text;          // behind the mark, without blanks around it
    struct expectation *next; // on the same statement
};

struct lexer {
    struct str text;   // all of it; borrowed
    size_t at;         // what has been read so far
    size_t end;        // where to stop: an interpolated part ends before its text does
    unsigned brackets; // open ( and [: while there are any, a line's end is a blank
    struct diag diag;  // of the last TOKEN_BAD
    struct expectation *expectations; // met so far; the parser copies those it keeps
    size_t expectation_count, expectation_capacity;
};

// Reads the octets of `text` from `from` up to, not including, `to`.
void lexer_init(struct lexer *lexer, struct str text, size_t from, size_t to);
void lexer_finish(struct lexer *lexer);

// Takes the next token; at the end TOKEN_EOF, as often as it is asked for. Never fails: what means
// nothing is TOKEN_BAD.
struct token lexer_next(struct lexer *lexer);

// Reads the token that begins at `start` again, as a word: all up to the next blank, line end, ';'
// or closing bracket; or a quoted string.
struct token lexer_word(struct lexer *lexer, size_t start);

// Whether what begins at `start` is the name of a file, read as lexer_word() reads it: no string,
// and with a dot or a slash in it.
bool lexer_is_path(const struct lexer *lexer, size_t start);

// What stands at `range`, borrowed from the text.
static inline struct str lexer_text(const struct lexer *lexer, struct range range)
{
    return str_slice(lexer->text, range.start, range.end);
}

// The ASCII character that an input method or a word processor has made this of; NUL if there is
// none.
char lexer_ascii_of(uint32_t point);

// What a name may begin with (a to z, A to Z, _), and what it may go on with (digits, too).
bool is_name_start(char c);
bool is_name_part(char c);

#endif
