// capture_file: the file of a capture, as Wireshark and tcpdump read it. For capture.c alone, under
// its lock.
//
// pcapng, draft-ietf-opsawg-pcapng: one section, one interface block for each place, one packet
// block for each packet, in the byte order of this computer.

#ifndef SOCKSH_NET_CAPTURE_FILE_H
#define SOCKSH_NET_CAPTURE_FILE_H

#include "base/str.h"
#include "net/capture.h"

// Begins a file at the descriptor, which belongs to this room from now on; what is in it goes.
void capture_file_open(int fd);

// Whether there is one that takes packets.
bool capture_file_is_open(void);

// Adds a packet: `frame` is what was taken of it. `points` are all interfaces that are known. It is
// in the file after capture_file_flush().
void capture_file_add(const struct capture_packet *packet, struct str frame,
                      const struct capture_point *points);

// Writes what was added. When that fails, nothing more is written, and what is in the file ends
// with a whole packet.
void capture_file_flush(void);

// Writes what was added, and closes it. 0, or the errno of whatever failed first. May be called
// without a file.
int capture_file_close(void);

#endif
