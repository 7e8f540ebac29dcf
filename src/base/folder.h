// folder: where files of a person's own are kept.

#ifndef SOCKSH_BASE_FOLDER_H
#define SOCKSH_BASE_FOLDER_H

#include <stdbool.h>

#include "base/buffer.h"

// Appends the folder for files of one kind, "$VARIABLE/socksh", or "$HOME/DEFAULT/socksh" where the
// variable is not set (XDG Base Directory Specification). False when neither gives an absolute
// path.
bool folder_find(const char *variable, const char *fallback, struct buffer *path);

// Makes the folder that the path names, and those above it, for its owner alone: as mkdir -p. What
// is there already stays as it is; what cannot be made is noticed by who opens a file there.
void folder_make(struct buffer *path);

#endif
