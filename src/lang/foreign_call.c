// foreign_call: calls of Python's and C's functions as calls of commands.

#include <string.h>

#include "lang/command.h"
#include "lang/foreign_read.h"

// --- arguments -----------------------------------------------------------------------------------

// What C passes beside the values: an address of a variable, a cast to one, a size. Stands as "&".
static bool read_beside(struct foreign *reader, struct piece *piece)
{
    static const char *const signs[] = {"&", "(struct", "(const struct", "sizeof", "strlen"};
    size_t depth = 0, i = 0;
    foreign_skip(reader);
    while (i < sizeof signs / sizeof *signs &&
           !str_starts(foreign_rest(reader), str_from(signs[i])))
        i++;
    if (i == sizeof signs / sizeof *signs)
        return false;
    for (; reader->at < reader->text.size; reader->at++) {
        char c = reader->text.data[reader->at];
        if (depth == 0 && (c == ',' || c == ')'))
            break;
        depth += c == '(';
        depth -= c == ')';
    }
    buffer_add_char(&piece->text, '&');
    return true;
}

// target=tcplink, args=(sock, addr): the name of the parameter is dropped. Whether it was `args`.
static bool skip_keyword(struct foreign *reader)
{
    struct foreign ahead = *reader;
    struct str name = foreign_name(&ahead);
    if (name.size == 0 || !foreign_take(&ahead, "=") || str_starts(foreign_rest(&ahead), STR("=")))
        return false;
    *reader = ahead;
    return str_is(name, "args");
}

bool foreign_arguments(struct foreign *reader, struct arguments *arguments)
{
    while (!reader->bad && !foreign_take(reader, ")")) {
        bool spread = skip_keyword(reader) && foreign_take(reader, "(");
        if (spread && reader->depth++ < FOREIGN_DEEP) {
            foreign_arguments(reader, arguments);
            reader->depth--;
        } else if (spread) {
            reader->bad = true;
        } else if (arguments->count == FOREIGN_ARGUMENTS) {
            reader->bad = true;
        } else {
            struct piece *piece = &arguments->items[arguments->count++];
            if (!read_beside(reader, piece))
                foreign_expression(reader, piece);
        }
        foreign_skip(reader);
        // A comma behind the last one makes Python's tuple of one.
        if (!reader->bad && !foreign_take(reader, ",") &&
            !str_starts(foreign_rest(reader), STR(")")))
            reader->bad = true;
    }
    return !reader->bad;
}

// --- commands ------------------------------------------------------------------------------------

// What C's functions take that the commands do not: a bit for each argument.
static const struct {
    const char *name, *command;
    size_t least;     // arguments, from which on this holds
    unsigned dropped; // bits
} functions[] = {
    {"send", "send", 3, 1 << 2},
    {"write", "send", 3, 1 << 2},
    {"recv", "recv", 3, 1 << 1},
    {"read", "recv", 3, 1 << 1},
    {"sendto", "sendto", 6, 1 << 2 | 1 << 3},
    {"recvfrom", "recvfrom", 6, 1 << 1 | 1 << 3},
    {"gethostbyname", "getaddrinfo", 1, 0},
};

static bool is_level(const struct piece *piece)
{
    struct str text = buffer_str(&piece->text);
    return str_starts(text, STR("SOL_")) || str_starts(text, STR("IPPROTO_"));
}

// One argument for that parameter. False when it has no place in the command.
static bool add_argument(const struct param *param, struct piece *piece, struct buffer *to)
{
    struct str text = buffer_str(&piece->text);
    uint64_t number;
    bool beside = str_is(text, "&");
    if (param == NULL || (param->optional && str_is(text, "0")))
        return false;
    if (beside && param->type != TYPE_ADDRESS && param->form != FORM_OPTION_VALUE &&
        strcmp(param->name, "size") != 0)
        return false;
    buffer_add_char(to, ' ');
    if (beside)
        buffer_add_text(to, param->type == TYPE_ADDRESS        ? "HOST:PORT"
                            : param->form == FORM_OPTION_VALUE ? "1"
                                                               : "1024");
    else
        foreign_add_argument(piece, to);
    // Python counts seconds, without a unit.
    if (param->type == TYPE_DURATION && str_to_number(text, INT64_MAX, &number))
        buffer_add_char(to, 's');
    return true;
}

