// test_value: who shares what, how values grow, compare and are shown.

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "lang/value.h"

static struct value bytes(const char *text)
{
    return value_bytes(str_from(text));
}

static struct value address(const char *text)
{
    struct address parsed = {0};
    struct diag diag = {0};
    cr_assert(address_parse(str_from(text), &parsed, &diag), "%s", diag.message);
    return value_address(&parsed);
}

static struct value list_of(size_t count, const struct value *items)
{
    struct value list = value_list(0);
    for (size_t i = 0; i < count; i++)
        cr_assert(value_append_item_take(&list, items[i]));
    return list;
}

#define LIST(...)                                                                                  \
    list_of(sizeof((struct value[]){__VA_ARGS__}) / sizeof(struct value),                          \
            (struct value[]){__VA_ARGS__})

// As shown, in a buffer that lasts until the next call. Takes the value.
static char *shown(struct value value)
{
    static char kept[1000];
    struct buffer text = {0};
    value_show(value, &text);
    snprintf(kept, sizeof kept, "%s", buffer_text(&text));
    buffer_finish(&text);
    value_release(value);
    return kept;
}

// --- sharing -----------------------------------------------------------------------------------

Test(value, leaves_shared_bytes_alone)
{
    struct value a = bytes("ab"), b = value_retain(a), piece = bytes("cd");
    cr_assert(eq(ptr, a.bytes, b.bytes));
    cr_assert(value_append_bytes(&a, piece));
    cr_assert(ne(ptr, a.bytes, b.bytes));
    cr_assert(eq(int, b.bytes->references, 1));
    cr_assert(str_is(value_str(a), "abcd"));
    cr_assert(str_is(value_str(b), "ab"));
    cr_assert(value_append_bytes(&b, piece)); // the only one by now: in place
    cr_assert(str_is(value_str(b), "abcd"));
    value_release(a);
    value_release(b);
    value_release(piece);
}

Test(value, appends_bytes_to_themselves)
{
    struct value a = bytes("ab");
    for (int i = 0; i < 10; i++)
        cr_assert(value_append_bytes(&a, a));
    cr_assert(eq(sz, a.bytes->size, 2048));
    struct value b = value_retain(a);
    cr_assert(value_append_bytes(&a, b)); // shared by both sides
    cr_assert(eq(sz, a.bytes->size, 4096));
    cr_assert(eq(sz, b.bytes->size, 2048));
    for (size_t i = 0; i < 4096; i++)
        cr_assert(eq(int, a.bytes->data[i], "ab"[i % 2]));
    cr_assert(value_append_bytes(&a, a));
    cr_assert(eq(sz, a.bytes->size, 8192));
    value_release(a);
    value_release(b);
}

Test(value, does_not_touch_a_literal)
{
    struct value literal = bytes("ab"), list = LIST(value_int(1));
    value_make_immortal(literal);
    value_make_immortal(list);
    struct value a = value_retain(literal), l = value_retain(list);
    cr_assert(value_append_bytes(&a, literal));
    cr_assert(value_append_item_take(&l, value_int(2)));
    cr_assert(str_is(value_str(literal), "ab"));
    cr_assert(eq(sz, list.list->count, 1));
    cr_assert(str_is(value_str(a), "abab"));
    value_release(literal);
    value_release(literal); // as often as one likes
    cr_assert(str_is(value_str(literal), "ab"));
    value_release(a);
    value_release(l);
    value_destroy_literal(literal);
    value_destroy_literal(list);
}

Test(value, leaves_shared_lists_alone)
{
    struct value a = LIST(bytes("x"), value_int(1)), b = value_retain(a);
    cr_assert(value_append_item_take(&a, value_int(2)));
    cr_assert(eq(sz, a.list->count, 3));
    cr_assert(eq(sz, b.list->count, 2));
    cr_assert(eq(ptr, a.list->items[0].bytes, b.list->items[0].bytes)); // what is in them is shared
    cr_assert(value_own_list(&b));
    cr_assert(value_append_item_take(&b, value_retain(b.list->items[0])));
    value_release(a);
    cr_assert(eq(str, shown(b), "[\"x\", 1, \"x\"]"));
}

