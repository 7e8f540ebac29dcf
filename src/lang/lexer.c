// lexer: tokens, with the few places where the language looks further than one character.

#include "lang/lexer.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/message.h"
#include "base/utf8.h"

void lexer_init(struct lexer *lexer, struct str text, size_t from, size_t to)
{
    *lexer = (struct lexer){.text = text, .at = from, .end = to};
}

void lexer_finish(struct lexer *lexer)
{
    free(lexer->expectations);
    lexer->expectations = NULL;
}

// By ASCII, not by <ctype.h>: what a program means must not depend on the locale.
static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool is_name_start(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool is_name_part(char c)
{
    return is_name_start(c) || is_digit(c);
}

// What separates a word from the next: ASCII's blanks, line ends among them.
static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

// What stands at octet `i`; a NUL, which means nothing anywhere, behind the end.
static char at(const struct lexer *lexer, size_t i)
{
    return i < lexer->end ? lexer->text.data[i] : '\0';
}

// --- blanks and comments -------------------------------------------------------------------------

// Length of a line end at `i`, 0 if there is none.
static size_t line_end(const struct lexer *lexer, size_t i)
{
    if (at(lexer, i) == '\n')
        return 1;
    return at(lexer, i) == '\r' && at(lexer, i + 1) == '\n' ? 2 : 0;
}

// Whether only blanks stand before octet `i` on its line.
static bool alone_on_line(const struct lexer *lexer, size_t i)
{
    while (i > 0 && (lexer->text.data[i - 1] == ' ' || lexer->text.data[i - 1] == '\t'))
        i--;
    return i == 0 || lexer->text.data[i - 1] == '\n';
}

// Keeps a comment of that form; any other comment is dropped.
static void keep_expectation(struct lexer *lexer, struct range range)
{
    struct str text = lexer_text(lexer, range);
    bool printed = str_starts(text, STR("#|"));
    if (!printed && !str_starts(text, STR("#=>")))
        return;
    size_t count = lexer->expectation_count;
    if (count > 0 && lexer->expectations[count - 1].range.start >= range.start)
        return; // read before, when a token was read again as a word
    lexer->expectations = mem_grow(lexer->expectations, count, &lexer->expectation_capacity,
                                   sizeof *lexer->expectations);
    lexer->expectations[lexer->expectation_count++] = (struct expectation){
        .printed = printed,
        .alone = alone_on_line(lexer, range.start),
        .range = range,
        .text = str_trim(str_slice(text, printed ? 2 : 3, text.size), " \t\v\f\r"),
    };
}

// Up to the line's end, which is a token of its own.
static void skip_comment(struct lexer *lexer)
{
    size_t start = lexer->at;
    while (lexer->at < lexer->end && line_end(lexer, lexer->at) == 0)
        lexer->at++;
    keep_expectation(lexer, (struct range){start, lexer->at});
}

// Skips blanks, comments, a `\` at a line's end, and line ends inside brackets. Whether there was
// anything.
static bool skip_blanks(struct lexer *lexer)
{
    size_t start = lexer->at;
    while (lexer->at < lexer->end) {
        char c = at(lexer, lexer->at);
        size_t ending = line_end(lexer, lexer->at);
        if (c == ' ' || c == '\t')
            lexer->at++;
        else if (c == '#')
            skip_comment(lexer);
        else if (c == '\\' && line_end(lexer, lexer->at + 1))
            lexer->at += 1 + line_end(lexer, lexer->at + 1);
        else if (ending && lexer->brackets)
            lexer->at += ending;
        else
            break;
    }
    return lexer->at > start;
}

// --- tokens --------------------------------------------------------------------------------------

// The token from here to `end`, which is taken.
static struct token token_to(struct lexer *lexer, enum token_type type, size_t end)
{
    struct token token = {.type = type, .range = {lexer->at, end}};
    lexer->at = end;
    return token;
}

// The same for what means nothing; lexer->diag says why.
static struct token bad_token(struct lexer *lexer, size_t end)
{
    return token_to(lexer, TOKEN_BAD, end);
}

// The end of a run of host characters.
static size_t host_end(const struct lexer *lexer, size_t i)
{
    while (is_name_part(at(lexer, i)) || at(lexer, i) == '.' || at(lexer, i) == '-')
        i++;
    return i;
}

// The end of a path of unix: up to a blank or what closes something around it.
static size_t path_end(const struct lexer *lexer, size_t i)
{
    while (i < lexer->end && !is_blank(at(lexer, i)) && !char_is_one_of(at(lexer, i), ";)]},"))
        i++;
    return i;
}

// The end of [::1]:80, 0 if it is none. What a list cannot be is taken for one, so that [::g] and
// [::1] are told what they lack.
static size_t bracketed_end(const struct lexer *lexer)
{
    size_t i = lexer->at + 1, colons = 0;
    for (; is_name_part(at(lexer, i)) || char_is_one_of(at(lexer, i), ":.%-"); i++)
        colons += at(lexer, i) == ':';
    if (at(lexer, i) != ']' || (colons < 2 && at(lexer, i + 1) != ':'))
        return 0;
    return at(lexer, i + 1) == ':' ? host_end(lexer, i + 2) : i + 1;
}

// The end of an address that begins at lexer->at, or 0. Nothing else in the language has a colon.
static size_t address_end(const struct lexer *lexer)
{
    size_t i = lexer->at;
    if (at(lexer, i) == '[')
        return bracketed_end(lexer);
    if (str_starts(str_slice(lexer->text, i, lexer->end), STR("unix:")))
        return path_end(lexer, i + 5);
    i = at(lexer, i) == '*' ? i + 1 : host_end(lexer, i);
    if (at(lexer, i) != ':')
        return 0;
    if (at(lexer, i + 1) == '/' && at(lexer, i + 2) == '/') // http://… is told that it is none
        return path_end(lexer, i);
    while (at(lexer, i) == ':') // one is right; more are an IPv6 number without its brackets
        i = host_end(lexer, i + 1);
    return i;
}

// Whether an address may begin with `c`; address_end() looks at all of it.
static bool begins_address(const struct lexer *lexer, char c)
{
    char next = at(lexer, lexer->at + 1);
    return is_name_part(c) || c == '[' || c == '*' ||
           (c == ':' && (is_name_part(next) || next == ':'));
}

// --- what means nothing --------------------------------------------------------------------------

char lexer_ascii_of(uint32_t point)
{
    static const struct {
        uint32_t point;
        char c;
    } twins[] = {
        {0x3000, ' '},  {0xA0, ' '},   {0x201C, '"'}, {0x201D, '"'}, {0x201E, '"'},
        {0xAB, '"'},    {0xBB, '"'},   {0x300C, '"'}, {0x300D, '"'}, {0x2018, '\''},
        {0x2019, '\''}, {0x2013, '-'}, {0x2014, '-'}, {0x2212, '-'}, {0x3001, ','},
        {0x3002, '.'},  {0x3010, '['}, {0x3011, ']'}, {0xD7, '*'},
    };
    if (point >= 0xFF01 && point <= 0xFF5E) // the full-width forms, in the order of ASCII
        return (char)(point - 0xFF01 + '!');
    for (size_t i = 0; i < sizeof twins / sizeof *twins; i++)
        if (point == twins[i].point)
            return twins[i].c;
    return '\0';
}

// The character at octet `i`, and its size; 0 for what is no UTF-8, or at the end.
static uint32_t point_at(const struct lexer *lexer, size_t i, size_t *size)
{
    uint32_t point = 0;
    *size = i < lexer->end ? utf8_decode(str_slice(lexer->text, i, lexer->end), &point) : 0;
    return point;
}

// What the character means in other languages, and what is written here.
static void hint_ascii(struct lexer *lexer, uint32_t point)
{
    static const struct {
        char c;
        const char *hint;
    } hints[] = {
        {'\\', N_("a \\ carries a line on only as the last thing on it")},
        {'!', N_("\"not\" negates, \"!=\" compares")},
        {'.', N_("there are no methods and no fractions: recv s 1024, 500ms")},
        {':', N_("a block stands in { }; an address is a host and a port, as in localhost:80")},
        {'$', N_("a variable is written as its name alone")},
        {'`', N_("a string stands in \"…\" or '…'")},
        {'?', N_("a choice is written if … { … } else { … }")},
        {'~', N_("on bits there are & and |")},
        {'^', N_("on bits there are & and |")},
    };
    for (size_t i = 0; i < sizeof hints / sizeof *hints; i++)
        if (point == (unsigned char)hints[i].c)
            diag_hint(&lexer->diag, "%s", _(hints[i].hint));
}

// What a keyboard or a word processor put in the place of an ASCII character, or what names are
// made of.
static void hint_beyond_ascii(struct lexer *lexer, uint32_t point)
{
    char twin = lexer_ascii_of(point);
    if (twin == ' ')
        diag_hint(&lexer->diag, "%s", _("this is a blank of another kind: write an ASCII one"));
    else if (twin != '\0')
        diag_hint(&lexer->diag, _("write an ASCII %c: outside strings, nothing else will do"),
                  twin);
    else
        diag_hint(&lexer->diag, "%s",
                  _("a name is made of a to z, digits and _; all else stands in strings"));
}

// Where the text ends behind a `\`, the prompt asks for another line.
static struct token unknown(struct lexer *lexer)
{
    size_t size;
    uint32_t point = point_at(lexer, lexer->at, &size);
    struct range range = {lexer->at, lexer->at + (size ? size : 1)};
    struct str text = lexer_text(lexer, range);
    if (size == 0)
        diag_set(&lexer->diag, range, _("the octet 0x%02x is no UTF-8 text"),
                 (unsigned char)text.data[0]);
    else if (utf8_is_control(point))
        diag_set(&lexer->diag, range, _("a control character (0x%02x) has no place here"), point);
    else
        diag_set(&lexer->diag, range, _("\"%.*s\" means nothing here"), STR_ARG(text));
    if (size == 0)
        diag_hint(&lexer->diag, "%s",
                  _("scripts are UTF-8; other octets are written \\xHH in a string"));
    else if (point >= 0xA0)
        hint_beyond_ascii(lexer, point);
    else
        hint_ascii(lexer, point);
    lexer->diag.incomplete = point == '\\' && range.end == lexer->end;
    return bad_token(lexer, range.end);
}

// --- numbers, names, strings ---------------------------------------------------------------------

// 127.0.0.1 9999: the digits that stand behind the blanks behind `i`.
static struct str port_behind(const struct lexer *lexer, size_t i)
{
    while (at(lexer, i) == ' ')
        i++;
    size_t end = i;
    while (is_digit(at(lexer, end)))
        end++;
    return lexer_text(lexer, (struct range){i, end});
}

// 1.5, or 127.0.0.1 without a port.
static struct token dotted(struct lexer *lexer, size_t end)
{
    size_t size, dots = 0;
    end = host_end(lexer, end);
    if (lexer_ascii_of(point_at(lexer, end, &size)) == ':') { // 127.0.0.1：80 is nearly right
        lexer->at = end;
        return unknown(lexer);
    }
    struct range range = {lexer->at, end};
    struct str text = lexer_text(lexer, range), port = port_behind(lexer, end);
    for (size_t i = 0; i < text.size; i++)
        dots += text.data[i] == '.';
    if (dots == 1) {
        diag_set(&lexer->diag, range, _("numbers are whole"));
        diag_hint(&lexer->diag, "%s", _("half a second is written 500ms"));
        return bad_token(lexer, end);
    }
    diag_set(&lexer->diag, range, _("an address needs its port"));
    if (port.size)
        diag_hint(&lexer->diag, _("write %.*s:%.*s"), STR_ARG(text), STR_ARG(port));
    else
        diag_hint(&lexer->diag, _("write %.*s:9999; a host alone stands in quotes: \"%.*s\""),
                  STR_ARG(text), STR_ARG(text));
    return bad_token(lexer, end);
}

// Digits with a unit, 0x…, or what begins like a number and is none.
static struct token number(struct lexer *lexer)
{
    static const char *const units[] = {"us", "ms", "s", "m"};
    size_t end = lexer->at;
    while (is_name_part(at(lexer, end)))
        end++;
    struct str text = lexer_text(lexer, (struct range){lexer->at, end});
    size_t digits = 0;
    while (digits < text.size && is_digit(text.data[digits]))
        digits++;
    struct str unit = str_slice(text, digits, text.size);
    // Numbers have no fraction: this is one of another language, or an address.
    if (at(lexer, end) == '.' && is_digit(at(lexer, end + 1)))
        return dotted(lexer, end);
    if (digits == text.size || str_starts(text, STR("0x")))
        return token_to(lexer, TOKEN_NUMBER, end);
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (str_is(unit, units[i]))
            return token_to(lexer, TOKEN_DURATION, end);
    diag_set(&lexer->diag, (struct range){lexer->at, end}, _("\"%.*s\" is no number and no name"),
             STR_ARG(text));
    diag_hint(&lexer->diag, "%s",
              _("a name begins with a letter; a duration ends in us, ms, s or m"));
    return bad_token(lexer, end);
}

// A name, or several with | between and no blank: a constant of flags.
static struct token name(struct lexer *lexer)
{
    size_t end = lexer->at;
    while (is_name_part(at(lexer, end)))
        end++;
    enum token_type type = TOKEN_NAME;
    // With blanks around it, | is an operator as any other.
    while (at(lexer, end) == '|' && is_name_start(at(lexer, end + 1))) {
        type = TOKEN_CONSTANTS;
        end++;
        while (is_name_part(at(lexer, end)))
            end++;
    }
    return token_to(lexer, type, end);
}

// From quote to quote. What stands in between is read later, with its escapes (text.c).
static struct token string(struct lexer *lexer, char quote)
{
    size_t i = lexer->at + 1;
    while (i < lexer->end && at(lexer, i) != quote)
        // An escaped quote does not end it; in '…' there are no escapes.
        i += quote == '"' && at(lexer, i) == '\\' ? 2 : 1;
    if (i >= lexer->end) {
        diag_set(&lexer->diag, (struct range){lexer->at, lexer->at + 1},
                 _("this string is not closed"));
        diag_hint(&lexer->diag, quote == '"' ? _("it ends with a \"") : _("it ends with a '"));
        lexer->diag.incomplete = true;
        return bad_token(lexer, lexer->end);
    }
    return token_to(lexer, quote == '"' ? TOKEN_STRING : TOKEN_RAW, i + 1);
}

// An operator of another language, which would otherwise read as two of this one. NULL if there is
// none at the next octet.
static const char *foreign_operator(const struct lexer *lexer, size_t *size)
{
    static const struct {
        const char *text, *hint;
    } foreign[] = {
        {"===", N_("write ==")},
        {"&&", N_("write and")},
        {"||", N_("write or")},
        {"++", N_("write x = x + 1")},
        {"+=", N_("write x = x + …, or append x …")},
        {"-=", N_("write x = x - …")},
        {"*=", N_("write x = x * …")},
        {"/=", N_("write x = x / …")},
        {":=", N_("write =")},
        {"<>", N_("write !=")},
        {"=>", N_("write >=")},
        {"<<", N_("there are no shifts: multiply")},
        {">>", N_("there are no shifts: divide")},
        {"**", N_("there are + - * / %")},
        {"//", N_("a comment begins with #; / divides and drops the rest")},
        {"/*", N_("a comment begins with #")},
    };
    for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++) {
        *size = strlen(foreign[i].text);
        // The longer ones stand first: === before ==, which is one of ours.
        if (str_starts(str_slice(lexer->text, lexer->at, lexer->end), str_from(foreign[i].text)))
            return _(foreign[i].hint);
    }
    return NULL;
}

