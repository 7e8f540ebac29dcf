// page_entity: the few names that texts use, and numbers.

#include "ui/page_entity.h"

#include <stdlib.h>

static const struct {
    const char *name, *character;
} entities[] = {
    {"&amp;", "&"},    {"&lt;", "<"},       {"&gt;", ">"},     {"&quot;", "\""},  {"&apos;", "'"},
    {"&nbsp;", " "},   {"&ndash;", "–"},    {"&mdash;", "—"},  {"&hellip;", "…"}, {"&middot;", "·"},
    {"&times;", "×"},  {"&larr;", "←"},     {"&rarr;", "→"},   {"&lsquo;", "‘"},  {"&rsquo;", "’"},
    {"&ldquo;", "“"},  {"&rdquo;", "”"},    {"&vert;", "|"},   {"&ast;", "*"},    {"&lowbar;", "_"},
    {"&grave;", "`"},  {"&num;", "#"},      {"&lbrack;", "["}, {"&rbrack;", "]"}, {"&lbrace;", "{"},
    {"&rbrace;", "}"}, {"&copy;", "©"},     {"&le;", "≤"},     {"&ge;", "≥"},     {"&ne;", "≠"},
    {"&Tab;", "\t"},   {"&NewLine;", "\n"},
};

// RFC 3629. `point` is a code point.
static size_t encode(unsigned long point, char octets[4])
{
    size_t size = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    static const unsigned char first[] = {0, 0x00, 0xC0, 0xE0, 0xF0};
    for (size_t i = size; i-- > 1; point >>= 6)
        octets[i] = (char)(0x80 | (point & 0x3F));
    octets[0] = (char)(first[size] | point);
    return size;
}

// "&#233;" or "&#xE9;", of at most seven digits, as the parser of Markdown lets through.
static struct str from_number(struct str entity, char octets[4])
{
    char digits[8] = "";
    bool hexadecimal = entity.data[2] == 'x' || entity.data[2] == 'X';
    struct str number = str_slice(entity, hexadecimal ? 3 : 2, entity.size - 1);
    for (size_t i = 0; i < number.size && i < sizeof digits - 1; i++)
        digits[i] = number.data[i];
    unsigned long point = strtoul(digits, NULL, hexadecimal ? 16 : 10);
    if (point == 0 || point > 0x10FFFF || (point >= 0xD800 && point < 0xE000))
        point = 0xFFFD;
    return (struct str){octets, encode(point, octets)};
}

struct str page_entity(struct str entity, char octets[4])
{
    if (entity.size > 3 && entity.data[1] == '#')
        return from_number(entity, octets);
    for (size_t i = 0; i < sizeof entities / sizeof *entities; i++)
        if (str_is(entity, entities[i].name))
            return str_from(entities[i].character);
    return entity;
}
