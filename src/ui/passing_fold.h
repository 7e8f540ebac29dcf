// passing_fold: packets that have passed, in the order in which they are shown, with long runs of
// them put together.

#ifndef SOCKSH_UI_PASSING_FOLD_H
#define SOCKSH_UI_PASSING_FOLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/flow.h"

enum {
    PASSED_DATA = 112, // octets of the text that shows the beginning of the data
    PASSED_RUN = 4,    // so many packets with data are put together
    PASSED_MOST = 40,  // that one line may have; of more the middle ones are only counted
};

// One packet, or several of the same kind.
struct passed {
    unsigned turn;    // of the line beside which it stands: struct board
    unsigned packets; // 1, or how many it stands for
    bool skipped;     // these are only counted, whatever they were; what follows is unset
    uint32_t flow;    // its conversation …
    uint8_t side;     // … and who has sent it: struct flow_place
    enum packet_kind kind;
    const char *says; // UNREACHABLE: what; lasts
    enum flow_mark mark;
    uint8_t flags;     // of TCP
    uint32_t seq, end; // its first octet's number, and one above its last, counted from 0
    uint32_t ack;
    uint64_t size;          // octets of data
    bool lost;              // it has not arrived
    bool on_way;            // it was seen, but not yet where it goes to …
    bool dropped;           // … and is lost even there
    uint64_t serials[2];    // of the sockets that it goes from and to; 0: of none of this run
    char openers[2][32];    // the actors that opened these
    char data[PASSED_DATA]; // the beginning, as a string, fit for the screen
};

// Puts the first `count` packets together where they may be, in place: all are of one line. Those
// that were put together before may be among them. Returns how many are left.
size_t passed_fold(struct passed *packets, size_t count);

// Whether it acknowledges, and does nothing else.
bool passed_is_ack(const struct passed *packet);

#endif
