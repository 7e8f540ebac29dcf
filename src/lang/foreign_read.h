// foreign_read: what the files that read other languages share; for foreign*.c alone.

#ifndef SOCKSH_LANG_FOREIGN_READ_H
#define SOCKSH_LANG_FOREIGN_READ_H

#include "base/buffer.h"
#include "base/str.h"

enum {
    FOREIGN_DEEP = 20,     // brackets within brackets
    FOREIGN_ARGUMENTS = 8, // of one call
};

// One line being read. Every function that fails sets `bad`, which ends the reading.
struct foreign {
    struct str text;
    size_t at;
    unsigned depth;
    bool bad;
    bool foreign; // something was met that is written in another way here
};

enum piece_form { PIECE_VALUE, PIECE_CALL, PIECE_COMPOUND };

// A part of it as it is written here. The text is owned.
struct piece {
    struct buffer text;
    enum piece_form form; // all but a value stands in brackets as an argument
};

struct arguments {
    struct piece items[FOREIGN_ARGUMENTS];
    size_t count;
};

// Blanks are skipped before each of these. The sign, or the word, if it stands here; a name, or
// nothing; all that is left.
void foreign_skip(struct foreign *reader);
bool foreign_take(struct foreign *reader, const char *sign);
bool foreign_take_word(struct foreign *reader, const char *word);
struct str foreign_name(struct foreign *reader);
struct str foreign_rest(const struct foreign *reader);

// A value with what stands right behind it; values with operators. Append to an empty piece.
bool foreign_operand(struct foreign *reader, struct piece *piece);
bool foreign_expression(struct foreign *reader, struct piece *piece);

// What stands up to the ) of a ( that was taken; values of keywords as if they had none, and
// args=(…) one by one. The caller calls foreign_arguments_finish(), also after a mistake.
bool foreign_arguments(struct foreign *reader, struct arguments *arguments);
void foreign_arguments_finish(struct arguments *arguments);

// Appends it as one argument of a call.
void foreign_add_argument(struct piece *piece, struct buffer *to);

// `piece` is a name or a value, behind which stands . or (: it becomes what the call is here.
bool foreign_call(struct foreign *reader, struct piece *piece);

#endif
