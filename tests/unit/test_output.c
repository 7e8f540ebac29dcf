// test_output: what a terminal may get of the octets that a script prints.

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "ui/output.h"

Test(output, escapes_what_a_terminal_would_obey)
{
    const struct {
        struct str octets;
        const char *text;
    } rows[] = {
        {STR("plain text\n\ttab\n"), "plain text\n\ttab\n"},
        {STR("HTTP/1.1 200 OK\r\n\r\n"), "HTTP/1.1 200 OK\n\n"},
        {STR("a\rb"), "a\\rb"},
        {STR("\r"), "\\r"},
        {STR("\x1B[2J\x1B]0;title\x07"), "\\x1b[2J\\x1b]0;title\\x07"},
        {STR("\0\x08\x7F"), "\\x00\\x08\\x7f"},
        {STR("\xC2\x9B"
             "31m"),
         "\\xc2\\x9b31m"}, // CSI of eight bits
        {STR("你好"), "你好"},
        {STR("\xFF\xE4\xBD"), "\\xff\\xe4\\xbd"},
        {STR("\xED\xA0\x80"), "\\xed\\xa0\\x80"},
        {STR(""), ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buffer text = {0};
        output_escape(rows[i].octets, &text);
        cr_assert(eq(str, (char *)buffer_text(&text), (char *)rows[i].text), "row %zu", i);
        buffer_finish(&text);
    }
}

Test(output, lets_no_control_character_through)
{
    struct buffer text = {0};
    srand(11);
    for (int round = 0; round < 20000; round++) {
        size_t size = (size_t)rand() % 16;
        char *octets = malloc(size + 1);
        for (size_t i = 0; i < size; i++)
            octets[i] = (char)rand();
        buffer_clear(&text);
        output_escape((struct str){octets, size}, &text);
        for (size_t i = 0; i < text.size;) {
            uint32_t point = 0;
            size_t step = utf8_decode(str_slice(buffer_str(&text), i, text.size), &point);
            cr_assert(gt(sz, step, 0));
            cr_assert(point == '\n' || point == '\t' || (point >= 0x20 && point < 0x7F) ||
                      point >= 0xA0);
            i += step;
        }
        free(octets);
    }
    buffer_finish(&text);
}
