// passing_sockets: a row for each socket that was talked through, by its serial number.

#include "ui/passing_sockets.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "net/handle.h"
#include "net/loss.h"

struct passing_socket {
    char user[32]; // who talked through it last, or empty
    int64_t drop;  // when `drop` was called last; 0: never
};

static struct {
    struct passing_socket *items; // by serial
    size_t count;
} sockets;

// Whether who makes such a call talks through the socket, and does not only look at it.
static bool is_talk(const char *command)
{
    static const char *const talks[] = {"accept", "connect", "recv",   "recvfrom",
                                        "send",   "sendall", "sendto", "shutdown"};
    for (size_t i = 0; i < sizeof talks / sizeof *talks; i++)
        if (strcmp(command, talks[i]) == 0)
            return true;
    return false;
}

static struct passing_socket *row_of(uint64_t serial)
{
    if (serial >= sockets.count) {
        size_t count = serial + serial / 2 + 16;
        sockets.items = mem_resize(sockets.items, count * sizeof *sockets.items);
        memset(sockets.items + sockets.count, 0, (count - sockets.count) * sizeof *sockets.items);
        sockets.count = count;
    }
    return &sockets.items[serial];
}

void passing_socket_note(const struct call_row *row)
{
    if (row->socket == 0)
        return;
    if (is_talk(row->command))
        memcpy(row_of(row->socket)->user, row->actor, sizeof row->actor);
    if (strcmp(row->command, "drop") == 0)
        row_of(row->socket)->drop = row->begin;
}

const char *passing_socket_user(uint64_t serial)
{
    return serial < sockets.count ? sockets.items[serial].user : "";
}

struct wanted {
    uint64_t serial;
    bool loses;
};

static void look_at_handle(struct handle *handle, void *context)
{
    enum { WHOLE = 100 }; // percent
    struct wanted *wanted = context;
    if (handle->is_socket && handle->serial == wanted->serial)
        wanted->loses = loss_of_open(handle) == WHOLE;
}

// What accept gave while its listener dropped has no `drop` of its own, and has always done so.
bool passing_socket_loses(uint64_t serial, int64_t time)
{
    struct wanted wanted = {.serial = serial};
    if (serial < sockets.count && time < sockets.items[serial].drop)
        return false;
    handles_each(look_at_handle, &wanted);
    return wanted.loses;
}

void passing_sockets_forget(void)
{
    free(sockets.items);
    sockets.items = NULL;
    sockets.count = 0;
}
