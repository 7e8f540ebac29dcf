// diagram: the picture of conversations as plain data: who took part, and what happened in which
// order. Who draws it, as text or as SVG, reads only this.
//
// Order is by cause: packets stand as they were captured, and between them each call stands behind
// what it needed and before what it brought about. Clocks only tell apart what is far apart. Events
// with the same `row` are beside each other: neither was the cause of the other.

#ifndef SOCKSH_COMMANDS_DIAGRAM_H
#define SOCKSH_COMMANDS_DIAGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "net/flow.h"

enum {
    DIAGRAM_DATA = 32,           // octets kept of a packet's data
    DIAGRAM_NOBODY = UINT16_MAX, // in the place of an endpoint or a talk
    DIAGRAM_TALKS_MOST = 64,     // of more conversations the last ones: `left_out`
    DIAGRAM_FOLDED = 5,          // calls that may repeat in a FOLD: diagram_folded
};

// One column: a socket, a listener with all that it accepted, or an address of another program.
struct diagram_endpoint {
    char actor[32];            // that opened it; empty for another program
    char host[32];             // on which it is; empty in the run's own network
    char name[32];             // of the variable it was first used by; may be empty
    int fd;                    // its number; -1 for another program
    bool absent;               // not even that: the kernel alone has answered, that nobody is there
    uint64_t serial;           // of the socket (struct handle); 0 for another program
    uint8_t protocol;          // IPPROTO_TCP, IPPROTO_UDP; 0 of AF_UNIX
    struct packet_end address; // version 0 while it is unknown
};

// Who talks with whom. `ends[0]` began it and stands on the left.
struct diagram_talk {
    uint16_t ends[2]; // endpoints; ends[1] is DIAGRAM_NOBODY when it has talked to nobody so far,
                      // or to itself
};

enum diagram_kind {
    DIAGRAM_CALL,   // a call that did not wait for anything that is drawn: it stands at one place
    DIAGRAM_BEGIN,  // a call begins, and its DIAGRAM_END comes further down, or never so far …
    DIAGRAM_END,    // … with the same number
    DIAGRAM_PACKET, // from `at` to `to`, which are the same when it is sent to oneself
    DIAGRAM_STATE,  // TCP's state at `at` is another one
    DIAGRAM_GAP,    // packets that the capture lost
    DIAGRAM_FOLD,   // what was the same again and again, packets and calls, in one line
    DIAGRAM_LEAP,   // what there was no room for
};

// Why it is known that a packet did not arrive.
enum diagram_lost {
    DIAGRAM_ARRIVED,
    DIAGRAM_LOST_DROP,    // the receiver threw away all that came: `drop`
    DIAGRAM_LOST_AGAIN,   // nobody acknowledged it, and it was sent again
    DIAGRAM_LOST_SKIPPED, // a later datagram came out of the receiver's queue, and this one did not
    DIAGRAM_LOST_ONWARD,  // on the way: a cable, a router
};

struct diagram_call {
    uint64_t number;     // struct call_row
    const char *command; // its name; lasts
    char actor[32];      // who made it
    int fd;              // of the socket it was made on
    char argument[16];   // "5" of listen, "SHUT_WR" of shutdown, the socket's number where its
                         // column has several; or empty
    char outcome[48];    // "7", "\"Michael\"", "ECONNREFUSED"; or empty. Fit for a screen
    bool failed;         // then `outcome` is the error's name
    int64_t waited;      // ns that it was asleep for; 0 when it was not, or is still
};

struct diagram_packet {
    uint64_t number;         // struct capture_packet; 0 for one that only a call tells of
    uint64_t call;           // number of the call that it was sent upon; 0: by the kernel itself
    uint8_t kind;            // enum packet_kind
    uint8_t flags;           // PACKET_SYN …
    uint8_t mark;            // enum flow_mark
    uint8_t lost;            // enum diagram_lost
    uint8_t ttl, ttl_behind; // behind the router; 0 without one
    char router[32];         // who passed on the first of each direction; who says UNREACHABLE
    const char *says;        // UNREACHABLE: what; lasts
    uint32_t seq, ack;       // counted from each side's beginning
    uint32_t window, size;   // octets; of data
    int64_t time;            // CLOCK_REALTIME, ns
    int64_t since;           // FLOW_AGAIN: ns since it was sent first; else 0
    int lost_fd;             // of LOST_DROP: the socket that drops
    uint8_t data_size;       // octets of it that are kept …
    char data[DIAGRAM_DATA]; // … as they passed: anything may stand in them
};

