// situation: what an error means where it happened: in which state the socket is, who has the port,
// what was asked for.
//
// A table of rows (situation_rows.c), each for an errno, calls, and a test of the state of things;
// the first that applies gives the sentence. A test looks, it changes nothing, and where the kernel
// does not tell it says no: a row further down then says less. Looking is done only for errors that
// a person will read.

#ifndef SOCKSH_COMMANDS_SITUATION_H
#define SOCKSH_COMMANDS_SITUATION_H

#include "lang/command.h"
#include "net/kernel.h"
#include "net/lan.h"

// A failed call, what is known of its socket, and what a test has found out.
struct scene {
    const struct call *call;
    int number;                // the errno, or a code of getaddrinfo(3)
    struct handle *handle;     // the socket of the call; NULL when it has none
    bool open;                 // and its descriptor may be used
    struct kernel_state state; // of the socket; "" when there is none
    struct address local;      // where the socket is, and its peer …
    struct address peer;
    bool has_local, has_peer; // … if the kernel tells
    bool by_wildcard;         // `local` is 0.0.0.0 or [::] with a port
    const struct address *to; // the address argument; NULL when there is none
    // Of net/lan.h: the host that the socket is on, and the one that the address belongs to, or
    // without one the peer's. NULL for none.
    const struct lan_host *here, *there;
    struct handle *other; // another row of the table that matters, with a reference
    struct address found; // an address that matters
    int64_t amount;       // a number that matters: octets, seconds, a limit
    char word[64];        // the name of a state or of a constant that matters
};

struct situation {
    int number;                           // the errno, or a negative code of getaddrinfo(3)
    const char *calls;                    // commands with a blank between; NULL for any
    bool (*applies)(struct scene *scene); // NULL: always
    // N_() texts, one sentence each without a full stop. {socket} … are filled in: see
    // situation_show(). The second may be empty.
    const char *here, *advice;
    const char *topic; // what `explain` says more under
};

extern const struct situation situations[];
extern const size_t situation_count;

// Adds to the error of a failed call what it means here. Nothing is added when no row applies.
void situation_explain(const struct call *call);

// Appends `text` with its {placeholders} filled in from the scene: {socket} its number, {handle}
// the socket as the statement has it, {kind} what it is, {local} {peer} {address} {found}
// addresses, {host} {service} of a name, {port} of the address, {path} of an AF_UNIX one, {other}
// another handle with who has it, {that} its number, {amount}, {time} the amount of nanoseconds,
// {word}, {refusal} of a network of one's own, {here} {there} hosts with their addresses, {call},
// {text} (the error's own), {family} {type} {protocol} as socket was told.
void situation_show(const struct scene *scene, const char *text, struct buffer *to);

// --- tests: of the socket and of the arguments (situation_socket.c) ------------------------------

bool scene_is_stale(struct scene *scene);       // the handle is closed; `other`: who has its number
bool scene_listens(struct scene *scene);        // LISTEN; `other`: a connection it has given
bool scene_listens_alone(struct scene *scene);  // LISTEN, without a connection
bool scene_is_connected(struct scene *scene);   // a peer is there, or was until it finished
bool scene_had_peer(struct scene *scene);       // TCP: it was connected; `other`: the other end
bool scene_had_known_peer(struct scene *scene); // … and the other end is a handle of ours
bool scene_peer_gave_up(struct scene *scene);   // … open, and without its connection
bool scene_finished(struct scene *scene);       // this end has shut down sending
bool scene_is_bound(struct scene *scene);       // it has an address
bool scene_is_unbound_unix(struct scene *scene);    // AF_UNIX without a name
bool scene_is_udp(struct scene *scene);             // IPv4 or IPv6, SOCK_DGRAM
bool scene_is_tcp(struct scene *scene);             // IPv4 or IPv6, SOCK_STREAM
bool scene_is_no_stream(struct scene *scene);       // datagrams of whichever family
bool scene_does_not_listen(struct scene *scene);    // anything but LISTEN
bool scene_asks_not_to_wait(struct scene *scene);   // MSG_DONTWAIT
bool scene_asks_error_queue(struct scene *scene);   // MSG_ERRQUEUE
bool scene_asks_urgent(struct scene *scene);        // MSG_OOB
bool scene_is_nonblocking(struct scene *scene);     // by setblocking or SOCK_NONBLOCK
bool scene_has_receive_limit(struct scene *scene);  // SO_RCVTIMEO; `amount` in nanoseconds
bool scene_has_unacknowledged(struct scene *scene); // `amount` of octets
bool scene_mixes_families(struct scene *scene); // the address is of another; `word`: the socket's
bool scene_is_too_large(struct scene *scene);   // for a UDP datagram; `amount` of octets
bool scene_counts_octets(struct scene *scene);  // always; `amount` of octets to send
bool scene_names_option(struct scene *scene);   // `word`: the option
bool scene_only_reads(struct scene *scene);     // … and it is one that cannot be set
bool scene_only_sets(struct scene *scene);      // … and it is one that cannot be asked for
bool scene_counts_limit(struct scene *scene);   // always; `amount` of descriptors allowed
bool scene_is_raw(struct scene *scene);         // SOCK_RAW, or AF_PACKET

