// tcp_info: what TCP knows about one connection, field by field.
//
// tcp(7) names few of these; the comments in linux/tcp.h and the kernel's tcp_get_info()
// say more. The kernel fills as much as it knows, and an older one knows less: its size
// decides where the list ends.

#include <stddef.h>
#include <string.h>

#include "commands/list.h"
#include "commands/option_value.h"
#include "net/kernel.h"

// What a field counts: things, or time.
enum unit { COUNT, MICROSECONDS, MILLISECONDS };

#define FIELD(field, its_unit)                                                                     \
    {                                                                                              \
        .name = #field, .at = offsetof(struct tcp_info, tcpi_##field),                             \
        .size = sizeof((struct tcp_info){0}.tcpi_##field), .unit = (its_unit)                      \
    }

// In the order of the struct, which is also the order in which the kernel learnt of them. `state`
// and the two that are four bits wide come first and are not listed.
static const struct {
    const char *name;
    size_t at, size; // octets from the beginning of struct tcp_info, and of the field
    enum unit unit;
} fields[] = {
    FIELD(ca_state, COUNT),
    FIELD(retransmits, COUNT),
    FIELD(probes, COUNT),
    FIELD(backoff, COUNT),
    FIELD(options, COUNT),
    FIELD(rto, MICROSECONDS),
    FIELD(ato, MICROSECONDS),
    FIELD(snd_mss, COUNT),
    FIELD(rcv_mss, COUNT),
    FIELD(unacked, COUNT),
    FIELD(sacked, COUNT),
    FIELD(lost, COUNT),
    FIELD(retrans, COUNT),
    FIELD(last_data_sent, MILLISECONDS),
    FIELD(last_data_recv, MILLISECONDS),
    FIELD(last_ack_recv, MILLISECONDS),
    FIELD(pmtu, COUNT),
    FIELD(rcv_ssthresh, COUNT),
    FIELD(rtt, MICROSECONDS),
    FIELD(rttvar, MICROSECONDS),
    FIELD(snd_ssthresh, COUNT),
    FIELD(snd_cwnd, COUNT),
    FIELD(advmss, COUNT),
    FIELD(reordering, COUNT),
    FIELD(rcv_rtt, MICROSECONDS),
    FIELD(rcv_space, COUNT),
    FIELD(total_retrans, COUNT),
    FIELD(pacing_rate, COUNT),
    FIELD(max_pacing_rate, COUNT),
    FIELD(bytes_acked, COUNT),
    FIELD(bytes_received, COUNT),
    FIELD(segs_out, COUNT),
    FIELD(segs_in, COUNT),
    FIELD(notsent_bytes, COUNT),
    FIELD(min_rtt, MICROSECONDS),
    FIELD(data_segs_in, COUNT),
    FIELD(data_segs_out, COUNT),
    FIELD(delivery_rate, COUNT),
    FIELD(busy_time, MICROSECONDS),
    FIELD(rwnd_limited, MICROSECONDS),
    FIELD(sndbuf_limited, MICROSECONDS),
    FIELD(delivered, COUNT),
    FIELD(delivered_ce, COUNT),
    FIELD(bytes_sent, COUNT),
    FIELD(bytes_retrans, COUNT),
    FIELD(dsack_dups, COUNT),
    FIELD(reord_seen, COUNT),
    FIELD(rcv_ooopack, COUNT),
    FIELD(snd_wnd, COUNT),
};

// The octets of a field as a number. "No limit" is all ones, and shown as the largest int.
static int64_t number_at(const struct tcp_info *info, size_t at, size_t size)
{
    uint8_t small;
    uint32_t word;
    uint64_t large;
    const char *from = (const char *)info + at;
    if (size == sizeof small) {
        memcpy(&small, from, sizeof small);
        return small;
    }
    if (size == sizeof word) {
        memcpy(&word, from, sizeof word);
        return word;
    }
    memcpy(&large, from, sizeof large);
    return large > INT64_MAX ? INT64_MAX : (int64_t)large;
}

// Times become durations, so that nobody has to know that rtt counts microseconds and others
// milliseconds.
static struct value with_unit(int64_t number, enum unit unit)
{
    int64_t nanoseconds;
    if (unit == COUNT)
        return value_int(number);
    // "No limit" stays without one as a time.
    if (__builtin_mul_overflow(number, unit == MICROSECONDS ? 1000 : 1000000, &nanoseconds))
        nanoseconds = INT64_MAX;
    return value_duration(nanoseconds);
}

struct value tcp_info_value(const struct tcp_info *info, size_t size)
{
    // The fields above the table: the two scales are bit fields, which have no offset.
    enum { UNLISTED = 3 };
    size_t count = sizeof fields / sizeof *fields;
    struct value list = value_list(count + UNLISTED);
    const char *state = kernel_tcp_state_name(info->tcpi_state);
    list_add_take(&list, list_pair_take("state", value_bytes(str_from(state))));
    list_add_take(&list, list_pair_take("snd_wscale", value_int(info->tcpi_snd_wscale)));
    list_add_take(&list, list_pair_take("rcv_wscale", value_int(info->tcpi_rcv_wscale)));
    for (size_t i = 0; i < count && fields[i].at + fields[i].size <= size; i++) {
        int64_t number = number_at(info, fields[i].at, fields[i].size);
        list_add_take(&list, list_pair_take(fields[i].name, with_unit(number, fields[i].unit)));
    }
    return list;
}
