// page: the parts of a Markdown text, as md4c finds them, become lines.

#include "ui/page.h"

#include <md4c.h>

#include "base/message.h"
#include "base/utf8.h"
#include "base/wrap.h"
#include "ui/output.h"
#include "ui/page_entity.h"
#include "ui/page_table.h"
#include "ui/page_text.h"
#include "ui/screen.h"

enum {
    COLUMNS_LEAST = 20,
    COLUMNS_MOST = 100,    // longer lines are hard to read
    LEVELS_MOST = 16,      // of lists and quotes in each other that stand further in
    CODE_INDENT = 4,       // columns
    TAB = 4,               // as the parser has it
    CELL_COST = 16,        // what a cell counts for: many empty ones are much, too
    COST_FREE = 64 * 1024, // of any text …
    COST_FACTOR = 4,       // … and for each of its octets
};

// A list, an item or a quote that what comes stands in.
struct level {
    MD_BLOCKTYPE type;
    bool is_tight;   // of a list: no blank lines between its items
    unsigned next;   // of a list: the number of the next item
    size_t columns;  // that it moves its lines in; 0 where no room is left for that
    char marker[16]; // of an item …
    bool has_begun;  // … which its first line has shown
};

struct page {
    struct buffer *to;
    size_t columns; // for text, from the left margin on
    size_t budget;  // what may still come before the text counts as made to do harm

    struct page_text text;       // of the paragraph, heading or cell at hand
    unsigned strong, emphasised; // how many of these the text is in
    bool in_span_of_code;
    size_t link_begin;  // octet of `text`
    struct buffer code; // of the block of code at hand
    struct page_table table;
    unsigned heading; // its level, 0 outside
    bool in_head;     // of a table

    struct level levels[LEVELS_MOST];
    size_t depth; // of levels; may be more than there are
    bool has_lines;
    bool wants_gap; // before the next block
};

// --- lines ---------------------------------------------------------------------------------------

// The innermost level, or NULL.
static struct level *innermost(struct page *page)
{
    return page->depth > 0 && page->depth <= LEVELS_MOST ? &page->levels[page->depth - 1] : NULL;
}

static size_t margin_width(const struct page *page)
{
    size_t width = 0;
    for (size_t i = 0; i < page->depth && i < LEVELS_MOST; i++)
        width += page->levels[i].columns;
    return width;
}

static size_t room(const struct page *page)
{
    return page->columns - margin_width(page);
}

// What stands before a line: marks of items that begin with it, and bars of quotes.
static void add_margin(struct page *page)
{
    buffer_add_char(page->to, ' ');
    for (size_t i = 0; i < page->depth && i < LEVELS_MOST; i++) {
        struct level *level = &page->levels[i];
        bool shown = level->columns > 0 && (level->type == MD_BLOCK_QUOTE || !level->has_begun);
        if (shown)
            screen_add_styled(screen_faint_style(), str_from(level->marker), page->to);
        size_t width = shown ? utf8_width(str_from(level->marker)) : 0;
        buffer_print(page->to, "%*s", (int)(level->columns - width), "");
        level->has_begun = true;
    }
    page->has_lines = true;
}

// Whole lines, each behind the margin; empty ones stay so.
static void add_lines(struct page *page, struct str lines)
{
    while (lines.size > 0) {
        struct str line = str_take_line(&lines);
        if (line.size > 0)
            add_margin(page);
        buffer_add(page->to, line);
        buffer_add_char(page->to, '\n');
    }
}

static void begin_block(struct page *page)
{
    if (page->wants_gap && page->has_lines)
        buffer_add_char(page->to, '\n');
    page->wants_gap = false;
}

// The text that was collected, if there is any. Returns the columns of its longest line.
static size_t flush_text(struct page *page)
{
    struct page_place place = {0};
    struct buffer line = {0};
    size_t width = 0, widest = 0;
    page->text.line_ended = false;
    if (page->text.text.size > 0)
        begin_block(page);
    while (page_text_take_line(&page->text, &place, room(page), &width, &line)) {
        add_margin(page);
        buffer_add(page->to, buffer_str(&line));
        buffer_add_char(page->to, '\n');
        buffer_clear(&line);
        widest = width > widest ? width : widest;
    }
    page_text_finish(&page->text);
    buffer_finish(&line);
    return widest;
}

// A line of one sign.
static void add_rule(struct page *page, struct str sign, size_t width)
{
    struct buffer rule = {0};
    for (size_t i = 0; i < width; i++)
        output_fit(sign, &rule);
    add_margin(page);
    screen_add_styled(screen_faint_style(), buffer_str(&rule), page->to);
    buffer_add_char(page->to, '\n');
    buffer_finish(&rule);
}

