// test_lexer: what a text is cut into, and where the lexer looks further than one character.

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "lang/lexer.h"

static const char *const type_names[] = {
    [TOKEN_EOF] = "eof",
    [TOKEN_NEWLINE] = "nl",
    [TOKEN_SEMICOLON] = ";",
    [TOKEN_NAME] = "name",
    [TOKEN_CONSTANTS] = "constants",
    [TOKEN_NUMBER] = "number",
    [TOKEN_DURATION] = "duration",
    [TOKEN_STRING] = "string",
    [TOKEN_RAW] = "raw",
    [TOKEN_ADDRESS] = "address",
    [TOKEN_WORD] = "word",
    [TOKEN_OPERATOR] = "op",
    [TOKEN_COMMA] = ",",
    [TOKEN_AT] = "@",
    [TOKEN_OPEN] = "(",
    [TOKEN_CLOSE] = ")",
    [TOKEN_OPEN_LIST] = "[",
    [TOKEN_CLOSE_LIST] = "]",
    [TOKEN_OPEN_BLOCK] = "{",
    [TOKEN_CLOSE_BLOCK] = "}",
    [TOKEN_BAD] = "bad",
};

// "name:s op:= number:5": the tokens of a text; a ' before one that nothing sets off from what
// stands before it.
static char *tokens(const char *text)
{
    static char kept[2000];
    struct buffer shown = {0};
    struct lexer lexer;
    lexer_init(&lexer, str_from(text), 0, strlen(text));
    for (;;) {
        struct token token = lexer_next(&lexer);
        struct str part = lexer_text(&lexer, token.range);
        if (token.type == TOKEN_EOF)
            break;
        buffer_print(&shown, "%s%s%s", shown.size ? " " : "", token.spaced ? "" : "'",
                     type_names[token.type]);
        if (token.type != TOKEN_NEWLINE && !str_is(part, type_names[token.type]))
            buffer_print(&shown, ":%.*s", STR_ARG(part));
    }
    lexer_finish(&lexer);
    snprintf(kept, sizeof kept, "%s", buffer_text(&shown));
    buffer_finish(&shown);
    return kept;
}

