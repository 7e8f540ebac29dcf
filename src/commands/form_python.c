// form_python: a call as an expression of Python's socket module.
//
// A handle is written as the variable it would be (sock3), an address as the tuple or path that
// Python takes, a constant with its module.

#include <arpa/inet.h>

#include "commands/form_write.h"

// b'GET /\r\n', cut as in the trace: Python is shown to be read, not to be run again.
static void show_bytes(struct str data, struct buffer *to)
{
    buffer_add_text(to, "b'");
    form_show_octets(str_slice(data, 0, FORM_BYTES_SHOWN), '\'', "\\x%02x", to);
    buffer_add_text(to, data.size > FORM_BYTES_SHOWN ? "'…" : "'");
}

// Names and paths are str in Python, not bytes.
// 'localhost', '/tmp/x.sock'
static void show_text(struct str data, struct buffer *to)
{
    buffer_add_char(to, '\'');
    form_show_octets(data, '\'', "\\x%02x", to);
    buffer_add_char(to, '\'');
}

// Seconds, with as many decimals as are needed.
// 2, 0.5, -1.25
static void show_seconds(int64_t nanoseconds, struct buffer *to)
{
    uint64_t size = nanoseconds < 0 ? 0 - (uint64_t)nanoseconds : (uint64_t)nanoseconds;
    buffer_print(to, "%s%llu", nanoseconds < 0 ? "-" : "", (unsigned long long)(size / 1000000000));
    if (size % 1000000000 == 0)
        return;
    buffer_print(to, ".%09llu", (unsigned long long)(size % 1000000000));
    // 1.5 and not 1.500000000; there is a digit other than 0, as was just asked.
    while (to->data[to->size - 1] == '0')
        to->size--;
}

// Where Python keeps the constants of a family.
static const char *module_of(enum family family)
{
    switch (family) {
    case FAMILY_POLL:
        return "select.";
    case FAMILY_ERRNO:
        return "errno.";
    case FAMILY_RLIMIT:
        return "resource.";
    default:
        return "socket.";
    }
}

// socket.MSG_PEEK|socket.MSG_DONTWAIT: each name with its module, numbers as they are.
static void show_constants(enum family family, struct str names, struct buffer *to)
{
    for (size_t start = 0; start < names.size;) {
        size_t end = str_find(names, STR("|"), start);
        struct str name = str_slice(names, start, end);
        // A rest without a name is a number, such as 0x8000000.
        bool named = name.size && name.data[0] >= 'A' && name.data[0] <= 'Z';
        buffer_print(to, "%s%s%.*s", start ? "|" : "", named ? module_of(family) : "",
                     STR_ARG(name));
        start = end == SIZE_MAX ? names.size : end + 1;
    }
}

// The module is that of the constant's own family: any constant may stand for an int.
// socket.AF_INET, 1024
static void show_int(const struct param *param, struct value value, struct buffer *to)
{
    struct buffer names = {0};
    const struct symbol *symbol = value_symbol_of(value);
    form_show_int(param, value, &names);
    show_constants(symbol ? symbol->family : param->family, buffer_str(&names), to);
    buffer_finish(&names);
}

// A path for AF_UNIX, else a tuple; with a zone it has four parts, flow label and index.
// ('127.0.0.1', 9999), ('fe80::1', 80, 0, 2), '/tmp/x.sock'
static void show_address(const struct address *address, struct buffer *to)
{
    char text[INET6_ADDRSTRLEN] = "";
    if (address->kind == ADDRESS_UNIX) {
        show_text((struct str){address->text, address->text_size}, to);
    } else if (address->kind == ADDRESS_INET6) {
        inet_ntop(AF_INET6, address->ip, text, sizeof text);
        buffer_print(to, "('%s', %u", text, address->port);
        buffer_print(to, address->scope ? ", 0, %u)" : ")", address->scope);
    } else if (address->kind == ADDRESS_NAME) {
        size_t host = address->host_size;
        buffer_print(to, "('%.*s', '%.*s')", (int)host, address->text,
                     (int)(address->text_size - host), address->text + host);
    } else {
        struct buffer host = {0};
        address_show_host(address, &host);
        buffer_print(to, "('%s', %u)", buffer_text(&host), address->port);
        buffer_finish(&host);
    }
}

