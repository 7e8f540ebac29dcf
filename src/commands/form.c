// form: templates taken apart and filled in, and calls as the trace shows them.
//
// A template is cut into pieces (form_next), and each piece is either copied or handed to a writer
// for its value (form_expand). There is one writer for each way of writing: place_call() here,
// form_place_c() and form_place_python() in files of their own. What a piece means is settled
// before a writer sees it, so that the three agree on what was left out and what was chosen.
//
// Nothing here is fast, and nothing needs to be: without a trace none of it runs.

#include "commands/form.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "actor/actor.h"
#include "commands/form_write.h"

// --- templates -----------------------------------------------------------------------------------

// Cuts `s` at the first `mark`: what is before stays in `s`. False when there is none.
static bool cut_at(struct str *s, struct str mark, struct str *behind)
{
    size_t at = str_find(*s, mark, 0);
    if (at == SIZE_MAX)
        return false;
    *behind = str_slice(*s, at + mark.size, s->size);
    *s = str_slice(*s, 0, at);
    return true;
}

// What stands between braces. The order matters: a default may hold dots, a text anything.
// {flags|0} is the name `flags` and the default 0; {block?0:1} the name `block` and two texts.
static void read_place(struct str inside, struct piece *piece)
{
    piece->is_place = true;
    if (str_starts(inside, STR(";"))) {
        piece->text = str_slice(inside, 1, inside.size);
        return;
    }
    piece->comma = str_starts(inside, STR(","));
    piece->name = str_slice(inside, piece->comma ? 1 : 0, inside.size);
    cut_at(&piece->name, STR("|"), &piece->otherwise);
    piece->chooses = cut_at(&piece->name, STR("?"), &piece->yes);
    if (piece->chooses)
        cut_at(&piece->yes, STR(":"), &piece->no);
    cut_at(&piece->name, STR("."), &piece->member);
}

// A place without its closing brace is taken as text, so that a slip in a row shows in the trace
// and is named by form_check(), instead of swallowing the rest.
bool form_next(struct str *rest, struct piece *piece)
{
    *piece = (struct piece){0};
    if (rest->size == 0)
        return false;
    // As in printf's %%: the mark itself, written twice.
    if (str_starts(*rest, STR("{{"))) {
        piece->text = STR("{");
        *rest = str_slice(*rest, 2, rest->size);
        return true;
    }
    size_t open = str_find(*rest, STR("{"), 0);
    // A text goes up to the next brace, a place from one brace to the other.
    size_t end = open == 0 ? str_find(*rest, STR("}"), 0) : SIZE_MAX;
    if (end != SIZE_MAX) {
        read_place(str_slice(*rest, 1, end), piece);
        *rest = str_slice(*rest, end + 1, rest->size);
        return true;
    }
    size_t size = open == 0 || open == SIZE_MAX ? rest->size : open;
    piece->text = str_slice(*rest, 0, size);
    *rest = str_slice(*rest, size, rest->size);
    return true;
}

// Rows have at most PARAMS_MOST parameters: looking is quicker than any index.
size_t form_param(const struct command *command, struct str name)
{
    for (size_t i = 0; i < command->params.count; i++)
        if (str_is(name, command->params.items[i].name))
            return i;
    return NONE_SUCH;
}

// Everything that is the same in C, in Python and in the trace: what was left out, the comma before
// what was given, and choices. The rest is the writer's.
static void expand_place(const struct writing *writing, const struct piece *piece,
                         place_writer write_place)
{
    size_t i = form_param(writing->command, piece->name);
    if (i == NONE_SUCH) {
        write_place(writing, piece, NULL, VALUE_UNSET);
        return;
    }
    struct value value = writing->call ? arg(writing->call, i) : VALUE_UNSET;
    // Nothing was given: what stands behind the bar takes its place, which may be nothing.
    if (writing->call && value.type == TYPE_UNSET) {
        buffer_add(writing->to, piece->otherwise);
        return;
    }
    buffer_add_text(writing->to, piece->comma ? ", " : "");
    if (piece->chooses && writing->call)
        buffer_add(writing->to, value_truth(value) ? piece->yes : piece->no);
    else
        write_place(writing, piece, &writing->command->params.items[i], value);
}

