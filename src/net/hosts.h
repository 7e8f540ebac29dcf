// hosts: what the command `hosts` was told: where names lead, for this run only, as lines in
// /etc/hosts would.
//
// Process-wide. A lock of its own guards the table; service_port() may be asked while it
// is held, nothing else.

#ifndef SOCKSH_NET_HOSTS_H
#define SOCKSH_NET_HOSTS_H

#include <stdbool.h>

#include "base/buffer.h"
#include "base/str.h"

// From now on `name` leads to `to_host`, a name or number that is not looked for here again. `port`
// is a number or a service's name and limits it to that port; empty is every port. `to_port` is the
// port to use instead; empty keeps the one asked for. Takes the place of what was said of the same
// name and port. Names are compared without regard to case.
void hosts_set(struct str name, struct str port, struct str to_host, struct str to_port);

// Where `host` and `service` (may be empty) lead. What was said of that port goes before what was
// said of every port. Appends to `to_host` and `to_service`, which the caller finishes. False, with
// nothing appended, when nothing was said.
bool hosts_lookup(struct str host, struct str service, struct buffer *to_host,
                  struct buffer *to_service);

// Calls `visit` for each name and port (may be empty) of which something was said, in the order in
// which it was said. The table is locked meanwhile.
void hosts_each(void (*visit)(struct str name, struct str port, void *context), void *context);

// Forgets everything.
void hosts_clear(void);

#endif
