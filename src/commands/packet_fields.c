// packet_fields: IPv4, IPv6 with its extensions, TCP, UDP and ICMP, in the order of their octets.

#include "commands/packet_fields.h"

#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/message.h"
#include "commands/packet_page.h"
#include "lang/value.h"

// A header in the making: where it begins, and what is kept of the frame.
struct header {
    struct packet_fields *fields;
    struct str frame;
    size_t at;
};

static unsigned octet(const struct header *header, size_t at)
{
    return header->at + at < header->frame.size ? (uint8_t)header->frame.data[header->at + at] : 0;
}

static unsigned pair(const struct header *header, size_t at)
{
    return octet(header, at) << 8 | octet(header, at + 1);
}

// The octets `at` to `at + size` of the header, and what they mean.
__attribute__((format(printf, 5, 6))) static void
add(struct header *header, const char *label, size_t at, size_t size, const char *format, ...)
{
    struct packet_fields *fields = header->fields;
    size_t from = header->at + at, to = from + size;
    char meaning[200];
    va_list rest;
    if (fields->count == PACKET_FIELDS || from >= header->frame.size)
        return;
    struct packet_field *field = &fields->items[fields->count++];
    to = to < header->frame.size ? to : header->frame.size;
    *field = (struct packet_field){.label = label, .octets = str_slice(header->frame, from, to)};
    va_start(rest, format);
    vsnprintf(meaning, sizeof meaning, format, rest);
    va_end(rest);
    buffer_add_text(&field->meaning, meaning);
}

// The host alone: ports stand elsewhere, and that is what is to be seen.
static void add_host(struct header *header, const char *label, size_t at, size_t size,
                     struct packet_end end)
{
    struct buffer host = {0};
    end.port = 0;
    packet_end_show(&end, &host);
    add(header, label, at, size, "%s", buffer_text(&host));
    buffer_finish(&host);
}

void packet_fields_finish(struct packet_fields *fields)
{
    for (size_t i = 0; i < fields->count; i++)
        buffer_finish(&fields->items[i].meaning);
    buffer_finish(&fields->title);
    buffer_finish(&fields->text);
}

static const char *protocol_name(uint8_t protocol)
{
    const char *name = packet_protocol_name(protocol);
    return name ? name : "";
}

// --- IP ------------------------------------------------------------------------------------------

static const char *fragment_text(unsigned bits)
{
    if ((bits & 0x1fff) != 0)
        return _("a later piece of a packet");
    return bits & 0x2000   ? _("the first piece of a packet")
           : bits & 0x4000 ? _("must not be cut in pieces")
                           : _("may be cut in pieces");
}

// Each router takes one away, and does not pass on what then has none left. RFC 791 section 3.2
static void list_ttl(struct header *header, const char *label, size_t at)
{
    unsigned routers = octet(header, at) > 0 ? octet(header, at) - 1 : 0;
    if (routers == 0)
        add(header, label, at, 1, "%s", _("no router passes it on"));
    else
        add(header, label, at, 1,
            ngettext("at most %u router passes it on", "at most %u routers pass it on", routers),
            routers);
}

// RFC 791 section 3.1
static void list_ipv4(struct header *header, const struct packet *packet)
{
    add(header, _("version, header length"), 0, 1, _("IPv4, %u × 4 bytes"), octet(header, 0) & 0xf);
    add(header, _("type of service"), 1, 1, "%s", "");
    add(header, _("total length"), 2, 2, _("%u bytes, header and all"), pair(header, 2));
    add(header, _("identification"), 4, 2, "%u", pair(header, 4));
    add(header, _("flags, place of a piece"), 6, 2, "%s", fragment_text(pair(header, 6)));
    list_ttl(header, _("time to live (TTL)"), 8);
    add(header, _("protocol"), 9, 1, "%u %s", octet(header, 9),
        protocol_name((uint8_t)octet(header, 9)));
    add(header, _("header checksum"), 10, 2, "%s", "");
    add_host(header, _("source address"), 12, 4, packet->from);
    add_host(header, _("destination address"), 16, 4, packet->to);
    if (packet->ip_size > 20)
        add(header, _("options"), 20, packet->ip_size - 20, "%s", "");
}

// What IPv6 says that follows: something that it carries, or more of itself.
static const char *next_name(uint8_t kind)
{
    switch (kind) {
    case IPPROTO_HOPOPTS:
        return _("hop-by-hop options");
    case IPPROTO_ROUTING:
        return _("routing header");
    case IPPROTO_FRAGMENT:
        return _("fragment header");
    case IPPROTO_DSTOPTS:
        return _("destination options");
    default:
        return protocol_name(kind);
    }
}

