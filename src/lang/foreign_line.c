// foreign_line: whole lines of Python, C and a system's shell, and the hints that come of them.

#include <string.h>

#include "base/message.h"
#include "lang/command.h"
#include "lang/foreign.h"
#include "lang/foreign_read.h"
#include "lang/lexer.h"

// --- statements ----------------------------------------------------------------------------------

// The line's end, where C's ; and closing brace say nothing.
static bool is_at_end(struct foreign *reader)
{
    foreign_take(reader, ";");
    foreign_skip(reader);
    return !reader->bad && reader->at == reader->text.size;
}

// An expression up to `end`, appended.
static bool add_expression(struct foreign *reader, const char *end, struct buffer *to)
{
    struct piece piece = {0};
    bool good = foreign_expression(reader, &piece) && (end[0] == '\0' || foreign_take(reader, end));
    if (good)
        buffer_add(to, buffer_str(&piece.text));
    buffer_finish(&piece.text);
    return good;
}

static bool add_line(struct foreign *reader, struct buffer *to);

// What stands behind the : of a block: nothing, or one statement.
static bool add_block(struct foreign *reader, struct buffer *to)
{
    buffer_add_text(to, " {");
    reader->foreign = true;
    if (is_at_end(reader))
        return true;
    if (reader->depth++ > FOREIGN_DEEP)
        return false;
    buffer_add_char(to, ' ');
    struct foreign ahead = *reader, word = *reader;
    size_t before = to->size;
    bool good = add_line(&ahead, to);
    if (!good && command_find(foreign_name(&word))) { // as it is written here
        to->size = before;
        buffer_add(to, str_trim(foreign_rest(reader), " \t"));
        ahead = (struct foreign){.text = reader->text, .at = reader->text.size, .foreign = true};
        good = true;
    }
    *reader = ahead;
    buffer_add_text(to, " }");
    return good;
}

// def tcplink(sock, addr):, or with its parameters as here.
static bool add_def(struct foreign *reader, struct buffer *to)
{
    struct str name = foreign_name(reader);
    buffer_print(to, "def %.*s", STR_ARG(name));
    bool good = name.size > 0;
    const char *end = foreign_take(reader, "(") ? ")" : ":";
    while (good && !foreign_take(reader, end)) {
        struct str parameter = foreign_name(reader);
        buffer_print(to, " %.*s", STR_ARG(parameter));
        foreign_take(reader, ",");
        good = parameter.size > 0;
    }
    return good && (end[0] == ':' || foreign_take(reader, ":")) && add_block(reader, to);
}

// for x in y:
static bool add_for(struct foreign *reader, struct buffer *to)
{
    struct str name = foreign_name(reader);
    buffer_print(to, "for %.*s in ", STR_ARG(name));
    return name.size > 0 && foreign_take_word(reader, "in") && add_expression(reader, ":", to) &&
           add_block(reader, to);
}

// except socket.error as e:
static bool add_except(struct foreign *reader, struct buffer *to)
{
    struct str rest = foreign_rest(reader), name = STR("e");
    size_t as = str_find(rest, STR(" as "), 0), colon = str_find(rest, STR(":"), 0);
    if (colon == SIZE_MAX)
        return false;
    if (as < colon)
        name = str_trim(str_slice(rest, as + 4, colon), " ");
    reader->at += colon + 1;
    buffer_print(to, "} catch %.*s", STR_ARG(name));
    return add_block(reader, to);
}

// The lines of Python that begin a block. `*known` when it is one of these.
static bool add_python_block(struct foreign *reader, bool *known, struct buffer *to)
{
    static const char *const heads[][2] = {
        {"while", "while "}, {"if", "if "}, {"elif", "} else if "}};
    struct foreign ahead = *reader;
    *known = true;
    bool endless = foreign_take_word(&ahead, "loop") ||
                   (foreign_take_word(&ahead, "while") && foreign_take_word(&ahead, "True"));
    if (endless && foreign_take(&ahead, ":")) {
        *reader = ahead;
        buffer_add_text(to, "loop");
        return add_block(reader, to);
    }
    if (foreign_take_word(reader, "else") || foreign_take_word(reader, "try")) {
        buffer_add_text(to,
                        str_is(str_slice(reader->text, 0, reader->at), "try") ? "try" : "} else");
        return foreign_take(reader, ":") && add_block(reader, to);
    }
    if (foreign_take_word(reader, "def"))
        return add_def(reader, to);
    if (foreign_take_word(reader, "for"))
        return add_for(reader, to);
    if (foreign_take_word(reader, "except"))
        return add_except(reader, to);
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        if (foreign_take_word(reader, heads[i][0])) {
            buffer_add_text(to, heads[i][1]);
            return add_expression(reader, ":", to) && add_block(reader, to);
        }
    }
    return *known = false;
}