// NAME [OBJECT] ARGUMENTS. False when there is no such command.
static bool add_command(struct str name, struct piece *object, struct arguments *arguments,
                        struct buffer *to)
{
    unsigned dropped = 0;
    for (size_t i = 0; object == NULL && i < sizeof functions / sizeof *functions; i++) {
        if (str_is(name, functions[i].name) && arguments->count >= functions[i].least) {
            name = str_from(functions[i].command);
            dropped = functions[i].dropped;
            break;
        }
    }
    const struct command *command = command_find(name);
    size_t next = 0;
    if (command == NULL)
        return false;
    buffer_add(to, name);
    if (object != NULL) {
        buffer_add_char(to, ' ');
        foreign_add_argument(object, to);
        next = 1;
    }
    for (size_t i = 0; i < arguments->count; i++) {
        struct params params = command->params;
        const struct param *param = next < params.count ? &params.items[next] : NULL;
        if (param == NULL && params.count > 0 && params.items[params.count - 1].many)
            param = &params.items[params.count - 1];
        bool level = next == 1 && param != NULL && param->form == FORM_OPTION;
        if ((dropped >> i & 1) || (level && is_level(&arguments->items[i])))
            continue;
        next += add_argument(param, &arguments->items[i], to);
    }
    return true;
}

// --- methods -------------------------------------------------------------------------------------

// Python's modules, whose names say nothing here.
static bool is_module(struct str name)
{
    static const char *const names[] = {"socket", "time", "threading", "select", "os", "sys"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_is(name, names[i]))
            return true;
    return false;
}

// Those that become something else than a command with the object in front. `piece` is the object
// and becomes the result.
static bool special_method(struct str name, struct arguments *arguments, struct piece *piece)
{
    struct str object = buffer_str(&piece->text);
    struct buffer text = {0};
    if (str_is(name, "decode") || str_is(name, "encode") ||
        (str_is(name, "start") && str_starts(object, STR("spawn "))))
        return true;
    if (str_is(name, "Thread") && arguments->count > 0) {
        buffer_add_text(&text, "spawn");
        for (size_t i = 0; i < arguments->count; i++) {
            buffer_add_char(&text, ' ');
            foreign_add_argument(&arguments->items[i], &text);
        }
    } else if (str_is(name, "join") && str_starts(object, STR("\"")) && arguments->count == 1) {
        buffer_add_text(&text, "concat ");
        foreign_add_argument(&arguments->items[0], &text);
        if (object.size > 2)
            buffer_print(&text, " %.*s", STR_ARG(object));
    } else {
        return false;
    }
    buffer_finish(&piece->text);
    *piece = (struct piece){text, PIECE_CALL};
    return true;
}

// OBJECT.NAME(…), MODULE.NAME(…) or NAME(…) with `name` empty.
static bool convert(struct str name, struct arguments *arguments, struct piece *piece)
{
    struct buffer text = {0};
    struct str object = buffer_str(&piece->text);
    bool function = name.size == 0, module = !function && is_module(object);
    if (!function && special_method(name, arguments, piece))
        return true;
    if (!add_command(function ? object : name, function || module ? NULL : piece, arguments, &text))
        return false;
    buffer_finish(&piece->text);
    *piece = (struct piece){text, PIECE_CALL};
    return true;
}

bool foreign_call(struct foreign *reader, struct piece *piece)
{
    struct arguments arguments = {0};
    struct str name = {0};
    reader->foreign = true;
    if (foreign_take(reader, ".")) {
        name = foreign_name(reader);
        reader->bad = name.size == 0;
    }
    if (!reader->bad && !foreign_take(reader, "(")) { // socket.AF_INET
        reader->bad = !is_module(buffer_str(&piece->text));
        buffer_clear(&piece->text);
        buffer_add(&piece->text, name);
        return !reader->bad;
    }
    if (!reader->bad && foreign_arguments(reader, &arguments) && !convert(name, &arguments, piece))
        reader->bad = true;
    foreign_arguments_finish(&arguments);
    return !reader->bad;
}
