// number: from bytes to numbers and back, and where numbers come from.

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <sys/random.h>

#include "base/message.h"
#include "commands/list.h"
#include "commands/refuse.h"
#include "commands/rows.h"

// --- hex, int ------------------------------------------------------------------------------------

// Two digits an octet, without blanks: as checksums and keys are written.
// "474554" for "GET"
static struct value hex_of_bytes(struct str data)
{
    static const char digits[] = "0123456789abcdef";
    struct value text = value_bytes_sized(2 * data.size);
    for (size_t i = 0; text.type != TYPE_UNSET && i < data.size; i++) {
        unsigned char octet = (unsigned char)data.data[i];
        text.bytes->data[2 * i] = digits[octet >> 4];
        text.bytes->data[2 * i + 1] = digits[octet & 15];
    }
    return text;
}

// As an int is written in a script, so that it can be read back.
// 0x1f, -0x1
static struct value hex_of_int(int64_t number)
{
    struct buffer text = {0};
    uint64_t size = number < 0 ? -(uint64_t)number : (uint64_t)number;
    buffer_print(&text, "%s0x%" PRIx64, number < 0 ? "-" : "", size);
    struct value value = value_bytes(buffer_str(&text));
    buffer_finish(&text);
    return value;
}

// Octets as they stand one behind the other, an int as a number.
static bool run_hex(struct call *call)
{
    struct value data = arg(call, 0);
    return call_give_take(call, data.type == TYPE_INT ? hex_of_int(data.number)
                                                      : hex_of_bytes(value_str(data)));
}

const struct command command_hex = {
    .name = "hex",
    .summary = N_("show octets, or an int, in hexadecimal"),
    .group = GROUP_DATA,
    .params = PARAMS({.name = "data", .type = TYPE_BYTES | TYPE_INT}),
    .results = RESULTS({.name = "text", .type = TYPE_BYTES}),
    .example = "hex \"GET\"",
    .lesson = "recv",
    .topic = "strings",
    .run = run_hex,
};

// What came from a peer often ends in \r\n.
static struct str without_blanks(struct str text)
{
    return str_trim(text, " \t\n\v\f\r");
}

// Of the base that the number is written in.
static bool is_digit(char c, bool hexadecimal)
{
    return hexadecimal ? isxdigit((unsigned char)c) : isdigit((unsigned char)c);
}

// Of a hexadecimal digit. In ASCII a small letter is the large one with the bit 0x20.
static int digit_value(char c)
{
    return isdigit((unsigned char)c) ? c - '0' : (c | 0x20) - 'a' + 10;
}

enum reading { READ_GOOD, READ_NO_NUMBER, READ_TOO_LARGE };

// Reads digits, or 0x and hexadecimal ones, with a minus in front. Leading zeros mean
// nothing: a peer may pad.
static enum reading read_int(struct str text, int64_t *number)
{
    bool negative = str_starts(text, STR("-"));
    text = str_slice(text, negative, text.size);
    bool hexadecimal = str_starts(text, STR("0x")) || str_starts(text, STR("0X"));
    text = str_slice(text, hexadecimal ? 2 : 0, text.size);
    enum reading reading = text.size > 0 ? READ_GOOD : READ_NO_NUMBER;
    *number = 0;
    for (size_t i = 0; i < text.size; i++) {
        if (!is_digit(text.data[i], hexadecimal))
            return READ_NO_NUMBER;
        int digit = negative ? -digit_value(text.data[i]) : digit_value(text.data[i]);
        if (__builtin_mul_overflow(*number, hexadecimal ? 16 : 10, number) ||
            __builtin_add_overflow(*number, digit, number))
            // Read on: a letter further back makes it no number at all.
            reading = READ_TOO_LARGE;
    }
    return reading;
}

// A constant loses its name: the script asked for the number.
static bool run_int(struct call *call)
{
    struct value data = arg(call, 0);
    if (data.type == TYPE_INT)
        return call_give_take(call, value_int(data.number));
    int64_t number;
    enum reading reading = read_int(without_blanks(value_str(data)), &number);
    if (reading == READ_GOOD)
        return call_give_take(call, value_int(number));
    if (reading == READ_TOO_LARGE)
        return refuse_value(call, _("%s does not fit into 64 bits"), data);
    return refuse_value(call, _("%s is no number, such as 1024 or 0x1f"), data);
}

// A header says its length in digits, and what is typed is text: neither is a number yet.
const struct command command_int = {
    .name = "int",
    .summary = N_("read a number, decimal or 0x…, from bytes"),
    .group = GROUP_DATA,
    .params = PARAMS({.name = "data", .type = TYPE_BYTES | TYPE_INT}),
    .results = RESULTS({.name = "number", .type = TYPE_INT}),
    .example = "int \"1024\"",
    .lesson = "recv",
    .topic = "values",
    .run = run_int,
};

// --- range, random -------------------------------------------------------------------------------

enum { RANGE_MOST = 10000000 }; // 160 MB of list; a larger one is most likely a mistake