// if (bind(…) < 0) perror("bind"); an error ends the statement by itself.
static bool add_tested_call(struct foreign *reader, struct buffer *to)
{
    struct piece call = {0};
    bool good = foreign_take_word(reader, "if") && foreign_take(reader, "(") &&
                foreign_operand(reader, &call) && call.form == PIECE_CALL &&
                (foreign_take(reader, "< 0") || foreign_take(reader, "== -1"));
    if (good)
        buffer_add(to, buffer_str(&call.text));
    reader->at = reader->text.size;
    buffer_finish(&call.text);
    return good;
}

// The types that C writes in front of a variable, and words for them elsewhere. Whether there was
// one.
static bool skip_declaration(struct foreign *reader)
{
    static const char *const types[] = {"const",   "unsigned", "int", "long", "size_t",
                                        "ssize_t", "uint16_t", "let", "var",  "SOCKET"};
    bool declared = false;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        declared |= foreign_take_word(reader, types[i]);
    reader->foreign |= declared;
    return declared;
}

// Where the value goes. C writes what came elsewhere than into the result.
static void add_targets(struct str targets, struct foreign *reader, struct str value,
                        struct buffer *to)
{
    size_t open = str_find(reader->text, STR("("), 0);
    struct foreign inside = {.text = reader->text, .at = open == SIZE_MAX ? 0 : open + 1};
    bool in_c = targets.size > 0 && str_find(targets, STR(","), 0) == SIZE_MAX &&
                str_find(reader->text, STR("."), 0) == SIZE_MAX && open != SIZE_MAX;
    if (in_c && str_starts(value, STR("accept "))) {
        buffer_print(to, "%.*s, peer = ", STR_ARG(targets));
    } else if (in_c && str_starts(value, STR("recv "))) {
        foreign_name(&inside);
        foreign_take(&inside, ",");
        struct str into = foreign_name(&inside);
        buffer_print(to, "%.*s = ", STR_ARG(into.size ? into : targets));
    } else if (targets.size > 0) {
        buffer_print(to, "%.*s = ", STR_ARG(targets));
    }
}

// NAME, NAME = …; empty where the line is no assignment.
static struct str read_targets(struct foreign *reader)
{
    size_t start = reader->at;
    do {
        if (foreign_name(reader).size == 0)
            break;
    } while (foreign_take(reader, ","));
    struct str targets = str_trim(str_slice(reader->text, start, reader->at), " \t");
    if (targets.size > 0 && foreign_take(reader, "=") &&
        !str_starts(foreign_rest(reader), STR("=")))
        return targets;
    reader->at = start;
    return (struct str){0};
}

// return s.recv(10)
static bool add_return(struct foreign *reader, struct buffer *to)
{
    buffer_add_text(to, "return ");
    return add_expression(reader, "", to) && is_at_end(reader);
}

// A call or an assignment, also with Python 2's print in front.
static bool add_simple(struct foreign *reader, struct buffer *to)
{
    struct piece piece = {0};
    bool declared = skip_declaration(reader);
    foreign_skip(reader);
    struct str targets = read_targets(reader), rest;
    struct foreign ahead = *reader;
    bool prints = foreign_take_word(&ahead, "print");
    rest = foreign_rest(&ahead);
    prints = prints && str_starts(rest, STR(" ")) && !str_starts(str_trim(rest, " "), STR("("));
    if (prints)
        *reader = ahead;
    // int x = …, but not `int x`, which is a command here.
    reader->bad = declared && targets.size == 0;
    bool good = !reader->bad && foreign_expression(reader, &piece) && is_at_end(reader);
    if (good && prints) {
        buffer_add_text(to, "print ");
        foreign_add_argument(&piece, to);
    } else if (good) {
        add_targets(targets, reader, buffer_str(&piece.text), to);
        buffer_add(to, buffer_str(&piece.text));
    }
    buffer_finish(&piece.text);
    return good;
}

// One statement of any of them.
static bool add_line(struct foreign *reader, struct buffer *to)
{
    size_t before = to->size;
    bool known;
    struct foreign ahead = *reader;
    if (foreign_take_word(&ahead, "break") && is_at_end(&ahead)) {
        *reader = ahead;
        buffer_add_text(to, "break");
        return true;
    }
    if (foreign_take_word(reader, "return"))
        return add_return(reader, to);
    ahead = *reader;
    if (add_tested_call(&ahead, to)) {
        reader->foreign = true;
        return true;
    }
    ahead = *reader;
    bool good = add_python_block(&ahead, &known, to);
    if (known) {
        *reader = ahead;
        return good;
    }
    to->size = before;
    return add_simple(reader, to);
}

bool foreign_translate(struct str line, struct buffer *to)
{
    struct foreign reader = {.text = str_trim(line, " \t\r")};
    size_t before = to->size;
    if (add_line(&reader, to) && reader.foreign && !reader.bad)
        return true;
    to->size = before;
    return false;
}