// --- blocks --------------------------------------------------------------------------------------

// Where nothing is bold, a heading is underlined.
static void show_heading(struct page *page)
{
    size_t width = flush_text(page);
    if (!screen_is_styled() && width > 0)
        add_rule(page, page->heading == 1 ? STR("=") : STR("-"), width);
    page->heading = 0;
}

static struct str without_end(struct str line)
{
    while (line.size > 0 && char_is_one_of(line.data[line.size - 1], " \t\r"))
        line.size--;
    return line;
}

// A line of a program as a terminal may get it, with blanks for its tabs and none at its end.
static void fit_code_line(struct str line, struct buffer *to)
{
    struct buffer blanks = {0};
    line = without_end(line);
    for (size_t column = 0; line.size > 0;) {
        uint32_t point = 0xFFFD;
        size_t size = utf8_decode(line, &point);
        size_t width = point == '\t' ? TAB - column % TAB : utf8_point_width(point);
        size = size ? size : 1;
        if (point == '\t')
            buffer_print(&blanks, "%*s", (int)width, "");
        else
            buffer_add(&blanks, str_slice(line, 0, size));
        column += width;
        line = str_slice(line, size, line.size);
    }
    output_escape(buffer_str(&blanks), to);
    buffer_finish(&blanks);
}

// Where a line of a program is broken: at a blank, but not at those that it is moved in by.
static size_t code_size(struct str line, size_t columns)
{
    size_t blanks = 0;
    while (blanks < line.size && line.data[blanks] == ' ')
        blanks++;
    if (blanks > columns / 2)
        blanks = 0;
    return blanks + wrap_size(str_slice(line, blanks, line.size), columns - blanks);
}

// As it is; what does not fit goes on below, behind a sign.
static void show_code_line(struct page *page, struct str line)
{
    struct buffer fit = {0}, sign = {0};
    fit_code_line(line, &fit);
    struct str rest = buffer_str(&fit);
    if (rest.size == 0)
        buffer_add_char(page->to, '\n');
    while (rest.size > 0) {
        size_t size = code_size(rest, room(page) - CODE_INDENT);
        add_margin(page);
        buffer_print(page->to, "%*s", CODE_INDENT - (int)utf8_width(buffer_str(&sign)), "");
        screen_add_styled(screen_faint_style(), buffer_str(&sign), page->to);
        buffer_add(page->to, without_end(str_slice(rest, 0, size)));
        buffer_add_char(page->to, '\n');
        rest = str_slice(rest, size, rest.size);
        while (str_starts(rest, STR(" ")))
            rest = str_slice(rest, 1, rest.size);
        buffer_clear(&sign);
        output_fit(STR("… "), &sign);
    }
    buffer_finish(&fit);
    buffer_finish(&sign);
}

static void show_code(struct page *page)
{
    struct str rest = buffer_str(&page->code);
    page->wants_gap = true;
    if (rest.size > 0)
        begin_block(page);
    while (rest.size > 0)
        show_code_line(page, str_take_line(&rest));
    buffer_finish(&page->code);
    page->wants_gap = true;
}

static void show_table(struct page *page)
{
    struct buffer lines = {0};
    begin_block(page);
    page_table_show(&page->table, room(page), &lines);
    add_lines(page, buffer_str(&lines));
    buffer_finish(&lines);
    page_table_finish(&page->table);
    page->wants_gap = true;
}

// --- lists and quotes ----------------------------------------------------------------------------

static struct level *enter_level(struct page *page, MD_BLOCKTYPE type)
{
    static struct level too_deep;
    struct level *level = page->depth < LEVELS_MOST ? &page->levels[page->depth] : &too_deep;
    page->depth++;
    *level = (struct level){.type = type};
    return level;
}

// Half of the screen is for what stands in it.
static void move_in(struct page *page, struct level *level)
{
    size_t columns = utf8_width(str_from(level->marker));
    if (margin_width(page) + columns <= page->columns / 2)
        level->columns = columns;
}

static void enter_list(struct page *page, MD_BLOCKTYPE type, bool is_tight, unsigned start)
{
    struct level *level = enter_level(page, type);
    level->is_tight = is_tight;
    level->next = start;
}

