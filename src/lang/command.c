// command: looking rows up, usage lines, and how a call ends.

#include "lang/command.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <netdb.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/message.h"

static const struct command *const *table; // of commands/table.c, a room above this one
static size_t table_count;                 // 0 until it is set

void command_table_set(const struct command *const *rows, size_t count)
{
    table = rows;
    table_count = count;
}

const struct command *const *command_rows(size_t *count)
{
    *count = table_count;
    return table;
}

// Of a str and a row, for bsearch(3).
static int by_name(const void *name, const void *row)
{
    const struct command *const *command = row;
    return str_compare(*(const struct str *)name, str_from((*command)->name));
}

const struct command *command_find(struct str name)
{
    const struct command *const *found =
        table_count ? bsearch(&name, table, table_count, sizeof *table, by_name) : NULL;
    return found ? *found : NULL;
}

// Whatever stands behind the first optional one may be left out with it.
size_t params_least(struct params params)
{
    size_t least = 0;
    while (least < params.count && !params.items[least].optional && !params.items[least].many)
        least++;
    return least;
}

size_t params_most(struct params params)
{
    return params.count && params.items[params.count - 1].many ? SIZE_MAX : params.count;
}

// Names of parameters stand in capitals, as in manual pages.
static void show_upper(const char *name, struct buffer *to)
{
    for (; *name; name++)
        buffer_add_char(to, (char)toupper((unsigned char)*name));
}

void usage_show(struct str name, struct params params, struct buffer *to)
{
    buffer_add(to, name);
    usage_show_params(params, 0, to);
}

void usage_show_params(struct params params, size_t from, struct buffer *to)
{
    for (size_t i = from; i < params.count; i++) {
        const struct param *param = &params.items[i];
        bool brackets = param->optional || param->many;
        buffer_add_text(to, brackets ? " [" : " ");
        show_upper(param->name, to);
        buffer_add_text(to, param->many ? " …" : "");
        buffer_add_text(to, brackets ? "]" : "");
    }
}

void param_show_mismatch(const struct command *command, const struct param *param, enum type given,
                         struct buffer *to)
{
    struct buffer wanted = {0}, name = {0};
    types_show_with_articles(param->type, &wanted);
    type_show(param->type, &name);
    // "sleep takes a duration as its duration" says it twice.
    if (str_is(buffer_str(&name), param->name))
        buffer_print(to, _("%s takes %s, not %s"), command->name, buffer_text(&wanted),
                     type_with_article(given));
    else
        buffer_print(to, _("%s takes %s as its %s, not %s"), command->name, buffer_text(&wanted),
                     param->name, type_with_article(given));
    buffer_finish(&wanted);
    buffer_finish(&name);
}

// --- how a call ends -----------------------------------------------------------------------------

int arg_int_or(const struct call *call, size_t i, int otherwise)
{
    int64_t number = arg_number_or(call, i, otherwise);
    // By a cast 2^32 would become 0, which may be a good number.
    if (number > INT_MAX)
        return INT_MAX;
    return number < INT_MIN ? INT_MIN : (int)number;
}

bool call_give_take(struct call *call, struct value value)
{
    if (value.type == TYPE_UNSET)
        return call_failed(call, ENOMEM);
    call->results[0] = value;
    call->result_count = 1;
    return true;
}

bool call_give_two_take(struct call *call, struct value first, struct value second)
{
    if (first.type == TYPE_UNSET || second.type == TYPE_UNSET) {
        value_release(first);
        value_release(second);
        return call_failed(call, ENOMEM);
    }
    call->results[0] = first;
    call->results[1] = second;
    call->result_count = 2;
    return true;
}

bool call_failed(struct call *call, int number)
{
    const struct symbol *symbol = symbol_of(FAMILY_ERRNO, number);
    // A number without a name is told as a number.
    const char *text = symbol ? _(symbol->meaning) : errno_name(number);
    call->error = value_error(symbol, str_from(text));
    return false;
}

bool call_failed_lookup(struct call *call, int eai)
{
    const struct symbol *symbol = symbol_of(FAMILY_EAI, eai);
    // glibc knows a code or two that the table may lack.
    const char *text = symbol ? _(symbol->meaning) : gai_strerror(eai);
    call->error = value_error(symbol, str_from(text));
    return false;
}

bool call_refused(struct call *call, const char *format, ...)
{
    char text[400];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    call->error = value_error(NULL, str_from(text));
    return false;
}
