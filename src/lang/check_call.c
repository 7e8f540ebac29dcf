// check_call: counts and literal types of a call's arguments, against its row or its function's
// parameters.

#include <string.h>

#include "base/message.h"
#include "base/nearest.h"
#include "lang/check.h"

enum type check_static_type(const struct node *node)
{
    switch (node->type) {
    case NODE_LITERAL:
        return node->literal.type;
    case NODE_TEXT:
        return TYPE_BYTES;
    case NODE_LIST:
        return TYPE_LIST;
    case NODE_NOT:
    case NODE_AND:
    case NODE_OR:
        return TYPE_BOOL;
    default:
        return TYPE_ANY;
    }
}

// Looks through a program and what it sources. Whether there was one; `*found` is it then.
static bool find_definition(const struct program *program, struct str name,
                            const struct definition **found)
{
    for (size_t i = 0; i < program->definitions.count; i++) {
        *found = program->definitions.items[i]->definition;
        if (str_equal((*found)->name, name))
            return true;
    }
    for (size_t i = 0; i < program->includes.count; i++)
        if (find_definition(program->sourced[i], name, found))
            return true;
    return false;
}

const struct definition *check_definition(const struct checker *checker, struct str name)
{
    const struct definition *found = NULL;
    if (find_definition(checker->top, name, &found))
        return found;
    const struct function *function = world_function(checker->world, name);
    return function ? atomic_load(&function->definition) : NULL;
}

// --- text of the script
// ---------------------------------------------------------------------------

static struct str text_between(const struct checker *checker, size_t start, size_t end)
{
    return str_slice(checker->program->source.text, start, end);
}

// A duration among the arguments of a call that waits: how long it may, most likely.
static bool hint_timeout(struct checker *checker, const struct node *call, const struct node *arg)
{
    const struct command *command = call->call.command;
    if (check_static_type(arg) != TYPE_DURATION || command == NULL || command->waits == NULL ||
        command->params.count == 0 || !(command->params.items[0].type & TYPE_HANDLE))
        return false;
    struct range socket = call->call.args.items[0]->range;
    diag_hint(checker->diag, _("how long it may wait is set before: settimeout %.*s %.*s"),
              STR_ARG(text_between(checker, socket.start, socket.end)),
              STR_ARG(text_between(checker, arg->range.start, arg->range.end)));
    return true;
}

// --- counts --------------------------------------------------------------------------------------

// Whether as many arguments stand there as the parameters ask for; usage is the hint.
static bool check_count(struct checker *checker, const struct node *call, struct params params)
{
    size_t given = call->call.args.count;
    if (given >= params_least(params) && given <= params_most(params))
        return true;
    struct buffer usage = {0};
    usage_show(call->call.name, params, &usage);
    // The first one that is missing is named; what is too much is underlined whole.
    if (given < params_least(params)) {
        check_mistake(checker, call->call.name_range, _("%.*s lacks its %s"),
                      STR_ARG(call->call.name), params.items[given].name);
    } else {
        struct range range = call->call.args.items[params_most(params)]->range;
        range.end = call->call.args.items[given - 1]->range.end;
        check_mistake(checker, range, _("%.*s does not take this"), STR_ARG(call->call.name));
        if (hint_timeout(checker, call, call->call.args.items[params_most(params)])) {
            buffer_finish(&usage);
            return false;
        }
    }
    diag_hint(checker->diag, _("usage: %s"), buffer_text(&usage));
    buffer_finish(&usage);
    return false;
}

// --- literal types -------------------------------------------------------------------------------

enum type check_option_types(const struct option *option)
{
    switch (option->type) {
    case OPTION_BOOL:
        return TYPE_INT | TYPE_BOOL;
    case OPTION_LINGER:
        return TYPE_DURATION | TYPE_NONE;
    case OPTION_TIMEVAL:
    case OPTION_SECONDS:
    case OPTION_MILLISECONDS:
        return TYPE_DURATION;
    case OPTION_GROUP:
        return TYPE_BYTES | TYPE_LIST;
    case OPTION_INT:
    case OPTION_CONSTANT:
        return TYPE_INT;
    default:
        return TYPE_BYTES;
    }
}

