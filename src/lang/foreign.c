// foreign: expressions and calls of Python and C, read as far as this is needed to write them here.

#include "lang/foreign.h"

#include <string.h>

#include "lang/command.h"
#include "lang/foreign_read.h"
#include "lang/lexer.h"

// --- tokens --------------------------------------------------------------------------------------

void foreign_skip(struct foreign *reader)
{
    while (reader->at < reader->text.size && char_is_one_of(reader->text.data[reader->at], " \t"))
        reader->at++;
}

struct str foreign_rest(const struct foreign *reader)
{
    return str_slice(reader->text, reader->at, reader->text.size);
}

bool foreign_take(struct foreign *reader, const char *sign)
{
    foreign_skip(reader);
    if (!str_starts(foreign_rest(reader), str_from(sign)))
        return false;
    reader->at += strlen(sign);
    return true;
}

struct str foreign_name(struct foreign *reader)
{
    foreign_skip(reader);
    struct str rest = foreign_rest(reader);
    size_t end = 0;
    if (rest.size > 0 && is_name_start(rest.data[0]))
        while (end < rest.size && is_name_part(rest.data[end]))
            end++;
    reader->at += end;
    return str_slice(rest, 0, end);
}

bool foreign_take_word(struct foreign *reader, const char *word)
{
    size_t before = reader->at;
    if (str_is(foreign_name(reader), word))
        return true;
    reader->at = before;
    return false;
}

static bool fail(struct foreign *reader)
{
    reader->bad = true;
    return false;
}

// --- pieces --------------------------------------------------------------------------------------

void foreign_arguments_finish(struct arguments *arguments)
{
    for (size_t i = 0; i < arguments->count; i++)
        buffer_finish(&arguments->items[i].text);
    arguments->count = 0;
}

// As an argument: what is a call or has an operator stands in brackets.
void foreign_add_argument(struct piece *piece, struct buffer *to)
{
    bool brackets = piece->form != PIECE_VALUE;
    buffer_add_text(to, brackets ? "(" : "");
    buffer_add(to, buffer_str(&piece->text));
    buffer_add_text(to, brackets ? ")" : "");
}

static bool is_string(const struct piece *piece)
{
    return piece->text.size > 0 && piece->text.data[0] == '"';
}

static bool is_number(const struct piece *piece)
{
    uint64_t number;
    return str_to_number(buffer_str(&piece->text), INT64_MAX, &number);
}

// The octets between a string's quotes.
static struct str inside(const struct piece *piece)
{
    return str_slice(buffer_str(&piece->text), 1, piece->text.size - 1);
}

// --- strings -------------------------------------------------------------------------------------

// One octet of a string, as "…" has it: in an f-string braces mean the same as here.
static void add_octet(struct str text, size_t i, char quote, bool formatted, struct buffer *to)
{
    bool names = i + 1 < text.size && (is_name_start(text.data[i + 1]) || text.data[i + 1] == '(');
    if (text.data[i] == '"' && quote != '"')
        buffer_add_char(to, '\\');
    if (text.data[i] == '{' && names && !formatted)
        buffer_add_char(to, '\\');
    buffer_add_char(to, text.data[i]);
}

enum { FORMAT_MOST = 20 }; // octets of one: no line makes this slow

// The : of {x:02d} in an f-string: how it is to look has no place here. Steps to the }.
static size_t skip_format(struct str text, size_t i)
{
    size_t start = i, end;
    if (text.data[i] != ':')
        return i;
    while (start > 0 && is_name_part(text.data[start - 1]))
        start--;
    end = str_find(str_slice(text, i, i + FORMAT_MOST), STR("}"), 0);
    return start > 0 && text.data[start - 1] == '{' && end != SIZE_MAX ? i + end : i;
}