// {;…} goes only where the text is to compile or to be read as a whole; in the trace it would be
// noise.
void form_expand(const struct writing *writing, struct str template, bool solid,
                 place_writer write_place)
{
    struct piece piece;
    while (form_next(&template, &piece)) {
        if (!piece.is_place || (piece.text.size && solid))
            buffer_add(writing->to, piece.text);
        else if (piece.name.size)
            expand_place(writing, &piece, write_place);
    }
}

// Where the result begins that a template ends in, or NULL.
static const char *result_of(const char *template)
{
    // The first one is the call's own: no argument of a template holds that text.
    const char *found = strstr(template, ") = ");
    return found ? found + 1 : NULL;
}

// "*connect({socket}, {address})" and "close({handle}) = 0" are connect(…) and close(…) here.
struct str form_call_of(const char *template)
{
    const char *result = result_of(template);
    struct str whole = str_from(template);
    if (result)
        whole.size = (size_t)(result - template);
    return str_slice(whole, str_starts(whole, STR("*")) ? 1 : 0, whole.size);
}

// --- results -------------------------------------------------------------------------------------

size_t form_address_result(const struct command *command)
{
    for (size_t i = 0; i < command->results.count; i++) {
        enum type type = command->results.items[i].type;
        if ((type & TYPE_ADDRESS) && type != TYPE_ANY)
            return i;
    }
    return NONE_SUCH;
}

// With {=} in the template one result is shown there; with one result only, nothing is left then.
size_t form_main_result(const struct command *command)
{
    size_t count = command->results.count;
    if (count == 0)
        return NONE_SUCH;
    if (command->c == NULL || strstr(command->c, "{=}") == NULL)
        return 0;
    size_t address = form_address_result(command);
    if (address == NONE_SUCH || count == 1)
        return NONE_SUCH;
    return address == 0 ? 1 : 0;
}

// What a person would call it, not what the row does: these become variables in Python.
const char *form_result_name(const struct command *command, size_t i)
{
    if (i == form_address_result(command))
        return "address";
    switch (command->results.items[i].type) {
    case TYPE_HANDLE:
        return i == 0 ? "fd" : "fd2";
    case TYPE_BYTES:
        return "data";
    case TYPE_INT:
        return "n";
    default:
        return "value";
    }
}

// Octets or elements.
static size_t count_of(struct value value)
{
    if (value.type == TYPE_BYTES)
        return value_str(value).size;
    return value.type == TYPE_LIST ? value.list->count : 0;
}

// One line of the trace must stay readable, whatever was sent.
static void show_shortened(struct value value, struct buffer *to)
{
    if (value.type == TYPE_BYTES)
        bytes_show(value_str(value), FORM_BYTES_SHOWN, to);
    else
        value_show(value, to);
}

// -1 ECONNREFUSED, but EAI_NONAME: getaddrinfo(3) gives its error as its result.
static void show_failure(struct value error, struct buffer *to)
{
    const struct symbol *name = error.type == TYPE_ERROR ? error.error->name : NULL;
    if (name == NULL)
        buffer_add_text(to, "-1");
    else
        buffer_print(to, "%s%s", name->family == FAMILY_EAI ? "" : "-1 ", name->name);
}

// 7 "Michael" for bytes, 5 for a handle or an int, 0 for a call that only succeeds.
static void show_main_result(const struct writing *writing)
{
    size_t i = form_main_result(writing->command);
    struct value value = i < writing->call->result_count ? writing->call->results[i] : VALUE_UNSET;
    struct buffer *to = writing->to;
    if (value.type == TYPE_BYTES) {
        buffer_print(to, "%zu ", count_of(value));
        show_shortened(value, to);
    } else if (value.type == TYPE_INT) {
        buffer_print(to, "%lld", (long long)value.number);
    } else if (value.type == TYPE_LIST) {
        buffer_print(to, "%zu", count_of(value));
    } else if (value.type == TYPE_UNSET || value.type == TYPE_NONE) {
        buffer_add_char(to, '0');
    } else {
        value_show(value, to);
    }
}

