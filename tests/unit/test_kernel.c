// test_kernel: what the kernel says of real sockets, while they are open and after.

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "net/handle.h"
#include "net/kernel.h"

static struct waiter waiter;

static void start(void)
{
    wait_start();
    wait_register(&waiter);
}

static void finish(void)
{
    wait_unregister(&waiter);
    kernel_finish();
    handles_finish();
}

TestSuite(kernel, .init = start, .fini = finish, .timeout = 30);

// --- sockets to ask about --------------------------------------------------------------------

static struct handle *opened(int family, int type)
{
    handles_lock();
    int fd = socket(family, type | SOCK_CLOEXEC, 0);
    struct handle *handle = fd < 0 ? NULL : handle_add(fd, family, type, 0, NULL);
    handles_unlock();
    cr_assert(ne(ptr, handle, NULL));
    return handle;
}

static struct handle *accepted(struct handle *listener)
{
    handles_lock();
    int fd = accept4(listener->fd, NULL, NULL, SOCK_CLOEXEC);
    struct handle *handle =
        handle_add(fd, listener->family, listener->type, listener->protocol, listener);
    handles_unlock();
    kernel_remember(handle);
    return handle;
}

static void closed(struct handle *handle)
{
    bool ended;
    kernel_remember(handle);
    cr_assert(eq(int, handle_close(handle, &waiter, &ended), 0));
}

static void bound(struct handle *handle, const char *address)
{
    struct address parsed;
    struct diag diag;
    struct sockaddr_storage at;
    cr_assert(address_parse(str_from(address), &parsed, &diag), "%s", diag.message);
    socklen_t size = address_to_sockaddr(&parsed, &at);
    cr_assert(eq(int, bind(handle->fd, (struct sockaddr *)&at, size), 0));
}

static int connected(struct handle *handle, struct handle *to)
{
    struct sockaddr_storage at;
    socklen_t size = sizeof at;
    getsockname(to->fd, (struct sockaddr *)&at, &size);
    int result = connect(handle->fd, (struct sockaddr *)&at, size);
    kernel_remember(handle);
    return result;
}

// A listener, a client and what accept gave for it.
struct trio {
    struct handle *listener, *client, *server;
};

static struct trio trio(int family, int type, const char *address)
{
    struct trio made = {opened(family, type), opened(family, type), NULL};
    bound(made.listener, address);
    cr_assert(eq(int, listen(made.listener->fd, 5), 0));
    cr_assert(eq(int, connected(made.client, made.listener), 0));
    made.server = accepted(made.listener);
    return made;
}

static void released(struct trio *trio)
{
    struct handle *all[] = {trio->listener, trio->client, trio->server};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        bool ended;
        handle_close(all[i], &waiter, &ended);
        handle_release(all[i]);
    }
}

static const char *state_of(struct handle *handle)
{
    struct kernel_state state;
    int error = kernel_state(handle, &state);
    return error ? strerror(error) : state.name;
}

// Asks until the state is there: packets over loopback need no time, but the kernel may put one
// off. The suite's time limit ends it otherwise.
static void comes_to(struct handle *handle, const char *name)
{
    while (strcmp(state_of(handle), name) != 0)
        sched_yield();
}

static void is(struct handle *handle, const char *name)
{
    cr_assert(eq(str, (char *)(uintptr_t)state_of(handle), (char *)(uintptr_t)name));
}

// --- TCP -------------------------------------------------------------------------------------

static void check_a_life(int family, const char *address)
{
    struct kernel_state state;
    struct trio t = trio(family, SOCK_STREAM, address);
    is(t.listener, "LISTEN");
    is(t.client, "ESTABLISHED");
    is(t.server, "ESTABLISHED");

    shutdown(t.client->fd, SHUT_WR);
    comes_to(t.client, "FIN_WAIT2");
    is(t.server, "CLOSE_WAIT");
    cr_assert(eq(int, kernel_state(t.client, &state), 0));
    cr_assert(eq(i64, state.remaining_ms, -1));

    closed(t.server);
    comes_to(t.client, "TIME_WAIT"); // its descriptor says CLOSE
    comes_to(t.server, "CLOSED");    // and not LISTEN, though the listener has this address
    closed(t.client);
    is(t.client, "TIME_WAIT");
    cr_assert(eq(int, kernel_state(t.client, &state), 0));
    cr_assert(gt(i64, state.remaining_ms, 0));
    cr_assert(le(i64, state.remaining_ms, 60000));

    closed(t.listener);
    is(t.listener, "CLOSED");
    released(&t);
}

