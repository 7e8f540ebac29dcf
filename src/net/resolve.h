// resolve: from a host and a service to addresses.
//
// Asked in this order: the table of net/hosts.h; a number with a numeric port, which needs no
// look-up; getaddrinfo(3) in a helper process. In a process of its own, because no signal ends
// getaddrinfo, and because it takes low descriptors for a moment, which would change the numbers
// that scripts see. The helper is socksh itself, called as `socksh --look-up HOST SERVICE FAMILY
// SOCKTYPE SOURCES`; it answers on its standard output.

#ifndef SOCKSH_NET_RESOLVE_H
#define SOCKSH_NET_RESOLVE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"
#include "net/address.h"
#include "net/wait.h"

struct resolve_query {
    const char *call;      // command that asks, for the mark of the waiter
    struct str host;       // borrowed, as the service is
    struct str service;    // a number, a name, or empty for port 0
    int family;            // AF_UNSPEC, AF_INET or AF_INET6
    int type;              // SOCK_*, or 0 for any
    struct handle *handle; // for which this is looked up: its close ends it; NULL for none
};

// Zero-initialised is empty and ready.
struct resolve_answer {
    struct address *addresses; // of kind INET and INET6, each once, best first (RFC 6724)
    size_t count, capacity;
    bool from_hosts; // net/hosts.h had the name: the answer is what was said there
};

// The query for an address of kind NAME; its text is borrowed.
struct resolve_query resolve_query_of(const struct address *name, int family, int type);

// Fills `answer`, which resolve_answer_finish() frees, also after a failure. Sleeps as `waiter`.
// Returns 0; a negative code of getaddrinfo(3), such as EAI_NONAME; or an errno: EINTR or ECANCELED
// when the look-up was ended by somebody (the helper is gone then), EMFILE and what else pipe2(2)
// and posix_spawn(3) say.
int resolve(const struct resolve_query *query, struct waiter *waiter,
            struct resolve_answer *answer);

void resolve_answer_finish(struct resolve_answer *answer);

// What to start as the helper instead of /proc/self/exe, for tests; NULL for the latter. `path`
// must last. Not while anybody resolves.
void resolve_program(const char *path);

// Whether names come from /etc/hosts alone (after net/hosts.h): one that is not there is EAI_NONAME
// at once, whatever the network is like. Not while anybody resolves. nsswitch.conf(5).
void resolve_files_only(bool yes);

// The helper, called by main for `--look-up` before anything else. Returns the exit status.
int resolve_helper_main(int argc, char **argv);

#endif
