// diagram_states: the states of a TCP connection's end, by the segments that it sends and gets. RFC
// 9293 section 3.3.2 and its figure 5.

#include <string.h>

#include "commands/diagram_story.h"

static bool is_in(const struct diagram_tcp *end, const char *state)
{
    return end->state != NULL && strcmp(end->state, state) == 0;
}

// True when it is another one.
static bool move(struct diagram_tcp *end, const char *state)
{
    if (is_in(end, state))
        return false;
    end->state = state;
    return true;
}

// Its own FIN is acknowledged.
static const char *behind_ack(const struct diagram_tcp *end)
{
    if (is_in(end, "FIN_WAIT1"))
        return "FIN_WAIT2";
    if (is_in(end, "CLOSING"))
        return "TIME_WAIT";
    return is_in(end, "LAST_ACK") ? "CLOSED" : end->state;
}

// The peer's FIN has come.
static const char *behind_fin(const struct diagram_tcp *end)
{
    if (is_in(end, "ESTABLISHED") || is_in(end, "SYN_RECV"))
        return "CLOSE_WAIT";
    if (is_in(end, "FIN_WAIT1"))
        return "CLOSING";
    return is_in(end, "FIN_WAIT2") ? "TIME_WAIT" : end->state;
}

static void take_fin(struct diagram_tcp *end)
{
    if (!end->fin_come || end->fin_taken || flow_is_beyond(end->peer_fin, end->taken))
        return;
    end->fin_taken = true;
    end->state = behind_fin(end);
}

static const char *behind_syn(const struct diagram_tcp *end, const struct diagram_packet *segment)
{
    bool answers = segment->flags & PACKET_ACK;
    if (is_in(end, "SYN_SENT"))
        return answers ? "ESTABLISHED" : "SYN_RECV"; // both have called each other
    return is_in(end, "SYN_RECV") && answers ? "ESTABLISHED" : end->state;
}

bool diagram_tcp_takes(struct diagram_tcp *end, const struct diagram_packet *segment)
{
    const char *before = end->state;
    bool acks = segment->flags & PACKET_ACK;
    if (segment->flags & PACKET_RST)
        return before != NULL && move(end, "CLOSED");
    if (segment->flags & PACKET_SYN) {
        end->taken = segment->seq + 1;
        end->state = behind_syn(end, segment);
        return end->state != before;
    }
    if (is_in(end, "SYN_RECV") && acks)
        end->state = "ESTABLISHED";
    if (end->fin_sent && !end->fin_acked && acks && flow_is_beyond(segment->ack, end->fin)) {
        end->fin_acked = true;
        end->state = behind_ack(end);
    }
    uint32_t last = segment->seq + segment->size;
    if (!flow_is_beyond(segment->seq, end->taken) && flow_is_beyond(last, end->taken))
        end->taken = last;
    if (segment->flags & PACKET_FIN) {
        end->fin_come = true;
        end->peer_fin = last;
    }
    take_fin(end);
    return end->state != before;
}

// What it acknowledges has come, also what came in another order.
bool diagram_tcp_sends(struct diagram_tcp *end, const struct diagram_packet *segment)
{
    const char *before = end->state;
    if (segment->flags & PACKET_RST)
        return before != NULL && move(end, "CLOSED");
    if (segment->flags & PACKET_SYN)
        return is_in(end, "ESTABLISHED")
                   ? false
                   : move(end, segment->flags & PACKET_ACK ? "SYN_RECV" : "SYN_SENT");
    if ((segment->flags & PACKET_ACK) && flow_is_beyond(segment->ack, end->taken))
        end->taken = segment->ack;
    take_fin(end);
    if ((segment->flags & PACKET_FIN) && !end->fin_sent) {
        end->fin_sent = true;
        end->fin = segment->seq + segment->size;
        if (is_in(end, "ESTABLISHED") || is_in(end, "SYN_RECV"))
            end->state = "FIN_WAIT1";
        else if (is_in(end, "CLOSE_WAIT"))
            end->state = "LAST_ACK";
    }
    return end->state != before;
}
