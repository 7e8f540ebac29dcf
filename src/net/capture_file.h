// capture_file: what the file of a capture is made of. For capture.c alone.
//
// pcapng, draft-ietf-opsawg-pcapng: one section, one interface block for each place, one packet
// block for each packet, in the byte order of this computer.

#ifndef SOCKSH_NET_CAPTURE_FILE_H
#define SOCKSH_NET_CAPTURE_FILE_H

#include "base/buffer.h"
#include "net/capture.h"

// Appends the block that the file begins with.
void capture_file_begin(struct buffer *to);

// Appends an interface, of which the first is number 0.
void capture_file_add_point(const struct capture_point *point, struct buffer *to);

// Appends a packet that passed at interface `point`: `frame` is what was taken of `length` octets.
void capture_file_add_packet(uint32_t point, int64_t time, struct str frame, uint32_t length,
                             struct buffer *to);

// How many of the first `most` octets of `blocks` are whole blocks.
size_t capture_file_whole(struct str blocks, size_t most);

#endif
