// form_option: the values of socket options, as the kernel takes and gives them.
//
// In a script all options look alike; in C each has its int or struct, in Python its packed bytes.
// The rows of net/option.c say which, and each function here is one switch over that type.

#include <arpa/inet.h>
#include <ctype.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/time.h>

#include "commands/form_write.h"

// Whether it is one of IPv6, which has structs of its own for groups and addresses.
static bool is_ipv6(const struct option *option)
{
    return option->level == IPPROTO_IPV6;
}

// The group of [group, interface] or of the group alone.
static struct str group_of(struct value value)
{
    if (value.type == TYPE_LIST && value.list->count > 0)
        value = value.list->items[0];
    return value.type == TYPE_BYTES ? value_str(value) : (struct str){0};
}

// The interface beside the group, as written; empty for "any".
static struct str interface_of(struct value value)
{
    bool given = value.type == TYPE_LIST && value.list->count > 1;
    struct value which = given ? value.list->items[1] : VALUE_UNSET;
    return which.type == TYPE_BYTES ? value_str(which) : (struct str){0};
}

// Whether the interface is given by one of its IPv4 addresses, which begin with a digit, and not by
// its name.
static bool is_address(struct str interface)
{
    return interface.size > 0 && isdigit((unsigned char)interface.data[0]);
}

// What is no number counts as 0: a wrong value was refused before, and its call is not shown.
static int64_t number_of(struct value value)
{
    if (value.type == TYPE_BOOL)
        return value.truth;
    return value.type == TYPE_INT || value.type == TYPE_DURATION ? value.number : 0;
}

// What the script gave as a word, within quotes: it may hold anything.
static void quote(const char *before, struct str word, const char *behind, char mark,
                  struct buffer *to)
{
    buffer_print(to, "%s%c", before, mark);
    form_show_octets(word, mark, mark == '"' ? "\\%03o" : "\\x%02x", to);
    buffer_print(to, "%c%s", mark, behind);
}

// As the int that the kernel takes.
static int64_t int_of(const struct option *option, struct value value)
{
    if (value.type != TYPE_DURATION)
        return number_of(value);
    return value.number / (option->type == OPTION_MILLISECONDS ? 1000000 : 1000000000);
}

// struct timeval and struct linger count whole seconds; the former adds microseconds.
static long long seconds_of(struct value value)
{
    return (long long)(number_of(value) / 1000000000);
}

// Behind the whole seconds. What is below a microsecond is not shown, and was rounded up when it
// was set.
static long long microseconds_of(struct value value)
{
    return (long long)(number_of(value) % 1000000000 / 1000);
}

// --- as the trace shows it -----------------------------------------------------------------------

// [[name, value], …] as {name=value, …}: the first four fields.
// {state="ESTABLISHED", snd_wscale=7, rcv_wscale=7, ca_state=0, …}, 248
static void show_fields(struct value value, size_t size, struct buffer *to)
{
    // Of the fifty of struct tcp_info: one line of the trace has to do.
    enum { FIELDS_SHOWN = 4 };
    size_t count = value.type == TYPE_LIST ? value.list->count : 0;
    buffer_add_char(to, '{');
    for (size_t i = 0; i < count && i < FIELDS_SHOWN; i++) {
        struct value field = value.list->items[i];
        if (field.type != TYPE_LIST || field.list->count != 2)
            continue;
        buffer_add_text(to, i ? ", " : "");
        value_write(field.list->items[0], to);
        buffer_add_char(to, '=');
        value_show(field.list->items[1], to);
    }
    buffer_print(to, "%s}, %zu", count > FIELDS_SHOWN ? ", …" : "", size);
}

// {"239.1.2.3", "lo"}, 12
static void show_group(const struct option *option, struct value value, struct buffer *to)
{
    struct str group = group_of(value), interface = interface_of(value);
    size_t size = is_ipv6(option) ? sizeof(struct ipv6_mreq) : sizeof(struct ip_mreqn);
    quote("{", group, "", '"', to);
    if (interface.size)
        quote(", ", interface, "", '"', to);
    buffer_print(to, "}, %zu", size);
}

