// foreign_hint: what is said under a line of another language, or one with full-width signs.

#include <string.h>

#include "base/message.h"
#include "base/utf8.h"
#include "lang/command.h"
#include "lang/foreign.h"
#include "lang/lexer.h"
#include "lang/mend.h"

// --- full-width signs ----------------------------------------------------------------------------

bool foreign_mend_signs(struct str line, struct buffer *to)
{
    size_t before = to->size;
    bool mended = false, wide = false;
    char quote = '\0';
    for (size_t i = 0, size; i < line.size; i += size) {
        uint32_t point = 0;
        size = utf8_decode(str_slice(line, i, line.size), &point);
        size = size ? size : 1;
        char sign = size > 1 ? lexer_ascii_of(point) : line.data[i];
        // What “ opened is closed by ” or by ", but what " opened by " alone.
        bool closes = quote != '\0' && sign == quote && (wide || size == 1);
        bool text = quote != '\0' && !closes;
        if (size > 1 && !text && sign != '\0') {
            buffer_add_char(to, sign);
            mended = true;
        } else if (text && size == 1 && sign == '\\' && quote == '"' && i + 1 < line.size) {
            buffer_add(to, str_slice(line, i, i + 2));
            size = 2;
        } else {
            buffer_add(to, str_slice(line, i, i + size));
        }
        if (closes) {
            quote = '\0';
        } else if (quote == '\0' && (sign == '"' || sign == '\'')) {
            quote = sign;
            wide = size > 1;
        }
    }
    to->size = mended ? to->size : before;
    return mended;
}

// --- what takes the place of a line --------------------------------------------------------------

// First words of lines that no line here stands for.
static const struct {
    const char *word, *hint;
} places[] = {
    {"class", N_("there are no classes: functions and lists are enough here")},
    {"curl", N_("!curl runs it in the system's shell; here: socket, connect, send, recv")},
    {"from", N_("there is nothing to import: every command is here")},
    {"main", N_("a program is its statements, from the first line on")},
    {"man", N_("help NAME shows what a command does")},
    {"memset", N_("there is nothing to clear: an address is written whole, as 127.0.0.1:80")},
    {"nc", N_("!nc runs it in the system's shell; here: s = socket; connect s HOST:PORT")},
    {"ncat", N_("!ncat runs it in the system's shell; here: s = socket; connect s HOST:PORT")},
    {"netstat", N_("handles lists the sockets here; !netstat runs in the system's shell")},
    {"perror", N_("errors are shown by themselves; try { … } catch e { … } takes one")},
    {"lsof", N_("handles lists the sockets here; !lsof runs in the system's shell")},
    {"ss", N_("handles lists the sockets here; !ss runs in the system's shell")},
    {"struct", N_("nothing is declared: an address is written where it is used, 127.0.0.1:80")},
    {"telnet", N_("!telnet runs it in the system's shell; here: s = socket; connect s HOST:PORT")},
    {"char", N_("nothing is declared, and recv makes its own room: buf = recv s 1024")},
    {"with", N_("there is no with: write s = socket, and close s at the end")},
    {"select", N_("poll [a, b] 500ms waits for several sockets")},
};

// Programs that people start from the same habit.
static const char *const programs[] = {
    "cat",      "cd",     "cp",      "dig",       "gcc",   "grep",     "host",    "ip",
    "ifconfig", "less",   "ls",      "make",      "mkdir", "nslookup", "ping",    "ps",
    "pwd",      "python", "python3", "rm",        "ssh",   "sudo",     "tcpdump", "top",
    "vi",       "vim",    "wget",    "wireshark", "nano",  "strace"};

