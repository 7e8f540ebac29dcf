// network_hosts: making hosts, routes, pulling cables, and the table of all of it.

#include "commands/network_hosts.h"

#include <errno.h>
#include <string.h>

#include "actor/actor.h"
#include "base/message.h"
#include "base/table.h"
#include "commands/refuse.h"
#include "lang/lexer.h"
#include "lang/literal.h"
#include "net/hosts.h"
#include "net/lan.h"

// --- arguments -----------------------------------------------------------------------------------

// As actors are named: a letter or _, then letters, digits, _.
static bool is_name(struct str text)
{
    for (size_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
        if (!letter && (i == 0 || c < '0' || c > '9'))
            return false;
    }
    return text.size > 0;
}

static bool read_address(struct call *call, size_t i, struct link_address *address)
{
    return link_read(arg_str(call, i), address) ||
           refuse_value(call, _("%s is no address with its prefix, such as 10.0.0.1/24"),
                        arg(call, i));
}

// An address alone: the prefix is that of its family's whole number.
static bool read_number(struct call *call, size_t i, struct link_address *address)
{
    struct buffer whole = {0};
    buffer_add(&whole, arg_str(call, i));
    buffer_add_text(&whole, str_find(arg_str(call, i), STR(":"), 0) == SIZE_MAX ? "/32" : "/128");
    bool good = link_read(buffer_str(&whole), address);
    buffer_finish(&whole);
    return good || refuse_value(call, _("%s is no address, such as 10.0.0.254"), arg(call, i));
}

// The host that argument `i` names, or NULL with the call refused.
static struct lan_host *read_host(struct call *call, size_t i)
{
    struct lan_host *host = lan_find(arg_str(call, i));
    if (host == NULL)
        refuse_value(call, _("there is no host %s; network lists them"), arg(call, i));
    return host;
}

// Takes over what a room below has written. Returns false.
static bool refuse_take(struct call *call, struct buffer *why)
{
    call_refused(call, "%s", buffer_text(why));
    buffer_finish(why);
    return false;
}

// --- making --------------------------------------------------------------------------------------

// Open sockets that the actor of the host's name made before it was there.
struct left_behind {
    const struct lan_host *host;
    struct buffer numbers;
};

// Called under handles_lock().
static void look_for_left(struct handle *handle, void *context)
{
    struct left_behind *left = context;
    if (handle->is_socket && !handle_is_dead(handle) && handle->host != left->host &&
        strcmp(handle->opener, left->host->name) == 0)
        buffer_print(&left->numbers, "%s%d", left->numbers.size > 0 ? ", " : "", handle->fd);
}

// A socket stays where it was made, which nobody sees from its number.
static void tell_of_left(struct call *call, const struct lan_host *host)
{
    struct left_behind left = {.host = host};
    struct buffer text = {0};
    handles_each(look_for_left, &left);
    if (left.numbers.size > 0) {
        buffer_print(&text,
                     _("%s is there from its next statement on; what it opened before stays "
                       "where it was made: %s\n"),
                     host->name, buffer_text(&left.numbers));
        actor_write(actor_of_call(call), STREAM_REPORT, buffer_str(&text));
    }
    buffer_finish(&text);
    buffer_finish(&left.numbers);
}

// The name leads to the first address, as a line of /etc/hosts on each host would say.
static void name_host(const struct lan_host *host)
{
    char text[LINK_TEXT];
    const char *number = link_text(&host->legs[0].at, false, text);
    hosts_set(str_from(host->name), STR(""), str_from(number), STR(""));
}

// The thread of main of a script takes no jobs, before each of which an actor goes to its host:
// only main itself can take it there.
static bool may_place(struct call *call)
{
    struct str name = arg_str(call, 1);
    if (!is_name(name))
        return refuse_value(call, _("%s is no name for a host, which is the actor's on it"),
                            arg(call, 1));
    if (name.size >= LAN_NAME)
        return refuse_value(call, _("%s is too long for a host: a name of at most 31 characters"),
                            arg(call, 1));
    if (str_is(name, "main") && strcmp(actor_of_call(call)->name, "main") != 0)
        return call_refused(call, "%s", _("only main itself can say where it is"));
    return true;
}

static bool add(struct call *call, bool forwards)
{
    struct lan_plan plan = {.name = arg_str(call, 1), .forwards = forwards};
    struct buffer why = {0};
    if (!may_place(call))
        return false;
    if (call->count - 2 > LAN_ADDRESSES)
        return call_refused(call, _("a host has at most %d addresses"), LAN_ADDRESSES);
    for (plan.count = 0; plan.count + 2 < call->count; plan.count++)
        if (!read_address(call, plan.count + 2, &plan.addresses[plan.count]))
            return false;
    if (!lan_add(&plan, &why))
        return refuse_take(call, &why);
    struct lan_host *host = lan_find(plan.name);
    name_host(host);
    // Whoever makes its own host is there at once, others before their next statement.
    if (str_is(plan.name, actor_of_call(call)->name))
        lan_enter(host);
    tell_of_left(call, host);
    return call_done(call);
}

bool network_run_host(struct call *call)
{
    return add(call, false);
}

bool network_run_router(struct call *call)
{
    return add(call, true);
}

// --- changing ------------------------------------------------------------------------------------

