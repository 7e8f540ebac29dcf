// packets: what passed on the network, one row a packet; and the file that it is written to.

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "actor/actor.h"
#include "actor/ties.h"
#include "base/memory.h"
#include "base/message.h"
#include "base/table.h"
#include "commands/file.h"
#include "commands/help.h"
#include "commands/help_page.h"
#include "commands/packet_page.h"
#include "commands/rows.h"
#include "net/capture.h"
#include "net/confine.h"
#include "net/network.h"

enum { SHOWN_MOST = 200 }; // rows; earlier ones are only counted

// In the order in which they stand.
enum column {
    NUMBER,
    TIME,
    FROM,
    TO,
    WHAT,
    SEQ,
    ACK,
    LENGTH,
    WINDOW,
    POINT,
    TTL,
    CAUSE,
    DATA,
    COLUMNS
};

static const struct {
    const char *heading;
    unsigned char rank; // base/table.h
    bool right;
} columns[COLUMNS] = {
    [NUMBER] = {N_("packet"), 0, true}, [TIME] = {N_("ms"), 6, true},
    [FROM] = {N_("from"), 0, false},    [TO] = {N_("to"), 0, false},
    [WHAT] = {N_("flags"), 0, false},   [SEQ] = {N_("seq"), 3, true},
    [ACK] = {N_("ack"), 5, true},       [LENGTH] = {N_("len"), 2, true},
    [WINDOW] = {N_("window"), 7, true}, [POINT] = {N_("seen at"), 1, false},
    [TTL] = {N_("TTL"), 1, true},       [CAUSE] = {N_("call"), 8, false},
    [DATA] = {N_("data"), 4, false},
};

struct listing {
    struct ties ties;
    uint64_t only;                          // serial of the socket whose packets are wanted; 0: all
    bool has_points;                        // there are several places where packets are seen
    int64_t begin;                          // when packet 1 passed
    struct capture_packet last[SHOWN_MOST]; // those that are wanted, from `at` on, a ring
    size_t count, at;
    uint64_t left_out; // wanted as well, and too old
    struct table table;
};

// --- collecting ----------------------------------------------------------------------------------

// Whether it is to be shown: it is of the socket that is asked for; on a computer's own interfaces
// at least of one of this run.
static bool is_wanted(struct listing *listing, const struct capture_packet *packet)
{
    if (listing->only == 0 && network_is_own())
        return true;
    const struct tie *tie = ties_find(&listing->ties, packet->place.flow);
    for (int i = 0; i < 2; i++)
        if (tie->known[i] && (listing->only == 0 || tie->sockets[i].serial == listing->only))
            return true;
    return false;
}

// Keeps it; the oldest makes room.
static void keep(struct listing *listing, const struct capture_packet *packet)
{
    if (listing->count == SHOWN_MOST) {
        listing->at = (listing->at + 1) % SHOWN_MOST;
        listing->count--;
        listing->left_out++;
    }
    listing->last[(listing->at + listing->count++) % SHOWN_MOST] = *packet;
}

static void keep_if_wanted(const struct capture_packet *packet, void *context)
{
    if (is_wanted(context, packet))
        keep(context, packet);
}

// All that is kept and wanted; of many the last ones.
static void collect(struct listing *listing)
{
    struct capture_range range = capture_range();
    struct capture_point second;
    listing->begin = range.begin;
    listing->has_points = capture_get_point(1, &second);
    capture_walk(range.first, range.last, keep_if_wanted, listing);
}

// --- one row -------------------------------------------------------------------------------------

void packet_show_socket(const struct call_socket *socket, struct buffer *to)
{
    buffer_print(to, "%d", socket->fd);
    if (socket->name[0] != '\0')
        buffer_print(to, " %s", socket->name);
}

// A socket of this run by its number and name, any other by its address.
static void add_end(struct table *table, bool known, const struct call_socket *socket,
                    const struct packet_end *end)
{
    struct buffer text = {0};
    if (known)
        packet_show_socket(socket, &text);
    else
        packet_end_show(end, &text);
    table_add_buffer_take(table, &text);
}

static void add_number(struct table *table, bool there, uint64_t number)
{
    struct buffer text = {0};
    if (there)
        buffer_print(&text, "%llu", (unsigned long long)number);
    table_add_buffer_take(table, &text);
}

