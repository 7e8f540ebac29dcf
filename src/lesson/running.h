// running: the lessons that run now, so that a second terminal of the same user finds them.
//
// A process that runs one keeps a file of its number in a folder that is the user's alone,
// $XDG_RUNTIME_DIR/socksh or $TMPDIR/socksh-UID: who it is, then the presenter's notes of the step.
// It is replaced as a whole. Files of processes that are gone are removed by whoever sees them.

#ifndef SOCKSH_LESSON_RUNNING_H
#define SOCKSH_LESSON_RUNNING_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/buffer.h"
#include "base/str.h"

enum { RUNNING_NAME = 64 }; // octets of a lesson's name, with the NUL

// A process that runs a lesson.
struct running {
    pid_t process;
    char lesson[RUNNING_NAME];  // "hello"; "sandbox" of a prompt or script in a network of its own
    unsigned step, total;       // 0 of 0 before the first step
    bool own_network;           // else the computer's
    unsigned long long started; // of the process, in ticks since the computer began: proc(5)
};

// --- of this process: from one thread at a time --------------------------------------------------

// Enters it, or enters it under another name. After network_own(), if that is called. False when
// nobody will find it: there is no folder, or the one there is somebody else's.
bool running_begin(const char *lesson);

// Tells the step at hand and its notes, which may be empty. Nothing before running_begin().
void running_step(unsigned step, unsigned total, struct str notes);

// Takes it out again.
void running_end(void);

// --- a door of this process, for who watches (lesson/view.h) -------------------------------------

// Makes a socket of AF_UNIX in the folder that others of the same user can connect to, and listens.
// Returns its descriptor, hidden, which running_shut() closes; -1 where there is no folder. Takes
// handles_lock().
int running_listen(void);

void running_shut(int fd);

// --- of others -----------------------------------------------------------------------------------

// The one that was started last, and in place of what `notes` holds those of its step. False when
// none runs.
bool running_find(struct running *newest, struct buffer *notes);

// A pidfd of its process; -1 with errno, ESRCH when it is gone. pidfd_open(2).
int running_open(const struct running *running);

// Connects to the door that was made last, and says whose it is. The descriptor, or -1 when no
// process has one.
int running_connect(pid_t *process);

// A descriptor of inotify(7), without waiting, that tells when any of them begins, goes on or ends.
// -1 with errno.
int running_watch(void);

#endif