// RFC 8200 section 3
static void list_ipv6(struct header *header, const struct packet *packet)
{
    add(header, _("version, class, flow"), 0, 4, "IPv6");
    add(header, _("payload length"), 4, 2, _("%u bytes behind this header"), pair(header, 4));
    add(header, _("next header"), 6, 1, "%u %s", octet(header, 6),
        next_name((uint8_t)octet(header, 6)));
    list_ttl(header, _("hop limit"), 7);
    add_host(header, _("source address"), 8, 16, packet->from);
    add_host(header, _("destination address"), 24, 16, packet->to);
}

// One extension header. RFC 8200 section 4
static void list_extension(struct packet_fields *fields, struct str frame, size_t at, uint8_t kind,
                           size_t size)
{
    struct header header = {fields, frame, at};
    buffer_print(&fields->title, _("IPv6 %s, %zu bytes"), next_name(kind), size);
    add(&header, _("next header"), 0, 1, "%u %s", octet(&header, 0),
        next_name((uint8_t)octet(&header, 0)));
    if (kind == IPPROTO_FRAGMENT) {
        unsigned place = pair(&header, 2);
        add(&header, _("not used"), 1, 1, "%s", "");
        add(&header, _("place of a piece"), 2, 2,
            place & 1 ? _("%u bytes before it, and more behind it")
                      : _("%u bytes before it, and none behind it"),
            place & 0xfff8);
        add(&header, _("identification"), 4, 4, "%s", "");
        return;
    }
    add(&header, _("header length"), 1, 1, _("8 bytes and %u × 8 more"), octet(&header, 1));
    add(&header, _("the rest"), 2, size - 2, "%s", "");
}

// All that were passed over when the packet was read. Returns how many.
static size_t list_extensions(struct packet_fields *fields, struct str frame,
                              const struct packet *packet)
{
    size_t count = 0, at = packet->ip_at + packet->ip_size, end = at + packet->extensions_size;
    uint8_t kind = at < end ? (uint8_t)frame.data[packet->ip_at + 6] : 0;
    while (at < end) {
        size_t size = packet_extension_size(frame, at, kind);
        list_extension(&fields[count++], frame, at, kind, size);
        kind = (uint8_t)frame.data[at];
        at += size;
    }
    return count;
}

// --- what IP carries -----------------------------------------------------------------------------

// Between two options, one of which stands there already.
static void part(struct buffer *text)
{
    buffer_add_text(text, text->size ? _("; ") : "");
}

// What those say that are known; the others only show their octets.
static void list_options(struct header *header, const struct packet *packet)
{
    const struct packet_options *offer = &packet->options;
    struct buffer text = {0};
    if (offer->mss > 0)
        buffer_print(&text, _("segments of at most %u bytes"), offer->mss);
    if (offer->scale >= 0) {
        part(&text);
        buffer_print(&text, _("its window counts × %u"), 1U << offer->scale);
    }
    if (offer->sack) {
        part(&text);
        buffer_add_text(&text, _("SACK permitted"));
    }
    if (offer->sacked > 0) {
        part(&text);
        buffer_print(&text, _("pieces that came behind a gap: %u"), offer->sacked);
    }
    if (offer->stamped) {
        part(&text);
        buffer_print(&text, _("timestamp %u, the peer's last %u"), offer->stamp, offer->echo);
    }
    add(header, _("options"), 20, packet->transport_size - 20, "%s", buffer_text(&text));
    buffer_finish(&text);
}

// RFC 9293 section 3.1
static void list_tcp(struct header *header, const struct capture_packet *from,
                     const struct packet *packet)
{
    struct buffer flags = {0};
    bool acks = packet->flags & PACKET_ACK;
    packet_show_flags(packet->flags, &flags);
    add(header, _("source port"), 0, 2, "%u", packet->from.port);
    add(header, _("destination port"), 2, 2, "%u", packet->to.port);
    add(header, _("sequence number"), 4, 4, _("%u since the SYN"), from->place.seq);
    if (acks)
        add(header, _("acknowledgement"), 8, 4, _("%u is expected next"), from->place.ack);
    else
        add(header, _("acknowledgement"), 8, 4, "%s", "");
    add(header, _("header length"), 12, 1, _("%u × 4 bytes"), octet(header, 12) >> 4);
    add(header, _("flags"), 13, 1, "%s", buffer_text(&flags));
    add(header, _("window"), 14, 2,
        ngettext("room for %u byte", "room for %u bytes", from->place.window), from->place.window);
    add(header, _("checksum"), 16, 2, "%s", "");
    add(header, _("urgent pointer"), 18, 2, "%s", "");
    if (packet->transport_size > 20)
        list_options(header, packet);
    buffer_finish(&flags);
}

