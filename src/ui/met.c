// met: calls are followed at both ends of each connection, and brought together by addresses.

#include "ui/met.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "actor/actor.h"
#include "base/memory.h"
#include "commands/note.h"
#include "net/handle.h"
#include "net/lan.h"

enum {
    ENDS_MOST = 512, // that are followed; when there are more, those that are closed are forgotten
    PARTS = 16,      // of one end: when another actor goes on sending, a new one begins
    DATAGRAMS = 64,  // that were sent and not received so far
    SHOWN = 24,      // octets that a label shows
};

// Octets of a stream from `from` on were sent by this actor, up to where the next part begins.
struct part {
    char actor[64];
    uint64_t from;
};

// One end of a connection, or a socket of datagrams.
struct end {
    struct handle *handle;      // with a reference
    const struct handle *other; // of a pair; only compared
    char connector[64];         // who called connect
    char closer[64];            // who said that no more is sent …
    const char *closed_by;      // … and by which call
    struct address local, peer; // of kind OTHER while unknown
    struct part parts[PARTS];   // the latest
    size_t part_count;
    uint64_t sent, received; // octets
};

struct datagram {
    char actor[64];
    struct handle *handle; // it was sent from; with a reference
    struct address to;
    struct buffer data;
};

static struct {
    struct messages *messages;
    atomic_bool notes;
    atomic_bool silent;   // of what meets over a network
    pthread_mutex_t lock; // guards what follows; inside it only handles_lock() is taken
    bool follows;
    struct end *ends; // the oldest first
    size_t end_count, end_capacity;
    struct datagram datagrams[DATAGRAMS]; // the oldest first
    size_t datagram_count;
} met = {.notes = true, .lock = PTHREAD_MUTEX_INITIALIZER};

// --- ends ----------------------------------------------------------------------------------------

static void forget_end(size_t i)
{
    handle_release(met.ends[i].handle);
    met.end_count--;
    memmove(&met.ends[i], &met.ends[i + 1], (met.end_count - i) * sizeof *met.ends);
}

// Makes room for one more: those that are closed go.
static void forget_closed(void)
{
    for (size_t i = met.end_count; i-- > 0;)
        if (handle_is_dead(met.ends[i].handle))
            forget_end(i);
}

// The end that is this handle, made when there is none. NULL when too many are followed. Valid
// until the next call.
static struct end *end_of(struct handle *handle)
{
    for (size_t i = met.end_count; i-- > 0;)
        if (met.ends[i].handle == handle)
            return &met.ends[i];
    if (met.end_count == ENDS_MOST)
        forget_closed();
    if (met.end_count == ENDS_MOST)
        return NULL;
    met.ends = mem_grow(met.ends, met.end_count, &met.end_capacity, sizeof *met.ends);
    struct end *end = &met.ends[met.end_count++];
    *end = (struct end){.handle = handle};
    end->local.kind = end->peer.kind = ADDRESS_OTHER;
    handle_retain(handle);
    return end;
}

// ::ffff:127.0.0.1 is 127.0.0.1 to whoever is at the other end. RFC 4291 §2.5.5.2
static void unmap(struct address *address)
{
    static const uint8_t mapped[12] = {[10] = 0xFF, [11] = 0xFF};
    if (address->kind != ADDRESS_INET6 || memcmp(address->ip, mapped, sizeof mapped) != 0)
        return;
    address->kind = ADDRESS_INET;
    memmove(address->ip, address->ip + sizeof mapped, 4);
}

static void ask(int fd, int (*name)(int, struct sockaddr *, socklen_t *), struct address *to)
{
    struct sockaddr_storage storage = {0};
    socklen_t size = sizeof storage;
    if (name(fd, (struct sockaddr *)&storage, &size) != 0)
        return; // what was known stays: the name of a connection that is over is asked for, too
    address_from_sockaddr(&storage, size, to);
    unmap(to);
}

// Asks the kernel for both names.
static void look_at(struct end *end)
{
    if (!handle_enter(end->handle))
        return;
    ask(end->handle->fd, getsockname, &end->local);
    ask(end->handle->fd, getpeername, &end->peer);
    handle_leave(end->handle);
}

static bool is_inet(const struct address *address)
{
    return address->kind == ADDRESS_INET || address->kind == ADDRESS_INET6;
}

// The other end of the connection, or NULL.
static struct end *other_of(const struct end *end)
{
    for (size_t i = met.end_count; i-- > 0;) {
        struct end *other = &met.ends[i];
        if (other == end || other->handle->type != end->handle->type)
            continue;
        if (end->other != NULL && other->handle == end->other)
            return other;
        // A connect that has not returned may have its names already.
        if (!is_inet(&other->peer))
            look_at(other);
        if (is_inet(&end->peer) && address_equal(&other->local, &end->peer) &&
            address_equal(&other->peer, &end->local) &&
            other->handle->host == lan_reached(end->handle->host, &end->peer))
            return other;
    }
    return NULL;
}

// --- parts of a stream ---------------------------------------------------------------------------

