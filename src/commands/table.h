// table: makes the commands known to the language.

#ifndef SOCKSH_COMMANDS_TABLE_H
#define SOCKSH_COMMANDS_TABLE_H

// Once at start, before anything is parsed.
void commands_install(void);

#endif
