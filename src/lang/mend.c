// mend: words and commas of other languages, and how much of a line belongs together.

#include "lang/mend.h"

#include <string.h>

#include "base/message.h"
#include "lang/command.h"

// Hints are whole texts, since what is to be written differs in more than the word.
static const struct {
    const char *word, *hint;
} habits[] = {
    {"False", N_("write false")},
    {"None", N_("write none")},
    {"NULL", N_("write none")},
    {"TRUE", N_("write true")},
    {"FALSE", N_("write false")},
    {"True", N_("write true")},
    {"const", N_("write x = 1")},
    {"do", N_("write loop { … } or while … { … }")},
    {"echo", N_("write print \"…\"")},
    {"elif", N_("write else if")},
    {"elsif", N_("write else if")},
    {"except", N_("write catch and a name")},
    {"fn", N_("write def NAME PARAMETER { … }")},
    {"fork", N_("write spawn FUNCTION")},
    {"foreach", N_("write for x in … { … }")},
    {"func", N_("write def NAME PARAMETER { … }")},
    {"function", N_("write def NAME PARAMETER { … }")},
    {"import", N_("there is nothing to import: every command is here")},
    {"include", N_("another script is taken in by source FILE")},
    {"let", N_("write x = 1")},
    {"local", N_("write x = 1; variables of a function are its own")},
    {"nil", N_("write none")},
    {"null", N_("write none")},
    {"open", N_("files are read with load FILE and written with save FILE DATA")},
    {"printf", N_("write print \"Hello, {name}!\"")},
    {"puts", N_("write print \"…\"")},
    {"raise", N_("write fail VALUE")},
    {"read", N_("write recv SOCKET SIZE; of the person at the keyboard, input")},
    {"say", N_("write print \"…\"")},
    {"then", N_("what follows a condition stands in { … }")},
    {"thread", N_("write spawn FUNCTION")},
    {"threading", N_("write spawn FUNCTION")},
    {"threads", N_("write spawn FUNCTION")},
    {"throw", N_("write fail VALUE")},
    {"time", N_("sleep 500ms waits; now is a clock: t = now")},
    {"var", N_("write x = 1")},
    {"write", N_("write send SOCKET DATA")},
};

const char *mend_habit(struct str word)
{
    for (size_t i = 0; i < sizeof habits / sizeof *habits; i++)
        if (str_is(word, habits[i].word))
            return _(habits[i].hint);
    return NULL;
}

// --- how much belongs together -------------------------------------------------------------------

// Where a walk over the octets of a statement is.
struct walk {
    size_t depth; // of brackets
    char quote;   // of the string around this octet, or NUL
};

// Steps over the octet at `*i`, over two where it is an escape in a string.
static void step(struct walk *walk, struct str text, size_t *i)
{
    char c = text.data[(*i)++];
    if (walk->quote != '\0') {
        // In '…' a backslash is one.
        if (c == '\\' && walk->quote == '"')
            ++*i;
        else if (c == walk->quote)
            walk->quote = '\0';
    } else if (c == '"' || c == '\'') {
        walk->quote = c;
    } else if (c == '(' || c == '[') {
        walk->depth++;
    } else if (c == ')' || c == ']') {
        walk->depth--;
    }
}

// A bracket that closes more than was opened belongs to what is around the statement.
static bool ends_statement(const struct walk *walk, char c)
{
    if (c == '\n')
        return true;
    return walk->quote == '\0' &&
           (char_is_one_of(c, ";#{}") || (walk->depth == 0 && (c == ')' || c == ']')));
}

static struct str trimmed(struct str text)
{
    return str_trim(text, " \t\r");
}

struct str mend_statement(struct str text)
{
    struct walk walk = {0};
    size_t end = 0;
    while (end < text.size && !ends_statement(&walk, text.data[end]))
        step(&walk, text, &end);
    return trimmed(str_slice(text, 0, end));
}

bool mend_inside(struct str text, struct str *inside)
{
    struct walk walk = {0};
    for (size_t i = 0; i < text.size && text.data[i] != '\n';) {
        step(&walk, text, &i);
        if (walk.depth == 0 && walk.quote == '\0') {
            *inside = trimmed(str_slice(text, 1, i - 1));
            return true;
        }
    }
    return false;
}

// Whether anything stands outside strings and brackets that makes `text` more than one value.
static bool has_outside(struct str text, const char *characters)
{
    struct walk walk = {0};
    for (size_t i = 0; i < text.size;) {
        if (walk.depth == 0 && walk.quote == '\0' && char_is_one_of(text.data[i], characters))
            return true;
        step(&walk, text, &i);
    }
    return false;
}

void mend_arguments(struct str arguments, struct buffer *to)
{
    struct walk walk = {0};
    bool commas = has_outside(arguments, ",");
    // A sign in front makes no second value: -1 needs no brackets.
    struct str behind_sign = str_slice(arguments, str_starts(arguments, STR("-")), arguments.size);
    // f(x + 1) has one argument, which keeps its brackets; f(a, b) has two without any.
    if (!commas && has_outside(behind_sign, " +-*/%<>=&")) {
        buffer_print(to, "(%.*s)", STR_ARG(arguments));
        return;
    }
    for (size_t i = 0; i < arguments.size;) {
        size_t start = i;
        bool outside = walk.depth == 0 && walk.quote == '\0';
        step(&walk, arguments, &i);
        if (!outside || arguments.data[start] != ',')
            buffer_add(to, str_slice(arguments, start, i));
        else if (i < arguments.size && !char_is_one_of(arguments.data[i], " \t"))
            buffer_add_char(to, ' ');
    }
}

// Behind one word: up to the next blank outside strings and brackets.
static size_t skip_word(struct str text, size_t i)
{
    struct walk walk = {0};
    while (i < text.size &&
           (walk.depth > 0 || walk.quote != '\0' || !char_is_one_of(text.data[i], " \t")))
        step(&walk, text, &i);
    return i < text.size ? i : text.size;
}

static size_t skip_blanks(struct str text, size_t i)
{
    while (i < text.size && char_is_one_of(text.data[i], " \t"))
        i++;
    return i;
}

// Whether an operator stands there, or a word that joins conditions.
static bool is_operator(struct str word)
{
    return (word.size > 0 && char_is_one_of(word.data[0], "+-*/%<>=&|!")) || str_is(word, "and") ||
           str_is(word, "or") || str_is(word, "in");
}

// The operators of n-1 stand within a word, but the one at its end wants another word.
static bool wants_operand(struct str word)
{
    return is_operator(word) && (word.size < 2 || str_is(word, "and") || str_is(word, "or") ||
                                 str_is(word, "in") || is_operator(str_slice(word, 1, 2)));
}

size_t mend_operands(struct str rest, struct buffer *to)
{
    size_t end = 0;
    for (size_t start = 0; start < rest.size; start = skip_blanks(rest, end)) {
        size_t behind = skip_word(rest, start);
        struct str word = str_slice(rest, start, behind);
        if (!is_operator(word))
            break;
        if (wants_operand(word)) {
            size_t operand = skip_blanks(rest, behind);
            behind = skip_word(rest, operand);
            if (command_find(str_slice(rest, operand, behind))) { // all else is its arguments
                buffer_add(to, str_slice(rest, end, operand));
                buffer_print(to, "(%.*s)", STR_ARG(str_slice(rest, operand, rest.size)));
                return rest.size;
            }
        }
        buffer_add(to, str_slice(rest, end, behind));
        end = behind;
    }
    return end;
}
