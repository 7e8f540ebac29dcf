// packet: whatever passes is read without leaving its octets, and followed; what was found lies
// inside.

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "commands/packet_page.h"
#include "net/flow.h"

// The first two octets say how much longer the packet was than what is left of it.
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    struct str frame = {(const char *)data + 2, size - 2};
    size_t length = frame.size + (size_t)(data[0] << 8 | data[1]);
    struct packet packet;
    packet_read(frame, length, &packet);
    if (packet.data.size > packet.size || packet.data.data < frame.data ||
        packet.data.data + packet.data.size > frame.data + frame.size ||
        packet.transport_at > frame.size || packet.size > length)
        abort();
    struct capture_packet kept = {.number = 1, .length = (uint32_t)length};
    kept.kept = (uint16_t)(frame.size < CAPTURE_KEPT ? frame.size : CAPTURE_KEPT);
    if (kept.kept > 0)
        memcpy(kept.octets, frame.data, kept.kept);
    struct flows flows = {0};
    for (int i = 0; i < 2; i++)
        flows_follow(&flows, &packet, i, 0, &kept.place);
    struct buffer page = {0};
    packet_page(&kept, 40 + data[0] % 160, &page);
    buffer_finish(&page);
    flows_finish(&flows);
    return 0;
}
