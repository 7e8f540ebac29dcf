// load: N clients of a hello server at once. Each waits for Welcome!, sends three names and awaits
// the greeting of each, says exit and waits for the end.
//
// First a few clients, and how long one more takes from connect to Welcome!; then all of them, and
// the same again; then a line is printed and one awaited on standard input, so that somebody may
// look at the server; then all dialogues at once, for at most a minute. While opening, no more than
// WINDOW connections are unanswered, since a full backlog would make clients wait a second.
// Prints: few-ns opening-ns many-ns, and after the dialogues: dialogue-ns clients-answered-rightly

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>

#include "bench.h"

enum { WINDOW = 200, FEW = 10, PROBES = 101, NAMES = 3 };
enum { PATIENCE = 60, ALL_TOGETHER = 200 }; // seconds of silence, and of talk; then it ends anyhow

struct client {
    int fd;
    int step;   // 0: awaits Welcome!; 1 to NAMES: that greeting; then the end
    bool wrong; // got something else
    size_t got, wanted;
    char expected[64];
};

static unsigned short port;
static int watcher;
static struct client *clients;

static void expect(struct client *client, const char *text)
{
    client->wanted = strlen(text);
    client->got = 0;
    memcpy(client->expected, text, client->wanted);
}

// Sends what comes next in the dialogue. The end is expected as no octets at all.
static void say_next(struct client *client)
{
    char name[32], reply[64];
    client->step++;
    if (client->step > NAMES) {
        expect(client, "");
        must(send(client->fd, "exit", 4, MSG_NOSIGNAL) == 4, "send");
        return;
    }
    int size = snprintf(name, sizeof name, "Sarah %ld.%d", (long)(client - clients), client->step);
    snprintf(reply, sizeof reply, "Hello, %s!", name);
    expect(client, reply);
    must(send(client->fd, name, (size_t)size, MSG_NOSIGNAL) == size, "send");
}

// Reads what is there. Returns whether what was expected is complete, or can no longer come.
static bool hear(struct client *client)
{
    char data[128];
    ssize_t size = recv(client->fd, data, sizeof data, 0);
    if (size <= 0) {
        client->wrong = client->wrong || size < 0 || client->wanted > 0;
        client->step = NAMES + 1;
        client->wanted = 0;
        return true;
    }
    size_t room = client->wanted - client->got;
    if ((size_t)size > room || memcmp(client->expected + client->got, data, (size_t)size) != 0)
        client->wrong = true;
    client->got += (size_t)size;
    return client->got >= client->wanted && client->wanted > 0;
}

static void begin(struct client *client)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = client};
    client->fd = connected(port);
    client->step = 0;
    expect(client, "Welcome!");
    must(epoll_ctl(watcher, EPOLL_CTL_ADD, client->fd, &event) == 0, "epoll_ctl");
}

static int wait_for(struct epoll_event *events, int most)
{
    int count = epoll_wait(watcher, events, most, PATIENCE * 1000);
    if (count == 0)
        errno = ETIMEDOUT;
    must(count > 0, "waiting for the server");
    return count;
}

// Opens clients[from] to clients[to - 1] and awaits their Welcome!.
static void open_clients(long from, long to)
{
    struct epoll_event events[WINDOW];
    for (long next = from, answered = from; answered < to;) {
        while (next < to && next - answered < WINDOW)
            begin(&clients[next++]);
        int count = wait_for(events, WINDOW);
        for (int i = 0; i < count; i++)
            answered += hear(events[i].data.ptr);
    }
}

static int by_size(const void *a, const void *b)
{
    long long x = *(const long long *)a, y = *(const long long *)b;
    return (x > y) - (x < y);
}

// The median time of one more client from connect to Welcome!.
static long long probe(void)
{
    long long times[PROBES];
    for (int i = 0; i < PROBES; i++) {
        char data[64];
        long long start = now();
        int fd = connected(port);
        must(recv(fd, data, sizeof data, 0) == 8, "Welcome!");
        times[i] = now() - start;
        must(send(fd, "exit", 4, 0) == 4 && recv(fd, data, sizeof data, 0) == 0, "exit");
        close(fd);
    }
    qsort(times, PROBES, sizeof *times, by_size);
    return times[PROBES / 2];
}

// Lets all of them talk. Returns how many were answered rightly to the end before patience did.
static long talk(long count)
{
    struct epoll_event events[WINDOW];
    long right = 0;
    long long deadline = now() + PATIENCE * 1000000000LL;
    for (long i = 0; i < count; i++)
        say_next(&clients[i]);
    for (long ended = 0; ended < count && now() < deadline;) {
        int heard = wait_for(events, WINDOW);
        for (int i = 0; i < heard; i++) {
            struct client *client = events[i].data.ptr;
            if (!hear(client))
                continue;
            if (client->step <= NAMES) {
                say_next(client);
            } else {
                close(client->fd);
                right += !client->wrong;
                ended++;
            }
        }
    }
    return right;
}

int main(int count, char **words)
{
    alarm(ALL_TOGETHER);
    port = (unsigned short)argument(count, words, 1, 0);
    long wanted = argument(count, words, 2, 10000);
    clients = calloc((size_t)wanted, sizeof *clients);
    watcher = epoll_create1(EPOLL_CLOEXEC);
    must(clients != NULL && watcher >= 0, "memory");
    long few = wanted < FEW ? wanted : FEW;
    open_clients(0, few);
    long long time_of_few = probe();
    long long start = now();
    open_clients(few, wanted);
    long long opening = now() - start;
    printf("%lld %lld %lld\n", time_of_few, opening, probe());
    fflush(stdout);
    must(getchar() != EOF, "standard input");
    start = now();
    long right = talk(wanted);
    printf("%lld %ld\n", now() - start, right);
    free(clients);
    return 0;
}
