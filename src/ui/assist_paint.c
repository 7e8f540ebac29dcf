// assist_paint: what each part of a line is, for its colour.
//
// Each octet of the line gets its look first, and runs of one look become spans at the end: what is
// painted later, such as a mistake, covers what was there.

#include <stdlib.h>
#include <string.h>

#include "actor/variables.h"
#include "base/memory.h"
#include "lang/parser.h"
#include "ui/assist_walk.h"

// One line being painted.
struct painting {
    const struct assist *assist;
    struct str text;      // what was entered before, and the line
    size_t begin;         // where the line begins in it
    size_t cursor;        // in it as well
    unsigned char *looks; // enum look, by octet of the line
    bool sources;         // a file is sourced: what it defines is not known here
};

// Paints what lies in the line of a part of the text.
static void paint(struct painting *painting, struct range range, enum look look)
{
    size_t end = range.end < painting->text.size ? range.end : painting->text.size;
    size_t start = range.start > painting->begin ? range.start : painting->begin;
    if (start < end)
        memset(painting->looks + (start - painting->begin), (int)look, end - start);
}

// Whether the cursor has it just behind it, or stands within.
static bool is_in_progress(const struct painting *painting, struct range range)
{
    return painting->cursor >= range.start && painting->cursor <= range.end;
}

// --- values --------------------------------------------------------------------------------------

// The search for one variable of one actor.
struct sought {
    struct str name;
    enum type type; // found; TYPE_UNSET while not
};

static void look_at_variable(const struct actor *actor, const struct variable *variable,
                             void *context)
{
    struct sought *sought = context;
    (void)actor;
    if (str_equal(variable->name, sought->name))
        sought->type = variable->type;
}

// A name where a value stands.
static enum look look_of_name(const struct walk *walk, struct str actor)
{
    struct sought sought = {.name = walk_text(walk)};
    if (symbol_find(sought.name))
        return LOOK_CONSTANT;
    variables_each(walk->assist->session, actor, look_at_variable, &sought);
    if (sought.type == TYPE_HANDLE)
        return LOOK_HANDLE;
    bool set = sought.type != TYPE_UNSET || names_find(&walk->set, sought.name) != NAME_MISSING;
    return set ? LOOK_VARIABLE : LOOK_PLAIN;
}

// A number is a handle's where one is wanted and there is one.
static enum look look_of_number(const struct walk *walk, const struct param *param)
{
    uint64_t number;
    if (param == NULL || param->type != TYPE_HANDLE ||
        !str_to_number(walk_text(walk), INT32_MAX, &number))
        return LOOK_NUMBER;
    struct handle *handle = handle_by_number((int64_t)number);
    if (handle == NULL)
        return LOOK_NUMBER;
    handle_release(handle);
    return LOOK_HANDLE;
}

// `param` is what the value is an argument for, NULL when it is none.
static enum look look_of_value(const struct walk *walk, struct str actor, const struct param *param)
{
    switch (walk->token.type) {
    case TOKEN_NAME:
        return look_of_name(walk, actor);
    case TOKEN_CONSTANTS:
        return LOOK_CONSTANT;
    case TOKEN_NUMBER:
        return look_of_number(walk, param);
    case TOKEN_DURATION:
        return LOOK_NUMBER;
    case TOKEN_ADDRESS:
        return LOOK_ADDRESS;
    case TOKEN_BAD: // what is not finished: a string, or a \ at the line's end
        if (walk->lexer.diag.incomplete)
            return char_is_one_of(walk_text(walk).data[0], "\"'") ? LOOK_STRING : LOOK_PLAIN;
        return LOOK_MISTAKE;
    default:
        return LOOK_STRING;
    }
}

// What `help` is asked about, in the colour that it has elsewhere.
static enum look look_of_topic(struct str topic)
{
    if (command_find(topic))
        return LOOK_COMMAND;
    if (symbol_find(topic))
        return LOOK_CONSTANT;
    return is_language_word(topic) ? LOOK_WORD : LOOK_PLAIN;
}

static enum look look_of_text(const struct walk *walk, const struct param *param)
{
    if (param->subject == SUBJECT_HELP || param->subject == SUBJECT_ERROR)
        return look_of_topic(walk_text(walk));
    for (size_t i = 0; param->words && param->words[i]; i++)
        if (str_is(walk_text(walk), param->words[i]))
            return LOOK_CONSTANT;
    return LOOK_STRING;
}

// --- tokens --------------------------------------------------------------------------------------

// Between two tokens stand blanks, and comments from a # to the end of their line.
static void paint_gap(struct painting *painting, size_t start, size_t end)
{
    while (start < end) {
        size_t mark = str_find(painting->text, STR("#"), start);
        if (mark >= end)
            return;
        size_t newline = str_find(painting->text, STR("\n"), mark);
        start = newline < end ? newline : end;
        paint(painting, (struct range){mark, start}, LOOK_COMMENT);
    }
}

