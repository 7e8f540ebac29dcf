// hello_poll: the hello server in one thread, which polls all its connections. Prints its port.

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>

#include "bench.h"

enum { OPEN_MOST = 20000 };

static struct pollfd open_ones[OPEN_MOST];
static nfds_t count;

static void accept_all(int s)
{
    for (int fd; (fd = accept(s, NULL, NULL)) >= 0;) {
        must(count < OPEN_MOST, "too many");
        open_ones[count++] = (struct pollfd){.fd = fd, .events = POLLIN | POLLRDHUP};
        send(fd, "Welcome!", 8, 0);
    }
    must(errno == EAGAIN, "accept");
}

// Answers once. False when the connection is over.
static bool answer(int fd)
{
    char data[1024], reply[1024 + 16];
    ssize_t size = recv(fd, data, sizeof data, 0);
    if (size <= 0 || (size == 4 && memcmp(data, "exit", 4) == 0))
        return false;
    int length = snprintf(reply, sizeof reply, "Hello, %.*s!", (int)size, data);
    send(fd, reply, (size_t)length, 0);
    return true;
}

int main(void)
{
    int s = listener(1024);
    printf("%d\n", port_of(s));
    fflush(stdout);
    fcntl(s, F_SETFL, O_NONBLOCK);
    open_ones[count++] = (struct pollfd){.fd = s, .events = POLLIN};
    while (poll(open_ones, count, -1) > 0) {
        for (nfds_t i = count; i-- > 0;) { // from the end, so that the last may take a place
            if (open_ones[i].revents == 0)
                continue;
            if (i == 0) {
                accept_all(s);
            } else if (!answer(open_ones[i].fd)) {
                close(open_ones[i].fd);
                open_ones[i] = open_ones[--count];
            }
        }
    }
    return 1;
}
