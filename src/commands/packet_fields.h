// packet_fields: the fields of a packet's headers: name, octets, meaning. For packet_page.c.

#ifndef SOCKSH_COMMANDS_PACKET_FIELDS_H
#define SOCKSH_COMMANDS_PACKET_FIELDS_H

#include "net/capture.h"

enum {
    PACKET_FIELDS = 24,                   // in one header
    PACKET_BOXES = 3 + PACKET_EXTENSIONS, // IP, extensions of it, what it carries, data
};

struct packet_field {
    const char *label;     // in the person's language; lasts
    struct str octets;     // as they passed; lie in the packet
    struct buffer meaning; // one line; may be empty
};

// One header, or the data, for which there are no fields but a text.
struct packet_fields {
    struct buffer title;
    struct packet_field items[PACKET_FIELDS];
    size_t count;
    struct buffer text;
};

// Fills in the headers that the packet has, in the order in which they stand, and its data. Returns
// how many, to be freed by packet_fields_finish() each. `packet` is what was read from `from`.
size_t packet_list_fields(const struct capture_packet *from, const struct packet *packet,
                          struct packet_fields fields[PACKET_BOXES]);

void packet_fields_finish(struct packet_fields *fields);

#endif