const char *packet_icmp_text(const struct packet *packet)
{
    enum { ANY = 256 };
    static const struct {
        int version, type, code;
        const char *text;
    } all[] = {
        {4, 0, ANY, N_("the answer to a ping")},
        {4, 3, 0, N_("no way there")},
        {4, 3, 1, N_("nobody answers there")},
        {4, 3, 3, N_("port unreachable")},
        {4, 3, 4, N_("too large to pass")},
        {4, 3, ANY, N_("it did not get there")},
        {4, 8, ANY, N_("a ping")},
        {4, 11, 0, N_("TTL ran out")},
        {6, 1, 0, N_("no way there")},
        {6, 1, 3, N_("nobody answers there")},
        {6, 1, 4, N_("port unreachable")},
        {6, 1, ANY, N_("it did not get there")},
        {6, 2, ANY, N_("too large to pass")},
        {6, 3, 0, N_("TTL ran out")},
        {6, 128, ANY, N_("a ping")},
        {6, 129, ANY, N_("the answer to a ping")},
        {6, 133, ANY, N_("is there a router?")},
        {6, 135, ANY, N_("who has it?")},
        {6, 136, ANY, N_("I have it")},
        {6, 143, ANY, N_("I want this group")},
    };
    bool is_icmp = packet->protocol == (packet->version == 4 ? IPPROTO_ICMP : IPPROTO_ICMPV6);
    for (size_t i = 0; is_icmp && packet->transport_size > 0 && i < sizeof all / sizeof *all; i++)
        if (all[i].version == packet->version && all[i].type == packet->icmp_type &&
            (all[i].code == ANY || all[i].code == packet->icmp_code))
            return _(all[i].text);
    return "";
}

// What is special about it.
static const char *mark_text(const struct capture_packet *from, const struct packet *packet)
{
    if (packet->kind == PACKET_ARP)
        return packet->is_request ? _("who has it?") : _("I have it");
    if (packet->is_piece)
        return packet->transport_size > 0 ? _("the first piece") : _("a later piece");
    switch ((enum flow_mark)from->place.mark) {
    case FLOW_AGAIN:
        return _("again");
    case FLOW_KEEPALIVE:
        return _("are you there?");
    case FLOW_PROBE:
        return _("is there room?");
    case FLOW_DUPLICATE:
        return _("as before");
    case FLOW_ONWARD:
        return _("passed on");
    case FLOW_PLAIN:
        break;
    }
    return packet_icmp_text(packet);
}

// The whole text, as much as was kept; it is cut to what there is room for when it is shown.
static void add_data(struct table *table, const struct capture_packet *from,
                     const struct packet *packet)
{
    struct buffer text = {0};
    buffer_add_text(&text, mark_text(from, packet));
    if (from->stopped)
        buffer_print(&text, "%s%s", text.size > 0 ? ", " : "", _("lost"));
    if (packet->data.size > 0 && (packet->kind == PACKET_TCP || packet->kind == PACKET_UDP)) {
        // One octet less than there is, so that "…" says that it goes on.
        size_t most = packet->data.size < packet->size ? packet->data.size - 1 : SIZE_MAX;
        buffer_add_text(&text, text.size ? " " : "");
        bytes_show(packet->data, most, &text);
    }
    table_add_buffer_take(table, &text);
}

// "SYN ACK", "UDP", "ICMP", "ARP", or a number for what has no name here.
static void add_what(struct table *table, const struct packet *packet)
{
    struct buffer text = {0};
    const char *name = packet_protocol_name(packet->protocol);
    if (packet->kind == PACKET_TCP)
        packet_show_flags(packet->flags, &text);
    else if (packet->kind == PACKET_ARP)
        buffer_add_text(&text, "ARP");
    else if (packet->version == 0)
        buffer_print(&text, "0x%04x", packet->ether_type);
    else if (name != NULL)
        buffer_add_text(&text, name);
    else
        buffer_print(&text, "IP %u", packet->protocol);
    table_add_buffer_take(table, &text);
}

// Whether it only tells that nobody is there: a SYN is answered with number 0, anything else
// without an acknowledgement. Who gives a connection up sends both. RFC 9293 section 3.5.2
static bool turns_away(const struct packet *packet)
{
    return (packet->flags & PACKET_RST) && (!(packet->flags & PACKET_ACK) || packet->seq == 0);
}

bool packet_is_called_for(const struct capture_packet *from, const struct packet *packet)
{
    if (from->place.mark != FLOW_PLAIN)
        return false;
    if (packet->kind == PACKET_UDP)
        return true;
    bool answers = (packet->flags & (PACKET_SYN | PACKET_ACK)) == (PACKET_SYN | PACKET_ACK);
    return packet->kind == PACKET_TCP && !answers && !turns_away(packet) &&
           (packet->size > 0 || (packet->flags & (PACKET_SYN | PACKET_FIN | PACKET_RST)));
}

static void add_cause(struct table *table, const struct capture_packet *from,
                      const struct packet *packet, const struct tie *tie)
{
    struct call_row cause;
    struct buffer text = {0};
    int side = from->place.side;
    if (tie->known[side] && packet_is_called_for(from, packet) &&
        calls_find_cause(tie->sockets[side].serial, from->time, &cause))
        buffer_print(&text, "%s", cause.command);
    table_add_buffer_take(table, &text);
}