// [1], 4: in brackets because the kernel is given its address.
static void show_int(const struct option *option, struct value value, struct buffer *to)
{
    bool named = option->type == OPTION_CONSTANT && value.type == TYPE_INT;
    buffer_add_char(to, '[');
    if (named)
        form_show_int(&(struct param){.family = option->values}, value, to);
    else
        buffer_print(to, "%lld", (long long)int_of(option, value));
    buffer_print(to, "], %zu", sizeof(int));
}

// The sizes are those of the structs that commands/option_value.c fills.
void form_option_show(const struct option *option, struct value value, struct buffer *to)
{
    switch (option->type) {
    case OPTION_LINGER:
        buffer_print(to, "{%d, %lld}, %zu", value.type == TYPE_DURATION, seconds_of(value),
                     sizeof(struct linger));
        break;
    case OPTION_TIMEVAL:
        buffer_print(to, "{%lld, %lld}, %zu", seconds_of(value), microseconds_of(value),
                     sizeof(struct timeval));
        break;
    case OPTION_GROUP:
        show_group(option, value, to);
        break;
    case OPTION_INTERFACE:
        quote("{", group_of(value), "}", '"', to);
        buffer_print(to, ", %zu",
                     is_address(group_of(value)) ? sizeof(struct in_addr)
                                                 : sizeof(struct ip_mreqn));
        break;
    case OPTION_NAME:
    case OPTION_BYTES:
        bytes_show(group_of(value), FORM_BYTES_SHOWN, to);
        buffer_print(to, ", %zu", group_of(value).size);
        break;
    case OPTION_TCP_INFO:
        show_fields(value, sizeof(struct tcp_info), to);
        break;
    case OPTION_CREDENTIALS:
        show_fields(value, sizeof(struct ucred), to);
        break;
    default:
        show_int(option, value, to);
    }
}

// --- as C declares it ----------------------------------------------------------------------------

// An interface is given by its address or by its name, which has an index.
// struct ip_mreqn value = {0}; inet_pton(AF_INET, "239.1.2.3", &value.imr_multiaddr);
static void declare_group(const struct option *option, struct value value, struct buffer *to)
{
    struct str group = group_of(value), interface = interface_of(value);
    bool v6 = is_ipv6(option);
    buffer_print(to, "struct %s value = {0};\n", v6 ? "ipv6_mreq" : "ip_mreqn");
    quote(v6 ? "inet_pton(AF_INET6, " : "inet_pton(AF_INET, ", group,
          v6 ? ", &value.ipv6mr_multiaddr);\n" : ", &value.imr_multiaddr);\n", '"', to);
    if (interface.size == 0)
        return;
    if (!v6 && is_address(interface))
        quote("inet_pton(AF_INET, ", interface, ", &value.imr_address);\n", '"', to);
    else
        quote(v6 ? "value.ipv6mr_interface = if_nametoindex("
                 : "value.imr_ifindex = if_nametoindex(",
              interface, ");\n", '"', to);
}

// struct in_addr value; inet_pton(AF_INET, "127.0.0.1", &value);
static void declare_interface(struct str interface, struct buffer *to)
{
    if (is_address(interface))
        quote("struct in_addr value;\ninet_pton(AF_INET, ", interface, ", &value);\n", '"', to);
    else
        quote("struct ip_mreqn value = {.imr_ifindex = if_nametoindex(", interface, ")};\n", '"',
              to);
}

// Exactly as long as the octets: the kernel is told sizeof value.
static void declare_octets(struct value value, struct buffer *to)
{
    struct str data = group_of(value);
    // No room for the string's own NUL: C allows that, and the size is then that of the octets.
    buffer_print(to, "char value[%zu] = ", data.size ? data.size : 1);
    quote("", data, ";\n", '"', to);
}

// Constants keep their names: int value = IP_PMTUDISC_DO;
static void declare_int(const struct option *option, struct value value, struct buffer *to)
{
    buffer_add_text(to, "int value = ");
    if (value.type == TYPE_INT)
        form_show_int(&(struct param){.family = option->values}, value, to);
    else
        buffer_print(to, "%lld", (long long)int_of(option, value));
    buffer_add_text(to, ";\n");
}