// "5" where 5 is meant, "AF_INET" where AF_INET is.
static bool hint_quoted(struct checker *checker, enum type wanted, const struct node *arg)
{
    uint64_t number;
    struct str text = arg->type == NODE_LITERAL ? value_str(arg->literal) : (struct str){0};
    if (!(wanted & TYPE_INT) || text.size == 0)
        return false;
    if (symbol_find(text) == NULL && !str_to_number(text, INT64_MAX, &number))
        return false;
    diag_hint(checker->diag, _("write %.*s without quotes"), STR_ARG(text));
    return true;
}

// How a value of the wanted type is written.
static void hint_type(struct checker *checker, enum type wanted, const struct node *arg)
{
    static const struct {
        enum type type;
        const char *hint;
    } hints[] = {
        {TYPE_ADDRESS, N_("an address is a host and a port: 127.0.0.1:9999")},
        {TYPE_DURATION, N_("a duration has a unit: 500ms, 2s, 1m")},
        {TYPE_HANDLE, N_("socket and accept give handles: s = socket")},
        {TYPE_BYTES, N_("bytes are written \"…\"")},
        {TYPE_LIST, N_("a list is written [a, b]")},
        {TYPE_ACTOR, N_("spawn gives actors, and each has a name: server, tcplink.1")},
    };
    if (hint_quoted(checker, wanted, arg))
        return;
    for (size_t i = 0; i < sizeof hints / sizeof *hints; i++) {
        if (wanted & hints[i].type) {
            diag_hint(checker->diag, "%s", _(hints[i].hint));
            return;
        }
    }
}

// Whether a value of that type can stand for the parameter; what is decoded when it runs (invoke.c)
// passes.
static bool fits(const struct param *param, enum type type)
{
    enum type wanted = param->type;
    if (wanted & TYPE_HANDLE)
        wanted |= TYPE_INT;
    if (wanted & TYPE_ADDRESS)
        wanted |= TYPE_BYTES;
    return type & wanted;
}

// Says that arguments `i` and `j`, the one further left first, stand in each other's place:
// `sendto s 127.0.0.1:80 "x"`. Returns false.
static bool swapped(struct checker *checker, const struct node *call, size_t i, size_t j)
{
    const struct param *params = call->call.command->params.items;
    struct node *const *args = call->call.args.items;
    struct range first = args[i]->range, second = args[j]->range;
    size_t start = call->call.name_range.start;
    size_t end = args[call->call.args.count - 1]->range.end;
    check_mistake(checker, (struct range){first.start, second.end},
                  _("the %s and the %s of %.*s are swapped"), params[i].name, params[j].name,
                  STR_ARG(call->call.name));
    if (str_find(text_between(checker, start, end), STR("\n"), 0) != SIZE_MAX)
        return false; // a hint is one line
    return diag_hint(checker->diag, _("write %.*s%.*s%.*s%.*s%.*s"),
                     STR_ARG(text_between(checker, start, first.start)),
                     STR_ARG(text_between(checker, second.start, second.end)),
                     STR_ARG(text_between(checker, first.end, second.start)),
                     STR_ARG(text_between(checker, first.start, first.end)),
                     STR_ARG(text_between(checker, second.end, end)));
}

// The argument whose type fits the place of argument `i` and the other way round; the count of
// arguments when there is none. An int is a handle's number only where it is in that place already.
static size_t find_swapped(const struct node *call, size_t i)
{
    struct params params = call->call.command->params;
    size_t count = call->call.args.count, j = 0;
    enum type type = check_static_type(call->call.args.items[i]);
    if (i >= params.count || params.items[i].form != FORM_VALUE)
        return count;
    for (; j < count && j < params.count; j++) {
        bool number = type == TYPE_INT && (params.items[j].type & TYPE_HANDLE);
        if (j != i && !number && params.items[j].form == FORM_VALUE &&
            fits(&params.items[j], type) &&
            fits(&params.items[i], check_static_type(call->call.args.items[j])))
            return j;
    }
    return count;
}

