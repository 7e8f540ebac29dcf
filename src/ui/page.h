// page: a text in Markdown, laid out for the terminal.

#ifndef SOCKSH_UI_PAGE_H
#define SOCKSH_UI_PAGE_H

#include "base/buffer.h"

// Appends the text as whole lines for a screen of `columns`, of which it uses at most 100: one
// blank at the left, the last one free. CommonMark with tables; what looks like HTML is shown as
// text. Nothing in it can do more to a terminal than be seen (ui/output.h), and however it is made,
// the time it takes and what is appended stay within a multiple of its size. Needs screen_start().
void page_show(struct str markdown, size_t columns, struct buffer *to);

#endif