// The token at hand is taken.
static void paint_token(struct painting *painting, struct walk *walk)
{
    struct str actor = walk_level(walk)->actor;
    const struct param *param = walk_param(walk);
    enum look look = LOOK_PLAIN;
    enum role role = walk_take(walk);
    switch (role) {
    case ROLE_CALL:
        look = LOOK_COMMAND;
        painting->sources = painting->sources || str_is(walk_text(walk), "source");
        break;
    case ROLE_WORD:
        look = LOOK_WORD;
        break;
    case ROLE_TARGET:
        look = LOOK_VARIABLE;
        break;
    case ROLE_VALUE:
        look = look_of_value(walk, actor, param);
        break;
    case ROLE_ACTOR:
        look = LOOK_ACTOR;
        break;
    case ROLE_TEXT:
        look = look_of_text(walk, param);
        break;
    case ROLE_NONE:
        break;
    }
    if (look != LOOK_MISTAKE || !is_in_progress(painting, walk->token.range))
        paint(painting, walk->token.range, look);
    // The @ has the colour of its name.
    if (role == ROLE_ACTOR && walk->token.range.start > 0 &&
        painting->text.data[walk->token.range.start - 1] == '@')
        paint(painting, (struct range){walk->token.range.start - 1, walk->token.range.start},
              LOOK_ACTOR);
}

// --- mistakes ------------------------------------------------------------------------------------

// The text with all that is open closed, so that what stands within can be checked.
static void close_all(const struct walk *walk, struct str text, struct buffer *to)
{
    buffer_add(to, text);
    for (size_t i = walk->count; i-- > 1;)
        buffer_add_text(to, walk->levels[i].opener == TOKEN_OPEN        ? ")"
                            : walk->levels[i].opener == TOKEN_OPEN_LIST ? "]"
                                                                        : "\n}");
}

// A call that lacks arguments may still get them, and a name alone may get an = behind it.
static bool may_become_right(const struct walk *walk, struct range range)
{
    for (size_t i = 0; i < walk->count; i++) {
        struct range call = walk->levels[i].call, lone = walk->levels[i].lone;
        if ((range.start == call.start && range.end == call.end) ||
            (range.start == lone.start && range.end == lone.end))
            return true;
    }
    return false;
}

// Asks parser and checker. The walk is at the end of the text.
static void paint_mistake(struct painting *painting, const struct walk *walk)
{
    struct world *world = &painting->assist->session->world;
    struct diag diag = {0};
    struct buffer closed = {0};
    bool good = program_try(world, painting->text, painting->assist->actor, &diag);
    if (!good && diag.incomplete && walk->count > 1) {
        close_all(walk, painting->text, &closed);
        diag = (struct diag){0};
        good = program_try(world, buffer_str(&closed), painting->assist->actor, &diag);
    }
    buffer_finish(&closed);
    if (!good && !diag.incomplete && !may_become_right(walk, diag.range) &&
        !is_in_progress(painting, diag.range))
        paint(painting, diag.range, LOOK_MISTAKE);
}

// --- the line ------------------------------------------------------------------------------------

static void paint_statements(struct painting *painting)
{
    struct walk walk;
    size_t seen = 0;
    walk_begin(&walk, painting->assist, painting->text, 0, EXPECT_STATEMENT);
    while (walk_read(&walk)) {
        paint_gap(painting, seen, walk.token.range.start);
        paint_token(painting, &walk);
        seen = walk.token.range.end;
    }
    paint_gap(painting, seen, painting->text.size);
    if (!painting->sources)
        paint_mistake(painting, &walk);
    walk_finish(&walk);
}

// False when it is no form of the prompt's own.
static bool paint_own_form(struct painting *painting, struct str line)
{
    struct range name;
    enum own_form form = walk_own_form(painting->assist, line, &name);
    if (form == OWN_ACTOR)
        paint(painting, (struct range){name.start - (name.start > 0), name.end}, LOOK_ACTOR);
    else if (form == OWN_HELP)
        paint(painting, name, look_of_topic(str_slice(line, name.start, name.end)));
    else if (form == OWN_JOBS)
        paint(painting, name, LOOK_COMMAND);
    return form != OWN_NONE;
}

// A guide's word, and what stands behind it. False when it is none of those.
static bool paint_guide_word(struct painting *painting, struct str line)
{
    const char *const *words = painting->assist->words;
    size_t end = str_find(line, STR(" "), 0);
    struct str word = str_slice(line, 0, end < line.size ? end : line.size);
    while (words != NULL && *words != NULL && !str_is(word, *words))
        words++;
    if (painting->begin > 0 || words == NULL || *words == NULL)
        return false;
    paint(painting, (struct range){0, word.size}, LOOK_COMMAND);
    return true;
}

static void add_spans(const struct painting *painting, size_t size, struct spans *spans)
{
    *spans = (struct spans){0};
    for (size_t i = 0; i < size; i++) {
        enum look look = painting->looks[i];
        if (spans->count > 0 && spans->items[spans->count - 1].look == look) {
            spans->items[spans->count - 1].end = i + 1;
            continue;
        }
        spans->items = mem_grow(spans->items, spans->count, &spans->capacity, sizeof *spans->items);
        spans->items[spans->count++] = (struct span){i, i + 1, look};
    }
}

void assist_paint(const struct assist *assist, struct str line, size_t cursor, struct spans *spans)
{
    struct buffer text = {0};
    buffer_add(&text, assist->before);
    buffer_add(&text, line);
    struct painting painting = {.assist = assist,
                                .text = buffer_str(&text),
                                .begin = assist->before.size,
                                .cursor = assist->before.size + cursor,
                                .looks = mem_zero(line.size + 1)};
    if (!paint_own_form(&painting, line) && !paint_guide_word(&painting, line))
        paint_statements(&painting);
    add_spans(&painting, line.size, spans);
    free(painting.looks);
    buffer_finish(&text);
}

void spans_finish(struct spans *spans)
{
    free(spans->items);
    *spans = (struct spans){0};
}
