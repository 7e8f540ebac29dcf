// situation: setting the scene of a failed call, choosing its row, and filling in the sentence.

#include "commands/situation.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "actor/actor.h"
#include "actor/variables.h"
#include "base/message.h"
#include "net/network.h"

// --- the scene -----------------------------------------------------------------------------------

// Where the socket is and who its peer is. The kernel forgets the peer of a broken connection; then
// what the row has kept, if anything.
static void look_at_ends(struct scene *scene)
{
    struct sockaddr_storage storage;
    socklen_t size = sizeof storage;
    struct handle *handle = scene->handle;
    if (scene->open && getsockname(handle->fd, (struct sockaddr *)&storage, &size) == 0) {
        address_from_sockaddr(&storage, size, &scene->local);
        // AF_UNIX: a name makes it longer than the family alone.
        scene->has_local = scene->local.port != 0 || scene->local.text_size > 0;
    }
    size = sizeof storage;
    if (scene->open && getpeername(handle->fd, (struct sockaddr *)&storage, &size) == 0) {
        address_from_sockaddr(&storage, size, &scene->peer);
        scene->has_peer = true;
        return;
    }
    pthread_mutex_lock(&handle->lock);
    scene->has_peer = handle->peer != NULL;
    if (scene->has_peer)
        memcpy(&scene->peer, handle->peer, address_size(handle->peer));
    pthread_mutex_unlock(&handle->lock);
}

// The first argument of each kind is what the call is about.
static void set_scene(const struct call *call, struct scene *scene)
{
    *scene = (struct scene){.call = call, .state = {.name = "", .remaining_ms = -1}};
    scene->number = (int)call->error.error->name->value;
    for (size_t i = call->count; i > 0; i--) {
        struct value value = call->args[i - 1];
        if (value.type == TYPE_HANDLE)
            scene->handle = value.handle;
        else if (value.type == TYPE_ADDRESS)
            scene->to = &value.address->address;
    }
    scene->here = scene->handle != NULL ? scene->handle->host : lan_here();
    if (scene->handle != NULL) {
        scene->open = handle_enter(scene->handle);
        if (scene->handle->is_socket)
            kernel_state(scene->handle, &scene->state);
        look_at_ends(scene);
    }
    const struct address *end = scene->to != NULL ? scene->to : &scene->peer;
    scene->there = scene->to != NULL || scene->has_peer ? lan_owner(end) : NULL;
}

static void clear_scene(struct scene *scene)
{
    if (scene->open)
        handle_leave(scene->handle);
    if (scene->other != NULL)
        handle_release(scene->other);
}

// --- choosing ------------------------------------------------------------------------------------

// Whether `name` is one of the words of `calls`.
static bool is_one_of(const char *name, const char *calls)
{
    struct str rest = str_from(calls);
    for (;;) {
        size_t end = str_find(rest, STR(" "), 0);
        if (str_is(str_slice(rest, 0, end), name))
            return true;
        if (end == SIZE_MAX)
            return false;
        rest = str_slice(rest, end + 1, rest.size);
    }
}

// The first row that applies, or NULL. What a test that says no has found is forgotten.
static const struct situation *choose(struct scene *scene)
{
    for (size_t i = 0; i < situation_count; i++) {
        const struct situation *row = &situations[i];
        if (row->number != scene->number ||
            (row->calls != NULL && !is_one_of(scene->call->command->name, row->calls)))
            continue;
        if (row->applies == NULL || row->applies(scene))
            return row;
        if (scene->other != NULL)
            handle_release(scene->other);
        scene->other = NULL;
    }
    return NULL;
}

void situation_explain(const struct call *call)
{
    struct scene scene;
    // What is passed on was explained where it happened; the arguments here say nothing of it.
    if (call->error.type != TYPE_ERROR || call->error.error->name == NULL || call->passes_on)
        return;
    int saved = errno;
    set_scene(call, &scene);
    const struct situation *row = choose(&scene);
    if (row != NULL) {
        struct buffer here = {0}, advice = {0};
        situation_show(&scene, _(row->here), &here);
        situation_show(&scene, _(row->advice), &advice);
        value_explain_error(call->error, buffer_str(&here), buffer_str(&advice), row->topic);
        buffer_finish(&here);
        buffer_finish(&advice);
    }
    clear_scene(&scene);
    errno = saved;
}

// --- filling in ----------------------------------------------------------------------------------

// The variable that the statement names the socket by, else its number: what one would type.
static void show_handle(const struct scene *scene, struct buffer *to)
{
    const struct nodes *args = &scene->call->node->call.args;
    for (size_t i = 0; i < args->count && i < scene->call->count; i++) {
        if (scene->call->args[i].type != TYPE_HANDLE)
            continue;
        if (args->items[i]->type == NODE_VARIABLE)
            buffer_add(to, args->items[i]->variable.name);
        else
            buffer_print(to, "%d", scene->handle->fd);
        return;
    }
}