Test(kernel, follows_a_connection_to_its_end)
{
    check_a_life(AF_INET, "127.0.0.1:0");
}

static bool has_ipv6(void)
{
    int fd = socket(AF_INET6, SOCK_STREAM, 0);
    struct sockaddr_in6 at = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    bool has = fd >= 0 && bind(fd, (struct sockaddr *)&at, sizeof at) == 0;
    if (fd >= 0)
        close(fd);
    return has;
}

Test(kernel, follows_a_connection_over_ipv6)
{
    if (!has_ipv6())
        cr_skip_test("there is no ::1 here");
    check_a_life(AF_INET6, "[::1]:0");
}

Test(kernel, follows_ipv4_in_an_ipv6_socket)
{
    if (!has_ipv6())
        cr_skip_test("there is no ::1 here");
    check_a_life(AF_INET6, "[::ffff:127.0.0.1]:0");
}

// Nobody reads: what comes behind this has to wait until the peer's window opens.
static void fill(const struct handle *handle)
{
    static const char data[4096];
    while (send(handle->fd, data, sizeof data, MSG_DONTWAIT) > 0)
        continue;
}

Test(kernel, sees_last_ack_without_a_descriptor)
{
    struct trio t = trio(AF_INET, SOCK_STREAM, "127.0.0.1:0");
    shutdown(t.client->fd, SHUT_WR);
    fill(t.server);
    comes_to(t.server, "CLOSE_WAIT");
    closed(t.server);
    is(t.server, "LAST_ACK");
    released(&t);
}

Test(kernel, counts_what_is_held_back)
{
    struct trio t = trio(AF_INET, SOCK_STREAM, "127.0.0.1:0");
    int64_t unsent = -1, to_read, unacked;
    cr_assert(eq(int, kernel_unsent(t.client, &unsent), 0));
    cr_assert(eq(i64, unsent, 0));
    send(t.client->fd, "hello", 5, MSG_MORE);
    cr_assert(eq(int, kernel_unsent(t.client, &unsent), 0));
    cr_assert(eq(i64, unsent, 5));
    cr_assert(eq(int, kernel_queued(t.client, &to_read, &unacked), 0));
    cr_assert(eq(i64, unacked, 5));
    cr_assert(eq(int, kernel_unsent(t.listener, &unsent), 0));
    cr_assert(eq(i64, unsent, 0));
    closed(t.client);
    cr_assert(eq(int, kernel_unsent(t.client, &unsent), EBADF));
    released(&t);
}

Test(kernel, sees_fin_wait_1_without_a_descriptor)
{
    struct trio t = trio(AF_INET, SOCK_STREAM, "127.0.0.1:0");
    int64_t to_read, unacked;
    fill(t.client);
    cr_assert(eq(int, kernel_queued(t.client, &to_read, &unacked), 0));
    cr_assert(gt(i64, unacked, 0));
    int64_t before = unacked;
    shutdown(t.client->fd, SHUT_WR);
    is(t.client, "FIN_WAIT1");
    cr_assert(eq(int, kernel_queued(t.client, &to_read, &unacked), 0));
    cr_assert(eq(i64, unacked, before)); // the FIN is no octet
    closed(t.client);
    is(t.client, "FIN_WAIT1");
    is(t.server, "ESTABLISHED");
    released(&t);
}

Test(kernel, is_closed_before_and_after_a_connection)
{
    struct linger none = {.l_onoff = 1};
    struct handle *fresh = opened(AF_INET, SOCK_STREAM);
    is(fresh, "CLOSED");
    closed(fresh);
    is(fresh, "CLOSED");
    handle_release(fresh);

    struct trio t = trio(AF_INET, SOCK_STREAM, "127.0.0.1:0");
    setsockopt(t.client->fd, SOL_SOCKET, SO_LINGER, &none, sizeof none);
    closed(t.client); // sends RST
    is(t.client, "CLOSED");
    comes_to(t.server, "CLOSED");
    released(&t);
}

