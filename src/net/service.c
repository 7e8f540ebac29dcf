// service: asking the system for the port of a service.

#include "net/service.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "net/handle.h"

// One question with a buffer of `size` octets. ERANGE asks for a larger one.
static int ask(const char *name, const char *protocol, size_t size, uint16_t *port)
{
    struct servent entry, *found = NULL;
    char *buffer = mem_zero(size);
    handles_lock();
    int error = getservbyname_r(name, protocol, &entry, buffer, size, &found);
    handles_unlock();
    if (found != NULL)
        *port = ntohs((uint16_t)found->s_port);
    free(buffer);
    if (error == ERANGE)
        return ERANGE;
    return found != NULL ? 0 : ENOENT;
}

bool service_port(struct str name, struct str protocol, uint16_t *port)
{
    // An entry with its aliases fits the first size nearly always; no entry is larger than the
    // last.
    enum { LEAST = 1024, MOST = 64 * 1024 };
    if (name.size == 0 || memchr(name.data, '\0', name.size) != NULL)
        return false;
    char *service = mem_copy(name);
    char *over = protocol.size ? mem_copy(protocol) : NULL;
    int error = ERANGE;
    for (size_t size = LEAST; error == ERANGE && size <= MOST; size *= 2)
        error = ask(service, over, size, port);
    free(service);
    free(over);
    return error == 0;
}
