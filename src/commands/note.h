// note: a few words on what a call has done, shown behind its value at a prompt.
//
// A row's `note` is given the call after it went well, and what the kernel said of the socket
// before and after it. A note never guesses: where that does not tell, it appends nothing. It has
// at most 60 columns and no full stop. Nothing of this runs in a script.

#ifndef SOCKSH_COMMANDS_NOTE_H
#define SOCKSH_COMMANDS_NOTE_H

#include "lang/command.h"
#include "net/handle.h"

enum sort { SORT_OTHER, SORT_TCP, SORT_UDP, SORT_UNIX };

// What the kernel says of one socket at one moment.
struct facts {
    enum sort sort;
    const char *state;     // as kernel_state() names it; lasts
    int64_t remaining_ms;  // of TIME_WAIT, else -1
    int64_t to_read;       // kernel_queued(): octets, or connections that wait; -1 while unknown
    int64_t unacked;       // … and octets not acknowledged, or the backlog; -1 while unknown
    int64_t unsent;        // kernel_unsent(): of these, octets that have not left; -1 while unknown
    bool has_local;        // it is bound: to a port, or to a path
    bool has_peer;         // it is connected
    struct address local;  // of kind OTHER while unknown
    struct address peer;   // the same
    unsigned short events; // POLLRDHUP, POLLHUP and POLLERR that are set; 0 after close
};

struct noted {
    const struct call *call;
    struct handle *handle; // argument 0, or NULL when that is no socket
    struct facts before, after;
    int64_t waited; // nanoseconds that the call took
};

// What session->run_call is at a prompt: runs the row's command and leaves its note in the actor's
// interp->note, when the call is a statement's own and values are shown. False when it failed.
bool note_run_call(struct call *call);

// Asks the kernel now; of a closed socket only what can still be known. Takes handles_lock().
void note_ask(struct handle *handle, struct facts *facts);

// The socket of this program at the other end of the connection that `facts` describe, also a
// closed one; or the one that listens at `address`, as seen from where `from` is; or the one that
// is bound there for datagrams. With a reference for the caller, or NULL when there is none. Take
// handles_lock().
struct handle *note_find_peer(const struct handle *handle, const struct facts *facts);
struct handle *note_find_listener(const struct handle *from, const struct address *address);
struct handle *note_find_receiver(const struct handle *from, const struct address *address);

// Whether a listener of this program at `peer`, as seen from where `from` is, has connections in
// its queue, and nobody is in accept who takes them out. Takes handles_lock().
bool note_waits_for_accept(const struct handle *from, const struct address *peer);

// Whether a call of some actor is inside the handle just now.
bool note_is_used(const struct handle *handle);

// Whether it is an address of any host: 0.0.0.0 or ::.
bool note_is_any(const struct address *address);

// The notes of the rows. Each appends at most one line without its end.
void note_socket(const struct noted *noted, struct buffer *to);
void note_socketpair(const struct noted *noted, struct buffer *to);
void note_bind(const struct noted *noted, struct buffer *to);
void note_listen(const struct noted *noted, struct buffer *to);
void note_accept(const struct noted *noted, struct buffer *to);
void note_connect(const struct noted *noted, struct buffer *to);
void note_shutdown(const struct noted *noted, struct buffer *to);
void note_close(const struct noted *noted, struct buffer *to);
void note_getsockname(const struct noted *noted, struct buffer *to);
void note_send(const struct noted *noted, struct buffer *to); // also sendto and sendall
void note_recv(const struct noted *noted, struct buffer *to); // also recvfrom
void note_setsockopt(const struct noted *noted, struct buffer *to);
void note_getsockopt(const struct noted *noted, struct buffer *to);
void note_setblocking(const struct noted *noted, struct buffer *to);
void note_settimeout(const struct noted *noted, struct buffer *to);
void note_poll(const struct noted *noted, struct buffer *to);
void note_state(const struct noted *noted, struct buffer *to);
void note_queued(const struct noted *noted, struct buffer *to);
void note_order(const struct noted *noted, struct buffer *to); // htons and its three kin

#endif