// Where it was seen, where there are several places.
static void add_point(const struct listing *listing, struct table *table,
                      const struct capture_packet *from)
{
    struct capture_point point;
    struct buffer text = {0};
    if (listing->has_points && capture_get_point(from->point, &point))
        buffer_print(&text, "%s%s%s", point.host, point.host[0] ? " " : "", point.name);
    table_add_buffer_take(table, &text);
}

// Says in a row of its own that packets are missing there.
static void add_lost(struct table *table, uint64_t lost)
{
    struct buffer text = {0};
    if (lost == 0)
        return;
    buffer_print(&text, _("… %llu lost"), (unsigned long long)lost);
    for (size_t column = 0; column < COLUMNS; column++)
        if (column == FROM)
            table_add_buffer_take(table, &text);
        else
            table_add_text(table, "");
}

static void add_row(struct listing *listing, const struct capture_packet *from)
{
    struct packet packet;
    struct buffer time = {0};
    struct table *table = &listing->table;
    const struct tie *tie = ties_find(&listing->ties, from->place.flow);
    int side = from->place.side;
    packet_read((struct str){from->octets, from->kept}, from->length, &packet);
    bool is_tcp = packet.kind == PACKET_TCP;
    add_lost(table, from->lost);
    add_number(table, true, from->number);
    buffer_print(&time, "%.3f", (double)(from->time - listing->begin) / 1e6);
    table_add_buffer_take(table, &time);
    add_end(table, tie->known[side] && !packet.by_router, &tie->sockets[side], &packet.from);
    add_end(table, tie->known[!side], &tie->sockets[!side], &packet.to);
    add_what(table, &packet);
    add_number(table, is_tcp, from->place.seq);
    add_number(table, is_tcp && (packet.flags & PACKET_ACK), from->place.ack);
    add_number(table, is_tcp || packet.kind == PACKET_UDP, packet.size);
    add_number(table, is_tcp, from->place.window);
    add_point(listing, table, from);
    add_number(table, listing->has_points && packet.version != 0, packet.ttl);
    add_cause(table, from, &packet, tie);
    add_data(table, from, &packet);
}

// --- the table -----------------------------------------------------------------------------------

static void show_listing(struct listing *listing, struct buffer *to)
{
    unsigned char ranks[COLUMNS];
    uint64_t lost = capture_range().lost;
    for (size_t column = 0; column < COLUMNS; column++) {
        table_add_text(&listing->table, _(columns[column].heading));
        listing->table.right |= (unsigned)columns[column].right << column;
        ranks[column] = columns[column].rank;
    }
    for (size_t i = 0; i < listing->count; i++) {
        const struct capture_packet *packet = &listing->last[(listing->at + i) % SHOWN_MOST];
        add_row(listing, packet);
        lost += packet->lost;
    }
    add_lost(&listing->table, capture_range().lost);
    if (listing->left_out > 0)
        buffer_print(to, _("%llu earlier packets are not listed; packet N shows any of them\n"),
                     (unsigned long long)listing->left_out);
    table_show_within(&listing->table, page_terminal_columns(HELP_COLUMNS), ranks, to);
    if (lost > 0)
        buffer_print(to, _("%llu packets are lost: more came at once than could be taken\n"),
                     (unsigned long long)lost);
}

// --- the command ---------------------------------------------------------------------------------

// Sees to it that packets are taken, and that all that passed can be visited. `*just_begun`: they
// are taken only from now on. False with the call refused where they cannot be.
static bool take_packets(struct call *call, bool *just_begun)
{
    char why[200];
    // Others are at work on the computer's own network: a lesson from anybody is not to see them.
    if (confine_is_on() && !network_is_own())
        return call_refused(call, _("packets cannot be seen here: this lesson has no network of "
                                    "its own"));
    *just_begun = !capture_is_on();
    calls_follow(true);
    if (capture_start(why, sizeof why)) {
        capture_sync();
        calls_refresh();
        return true;
    }
    if (network_refusal() != NULL)
        return call_refused(call,
                            _("packets cannot be seen here: %s; no network of its own: %s; state, "
                              "queued, handles and the trace work all the same"),
                            why, network_refusal());
    return call_refused(call,
                        _("packets cannot be seen here: %s; state, queued, handles and the "
                          "trace work all the same, and socksh --sandbox shows packets"),
                        why);
}

static const char *nothing_text(const struct listing *listing, bool just_begun)
{
    if (just_begun)
        return _("packets are taken from now on");
    if (listing->only != 0)
        return _("no packet of this handle has passed");
    return _("no packet has passed");
}

