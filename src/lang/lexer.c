// lexer: tokens, with the few places where the language looks further than one character.

#include "lang/lexer.h"

#include <ctype.h>
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

bool is_name_start(char c)
{
    return isalpha((unsigned char)c) || c == '_';
}

bool is_name_part(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

static char at(const struct lexer *lexer, size_t i)
{
    return i < lexer->end ? lexer->text.data[i] : '\0';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

// --- blanks and comments --------------------------------------------------------------------------------------------

// Length of a line end at `i`, 0 if there is none.
static size_t line_end(const struct lexer *lexer, size_t i)
{
    if (at(lexer, i) == '\n')
        return 1;
    return at(lexer, i) == '\r' && at(lexer, i + 1) == '\n' ? 2 : 0;
}

static bool alone_on_line(const struct lexer *lexer, size_t i)
{
    while (i > 0 && (lexer->text.data[i - 1] == ' ' || lexer->text.data[i - 1] == '\t'))
        i--;
    return i == 0 || lexer->text.data[i - 1] == '\n';
}

static struct str trimmed(struct str s)
{
    while (s.size && isspace((unsigned char)s.data[0]))
        s = str_slice(s, 1, s.size);
    while (s.size && isspace((unsigned char)s.data[s.size - 1]))
        s.size--;
    return s;
}

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
        .text = trimmed(str_slice(text, printed ? 2 : 3, text.size)),
    };
}

static void skip_comment(struct lexer *lexer)
{
    size_t start = lexer->at;
    while (lexer->at < lexer->end && line_end(lexer, lexer->at) == 0)
        lexer->at++;
    keep_expectation(lexer, (struct range){start, lexer->at});
}

// Skips blanks, comments, a `\` at a line's end, and line ends inside brackets. Whether there was anything.
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

// --- tokens ---------------------------------------------------------------------------------------------------------

static struct token token_to(struct lexer *lexer, enum token_type type, size_t end)
{
    struct token token = {.type = type, .range = {lexer->at, end}};
    lexer->at = end;
    return token;
}

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

static size_t path_end(const struct lexer *lexer, size_t i)
{
    while (i < lexer->end && !isspace((unsigned char)at(lexer, i)) &&
           strchr(";)]},", at(lexer, i)) == NULL)
        i++;
    return i;
}

// The end of an address that begins at lexer->at, or 0. Nothing else in the language has a colon.
static size_t address_end(const struct lexer *lexer)
{
    size_t i = lexer->at;
    if (at(lexer, i) == '[') {
        i++;
        while (isxdigit((unsigned char)at(lexer, i)) || strchr(":.", at(lexer, i)))
            if (at(lexer, i++) == '\0')
                return 0;
        if (at(lexer, i) == '%')
            i = host_end(lexer, i + 1);
        if (at(lexer, i) != ']' || at(lexer, i + 1) != ':')
            return 0;
        return host_end(lexer, i + 2);
    }
    if (str_starts(str_slice(lexer->text, i, lexer->end), STR("unix:")))
        return path_end(lexer, i + 5);
    i = at(lexer, i) == '*' ? i + 1 : host_end(lexer, i);
    if (i == lexer->at || at(lexer, i) != ':')
        return 0;
    while (at(lexer, i) == ':') // one is right; more are an IPv6 number without its brackets
        i = host_end(lexer, i + 1);
    return i;
}

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
    if (at(lexer, end) == '.' && is_digit(at(lexer, end + 1))) {
        size_t more = host_end(lexer, end);
        diag_set(&lexer->diag, (struct range){lexer->at, more},
                 _("numbers are whole; an address needs its port, as in 127.0.0.1:9999"));
        return bad_token(lexer, more);
    }
    if (digits == text.size || (text.size > 2 && text.data[0] == '0' && text.data[1] == 'x'))
        return token_to(lexer, TOKEN_NUMBER, end);
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (str_is(unit, units[i]))
            return token_to(lexer, TOKEN_DURATION, end);
    diag_set(&lexer->diag, (struct range){lexer->at, end},
             _("\"%.*s\" is no number and no name"), STR_ARG(text));
    diag_hint(&lexer->diag, "%s", _("a name begins with a letter; a duration ends in us, ms, s or m"));
    return bad_token(lexer, end);
}

static struct token name(struct lexer *lexer)
{
    size_t end = lexer->at;
    while (is_name_part(at(lexer, end)))
        end++;
    enum token_type type = TOKEN_NAME;
    while (at(lexer, end) == '|' && is_name_start(at(lexer, end + 1))) {
        type = TOKEN_CONSTANTS;
        end++;
        while (is_name_part(at(lexer, end)))
            end++;
    }
    return token_to(lexer, type, end);
}

