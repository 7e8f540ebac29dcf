// folder: finding and making it.

#include "base/folder.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

bool folder_find(const char *variable, const char *fallback, struct buffer *path)
{
    const char *folder = getenv(variable), *home = getenv("HOME");
    if (folder != NULL && folder[0] == '/')
        buffer_print(path, "%s/socksh", folder);
    else if (home != NULL && home[0] == '/')
        buffer_print(path, "%s/%s/socksh", home, fallback);
    else
        return false;
    return true;
}

void folder_make(struct buffer *path)
{
    for (char *slash = strchr(buffer_text(path) + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(path->data, 0700);
        *slash = '/';
    }
    mkdir(buffer_text(path), 0700);
}