// From the quote on.
static bool read_string(struct foreign *reader, bool formatted, struct piece *piece)
{
    struct str rest = foreign_rest(reader);
    char quote = rest.data[0];
    size_t i = 1;
    buffer_add_char(&piece->text, '"');
    for (; i < rest.size && rest.data[i] != quote; i++) {
        if (rest.data[i] == '\\' && i + 1 < rest.size && rest.data[i + 1] == '\'')
            i++; // \' needs no \ between double quotes
        else if (rest.data[i] == '\\' && i + 1 < rest.size)
            buffer_add_char(&piece->text, rest.data[i++]);
        if (formatted)
            i = skip_format(rest, i);
        add_octet(rest, i, quote, formatted, &piece->text);
    }
    buffer_add_char(&piece->text, '"');
    reader->at += i + 1;
    return i < rest.size || fail(reader);
}

// "Hello, %s!" % data: each %s and %d is a value in its place.
static bool format(struct foreign *reader, struct piece *piece)
{
    struct arguments values = {0};
    struct buffer text = {0};
    size_t used = 0, marks = 0;
    reader->foreign = true;
    bool good = foreign_take(reader, "(") ? foreign_arguments(reader, &values)
                                          : foreign_operand(reader, &values.items[values.count++]);
    struct str from = buffer_str(&piece->text);
    for (size_t i = 0; i + 1 < from.size; i++)
        marks += from.data[i] == '%' && char_is_one_of(from.data[i + 1], "sd");
    for (size_t i = 0; good && i < from.size; i++) {
        if (from.data[i] != '%' || i + 1 == from.size || !char_is_one_of(from.data[i + 1], "sd")) {
            buffer_add_char(&text, from.data[i]);
            continue;
        }
        // One name for several marks is a pair, such as an address.
        struct piece *value = &values.items[values.count == 1 ? 0 : used];
        good = values.count == 1 || used < values.count;
        if (good && (is_string(value) || value->form != PIECE_VALUE))
            good = false;
        if (good && values.count == 1 && marks > 1)
            buffer_print(&text, "{%s[%zu]}", buffer_text(&value->text), used);
        else if (good)
            buffer_print(&text, "{%s}", buffer_text(&value->text));
        used++;
        i++;
    }
    // Some stand for marks that mean nothing here, such as %05.2f.
    good = good && used > 0 && (values.count == 1 || used == values.count);
    foreign_arguments_finish(&values);
    buffer_finish(&piece->text);
    piece->text = text;
    return good || fail(reader);
}

// The string that the line ends with, up to what stands in front of it; in brackets or not.
static size_t find_pair(struct str line)
{
    size_t quote = 0;
    while (quote < line.size && !char_is_one_of(line.data[quote], "\"'"))
        quote++;
    return quote > 0 && line.data[quote - 1] == '(' ? quote - 1 : quote;
}

// Whether it is a call of a command that wants an address.
static bool takes_address(struct str line)
{
    struct foreign reader = {.text = line};
    const struct command *command = command_find(foreign_name(&reader));
    for (size_t i = 0; command != NULL && i < command->params.count; i++)
        if (command->params.items[i].type == TYPE_ADDRESS)
            return true;
    return false;
}

bool foreign_mend_pair(struct str line, struct buffer *to)
{
    struct buffer text = {0};
    struct piece piece = {0};
    size_t start = find_pair(line);
    struct str pair = str_slice(line, start, line.size);
    if (!takes_address(line))
        return false;
    bool brackets = str_starts(pair, STR("("));
    buffer_print(&text, brackets ? "%.*s" : "(%.*s)", STR_ARG(pair));
    struct foreign reader = {.text = buffer_str(&text)};
    bool good = pair.size > 0 && foreign_operand(&reader, &piece) &&
                reader.at == reader.text.size && reader.foreign;
    if (good) {
        buffer_add(to, str_slice(line, 0, start));
        buffer_add(to, buffer_str(&piece.text));
    }
    buffer_finish(&text);
    buffer_finish(&piece.text);
    return good;
}

// --- operands ------------------------------------------------------------------------------------

// HOST:PORT of a host and a port that are each a string, a number or a name; in quotes unless both
// are written out.
static void add_address(struct piece *host, struct piece *port, struct buffer *to)
{
    bool text = is_string(host), any = text && inside(host).size == 0;
    bool ipv6 = text && str_find(inside(host), STR(":"), 0) != SIZE_MAX;
    const char *quote = text && is_number(port) ? "" : "\"";
    struct str name = any ? STR("*") : text ? inside(host) : buffer_str(&host->text);
    buffer_add_text(to, quote);
    buffer_add_text(to, ipv6 ? "[" : text ? "" : "{");
    buffer_add(to, name);
    buffer_add_text(to, ipv6 ? "]:" : text ? ":" : "}:");
    buffer_print(to, is_number(port) ? "%s" : "{%s}", buffer_text(&port->text));
    buffer_add_text(to, quote);
}