// --- values as the trace shows them --------------------------------------------------------------

// A plain 0 for a protocol is what people write for "the usual one".
void form_show_int(const struct param *param, struct value value, struct buffer *to)
{
    bool plain = value_symbol_of(value) != NULL || param->family == FAMILY_NONE ||
                 (value.number == 0 && param->family == FAMILY_IPPROTO);
    if (plain)
        value_show(value, to);
    else
        symbol_show(param->family, value.number, to);
}

// The defaults are those of the command `poll`.
void form_poll_item(struct value item, int *fd, int64_t *events)
{
    *fd = -1;
    *events = POLLIN | POLLRDHUP;
    if (item.type == TYPE_LIST && item.list->count == 2) {
        *events = item.list->items[1].type == TYPE_INT ? item.list->items[1].number : 0;
        item = item.list->items[0];
    }
    if (item.type == TYPE_HANDLE)
        *fd = item.handle->fd;
    else if (item.type == TYPE_INT)
        *fd = (int)item.number;
}

// [{3, POLLIN|POLLRDHUP}, {4, POLLOUT}], 2: the array and its count, which are two arguments in C.
static void show_poll(struct value list, struct buffer *to)
{
    buffer_add_char(to, '[');
    for (size_t i = 0; list.type == TYPE_LIST && i < list.list->count; i++) {
        int fd;
        int64_t events;
        form_poll_item(list.list->items[i], &fd, &events);
        buffer_print(to, "%s{%d, ", i ? ", " : "", fd);
        symbol_show(FAMILY_POLL, events, to);
        buffer_add_char(to, '}');
    }
    buffer_print(to, "], %zu", count_of(list));
}

// {AF_INET, 127.0.0.1, port 9999}, 16. A name has no size: it never reaches the kernel.
static void show_address(const struct address *address, struct buffer *to)
{
    struct sockaddr_storage raw;
    socklen_t size = address_to_sockaddr(address, &raw);
    address_show_c(address, to);
    if (size > 0)
        buffer_print(to, ", %u", (unsigned)size);
}

// {=}: what the kernel wrote for the caller.
static void show_filled(const struct writing *writing)
{
    const struct call *call = writing->call;
    size_t address = form_address_result(writing->command);
    const struct option *option = form_option(call);
    struct buffer *to = writing->to;
    if (!writing->good || call->result_count == 0)
        buffer_add_text(to, "…");
    else if (address != NONE_SUCH && call->results[address].type == TYPE_NONE)
        buffer_add_text(to, "{}, 0"); // a stream does not say where data came from
    else if (address != NONE_SUCH && call->results[address].type == TYPE_ADDRESS)
        show_address(&call->results[address].address->address, to);
    else if (option)
        form_option_show(option, call->results[0], to);
    else if (call->result_count == 2 && call->results[1].type == TYPE_HANDLE)
        buffer_print(to, "[%d, %d]", call->results[0].handle->fd, call->results[1].handle->fd);
    else
        show_shortened(call->results[0], to);
}

// Results, within the call or behind it. A call that failed has none: "…".
static void show_special(const struct writing *writing, const struct piece *piece)
{
    const struct call *call = writing->call;
    size_t main_result = form_main_result(writing->command);
    if (str_is(piece->name, "="))
        show_filled(writing);
    else if (!writing->good)
        buffer_add_text(writing->to, "…");
    else if (str_is(piece->name, "#") && main_result < call->result_count)
        buffer_print(writing->to, "%zu", count_of(call->results[main_result]));
    else if (str_is(piece->name, "0") && call->result_count > 0)
        show_shortened(call->results[0], writing->to);
    else if (str_is(piece->name, "1") && call->result_count > 1)
        show_shortened(call->results[1], writing->to);
}

