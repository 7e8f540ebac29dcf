// handle: the table of descriptors that scripts may use, one row for each socket.
//
// A row is made when the kernel gives a descriptor and lives as long as a value, the table or the
// list of closed ones refers to it; its number is given out again by the kernel once it is
// closed. A value that outlived its close refers to a dead row, so it can never reach the
// newcomer of the same number.
//
// Locking. `handles_lock()` is held while a descriptor is created and entered, so that numbers come
// as in a program with one thread, and while the table itself is read or changed. It is never held
// over a call that can sleep. The fields of a row are set before it is entered in the table and
// then belong to whoever is inside it, with these exceptions: atomics, and `facts` and the records,
// which row->lock guards. handle_enter() and handle_leave() bracket each use of the descriptor;
// close marks the row dead, wakes who waits inside, and lets close(2) happen only when nobody is
// inside. Order: handles_lock before row->lock before the locks of net/wait.h.

#ifndef SOCKSH_NET_HANDLE_H
#define SOCKSH_NET_HANDLE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/str.h"
#include "net/address.h"
#include "net/wait.h"

struct lan_host;

enum {
    HANDLE_DEAD = 1 << 30,     // added to handle.inside: more than calls can ever be in flight
    HANDLE_RECORD = 64 * 1024, // octets that `sent` and `received` show
    HANDLE_CLOSED_KEPT = 32,   // closed rows that `handles` still lists
};

// The last octets that passed one way: at least HANDLE_RECORD of them, once so many have passed.
struct record {
    struct buffer bytes; // at most twice that, so that they are moved rarely
};

struct handle {
    int fd;                          // the descriptor's number; after close only a name
    uint64_t serial;                 // of sockets: from 1 on, and never given out again
    atomic_int references;           // values, the table, the list of closed rows
    atomic_int inside;               // calls in flight; HANDLE_DEAD is added when it is closed
    _Atomic(struct waiter *) closer; // who waits for the last one inside to leave
    bool is_socket;                  // false of standard input, output and error
    int family, type, protocol;      // as socket(2) was told
    atomic_bool blocking;       // as the script set it; the descriptor is O_NONBLOCK (not AF_UNIX)
    atomic_bool listening;      // listen succeeded
    atomic_bool low_water;      // SO_RCVLOWAT was set, here or on the listener it came from
    atomic_bool lingers;        // SO_LINGER is above 0: close may wait
    _Atomic(const void *) told; // who was told last that another opened it; only compared
    pthread_mutex_t lock;       // guards what follows
    struct record sent, received; // empty unless handles_records_kept()
    struct buffer options;        // "SO_REUSEADDR 1, …" as set by the script, for `handles`
    struct address *local, *peer; // last known, also after close; NULL while unknown; owned
    const struct lan_host *host;  // where it was made (net/lan.h); NULL in the run's own network
    char opener[32];              // name of the actor that opened it
    unsigned line;                // where, in that actor's source; 0 when typed
};

// Raises the descriptor limit to the hard limit, closes what was inherited from 3 up, opens closed
// 0 to 2 on /dev/null and gives these three their rows. Once, before any thread.
void handles_start(void);

// Closes everything and frees the table. No other thread may be inside.
void handles_finish(void);

// The table's lock, for who makes a descriptor: see the head of this file for the order of locks.
void handles_lock(void);
void handles_unlock(void);

// --- one row -------------------------------------------------------------------------------------

// Whether send and receive keep copies of what passed (for `sent` and `received`). Off
// until somebody may ask.
void handles_keep_records(bool keep);
bool handles_records_kept(void);

// Enters a new descriptor. Call under handles_lock(), in the same hold as the system call that made
// it. The row has one reference for the table and one for the caller. `from` is the row it was
// accepted from, or NULL.
struct handle *handle_add(int fd, int family, int type, int protocol, const struct handle *from);

// The row that has this number now, with a reference for the caller; NULL when there is none.
struct handle *handle_by_number(int64_t number);

// A reference more or less; the row is freed with the last. Neither takes a lock.
void handle_retain(struct handle *handle);
void handle_release(struct handle *handle);

// Begins a use of the descriptor. False when the row is dead: answer EBADF, make no call.
// Constant time, no lock.
bool handle_enter(struct handle *handle);

// Ends a use; to be called once for each handle_enter() that gave true. Whoever leaves a dead row
// last wakes its closer. Takes handles_lock() when the row is dead, else none.
void handle_leave(struct handle *handle);

// Whether somebody has closed it, or is about to. Takes no lock.
bool handle_is_dead(const struct handle *handle);

// Closes: marks dead, wakes who waits inside, waits until they have left, then close(2). Returns 0
// or an errno: EBADF when it was dead already, else what close(2) said. Sets `*ended` to whether
// another actor's call was ended by it. close(2).
int handle_close(struct handle *handle, struct waiter *waiter, bool *ended);

// Moves one of socksh's own descriptors out of the way of scripts and returns its new number, or -1
// with errno. Call under handles_lock(), in the same hold as the system call that made it.
int handle_hide(int fd);

// Makes a socket of socksh's own, hidden in the same way, in the calling thread's network. -1 with
// errno. Takes handles_lock(). socket(2)
int handle_hidden_socket(int family, int type, int protocol);

// Adds what has passed to one of the row's records. Takes row->lock.
void handle_record(struct handle *handle, struct record *record, struct str data);

// Calls `visit` for each open row in the order of numbers, then for the closed ones kept, oldest
// first. The table is locked meanwhile.
void handles_each(void (*visit)(struct handle *handle, void *context), void *context);

#endif