struct diagram_event {
    enum diagram_kind kind;
    uint16_t at;   // endpoint: the call's, the state's, the sender's; of GAP DIAGRAM_NOBODY
    uint16_t to;   // of PACKET and FOLD the receiver; else DIAGRAM_NOBODY
    uint16_t talk; // conversation; DIAGRAM_NOBODY when it belongs to none, or to all
    uint32_t row;  // from 0 on; never less than that of the event before
    union {
        struct diagram_call call;     // CALL, BEGIN, END
        struct diagram_packet packet; // PACKET
        struct {
            const char *name; // "FIN_WAIT1"; lasts
            bool by_kernel;   // the kernel says so now, and no packet has told
        } state;
        uint64_t missing; // GAP: how many packets
        struct {
            uint32_t packets, packets_back; // from `at` to `to`, and back; 0 when calls alone tell
            uint64_t octets, octets_back;   // of their data
            bool datagrams;                 // of UDP, and not segments
            uint32_t calls[2][DIAGRAM_FOLDED]; // at `at`, at `to`: how many of each
        } fold;
        struct {
            uint64_t packets, calls; // that are left out here
        } leap;
    };
};

struct diagram {
    struct diagram_endpoint *endpoints; // owned; in the order in which they stand, from the left
    size_t endpoint_count;
    struct diagram_talk *talks; // owned; in the order of their beginnings
    size_t talk_count;
    struct diagram_event *events; // owned; from top to bottom
    size_t count;
    size_t rows;
    uint32_t again;    // packets that were sent again …
    uint32_t lost;     // … and those that did not arrive, as far as is known
    uint64_t left_out; // conversations that there was no room for
    bool forgets;      // calls were made that are not known any more
    bool from_calls;   // packets cannot be seen: what is drawn of them is what calls tell …
    char why[200];     // … for this reason, a clause in the person's language
};

// Collects what is known of all conversations of this run, or with `only` of those of the socket
// with that serial number. calls_follow() was called before. Without the right to see packets the
// picture is drawn from calls. Takes the locks of actor/calls.h and net/capture.h, and
// handles_lock(). 100,000 packets take less than a second.
void diagram_build(uint64_t only, struct diagram *to);

// Frees what it holds; it is empty and ready again.
void diagram_finish(struct diagram *diagram);

// --- the words of it, the same in each picture ---------------------------------------------------

// Appends who has it: "server", "alice on router", "another program", "nobody".
void diagram_show_who(const struct diagram_endpoint *endpoint, struct buffer *to);

// Appends "4 c"; the address of another program.
void diagram_show_endpoint(const struct diagram_endpoint *endpoint, struct buffer *to);

// Appends "connect", "listen 5", "send = 7", "= 0", "recv = \"Michael\"", as the kind of event has
// it, for a place of so many columns: "…" stands for what is cut.
void diagram_show_call(const struct diagram_event *event, size_t columns, struct buffer *to);

// Appends how long it waited, "41 s"; nothing when it did not, or for less than a person notices.
void diagram_show_wait(const struct diagram_event *event, struct buffer *to);

// Appends "PSH ACK  seq 1, ack 1, 7 bytes \"Michael\"", or as much of that as fits in so many
// columns, what matters least left out first. What came from the network is escaped.
void diagram_show_packet(const struct diagram_packet *packet, size_t columns, struct buffer *to);

// Appends what is to be known of it where it was sent, "again, after 204 ms"; where it should
// arrive, "lost: drop 5", "TTL 64, behind r 63"; or both. Nothing for a plain one.
void diagram_show_mark(const struct diagram_packet *packet, struct buffer *to);
void diagram_show_fate(const struct diagram_packet *packet, struct buffer *to);
void diagram_show_note(const struct diagram_packet *packet, struct buffer *to);

// The commands that a FOLD counts.
extern const char *const diagram_folded[DIAGRAM_FOLDED];

// Appends what a FOLD hides of the calls at its `at` (0) or `to` (1), "… 17 × send"; nothing when
// there are none.
void diagram_show_folded(const struct diagram_event *event, int side, struct buffer *to);

// Appends the words of a GAP, FOLD or LEAP: "… 14 segments, 20000 bytes"; nothing for a FOLD of
// calls alone.
void diagram_show_count(const struct diagram_event *event, struct buffer *to);

// Appends, as whole lines, what is to be known of the picture as a whole: that packets cannot be
// seen and why, that the oldest calls are forgotten, how many packets were sent again and lost
// where these are too many to be counted by eye.
void diagram_show_source(const struct diagram *diagram, struct buffer *to);

// --- pictures ------------------------------------------------------------------------------------

// Appends the picture with looks (base/look.h), for a terminal of so many columns, good from 40 on;
// in ASCII where `ascii` is set, as far as what was sent is ASCII.
void diagram_write_text(const struct diagram *diagram, size_t columns, bool ascii,
                        struct buffer *to);

// Builds and appends the picture as text, with a line above it when it is drawn from calls; a line
// that there is nothing to draw when there is not. `only` as for diagram_build().
void diagram_show(uint64_t only, size_t columns, bool ascii, struct buffer *to);

// Appends the picture as SVG 1.1 in UTF-8 (commands/diagram_svg.c).
void diagram_write_svg(const struct diagram *diagram, struct buffer *to);

#endif
