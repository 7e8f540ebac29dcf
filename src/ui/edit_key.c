// edit_key: reading from a terminal in the editor's mode without waiting.

#include "ui/edit_key.h"

#include <poll.h>
#include <termios.h>
#include <unistd.h>

void edit_key_prepare(int fd)
{
    struct termios mode;
    if (tcgetattr(fd, &mode) < 0)
        return;
    mode.c_cc[VMIN] = 0;
    mode.c_cc[VTIME] = 0;
    tcsetattr(fd, TCSANOW, &mode);
}

int edit_key_read(int fd, char *octet)
{
    struct pollfd terminal = {fd, POLLIN, 0};
    ssize_t got = read(fd, octet, 1);
    if (got != 0)
        return got < 0 ? -1 : 1;
    // That is how the end of input looks, too.
    return poll(&terminal, 1, 0) > 0 && terminal.revents & (POLLHUP | POLLERR) ? -1 : 0;
}
