// form_c: a call as statements of C that compile.
//
// What the call points at is declared first (`to`, `from`, `buf`, `value`, `fds` …), then comes the
// call with the error test that its result asks for, and what it gave as a comment.

#include <arpa/inet.h>
#include <string.h>
#include <sys/un.h>

#include "commands/form_write.h"

// Longer data is declared by its size only.
enum { DATA_WRITTEN = 128 };

// Nothing but ASCII: what a compiler takes whatever the encoding, and no terminal obeys.
void form_show_octets(struct str data, char quote, const char *escape, struct buffer *to)
{
    static const char special[] = "\r\n\t\\", letters[] = "rnt\\";
    for (size_t i = 0; i < data.size; i++) {
        char c = data.data[i];
        const char *found = c ? strchr(special, c) : NULL;
        if (found)
            buffer_print(to, "\\%c", letters[found - special]);
        else if (c == quote)
            buffer_print(to, "\\%c", c);
        else if (c >= 0x20 && c < 0x7F)
            buffer_add_char(to, c);
        else
            buffer_print(to, escape, (unsigned char)c);
    }
}

// Octal escapes end after three digits; \x would swallow digits that follow it.
static void show_string(struct str data, struct buffer *to)
{
    buffer_add_char(to, '"');
    form_show_octets(data, '"', "\\%03o", to);
    buffer_add_char(to, '"');
}

// --- declarations --------------------------------------------------------------------------------

// The wildcard has names of its own in C.
static bool is_zero(const uint8_t *octets, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (octets[i] != 0)
            return false;
    return true;
}

// Two statements, as a program would have them: htons() and inet_pton() are what the
// trace is to teach here.
// struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(9999)};
static void declare_inet(const struct address *address, struct buffer *to)
{
    char text[INET_ADDRSTRLEN] = "";
    inet_ntop(AF_INET, address->ip, text, sizeof text);
    buffer_print(to, "struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(%u)};\n",
                 address->port);
    // The name that programs write says more than inet_pton() of "0.0.0.0".
    if (is_zero(address->ip, 4))
        buffer_add_text(to, "to.sin_addr.s_addr = htonl(INADDR_ANY);\n");
    else
        buffer_print(to, "inet_pton(AF_INET, \"%s\", &to.sin_addr);\n", text);
}

// As declare_inet(); a zone is an interface's index.
static void declare_inet6(const struct address *address, struct buffer *to)
{
    char text[INET6_ADDRSTRLEN] = "";
    inet_ntop(AF_INET6, address->ip, text, sizeof text);
    buffer_print(to,
                 "struct sockaddr_in6 to = {.sin6_family = AF_INET6, .sin6_port = htons(%u)};\n",
                 address->port);
    if (is_zero(address->ip, 16))
        buffer_add_text(to, "to.sin6_addr = in6addr_any;\n");
    else
        buffer_print(to, "inet_pton(AF_INET6, \"%s\", &to.sin6_addr);\n", text);
    if (address->scope)
        buffer_print(to, "to.sin6_scope_id = %u;\n", address->scope);
}

// The path as an initialiser: no strcpy(), no cutting.
// struct sockaddr_un to = {.sun_family = AF_UNIX, .sun_path = "/tmp/x.sock"};
static void declare_unix(const struct address *address, struct buffer *to)
{
    buffer_add_text(to, "struct sockaddr_un to = {.sun_family = AF_UNIX");
    if (address->text_size) {
        buffer_add_text(to, ", .sun_path = ");
        show_string((struct str){address->text, address->text_size}, to);
    }
    buffer_add_text(to, "};\n");
}

// An address of another family, or a name, still leaves statements that compile.
static void declare_address(const struct address *address, struct buffer *to)
{
    switch (address->kind) {
    case ADDRESS_INET:
        declare_inet(address, to);
        break;
    case ADDRESS_INET6:
        declare_inet6(address, to);
        break;
    case ADDRESS_UNIX:
        declare_unix(address, to);
        break;
    default:
        buffer_add_text(to, "struct sockaddr_storage to; // ");
        address_show_c(address, to);
        buffer_add_char(to, '\n');
    }
}