// The mistake of a literal that cannot be what the parameter wants. Returns false.
static bool wrong_type(struct checker *checker, const struct node *call, size_t i,
                       const struct param *param)
{
    const struct node *arg = call->call.args.items[i];
    size_t other = find_swapped(call, i);
    if (other < call->call.args.count)
        return i < other ? swapped(checker, call, i, other) : swapped(checker, call, other, i);
    struct buffer text = {0};
    param_show_mismatch(call->call.command, param, check_static_type(arg), &text);
    check_mistake(checker, arg->range, "%s", buffer_text(&text));
    buffer_finish(&text);
    if (!hint_timeout(checker, call, arg))
        hint_type(checker, param->type, arg);
    return false;
}

// The value of an option by the option before it, when that is written out.
static bool check_option_value(struct checker *checker, const struct node *call, size_t i)
{
    const struct node *option = call->call.args.items[i - 1];
    const struct node *value = call->call.args.items[i];
    const struct symbol *symbol =
        option->type == NODE_LITERAL ? value_symbol_of(option->literal) : NULL;
    if (symbol == NULL)
        return true; // known when it runs
    enum type wanted = check_option_types(option_of(symbol));
    if (check_static_type(value) & wanted)
        return true;
    struct buffer types = {0};
    types_show_with_articles(wanted, &types);
    check_mistake(checker, value->range, _("the value of %s is %s, not %s"), symbol->name,
                  buffer_text(&types), type_with_article(check_static_type(value)));
    buffer_finish(&types);
    hint_type(checker, wanted, value);
    return false;
}

// A constant of another family is a mistake; a variable is looked at when it runs.
static bool check_option(struct checker *checker, const struct node *call, const struct node *arg)
{
    if (arg->type != NODE_LITERAL)
        return true;
    const struct symbol *symbol = value_symbol_of(arg->literal);
    if (symbol != NULL && symbol->family == FAMILY_OPTION && symbol->value == arg->literal.number)
        return true;
    check_mistake(checker, arg->range, _("%.*s wants the name of an option"),
                  STR_ARG(call->call.name));
    return diag_hint(checker->diag, _("as in: %.*s s SO_REUSEADDR%s"), STR_ARG(call->call.name),
                     call->call.command->params.count > 2 ? " 1" : "");
}

// Of literals only: a variable's number is looked at when it runs.
static bool check_bounds(struct checker *checker, const struct param *param,
                         const struct node *call, const struct node *arg)
{
    if (!param->bounded || arg->type != NODE_LITERAL || arg->literal.number >= param->least)
        return true;
    struct buffer least = {0};
    value_show(arg->literal.type == TYPE_DURATION ? value_duration(param->least)
                                                  : value_int(param->least),
               &least);
    check_mistake(checker, arg->range, _("the %s of %.*s is at least %s"), param->name,
                  STR_ARG(call->call.name), buffer_text(&least));
    buffer_finish(&least);
    return false;
}

// A string where an address is wanted must read as one.
static bool check_address(struct checker *checker, const struct node *arg)
{
    struct address address = {0};
    struct diag diag = {0};
    if (arg->type != NODE_LITERAL || arg->literal.type != TYPE_BYTES ||
        address_parse(value_str(arg->literal), &address, &diag))
        return true;
    check_mistake(checker, arg->range, "%s", diag.message);
    return diag_hint(checker->diag, "%s", diag.hint);
}

// By the form of its parameter first, for that decides what the type means.
static bool check_argument(struct checker *checker, const struct node *call, size_t i)
{
    struct params params = call->call.command->params;
    const struct param *param = &params.items[i < params.count ? i : params.count - 1];
    const struct node *arg = call->call.args.items[i];
    if (param->form == FORM_OPTION)
        return check_option(checker, call, arg);
    if (param->form == FORM_OPTION_VALUE)
        return check_option_value(checker, call, i);
    if (param->form == FORM_WORD || param->form == FORM_VARIABLE || arg->type == NODE_ACTOR)
        return true;
    if (!fits(param, check_static_type(arg)))
        return wrong_type(checker, call, i, param);
    if (param->type == TYPE_ADDRESS && !check_address(checker, arg))
        return false;
    return check_bounds(checker, param, call, arg);
}

