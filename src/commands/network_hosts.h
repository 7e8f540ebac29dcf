// network_hosts: what `network` does with hosts: the words of commands/network.c that are about
// them.

#ifndef SOCKSH_COMMANDS_NETWORK_HOSTS_H
#define SOCKSH_COMMANDS_NETWORK_HOSTS_H

#include "lang/command.h"

// Run `network host NAME ADDRESS/PREFIX…` and so on; the first argument is the word itself, and as
// many follow as the table of commands/network.c allows. As the run() of a row.
bool network_run_host(struct call *call);
bool network_run_router(struct call *call);
bool network_run_route(struct call *call);
bool network_run_delay(struct call *call);
bool network_run_down(struct call *call);
bool network_run_up(struct call *call);

// Whether a host that is there is named right behind `network WORD`.
bool network_names_host(struct str word);

// Appends the hosts as a table, nothing while there is none.
void network_show_hosts(struct buffer *to);

#endif