// Its size as the call wants it: that of a path ends with the path, an abstract name having no NUL.
// (struct sockaddr *)&to, sizeof to
static void show_to(const struct address *address, struct buffer *to)
{
    // `sizeof to` would take the NULs behind an abstract name for part of it: unix(7).
    bool cut =
        address->kind == ADDRESS_UNIX && (address->text_size == 0 || address->text[0] == '\0');
    buffer_add_text(to, "(struct sockaddr *)&to, ");
    if (cut)
        buffer_print(to, "offsetof(struct sockaddr_un, sun_path) + %u", address->text_size);
    else
        buffer_add_text(to, "sizeof to");
}

// struct pollfd fds[] = {{.fd = 3, .events = POLLIN}};
static void declare_fds(struct value list, struct buffer *to)
{
    buffer_add_text(to, "struct pollfd fds[] = {");
    for (size_t i = 0; list.type == TYPE_LIST && i < list.list->count; i++) {
        int fd;
        int64_t events;
        form_poll_item(list.list->items[i], &fd, &events);
        buffer_print(to, "%s{.fd = %d, .events = ", i ? ", " : "", fd);
        symbol_show(FAMILY_POLL, events, to);
        buffer_add_char(to, '}');
    }
    buffer_add_text(to, "};\n");
}

// The beginning as a comment: a megabyte of string would bury the call.
// char data[4096]; // "HTTP/1.1 200 OK\r\nContent-Type: t"…
static void declare_data(struct str data, struct buffer *to)
{
    buffer_print(to, "char data[%zu]; // ", data.size);
    bytes_show(data, FORM_BYTES_SHOWN, to);
    buffer_add_char(to, '\n');
}

// After a failure nobody knows the family, so there is room for any: sockaddr_storage.
// struct sockaddr_in from; socklen_t length = sizeof from;
static void declare_from(const struct call *call, size_t i, struct buffer *to)
{
    const char *type = "sockaddr_storage";
    if (i < call->result_count && call->results[i].type == TYPE_ADDRESS) {
        enum address_kind kind = call->results[i].address->address.kind;
        type = kind == ADDRESS_INET    ? "sockaddr_in"
               : kind == ADDRESS_INET6 ? "sockaddr_in6"
               : kind == ADDRESS_UNIX  ? "sockaddr_un"
                                       : type;
    }
    buffer_print(to, "struct %s from;\nsocklen_t length = sizeof from;\n", type);
}

// Whether the only result is of that type.
static bool gives_one(const struct command *command, enum type type)
{
    return command->results.count == 1 && command->results.items[0].type == type;
}

// {=}: where the kernel is to write.
static void declare_filled(const struct writing *writing)
{
    const struct option *option = form_option(writing->call);
    size_t i = form_address_result(writing->command);
    if (i != NONE_SUCH) {
        declare_from(writing->call, i, writing->to);
    } else if (option) {
        form_option_declare_empty(option, writing->to);
        buffer_add_text(writing->to, "socklen_t length = sizeof value;\n");
    } else if (gives_one(writing->command, TYPE_DURATION)) {
        buffer_add_text(writing->to, "struct timespec time;\n");
    } else if (gives_one(writing->command, TYPE_BYTES)) {
        buffer_add_text(writing->to, "unsigned char octets[sizeof(struct in6_addr)];\n");
    } else {
        buffer_add_text(writing->to, "int fds[2];\n");
    }
}

