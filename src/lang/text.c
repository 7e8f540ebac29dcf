// text: the part of the parser that reads strings: escapes, and the sources between { and }.

#include <stdlib.h>
#include <string.h>

#include "base/message.h"
#include "lang/literal.h"
#include "lang/parse.h"

// A literal of these octets, at `range`. NULL with the diag set when there is no memory: a
// script decides its size.
static struct node *bytes_node(struct parser *parser, struct range range, struct str data)
{
    struct node *node = parse_node(parser, NODE_LITERAL, range.start);
    node->range = range;
    node->literal = value_bytes(data);
    if (node->literal.type == TYPE_UNSET) {
        diag_set(parser->diag, range, _("there is no memory for this string"));
        return NULL;
    }
    literal_keep(parser->program, &parser->literal_capacity, node->literal);
    return node;
}

// A line end inside a string is one \n, however the file ends its lines.
static void add_plain(struct str text, size_t *at, struct buffer *to)
{
    if (text.data[*at] == '\r' && *at + 1 < text.size && text.data[*at + 1] == '\n')
        ++*at;
    buffer_add_char(to, text.data[(*at)++]);
}

// '…': all as it stands, a backslash too.
static struct node *raw_string(struct parser *parser)
{
    struct range range = parser->token.range;
    struct str text = parse_text(parser, (struct range){range.start + 1, range.end - 1});
    struct buffer data = {0};
    for (size_t i = 0; i < text.size;)
        add_plain(text, &i, &data);
    struct node *node = bytes_node(parser, range, buffer_str(&data));
    buffer_finish(&data);
    parse_advance(parser);
    return node;
}

// Whether the { at `i` begins an interpolation: a letter, `_` or `(` stands directly behind it.
static bool interpolates(struct str text, size_t i)
{
    return text.data[i] == '{' && i + 1 < text.size &&
           (is_name_start(text.data[i + 1]) || text.data[i + 1] == '(');
}

// Reads the source between { and } with a lexer of its own over the same text, so that its places
// are right.
static struct node *interpolated(struct parser *parser, struct range inner)
{
    struct lexer lexer, *outer = parser->lexer;
    struct token token = parser->token;
    size_t taken_to = parser->taken_to, bracket = parser->bracket;
    lexer_init(&lexer, outer->text, inner.start, inner.end);
    // A line's end within the braces is a blank, as in brackets.
    lexer.brackets = 1;
    parser->lexer = &lexer;
    parser->bracket = SIZE_MAX;
    parser->taken_to = inner.start;
    parser->token = lexer_next(&lexer);
    struct node *node = parse_source(parser);
    if (node != NULL && !parse_at(parser, TOKEN_EOF)) {
        if (node->type == NODE_CALL)
            parse_misplaced(parser, node);
        else
            parse_unexpected(parser, _("the } that closes this {"));
        node = NULL;
    }
    parser->diag->incomplete = false; // the string itself is whole
    lexer_finish(&lexer);
    parser->lexer = outer;
    parser->token = token;
    parser->taken_to = taken_to;
    parser->bracket = bracket;
    return node;
}

// Adds the literal collected so far, if any, as a piece.
static bool flush(struct parser *parser, struct buffer *data, struct range range,
                  struct collected *pieces)
{
    if (data->size == 0)
        return true;
    struct node *piece = bytes_node(parser, range, buffer_str(data));
    buffer_clear(data);
    if (piece != NULL)
        parse_collect(pieces, piece);
    return piece != NULL;
}

// One step over the contents of a string: an escape, an interpolation, or an octet as it is.
static bool read_piece(struct parser *parser, struct node *text_node, struct str text, size_t *at,
                       struct buffer *data, struct collected *pieces)
{
    size_t offset = text_node->range.start + 1;
    char octet;
    if (text.data[*at] == '\\') {
        if (!literal_escape(text, offset, at, &octet, parser->diag))
            return false;
        buffer_add_char(data, octet);
        return true;
    }
    if (!interpolates(text, *at)) {
        add_plain(text, at, data);
        return true;
    }
    // The first }: within the braces there is no string that could hold one, as it would end this
    // one.
    size_t close = str_find(text, STR("}"), *at);
    struct range opened = {offset + *at, offset + *at + 1};
    if (close == SIZE_MAX) {
        diag_set(parser->diag, opened, _("this { has no }"));
        return diag_hint(parser->diag, "%s",
                         _("between them there can be no \"; a plain { before a letter is \\{"));
    }
    if (!flush(parser, data, text_node->range, pieces))
        return false;
    struct node *piece = interpolated(parser, (struct range){opened.end, offset + close});
    if (piece == NULL || !parse_deepen(parser, text_node, piece))
        return false;
    parse_collect(pieces, piece);
    *at = close + 1;
    return true;
}

struct node *parse_string(struct parser *parser)
{
    if (parse_at(parser, TOKEN_RAW))
        return raw_string(parser);
    struct range range = parser->token.range;
    struct str text = parse_text(parser, (struct range){range.start + 1, range.end - 1});
    struct node *node = parse_node(parser, NODE_TEXT, range.start);
    node->range = range;
    struct buffer data = {0};
    struct collected pieces = {0};
    // Strings nest by what is interpolated in them.
    bool good = parse_enter(parser, range);
    for (size_t i = 0; good && i < text.size;)
        good = read_piece(parser, node, text, &i, &data, &pieces);
    // Nothing to interpolate: a literal, which costs nothing when it runs.
    if (good && pieces.count == 0)
        node = bytes_node(parser, range, buffer_str(&data));
    else if (good)
        good = flush(parser, &data, range, &pieces);
    parse_leave(parser);
    buffer_finish(&data);
    struct nodes moved = parse_collected(parser, &pieces);
    if (!good || node == NULL)
        return NULL;
    if (node->type == NODE_TEXT)
        node->list = moved;
    parse_advance(parser);
    return node;
}
