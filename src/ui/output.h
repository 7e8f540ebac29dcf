// output: where a script's text goes: standard output and standard error, or the screen of a
// prompt.

#ifndef SOCKSH_UI_OUTPUT_H
#define SOCKSH_UI_OUTPUT_H

#include <pthread.h>

#include "actor/session.h"

// A sink that writes to descriptors. One lock keeps each text together; it is held while writing,
// and a writer that has to wait can be ended.
struct output {
    struct sink sink;        // first: write() is given this, and finds the rest behind it
    struct session *session; // told to quit when nobody reads any more
    pthread_mutex_t lock;    // held for one text
    // Copies of our own: after a script's `close 1` the next socket is number 1, and would be
    // printed to. Hidden from scripts, and open until the program ends.
    int out, err;
    bool out_is_terminal; // then control characters are shown, not sent
    bool out_may_block;   // a pipe or terminal, not a file
};

// Opens the copies. `session` is told to quit with status 141 when standard output is a closed
// pipe: what a shell reports of a program that SIGPIPE ended. There is nothing to finish. Other
// failures (a full disk) are noted in session->output_error, for the writer to tell.
void output_init(struct output *output, struct session *session);

// Appends `text` as a terminal may get it: \n and \t pass, \r\n is a newline, other control
// characters and what is no UTF-8 are escaped.
void output_escape(struct str text, struct buffer *to);

// Whether the screen gets ASCII in place of signs whose width terminals do not agree on. False
// until it is set; the prompt sets it before any actor writes.
void output_use_ascii(bool ascii);

// Appends a text of the program's own as the screen can show it: with output_use_ascii(), │ is |,
// – is -, … is three dots. output_escape() does so as well.
void output_fit(struct str text, struct buffer *to);

// Writes all of `text` to `fd`; false when it cannot be written (errno).
bool output_write_all(int fd, struct str text);

#endif