static void enter_item(struct page *page)
{
    struct level *list = innermost(page);
    struct level *item = enter_level(page, MD_BLOCK_LI);
    bool numbered = list != NULL && list->type == MD_BLOCK_OL;
    struct buffer marker = {0};
    if (numbered)
        buffer_print(&marker, "%u. ", list->next++);
    else
        output_fit(STR("• "), &marker);
    snprintf(item->marker, sizeof item->marker, "%s", buffer_text(&marker));
    buffer_finish(&marker);
    move_in(page, item);
}

static void enter_quote(struct page *page)
{
    struct buffer bar = {0};
    begin_block(page);
    struct level *level = enter_level(page, MD_BLOCK_QUOTE);
    output_fit(STR("│ "), &bar);
    snprintf(level->marker, sizeof level->marker, "%s", buffer_text(&bar));
    buffer_finish(&bar);
    move_in(page, level);
}

static void leave_item(struct page *page)
{
    const struct level *item = innermost(page);
    if (item != NULL && !item->has_begun) { // an item without anything
        begin_block(page);
        add_margin(page);
        buffer_add_char(page->to, '\n');
    }
    page->depth--;
}

static void leave_list(struct page *page)
{
    page->depth--;
    const struct level *item = innermost(page);
    bool in_tight = item != NULL && item->type == MD_BLOCK_LI && page->depth > 1 &&
                    page->levels[page->depth - 2].is_tight;
    if (!in_tight)
        page->wants_gap = true;
}

// --- what the parser calls -----------------------------------------------------------------------

// Counts what the parser gives: definitions of links can make very much of little. Whether it goes
// on.
static int spend(struct page *page, size_t cost)
{
    bool enough = page->budget >= cost;
    page->budget = enough ? page->budget - cost : 0;
    return enough ? 0 : -1;
}

static int enter_block(MD_BLOCKTYPE type, void *detail, void *context)
{
    struct page *page = context;
    if (type != MD_BLOCK_TH && type != MD_BLOCK_TD)
        flush_text(page); // of an item that has no paragraphs
    if (type == MD_BLOCK_UL)
        enter_list(page, type, ((MD_BLOCK_UL_DETAIL *)detail)->is_tight, 0);
    else if (type == MD_BLOCK_OL)
        enter_list(page, type, ((MD_BLOCK_OL_DETAIL *)detail)->is_tight,
                   ((MD_BLOCK_OL_DETAIL *)detail)->start);
    else if (type == MD_BLOCK_LI)
        enter_item(page);
    else if (type == MD_BLOCK_QUOTE)
        enter_quote(page);
    else if (type == MD_BLOCK_TABLE)
        page->table.columns = ((MD_BLOCK_TABLE_DETAIL *)detail)->col_count;
    else if (type == MD_BLOCK_H) {
        page->heading = ((MD_BLOCK_H_DETAIL *)detail)->level;
        page->wants_gap = true;
    }
    page->in_head = type == MD_BLOCK_TH;
    return spend(page, type == MD_BLOCK_TD ? CELL_COST : 1);
}

static enum page_align align_of(const MD_BLOCK_TD_DETAIL *detail)
{
    return detail->align == MD_ALIGN_RIGHT    ? PAGE_RIGHT
           : detail->align == MD_ALIGN_CENTER ? PAGE_CENTER
                                              : PAGE_LEFT;
}

static int leave_block(MD_BLOCKTYPE type, void *detail, void *context)
{
    struct page *page = context;
    if (type == MD_BLOCK_TH || type == MD_BLOCK_TD)
        page_table_add(&page->table, &page->text, align_of(detail));
    else if (type == MD_BLOCK_TABLE)
        show_table(page);
    else if (type == MD_BLOCK_CODE)
        show_code(page);
    else if (type == MD_BLOCK_H)
        show_heading(page);
    else
        flush_text(page);
    if (type == MD_BLOCK_HR) {
        page->wants_gap = true;
        begin_block(page);
        add_rule(page, STR("─"), room(page));
    }
    if (type == MD_BLOCK_LI)
        leave_item(page);
    else if (type == MD_BLOCK_UL || type == MD_BLOCK_OL)
        leave_list(page);
    else if (type == MD_BLOCK_QUOTE)
        page->depth--;
    if (type == MD_BLOCK_P || type == MD_BLOCK_HR || type == MD_BLOCK_QUOTE)
        page->wants_gap = true;
    return 0;
}

static unsigned looks_now(const struct page *page)
{
    return (page->strong || page->heading || page->in_head ? (unsigned)PAGE_STRONG : 0U) |
           (page->emphasised ? (unsigned)PAGE_EMPHASIS : 0U) |
           (page->in_span_of_code ? (unsigned)PAGE_CODE : 0U);
}