static const struct {
    const char *text, *tokens;
} table[] = {
    {"", ""},
    {" \t ", ""},
    {"s = socket AF_INET", "name:s op:= name:socket name:AF_INET"},
    {"x=1", "name:x 'op:= 'number:1"},
    {"a;b\nc", "name:a '; 'name:b 'nl name:c"},
    {"a\r\nb\r\n", "name:a 'nl name:b 'nl"},
    {"a \\\n b", "name:a name:b"},
    {"a \\\r\n b", "name:a name:b"},
    {"a # comment ; \" (\nb", "name:a nl name:b"},
    {"#!/usr/bin/env socksh\na", "nl name:a"},
    // operators
    {"== != < <= > >= = | & + - * / %",
     "op:== op:!= op:< op:<= op:> op:>= op:= op:| op:& op:+ op:- op:* op:/ op:%"},
    {"a<b", "name:a 'op:< 'name:b"},
    {"a<=b", "name:a 'op:<= 'name:b"},
    {"n-1", "name:n 'op:- 'number:1"},
    {"n -1", "name:n op:- 'number:1"},
    {"f (x)", "name:f ( name:x ')"},
    {"f(x)", "name:f '( name:x ')"},
    {"x[0]", "name:x '[ number:0 ']"},
    {"x [0]", "name:x [ number:0 ']"},
    {"[1, 2]", "[ number:1 ', number:2 ']"},
    {"if x { y }", "name:if name:x { name:y }"},
    {"@server.1", "@ 'name:server 'bad:. 'number:1"},
    // numbers and durations: what is wrong with a number is found when it is read
    {"0 1024 0x1f 0xFF 010 0xg 0x",
     "number:0 number:1024 number:0x1f number:0xFF number:010 number:0xg number:0x"},
    {"500ms 2s 1m 10us 08ms", "duration:500ms duration:2s duration:1m duration:10us duration:08ms"},
    {"12ab 10h 1_0", "bad:12ab bad:10h bad:1_0"},
    {"1.5 1.5s", "bad:1.5 bad:1.5s"},
    {"127.0.0.1 9", "bad:127.0.0.1 number:9"},
    // names and constants
    {"_a1 if AF_INET", "name:_a1 name:if name:AF_INET"},
    {"MSG_PEEK|MSG_OOB", "constants:MSG_PEEK|MSG_OOB"},
    {"MSG_PEEK | MSG_OOB", "name:MSG_PEEK op:| name:MSG_OOB"},
    {"MSG_PEEK|", "name:MSG_PEEK 'op:|"},
    {"1|2", "number:1 'op:| 'number:2"},
    // addresses: nothing else has a colon
    {"127.0.0.1:9999", "address:127.0.0.1:9999"},
    {"localhost:http", "address:localhost:http"},
    {"www.sina.com.cn:80", "address:www.sina.com.cn:80"},
    {"my-host:80", "address:my-host:80"},
    {"*:9999", "address:*:9999"},
    {"2 * 3", "number:2 op:* number:3"},
    {"a*b", "name:a 'op:* 'name:b"},
    {"[::1]:9999", "address:[::1]:9999"},
    {"[fe80::1%lo]:80", "address:[fe80::1%lo]:80"},
    {"[::g]:80 [::1] [abc]:80", "address:[::g]:80 address:[::1] address:[abc]:80"},
    {"[a] [a:80] [a:80, b:90]", "[ name:a '] [ address:a:80 '] [ address:a:80 ', address:b:90 ']"},
    {"[[::1]:80]", "[ address:[::1]:80 ']"},
    {"unix:/tmp/x.sock unix:@a", "address:unix:/tmp/x.sock address:unix:@a"},
    {"(connect s unix:/x)", "( name:connect name:s address:unix:/x ')"},
    {"f unix:/x; g", "name:f address:unix:/x '; name:g"},
    {":80 ::1:80 a:b:c 127.0.0.1:", "address::80 address:::1:80 address:a:b:c address:127.0.0.1:"},
    {"http://www.sina.com.cn/x", "address:http://www.sina.com.cn/x"},
    {"if x:", "name:if address:x:"},
    {"x : y", "name:x bad:: name:y"},
    // strings
    {"\"a b\" 'c \\'", "string:\"a b\" raw:'c \\'"},
    {"\"a\\\"b\"", "string:\"a\\\"b\""},
    {"\"\\\\\" x", "string:\"\\\\\" name:x"},
    {"\"a\nb\"", "string:\"a\nb\""},
    {"\"{f \"x\"}\"", "string:\"{f \" 'name:x 'string:\"}\""},
    {"\"open", "bad:\"open"},
    {"'open\nx", "bad:'open\nx"},
    {"\"open\\\"", "bad:\"open\\\""},
    {"print\"x\"", "name:print 'string:\"x\""},
    // what means nothing
    {"a ! b $ c", "name:a bad:! name:b bad:$ name:c"},
    {"a && b || c", "name:a bad:&& name:b bad:|| name:c"},
    {"x += 1; x++", "name:x bad:+= number:1 '; name:x 'bad:++"},
    {"a // b", "name:a bad:// name:b"},
    {"x = \xE4\xBD\xA0", "name:x op:= bad:\xE4\xBD\xA0"},
    {"x \xFF", "name:x bad:\xFF"},
    {"x \x1B y", "name:x bad:\x1B name:y"},
    {"a \\ b", "name:a bad:\\ name:b"},
    {"a\rb", "name:a 'bad:\r 'name:b"},
    {"127.0.0.1\xEF\xBC\x9A"
     "80",
     "bad:\xEF\xBC\x9A 'number:80"},
};

Test(lexer, cuts_texts_into_tokens)
{
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        cr_expect(eq(str, tokens(table[i].text), (char *)table[i].tokens), "%s", table[i].text);
}

// By ASCII alone, whatever the locale calls a letter.
Test(lexer, makes_names_of_ascii)
{
    for (int c = 0; c < 256; c++) {
        bool digit = c >= '0' && c <= '9';
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
        cr_assert(eq(int, is_name_start((char)c), letter), "%d", c);
        cr_assert(eq(int, is_name_part((char)c), letter || digit), "%d", c);
    }
}

Test(lexer, takes_line_ends_in_brackets_for_blanks)
{
    struct lexer lexer;
    lexer_init(&lexer, STR("a\n# c\nb\nc"), 0, 10);
    lexer.brackets = 1;
    cr_assert(eq(int, lexer_next(&lexer).type, TOKEN_NAME));
    struct token token = lexer_next(&lexer);
    cr_assert(eq(int, token.type, TOKEN_NAME));
    cr_assert(token.spaced);
    lexer.brackets = 0;
    cr_assert(eq(int, lexer_next(&lexer).type, TOKEN_NEWLINE));
    lexer_finish(&lexer);
}

Test(lexer, stops_at_its_end)
{
    struct lexer lexer;
    lexer_init(&lexer, STR("ab cd\" ef"), 1, 5);
    struct token token = lexer_next(&lexer);
    cr_assert(str_is(lexer_text(&lexer, token.range), "b"));
    token = lexer_next(&lexer);
    cr_assert(str_is(lexer_text(&lexer, token.range), "cd"));
    for (int i = 0; i < 3; i++)
        cr_assert(eq(int, lexer_next(&lexer).type, TOKEN_EOF));
    lexer_finish(&lexer);
}

static char *word(const char *text)
{
    static char kept[100];
    struct lexer lexer;
    lexer_init(&lexer, str_from(text), 0, strlen(text));
    struct token token = lexer_word(&lexer, 0);
    snprintf(kept, sizeof kept, "%s:%.*s", type_names[token.type],
             STR_ARG(lexer_text(&lexer, token.range)));
    lexer_finish(&lexer);
    return kept;
}