// ('127.0.0.1', 9999) is an address; (x) is x.
static bool read_tuple(struct foreign *reader, struct piece *piece)
{
    struct arguments items = {0};
    bool good = foreign_arguments(reader, &items);
    struct piece *host = &items.items[0], *port = &items.items[1];
    if (good && items.count == 1) {
        *piece = *host;
        *host = (struct piece){0};
    } else if (good && items.count == 2 && host->form == PIECE_VALUE && port->form == PIECE_VALUE &&
               !is_number(host) && !is_string(port)) {
        reader->foreign = true;
        add_address(host, port, &piece->text);
    } else {
        good = fail(reader);
    }
    foreign_arguments_finish(&items);
    return good;
}

static bool read_list(struct foreign *reader, struct piece *piece)
{
    bool first = true;
    buffer_add_char(&piece->text, '[');
    while (!reader->bad && !foreign_take(reader, "]")) {
        struct piece item = {0};
        if (!first && !foreign_take(reader, ","))
            fail(reader);
        buffer_add_text(&piece->text, first ? "" : ", ");
        if (!reader->bad && foreign_expression(reader, &item))
            buffer_add(&piece->text, buffer_str(&item.text));
        buffer_finish(&item.text);
        first = false;
    }
    buffer_add_char(&piece->text, ']');
    return !reader->bad;
}

// Words that have another name here.
static void add_word(struct str word, struct buffer *to)
{
    static const char *const words[][2] = {
        {"True", "true"}, {"False", "false"}, {"None", "none"}, {"NULL", "none"}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_is(word, words[i][0]))
            word = str_from(words[i][1]);
    buffer_add(to, word);
}

// The digits that `text` begins with.
static size_t count_digits(struct str text)
{
    size_t digits = 0;
    while (digits < text.size && text.data[digits] >= '0' && text.data[digits] <= '9')
        digits++;
    return digits;
}

// A number (0.5, too, which has a place as a time), a name, or a string with its prefix.
static bool read_atom(struct foreign *reader, struct piece *piece)
{
    foreign_skip(reader);
    struct str rest = foreign_rest(reader), word;
    size_t digits = count_digits(rest), part = 0;
    if (digits > 0 && digits < rest.size && rest.data[digits] == '.')
        part = count_digits(str_slice(rest, digits + 1, rest.size));
    digits += part > 0 ? part + 1 : 0;
    if (digits > 0) {
        buffer_add(&piece->text, str_slice(rest, 0, digits));
        reader->at += digits;
        return true;
    }
    word = foreign_name(reader);
    rest = foreign_rest(reader);
    bool quoted = rest.size > 0 && char_is_one_of(rest.data[0], "\"'");
    if (quoted && (word.size == 0 || (word.size == 1 && char_is_one_of(word.data[0], "bBfFuU")))) {
        reader->foreign |= word.size > 0;
        return read_string(reader, word.size && char_is_one_of(word.data[0], "fF"), piece);
    }
    add_word(word, &piece->text);
    return word.size > 0 || fail(reader);
}

// x[0] behind the [; x[2:4], x[:4] and x[2:] are what slice gives.
static bool read_index(struct foreign *reader, struct piece *piece)
{
    struct piece from = {0}, to = {0}, result = {.form = PIECE_VALUE};
    bool begins = !str_starts(foreign_rest(reader), STR(":"));
    bool good = !begins || foreign_expression(reader, &from);
    bool slice = good && foreign_take(reader, ":");
    bool ends = slice && !str_starts(foreign_rest(reader), STR("]"));
    good = good && (!ends || foreign_expression(reader, &to)) && foreign_take(reader, "]");
    if (slice) {
        result.form = PIECE_CALL;
        buffer_add_text(&result.text, "slice ");
    }
    foreign_add_argument(piece, &result.text);
    if (slice) {
        buffer_add_text(&result.text, begins ? " " : " 0");
        foreign_add_argument(&from, &result.text);
        buffer_add_text(&result.text, ends ? " " : "");
        foreign_add_argument(&to, &result.text);
    } else {
        buffer_print(&result.text, "[%s]", buffer_text(&from.text));
    }
    buffer_finish(&from.text);
    buffer_finish(&to.text);
    buffer_finish(&piece->text);
    *piece = result;
    return good || fail(reader);
}