// A member that does not fit its value is shown as the value: a row's slip must not hide a call.
// {option.level} SOL_SOCKET, {timeout.ms} 500, {service.text} "80"
static void show_member(const struct writing *writing, struct str member, struct value value)
{
    const struct option *option = form_option(writing->call);
    if (str_is(member, "level") && option)
        buffer_add_text(writing->to, option->level_name);
    else if (str_is(member, "ms") && value.type == TYPE_DURATION)
        buffer_print(writing->to, "%lld", (long long)(value.number / 1000000));
    else if (str_is(member, "poll"))
        show_poll(value, writing->to);
    else if (str_is(member, "text") && value.type == TYPE_INT)
        buffer_print(writing->to, "\"%lld\"", (long long)value.number);
    else
        show_shortened(value, writing->to);
}

// The trace's way of writing: numbers as numbers, sizes beside what has a size, names where C has
// names.
// send(3, "Michael", 7, MSG_NOSIGNAL): what strace(1) would print, as far as values go.
static void place_call(const struct writing *writing, const struct piece *piece,
                       const struct param *param, struct value value)
{
    struct buffer *to = writing->to;
    if (param == NULL)
        show_special(writing, piece);
    else if (piece->member.size)
        show_member(writing, piece->member, value);
    else if (param->form == FORM_OPTION_VALUE && form_option(writing->call))
        form_option_show(form_option(writing->call), value, to);
    else if (value.type == TYPE_ADDRESS)
        show_address(&value.address->address, to);
    else if (value.type == TYPE_INT)
        form_show_int(param, value, to);
    else if (value.type == TYPE_BOOL)
        buffer_add_char(to, value.truth ? '1' : '0');
    else
        show_shortened(value, to);
    // Data goes with its size, as C passes it; a word or a name (.text) does not.
    if (value.type == TYPE_BYTES && piece->member.size == 0 && param->form != FORM_OPTION_VALUE)
        buffer_print(to, ", %zu", value_str(value).size);
}

// The value of an option cannot be written without it: its type decides.
const struct option *form_option(const struct call *call)
{
    for (size_t i = 0; i < call->command->params.count; i++) {
        if (call->command->params.items[i].form != FORM_OPTION)
            continue;
        const struct symbol *symbol =
            arg(call, i).type == TYPE_INT ? value_symbol_of(call->args[i]) : NULL;
        return symbol && symbol->family == FAMILY_OPTION ? option_of(symbol) : NULL;
    }
    return NULL;
}

// The template's own words come first, then what the result's type says.
void form_show_result(const struct writing *writing)
{
    const char *result = result_of(writing->command->c);
    buffer_add_text(writing->to, " = ");
    if (!writing->good)
        show_failure(writing->call->error, writing->to);
    else if (result)
        form_expand(writing, str_from(result + strlen(" = ")), false, place_call);
    else
        show_main_result(writing);
}

// --- calls ---------------------------------------------------------------------------------------

// NULL for a refusal of socksh's own.
static const struct symbol *error_name(const struct call *call)
{
    return call->error.type == TYPE_ERROR ? call->error.error->name : NULL;
}

// By number, since EAGAIN and EWOULDBLOCK are two names of one.
static bool is_errno(const struct symbol *name, int number)
{
    return name->family == FAMILY_ERRNO && name->value == number;
}

// Whether a failed call never reached the kernel, or never came back from it.
static bool was_not_made(const struct call *call)
{
    const struct symbol *name = error_name(call);
    if (name == NULL || is_errno(name, ECANCELED))
        return true;
    for (size_t i = 0; i < call->count; i++) {
        struct value value = call->args[i];
        // An address that is still a name: the look-up failed, and the call behind it was never
        // made.
        bool looked_up = value.type == TYPE_ADDRESS && value.address->address.kind == ADDRESS_NAME;
        if (looked_up && (name->family == FAMILY_EAI || is_errno(name, EINTR)))
            return true;
        if (value.type == TYPE_HANDLE && is_errno(name, EBADF) && handle_is_dead(value.handle))
            return true;
    }
    return false;
}

// A row may have no Python form; then `trace python` says nothing of it.
static void show_call(const struct call *call, bool good, enum trace trace, struct buffer *to)
{
    const struct command *command = call->command;
    struct writing writing = {.command = command, .call = call, .good = good, .to = to};
    if (command->c == NULL || (!good && was_not_made(call)))
        return;
    // With {;…}, since a person may want to run what is shown.
    if (trace == TRACE_PYTHON && command->python)
        form_expand(&writing, form_call_of(command->python), true, form_place_python);
    if (trace == TRACE_C)
        form_show_c(call, good, to);
    if (trace == TRACE_CALL) {
        form_expand(&writing, form_call_of(command->c), false, place_call);
        form_show_result(&writing);
    }
}

