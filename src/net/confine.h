// confine: a lesson's statements stay in a folder of their own, off other computers, and within
// limits.
//
// Lessons come from anybody, and a learner tries things out. Whatever opens a file, or gives an
// address to the kernel, for a statement asks here; without confine_to() all of it is as ever.

#ifndef SOCKSH_NET_CONFINE_H
#define SOCKSH_NET_CONFINE_H

#include <stdbool.h>
#include <sys/socket.h>
#include <sys/types.h>

// Makes the folder the working folder, and from now on what confine_open() and confine_unlink()
// take is a relative name beneath it. For good, and before a second thread. False with errno.
bool confine_to(const char *folder);

// Lets addresses of other computers through all the same, for who wants the real thing: a lesson
// that is played online. For good, and before a second thread.
void confine_allow_peers(void);

// Whether confine_to() was called. From any thread.
bool confine_is_on(void);

// As open(2) and unlink(2): the descriptor or 0, else -1 with errno. Confined, no way leads out of
// the folder, be it by an absolute name, "..", or a link; and what is opened is a regular file or a
// folder. A file that would be one too many is EDQUOT. Call under handles_lock(), since a
// descriptor is taken. openat2(2).
int confine_open(const char *path, int flags, mode_t mode);
int confine_unlink(const char *path);

// The reason in words when `error` is a refusal of these two; NULL when it is the kernel's own.
const char *confine_refusal(int error);

// Whether the kernel may be given the address; else the reason in words, NULL for "it may".
// Confined, a path of an AF_UNIX socket is a name without a slash, and bind(2) makes no file of one
// that would be one too many. Confined in a network that is not the process's own, what is sent to
// or connected to (`peer`) is on the loopback. Takes handles_lock(). unix(7), ip(7).
const char *confine_address(const struct sockaddr_storage *address, socklen_t size, bool peer);

// Whether a socket of that family and type is not for a lesson: in a network that is not the
// process's own it would see what others send. packet(7), raw(7)
bool confine_forbids(int family, int type);

// Lowers what the process may use: a file of 16 MiB, 1024 descriptors, 1 GiB of memory (not under a
// sanitizer, which takes terabytes), no core. For good, and before handles_start(), which goes up
// to the limit. False with errno. setrlimit(2).
bool confine_limits(void);

#endif