// Only what C passes by pointer needs a variable.
static void declare_argument(const struct writing *writing, const struct piece *piece, size_t i)
{
    struct value value = arg(writing->call, i);
    const struct option *option = form_option(writing->call);
    // {data.text} is a string within the call, however long.
    bool sized = piece->member.size == 0;
    if (value.type == TYPE_UNSET)
        return;
    if (writing->command->params.items[i].form == FORM_OPTION_VALUE && option)
        form_option_declare(option, value, writing->to);
    else if (value.type == TYPE_ADDRESS)
        declare_address(&value.address->address, writing->to);
    else if (str_is(piece->member, "poll"))
        declare_fds(value, writing->to);
    else if (value.type == TYPE_BYTES && sized && value_str(value).size > DATA_WRITTEN)
        declare_data(value_str(value), writing->to);
}

// The buffer that a template calls buf.
// char buf[1024];
static void declare_buf(const struct writing *writing)
{
    size_t i = form_param(writing->command, STR("size"));
    // Where the row has no size (inet_ntop), what its longest result takes.
    int64_t size = i == NONE_SUCH ? 64 : arg_number_or(writing->call, i, 64);
    buffer_print(writing->to, "char buf[%lld];\n", (long long)(size > 0 ? size : 1));
}

// getaddrinfo(3) takes the family in its hints.
// struct addrinfo hints = {.ai_family = AF_UNSPEC}, *list;
static void declare_lookup(const struct writing *writing)
{
    size_t i = form_param(writing->command, STR("family"));
    buffer_add_text(writing->to, "struct addrinfo hints = {.ai_family = ");
    if (i != NONE_SUCH && arg_given(writing->call, i))
        form_show_int(&writing->command->params.items[i], arg(writing->call, i), writing->to);
    else
        buffer_add_text(writing->to, "AF_UNSPEC");
    buffer_add_text(writing->to, "}, *list;\n");
}

// The hard limit stays as it is.
// struct rlimit limit; getrlimit(RLIMIT_NOFILE, &limit); limit.rlim_cur = 64;
static void declare_limit(const struct writing *writing)
{
    size_t i = form_param(writing->command, STR("resource"));
    size_t soft = form_param(writing->command, STR("int"));
    buffer_add_text(writing->to, "struct rlimit limit;\ngetrlimit(");
    form_show_int(&writing->command->params.items[i], arg(writing->call, i), writing->to);
    buffer_print(writing->to, ", &limit);\nlimit.rlim_cur = %lld;\n",
                 (long long)arg_number_or(writing->call, soft, 0));
}

// Of drop: a random number below the threshold is a packet lost (net/loss.c).
// struct sock_filter filter[] = {…}; struct sock_fprog program = {4, filter};
static void declare_filter(const struct writing *writing)
{
    enum { ALL = 100 };
    size_t i = form_param(writing->command, STR("percent"));
    int percent = arg_int_or(writing->call, i, ALL);
    if (percent >= ALL) {
        buffer_add_text(writing->to, "struct sock_filter filter[] = {{BPF_RET | BPF_K, 0, 0, 0}};\n"
                                     "struct sock_fprog program = {1, filter};\n");
        return;
    }
    buffer_print(writing->to,
                 "struct sock_filter filter[] = {\n"
                 "    {BPF_LD | BPF_W | BPF_ABS, 0, 0, SKF_AD_OFF + SKF_AD_RANDOM},\n"
                 "    {BPF_JMP | BPF_JGE | BPF_K, 0, 1, UINT32_MAX / 100 * %d},\n"
                 "    {BPF_RET | BPF_K, 0, 0, UINT32_MAX},\n"
                 "    {BPF_RET | BPF_K, 0, 0, 0}};\n"
                 "struct sock_fprog program = {4, filter};\n",
                 percent);
}

