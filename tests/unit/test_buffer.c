// test_buffer: bytes that grow at the end.

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#include "base/buffer.h"

Test(buffer, is_ready_when_zero)
{
    struct buffer buffer = {0};
    cr_assert(eq(sz, buffer_str(&buffer).size, 0));
    cr_assert(eq(str, (char *)buffer_text(&buffer), ""));
    buffer_finish(&buffer);
    struct buffer untouched = {0};
    buffer_finish(&untouched);
    cr_assert(eq(ptr, untouched.data, NULL));
}

Test(buffer, collects_pieces)
{
    struct buffer buffer = {0};
    buffer_add(&buffer, STR("a\0b"));
    buffer_add(&buffer, (struct str){NULL, 0});
    buffer_add_text(&buffer, "cd");
    buffer_add_char(&buffer, 'e');
    buffer_print(&buffer, "%d-%s", 12, "x");
    buffer_print(&buffer, "%s", "");
    cr_assert(str_equal(buffer_str(&buffer), STR("a\0bcde12-x")));
    cr_assert(eq(int, buffer_text(&buffer)[10], '\0'));
    buffer_clear(&buffer);
    cr_assert(eq(sz, buffer.size, 0));
    buffer_add_text(&buffer, "again");
    cr_assert(eq(str, (char *)buffer_text(&buffer), "again"));
    buffer_finish(&buffer);
}

Test(buffer, takes_a_long_text_from_print)
{
    char text[5000];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    struct buffer buffer = {0};
    buffer_add_text(&buffer, "<");
    buffer_print(&buffer, "%s>", text);
    cr_assert(eq(sz, buffer.size, 5001));
    cr_assert(eq(int, buffer.data[5000], '>'));
    buffer_finish(&buffer);
}

Test(buffer, moves_seldom)
{
    struct buffer buffer = {0};
    const char *before = NULL;
    unsigned moves = 0;
    for (int i = 0; i < 1000000; i++) {
        size_t capacity = buffer.capacity;
        buffer_add_char(&buffer, 'x');
        moves += buffer.capacity != capacity;
        before = buffer.data;
    }
    cr_assert(eq(sz, buffer.size, 1000000));
    cr_assert(lt(uint, moves, 40));
    cr_assert(eq(ptr, (void *)before, buffer.data));
    buffer_finish(&buffer);
}
