// edit_key: octets from the terminal, for both line editors.
//
// poll() may tell of a key that is gone when it is to be read: Ctrl-C and Ctrl-Z make the terminal
// forget what was typed before them. A read that waited then would leave the signal unheard until
// the next key.

#ifndef SOCKSH_UI_EDIT_KEY_H
#define SOCKSH_UI_EDIT_KEY_H

// Changes the editor's mode of the terminal: nothing to read is an answer from now on (VMIN 0,
// termios(3)). The editor's own change back ends that.
void edit_key_prepare(int fd);

// Reads one octet: 1 when there was one, 0 when there is none, -1 when the terminal is gone.
int edit_key_read(int fd, char *octet);

#endif
