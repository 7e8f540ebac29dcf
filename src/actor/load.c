// load: reading a file whole.

#include "actor/load.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "net/confine.h"
#include "net/handle.h"

enum { TEXT_MOST = 64 << 20 }; // octets of a script: /dev/zero never ends

// Adds all there is to `text`. False with errno, EFBIG for more than TEXT_MOST; what came before
// the error stays added.
static bool read_all(int fd, struct buffer *text)
{
    char chunk[16 * 1024];
    ssize_t size;
    while ((size = read(fd, chunk, sizeof chunk)) > 0 || (size < 0 && errno == EINTR)) {
        if (size > 0)
            buffer_add(text, (struct str){chunk, (size_t)size});
        if (text->size > TEXT_MOST) {
            errno = EFBIG;
            return false;
        }
    }
    return size == 0;
}

static bool load(struct str file, bool confined, struct buffer *text, char *why, size_t why_size)
{
    char path[4096];
    bool standard_input = str_is(file, "-") && !confine_is_on();
    snprintf(path, sizeof path, "%.*s", STR_ARG(file));
    // Until it is closed again: a socket that another actor opens meanwhile must not be
    // numbered one higher for it.
    handles_lock();
    int fd = standard_input ? STDIN_FILENO
             : confined     ? confine_open(path, O_RDONLY | O_CLOEXEC, 0)
                            : open(path, O_RDONLY | O_CLOEXEC);
    bool good = fd >= 0 && read_all(fd, text);
    int error = errno;
    if (fd >= 0 && !standard_input)
        close(fd);
    handles_unlock();
    const char *refusal = confine_refusal(error);
    if (!good)
        snprintf(why, why_size, "%s", refusal ? refusal : strerror(error));
    return good;
}

bool load_file(struct str file, struct buffer *text, char *why, size_t why_size)
{
    return load(file, true, text, why, why_size);
}

bool load_own(struct str file, struct buffer *text, char *why, size_t why_size)
{
    return load(file, false, text, why, why_size);
}
