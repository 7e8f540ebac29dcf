// packet_page: one packet laid out: its headers as boxes, field by field.

#ifndef SOCKSH_COMMANDS_PACKET_PAGE_H
#define SOCKSH_COMMANDS_PACKET_PAGE_H

#include "actor/calls.h"
#include "net/capture.h"

struct call;

// Appends what the packet is, and a box for each of its headers and one for its data, in at most
// `columns` columns of a terminal, from 40 up; beside each other where there is room. Takes the
// locks of calls.h and capture.h.
void packet_page(const struct capture_packet *packet, size_t columns, struct buffer *to);

// Whether a call has asked for the packet, and not the kernel by itself: what acknowledges, answers
// or is sent again is the kernel's. `packet` is what was read from it.
bool packet_is_called_for(const struct capture_packet *from, const struct packet *packet);

// What ICMP says with the packet, in the person's language; "" for what has no words here.
const char *packet_icmp_text(const struct packet *packet);

// Appends "4 c": a socket's number, and the variable it was last used by.
void packet_show_socket(const struct call_socket *socket, struct buffer *to);

#endif