// What is sent from here on is this actor's.
static void begin_part(struct end *end, const char *actor)
{
    size_t count = end->part_count;
    if (count > 0 && strcmp(end->parts[count - 1].actor, actor) == 0)
        return;
    if (count == PARTS)
        memmove(end->parts, end->parts + 1, --count * sizeof *end->parts);
    end->parts[count].from = end->sent;
    snprintf(end->parts[count].actor, sizeof end->parts[count].actor, "%s", actor);
    end->part_count = count + 1;
}

// Who sent octet `at`; NULL while nobody has.
static const char *sender_of(const struct end *end, uint64_t at)
{
    for (size_t i = end->part_count; i-- > 0;)
        if (end->parts[i].from <= at)
            return end->parts[i].actor;
    return NULL;
}

// --- datagrams -----------------------------------------------------------------------------------

static void forget_datagram(size_t i)
{
    handle_release(met.datagrams[i].handle);
    buffer_finish(&met.datagrams[i].data);
    met.datagram_count--;
    memmove(&met.datagrams[i], &met.datagrams[i + 1],
            (met.datagram_count - i) * sizeof *met.datagrams);
}

static void add_datagram(struct handle *handle, const char *actor, const struct address *to,
                         struct str data)
{
    if (met.datagram_count == DATAGRAMS) // it was lost, most likely
        forget_datagram(0);
    struct datagram *datagram = &met.datagrams[met.datagram_count++];
    *datagram = (struct datagram){.handle = handle};
    memcpy(&datagram->to, to, address_size(to)); // a value has no more than that
    handle_retain(handle);
    snprintf(datagram->actor, sizeof datagram->actor, "%s", actor);
    buffer_add(&datagram->data, data);
}

// Whether what was sent to `to` comes to a socket with this name.
static bool reaches(const struct address *to, const struct address *local)
{
    if (to->kind == ADDRESS_NAME) { // localhost:9999 was looked up by the call itself
        struct str service = {to->text + to->host_size, (size_t)(to->text_size - to->host_size)};
        uint64_t port = 0;
        return !str_to_number(service, UINT16_MAX, &port) || port == local->port;
    }
    return address_equal(to, local) || (to->port == local->port && is_inet(to));
}

// Whether it may be the one that came with these octets, of which the end may have been cut.
static bool may_be(const struct datagram *datagram, const struct end *end, struct str data)
{
    struct str sent = buffer_str(&datagram->data);
    return datagram->handle->type == end->handle->type && reaches(&datagram->to, &end->local) &&
           str_starts(sent, data);
}

// --- what is said --------------------------------------------------------------------------------

static void say(struct buffer *to, const char *from, struct str label, size_t count)
{
    buffer_print(to, "%s\n%.*s\n", from, STR_ARG(label));
    if (count > 0)
        buffer_print(to, "%zu", count);
}

static void say_octets(struct buffer *to, const char *from, struct str data)
{
    struct buffer shown = {0};
    bytes_show(data, SHOWN, &shown);
    say(to, from, buffer_str(&shown), data.size);
    buffer_finish(&shown);
}

struct meeting met_read(struct str text)
{
    struct meeting meeting;
    meeting.from = str_take_line(&text);
    meeting.label = str_take_line(&text);
    meeting.count = text;
    return meeting;
}

// --- calls ---------------------------------------------------------------------------------------
// Those before a call note who makes it, so that whoever meets it finds that, however fast it is.
// Called with the lock; `to` gets what is to be said.

static void before_connect(const struct call *call, const char *actor, struct buffer *to)
{
    struct end *end = end_of(arg_handle(call, 0));
    (void)to;
    if (end != NULL)
        snprintf(end->connector, sizeof end->connector, "%s", actor);
}

static void after_connect(const struct call *call, const char *actor, struct buffer *to)
{
    struct end *end = end_of(arg_handle(call, 0));
    (void)actor, (void)to;
    if (end != NULL)
        look_at(end);
}

static void after_accept(const struct call *call, const char *actor, struct buffer *to)
{
    struct end *end = end_of(call->results[0].handle);
    (void)actor;
    if (end == NULL)
        return;
    look_at(end);
    const struct end *other = other_of(end);
    if (other != NULL && other->connector[0] != '\0')
        say(to, other->connector, STR("connect"), 0);
}

static void after_socketpair(const struct call *call, const char *actor, struct buffer *to)
{
    struct handle *first = call->results[0].handle, *second = call->results[1].handle;
    struct end *end = end_of(first);
    (void)actor, (void)to;
    if (end != NULL)
        end->other = second;
    end = end_of(second);
    if (end != NULL)
        end->other = first;
}

static void before_send(const struct call *call, const char *actor, struct buffer *to)
{
    struct handle *handle = arg_handle(call, 0);
    struct end *end = end_of(handle);
    (void)to;
    if (end == NULL)
        return;
    if (handle->type == SOCK_STREAM) {
        begin_part(end, actor);
        return;
    }
    look_at(end);
    bool is_sendto = strcmp(call->command->name, "sendto") == 0;
    add_datagram(handle, actor, is_sendto ? arg_address(call, 2) : &end->peer, arg_str(call, 1));
}

