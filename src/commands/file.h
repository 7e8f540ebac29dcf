// file: opening files for commands.

#ifndef SOCKSH_COMMANDS_FILE_H
#define SOCKSH_COMMANDS_FILE_H

#include <sys/types.h>

#include "lang/command.h"

// Opens a file where a lesson may, with O_CLOEXEC, O_NONBLOCK and O_NOCTTY besides `flags`: a
// hidden descriptor, or -1 with errno. Takes handles_lock().
int file_open_hidden(const char *path, int flags, mode_t mode);

// The same for a file that a command writes on its own: created when there is none, and EINVAL for
// all but a regular one, which alone takes octets without waiting and can be cut off.
int file_open_regular(const char *path, int flags);

// Fails the call with that errno, or with the reason why a lesson may not.
bool file_failed(struct call *call, int error);

#endif