// In the order of the arguments, as they are met in the call below.
static void declare_all(const struct writing *writing, struct str template)
{
    struct str rest = template;
    struct piece piece;
    while (form_next(&rest, &piece)) {
        size_t i = piece.is_place ? form_param(writing->command, piece.name) : NONE_SUCH;
        if (i != NONE_SUCH)
            declare_argument(writing, &piece, i);
        else if (piece.is_place && str_is(piece.name, "="))
            declare_filled(writing);
    }
    // These stand in the text of a template, not in places of their own.
    if (str_find(template, STR(" buf"), 0) != SIZE_MAX)
        declare_buf(writing);
    if (str_find(template, STR("&hints"), 0) != SIZE_MAX)
        declare_lookup(writing);
    if (str_find(template, STR("&limit"), 0) != SIZE_MAX)
        declare_limit(writing);
    if (str_find(template, STR("&program"), 0) != SIZE_MAX)
        declare_filter(writing);
}

// --- places --------------------------------------------------------------------------------------

// The variables that declare_filled() has made.
static void place_special(const struct writing *writing, const struct piece *piece)
{
    if (!str_is(piece->name, "="))
        return;
    if (form_address_result(writing->command) != NONE_SUCH)
        buffer_add_text(writing->to, "(struct sockaddr *)&from, &length");
    else if (form_param(writing->command, STR("option")) != NONE_SUCH)
        buffer_add_text(writing->to, "&value, &length");
    else if (gives_one(writing->command, TYPE_DURATION))
        buffer_add_text(writing->to, "&time");
    else if (gives_one(writing->command, TYPE_BYTES))
        buffer_add_text(writing->to, "octets");
    else
        buffer_add_text(writing->to, "fds");
}

// A name in place of a value, for help.
static void place_name(const struct piece *piece, const struct param *param, struct buffer *to)
{
    const char *name = param->name;
    if (piece->chooses)
        buffer_print(to, "%.*s", STR_ARG(piece->yes));
    else if (str_is(piece->member, "level"))
        buffer_add_text(to, "level");
    else if (str_is(piece->member, "poll"))
        buffer_add_text(to, "fds, count");
    else if (param->type == TYPE_ADDRESS)
        buffer_print(to, "(struct sockaddr *)&%s, sizeof %s", name, name);
    else if (param->form == FORM_OPTION_VALUE)
        buffer_print(to, "&%s, sizeof %s", name, name);
    else if (param->type == TYPE_BYTES && piece->member.size == 0)
        buffer_print(to, "%s, size", name);
    else
        buffer_add_text(to, name);
}

// "Michael", 7: the size stands beside data, which may hold NUL, but not beside a name.
static void place_bytes(struct str data, bool sized, struct buffer *to)
{
    if (sized && data.size > DATA_WRITTEN)
        buffer_add_text(to, "data");
    else
        show_string(data, to);
    if (sized)
        buffer_print(to, ", %zu", data.size);
}

// As in the trace, with C's strings.
static void place_member(const struct writing *writing, struct str member, struct value value)
{
    const struct option *option = form_option(writing->call);
    struct buffer *to = writing->to;
    if (str_is(member, "level") && option)
        buffer_add_text(to, option->level_name);
    else if (str_is(member, "ms") && value.type == TYPE_DURATION)
        buffer_print(to, "%lld", (long long)(value.number / 1000000));
    else if (str_is(member, "poll") && value.type == TYPE_LIST)
        buffer_print(to, "fds, %zu", value.list->count);
    else if (value.type == TYPE_BYTES)
        place_bytes(value_str(value), false, to);
    else if (str_is(member, "text") && value.type == TYPE_INT)
        buffer_print(to, "\"%lld\"", (long long)value.number);
    else
        value_show(value, to);
}

// Pointers go to what was declared, everything else is written in place.
void form_place_c(const struct writing *writing, const struct piece *piece,
                  const struct param *param, struct value value)
{
    struct buffer *to = writing->to;
    if (param == NULL)
        place_special(writing, piece);
    else if (writing->call == NULL)
        place_name(piece, param, to);
    else if (piece->member.size)
        place_member(writing, piece->member, value);
    else if (param->form == FORM_OPTION_VALUE)
        buffer_add_text(to, "&value, sizeof value");
    else if (value.type == TYPE_ADDRESS)
        show_to(&value.address->address, to);
    else if (value.type == TYPE_BYTES)
        place_bytes(value_str(value), true, to);
    else if (value.type == TYPE_BOOL)
        buffer_add_char(to, value.truth ? '1' : '0');
    else if (value.type == TYPE_INT)
        form_show_int(param, value, to);
    else
        value_show(value, to);
}

