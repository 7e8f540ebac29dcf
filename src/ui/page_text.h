// page_text: text of a page with its looks, and where its lines end.

#ifndef SOCKSH_UI_PAGE_TEXT_H
#define SOCKSH_UI_PAGE_TEXT_H

#include <stdbool.h>

#include "base/buffer.h"

// How a part of a text looks; several at once are or-ed.
enum page_look {
    PAGE_STRONG = 1,
    PAGE_EMPHASIS = 2,
    PAGE_CODE = 4,
    PAGE_FAINT = 8,
};

// Zero-initialised is empty and ready.
struct page_text {
    struct buffer text;    // fit for the terminal; a newline is a line's end that was asked for
    struct page_run *runs; // the looks of all of `text`, in order
    size_t count, capacity;
    bool line_ended; // a line of the source has ended here, which need not be one on the screen
};

// Appends what a file holds, made fit for the terminal (output_escape()); tabs and newlines become
// blanks.
void page_text_add(struct page_text *text, struct str raw, unsigned looks);

// A line ends here whatever room there is; or it ended in the source only: that is a blank, or
// nothing within Chinese.
void page_text_end_line(struct page_text *text);
void page_text_end_source_line(struct page_text *text);

// Columns of the longest line, and of the longest word, where nothing is wrapped.
struct page_widths {
    size_t line, word;
};
struct page_widths page_text_widths(const struct page_text *text);

// Where the next line begins. Zero-initialised is the beginning.
struct page_place {
    size_t octet;
    size_t line_end; // the end that was asked for, when beyond `octet`
    size_t run;      // the first that may reach beyond `octet`
};

// Appends the next line of at most `columns` (above 1), with its looks and without an end, and sets
// its `*width`. False, and nothing is done, behind the last.
bool page_text_take_line(const struct page_text *text, struct page_place *place, size_t columns,
                         size_t *width, struct buffer *to);

// Frees what it holds; it is empty and ready again.
void page_text_finish(struct page_text *text);

#endif
