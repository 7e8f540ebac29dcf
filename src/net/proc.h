// proc: small files of /proc, each of which takes or gives its text in one call. proc(5)

#ifndef SOCKSH_NET_PROC_H
#define SOCKSH_NET_PROC_H

#include <stddef.h>

// Reads the beginning of the file, at most `room` - 1 octets, and puts a NUL behind them; nothing
// when it fails. What is below /proc/sys/net is of the calling thread's network. Returns 0 or an
// errno. Takes handles_lock(): the descriptor is there for a moment that nobody else sees.
int proc_read(const char *path, char *text, size_t room);

// Writes the text. Returns 0 or an errno: EACCES or EPERM where that is not allowed, EROFS where
// /proc/sys is only to be read, EINVAL for a value that the kernel does not take. Takes
// handles_lock().
int proc_write(const char *path, const char *text);

#endif