Test(value, takes_a_list_into_itself_as_it_was)
{
    struct value a = LIST(value_int(1));
    cr_assert(value_append_item_take(&a, value_retain(a)));
    cr_assert(eq(uint, value_depth(a), 2));
    cr_assert(eq(str, shown(a), "[1, [1]]"));
}

// 100 MB in pieces of 1 KB: linear, so the memory moves a few dozen times at most.
Test(value, grows_in_amortised_constant_time)
{
    char octets[1024];
    memset(octets, 'x', sizeof octets);
    struct value page = bytes(""), piece = value_bytes((struct str){octets, sizeof octets});
    unsigned grown = 0;
    for (int i = 0; i < 100 * 1024; i++) {
        size_t capacity = page.bytes->capacity;
        cr_assert(value_append_bytes(&page, piece));
        grown += page.bytes->capacity != capacity;
    }
    cr_assert(eq(sz, page.bytes->size, (size_t)100 << 20));
    cr_assert(le(uint, grown, 40));
    page = value_bytes_cut_take(page, 10);
    cr_assert(eq(sz, page.bytes->size, 10));
    cr_assert(lt(sz, page.bytes->capacity, 1000));
    value_release(page);
    value_release(piece);
}

Test(value, grows_lists_in_amortised_constant_time)
{
    struct value list = value_list(0);
    unsigned grown = 0;
    for (int i = 0; i < 1000000; i++) {
        size_t capacity = list.list->capacity;
        cr_assert(value_append_item_take(&list, value_int(i)));
        grown += list.list->capacity != capacity;
    }
    cr_assert(le(uint, grown, 40));
    cr_assert(eq(i64, list.list->items[999999].number, 999999));
    value_release(list);
}

Test(value, refuses_what_no_memory_holds)
{
    struct value a = bytes("ab");
    cr_assert(eq(int, value_bytes_sized(BYTES_LIMIT + 1).type, TYPE_UNSET));
    cr_assert(eq(int, value_bytes_sized(SIZE_MAX).type, TYPE_UNSET));
    size_t size = a.bytes->size;
    a.bytes->size = BYTES_LIMIT; // as if it were that long
    struct value piece = bytes("c");
    cr_assert(not(value_append_bytes(&a, piece)));
    a.bytes->size = size;
    cr_assert(str_is(value_str(a), "ab"));
    value_release(a);
    value_release(piece);
}

// --- copying and comparing ---------------------------------------------------------------------

Test(value, copies_share_nothing)
{
    struct value inner = LIST(bytes("in"), address("[::1]:80"));
    struct value list =
        LIST(value_int(1), inner, value_error(symbol_find(STR("EPIPE")), STR("gone")));
    struct value copy = value_copy(list);
    cr_assert(value_equal(list, copy));
    cr_assert(ne(ptr, copy.list, list.list));
    struct value *deep = copy.list->items[1].list->items;
    cr_assert(ne(ptr, deep[0].bytes, list.list->items[1].list->items[0].bytes));
    cr_assert(ne(ptr, deep[1].address, list.list->items[1].list->items[1].address));
    cr_assert(ne(ptr, copy.list->items[2].error, list.list->items[2].error));
    cr_assert(eq(uint, copy.list->depth, 2));
    value_release(list);
    cr_assert(eq(str, shown(copy), "[1, [\"in\", [::1]:80], EPIPE: gone]"));
}

Test(value, counts_the_depth_of_lists)
{
    cr_assert(eq(uint, value_depth(value_int(1)), 0));
    struct value list = value_list(0);
    cr_assert(eq(uint, value_depth(list), 1));
    for (unsigned depth = 2; depth <= 100; depth++) {
        struct value outer = value_list(1);
        cr_assert(value_append_item_take(&outer, list));
        list = outer;
        cr_assert(eq(uint, value_depth(list), depth));
    }
    struct value shared = value_retain(list);
    cr_assert(value_append_item_take(&list, value_int(1)));
    cr_assert(eq(uint, value_depth(list), 100));
    value_release(list);
    value_release(shared);
}

Test(value, knows_what_is_true)
{
    struct value values[] = {VALUE_UNSET,
                             VALUE_NONE,
                             value_bool(false),
                             value_int(0),
                             bytes(""),
                             value_list(0),
                             value_bool(true),
                             value_int(-1),
                             bytes("0"),
                             LIST(VALUE_NONE),
                             value_duration(0),
                             address("*:0"),
                             value_error(NULL, STR(""))};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        cr_assert(eq(int, value_truth(values[i]), i > 5), "value %zu", i);
        value_release(values[i]);
    }
}

