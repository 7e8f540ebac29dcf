// ties: asks once for each conversation.

#include "actor/ties.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "net/lan.h"

// The host on which that end is; NULL when it may be any. What stays at one interface, as on a
// loopback, is known by where it was seen: both ends, or who got what was sent to many.
static const char *host_of(const struct flow *flow, int side, const struct capture_point *seen_at)
{
    const struct packet_end *end = &flow->ends[side];
    struct address address = {.kind = end->version == 4 ? ADDRESS_INET : ADDRESS_INET6};
    if (seen_at != NULL && (side == 1 || !flow->is_for_many))
        return seen_at->host;
    memcpy(address.ip, end->ip, sizeof address.ip);
    const struct lan_host *owner = lan_owner(&address);
    return owner != NULL ? owner->name : NULL;
}

static struct tie *find_both(uint32_t number)
{
    struct flow flow;
    struct capture_point point;
    struct tie *tie = mem_zero(sizeof *tie);
    if (!capture_get_flow(number, &flow))
        return tie;
    bool stays = flow.realm > 0 && capture_get_point((uint16_t)(flow.realm - 1), &point);
    for (int i = 0; i < 2; i++)
        tie->known[i] = calls_find_socket(flow.protocol, &flow.ends[i], &flow.ends[!i],
                                          host_of(&flow, i, stays ? &point : NULL), flow.since,
                                          &tie->sockets[i]);
    return tie;
}

const struct tie *ties_find(struct ties *ties, uint32_t flow)
{
    if (flow >= ties->count) {
        size_t count = flow + flow / 2 + 16;
        ties->items = mem_resize(ties->items, count * sizeof *ties->items);
        memset(ties->items + ties->count, 0, (count - ties->count) * sizeof *ties->items);
        ties->count = count;
    }
    if (ties->items[flow] == NULL)
        ties->items[flow] = find_both(flow);
    return ties->items[flow];
}

void ties_finish(struct ties *ties)
{
    for (size_t i = 0; i < ties->count; i++)
        free(ties->items[i]);
    free(ties->items);
    *ties = (struct ties){0};
}
