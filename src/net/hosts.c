// hosts: a short list, searched from end to end.

#include "net/hosts.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <strings.h>

#include "base/memory.h"
#include "net/service.h"

// All four are owned; an empty port stands for every port, or for the one asked for.
struct entry {
    char *name;    // as typed; compared without regard to case
    char *port;    // a number or a service's name
    char *to_host; // a name or a number
    char *to_port; // empty keeps the port asked for
};

// What was said, in the order it was said; `lock` guards the rest.
static struct {
    pthread_mutex_t lock;
    struct entry *entries;
    size_t count, capacity;
} table = {.lock = PTHREAD_MUTEX_INITIALIZER};

// Names are compared without regard to case, as DNS does: RFC 4343.
static bool same_name(const char *name, struct str s)
{
    struct str known = str_from(name);
    return known.size == s.size && (s.size == 0 || strncasecmp(name, s.data, s.size) == 0);
}

// A number, or what /etc/services says; of any protocol, since nobody told which.
static bool port_number(struct str text, uint16_t *port)
{
    uint64_t number;
    if (!str_to_number(text, UINT16_MAX, &number))
        return service_port(text, STR(""), port);
    *port = (uint16_t)number;
    return true;
}

// 80 and http are the same port.
static bool same_port(struct str a, struct str b)
{
    uint16_t one, other;
    if (str_equal(a, b))
        return true;
    return a.size && b.size && port_number(a, &one) && port_number(b, &other) && one == other;
}

// What was said of exactly this name and port (which may be empty); NULL when nothing was.
static struct entry *find(struct str name, struct str port)
{
    for (size_t i = 0; i < table.count; i++) {
        struct entry *entry = &table.entries[i];
        if (same_name(entry->name, name) && same_port(str_from(entry->port), port))
            return entry;
    }
    return NULL;
}

// Frees its four texts, not the place in the list.
static void entry_finish(struct entry *entry)
{
    free(entry->name);
    free(entry->port);
    free(entry->to_host);
    free(entry->to_port);
}

void hosts_set(struct str name, struct str port, struct str to_host, struct str to_port)
{
    struct entry made = {mem_copy(name), mem_copy(port), mem_copy(to_host), mem_copy(to_port)};
    pthread_mutex_lock(&table.lock);
    struct entry *entry = find(name, port); // the later word counts
    if (entry != NULL) {
        entry_finish(entry);
    } else {
        table.entries = mem_grow(table.entries, table.count, &table.capacity, sizeof made);
        entry = &table.entries[table.count++];
    }
    *entry = made;
    pthread_mutex_unlock(&table.lock);
}

bool hosts_lookup(struct str host, struct str service, struct buffer *to_host,
                  struct buffer *to_service)
{
    pthread_mutex_lock(&table.lock);
    const struct entry *entry = find(host, service);
    if (entry == NULL)
        // What was said of one port is nearer than what was said of all.
        entry = find(host, STR(""));
    if (entry != NULL) {
        buffer_add_text(to_host, entry->to_host);
        buffer_add(to_service, entry->to_port[0] ? str_from(entry->to_port) : service);
    }
    pthread_mutex_unlock(&table.lock);
    return entry != NULL;
}

void hosts_each(void (*visit)(struct str name, struct str port, void *context), void *context)
{
    pthread_mutex_lock(&table.lock);
    for (size_t i = 0; i < table.count; i++)
        visit(str_from(table.entries[i].name), str_from(table.entries[i].port), context);
    pthread_mutex_unlock(&table.lock);
}

void hosts_clear(void)
{
    pthread_mutex_lock(&table.lock);
    for (size_t i = 0; i < table.count; i++)
        entry_finish(&table.entries[i]);
    free(table.entries);
    table.entries = NULL;
    table.count = table.capacity = 0;
    pthread_mutex_unlock(&table.lock);
}
