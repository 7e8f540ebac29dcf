// utf8: decoding by RFC 3629, and widths by libc's wcwidth.

#include "base/utf8.h"

#include <langinfo.h>
#include <locale.h>
#include <pthread.h>
#include <string.h>
#include <wchar.h>

// Whether octet `i` is there and is one of those that follow a first one, 10xxxxxx.
static bool continues(struct str s, size_t i)
{
    return i < s.size && ((unsigned char)s.data[i] & 0xC0) == 0x80;
}

// What such an octet adds to the code point.
static uint32_t low_bits(struct str s, size_t i)
{
    return (unsigned char)s.data[i] & 0x3F;
}

// --- characters ----------------------------------------------------------------------------------

size_t utf8_decode(struct str s, uint32_t *point)
{
    unsigned char first = (unsigned char)s.data[0];
    if (first < 0x80) {
        *point = first;
        return 1;
    }
    if (first >= 0xC2 && first <= 0xDF && continues(s, 1)) {
        *point = (uint32_t)(first & 0x1F) << 6 | low_bits(s, 1);
        return 2;
    }
    if (first >= 0xE0 && first <= 0xEF && continues(s, 1) && continues(s, 2)) {
        *point = (uint32_t)(first & 0x0F) << 12 | low_bits(s, 1) << 6 | low_bits(s, 2);
        return *point >= 0x800 && (*point < 0xD800 || *point > 0xDFFF) ? 3 : 0;
    }
    if (first >= 0xF0 && first <= 0xF4 && continues(s, 1) && continues(s, 2) && continues(s, 3)) {
        *point = (uint32_t)(first & 0x07) << 18 | low_bits(s, 1) << 12 | low_bits(s, 2) << 6 |
                 low_bits(s, 3);
        return *point >= 0x10000 && *point <= 0x10FFFF ? 4 : 0;
    }
    return 0;
}

// Steps over one character or one stray octet.
static size_t step(struct str s, uint32_t *point)
{
    size_t size = utf8_decode(s, point);
    if (size > 0)
        return size;
    *point = 0xFFFD;
    return 1;
}

size_t utf8_count(struct str s)
{
    size_t count = 0;
    uint32_t point;
    for (size_t i = 0; i < s.size; count++)
        i += step(str_slice(s, i, s.size), &point);
    return count;
}

size_t utf8_cut(struct str s, size_t most)
{
    if (most >= s.size) {
        most = s.size;
        // A text that was itself cut may end in half a character.
        size_t start = most;
        while (start > 0 && most - start < 3 && continues(s, start - 1))
            start--;
        uint32_t point;
        if (start > 0 && ((unsigned char)s.data[start - 1] & 0xC0) == 0xC0 &&
            utf8_decode(str_slice(s, start - 1, most), &point) == 0)
            return start - 1;
        return most;
    }
    while (most > 0 && continues(s, most))
        most--;
    return most;
}

bool utf8_is_control(uint32_t point)
{
    return point < 0x20 || (point >= 0x7F && point < 0xA0);
}

bool utf8_is_showable(uint32_t point)
{
    static const struct {
        uint32_t from, to;
    } hidden[] = {
        {0xAD, 0xAD},     {0x61C, 0x61C},        {0x200B, 0x200F}, {0x2028, 0x202E},
        {0x2060, 0x206F}, {0xE000, 0xF8FF},      {0xFDD0, 0xFDEF}, {0xFEFF, 0xFEFF},
        {0xFFF0, 0xFFFB}, {0xE0000, UINT32_MAX},
    };
    for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++)
        if (point >= hidden[i].from && point <= hidden[i].to)
            return false;
    return !utf8_is_control(point) && (point & 0xFFFE) != 0xFFFE;
}

// --- widths --------------------------------------------------------------------------------------

bool utf8_is_usual(void)
{
    locale_t locale = newlocale(LC_CTYPE_MASK, "", (locale_t)0);
    bool usual = locale != (locale_t)0 && strcmp(nl_langinfo_l(CODESET, locale), "UTF-8") == 0;
    if (locale != (locale_t)0)
        freelocale(locale);
    return usual;
}

// A locale that knows widths. Loaded when a wide character is first measured: most runs never do,
// and it costs more than all else that a script does at start.
static locale_t person;

// The person's own, if it is one of UTF-8 and installed: what is written is UTF-8 in any case.
static void load_locale(void)
{
    person = newlocale(LC_CTYPE_MASK, "", (locale_t)0);
    if (person != (locale_t)0 && strcmp(nl_langinfo_l(CODESET, person), "UTF-8") == 0)
        return;
    if (person != (locale_t)0)
        freelocale(person);
    person = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
}

size_t utf8_point_width(uint32_t point)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    if (point < 0x80)
        return 1;
    pthread_once(&once, load_locale);
    // For this thread only, and for a moment: setlocale(3) would change numbers and messages of
    // all.
    locale_t before = person ? uselocale(person) : (locale_t)0;
    int width = wcwidth((wchar_t)point);
    if (person)
        uselocale(before);
    // What the locale cannot show takes one column, for the sign that a terminal puts in its place.
    return width < 0 ? 1 : (size_t)width;
}

size_t utf8_width(struct str s)
{
    size_t width = 0;
    uint32_t point;
    for (size_t i = 0; i < s.size;) {
        i += step(str_slice(s, i, s.size), &point);
        width += utf8_point_width(point);
    }
    return width;
}

size_t utf8_fit(struct str s, size_t columns)
{
    size_t width = 0, size = 0;
    uint32_t point;
    while (size < s.size) {
        size_t one = step(str_slice(s, size, s.size), &point);
        width += utf8_point_width(point);
        if (width > columns)
            break;
        size += one;
    }
    return size;
}
