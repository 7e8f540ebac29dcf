// help_page: how a screen of help is laid out: examples, paragraphs, and facts in two columns.

#ifndef SOCKSH_COMMANDS_HELP_PAGE_H
#define SOCKSH_COMMANDS_HELP_PAGE_H

#include "base/buffer.h"
#include "base/str.h"

// One line, or more, in two columns.
struct fact {
    char *label;        // what stands on the left; owned
    struct buffer text; // what stands beside it, in one line that is broken when it is shown
};

// Zero-initialised is empty and ready; facts_show() frees it.
struct facts {
    struct fact *items; // in the order in which they are shown
    size_t count, capacity;
};

// Adds a fact. Its text is to be written by the caller before the next one is added.
struct buffer *facts_add(struct facts *facts, struct str label);

// Adds a fact whose text is known whole.
void facts_add_text(struct facts *facts, const char *label, const char *text);

// Takes the last fact back.
void facts_drop(struct facts *facts);

// How many lines they will take.
size_t facts_lines(const struct facts *facts);

// Appends the facts, the texts in line behind the widest label, and frees them.
void facts_show(struct facts *facts, struct buffer *to);

// Appends one paragraph, broken at blanks into lines that fit, all but the first behind `indent`
// blanks. It ends in a newline.
void page_add_text(struct str text, size_t indent, struct buffer *to);

// Appends a text of several lines as paragraphs that fit the line: lines that follow each other
// without an empty one are one paragraph. Ends with a newline.
void page_add_paragraphs(struct str text, struct buffer *to);

// Appends paragraphs, which newlines part. A paragraph with a tab is a fact: label, tab, text;
// neighbouring ones share their columns.
void page_add_texts(struct str texts, struct buffer *to);

// Appends the lines of an example, indented, and an empty line.
void page_add_example(struct str example, struct buffer *to);

// Appends a word to a list with blanks between.
void page_add_word(struct buffer *list, const char *word);

// How many lines there are: how much of a screen is taken.
size_t page_lines(const struct buffer *page);

// How wide the lines of this thread's pages may be, in columns of a terminal; from 40 to
// HELP_COLUMNS (help.h), which it is at first.
void page_set_columns(size_t columns);

// Sets that to the terminal's columns.
void page_fit_terminal(void);

// How wide the terminal on standard output is; `unknown` where it is none. ioctl_tty(2).
size_t page_terminal_columns(size_t unknown);

#endif