// --- statements ----------------------------------------------------------------------------------

// The type and name of a variable for what the call itself gives, or NULL when that is only tested.
// Bytes that are the result, and not written somewhere, are a string.
static const char *variable_of(const struct command *command)
{
    size_t i = form_main_result(command);
    if (i == NONE_SUCH)
        return NULL;
    switch (command->results.items[i].type) {
    case TYPE_HANDLE:
        return "int fd";
    case TYPE_LIST:
        return "int n";
    case TYPE_BYTES:
        return strstr(command->c, ") = {0}") ? "const char *text" : "ssize_t n";
    default:
        // htons() and its kin give what is never below zero.
        return command->errnos ? "ssize_t n" : "unsigned n";
    }
}

// What perror() is to say.
static struct str function_of(struct str call)
{
    return str_slice(call, 0, str_find(call, STR("("), 0));
}

// // = 7: the trace's result, since the statements alone do not show what happened.
static void add_comment(const struct writing *writing)
{
    buffer_add_text(writing->to, "  //");
    form_show_result(writing);
}

// Solid: with all that C wants and the trace leaves out.
static void add_call(const struct writing *writing, struct str template)
{
    form_expand(writing, template, true, form_place_c);
}

// What the statements call; nothing prints here.
static const char report_errno[] = "perror", report_lookup[] = "fprintf";

// getaddrinfo(3) gives its error as its result.
// int error = getaddrinfo("localhost", "80", &hints, &list); and its test, in words of its own.
static void add_lookup(const struct writing *writing, struct str template)
{
    buffer_add_text(writing->to, "int error = ");
    add_call(writing, template);
    buffer_add_text(writing->to, ";");
    add_comment(writing);
    buffer_print(writing->to, "\nif (error != 0)\n    %s(stderr, \"%%s\\n\", gai_strerror(error));",
                 report_lookup);
}

// A result that is only success or failure is tested in place; any other gets a variable first.
// int fd = socket(AF_INET, SOCK_STREAM, 0); // = 3, and on the next line if (fd == -1)
static void add_tested(const struct writing *writing, struct str template)
{
    struct buffer *to = writing->to;
    struct str function = function_of(template);
    const char *variable = variable_of(writing->command);
    buffer_print(to, "%s%s", variable ? variable : "if (", variable ? " = " : "");
    add_call(writing, template);
    buffer_add_text(to, variable ? ";" : " == -1)");
    add_comment(writing);
    // What failed: NULL for a pointer, -1 for a number, each under the variable's name alone.
    if (variable && strchr(variable, '*'))
        buffer_print(to, "\nif (%s == NULL)", strchr(variable, '*') + 1);
    else if (variable)
        buffer_print(to, "\nif (%s == -1)", strchr(variable, ' ') + 1);
    buffer_print(to, "\n    %s(\"%.*s\");", report_errno, STR_ARG(function));
}

// Declarations, call, test. Rows without errnos (htons) cannot fail and get no test.
void form_show_c(const struct call *call, bool good, struct buffer *to)
{
    const struct command *command = call->command;
    struct writing writing = {.command = command, .call = call, .good = good, .to = to};
    struct str template = form_call_of(command->c);
    declare_all(&writing, template);
    if (str_find(template, STR("&hints"), 0) != SIZE_MAX) {
        add_lookup(&writing, template);
    } else if (command->errnos) {
        add_tested(&writing, template);
    } else {
        const char *variable = variable_of(command);
        if (variable)
            buffer_print(to, "%s = ", variable);
        add_call(&writing, template);
        buffer_add_text(to, ";");
        add_comment(&writing);
    }
}
