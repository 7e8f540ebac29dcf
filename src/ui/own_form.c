// own_form: telling the prompt's own forms from statements.

#include "ui/own_form.h"

#include "lang/lexer.h"

// Where a part of the line stands in it.
static struct range range_of(struct str line, struct str part)
{
    size_t start = part.size ? (size_t)(part.data - line.data) : line.size;
    return (struct range){start, start + part.size};
}

// Whether it is the name of an actor, or the beginning of one, and nothing else.
static bool is_plain_name(struct str text)
{
    bool good = text.size == 0 || is_name_start(text.data[0]);
    for (size_t i = 0; good && i < text.size; i++)
        good = is_name_part(text.data[i]);
    return good;
}

// ?NAME or NAME ?, with nothing but one word.
static enum own_form help_form(struct str line, struct str text, struct range *name)
{
    bool before = text.data[0] == '?', after = text.data[text.size - 1] == '?';
    struct str topic =
        str_trim(str_slice(text, before ? 1 : 0, text.size - (before ? 0 : 1)), " \t");
    *name = range_of(line, topic);
    return (before || after) && str_find(topic, STR(" "), 0) == SIZE_MAX ? OWN_HELP : OWN_NONE;
}

enum own_form own_form_of(struct str line, struct range *name)
{
    struct str text = str_trim(line, " \t\r\n"), rest = str_slice(text, 1, text.size);
    *name = range_of(line, rest);
    if (text.size == 0)
        return OWN_NONE;
    if (text.data[0] == '!')
        return OWN_SHELL;
    if (text.data[0] == '@' && is_plain_name(rest))
        return OWN_ACTOR;
    if (!str_is(text, "fg") && !str_is(text, "bg"))
        return help_form(line, text, name);
    *name = range_of(line, text);
    return OWN_JOBS;
}