Test(value, equals_only_its_own_type)
{
    struct value values[] = {VALUE_NONE,
                             value_bool(true),
                             value_int(1),
                             value_duration(1),
                             bytes("1"),
                             bytes("127.0.0.1:80"),
                             address("127.0.0.1:80"),
                             address("127.0.0.1:81"),
                             value_list(0),
                             LIST(value_int(1)),
                             LIST(value_int(1), value_int(2)),
                             LIST(LIST(value_int(1))),
                             value_error(NULL, STR("1")),
                             value_error(symbol_find(STR("EPIPE")), STR("")),
                             value_error(symbol_find(STR("EBADF")), STR(""))};
    size_t count = sizeof values / sizeof *values;
    for (size_t i = 0; i < count; i++) {
        struct value copy = value_copy(values[i]);
        for (size_t j = 0; j < count; j++)
            cr_assert(eq(int, value_equal(copy, values[j]), i == j), "%zu and %zu", i, j);
        value_release(copy);
    }
    for (size_t i = 0; i < count; i++)
        value_release(values[i]);
}

Test(value, equals_an_error_and_its_constant)
{
    struct value error = value_error(symbol_find(STR("EAGAIN")), STR("not now"));
    struct value own = value_error(NULL, STR("EAGAIN"));
    cr_assert(value_equal(error, value_symbol(symbol_find(STR("EAGAIN")))));
    cr_assert(
        value_equal(value_symbol(symbol_find(STR("EWOULDBLOCK"))), error)); // another name of it
    cr_assert(not(value_equal(error, value_symbol(symbol_find(STR("EPIPE"))))));
    cr_assert(not(value_equal(error, value_int(EAGAIN)))); // a bare number could be anything
    cr_assert(not(value_equal(own, value_symbol(symbol_find(STR("EAGAIN"))))));
    cr_assert(value_equal(value_symbol(symbol_find(STR("AF_INET"))), value_int(AF_INET)));
    value_release(error);
    value_release(own);
}

Test(value, orders_what_has_an_order)
{
    struct value a = bytes("a"), b = bytes("b"), list = value_list(0);
    int order = 7;
    cr_assert(value_compare(value_int(1), value_int(2), &order) && order < 0);
    cr_assert(value_compare(value_int(INT64_MAX), value_int(INT64_MIN), &order) && order > 0);
    cr_assert(value_compare(value_duration(5), value_duration(5), &order) && order == 0);
    cr_assert(value_compare(a, b, &order) && order < 0);
    cr_assert(value_compare(value_bool(true), value_bool(false), &order) && order > 0);
    cr_assert(not(value_compare(value_int(1), value_duration(1), &order)));
    cr_assert(not(value_compare(a, value_int(1), &order)));
    cr_assert(not(value_compare(list, list, &order)));
    cr_assert(not(value_compare(VALUE_NONE, VALUE_NONE, &order)));
    value_release(a);
    value_release(b);
    value_release(list);
}

// --- showing -----------------------------------------------------------------------------------

Test(value, shows_each_type)
{
    cr_assert(eq(str, shown(VALUE_NONE), "none"));
    cr_assert(eq(str, shown(value_bool(true)), "true"));
    cr_assert(eq(str, shown(value_int(INT64_MIN)), "-9223372036854775808"));
    cr_assert(eq(str, shown(value_constant(FAMILY_AF, AF_INET6)), "AF_INET6"));
    cr_assert(eq(str, shown(value_constant(FAMILY_AF, 999)), "999"));
    cr_assert(eq(str, shown(value_constant(FAMILY_MSG, MSG_PEEK | MSG_OOB)), "MSG_OOB|MSG_PEEK"));
    cr_assert(eq(str, shown(address("localhost:http")), "localhost:http"));
    cr_assert(eq(str, shown(LIST(value_int(1), bytes("x"), value_list(0))), "[1, \"x\", []]"));
    cr_assert(eq(str, shown(value_error(NULL, STR("mine"))), "mine"));
    cr_assert(eq(str, shown(value_error(symbol_find(STR("EPIPE")), STR("gone"))), "EPIPE: gone"));
    cr_assert(eq(str, shown(value_error(symbol_find(STR("EPIPE")), STR(""))), "EPIPE"));
}