// x[0], x.method(…), f(…), behind a value.
static bool read_behind(struct foreign *reader, struct piece *piece)
{
    while (!reader->bad) {
        struct str rest = foreign_rest(reader);
        if (str_starts(rest, STR("["))) {
            reader->at++;
            read_index(reader, piece);
        } else if (str_starts(rest, STR("(")) || str_starts(rest, STR("."))) {
            foreign_call(reader, piece);
        } else {
            break;
        }
    }
    return !reader->bad;
}

// Behind the sign of -1 or -x.
static bool read_negative(struct foreign *reader, struct piece *piece)
{
    struct piece operand = {0};
    bool good = foreign_operand(reader, &operand);
    buffer_add_char(&piece->text, '-');
    foreign_add_argument(&operand, &piece->text);
    piece->form = is_number(&operand) ? PIECE_VALUE : PIECE_COMPOUND;
    buffer_finish(&operand.text);
    return good;
}

bool foreign_operand(struct foreign *reader, struct piece *piece)
{
    if (reader->depth++ > FOREIGN_DEEP)
        return fail(reader);
    bool good;
    if (foreign_take(reader, "-"))
        good = read_negative(reader, piece);
    else if (foreign_take(reader, "("))
        good = read_tuple(reader, piece);
    else if (foreign_take(reader, "["))
        good = read_list(reader, piece);
    else
        good = read_atom(reader, piece);
    good = good && read_behind(reader, piece);
    if (good && is_string(piece) && foreign_take(reader, "%"))
        good = format(reader, piece);
    reader->depth--;
    return good;
}

// --- expressions ---------------------------------------------------------------------------------

// The operator here, as it is written in a script, or NULL.
static const char *read_operator(struct foreign *reader)
{
    static const char *const signs[][2] = {{"==", "=="},  {"!=", "!="}, {"<=", "<="}, {">=", ">="},
                                           {"&&", "and"}, {"||", "or"}, {"<", "<"},   {">", ">"},
                                           {"+", "+"},    {"-", "-"},   {"*", "*"},   {"|", "|"}};
    static const char *const words[] = {"and", "or", "in"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (foreign_take_word(reader, words[i]))
            return words[i];
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (foreign_take(reader, signs[i][0]))
            return signs[i][1];
    return NULL;
}

// One operand with what stands before it. Appends; `form` becomes that of a call for one alone.
static bool add_operand(struct foreign *reader, bool alone, struct piece *to)
{
    struct piece piece = {0};
    bool negated = foreign_take_word(reader, "not") || foreign_take(reader, "!");
    if (negated)
        buffer_add_text(&to->text, "not ");
    bool good = foreign_operand(reader, &piece);
    foreign_skip(reader);
    struct foreign ahead = *reader;
    bool last = alone && !negated && read_operator(&ahead) == NULL;
    if (good && last)
        buffer_add(&to->text, buffer_str(&piece.text));
    else if (good)
        foreign_add_argument(&piece, &to->text);
    to->form = last ? piece.form : PIECE_COMPOUND;
    buffer_finish(&piece.text);
    return good;
}

bool foreign_expression(struct foreign *reader, struct piece *piece)
{
    const char *op;
    bool good = add_operand(reader, true, piece);
    while (good && (op = read_operator(reader)) != NULL) {
        // Flags are joined without blanks; between values a | means nothing else.
        buffer_print(&piece->text, strcmp(op, "|") == 0 ? "%s" : " %s ", op);
        bool flags = strcmp(op, "|") == 0;
        good = add_operand(reader, false, piece);
        piece->form = flags ? PIECE_VALUE : PIECE_COMPOUND;
    }
    return good;
}