// What is no word, number or string: a bracket, a mark, an operator, or nothing at all.
static struct token punctuation(struct lexer *lexer)
{
    static const struct {
        char c;
        enum token_type type;
    } single[] = {
        {';', TOKEN_SEMICOLON},  {',', TOKEN_COMMA},      {'@', TOKEN_AT},
        {'(', TOKEN_OPEN},       {')', TOKEN_CLOSE},      {'[', TOKEN_OPEN_LIST},
        {']', TOKEN_CLOSE_LIST}, {'{', TOKEN_OPEN_BLOCK}, {'}', TOKEN_CLOSE_BLOCK},
    };
    char c = at(lexer, lexer->at);
    for (size_t i = 0; i < sizeof single / sizeof *single; i++)
        if (c == single[i].c)
            return token_to(lexer, single[i].type, lexer->at + 1);
    size_t size;
    const char *hint = foreign_operator(lexer, &size);
    if (hint != NULL) {
        struct range range = {lexer->at, lexer->at + size};
        diag_set(&lexer->diag, range, _("there is no operator \"%.*s\""),
                 STR_ARG(lexer_text(lexer, range)));
        diag_hint(&lexer->diag, "%s", hint);
        return bad_token(lexer, range.end);
    }
    if (char_is_one_of(c, "=!<>") && at(lexer, lexer->at + 1) == '=')
        return token_to(lexer, TOKEN_OPERATOR, lexer->at + 2);
    if (char_is_one_of(c, "=<>|&+-*/%"))
        return token_to(lexer, TOKEN_OPERATOR, lexer->at + 1);
    return unknown(lexer);
}