// --- tests: of addresses and who has them (situation_place.c) ------------------------------------

bool scene_own_holder(struct scene *scene);        // `other` has the address, as one of our own
bool scene_own_path(struct scene *scene);          // … and it is a path
bool scene_own_abstract(struct scene *scene);      // … and a name without a file
bool scene_own_listener(struct scene *scene);      // `other` listens at the socket's own address
bool scene_time_wait_reusing(struct scene *scene); // as the next, and SO_REUSEADDR is set here
bool scene_time_wait(struct scene *scene);         // a connection rests there; `amount` of seconds
bool scene_still_ending(struct scene *scene); // a closed one says goodbye there; `word`: its state
bool scene_foreign_holder(
    struct scene *scene); // another program has it; `found`, `word`: its state
bool scene_bound_not_listening(
    struct scene *scene); // `other` is at the address, and is no listener
bool scene_listens_elsewhere(
    struct scene *scene); // `other` has the port at another address, `found`
bool scene_foreign_elsewhere(struct scene *scene); // another program has it there, `found`
bool scene_listens_in_other_family(
    struct scene *scene); // the two of them, where one address is IPv4 and the other IPv6
bool scene_foreign_in_other_family(struct scene *scene);
bool scene_is_port_0(struct scene *scene);       // the address has port 0
bool scene_shows_range(struct scene *scene);     // … `word`: the ports that the kernel gives
bool scene_own_in_range(struct scene *scene);    // … and `other` has one of them there, `found`
bool scene_own_takes_port(struct scene *scene);  // of few ports `other` is bound to one, `found`
bool scene_is_low_port(struct scene *scene);     // below the `amount` where everybody's ports begin
bool scene_is_unix_address(struct scene *scene); // the address is a path
bool scene_path_in_use(struct scene *scene);     // a socket of some program is bound to the path
bool scene_path_is_stale(struct scene *scene);   // a socket's file without the socket
bool scene_path_is_no_socket(struct scene *scene); // another kind of file
bool scene_path_missing(struct scene *scene);      // AF_UNIX: no such file
bool scene_is_swapped(struct scene *scene);        // `found` is ours, with its octets turned round
bool scene_lacks_zone(struct scene *scene);        // link-local IPv6 without an interface
bool scene_has_no_ipv6(struct scene *scene);       // an IPv6 address, and no interface has any
bool scene_is_broadcast(struct scene *scene);      // to all hosts of a network
bool scene_is_group(struct scene *scene);          // to a multicast group
bool scene_loopback_is_down(struct scene *scene);  // to this computer, and `lo` is off
bool scene_leaves_loopback(struct scene *scene);   // from 127.0.0.1 to another host

// --- tests: of loss made by drop (situation_loss.c) ----------------------------------------------

bool scene_network_refused(struct scene *scene); // socksh --sandbox was asked for in vain
bool scene_loses(struct scene *scene);           // the socket; `amount` of them, in percent
bool scene_peer_loses(struct scene *scene);      // `other`, the socket at the other end; `amount`
bool scene_listener_loses(struct scene *scene);  // `other`, who listens at the address; `amount`

// --- tests: of hosts of the run's own (situation_host.c) -----------------------------------------

bool scene_is_on_host(struct scene *scene);       // the socket is on one
bool scene_is_off_hosts(struct scene *scene);     // there are some, and the socket is on none
bool scene_is_between_hosts(struct scene *scene); // the address is another host's
bool scene_is_behind_router(struct scene *scene); // the address is of another network
bool scene_runs_out(struct scene *scene);         // … farther than the socket's TTL, `amount`
bool scene_is_unplugged(struct scene *scene);     // `word`: a host on the way whose cable is pulled
bool scene_listens_on_its_loopback(
    struct scene *scene); // `other` does, on the host called; `found`
bool scene_listens_on_other_loopback(struct scene *scene); // and `other` is on one, too
bool scene_listens_on_other_host(struct scene *scene); // 127.0.0.1 was called, `other` is `there`

#endif
