// message: marks the texts that a person reads, so that they can be translated.

#ifndef SOCKSH_BASE_MESSAGE_H
#define SOCKSH_BASE_MESSAGE_H

#include <libintl.h>

// The text in the person's language. Names of calls, constants and errnos are never translated.
#define _(text) gettext(text)

// Marks a text in a table; it goes through _() where it is shown.
#define N_(text) text

#endif
