// form: a command's call as text: as the trace shows it, as C that compiles, as Python.
//
// A row's `.c` and `.python` are templates. Text stands for itself, and a place in braces for a
// value:
//
//   {socket}         the argument of that parameter
//   {flags|0}        the same, or what stands behind the bar when it was left out
//   {,flags}         ", ARGUMENT" when it was given, else nothing
//   {block?0:1}      one of the two texts, as the argument is true or not
//   {option.level}   level of a socket option: SOL_SOCKET
//   {host.text}      bytes, or an int, as a string without its size
//   {timeout.ms}     a duration as an int in milliseconds
//   {handles.poll}   the list that `poll` takes, as an array and its size
//   {=}              what is written for the caller: the result that is an address, else the value
//                    of a socket option, two handles, a time, or octets
//   {0} {1}          the first or second result; in Python a name for it
//   {#}              how many octets or elements the result has that is not shown by {=}
//   {;, &list}       the text behind the semicolon, in C that compiles and in help only
//   {{               a brace
//
// In the trace a call is followed by " = " and the result that is not shown by {=}: "0" when there
// is none, the number of an int or a handle, size and beginning of bytes, the size of a list. A
// template that ends in ") = TEXT" says it otherwise. One that begins with "*" is not shown when
// the command is done: such a command makes several calls and reports each of them through the
// functions below. Rows without a template show nothing.
//
// What was not called is not shown: a call that failed on a handle that was closed already, or
// because its address could not be looked up. A command that looked one up puts the address that it
// found in place of the argument; else the name is shown.

#ifndef SOCKSH_COMMANDS_FORM_H
#define SOCKSH_COMMANDS_FORM_H

#include "actor/session.h"
#include "lang/command.h"

enum { FORM_BYTES_SHOWN = 32 }; // octets of data in one line of the trace

// Appends the line or lines, joined by newlines, without one at the end; nothing when there is
// nothing to show. `good` is what call->command->run() gave. The session's show_call.
void form_show_call(const struct call *call, bool good, enum trace trace, struct buffer *to);

// For commands that make several calls: writes one of them to the trace, in whatever form is asked
// for; nothing when the trace is off. `part` is a copy of the command's own call, or of one of
// another row, with the arguments, results and error of this one call.
void form_report_call(const struct call *part, bool good);

// The same for a call without a row, shown by `trace call` only: the text, " = ", and the result;
// -1 is followed by the name of `error`, an errno, and a negative `error`, a code of
// getaddrinfo(3), takes the place of the result.
__attribute__((format(printf, 4, 5))) void form_report(const struct call *call, int result,
                                                       int error, const char *format, ...);

// The same for a line that is complete: "getaddrinfo(…) = 127.0.0.1".
__attribute__((format(printf, 2, 3))) void form_report_line(const struct call *call,
                                                            const char *format, ...);

// Appends the call with names in place of values, for help: TRACE_C or TRACE_PYTHON. Nothing when
// the row has no template.
void form_show_names(const struct command *command, enum trace trace, struct buffer *to);

// Whether the row's templates can be expanded: braces are closed, and names are those of its
// parameters. False with the reason appended.
bool form_check(const struct command *command, struct buffer *why);

#endif