// What gives a line away that begins with a name of the person's own.
static bool hint_part(struct str line, struct diag *diag)
{
    static const struct {
        const char *part, *hint;
    } parts[] = {
        {".sin_", N_("an address is written whole, where it is used: connect s 127.0.0.1:80")},
        {".sin6_", N_("an address is written whole, where it is used: connect s [::1]:80")},
        {"create_connection(", N_("write s = socket, then connect s HOST:PORT")},
        {"create_server(", N_("write s = socket, bind s HOST:PORT, then listen s")},
        {"struct.pack(", N_("write pack u16 VALUE; u8, u16, u32 and u64 are its formats")},
        {"struct.unpack(", N_("write unpack u16 BYTES; u8, u16, u32 and u64 are its formats")},
        {"select.", N_("poll [a, b] 500ms waits for several sockets")},
        {"for (;;", N_("write for i in range 10 { … }; loop { … } goes on for ever")},
        {"for (i", N_("write for i in range 10 { … }; loop { … } goes on for ever")},
        {"while ((", N_("write while d = recv s 1024 { … }: an empty value ends it")},
        {"O_NONBLOCK", N_("write setblocking SOCKET false")},
        {"with open(", N_("save FILE DATA writes a file, load FILE reads one")},
        {"import thread", N_("there is nothing to import: spawn FUNCTION runs one beside this")},
        {"from threading", N_("there is nothing to import: spawn FUNCTION runs one beside this")},
        {"pthread_create(", N_("write spawn FUNCTION")},
        {"main(", N_("a program is its statements, from the first line on")},
        {".start()", N_("what spawn made runs already")},
        {".write(", N_("write send SOCKET DATA; of a file, save FILE DATA")},
        {".read(", N_("write recv SOCKET SIZE; of a file, load FILE")},
    };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (str_find(line, str_from(parts[i].part), 0) != SIZE_MAX) {
            diag_hint(diag, "%s", _(parts[i].hint));
            return true;
        }
    }
    return false;
}

static bool hint_place(struct str line, struct diag *diag)
{
    size_t end = 0;
    while (end < line.size && is_name_part(line.data[end]))
        end++;
    struct str word = str_slice(line, 0, end);
    if (hint_part(line, diag))
        return true;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        if (str_is(word, places[i].word)) {
            diag_hint(diag, "%s", _(places[i].hint));
            return true;
        }
    }
    for (size_t i = 0; i < sizeof programs / sizeof *programs; i++) {
        if (str_is(word, programs[i])) {
            diag_hint(diag, _("at a prompt, !%.*s runs it in the system's shell"), STR_ARG(line));
            return true;
        }
    }
    return false;
}

// Control characters and stray octets have no place in a hint, which goes to a terminal.
static bool is_plain(struct str line)
{
    for (size_t i = 0, size; i < line.size; i += size) {
        uint32_t point = 0;
        size = utf8_decode(str_slice(line, i, line.size), &point);
        if (size == 0 || (point != '\t' && utf8_is_control(point)))
            return false;
    }
    return true;
}

bool foreign_mend_input(struct str text, const struct diag *diag, struct buffer *to)
{
    uint32_t point = 0;
    size_t at = diag->range.start;
    size_t size = utf8_decode(str_slice(text, at, text.size), &point);
    return size > 1 && lexer_ascii_of(point) != '\0' && is_plain(text) &&
           foreign_mend_signs(text, to);
}

// --- the hint ------------------------------------------------------------------------------------

// The statement of that line in which octet `at` stands.
static struct str statement_at(struct str line, size_t at)
{
    size_t start = 0;
    for (;;) {
        struct str rest = str_slice(line, start, line.size);
        struct str statement = mend_statement(rest);
        size_t end = statement.size ? (size_t)(statement.data - line.data) + statement.size : start;
        if (at <= end || end >= line.size)
            return statement;
        start = end + 1;
    }
}

// `recv s ?`: how the command goes on is asked.
static bool hint_question(struct str statement, struct diag *diag)
{
    size_t start = 0, end;
    size_t equals = str_find(statement, STR("= "), 0);
    if (equals != SIZE_MAX)
        start = equals + 2;
    for (end = start; end < statement.size && is_name_part(statement.data[end]);)
        end++;
    struct str name = str_slice(statement, start, end);
    if (!str_ends(statement, STR("?")) || !command_find(name))
        return false;
    diag_hint(diag, _("write help %.*s"), STR_ARG(name));
    return true;
}