bool network_run_route(struct call *call)
{
    struct link_address to, via;
    struct buffer why = {0};
    struct lan_host *host = read_host(call, 1);
    size_t word = call->count - 2; // that stands before the last one
    if (host == NULL)
        return false;
    if (!str_is(arg_str(call, word), "via"))
        return call_refused(call, "%s", _("the router is missing: via ADDRESS stands at the end"));
    if (!read_number(call, word + 1, &via))
        return false;
    to = (struct link_address){.family = via.family};
    if (word == 3 && !read_address(call, 2, &to))
        return false;
    return lan_route(host, &to, &via, &why) ? call_done(call) : refuse_take(call, &why);
}

static bool plug(struct call *call, bool in)
{
    struct lan_host *host = read_host(call, 1);
    if (host == NULL)
        return false;
    int error = lan_plug(host, in);
    return error == 0 ? call_done(call) : call_failed(call, error);
}

bool network_run_down(struct call *call)
{
    return plug(call, false);
}

bool network_run_up(struct call *call)
{
    return plug(call, true);
}

// A duration as it is written anywhere; 0 needs no unit. False when it is none.
static bool read_duration(struct str text, int64_t *nanoseconds)
{
    struct lexer lexer;
    struct value value = value_duration(0);
    lexer_init(&lexer, text, 0, text.size);
    struct token token = lexer_next(&lexer);
    bool good = token.type == TOKEN_DURATION && token.range.end == text.size &&
                literal_duration(text, token.range, &value, &lexer.diag);
    lexer_finish(&lexer);
    *nanoseconds = value.number;
    return good || str_is(text, "0");
}

static bool read_time(struct call *call, size_t i, int64_t *nanoseconds)
{
    static const int64_t longest = 10000000000;
    return (read_duration(arg_str(call, i), nanoseconds) && *nanoseconds >= 0 &&
            *nanoseconds <= longest) ||
           refuse_value(call, _("%s is no time for a cable to take: from 0 to 10s, such as 50ms"),
                        arg(call, i));
}

bool network_run_delay(struct call *call)
{
    int64_t delay, jitter = 0;
    struct lan_host *host = read_host(call, 1);
    if (host == NULL || !read_time(call, 2, &delay) ||
        (call->count > 3 && !read_time(call, 3, &jitter)))
        return false;
    int error = lan_delay(host, delay, jitter);
    if (error == ENOSPC)
        return call_refused(call, _("no more than %d cables can be given a time"), LAN_DELAYED);
    return error == 0 ? call_done(call) : call_failed(call, error);
}

// --- showing -------------------------------------------------------------------------------------

// "via 10.0.0.254", "10.0.3.0/24 via 10.0.2.2", and that a router passes on.
static void show_routes(const struct lan_host *host, struct buffer *to)
{
    char network[LINK_TEXT], via[LINK_TEXT];
    if (host->forwards)
        buffer_add_text(to, _("forwards"));
    for (size_t i = 0; i < host->route_count; i++) {
        const struct lan_route *route = &host->routes[i];
        link_text(&route->via, false, via);
        buffer_add_text(to, to->size > 0 ? _(", ") : "");
        if (route->to.prefix > 0)
            buffer_print(to, "%s ", link_text(&route->to, true, network));
        buffer_print(to, "via %s", via);
    }
}

static void show_time(int64_t nanoseconds, struct buffer *to)
{
    value_show(value_duration(nanoseconds), to);
}

// "pulled", "50ms", "50ms–70ms", "pulled, 50ms".
static void show_cable(const struct lan_host *host, struct buffer *to)
{
    if (host->unplugged)
        buffer_add_text(to, _("pulled"));
    if (host->delay == 0 && host->jitter == 0)
        return;
    buffer_add_text(to, host->unplugged ? _(", ") : "");
    show_time(host->delay, to);
    if (host->jitter > 0) {
        buffer_add_text(to, "–");
        show_time(host->delay + host->jitter, to);
    }
}

// A row an address; what is the host's stands in the first. Called under the lock of net/lan.h.
static void add_host(struct lan_host *host, void *context)
{
    struct table *table = context;
    for (size_t i = 0; i < host->leg_count; i++) {
        char text[LINK_TEXT];
        struct buffer routes = {0}, cable = {0};
        if (i == 0) {
            show_routes(host, &routes);
            show_cable(host, &cable);
        }
        table_add_text(table, i == 0 ? host->name : "");
        table_add_text(table, host->legs[i].interface);
        table_add_text(table, link_text(&host->legs[i].at, true, text));
        table_add_buffer_take(table, &routes);
        table_add_buffer_take(table, &cable);
    }
}

// Called under the lock of net/lan.h.
static void look_for_delay(struct lan_host *host, void *context)
{
    bool *delayed = context;
    *delayed = *delayed || host->delay > 0 || host->jitter > 0;
}

void network_show_hosts(struct buffer *to)
{
    static const char *const headings[] = {N_("host"), N_("interface"), N_("address"), N_("routes"),
                                           N_("cable")};
    struct table table = {.columns = sizeof headings / sizeof *headings};
    bool delayed = false;
    if (!lan_has_hosts())
        return;
    for (size_t i = 0; i < table.columns; i++)
        table_add_text(&table, _(headings[i]));
    lan_each(add_host, &table);
    table_show(&table, to);
    table_finish(&table);
    lan_each(look_for_delay, &delayed);
    if (delayed)
        buffer_add_text(to,
                        _("a time: what a packet takes through the cable, one way; socksh itself "
                          "holds it back, in place of a long cable\n"));
}
