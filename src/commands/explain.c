// explain: finding the long texts, showing them, and the command of that name.

#include "commands/explain.h"

#include <ctype.h>
#include <string.h>

#include "actor/actor.h"
#include "actor/report.h"
#include "base/message.h"
#include "base/nearest.h"
#include "base/table.h"
#include "commands/help.h"
#include "commands/help_page.h"
#include "commands/rows.h"
#include "commands/situation.h"

// --- finding -------------------------------------------------------------------------------------

// As in names: lower case, words joined by a dash.
static char plain(char c)
{
    return c == ' ' || c == '_' ? '-' : (char)tolower((unsigned char)c);
}

static bool is_called(const struct explanation *explanation, struct str name)
{
    if (name.size != strlen(explanation->name))
        return false;
    for (size_t i = 0; i < name.size; i++)
        if (plain(name.data[i]) != plain(explanation->name[i]))
            return false;
    return true;
}

static const struct explanation *find_in(const struct explanation *list, struct str name)
{
    for (; list->name != NULL; list++)
        if (is_called(list, name))
            return list;
    return NULL;
}

static const struct explanation *find_by_name(struct str name)
{
    const struct explanation *found = find_in(explain_errnos, name);
    return found != NULL ? found : find_in(explain_topics, name);
}

const struct explanation *explain_find(struct str name)
{
    const struct explanation *found = find_by_name(name);
    const struct symbol *symbol = symbol_find(name);
    if (found != NULL || symbol == NULL ||
        (symbol->family != FAMILY_ERRNO && symbol->family != FAMILY_EAI))
        return found;
    // EALREADY is told with EINPROGRESS, and EWOULDBLOCK is EAGAIN.
    for (size_t i = 0; i < situation_count; i++)
        if (situations[i].number == symbol->value)
            return find_by_name(str_from(situations[i].topic));
    return NULL;
}

struct str explain_nearest(struct str name)
{
    struct nearest nearest = nearest_begin(name);
    for (const struct explanation *e = explain_errnos; e->name != NULL; e++)
        nearest_offer(&nearest, str_from(e->name));
    for (const struct explanation *e = explain_topics; e->name != NULL; e++)
        nearest_offer(&nearest, str_from(e->name));
    return nearest.best;
}

// --- showing -------------------------------------------------------------------------------------

// Set off by two blanks, and runs as it stands.
static void show_script(const char *script, struct buffer *to)
{
    struct str rest = str_from(script);
    while (rest.size > 0) {
        struct str line = str_take_line(&rest);
        buffer_print(to, "  %.*s\n", STR_ARG(line));
    }
}

void explain_show(const struct explanation *explanation, struct buffer *to)
{
    buffer_print(to, "%s: %s\n\n", explanation->name, _(explanation->title));
    page_add_paragraphs(str_from(_(explanation->happens)), to);
    buffer_add_char(to, '\n');
    show_script(explanation->script, to);
    buffer_add_char(to, '\n');
    page_add_paragraphs(str_from(_(explanation->program)), to);
}

static void list_all(const struct explanation *list, struct table *table)
{
    for (; list->name != NULL; list++) {
        table_add_text(table, list->name);
        table_add_text(table, _(list->title));
    }
}

// All names with their titles.
static void show_all(struct buffer *to)
{
    struct table table = {.columns = 2, .bare = true};
    list_all(explain_errnos, &table);
    list_all(explain_topics, &table);
    table_show(&table, to);
    table_finish(&table);
}

// --- the command ---------------------------------------------------------------------------------

// A copy of any actor's last error: who asks is mostly not the one that failed.
static struct value last_error(struct session *session)
{
    pthread_mutex_lock(&session->lock);
    struct value error = value_copy(session->last_error);
    pthread_mutex_unlock(&session->lock);
    return error;
}

// What it meant in its situation, then the text about such situations.
static void explain_error(struct value error, struct buffer *to)
{
    const struct symbol *symbol = error.error->name;
    const char *topic = error.error->topic;
    const struct explanation *explanation = topic != NULL ? find_by_name(str_from(topic)) : NULL;
    struct buffer here = {0};
    report_show_error(error, &here);
    page_add_text(buffer_str(&here), 0, to);
    buffer_clear(&here);
    if (error.error->advice != NULL && error.error->advice[0]) {
        buffer_print(&here, _("try: %s"), error.error->advice);
        page_add_text(buffer_str(&here), 0, to);
    }
    buffer_finish(&here);
    buffer_add_char(to, '\n');
    if (explanation == NULL && symbol != NULL)
        explanation = explain_find(str_from(symbol->name));
    if (explanation != NULL)
        explain_show(explanation, to);
    else if (symbol != NULL)
        help_symbol(symbol, to);
}

// An error, so that a script notices; at the prompt it reads as an answer.
static bool refuse_name(struct call *call, struct str name)
{
    struct str nearest = explain_nearest(name);
    if (nearest.size == 0)
        nearest = help_nearest(name);
    struct buffer shown = {0};
    bytes_show(name, 40, &shown);
    if (nearest.size > 0)
        call_refused(call, _("nothing is explained under %s; did you mean %.*s?"),
                     buffer_text(&shown), STR_ARG(nearest));
    else
        call_refused(call, _("nothing is explained under %s; explain topics lists all names"),
                     buffer_text(&shown));
    buffer_finish(&shown);
    return false;
}

// Constants that are no errno are help's.
static bool explain_name(struct call *call, struct str name, struct buffer *to)
{
    const struct explanation *explanation = explain_find(name);
    const struct symbol *symbol = symbol_find(name);
    if (explanation != NULL)
        explain_show(explanation, to);
    else if (symbol != NULL)
        help_symbol(symbol, to);
    else if (str_is(name, "topics"))
        show_all(to);
    else
        return refuse_name(call, name);
    return true;
}

// Alone, it goes on from the last error.
static bool run_explain(struct call *call)
{
    struct buffer text = {0};
    struct value error = last_error(session_of_call(call));
    bool good = true;
    page_fit_terminal();
    if (arg_given(call, 0))
        good = explain_name(call, arg_str(call, 0), &text);
    else if (error.type == TYPE_ERROR)
        explain_error(error, &text);
    else
        good = call_refused(call, _("no call has failed yet; explain topics lists what can be "
                                    "explained"));
    if (good)
        actor_write(actor_of_call(call), STREAM_OUTPUT, buffer_str(&text));
    value_release(error);
    buffer_finish(&text);
    return good;
}

// The name is a word, so that no quotes are needed.
const struct command command_explain = {
    .name = "explain",
    .summary = N_("explain an error at length; alone: the last one"),
    .group = GROUP_SESSION,
    .params = PARAMS({.name = "name",
                      .type = TYPE_BYTES,
                      .form = FORM_WORD,
                      .subject = SUBJECT_ERROR,
                      .optional = true}),
    .example = "explain EADDRINUSE\nexplain empty-recv\nexplain topics",
    .topic = "errors",
    .run = run_explain,
};