// A struct for those options that take one; all others are an int.
// struct linger value = {.l_onoff = 1, .l_linger = 5};
void form_option_declare(const struct option *option, struct value value, struct buffer *to)
{
    switch (option->type) {
    case OPTION_LINGER:
        buffer_print(to, "struct linger value = {.l_onoff = %d, .l_linger = %lld};\n",
                     value.type == TYPE_DURATION, seconds_of(value));
        break;
    case OPTION_TIMEVAL:
        buffer_print(to, "struct timeval value = {.tv_sec = %lld, .tv_usec = %lld};\n",
                     seconds_of(value), microseconds_of(value));
        break;
    case OPTION_GROUP:
        declare_group(option, value, to);
        break;
    case OPTION_INTERFACE:
        declare_interface(group_of(value), to);
        break;
    case OPTION_NAME:
    case OPTION_BYTES:
        declare_octets(value, to);
        break;
    default:
        declare_int(option, value, to);
    }
}

// As much room as the largest value of that type needs.
// struct tcp_info value;
void form_option_declare_empty(const struct option *option, struct buffer *to)
{
    const char *type = "int value";
    switch (option->type) {
    case OPTION_LINGER:
        type = "struct linger value";
        break;
    case OPTION_TIMEVAL:
        type = "struct timeval value";
        break;
    case OPTION_INTERFACE:
        type = "struct in_addr value";
        break;
    case OPTION_NAME:
    case OPTION_BYTES:
        type = "char value[40]";
        break;
    case OPTION_TCP_INFO:
        type = "struct tcp_info value";
        break;
    case OPTION_CREDENTIALS:
        type = "struct ucred value";
        break;
    default:
        break;
    }
    buffer_print(to, "%s;\n", type);
}

// --- as Python takes it --------------------------------------------------------------------------

// Python has no struct for it: the two addresses one behind the other.
// socket.inet_aton('239.1.2.3') + socket.inet_aton('0.0.0.0')
static void python_group(const struct option *option, struct value value, struct buffer *to)
{
    struct str group = group_of(value), interface = interface_of(value);
    if (!is_ipv6(option)) {
        quote("socket.inet_aton(", group, ") + ", '\'', to);
        quote("socket.inet_aton(", interface.size ? interface : STR("0.0.0.0"), ")", '\'', to);
        return;
    }
    quote("socket.inet_pton(socket.AF_INET6, ", group, ") + struct.pack('I', ", '\'', to);
    if (interface.size)
        quote("socket.if_nametoindex(", interface, "))", '\'', to);
    else
        buffer_add_text(to, "0)");
}

// socket.inet_aton('127.0.0.1'), or struct ip_mreqn without its addresses
static void python_interface(struct str interface, struct buffer *to)
{
    if (is_address(interface))
        quote("socket.inet_aton(", interface, ")", '\'', to);
    else
        quote("struct.pack('8xi', socket.if_nametoindex(", interface, "))", '\'', to);
}

// What C declares as a struct, Python packs.
// struct.pack('ii', 1, 5) for a struct, 1 for an int
void form_option_python(const struct option *option, struct value value, struct buffer *to)
{
    switch (option->type) {
    case OPTION_LINGER:
        buffer_print(to, "struct.pack('ii', %d, %lld)", value.type == TYPE_DURATION,
                     seconds_of(value));
        break;
    case OPTION_TIMEVAL:
        buffer_print(to, "struct.pack('ll', %lld, %lld)", seconds_of(value),
                     microseconds_of(value));
        break;
    case OPTION_GROUP:
        python_group(option, value, to);
        break;
    case OPTION_INTERFACE:
        python_interface(group_of(value), to);
        break;
    case OPTION_NAME:
    case OPTION_BYTES:
        quote("b", group_of(value), "", '\'', to);
        break;
    default:
        buffer_print(to, "%lld", (long long)int_of(option, value));
    }
}

// Without the size of what it asks for, Python takes the first four octets as an int.
// , 8 for struct linger; nothing for an int
void form_option_python_room(const struct option *option, struct buffer *to)
{
    size_t size = option->type == OPTION_LINGER        ? sizeof(struct linger)
                  : option->type == OPTION_TIMEVAL     ? sizeof(struct timeval)
                  : option->type == OPTION_INTERFACE   ? sizeof(struct in_addr)
                  : option->type == OPTION_TCP_INFO    ? sizeof(struct tcp_info)
                  : option->type == OPTION_CREDENTIALS ? sizeof(struct ucred)
                  : option->type == OPTION_NAME || option->type == OPTION_BYTES ? 40
                                                                                : 0;
    if (size > 0)
        buffer_print(to, ", %zu", size);
}