// RFC 768
static void list_udp(struct header *header, const struct packet *packet)
{
    add(header, _("source port"), 0, 2, "%u", packet->from.port);
    add(header, _("destination port"), 2, 2, "%u", packet->to.port);
    add(header, _("length"), 4, 2, _("%u bytes, header and all"), pair(header, 4));
    add(header, _("checksum"), 6, 2, "%s", "");
}

// RFC 792, RFC 4443
static void list_icmp(struct header *header, const struct packet *packet)
{
    bool unreachable = packet->kind == PACKET_UNREACHABLE;
    struct buffer quoted = {0};
    add(header, _("type"), 0, 1, "%u %s", octet(header, 0),
        unreachable ? _("it did not get there") : "");
    add(header, _("code"), 1, 1, "%u %s", octet(header, 1),
        unreachable ? packet_icmp_text(packet) : "");
    add(header, _("checksum"), 2, 2, "%s", "");
    if (!unreachable) {
        add(header, _("the rest"), 4, 4, "%s", "");
        return;
    }
    packet_end_show(&packet->quoted_from, &quoted);
    add(header, _("not used"), 4, 4, "%s", "");
    add(header, _("quoted: sent by"), 8, 0, "%s", buffer_text(&quoted));
    buffer_clear(&quoted);
    packet_end_show(&packet->quoted_to, &quoted);
    add(header, _("quoted: sent to"), 8, 0, "%s", buffer_text(&quoted));
    buffer_finish(&quoted);
}

// Who has an address, and which Ethernet address that is. RFC 826
static void list_arp(struct packet_fields *fields, struct str frame, const struct packet *packet)
{
    struct header header = {fields, frame, 14};
    const uint8_t *at = packet->hardware;
    buffer_print(&fields->title, _("ARP, %d bytes"), 28);
    add(&header, _("kinds of addresses"), 0, 4, "Ethernet, IPv4");
    add(&header, _("their sizes"), 4, 2, "6, 4");
    add(&header, _("operation"), 6, 2, "%s",
        packet->is_request ? _("1: who has the target's address?") : _("2: I have it"));
    add(&header, _("sender, Ethernet"), 8, 6, "%02x:%02x:%02x:%02x:%02x:%02x", at[0], at[1], at[2],
        at[3], at[4], at[5]);
    add_host(&header, _("sender, IPv4"), 14, 4, packet->from);
    add(&header, _("target, Ethernet"), 18, 6, "%s",
        packet->is_request ? _("that is the question") : "");
    add_host(&header, _("target, IPv4"), 24, 4, packet->to);
}

// --- the whole -----------------------------------------------------------------------------------

static void list_ip(struct packet_fields *fields, struct str frame, const struct packet *packet)
{
    struct header header = {fields, frame, packet->ip_at};
    buffer_print(&fields->title, _("IPv%u header, %zu bytes"), packet->version, packet->ip_size);
    if (packet->version == 4)
        list_ipv4(&header, packet);
    else
        list_ipv6(&header, packet);
}

static void list_transport(struct packet_fields *fields, const struct capture_packet *from,
                           struct str frame, const struct packet *packet)
{
    struct header header = {fields, frame, packet->transport_at};
    buffer_print(&fields->title, _("%s header, %zu bytes"), protocol_name(packet->protocol),
                 packet->transport_size);
    if (packet->kind == PACKET_TCP)
        list_tcp(&header, from, packet);
    else if (packet->kind == PACKET_UDP)
        list_udp(&header, packet);
    else
        list_icmp(&header, packet);
}

static void list_data(struct packet_fields *fields, const struct packet *packet)
{
    size_t most = packet->data.size < packet->size ? packet->data.size - 1 : SIZE_MAX;
    buffer_print(&fields->title, ngettext("data, %u byte", "data, %u bytes", packet->size),
                 packet->size);
    bytes_show(packet->data, most, &fields->text);
}

size_t packet_list_fields(const struct capture_packet *from, const struct packet *packet,
                          struct packet_fields fields[PACKET_BOXES])
{
    struct str frame = {from->octets, from->kept};
    size_t count = 0;
    if (packet->kind == PACKET_ARP)
        list_arp(&fields[count++], frame, packet);
    if (packet->version != 0)
        list_ip(&fields[count++], frame, packet);
    count += list_extensions(&fields[count], frame, packet);
    if (packet->transport_size > 0)
        list_transport(&fields[count++], from, frame, packet);
    if (packet->data.size > 0 && packet->kind != PACKET_UNREACHABLE)
        list_data(&fields[count++], packet);
    return count;
}
