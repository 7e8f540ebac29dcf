// capture_file: blocks of pcapng, collected and written.

#include "net/capture_file.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"

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

static int file = -1;      // -1: none
static int file_error;     // with which writing it failed
static uint16_t described; // interfaces that stand in it
static struct buffer text; // blocks of it, to be written at once

// --- blocks --------------------------------------------------------------------------------------

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

static void add_section(struct buffer *to)
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

static void add_interface(const struct capture_point *point, struct buffer *to)
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

// How many of the first `most` octets of `blocks` are whole blocks.
static size_t whole_blocks(struct str blocks, size_t most)
{
    size_t whole = 0;
    for (uint32_t length = 0; whole + 8 <= blocks.size; whole += length) {
        memcpy(&length, blocks.data + whole + sizeof length, sizeof length);
        if (length > most - whole)
            break;
    }
    return whole;
}

// --- the file ------------------------------------------------------------------------------------

void capture_file_open(int fd)
{
    file = fd;
    if (ftruncate(fd, 0) < 0) // only now: it may be the file that was written until here
        file_error = errno;
    add_section(&text);
    capture_file_flush();
}

bool capture_file_is_open(void)
{
    return file >= 0 && file_error == 0;
}

void capture_file_add(const struct capture_packet *packet, struct str frame,
                      const struct capture_point *points)
{
    if (!capture_file_is_open())
        return;
    for (; described <= packet->point; described++)
        add_interface(&points[described], &text);
    size_t at = begin_block(&text, PACKET);
    add32(&text, packet->point);
    add32(&text, (uint32_t)((uint64_t)packet->time >> 32));
    add32(&text, (uint32_t)packet->time);
    add32(&text, (uint32_t)frame.size);
    add32(&text, packet->length);
    add_padded(&text, frame);
    end_block(&text, at);
}

void capture_file_flush(void)
{
    size_t done = 0;
    off_t begin = file >= 0 ? lseek(file, 0, SEEK_CUR) : 0;
    while (capture_file_is_open() && done < text.size) {
        ssize_t size = write(file, text.data + done, text.size - done);
        if (size >= 0)
            done += (size_t)size;
        else if (errno != EINTR)
            file_error = errno;
    }
    size_t whole = whole_blocks(buffer_str(&text), done);
    // A packet that went in half is cut off again.
    if (file_error != 0 && whole < done && ftruncate(file, begin + (off_t)whole) < 0)
        file_error = errno;
    buffer_clear(&text);
}

int capture_file_close(void)
{
    capture_file_flush();
    int error = file_error;
    if (file >= 0 && close(file) < 0 && error == 0)
        error = errno;
    buffer_finish(&text);
    file = -1;
    file_error = 0;
    described = 0;
    return error;
}