// A newcomer may have the same two ends; the row that is dead is not it.
Test(kernel, knows_a_newcomer_from_the_dead)
{
    struct linger none = {.l_onoff = 1};
    int on = 1;
    struct trio t = trio(AF_INET, SOCK_STREAM, "127.0.0.1:0");
    struct sockaddr_storage local;
    socklen_t size = sizeof local;
    getsockname(t.client->fd, (struct sockaddr *)&local, &size);
    setsockopt(t.client->fd, SOL_SOCKET, SO_LINGER, &none, sizeof none);
    closed(t.client);

    struct handle *newcomer = opened(AF_INET, SOCK_STREAM);
    setsockopt(newcomer->fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    cr_assert(eq(int, bind(newcomer->fd, (struct sockaddr *)&local, size), 0));
    cr_assert(eq(int, connected(newcomer, t.listener), 0));
    is(newcomer, "ESTABLISHED");
    is(t.client, "CLOSED");
    closed(newcomer);
    handle_release(newcomer);
    released(&t);
}

Test(kernel, counts_who_waits_for_accept)
{
    int64_t waiting = -1, limit = -1;
    struct handle *listener = opened(AF_INET, SOCK_STREAM);
    struct handle *first = opened(AF_INET, SOCK_STREAM);
    struct handle *second = opened(AF_INET, SOCK_STREAM);
    bound(listener, "127.0.0.1:0");
    listen(listener->fd, 0);
    cr_assert(eq(int, kernel_queued(listener, &waiting, &limit), 0));
    cr_assert(eq(i64, waiting, 0));
    cr_assert(eq(i64, limit, 0));
    cr_assert(eq(int, connected(first, listener), 0));
    fcntl(second->fd, F_SETFL, O_NONBLOCK);
    connected(second, listener);
    is(second, "SYN_SENT"); // there was room for one more than 0
    cr_assert(eq(int, kernel_queued(listener, &waiting, &limit), 0));
    cr_assert(eq(i64, waiting, 1));
    struct trio all = {listener, first, second};
    released(&all);
}

Test(kernel, counts_octets)
{
    int64_t to_read = -1, unacked = -1;
    struct trio t = trio(AF_INET, SOCK_STREAM, "127.0.0.1:0");
    send(t.client->fd, "Sarah", 5, 0);
    cr_assert(eq(int, kernel_queued(t.server, &to_read, &unacked), 0));
    cr_assert(eq(i64, to_read, 5));
    cr_assert(eq(i64, unacked, 0));
    do
        cr_assert(eq(int, kernel_queued(t.client, &to_read, &unacked), 0));
    while (unacked != 0);
    cr_assert(eq(i64, to_read, 0));
    closed(t.client);
    cr_assert(eq(int, kernel_queued(t.client, &to_read, &unacked), EBADF));
    released(&t);
}

// --- other sockets ---------------------------------------------------------------------------

Test(kernel, knows_udp)
{
    int64_t to_read = -1, unacked = -1;
    struct handle *one = opened(AF_INET, SOCK_DGRAM), *other = opened(AF_INET, SOCK_DGRAM);
    is(one, "UNCONNECTED");
    bound(one, "127.0.0.1:0");
    is(one, "UNCONNECTED");
    cr_assert(eq(int, connected(other, one), 0));
    is(other, "CONNECTED");
    send(other->fd, "Sarah", 5, 0);
    send(other->fd, "Bob", 3, 0);
    cr_assert(eq(int, kernel_queued(one, &to_read, &unacked), 0));
    cr_assert(eq(i64, to_read, 5));
    cr_assert(eq(i64, unacked, 0));
    closed(other);
    is(other, "CLOSED");
    closed(one);
    handle_release(one);
    handle_release(other);
}

Test(kernel, knows_unix_sockets)
{
    int64_t to_read = -1, unacked = -1;
    struct handle *waits = opened(AF_UNIX, SOCK_STREAM);
    is(waits, "UNCONNECTED");
    struct trio t = trio(AF_UNIX, SOCK_STREAM, "unix:");
    is(t.listener, "LISTEN");
    is(t.client, "CONNECTED");
    is(t.server, "CONNECTED");
    send(t.client->fd, "Sarah", 5, 0);
    cr_assert(eq(int, kernel_queued(t.server, &to_read, &unacked), 0));
    cr_assert(eq(i64, to_read, 5));
    cr_assert(eq(int, kernel_queued(t.client, &to_read, &unacked), 0));
    cr_assert(eq(i64, unacked, 0));
    cr_assert(eq(int, connected(waits, t.listener), 0));
    cr_assert(eq(int, kernel_queued(t.listener, &to_read, &unacked), 0));
    cr_assert(eq(i64, to_read, 1));
    cr_assert(eq(i64, unacked, 5));
    closed(waits);
    is(waits, "CLOSED");
    handle_release(waits);
    released(&t);
}

Test(kernel, knows_what_is_no_socket)
{
    struct kernel_state state;
    int64_t to_read, unacked;
    struct handle *handle = opened(AF_UNIX, SOCK_STREAM);
    handle->is_socket = false; // as the rows 0 to 2
    cr_assert(eq(int, kernel_state(handle, &state), ENOTSOCK));
    cr_assert(eq(int, kernel_queued(handle, &to_read, &unacked), ENOTSOCK));
    closed(handle);
    handle_release(handle);
}

// --- many at once ----------------------------------------------------------------------------

struct asker {
    pthread_t thread;
    struct handle *handle;
    const char *expected;
    int wrong;
};

static void *ask_often(void *context)
{
    struct asker *asker = context;
    for (int i = 0; i < 2000; i++)
        asker->wrong += strcmp(state_of(asker->handle), asker->expected) != 0;
    return NULL;
}

// The answers to two who ask at the same time are not mixed up.
Test(kernel, answers_each_its_own)
{
    struct trio t = trio(AF_INET, SOCK_STREAM, "127.0.0.1:0");
    closed(t.client);
    closed(t.server);
    comes_to(t.client, "TIME_WAIT");
    comes_to(t.server, "CLOSED");
    struct asker askers[] = {{.handle = t.client, .expected = "TIME_WAIT"},
                             {.handle = t.server, .expected = "CLOSED"}};
    for (size_t i = 0; i < 2; i++)
        pthread_create(&askers[i].thread, NULL, ask_often, &askers[i]);
    for (size_t i = 0; i < 2; i++) {
        pthread_join(askers[i].thread, NULL);
        cr_assert(eq(int, askers[i].wrong, 0));
    }
    kernel_finish();
    is(t.client, "TIME_WAIT"); // it opens its descriptor again
    released(&t);
}

// --- interfaces ------------------------------------------------------------------------------

Test(kernel, lists_interfaces)
{
    struct kernel_interface *list;
    size_t count;
    bool loopback = false;
    char name[IF_NAMESIZE];
    kernel_start();
    cr_assert(eq(int, kernel_interfaces(&list, &count), 0));
    for (size_t i = 0; i < count; i++) {
        uint32_t index = kernel_interface_index(list[i].name);
        cr_assert(ne(u32, index, 0));
        cr_assert(kernel_interface_name(index, name));
        cr_assert(eq(str, name, list[i].name));
        if (list[i].up && list[i].host.kind == ADDRESS_INET && list[i].host.ip[0] == 127)
            loopback = strcmp(name, "lo") == 0;
        for (size_t k = 0; k < i; k++) // one without an address is listed once
            cr_assert(not(strcmp(list[i].name, list[k].name) == 0 && !list[i].has_address));
    }
    cr_assert(loopback);
    free(list);
}

Test(kernel, knows_no_interface_of_another_name)
{
    char name[IF_NAMESIZE];
    cr_assert(not(kernel_interface_name(1, name))); // before kernel_start()
    kernel_start();
    cr_assert(kernel_interface_name(1, name));
    cr_assert(not(kernel_interface_name(0, name)));
    cr_assert(not(kernel_interface_name(2000000000, name)));
    cr_assert(eq(u32, kernel_interface_index("nonesuch"), 0));
    cr_assert(eq(u32, kernel_interface_index(""), 0));
    cr_assert(eq(u32, kernel_interface_index("a name that is far too long"), 0));
}
