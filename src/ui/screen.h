// screen: what the prompt writes on its terminal beside the line that is edited: messages and
// notes, with their colours and marks.
//
// Colours are among the 16 named ones, since a person has chosen those to be read, and never say
// what the words do not say as well. Called by the prompt's thread alone.

#ifndef SOCKSH_UI_SCREEN_H
#define SOCKSH_UI_SCREEN_H

#include <stdbool.h>
#include <stdio.h>

#include "actor/session.h"
#include "base/buffer.h"
#include "base/str.h"
#include "ui/messages.h"

// Whether anything is coloured at first; `set colors` changes it.
enum color { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

// Once. Sets the session's show_colors: with COLOR_AUTO as NO_COLOR (no-color.org) and TERM=dumb
// say. `out` must outlive the screen.
void screen_start(FILE *out, struct session *session, enum color color);

// Appends a text in a look of the terminal's, given as the numbers of SGR (ECMA-48 §8.3.117) such
// as "1;32"; without a look where nothing is coloured, or the numbers are empty.
void screen_add_styled(const char *numbers, struct str text, struct buffer *to);

// Appends a text with looks (base/look.h), fit for the terminal, as the terminal shows them.
void screen_add_looks(struct str text, struct buffer *to);

// Whether looks are written at all.
bool screen_is_styled(void);

// Columns of a line that screen_add_styled() has written, its looks not counted.
size_t screen_width_of(struct str line);

// The numbers of the actor's colour: the same wherever its name stands, chosen by the order in
// which actors appear.
const char *screen_actor_style(struct str actor);

// The numbers of what is less important: dim, or none on a projector.
const char *screen_faint_style(void);

// Writes a note of the prompt's own, as printf would; screen_print_faint() a less important one.
__attribute__((format(printf, 1, 2))) void screen_print(const char *format, ...);
__attribute__((format(printf, 1, 2))) void screen_print_faint(const char *format, ...);

// Writes what is run in place of a line that was left empty, where that stands: "server> …".
void screen_replace_line(const char *actor, struct str text);

// Writes what is wrong with an input: whole lines.
void screen_report(struct str text);

// Writes what an actor says, each line set off by its name unless it is `foreground`. A
// MESSAGE_DONE and a MESSAGE_MET say nothing.
void screen_show(const struct message *message, const char *foreground);

#endif