// The order matters: an address may begin like a name, a number or a list.
static struct token read_token(struct lexer *lexer)
{
    char c = at(lexer, lexer->at);
    size_t end;
    if (lexer->at >= lexer->end)
        return token_to(lexer, TOKEN_EOF, lexer->at);
    if (line_end(lexer, lexer->at))
        return token_to(lexer, TOKEN_NEWLINE, lexer->at + line_end(lexer, lexer->at));
    if (begins_address(lexer, c) && (end = address_end(lexer)) > 0)
        return token_to(lexer, TOKEN_ADDRESS, end);
    if (c == '"' || c == '\'')
        return string(lexer, c);
    if (is_digit(c))
        return number(lexer);
    if (is_name_start(c))
        return name(lexer);
    return punctuation(lexer);
}

struct token lexer_next(struct lexer *lexer)
{
    // Where nothing stands before it there is nothing to be set off from.
    bool first = lexer->at == 0 || char_is_one_of(lexer->text.data[lexer->at - 1], "([{\n");
    bool spaced = skip_blanks(lexer) || first;
    struct token token = read_token(lexer);
    token.spaced = spaced;
    return token;
}

// Where the word that begins at `start` ends.
static size_t word_end(const struct lexer *lexer, size_t start)
{
    size_t end = start, open = 0; // a ] that the word opened itself belongs to it: [::1]:80
    for (; end < lexer->end && !is_blank(at(lexer, end)); end++) {
        if (char_is_one_of(at(lexer, end), ";)]}") && !(at(lexer, end) == ']' && open > 0))
            break;
        open += at(lexer, end) == '[' ? 1 : 0;
        open -= at(lexer, end) == ']' ? 1 : 0;
    }
    return end;
}

struct token lexer_word(struct lexer *lexer, size_t start)
{
    lexer->at = start;
    char c = at(lexer, start);
    if (c == '"' || c == '\'')
        return string(lexer, c);
    return token_to(lexer, TOKEN_WORD, word_end(lexer, start));
}

bool lexer_is_path(const struct lexer *lexer, size_t start)
{
    if (char_is_one_of(at(lexer, start), "\"'(["))
        return false;
    for (size_t i = start, end = word_end(lexer, start); i < end; i++)
        if (char_is_one_of(at(lexer, i), "./"))
            return true;
    return false;
}