// --- calls ---------------------------------------------------------------------------------------

bool check_gives_value(struct checker *checker, const struct node *node)
{
    if (node->type != NODE_CALL || node->call.command == NULL ||
        node->call.command->results.count > 0)
        return true;
    return check_mistake(checker, node->range, _("%.*s gives no value"), STR_ARG(node->call.name));
}

// A function that is defined nowhere: its name, or one that is near.
static bool unknown_function(struct checker *checker, const struct node *node)
{
    struct nearest nearest = nearest_begin(node->call.name);
    const struct names *functions = &checker->world->function_names;
    for (uint32_t i = 0; i < functions->count; i++)
        nearest_offer(&nearest, functions->items[i]);
    check_mistake(checker, node->call.name_range, _("there is no function \"%.*s\""),
                  STR_ARG(node->call.name));
    if (nearest.best.size)
        diag_hint(checker->diag, _("did you mean \"%.*s\"?"), STR_ARG(nearest.best));
    else
        diag_hint(checker->diag, _("define it: def %.*s { … }"), STR_ARG(node->call.name));
    return false;
}

// The definition of now says how many arguments it takes; invoke.c looks again, as a
// prompt may define it anew.
static bool check_function_call(struct checker *checker, struct node *node)
{
    const struct definition *definition = check_definition(checker, node->call.name);
    if (definition == NULL)
        return checker->loose || unknown_function(checker, node);
    node->call.function = world_function(checker->world, node->call.name);
    return check_count(checker, node, (struct params){definition->params, definition->param_count});
}

// Counts, types, and whether copies of what passes must be kept from the start.
static bool check_command_call(struct checker *checker, struct node *node)
{
    if (!check_count(checker, node, node->call.command->params))
        return false;
    for (size_t i = 0; i < node->call.args.count; i++)
        if (!check_argument(checker, node, i))
            return false;
    // The program being checked is still the checker's to write.
    struct program *program = (struct program *)checker->top;
    program->uses_records = program->uses_records || node->call.command->wants_records;
    program->uses_packets = program->uses_packets || node->call.command->wants_packets;
    return true;
}

// A word that no variable has: where text or an address is wanted, it may have been meant as that.
static void hint_word(struct checker *checker, const struct node *call, size_t i)
{
    const struct node *arg = call->call.args.items[i];
    const struct command *command = call->call.command;
    // A hint that says more is there already.
    if (arg->type != NODE_VARIABLE || checker->diag->hint[0] || command == NULL ||
        command->params.count == 0)
        return;
    size_t last = command->params.count - 1;
    const struct param *param = &command->params.items[i < last ? i : last];
    enum type wanted = param->type;
    if (param->form == FORM_VARIABLE)
        diag_hint(checker->diag, _("give it a value first: %.*s = \"\""),
                  STR_ARG(arg->variable.name));
    else if (wanted & TYPE_BYTES)
        diag_hint(checker->diag, _("text stands in quotes: \"%.*s\""), STR_ARG(arg->variable.name));
    else if (wanted & TYPE_ADDRESS)
        diag_hint(checker->diag, _("an address is a host and a port: %.*s:80"),
                  STR_ARG(arg->variable.name));
    else if (wanted & TYPE_HANDLE)
        diag_hint(checker->diag, "%s", _("socket and accept give handles: s = socket"));
}

// Each argument for itself, before anything is said of the call.
static bool check_arguments(struct checker *checker, const struct node *call)
{
    for (size_t i = 0; i < call->call.args.count; i++) {
        struct node *arg = call->call.args.items[i];
        if (!check_node(checker, arg)) {
            hint_word(checker, call, i);
            return false;
        }
        if (!check_gives_value(checker, arg))
            return false;
    }
    return true;
}

bool check_call(struct checker *checker, struct node *node)
{
    return check_arguments(checker, node) &&
           (node->call.command ? check_command_call(checker, node)
                               : check_function_call(checker, node));
}
