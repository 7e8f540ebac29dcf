// proc: reading and writing settings of the kernel, with the table of handles locked.

#include "net/proc.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "net/handle.h"

int proc_read(const char *path, char *text, size_t room)
{
    handles_lock();
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t size = fd < 0 ? -1 : read(fd, text, room - 1);
    int error = size < 0 ? errno : 0;
    if (fd >= 0)
        close(fd);
    handles_unlock();
    text[size < 0 ? 0 : size] = '\0';
    return error;
}

int proc_write(const char *path, const char *text)
{
    handles_lock();
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    int error = fd < 0 || write(fd, text, strlen(text)) < 0 ? errno : 0;
    if (fd >= 0)
        close(fd);
    handles_unlock();
    return error;
}