void form_show_call(const struct call *call, bool good, enum trace trace, struct buffer *to)
{
    // A command that makes several calls has shown each of them as it was made.
    if (call->command->c && call->command->c[0] != '*')
        show_call(call, good, trace, to);
}

void form_show_names(const struct command *command, enum trace trace, struct buffer *to)
{
    struct writing writing = {.command = command, .good = true, .to = to};
    if (trace == TRACE_C && command->c)
        form_expand(&writing, form_call_of(command->c), true, form_place_c);
    if (trace == TRACE_PYTHON && command->python)
        form_expand(&writing, form_call_of(command->python), true, form_place_python);
}

// --- reports -------------------------------------------------------------------------------------

// The session's setting, read once a call: another actor may change it at any time.
static enum trace trace_of(const struct call *call)
{
    return (enum trace)atomic_load(call->interp->traces);
}

// Takes the line.
static void report(const struct call *call, struct buffer *line)
{
    if (line->size)
        actor_write(actor_of_call(call), STREAM_TRACE, buffer_str(line));
    buffer_finish(line);
}

void form_report_call(const struct call *part, bool good)
{
    struct buffer line = {0};
    if (trace_of(part) != TRACE_OFF)
        show_call(part, good, trace_of(part), &line);
    report(part, &line);
}

// As buffer_print(), for a list of arguments.
static void print_list(struct buffer *to, const char *format, va_list list)
{
    char *text = NULL;
    if (vasprintf(&text, format, list) >= 0)
        buffer_add_text(to, text);
    free(text);
}

void form_report(const struct call *call, int result, int error, const char *format, ...)
{
    struct buffer line = {0};
    if (trace_of(call) != TRACE_CALL)
        return;
    va_list list;
    va_start(list, format);
    print_list(&line, format, list);
    va_end(list);
    const struct symbol *lookup = error < 0 ? symbol_of(FAMILY_EAI, error) : NULL;
    if (lookup)
        buffer_print(&line, " = %s", lookup->name);
    else if (result == -1)
        buffer_print(&line, " = -1 %s", errno_name(error));
    else
        buffer_print(&line, " = %d", result);
    report(call, &line);
}

void form_report_line(const struct call *call, const char *format, ...)
{
    struct buffer line = {0};
    if (trace_of(call) != TRACE_CALL)
        return;
    va_list list;
    va_start(list, format);
    print_list(&line, format, list);
    va_end(list);
    report(call, &line);
}

// --- checking ------------------------------------------------------------------------------------

// Only what would come out wrong is a mistake: a name that is no parameter, a member that nobody
// writes, a brace left open.
static bool check_piece(const struct command *command, const struct piece *piece,
                        struct buffer *why)
{
    static const char *const specials[] = {"=", "#", "0", "1", NULL};
    static const char *const members[] = {"", "level", "room", "text", "ms", "poll", NULL};
    if (!piece->is_place) {
        // A single brace as text is what {{ stands for.
        bool open = str_find(piece->text, STR("{"), 0) != SIZE_MAX && piece->text.size > 1;
        if (open)
            buffer_print(why, "%s: a brace is not closed", command->name);
        return !open;
    }
    if (piece->text.size || str_is_one_of(piece->name, specials))
        return true;
    if (form_param(command, piece->name) != NONE_SUCH && str_is_one_of(piece->member, members))
        return true;
    buffer_print(why, "%s: {%.*s} is no parameter of it", command->name, STR_ARG(piece->name));
    return false;
}

bool form_check(const struct command *command, struct buffer *why)
{
    const char *templates[] = {command->c, command->python};
    for (size_t i = 0; i < 2; i++) {
        struct str rest = str_from(templates[i] ? templates[i] : "");
        struct piece piece;
        while (form_next(&rest, &piece))
            if (!check_piece(command, &piece, why))
                return false;
    }
    return true;
}