// range 3 is [0, 1, 2], range 1 3 is [1, 2]; a range that goes down is empty.
static bool run_range(struct call *call)
{
    bool both = arg_given(call, 1);
    int64_t from = both ? arg(call, 0).number : 0, to = arg(call, both).number;
    // Without a sign: from the smallest int to the largest is more than an int64_t counts.
    uint64_t count = to > from ? (uint64_t)to - (uint64_t)from : 0;
    if (count > RANGE_MOST)
        return call_refused(call, _("a range has at most %d numbers, not %llu"), RANGE_MOST,
                            (unsigned long long)count);
    struct value list = value_list((size_t)count);
    for (uint64_t i = 0; i < count; i++)
        list_add_take(&list, value_int(from + (int64_t)i));
    return call_give_take(call, list);
}

// With one argument it is TO. Positions decide, since optional parameters stand last in every row.
const struct command command_range = {
    .name = "range",
    .summary = N_("the ints below a number, or from one up to another"),
    .group = GROUP_DATA,
    .params = PARAMS({.name = "from", .type = TYPE_INT},
                     {.name = "to", .type = TYPE_INT, .optional = true}),
    .results = RESULTS({.name = "numbers", .type = TYPE_LIST}),
    .example = "for i in range 3 { print i }",
    .topic = "values",
    .run = run_range,
};

// From the kernel's generator, so that two actors or runs never draw the same row of numbers.
static bool run_random(struct call *call)
{
    uint64_t count = (uint64_t)arg(call, 0).number, drawn;
    uint64_t rest = -count % count; // 2^64 modulo count: numbers below it would come too often
    do {
        if (getrandom(&drawn, sizeof drawn, 0) != sizeof drawn) // 8 octets come whole
            return call_failed(call, errno);
    } while (drawn < rest);
    return call_give_take(call, value_int((int64_t)(drawn % count)));
}

// What lies beyond the last whole multiple of COUNT is drawn again, or small numbers
// would come more often.
const struct command command_random = {
    .name = "random",
    .summary = N_("an int from 0 up to, not including, COUNT"),
    .group = GROUP_DATA,
    .params = PARAMS({.name = "count", .type = TYPE_INT, .bounded = true, .least = 1}),
    .results = RESULTS({.name = "number", .type = TYPE_INT}),
    .example = "random 6",
    .topic = "values",
    .run = run_random,
};

// --- pack, unpack --------------------------------------------------------------------------------

// Each has twice as many octets as the one before it.
static const char *const formats[] = {"u8", "u16", "u32", "u64", NULL};

// How many octets u8, u16, u32 or u64 has; 0, with the call failed, for any other word.
static size_t octets_of(struct call *call)
{
    for (size_t i = 0; formats[i]; i++)
        if (str_is(arg_str(call, 0), formats[i]))
            return (size_t)1 << i;
    refuse_value(call, _("%s is no format: there are u8, u16, u32 and u64"), arg(call, 0));
    return 0;
}

// C would cut a number that does not fit in silence; here it is refused.
static bool run_pack(struct call *call)
{
    size_t octets = octets_of(call);
    int64_t number = arg(call, 1).number;
    int64_t most = octets == 8 ? INT64_MAX : ((int64_t)1 << (8 * octets)) - 1;
    char packed[8];
    if (octets == 0)
        return false;
    if (number < 0 || number > most)
        return call_refused(call, _("%.*s goes from 0 to %lld; %lld does not fit"),
                            STR_ARG(arg_str(call, 0)), (long long)most, (long long)number);
    for (size_t i = octets; i-- > 0; number >>= 8) // network order: the largest first
        packed[i] = (char)(number & 0xff);
    return call_give_take(call, value_bytes((struct str){packed, octets}));
}

// Sizes and ports in headers stand in network order: RFC 1700, Data Notations.
const struct command command_pack = {
    .name = "pack",
    .summary = N_("an int as octets in network order: u8 u16 u32 u64"),
    .group = GROUP_ADDRESSES,
    .params = PARAMS({.name = "format", .type = TYPE_BYTES, .form = FORM_WORD, .words = formats},
                     {.name = "int", .type = TYPE_INT}),
    .results = RESULTS({.name = "data", .type = TYPE_BYTES}),
    .example = "header = pack u16 5",
    .lesson = "framing",
    .topic = "strings",
    .run = run_pack,
};

// The octets must be as many as the format says: a short read is the usual mistake.
static bool run_unpack(struct call *call)
{
    struct str data = arg_str(call, 1);
    size_t octets = octets_of(call);
    uint64_t number = 0;
    if (octets == 0)
        return false;
    if (data.size != octets)
        return call_refused(call, _("%.*s is read from %zu octets, and these are %zu"),
                            STR_ARG(arg_str(call, 0)), octets, data.size);
    for (size_t i = 0; i < octets; i++)
        number = number << 8 | (unsigned char)data.data[i];
    if (number > INT64_MAX)
        return call_refused(call, _("%llu does not fit into an int of 64 bits"),
                            (unsigned long long)number);
    return call_give_take(call, value_int((int64_t)number));
}

const struct command command_unpack = {
    .name = "unpack",
    .summary = N_("the int that octets in network order mean"),
    .group = GROUP_ADDRESSES,
    .params = PARAMS({.name = "format", .type = TYPE_BYTES, .form = FORM_WORD, .words = formats},
                     {.name = "bytes", .type = TYPE_BYTES}),
    .results = RESULTS({.name = "number", .type = TYPE_INT}),
    .example = "unpack u16 (pack u16 5)",
    .lesson = "framing",
    .topic = "strings",
    .run = run_unpack,
};
