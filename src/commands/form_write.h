// form_write: what the ways of writing a call share; for the form*.c files alone.

#ifndef SOCKSH_COMMANDS_FORM_WRITE_H
#define SOCKSH_COMMANDS_FORM_WRITE_H

#include "commands/form.h"

// One piece of a template: text, or a place with what stands between its braces.
struct piece {
    bool is_place;        // else a text, and nothing but `text` counts
    struct str text;      // of a text, or behind the semicolon of {;…}
    bool comma;           // {,name}
    struct str name;      // of a parameter, or one of = # 0 1
    struct str member;    // behind the dot
    struct str otherwise; // behind the bar; empty without one
    bool chooses;         // {name?yes:no}
    struct str yes, no;   // then: what stands on either side of the colon
};

// Takes the next piece off `rest`. False at the end.
bool form_next(struct str *rest, struct piece *piece);

// What is being written.
struct writing {
    const struct command *command; // whose template it is
    const struct call *call;       // NULL: names stand for values
    bool good;                     // the call succeeded: its results are there
    struct buffer *to;             // what is appended to
};

// Writes the value of a place. Commas, defaults and choices are seen to by form_expand().
typedef void (*place_writer)(const struct writing *writing, const struct piece *piece,
                             const struct param *param, struct value value);

// Appends the template with its places filled in; `solid` also takes the text of {;…}.
void form_expand(const struct writing *writing, struct str template, bool solid,
                 place_writer write_place);

// The call alone of a C template, without the mark before it and the result behind it.
struct str form_call_of(const char *template);

// The result that the call itself gives, apart from what {=} shows; NONE_SUCH when there is none.
#define NONE_SUCH SIZE_MAX
size_t form_main_result(const struct command *command);

// The result that is an address, or NONE_SUCH.
size_t form_address_result(const struct command *command);

// The socket option that the call is about, or NULL.
const struct option *form_option(const struct call *call);

// The index of the parameter of that name, or NONE_SUCH.
size_t form_param(const struct command *command, struct str name);

// Appends " = RESULT" as the trace shows it.
void form_show_result(const struct writing *writing);

// Appends an int as its parameter's family names it.
void form_show_int(const struct param *param, struct value value, struct buffer *to);

// Appends octets as a string of C or Python, without the quotes: readable ASCII, and `escape` for
// all else (a printf format for one unsigned octet, "\\%03o" or "\\x%02x").
void form_show_octets(struct str data, char quote, const char *escape, struct buffer *to);

// An element of the list that `poll` takes: its handle, and the events asked for.
void form_poll_item(struct value item, int *fd, int64_t *events);

// Names for results where there are no values: fd, n, data, address.
const char *form_result_name(const struct command *command, size_t i);

// The call as statements of C, each on a line, without a newline at the end.
void form_show_c(const struct call *call, bool good, struct buffer *to);

// The places of C and Python; with names where writing->call is NULL.
void form_place_c(const struct writing *writing, const struct piece *piece,
                  const struct param *param, struct value value);
void form_place_python(const struct writing *writing, const struct piece *piece,
                       const struct param *param, struct value value);

// The value of a socket option: as the trace shows it, with its size; as a declaration of C named
// `value`, and one without a value to be filled in; as an expression of Python.
void form_option_show(const struct option *option, struct value value, struct buffer *to);
void form_option_declare(const struct option *option, struct value value, struct buffer *to);
void form_option_declare_empty(const struct option *option, struct buffer *to);
void form_option_python(const struct option *option, struct value value, struct buffer *to);
void form_option_python_room(const struct option *option, struct buffer *to);

#endif
