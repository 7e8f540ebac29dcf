// network: the network that a run has of its own: what it is like, and changing it.
//
// One row whose first word says what is meant; the words and what they do stand in a table here.

#include "net/network.h"

#include <linux/if_ether.h>
#include <string.h>

#include "actor/actor.h"
#include "base/message.h"
#include "commands/network_hosts.h"
#include "commands/refuse.h"
#include "commands/rows.h"
#include "net/lan.h"
#include "net/mtu.h"
#include "net/ports.h"

// What may stand behind `network`.
struct word {
    const char *name;
    size_t least, most;             // of words behind it
    const char *usage;              // as `help network` shows it
    bool (*run)(struct call *call); // its arguments are those from the second on
    bool names_host;                // the first of them is a host that is there
};

// Argument `i` as a number up to `most`.
static bool read_number(struct call *call, size_t i, uint64_t most, uint64_t *number)
{
    struct str text = arg_str(call, i);
    return !str_has_leading_zero(text) && str_to_number(text, most, number);
}

// --- mtu -----------------------------------------------------------------------------------------

// Appends what the loopback is like, and cables where there are any: a line each.
static void show_mtu(struct buffer *to)
{
    int octets = mtu_get();
    if (octets == MTU_USUAL)
        buffer_print(to, _("loopback: mtu %d, as usual; TCP's segments pass uncut\n"), octets);
    else if (octets >= 0)
        buffer_print(to, _("loopback: mtu %d; a packet has at most %d bytes, as on a wire\n"),
                     octets, octets);
    if (lan_has_hosts())
        buffer_print(to, _("cables between hosts: mtu %d, as an Ethernet's\n"), ETH_DATA_LEN);
}

static bool show(struct call *call, void (*add)(struct buffer *to))
{
    struct buffer text = {0};
    add(&text);
    actor_write(actor_of_call(call), STREAM_OUTPUT, buffer_str(&text));
    buffer_finish(&text);
    return call_done(call);
}

// The number, or "default".
static bool run_mtu(struct call *call)
{
    uint64_t octets = MTU_USUAL;
    if (!arg_given(call, 1))
        return show(call, show_mtu);
    bool good = str_is(arg_str(call, 1), "default") || read_number(call, 1, MTU_USUAL, &octets);
    if (!good || octets < MTU_LEAST)
        return refuse_value(call,
                            _("%s is no size of packets: from 1280 to 65536, such as 1500, or "
                              "default"),
                            arg(call, 1));
    int error = mtu_set((int)octets);
    return error != 0 ? call_failed(call, error) : call_done(call);
}

// --- ports ---------------------------------------------------------------------------------------

static const char ports_usage[] = "network ports [LOWEST HIGHEST|default]";

// Appends which ports the kernel gives: one line.
static void show_ports(struct buffer *to)
{
    int lowest, highest;
    if (ports_get(&lowest, &highest) == 0)
        buffer_print(to, _("ports %d to %d: for sockets that name none\n"), lowest, highest);
}

// The same when they are not the usual ones.
static void show_other_ports(struct buffer *to)
{
    int lowest, highest;
    if (ports_get(&lowest, &highest) == 0 && (lowest != PORTS_LOWEST || highest != PORTS_HIGHEST))
        show_ports(to);
}

// Argument `i` as a port that the kernel may give; false with the call refused.
static bool read_port(struct call *call, size_t i, uint64_t *port)
{
    bool good = read_number(call, i, UINT16_MAX, port) && *port >= PORTS_LEAST;
    return good ||
           refuse_value(call, _("%s is no port that the kernel may give: from 1024 to 65535"),
                        arg(call, i));
}

