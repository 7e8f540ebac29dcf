// message: marks the texts that a person reads, so that they can be translated.

#ifndef SOCKSH_BASE_MESSAGE_H
#define SOCKSH_BASE_MESSAGE_H

#include <libintl.h>

// The text in the person's language. Names of calls, constants and errnos are never translated. Of
// an empty text gettext(3) would give the head of the catalogue.
__attribute__((format_arg(1))) static inline const char *message_text(const char *text)
{
    return text[0] != '\0' ? gettext(text) : text;
}

#define _(text) message_text(text)

// Marks a text in a table; it goes through _() where it is shown.
#define N_(text) text

#endif