static struct token string(struct lexer *lexer, char quote)
{
    size_t i = lexer->at + 1;
    while (i < lexer->end && at(lexer, i) != quote)
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

static struct token unknown(struct lexer *lexer)
{
    struct str rest = str_slice(lexer->text, lexer->at, lexer->end);
    uint32_t point = 0;
    size_t size = utf8_decode(rest, &point);
    struct range range = {lexer->at, lexer->at + (size ? size : 1)};
    if (size == 0)
        diag_set(&lexer->diag, range, _("the octet 0x%02x is no UTF-8 text"),
                 (unsigned char)rest.data[0]);
    else if (point < 0x20 || point == 0x7F)
        diag_set(&lexer->diag, range, _("a control character (0x%02x) has no place here"), point);
    else
        diag_set(&lexer->diag, range, _("\"%.*s\" means nothing here"), (int)size, rest.data);
    if (point == '\\')
        diag_hint(&lexer->diag, "%s", _("a \\ carries a line on only as the last thing on it"));
    else if (point == '!')
        diag_hint(&lexer->diag, "%s", _("\"not\" negates; \"!=\" compares"));
    else if (point > 0x7F)
        diag_hint(&lexer->diag, "%s", _("outside a string, everything is typed in ASCII"));
    return bad_token(lexer, range.end);
}

static struct token punctuation(struct lexer *lexer)
{
    static const struct {
        char c;
        enum token_type type;
    } single[] = {
        {';', TOKEN_SEMICOLON},  {',', TOKEN_COMMA},       {'@', TOKEN_AT},
        {'(', TOKEN_OPEN},       {')', TOKEN_CLOSE},       {'[', TOKEN_OPEN_LIST},
        {']', TOKEN_CLOSE_LIST}, {'{', TOKEN_OPEN_BLOCK},  {'}', TOKEN_CLOSE_BLOCK},
    };
    char c = at(lexer, lexer->at);
    for (size_t i = 0; i < sizeof single / sizeof *single; i++)
        if (c == single[i].c)
            return token_to(lexer, single[i].type, lexer->at + 1);
    if (strchr("=!<>", c) && at(lexer, lexer->at + 1) == '=')
        return token_to(lexer, TOKEN_OPERATOR, lexer->at + 2);
    if (strchr("=<>|&+-*/%", c))
        return token_to(lexer, TOKEN_OPERATOR, lexer->at + 1);
    return unknown(lexer);
}

static struct token read_token(struct lexer *lexer)
{
    char c = at(lexer, lexer->at);
    size_t end;
    if (lexer->at >= lexer->end)
        return token_to(lexer, TOKEN_EOF, lexer->at);
    if (line_end(lexer, lexer->at))
        return token_to(lexer, TOKEN_NEWLINE, lexer->at + line_end(lexer, lexer->at));
    if (c != '\0' && (is_name_part(c) || c == '[' || c == '*') && (end = address_end(lexer)) > 0)
        return token_to(lexer, TOKEN_ADDRESS, end);
    if (c == '"' || c == '\'')
        return string(lexer, c);
    if (is_digit(c))
        return number(lexer);
    if (is_name_start(c))
        return name(lexer);
    return c == '\0' ? unknown(lexer) : punctuation(lexer);
}

struct token lexer_next(struct lexer *lexer)
{
    bool first = lexer->at == 0 || strchr("([{\n", lexer->text.data[lexer->at - 1]) != NULL;
    bool spaced = skip_blanks(lexer) || first;
    struct token token = read_token(lexer);
    token.spaced = spaced;
    return token;
}

struct token lexer_word(struct lexer *lexer, size_t start)
{
    lexer->at = start;
    char c = at(lexer, start);
    if (c == '"' || c == '\'')
        return string(lexer, c);
    size_t end = start, open = 0; // a ] that the word opened itself belongs to it: [::1]:80
    for (; end < lexer->end && !isspace((unsigned char)at(lexer, end)); end++) {
        if (strchr(";)]}", at(lexer, end)) != NULL && !(at(lexer, end) == ']' && open > 0))
            break;
        open += at(lexer, end) == '[' ? 1 : 0;
        open -= at(lexer, end) == ']' ? 1 : 0;
    }
    return token_to(lexer, TOKEN_WORD, end);
}