// Where nothing is coloured, code keeps its backticks.
static void add_backtick(struct page *page)
{
    if (!screen_is_styled())
        page_text_add(&page->text, STR("`"), looks_now(page));
}

static int enter_span(MD_SPANTYPE type, void *detail, void *context)
{
    struct page *page = context;
    (void)detail;
    page->strong += type == MD_SPAN_STRONG;
    page->emphasised += type == MD_SPAN_EM;
    if (type == MD_SPAN_CODE) {
        page->in_span_of_code = true;
        add_backtick(page);
    }
    if (type == MD_SPAN_A)
        page->link_begin = page->text.text.size;
    return spend(page, 1);
}

// The parts of an address, in which entities stand for characters.
static void collect_address(const MD_ATTRIBUTE *address, struct buffer *to)
{
    for (size_t i = 0; address->size > 0 && address->substr_offsets[i] < address->size; i++) {
        char octets[4];
        struct str part = {address->text + address->substr_offsets[i],
                           address->substr_offsets[i + 1] - address->substr_offsets[i]};
        if (address->substr_types[i] == MD_TEXT_ENTITY)
            part = page_entity(part, octets);
        buffer_add(to, part);
    }
}

// Behind the text, unless that is the address itself. One within the page leads nowhere here.
static int add_address(struct page *page, const MD_ATTRIBUTE *attribute, bool is_link)
{
    struct buffer address = {0};
    collect_address(attribute, &address);
    struct str whole = buffer_str(&address);
    struct str text = str_slice(buffer_str(&page->text.text), page->link_begin, SIZE_MAX);
    bool is_same = is_link && text.size > 0 && str_ends(whole, text);
    if (whole.size > 0 && !is_same && !str_starts(whole, STR("#"))) {
        page_text_add(&page->text, text.size > 0 ? STR(" (") : STR("("), PAGE_FAINT);
        page_text_add(&page->text, whole, PAGE_FAINT);
        page_text_add(&page->text, STR(")"), PAGE_FAINT);
    }
    buffer_finish(&address);
    return spend(page, attribute->size);
}

static int leave_span(MD_SPANTYPE type, void *detail, void *context)
{
    struct page *page = context;
    page->strong -= type == MD_SPAN_STRONG;
    page->emphasised -= type == MD_SPAN_EM;
    if (type == MD_SPAN_CODE) {
        add_backtick(page);
        page->in_span_of_code = false;
    }
    if (type == MD_SPAN_A)
        return add_address(page, &((MD_SPAN_A_DETAIL *)detail)->href, true);
    if (type == MD_SPAN_IMG)
        return add_address(page, &((MD_SPAN_IMG_DETAIL *)detail)->src, false);
    return 0;
}

static int add_text(MD_TEXTTYPE type, const MD_CHAR *octets, MD_SIZE size, void *context)
{
    struct page *page = context;
    struct str raw = {octets, size};
    char character[4];
    // A span of code gives its text as a block does; but that comes outside of any paragraph.
    if (type == MD_TEXT_CODE && !page->in_span_of_code)
        buffer_add(&page->code, raw);
    else if (type == MD_TEXT_BR)
        page_text_end_line(&page->text);
    else if (type == MD_TEXT_SOFTBR)
        page_text_end_source_line(&page->text);
    else
        page_text_add(&page->text, type == MD_TEXT_ENTITY ? page_entity(raw, character) : raw,
                      looks_now(page));
    return spend(page, (size_t)size + 1);
}

void page_show(struct str markdown, size_t columns, struct buffer *to)
{
    static const MD_PARSER parser = {
        0,           MD_FLAG_TABLES | MD_FLAG_NOHTML | MD_FLAG_NOINDENTEDCODEBLOCKS,
        enter_block, leave_block,
        enter_span,  leave_span,
        add_text,    NULL,
        NULL,
    };
    columns = columns < COLUMNS_LEAST ? COLUMNS_LEAST : columns;
    columns = (columns > COLUMNS_MOST ? COLUMNS_MOST : columns) - 2;
    markdown = str_slice(markdown, 0, INT32_MAX); // what the parser can count
    struct page page = {
        .to = to, .columns = columns, .budget = COST_FREE + markdown.size * COST_FACTOR};
    if (md_parse(markdown.size ? markdown.data : "", (MD_SIZE)markdown.size, &parser, &page) != 0) {
        flush_text(&page);
        buffer_print(to, " %s\n", _("(the rest of this page is too much to be shown)"));
    }
    page_text_finish(&page.text);
    page_table_finish(&page.table);
    buffer_finish(&page.code);
}