Test(value, shows_durations_in_the_largest_unit_that_fits)
{
    static const struct {
        int64_t number;
        const char *text;
    } rows[] = {{0, "0s"},
                {1, "1ns"},
                {1000, "1us"},
                {1500000, "1500us"},
                {500000000, "500ms"},
                {1000000000, "1s"},
                {90000000000, "90s"},
                {120000000000, "2m"},
                {-2000000000, "-2s"},
                {INT64_MIN, "-9223372036854775808ns"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        cr_assert(eq(str, shown(value_duration(rows[i].number)), (char *)rows[i].text));
}

// Nothing that comes from the network may move a cursor, change a direction or end a line.
Test(value, escapes_what_a_terminal_would_obey)
{
    static const struct {
        const char *octets, *text;
    } rows[] = {
        {"GET / HTTP/1.1\r\n", "\"GET / HTTP/1.1\\r\\n\""},
        {"a\tb\\\"c\"", "\"a\\tb\\\\\\\"c\\\"\""},
        {"\x1B[2J", "\"\\x1b[2J\""},
        {"\x07\x08\x7F", "\"\\x07\\x08\\x7f\""},
        {"你好, wörld", "\"你好, wörld\""},
        {"\xFF\xFE", "\"\\xff\\xfe\""},
        {"\xE4\xBD", "\"\\xe4\\xbd\""}, // half a character
        {"\xC2\x9B"
         "31m",
         "\"\\xc2\\x9b31m\""}, // CSI of eight bits
        {"\xE2\x80\xAE"
         "x",
         "\"\\xe2\\x80\\xaex\""},                // right to left from here on
        {"\xE2\x80\x8B", "\"\\xe2\\x80\\x8b\""}, // a blank without width
        {"\xEF\xBB\xBF", "\"\\xef\\xbb\\xbf\""}, // a byte order mark
        {"\xE2\x80\xA8", "\"\\xe2\\x80\\xa8\""}, // a line separator
        {"\xEE\x80\x80", "\"\\xee\\x80\\x80\""}, // private use
        {"{x} {1} {(", "\"{x} {1} {(\""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        cr_assert(eq(str, shown(bytes(rows[i].octets)), (char *)rows[i].text), "row %zu", i);
    cr_assert(eq(str, shown(value_bytes(STR("a\0b"))), "\"a\\x00b\""));
}

Test(value, cuts_long_bytes_between_characters)
{
    struct buffer text = {0};
    bytes_show(STR("你好你好"), 7, &text);
    cr_assert(eq(str, (char *)buffer_text(&text), "\"你好\"…"));
    buffer_clear(&text);
    bytes_show(STR("abc"), 3, &text);
    cr_assert(eq(str, (char *)buffer_text(&text), "\"abc\""));
    buffer_clear(&text);
    bytes_show(STR("abc"), 0, &text);
    cr_assert(eq(str, (char *)buffer_text(&text), "\"\"…"));
    buffer_finish(&text);
}

Test(value, writes_bytes_as_they_are)
{
    struct buffer text = {0};
    struct value value = value_bytes(STR("\x1B\0\xFF"));
    value_write(value, &text);
    cr_assert(str_equal(buffer_str(&text), STR("\x1B\0\xFF")));
    value_release(value);
    buffer_clear(&text);
    value = LIST(bytes("\x1B"));
    value_write(value, &text);
    cr_assert(eq(str, (char *)buffer_text(&text), "[\"\\x1b\"]"));
    value_release(value);
    buffer_finish(&text);
}

Test(value, names_types)
{
    struct buffer text = {0};
    type_show(TYPE_BYTES | TYPE_LIST, &text);
    cr_assert(eq(str, (char *)buffer_text(&text), "bytes or list"));
    buffer_clear(&text);
    type_show(TYPE_ANY, &text);
    cr_assert(eq(str, (char *)buffer_text(&text), "any"));
    buffer_clear(&text);
    types_show_with_articles(TYPE_DURATION | TYPE_NONE, &text);
    cr_assert(eq(str, (char *)buffer_text(&text), "a duration or none"));
    cr_assert(eq(str, (char *)type_with_article(TYPE_HANDLE), "a handle"));
    buffer_finish(&text);
}
