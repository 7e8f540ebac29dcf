// world: programs, scopes and functions, and how a text and the files it sources become a program.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/message.h"
#include "lang/check.h"
#include "lang/foreign.h"
#include "lang/parser.h"
#include "lang/program.h"

enum {
    SOURCES_DEEP = 16, // files that source one another
    // Files of one program: each may source several, so that the depth alone bounds nothing.
    SOURCES_MOST = 1000,
};

void world_init(struct world *world)
{
    *world = (struct world){0};
    pthread_mutex_init(&world->lock, NULL);
}

// The text, the tree and its literals; the programs it sourced are the world's.
static void program_free(struct program *program)
{
    for (size_t i = 0; i < program->literals.count; i++)
        value_destroy_literal(program->literals.items[i]->literal);
    free(program->literals.items);
    free(program->definitions.items);
    free(program->includes.items);
    free(program->sourced);
    arena_finish(&program->arena);
    source_finish(&program->source);
    free(program);
}

// Frees a chain of programs and leaves it empty.
static void programs_free(struct program **programs)
{
    while (*programs != NULL) {
        struct program *next = (*programs)->next;
        program_free(*programs);
        *programs = next;
    }
}

void scopes_free(struct scope **scopes)
{
    while (*scopes != NULL) {
        struct scope *next = (*scopes)->next;
        names_finish(&(*scopes)->names);
        free((char *)(*scopes)->actor.data);
        free(*scopes);
        *scopes = next;
    }
}

void world_finish(struct world *world)
{
    programs_free(&world->programs);
    programs_free(&world->failed);
    scopes_free(&world->scopes);
    for (uint32_t i = 0; i < world->function_names.count; i++)
        free(world->functions[i]);
    free(world->functions);
    names_finish(&world->function_names);
    pthread_mutex_destroy(&world->lock);
}

struct scope *world_scope(struct world *world, struct str actor)
{
    // At the end of the list, whose order says which scopes are new (check.c).
    struct scope **last = &world->scopes;
    for (; *last != NULL; last = &(*last)->next)
        if (str_equal((*last)->actor, actor))
            return *last;
    struct scope *scope = mem_zero(sizeof *scope);
    scope->actor = (struct str){mem_copy(actor), actor.size};
    names_add(&scope->names, STR("args"));
    *last = scope;
    return scope;
}

struct function *world_function(const struct world *world, struct str name)
{
    uint32_t index = names_find(&world->function_names, name);
    return index == NAME_MISSING ? NULL : world->functions[index];
}

// A name that is called may be defined only later in the text, or never: see forget().
static void function_make(struct world *world, struct str name)
{
    uint32_t known = world->function_names.count;
    uint32_t index = names_add(&world->function_names, name);
    if (index < known)
        return;
    world->functions =
        mem_grow(world->functions, index, &world->function_capacity, sizeof *world->functions);
    struct function *function = mem_zero(sizeof *function);
    function->name = world->function_names.items[index];
    world->functions[index] = function;
}

// --- reading -------------------------------------------------------------------------------------

// One reading of a text and all that it sources.
struct reader {
    struct world *world;
    program_loader load;          // NULL: no files
    struct diag *diag;            // the first mistake
    const struct source **source; // of the diag
    struct names chain;           // files being read, outermost first
    size_t scanned, sourced;      // files so far, when looking for functions and when parsing
    bool loose;                   // as program_check() has it
};

// Walks over a text that is not parsed yet, from one statement to the next.
struct scan {
    struct lexer lexer;
    struct token token; // the first of a statement
};

static bool scan_at_word(const struct scan *scan, const char *word)
{
    return scan->token.type == TOKEN_NAME &&
           str_is(lexer_text(&scan->lexer, scan->token.range), word);
}

// As if a line's end had just been read: the first token begins a statement.
static void scan_begin(struct scan *scan, struct str text)
{
    *scan = (struct scan){.token.type = TOKEN_NEWLINE};
    lexer_init(&scan->lexer, text, 0, text.size);
}

// Goes to the next token that begins a statement, behind an @NAME too. False at the end.
static bool scan_next(struct scan *scan)
{
    for (bool actor = false;;) {
        enum token_type before = scan->token.type;
        actor = actor || before == TOKEN_AT;
        scan->token = lexer_next(&scan->lexer);
        if (scan->token.type == TOKEN_EOF)
            return false;
        if (before == TOKEN_NEWLINE || before == TOKEN_SEMICOLON || before == TOKEN_OPEN_BLOCK ||
            (actor && scan->token.spaced))
            return true;
    }
}

