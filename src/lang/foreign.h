// foreign: lines of Python, C and a system's shell, and what stands for them here.

#ifndef SOCKSH_LANG_FOREIGN_H
#define SOCKSH_LANG_FOREIGN_H

#include "lang/program.h"

// Appends the line that a statement of Python or C stands for: `s.bind(('', 80))` is `bind s *:80`.
// False, with nothing appended, when it is none that this knows.
bool foreign_translate(struct str line, struct buffer *to);

// The same of a line that only gives an address as other languages do, at its end:
// `bind s ("127.0.0.1", 9999)`, `connect s "127.0.0.1", 9999`.
bool foreign_mend_pair(struct str line, struct buffer *to);

// The line with ASCII in the place of full-width signs outside strings, appended to `to`. False,
// with nothing appended, when there are none.
bool foreign_mend_signs(struct str line, struct buffer *to);

// What a person may have meant by an input of one line whose mistake is such a sign: for the line
// editor. False, with nothing appended, when that is not the mistake.
bool foreign_mend_input(struct str text, const struct diag *diag, struct buffer *to);

// Gives a diag of a text that does not read well a better hint, where its line is one of another
// language, or has full-width signs, or where the diag has a line to offer. No line is told of that
// would be a mistake again. Call under world->lock.
void foreign_explain(struct world *world, struct str actor, const struct source *source,
                     struct diag *diag);

#endif