// 3 (server's l, LISTEN); in a script: 3 (opened by server at line 2, LISTEN).
static void show_other(const struct scene *scene, struct buffer *to)
{
    struct kernel_state state = {.name = ""};
    const struct handle *other = scene->other;
    const struct actor *reader = actor_of_call(scene->call);
    struct buffer who = {0};
    if (!variables_show_handle(session_of_call(scene->call), other, reader, &who)) {
        if (other->line > 0)
            buffer_print(&who, _("opened by %s at line %u"), other->opener, other->line);
        else
            buffer_print(&who, _("opened by %s"), other->opener);
    }
    kernel_state(scene->other, &state);
    const char *word = handle_is_dead(other) ? _("closed") : state.name;
    // A state that only says that there is no connection is none worth telling.
    if (strcmp(word, "CLOSED") == 0 || strcmp(word, "UNCONNECTED") == 0)
        buffer_print(to, _("%d (%s)"), other->fd, buffer_text(&who));
    else
        buffer_print(to, _("%d (%s, %s)"), other->fd, buffer_text(&who), word);
    buffer_finish(&who);
}

static void show_kind(const struct scene *scene, struct buffer *to)
{
    const struct handle *handle = scene->handle;
    bool inet = handle->family == AF_INET || handle->family == AF_INET6;
    if (!handle->is_socket)
        buffer_add_text(to, handle->fd == 0   ? _("standard input")
                            : handle->fd == 1 ? _("standard output")
                                              : _("standard error"));
    else if (inet && handle->type == SOCK_STREAM)
        buffer_add_text(to, _("a TCP socket"));
    else if (inet && handle->type == SOCK_DGRAM)
        buffer_add_text(to, _("a UDP socket"));
    else if (handle->family == AF_UNIX)
        buffer_add_text(to, _("an AF_UNIX socket"));
    else
        buffer_add_text(to, _("a socket of another kind"));
}

// Part `i` of the call as socket and socketpair know it: family, type, protocol.
static void show_part(const struct scene *scene, size_t i, struct buffer *to)
{
    static const enum family families[] = {FAMILY_AF, FAMILY_SOCK, FAMILY_IPPROTO};
    bool pair = strcmp(scene->call->command->name, "socketpair") == 0;
    const int usual[] = {pair ? AF_UNIX : AF_INET, SOCK_STREAM, 0};
    symbol_show(families[i], arg_number_or(scene->call, i, usual[i]), to);
}

// The two halves of a name that was looked up: of the address, or the arguments of getaddrinfo.
static void show_name(const struct scene *scene, bool host, struct buffer *to)
{
    struct str text = {0};
    if (scene->to != NULL && scene->to->kind == ADDRESS_NAME)
        text = host ? (struct str){scene->to->text, scene->to->host_size}
                    : (struct str){scene->to->text + scene->to->host_size,
                                   (size_t)(scene->to->text_size - scene->to->host_size)};
    else if (arg(scene->call, host ? 0 : 1).type == TYPE_BYTES)
        text = arg_str(scene->call, host ? 0 : 1);
    bytes_show(text, 60, to);
}

// What concerns the two sockets.
static bool show_socket_slot(const struct scene *scene, struct str name, struct buffer *to)
{
    if (str_is(name, "socket"))
        buffer_print(to, "%d", scene->handle->fd);
    else if (str_is(name, "handle"))
        show_handle(scene, to);
    else if (str_is(name, "kind"))
        show_kind(scene, to);
    else if (str_is(name, "other"))
        show_other(scene, to);
    else if (str_is(name, "that"))
        buffer_print(to, "%d", scene->other->fd);
    else
        return false;
    return true;
}

// Addresses and their parts.
static bool show_address_slot(const struct scene *scene, struct str name, struct buffer *to)
{
    if (str_is(name, "local"))
        address_show(&scene->local, to);
    else if (str_is(name, "peer"))
        address_show(&scene->peer, to);
    else if (str_is(name, "address"))
        address_show(scene->to, to);
    else if (str_is(name, "found"))
        address_show(&scene->found, to);
    else if (str_is(name, "path"))
        address_show_host(scene->to, to);
    else if (str_is(name, "port"))
        buffer_print(to, "%u", scene->to->port);
    else if (str_is(name, "host") || str_is(name, "service"))
        show_name(scene, str_is(name, "host"), to);
    else
        return false;
    return true;
}

// Numbers, names, and what socket was asked for.
static void show_other_slot(const struct scene *scene, struct str name, struct buffer *to)
{
    if (str_is(name, "amount"))
        buffer_print(to, "%lld", (long long)scene->amount);
    else if (str_is(name, "time"))
        value_show(value_duration(scene->amount), to);
    else if (str_is(name, "text"))
        buffer_add_text(to, scene->call->error.error->text);
    else if (str_is(name, "word"))
        buffer_add_text(to, scene->word);
    else if (str_is(name, "refusal"))
        buffer_add_text(to, network_refusal());
    else if (str_is(name, "here") || str_is(name, "there"))
        lan_show(str_is(name, "here") ? scene->here : scene->there, to);
    else if (str_is(name, "call"))
        buffer_add_text(to, scene->call->command->name);
    else if (str_is(name, "family"))
        show_part(scene, 0, to);
    else if (str_is(name, "type"))
        show_part(scene, 1, to);
    else
        show_part(scene, 2, to);
}

void situation_show(const struct scene *scene, const char *text, struct buffer *to)
{
    struct str rest = str_from(text);
    while (rest.size > 0) {
        size_t open = str_find(rest, STR("{"), 0), close = str_find(rest, STR("}"), 0);
        buffer_add(to, str_slice(rest, 0, open));
        if (open == SIZE_MAX)
            return;
        struct str name = str_slice(rest, open + 1, close);
        if (!show_socket_slot(scene, name, to) && !show_address_slot(scene, name, to))
            show_other_slot(scene, name, to);
        rest = str_slice(rest, close + 1, rest.size);
    }
}
