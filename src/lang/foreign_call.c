// foreign_call: calls of Python's and C's functions as calls of commands.

#include <string.h>

#include "lang/check.h"
#include "lang/command.h"
#include "lang/foreign_read.h"
#include "lang/lexer.h"
#include "net/symbol.h"

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
    {"poll", "poll", 3, 1 << 1},
    {"closesocket", "close", 1, 0},
};

static bool is_level(const struct piece *piece)
{
    struct str text = buffer_str(&piece->text);
    return str_starts(text, STR("SOL_")) || str_starts(text, STR("IPPROTO_"));
}

// What a number counts where a duration is wanted here.
enum unit { UNIT_NONE, UNIT_SECONDS, UNIT_MILLISECONDS };

static enum unit unit_of(const struct command *command, const struct param *param,
                         const struct option *option)
{
    enum type type = param->type;
    bool milliseconds = strcmp(command->name, "poll") == 0;
    if (param->form == FORM_OPTION_VALUE && option != NULL) {
        type = check_option_types(option);
        milliseconds = option->type == OPTION_MILLISECONDS;
    }
    if (type == TYPE_ANY || !(type & TYPE_DURATION))
        return UNIT_NONE;
    return milliseconds ? UNIT_MILLISECONDS : UNIT_SECONDS;
}

// 0.5 as 500ms. Other languages say None for no limit; what is no number stays as it is.
static void add_duration(struct str text, enum unit unit, struct buffer *to)
{
    uint64_t whole, part = 0;
    size_t point = str_find(text, STR("."), 0);
    bool fraction = point != SIZE_MAX && text.size - point - 1 <= 3;
    struct str digits = str_slice(text, fraction ? point + 1 : text.size, text.size);
    if (str_is(text, "none")) {
        buffer_add_text(to, "0s");
    } else if (!str_to_number(str_slice(text, 0, fraction ? point : text.size), 999999, &whole) ||
               (fraction && !str_to_number(digits, 999, &part))) {
        buffer_add(to, text);
    } else {
        for (size_t i = digits.size; i < 3; i++)
            part *= 10;
        uint64_t all = unit == UNIT_SECONDS ? whole * 1000 + part : whole;
        bool even = all % 1000 == 0;
        buffer_print(to, even ? "%zus" : "%zums", (size_t)(even ? all / 1000 : all));
    }
}

// One argument for that parameter. False when it has no place in the command.
static bool add_argument(const struct param *param, struct piece *piece, enum unit unit,
                         struct buffer *to)
{
    struct str text = buffer_str(&piece->text);
    bool beside = str_is(text, "&");
    // poll's -1 is no limit.
    if (param->optional && (str_is(text, "0") || (unit != UNIT_NONE && str_is(text, "-1"))))
        return false;
    if (beside && param->type != TYPE_ADDRESS && param->form != FORM_OPTION_VALUE &&
        strcmp(param->name, "size") != 0)
        return false;
    buffer_add_char(to, ' ');
    if (beside)
        buffer_add_text(to, param->type == TYPE_ADDRESS        ? "HOST:PORT"
                            : param->form != FORM_OPTION_VALUE ? "1024"
                            : unit == UNIT_NONE                ? "1"
                                                               : "1s");
    else if (unit != UNIT_NONE && piece->form == PIECE_VALUE)
        add_duration(text, unit, to);
    else
        foreign_add_argument(piece, to);
    return true;
}

// The option of that name, or NULL.
static const struct option *find_option(struct str name)
{
    const struct symbol *symbol = symbol_find(name);
    return symbol && symbol->family == FAMILY_OPTION ? option_of(symbol) : NULL;
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
    const struct option *option = NULL;
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
        if (param != NULL && param->form == FORM_OPTION)
            option = find_option(buffer_str(&arguments->items[i].text));
        next += param != NULL &&
                add_argument(param, &arguments->items[i], unit_of(command, param, option), to);
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

// str(x) and repr(x) are "{x}"; bytes(x, 'utf-8') is x.
static bool special_function(struct str name, struct arguments *arguments, struct piece *piece)
{
    struct piece *value = &arguments->items[0];
    struct str text = buffer_str(&value->text);
    bool octets = str_is(name, "bytes"), plain = true;
    uint64_t number;
    if (arguments->count == 0 || (!octets && !str_is(name, "str") && !str_is(name, "repr")))
        return false;
    for (size_t i = 0; i < text.size; i++)
        plain = plain && !char_is_one_of(text.data[i], "\"}");
    struct piece result = {.form = octets ? value->form : PIECE_VALUE};
    if (!octets && str_to_number(text, INT64_MAX, &number))
        buffer_print(&result.text, "\"%.*s\"", STR_ARG(text));
    else if (octets || text.size == 0 || !is_name_start(text.data[0]) || !plain)
        buffer_add(&result.text, text);
    else
        buffer_print(&result.text, "\"{%.*s}\"", STR_ARG(text));
    buffer_finish(&piece->text);
    *piece = result;
    return true;
}

// OBJECT.NAME(…), MODULE.NAME(…) or NAME(…) with `name` empty.
static bool convert(struct str name, struct arguments *arguments, struct piece *piece)
{
    struct buffer text = {0};
    struct str object = buffer_str(&piece->text);
    bool function = name.size == 0, module = !function && is_module(object);
    if (function ? special_function(object, arguments, piece)
                 : special_method(name, arguments, piece))
        return true;
    // pack u16 80 is struct.pack('!H', 80), and poll takes all that an object of select's is told.
    if (str_is(object, "struct") || str_is(object, "select"))
        return false;
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