static void after_send(const struct call *call, const char *actor, struct buffer *to)
{
    struct end *end = end_of(arg_handle(call, 0));
    (void)actor, (void)to;
    if (end == NULL)
        return;
    // sendall gives no count: it has sent everything.
    end->sent += call->result_count ? (uint64_t)call->results[0].number : arg_str(call, 1).size;
}

static void after_stream(struct end *end, struct str data, bool asked, struct buffer *to)
{
    const struct end *other = other_of(end);
    if (other == NULL)
        return;
    const char *sender = sender_of(other, end->received);
    if (data.size > 0 && sender != NULL)
        say_octets(to, sender, data);
    else if (data.size == 0 && asked && other->closed_by != NULL)
        say(to, other->closer, str_from(other->closed_by), 0);
    end->received += data.size;
}

static void after_receive(const struct call *call, const char *actor, struct buffer *to)
{
    struct end *end = end_of(arg_handle(call, 0));
    struct str data = value_str(call->results[0]);
    (void)actor;
    // What is only looked at, or comes beside the stream, meets nobody.
    if (end == NULL || (arg_number_or(call, 2, 0) & (MSG_PEEK | MSG_OOB | MSG_ERRQUEUE)))
        return;
    look_at(end);
    if (end->handle->type == SOCK_STREAM) {
        after_stream(end, data, arg_number_or(call, 1, 0) > 0, to);
        return;
    }
    for (size_t i = 0; i < met.datagram_count; i++) {
        if (!may_be(&met.datagrams[i], end, data))
            continue;
        say_octets(to, met.datagrams[i].actor, data);
        forget_datagram(i);
        return;
    }
}

static void before_close(const struct call *call, const char *actor, struct buffer *to)
{
    struct end *end = end_of(arg_handle(call, 0));
    (void)to;
    if (end == NULL || end->closed_by != NULL)
        return;
    look_at(end); // for later: its names go with the descriptor
    snprintf(end->closer, sizeof end->closer, "%s", actor);
    end->closed_by = call->command->name;
}

static void before_shutdown(const struct call *call, const char *actor, struct buffer *to)
{
    if (arg_number_or(call, 1, SHUT_RD) != SHUT_RD)
        before_close(call, actor, to);
}

typedef void look(const struct call *call, const char *actor, struct buffer *to);

static const struct followed {
    const char *name;
    look *before, *after; // it went well
} followed[] = {
    {"accept", NULL, after_accept},
    {"close", before_close, NULL},
    {"connect", before_connect, after_connect},
    {"recv", NULL, after_receive},
    {"recvfrom", NULL, after_receive},
    {"send", before_send, after_send},
    {"sendall", before_send, after_send},
    {"sendto", before_send, after_send},
    {"shutdown", before_shutdown, NULL},
    {"socketpair", NULL, after_socketpair},
};

static const struct followed *find_followed(const char *name)
{
    for (size_t i = 0; i < sizeof followed / sizeof *followed; i++)
        if (strcmp(followed[i].name, name) == 0)
            return &followed[i];
    return NULL;
}

// Looks, and says what was found: without the lock, since that may have to wait for room.
static void look_and_say(look *how, const struct call *call)
{
    struct actor *actor = actor_of_call(call);
    struct buffer text = {0};
    if (how == NULL)
        return;
    pthread_mutex_lock(&met.lock);
    if (met.follows)
        how(call, actor->name, &text);
    pthread_mutex_unlock(&met.lock);
    if (text.size > 0 && atomic_load(&met.silent) && arg_handle(call, 0)->family != AF_UNIX)
        buffer_finish(&text);
    if (text.size > 0)
        messages_put_as(met.messages, MESSAGE_MET, actor, str_from(actor->name), &text);
}

// In the actor's thread, in place of the row's run().
static bool run_call(struct call *call)
{
    const struct followed *row = find_followed(call->command->name);
    if (row != NULL)
        look_and_say(row->before, call);
    bool good = atomic_load(&met.notes) ? note_run_call(call) : call->command->run(call);
    if (good && row != NULL)
        look_and_say(row->after, call);
    return good;
}

// --- begin and end -------------------------------------------------------------------------------

static void follow_actor(struct actor *actor, void *context)
{
    (void)context;
    actor->interp.run = run_call;
}

void met_start(struct session *session, struct messages *messages)
{
    met.messages = messages;
    met.follows = true;
    session->run_call = run_call;
    actors_each(session, follow_actor, NULL);
}

void met_finish(void)
{
    pthread_mutex_lock(&met.lock);
    met.follows = false;
    while (met.end_count > 0)
        forget_end(met.end_count - 1);
    while (met.datagram_count > 0)
        forget_datagram(met.datagram_count - 1);
    free(met.ends);
    met.ends = NULL;
    met.end_capacity = 0;
    pthread_mutex_unlock(&met.lock);
}

void met_want_inet(bool wanted)
{
    atomic_store(&met.silent, !wanted);
}

void met_want_notes(bool wanted)
{
    atomic_store(&met.notes, wanted);
}
