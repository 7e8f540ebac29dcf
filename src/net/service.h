// service: the names that ports have.

#ifndef SOCKSH_NET_SERVICE_H
#define SOCKSH_NET_SERVICE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

// The port of a service such as "http", from /etc/services and what else the system asks;
// `protocol` is "tcp", "udp", or empty for whichever has it. False when there is none of that name.
// Takes handles_lock(), because the file is opened for a moment. getservbyname(3).
bool service_port(struct str name, struct str protocol, uint16_t *port);

#endif
