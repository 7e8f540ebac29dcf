// capture_file: blocks of pcapng.

#include "net/capture_file.h"

#include <string.h>

enum {
    SECTION = 0x0A0D0D0A,
    INTERFACE = 1,
    PACKET = 6,
    ETHERNET = 1, // LINKTYPE_ETHERNET
    OPTION_END = 0,
    OPTION_NAME = 2,    // if_name
    OPTION_TIMES = 9,   // if_tsresol
    OPTION_PROGRAM = 4, // shb_userappl
};

static void add32(struct buffer *to, uint32_t number)
{
    buffer_add(to, (struct str){(const char *)&number, sizeof number});
}

static void add16(struct buffer *to, uint16_t number)
{
    buffer_add(to, (struct str){(const char *)&number, sizeof number});
}

// Everything in a block ends at a multiple of four octets.
static void add_padded(struct buffer *to, struct str octets)
{
    buffer_add(to, octets);
    buffer_add(to, (struct str){"\0\0\0", (4 - octets.size % 4) % 4});
}

static void add_option(struct buffer *to, uint16_t kind, struct str value)
{
    add16(to, kind);
    add16(to, (uint16_t)value.size);
    add_padded(to, value);
}

// A block's length stands in front and behind. Returns where it begins.
static size_t begin_block(struct buffer *to, uint32_t type)
{
    size_t at = to->size;
    add32(to, type);
    add32(to, 0);
    return at;
}

static void end_block(struct buffer *to, size_t at)
{
    uint32_t length = (uint32_t)(to->size - at + sizeof length);
    memcpy(to->data + at + sizeof length, &length, sizeof length);
    add32(to, length);
}

void capture_file_begin(struct buffer *to)
{
    size_t at = begin_block(to, SECTION);
    add32(to, 0x1A2B3C4D); // the byte order is seen by it
    add16(to, 1);          // version 1.0
    add16(to, 0);
    add32(to, UINT32_MAX); // the section's length is not known
    add32(to, UINT32_MAX);
    add_option(to, OPTION_PROGRAM, STR("socksh"));
    add_option(to, OPTION_END, STR(""));
    end_block(to, at);
}

void capture_file_add_point(const struct capture_point *point, struct buffer *to)
{
    struct buffer name = {0};
    buffer_print(&name, "%s%s%s", point->host, point->host[0] ? " " : "", point->name);
    size_t at = begin_block(to, INTERFACE);
    add16(to, ETHERNET);
    add16(to, 0);
    add32(to, 0); // no limit to what is taken of a packet
    add_option(to, OPTION_NAME, buffer_str(&name));
    add_option(to, OPTION_TIMES, STR("\x09")); // times count 10^-9 s
    add_option(to, OPTION_END, STR(""));
    end_block(to, at);
    buffer_finish(&name);
}

void capture_file_add_packet(uint32_t point, int64_t time, struct str frame, uint32_t length,
                             struct buffer *to)
{
    size_t at = begin_block(to, PACKET);
    add32(to, point);
    add32(to, (uint32_t)((uint64_t)time >> 32));
    add32(to, (uint32_t)time);
    add32(to, (uint32_t)frame.size);
    add32(to, length);
    add_padded(to, frame);
    end_block(to, at);
}

size_t capture_file_whole(struct str blocks, size_t most)
{
    size_t whole = 0;
    for (uint32_t length = 0; whole + 8 <= blocks.size; whole += length) {
        memcpy(&length, blocks.data + whole + sizeof length, sizeof length);
        if (length > most - whole)
            break;
    }
    return whole;
}
