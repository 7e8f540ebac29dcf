// file: opening files for commands.

#ifndef SOCKSH_COMMANDS_FILE_H
#define SOCKSH_COMMANDS_FILE_H

#include "lang/command.h"

// Opens a file for writing where a lesson may, with `flags` besides, and creates it when there is
// none: a hidden descriptor, or -1 with errno. EINVAL for all but a regular one, which alone takes
// octets without waiting and can be cut off. Takes handles_lock().
int file_open_regular(const char *path, int flags);

// Fails the call with that errno, or with the reason why a lesson may not.
bool file_failed(struct call *call, int error);

#endif
