// mend: words and commas of other languages, and how much of a line belongs together.

#include "lang/mend.h"

#include <string.h>

#include "base/message.h"

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
    {"throw", N_("write fail VALUE")},
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