Test(lexer, reads_words)
{
    cr_assert(eq(str, word("127.0.0.1:80 x"), "word:127.0.0.1:80"));
    cr_assert(eq(str, word("../a-b*c#d,e\tx"), "word:../a-b*c#d,e"));
    cr_assert(eq(str, word("a;b"), "word:a"));
    cr_assert(eq(str, word("a)"), "word:a"));
    cr_assert(eq(str, word("[::1]:80]"), "word:[::1]:80"));
    cr_assert(eq(str, word("\"a b\" c"), "string:\"a b\""));
    cr_assert(eq(str, word("'a b' c"), "raw:'a b'"));
    cr_assert(eq(str, word("\"a b"), "bad:\"a b"));
    cr_assert(eq(str, word("你好 x"), "word:你好"));
    cr_assert(eq(str, word(""), "word:"));
}

Test(lexer, tells_names_of_files_from_values)
{
    static const char *const paths[] = {"a.svg", "./a;b", "/tmp/a b", "..", "a/b)"};
    static const char *const values[] = {"a",     "4",       "\"a.svg\"", "(f 1.5)",
                                         "[1.5]", "a b.svg", "a;b.c"};
    struct lexer lexer;
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        lexer_init(&lexer, str_from(paths[i]), 0, strlen(paths[i]));
        cr_expect(lexer_is_path(&lexer, 0), "%s", paths[i]);
    }
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        lexer_init(&lexer, str_from(values[i]), 0, strlen(values[i]));
        cr_expect(not(lexer_is_path(&lexer, 0)), "%s", values[i]);
    }
}

Test(lexer, keeps_expectations_once)
{
    struct lexer lexer;
    const char *text = "a #=> 5 \n  #| printed \n# plain\nb # #=> no\n#=>\n";
    lexer_init(&lexer, str_from(text), 0, strlen(text));
    struct token token = lexer_next(&lexer);
    lexer_next(&lexer);
    lexer_word(&lexer, token.range.start); // read again, as the parser does
    while (lexer_next(&lexer).type != TOKEN_EOF)
        continue;
    cr_assert(eq(sz, lexer.expectation_count, 3));
    cr_assert(str_is(lexer.expectations[0].text, "5"));
    cr_assert(not(lexer.expectations[0].alone));
    cr_assert(not(lexer.expectations[0].printed));
    cr_assert(str_is(lexer.expectations[1].text, "printed"));
    cr_assert(lexer.expectations[1].alone);
    cr_assert(lexer.expectations[1].printed);
    cr_assert(str_is(lexer.expectations[2].text, ""));
    lexer_finish(&lexer);
}

static struct diag diag_of(const char *text)
{
    struct lexer lexer;
    lexer_init(&lexer, str_from(text), 0, strlen(text));
    struct token token;
    do
        token = lexer_next(&lexer);
    while (token.type != TOKEN_BAD && token.type != TOKEN_EOF);
    cr_assert(eq(int, token.type, TOKEN_BAD), "%s", text);
    lexer_finish(&lexer);
    return lexer.diag;
}

Test(lexer, tells_unfinished_from_wrong)
{
    static const struct {
        const char *text;
        bool incomplete;
    } rows[] = {{"\"open", true}, {"'open", true}, {"x = 1 + \\", true}, {"a \\ b", false},
                {"\\x", false},   {"$", false},    {"1.5", false},       {"&&", false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        cr_assert(eq(int, diag_of(rows[i].text).incomplete, rows[i].incomplete), "%s",
                  rows[i].text);
}

// Any octets: the tokens come in order, do not overlap, and end.
Test(lexer, survives_anything)
{
    static const char octets[] =
        "aA0_ \t\n\r#;,@()[]{}\"'\\|&<>=!+-*/%:.$\0\x1B\xC3\xE4\xBD\xA0\xFF";
    srand(5);
    for (int round = 0; round < 50000; round++) {
        char *text = malloc(40);
        size_t size = (size_t)rand() % 40, before = 0;
        for (size_t i = 0; i < size; i++)
            text[i] = octets[(size_t)rand() % (sizeof octets - 1)];
        struct lexer lexer;
        lexer_init(&lexer, (struct str){text, size}, 0, size);
        lexer.brackets = (unsigned)rand() % 2;
        for (;;) {
            struct token token = lexer_next(&lexer);
            cr_assert(ge(sz, token.range.start, before));
            cr_assert(le(sz, token.range.end, size));
            if (token.type == TOKEN_EOF)
                break;
            cr_assert(gt(sz, token.range.end, token.range.start));
            before = token.range.end;
            if (token.type == TOKEN_BAD)
                cr_assert(ne(int, lexer.diag.message[0], '\0'));
            if (rand() % 8 == 0)
                before = lexer_word(&lexer, token.range.start).range.end;
        }
        lexer_finish(&lexer);
        free(text);
    }
}