// The functions that a text defines are known in all of it, so they are found before it is parsed.
static void find_functions(struct reader *reader, struct str text)
{
    struct scan scan;
    scan_begin(&scan, text);
    while (scan_next(&scan)) {
        if (!scan_at_word(&scan, "def"))
            continue;
        scan.token = lexer_next(&scan.lexer);
        struct str word = lexer_text(&scan.lexer, scan.token.range);
        if (scan.token.type == TOKEN_NAME && !is_language_word(word) && !command_find(word) &&
            !symbol_find(word))
            function_make(reader->world, word);
    }
    lexer_finish(&scan.lexer);
}

static struct program *read_program(struct reader *reader, struct str name, struct str text);

// Reads the file that an include names. NULL with the diag set, at the name if the file itself
// cannot be had, else in the file.
static struct program *read_sourced(struct reader *reader, const struct program *program,
                                    const struct node *include)
{
    struct buffer text = {0};
    char why[200] = "";
    struct str file = include->include.file;
    struct program *sourced = NULL;
    uint32_t depth = reader->chain.count;
    // By name as it is written: a file under two names is caught by SOURCES_DEEP.
    if (names_find(&reader->chain, file) != NAME_MISSING)
        snprintf(why, sizeof why, "%s", _("it is being read already: it sources itself"));
    else if (depth >= SOURCES_DEEP)
        snprintf(why, sizeof why, "%s", _("files source one another too deeply"));
    else if (reader->sourced++ >= SOURCES_MOST)
        snprintf(why, sizeof why, "%s", _("these are too many files"));
    else if (reader->load == NULL)
        snprintf(why, sizeof why, "%s", _("no files are read here"));
    else if (reader->load(file, &text, why, sizeof why)) {
        names_add(&reader->chain, file);
        sourced = read_program(reader, file, buffer_str(&text));
        names_truncate(&reader->chain, depth);
    }
    if (why[0]) {
        diag_set(reader->diag, include->include.file_range, _("cannot source \"%.*s\": %s"),
                 STR_ARG(file), why);
        *reader->source = &program->source;
    }
    buffer_finish(&text);
    return sourced;
}

// Parses the text, then the files that it sources.
static bool parse_with_sources(struct reader *reader, struct program *program)
{
    *reader->source = &program->source;
    if (!parse(program, &reader->world->function_names, reader->diag))
        return false;
    program->sourced = mem_zero((program->includes.count + 1) * sizeof *program->sourced);
    for (size_t i = 0; i < program->includes.count; i++) {
        program->sourced[i] = read_sourced(reader, program, program->includes.items[i]);
        if (program->sourced[i] == NULL)
            return false;
        program->includes.items[i]->include.program = program->sourced[i];
    }
    return true;
}

static void find_sourced_functions(struct reader *reader, struct str text);

// Looks into a file, and those that it sources. What is wrong with any of them is told when it is
// parsed, at the place of its name.
static void find_functions_of_file(struct reader *reader, struct str file)
{
    struct buffer text = {0};
    uint32_t depth = reader->chain.count;
    char why[200];
    // The same limits as below, without a word: the parser comes to the same place and says it.
    if (reader->load == NULL || depth >= SOURCES_DEEP || reader->scanned++ >= SOURCES_MOST ||
        names_find(&reader->chain, file) != NAME_MISSING)
        return;
    if (reader->load(file, &text, why, sizeof why)) {
        names_add(&reader->chain, file);
        find_functions(reader, buffer_str(&text));
        find_sourced_functions(reader, buffer_str(&text));
        names_truncate(&reader->chain, depth);
    }
    buffer_finish(&text);
}

// Files named by `source` at the beginning of a statement, read first so that their functions are
// known.
static void find_sourced_functions(struct reader *reader, struct str text)
{
    struct scan scan;
    scan_begin(&scan, text);
    while (scan_next(&scan)) {
        if (!scan_at_word(&scan, "source"))
            continue;
        struct token next = lexer_next(&scan.lexer);
        scan.token = lexer_word(&scan.lexer, next.range.start);
        struct str file = lexer_text(&scan.lexer, scan.token.range);
        if (scan.token.type == TOKEN_STRING || scan.token.type == TOKEN_RAW)
            file = str_slice(file, 1, file.size - 1);
        if (scan.token.type != TOKEN_BAD)
            find_functions_of_file(reader, file);
    }
    lexer_finish(&scan.lexer);
}

