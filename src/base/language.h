// language: which language people are spoken to in, and where its texts are.

#ifndef SOCKSH_BASE_LANGUAGE_H
#define SOCKSH_BASE_LANGUAGE_H

#include <stdbool.h>

// Chooses the language by `wanted` ("zh", "zh_CN", "zh_CN.UTF-8", "en"), or by the environment when
// that is NULL: LANGUAGE, LC_ALL, LC_MESSAGES, LANG, as gettext(3) does, but also where the system
// has no such locale. Texts come in UTF-8. False when there is no language called that. Before any
// thread, since it changes the environment.
bool language_start(const char *wanted);

// The language at hand: "en" or "zh".
const char *language_current(void);

// From now on characters (LC_CTYPE) are those of the environment: of UTF-8 where the system has no
// such locale, and where the language is Chinese, whose texts are UTF-8. Before any thread, since
// it changes the environment.
void language_start_characters(void);

#endif