static void show_value(const struct param *param, struct value value, struct buffer *to);

// [b'GET', 5]: elements by their own types; the parameter's family is for ints alone.
static void show_list(const struct param *param, const struct list *list, struct buffer *to)
{
    buffer_add_char(to, '[');
    for (size_t i = 0; i < list->count; i++) {
        buffer_add_text(to, i ? ", " : "");
        show_value(param, list->items[i], to);
    }
    buffer_add_char(to, ']');
}

// Durations are seconds, as everywhere in Python's library.
static void show_value(const struct param *param, struct value value, struct buffer *to)
{
    switch (value.type) {
    case TYPE_NONE:
        buffer_add_text(to, "None");
        break;
    case TYPE_BOOL:
        buffer_add_text(to, value.truth ? "True" : "False");
        break;
    case TYPE_INT:
        show_int(param, value, to);
        break;
    case TYPE_BYTES:
        show_bytes(value_str(value), to);
        break;
    case TYPE_DURATION:
        show_seconds(value.number, to);
        break;
    case TYPE_ADDRESS:
        show_address(&value.address->address, to);
        break;
    case TYPE_HANDLE:
        buffer_print(to, "sock%d", value.handle->fd);
        break;
    case TYPE_LIST:
        show_list(param, value.list, to);
        break;
    default:
        value_show(value, to);
    }
}

// A result stands as the variable that it would be given; a handle without a number (in help, after
// a failure) as `sock`.
// sock4, address = sock3.accept(): the names on the left.
static void place_result(const struct writing *writing, const struct piece *piece)
{
    size_t i = str_is(piece->name, "1") ? 1 : 0;
    const struct call *call = writing->call;
    if (str_is(piece->name, "=") && form_address_result(writing->command) != NONE_SUCH)
        i = form_address_result(writing->command);
    if (i >= writing->command->results.count)
        return;
    if (call && writing->good && i < call->result_count && call->results[i].type == TYPE_HANDLE)
        buffer_print(writing->to, "sock%d", call->results[i].handle->fd);
    else if (writing->command->results.items[i].type == TYPE_HANDLE)
        buffer_add_text(writing->to, i == 0 ? "sock" : "sock2");
    else
        buffer_add_text(writing->to, form_result_name(writing->command, i));
}

// Members that C alone needs (poll) show the value itself.
// localhost within quotes, socket.SOL_SOCKET, 500 for 500ms.
static void place_member(const struct writing *writing, struct str member, struct value value)
{
    const struct option *option = form_option(writing->call);
    struct buffer *to = writing->to;
    if (str_is(member, "level") && option)
        buffer_add_text(to, option->level_name);
    else if (str_is(member, "room") && option)
        form_option_python_room(option, to);
    else if (str_is(member, "ms") && value.type == TYPE_DURATION)
        buffer_print(to, "%lld", (long long)(value.number / 1000000));
    else if (str_is(member, "text") && value.type == TYPE_BYTES)
        show_text(value_str(value), to);
    else if (str_is(member, "text") && value.type == TYPE_INT)
        buffer_print(to, "'%lld'", (long long)value.number);
    else
        show_value(&(struct param){0}, value, to);
}

// An argument by its type, apart from option values, which Python packs by hand.
void form_place_python(const struct writing *writing, const struct piece *piece,
                       const struct param *param, struct value value)
{
    struct buffer *to = writing->to;
    if (param == NULL)
        place_result(writing, piece);
    else if (writing->call == NULL && !str_is(piece->member, "room"))
        buffer_add_text(to, str_is(piece->member, "level") ? "level" : param->name);
    else if (writing->call == NULL)
        return;
    else if (piece->member.size)
        place_member(writing, piece->member, value);
    else if (param->form == FORM_OPTION_VALUE && form_option(writing->call))
        form_option_python(form_option(writing->call), value, to);
    else
        show_value(param, value, to);
}