// The program is in the world's list even when it does not read well: its source is shown then.
static struct program *read_program(struct reader *reader, struct str name, struct str text)
{
    struct program *program = mem_zero(sizeof *program);
    source_init(&program->source, name, text);
    program->next = reader->world->programs;
    reader->world->programs = program;
    find_functions(reader, program->source.text);
    find_sourced_functions(reader, program->source.text);
    return parse_with_sources(reader, program) ? program : NULL;
}

// The programs that were read since `before`, at least one, stand first. A function whose name was
// only read, never defined, is none.
static void forget(struct world *world, struct program *before, uint32_t known)
{
    struct program *last = world->failed = world->programs;
    while (last->next != before)
        last = last->next;
    last->next = NULL;
    world->programs = before;
    for (uint32_t i = known; i < world->function_names.count; i++)
        free(world->functions[i]);
    names_truncate(&world->function_names, known);
}

// From here on calls mean these; those in flight end with the version that they began.
static void define_all(struct world *world, const struct program *program)
{
    for (size_t i = 0; i < program->definitions.count; i++) {
        const struct definition *definition = program->definitions.items[i]->definition;
        struct function *function = world_function(world, definition->name);
        if (function != NULL) // find_functions() has made it
            atomic_store(&function->definition, definition);
    }
    for (size_t i = 0; i < program->includes.count; i++)
        define_all(world, program->sourced[i]);
}

// The text as a program of the world's, whose functions nobody else knows yet; NULL with the diag
// set.
static struct program *read_checked(struct reader *reader, struct str name, struct str text,
                                    struct str actor)
{
    if (name.size)
        // What has no name (the prompt) can source itself in no way.
        names_add(&reader->chain, name);
    struct program *program = read_program(reader, name, text);
    if (program != NULL &&
        !program_check(reader->world, program, actor, reader->loose, reader->diag, reader->source))
        program = NULL;
    names_finish(&reader->chain);
    return program;
}

struct reading program_read(struct world *world, struct str name, struct str text, struct str actor,
                            program_loader load)
{
    struct reading reading = {0};
    struct reader reader = {
        .world = world, .load = load, .diag = &reading.diag, .source = &reading.source};
    pthread_mutex_lock(&world->lock);
    uint32_t known = world->function_names.count;
    struct program *before = world->programs;
    programs_free(&world->failed);
    reading.program = read_checked(&reader, name, text, actor);
    if (reading.program != NULL) {
        define_all(world, reading.program);
    } else {
        // Before they are forgotten: a line to be offered may call functions of this text.
        foreign_explain(world, actor, reading.source, &reading.diag);
        forget(world, before, known);
    }
    pthread_mutex_unlock(&world->lock);
    return reading;
}

// In place of every file.
static bool load_nothing(struct str file, struct buffer *text, char *why, size_t why_size)
{
    (void)file, (void)text, (void)why, (void)why_size;
    return true;
}

// Reads and checks, and keeps nothing. Under world->lock.
static bool try_text(struct world *world, struct str text, struct str actor, bool loose,
                     struct diag *diag)
{
    const struct source *source;
    struct reader reader = {
        .world = world, .load = load_nothing, .diag = diag, .source = &source, .loose = loose};
    uint32_t known = world->function_names.count;
    struct program *before = world->programs, *failed = world->failed;
    uint32_t *counts = check_remember(world);
    bool good = read_checked(&reader, STR(""), text, actor) != NULL;
    check_restore(world, counts);
    free(counts);
    forget(world, before, known);
    programs_free(&world->failed);
    world->failed = failed; // of a reading whose mistake may still be shown
    return good;
}

bool program_try(struct world *world, struct str text, struct str actor, struct diag *diag)
{
    pthread_mutex_lock(&world->lock);
    bool good = try_text(world, text, actor, false, diag);
    pthread_mutex_unlock(&world->lock);
    return good;
}

bool program_reads_well(struct world *world, struct str line, struct str actor)
{
    struct buffer text = {0};
    struct diag diag = {0};
    if (str_starts(line, STR("}")))
        buffer_add_text(&text, str_starts(line, STR("} catch")) ? "try { " : "if true { ");
    buffer_add(&text, line);
    if (str_ends(line, STR("{")))
        buffer_add_text(&text, str_starts(line, STR("try")) ? " } catch e { }" : " }");
    bool good = try_text(world, buffer_str(&text), actor, true, &diag);
    buffer_finish(&text);
    return good;
}