// The lowest and the highest, or "default".
static bool run_ports(struct call *call)
{
    uint64_t lowest = PORTS_LOWEST, highest = PORTS_HIGHEST;
    if (!arg_given(call, 1))
        return show(call, show_ports);
    bool usual = !arg_given(call, 2);
    if (usual && !str_is(arg_str(call, 1), "default"))
        return call_refused(call, _("it is written: %s"), ports_usage);
    if (!usual && !(read_port(call, 1, &lowest) && read_port(call, 2, &highest)))
        return false;
    int error = ports_set((int)lowest, (int)highest);
    return error != 0 ? call_failed(call, error) : call_done(call);
}

// --- the row -------------------------------------------------------------------------------------

static const struct word words[] = {
    {"delay", 2, 3, "network delay HOST TIME [JITTER]", network_run_delay, true},
    {"down", 1, 1, "network down HOST", network_run_down, true},
    {"host", 2, SIZE_MAX, "network host NAME ADDRESS/PREFIX …", network_run_host, false},
    {"mtu", 0, 1, "network mtu [SIZE|default]", run_mtu, false},
    {"ports", 0, 2, ports_usage, run_ports, false},
    {"route", 3, 4, "network route HOST [NETWORK/PREFIX] via ADDRESS", network_run_route, true},
    {"router", 3, SIZE_MAX, "network router NAME ADDRESS/PREFIX ADDRESS/PREFIX …",
     network_run_router, false},
    {"up", 1, 1, "network up HOST", network_run_up, true},
};
static const char *const names[] = {"delay", "down",   "host", "mtu", "ports",
                                    "route", "router", "up",   NULL};
_Static_assert(sizeof words / sizeof *words + 1 == sizeof names / sizeof *names,
               "each word is in both lists");

static const struct word *find_word(struct str text)
{
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_is(text, words[i].name))
            return &words[i];
    return NULL;
}

bool network_names_host(struct str word)
{
    const struct word *found = find_word(word);
    return found != NULL && found->names_host;
}

static void show_all(struct buffer *to)
{
    const char *refusal = network_refusal();
    if (network_is_own())
        buffer_add_text(to, _("a network of its own: nothing leaves it, every port is free\n"));
    else if (refusal == NULL)
        buffer_add_text(to, _("the computer's network; socksh --sandbox has one of its own\n"));
    else
        buffer_print(to, _("the computer's network, as there is none of its own: %s\n"), refusal);
    show_mtu(to);
    show_other_ports(to);
    network_show_hosts(to);
}

// Changing the computer's own network is not what anybody types this for, root included.
static bool refuse_change(struct call *call)
{
    const char *refusal = network_refusal();
    if (refusal != NULL)
        return call_refused(call,
                            _("this is the computer's network: network changes only one of its "
                              "own, and there is none: %s"),
                            refusal);
    return call_refused(call, "%s",
                        _("this is the computer's network: network changes only one of "
                          "its own, which socksh --sandbox and lessons have"));
}

static bool run_network(struct call *call)
{
    if (!arg_given(call, 0))
        return show(call, show_all);
    const struct word *word = find_word(arg_str(call, 0));
    if (word == NULL)
        return refuse_value(call, _("network knows no %s; help network lists what it knows"),
                            arg(call, 0));
    size_t given = call->count - 1;
    if (given > 0 && !arg_given(call, 1))
        given = 0;
    if (given < word->least || given > word->most)
        return call_refused(call, _("it is written: %s"), word->usage);
    if (!network_is_own())
        return refuse_change(call);
    return word->run(call);
}

const struct command command_network = {
    .name = "network",
    .summary = N_("show or change the network that this run has of its own"),
    .group = GROUP_KERNEL,
    .params = PARAMS(
        {.name = "what", .type = TYPE_BYTES, .form = FORM_WORD, .optional = true, .words = names},
        {.name = "words",
         .type = TYPE_BYTES,
         .form = FORM_WORD,
         .optional = true,
         .many = true,
         .subject = SUBJECT_HOST}),
    .manual = "netdevice(7)",
    .example = "network",
    .lesson = "hosts",
    .topic = "network",
    .run = run_network,
};