static bool run_packets(struct call *call)
{
    struct buffer text = {0};
    bool just_begun;
    if (!take_packets(call, &just_begun))
        return false;
    struct listing *listing = mem_zero(sizeof *listing);
    listing->table.columns = COLUMNS;
    listing->only = arg_given(call, 0) ? arg_handle(call, 0)->serial : 0;
    collect(listing);
    if (listing->count > 0)
        show_listing(listing, &text);
    else
        buffer_print(&text, "%s\n", nothing_text(listing, just_begun));
    actor_write(actor_of_call(call), STREAM_OUTPUT, buffer_str(&text));
    table_finish(&listing->table);
    ties_finish(&listing->ties);
    free(listing);
    buffer_finish(&text);
    return call_done(call);
}

const struct command command_packets = {
    .name = "packets",
    .summary = N_("list the packets that have passed, or those of a handle"),
    .group = GROUP_KERNEL,
    .params = PARAMS({.name = "handle", .type = TYPE_HANDLE, .optional = true}),
    .wants_packets = true,
    .example = "l = socket; listen l; c = socket; connect c (getsockname l)\n"
               "packets c",
    .lesson = "packets",
    .topic = "packets",
    .run = run_packets,
};

static bool run_packet(struct call *call)
{
    struct capture_packet packet;
    struct buffer text = {0};
    bool just_begun;
    if (!take_packets(call, &just_begun))
        return false;
    uint64_t number = (uint64_t)arg_number_or(call, 0, 0);
    struct capture_range range = capture_range();
    if (range.last < range.first)
        return call_refused(call, "%s", _("no packet has passed"));
    if (!capture_get(number, &packet))
        return call_refused(call, _("the packets that are kept are %llu to %llu"),
                            (unsigned long long)range.first, (unsigned long long)range.last);
    packet_page(&packet, page_terminal_columns(HELP_COLUMNS), &text);
    actor_write(actor_of_call(call), STREAM_OUTPUT, buffer_str(&text));
    buffer_finish(&text);
    return call_done(call);
}

const struct command command_packet = {
    .name = "packet",
    .summary = N_("show the headers of one packet, field by field"),
    .group = GROUP_KERNEL,
    .params = PARAMS({.name = "number", .type = TYPE_INT, .bounded = true, .least = 1}),
    .wants_packets = true,
    .example = "l = socket; listen l; c = socket; connect c (getsockname l)\n"
               "packet 1",
    .details = N_("The addresses stand in the IP header, the ports in the TCP or UDP header behind "
                  "it; data comes last. Each field has its octets, as they went over the network, "
                  "and what they mean. Of long packets the beginning is kept."),
    .lesson = "packets",
    .topic = "packets",
    .run = run_packet,
};

// --- the file ------------------------------------------------------------------------------------

// What was written until now ends only when the new file is there; its error is this call's, and
// then nothing new has begun.
static bool begin_file(struct call *call)
{
    char *path = mem_copy(arg_str(call, 0));
    int fd = file_open_regular(path, 0), error = errno;
    free(path);
    if (fd < 0)
        return file_failed(call, error);
    error = capture_write(-1);
    if (error != 0)
        close(fd);
    else
        error = capture_write(fd);
    return error == 0 ? call_done(call) : call_failed(call, error);
}

static bool run_capture(struct call *call)
{
    bool just_begun;
    if (str_is(arg_str(call, 0), "off")) {
        int error = capture_is_on() ? capture_write(-1) : 0;
        return error == 0 ? call_done(call) : call_failed(call, error);
    }
    return take_packets(call, &just_begun) && begin_file(call);
}

static const char *const ends[] = {"off", NULL};

// EINVAL: what is no regular file. ENOSPC and EFBIG come with `off` or the next file, for another
// thread writes.
const struct command command_capture = {
    .name = "capture",
    .summary = N_("write the packets that pass into a file, for Wireshark"),
    .group = GROUP_KERNEL,
    .params = PARAMS({.name = "file",
                      .type = TYPE_BYTES,
                      .form = FORM_WORD,
                      .subject = SUBJECT_FILE,
                      .words = ends}),
    .wants_packets = true,
    .errnos = ERRNOS(EACCES, EFBIG, EINVAL, EISDIR, ENOENT, ENOSPC),
    .example = "capture hello.pcapng\n"
               "l = socket; listen l; c = socket; connect c (getsockname l)\n"
               "capture off; unlink \"hello.pcapng\"",
    .details = N_("What passes from now on goes into the file whole, until capture off or the end. "
                  "It is in pcapng format: open it in Wireshark, or read it with tcpdump -r. "
                  "Needs a network of one's own, as packets does."),
    .lesson = "packets",
    .topic = "packets",
    .run = run_capture,
};