// Of several ways to put it, one reason for a : behind the head of a block.
static void explain_colon(struct str line, size_t at, struct diag *diag)
{
    if (at < line.size && line.data[at] == ':')
        diag_set(diag, diag->range, _("a block stands in { }, without a \":\""));
}

// Whose text it is that a line is offered for.
struct reader {
    struct world *world;
    struct str actor;
    struct diag *diag;
};

typedef bool mend_line(struct str line, struct buffer *to);

// What the line begins with when it is another actor's: "@server ".
static struct str actor_of(struct str line)
{
    size_t end = str_starts(line, STR("@")) ? 1 : 0;
    while (end > 0 && end < line.size && (is_name_part(line.data[end]) || line.data[end] == '.'))
        end++;
    while (end > 0 && end < line.size && line.data[end] == ' ')
        end++;
    return str_slice(line, 0, end);
}

// What `mend` makes of it, where that reads well.
static bool mends(const struct reader *reader, mend_line *mend, struct str line, struct buffer *to)
{
    struct str actor = actor_of(line);
    buffer_clear(to);
    buffer_add(to, actor);
    return mend(str_slice(line, actor.size, line.size), to) &&
           program_reads_well(reader->world, buffer_str(to), reader->actor);
}

// The whole line first: C's ; and Python's : belong to it.
static void hint_line(const struct reader *reader, struct str line, size_t at)
{
    struct diag *diag = reader->diag;
    struct buffer mended = {0};
    struct str statement = statement_at(line, at);
    if (hint_question(statement, diag))
        return;
    bool good = mends(reader, foreign_translate, line, &mended) ||
                mends(reader, foreign_translate, statement, &mended) ||
                mends(reader, foreign_mend_pair, statement, &mended);
    if (good)
        explain_colon(line, at, diag);
    if (good)
        diag_hint(diag, _("write %s"), buffer_text(&mended));
    else if (!hint_place(statement, diag) && diag->line[0] != '\0' &&
             program_reads_well(reader->world, str_from(diag->line), reader->actor))
        diag_hint(diag, _("write %s"), diag->line);
    buffer_finish(&mended);
}

// A sign that looks like one of ASCII's is the mistake: the line as it was meant.
static bool hint_signs(const struct reader *reader, struct str line, size_t at)
{
    struct diag *diag = reader->diag;
    struct buffer mended = {0};
    uint32_t point = 0;
    size_t size = utf8_decode(str_slice(line, at, line.size), &point);
    bool good = size > 1 && lexer_ascii_of(point) != '\0' && foreign_mend_signs(line, &mended);
    struct buffer translated = {0};
    if (good) {
        char sign = lexer_ascii_of(point);
        if (sign == ' ')
            diag_set(diag, diag->range, _("\"%.*s\" (U+%04X) stands where a blank is meant"),
                     (int)size, line.data + at, point);
        else
            diag_set(diag, diag->range, _("\"%.*s\" (U+%04X) stands where ASCII's %c is meant"),
                     (int)size, line.data + at, point, sign);
        bool better = mends(reader, foreign_translate, buffer_str(&mended), &translated);
        diag_hint(diag, _("write %s"), buffer_text(better ? &translated : &mended));
    }
    buffer_finish(&mended);
    buffer_finish(&translated);
    return good;
}

void foreign_explain(struct world *world, struct str actor, const struct source *source,
                     struct diag *diag)
{
    struct reader reader = {world, actor, diag};
    struct place place = source_place(source, diag->range.start);
    struct str line = source_line(source, place.line);
    size_t at = diag->range.start - source->lines[place.line - 1];
    struct str trimmed = str_trim(line, " \t");
    if (diag->incomplete || trimmed.size == 0 || !is_plain(trimmed))
        return;
    at = at < line.size ? at : line.size;
    if (!hint_signs(&reader, trimmed, at - (size_t)(trimmed.data - line.data)))
        hint_line(&reader, line, at);
}
