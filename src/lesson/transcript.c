// transcript: writing the blocks of a lesson.

#include "lesson/transcript.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/message.h"
#include "base/utf8.h"
#include "lesson/outcome.h"
#include "net/handle.h"

enum {
    LONG = 100,               // octets of a value that are written out
    EXPECTATION_COLUMN = 34,  // where expectations stand, as far as lines allow
    PORTS_OF_CLIENTS = 32768, // where the kernel's own choice begins: ip(7), ip_local_port_range
};

// --- names ---------------------------------------------------------------------------------------

static bool is_taken(const struct transcript *transcript, const char *name)
{
    for (size_t i = 0; i < transcript->count; i++)
        if (str_is(str_from(name), transcript->names[i].name))
            return true;
    return false;
}

// The name of a number; a new one is `wanted`, or that with a number behind it.
static const char *name_of(struct transcript *transcript, bool port, int64_t number,
                           struct str wanted)
{
    struct transcript_name name = {.port = port, .number = number};
    for (size_t i = transcript->count; i > 0; i--)
        if (transcript->names[i - 1].port == port && transcript->names[i - 1].number == number &&
            (wanted.size == 0 || port))
            return transcript->names[i - 1].name;
    struct str base = wanted.size > 0 ? str_slice(wanted, 0, 30) : port ? STR("port") : STR("s");
    snprintf(name.name, sizeof name.name, "%.*s", STR_ARG(base));
    for (unsigned i = 2; is_taken(transcript, name.name); i++)
        snprintf(name.name, sizeof name.name, "%.*s%u", STR_ARG(base), i);
    transcript->names =
        mem_grow(transcript->names, transcript->count, &transcript->capacity, sizeof name);
    transcript->names[transcript->count] = name;
    return transcript->names[transcript->count++].name;
}

// --- values --------------------------------------------------------------------------------------

// 127.0.0.1:<port>, where the kernel chose the port.
static void show_address(struct transcript *transcript, const struct address *address,
                         struct buffer *to)
{
    struct buffer text = {0};
    bool chosen = (address->kind == ADDRESS_INET || address->kind == ADDRESS_INET6) &&
                  address->port >= PORTS_OF_CLIENTS;
    address_show(address, &text);
    if (chosen) {
        while (text.size > 0 && text.data[text.size - 1] != ':')
            text.size--;
        buffer_print(&text, "<%s>", name_of(transcript, true, address->port, STR("")));
    }
    buffer_add(to, buffer_str(&text));
    buffer_finish(&text);
}

// `name` is the variable that the value went to; empty for none.
static void show_value(struct transcript *transcript, struct value value, struct str name,
                       struct buffer *to)
{
    struct buffer text = {0};
    if (value.type == TYPE_HANDLE && value.handle->is_socket) {
        buffer_print(to, "<%s>", name_of(transcript, false, value.handle->fd, name));
    } else if (value.type == TYPE_ADDRESS) {
        show_address(transcript, &value.address->address, to);
    } else if (value.type == TYPE_DURATION) {
        buffer_add_text(to, "..."); // of a clock, most likely
    } else if (value.type == TYPE_LIST) {
        buffer_add_char(to, '[');
        for (size_t i = 0; i < value.list->count; i++) {
            buffer_add_text(to, i ? ", " : "");
            show_value(transcript, value.list->items[i], STR(""), to);
        }
        buffer_add_char(to, ']');
    } else {
        value_show(value, &text);
        if (text.size > LONG) {
            text.size = utf8_cut(buffer_str(&text), LONG);
            buffer_add_text(&text, "...");
        }
        buffer_add(to, buffer_str(&text));
        buffer_finish(&text);
    }
}

// The variables that the values went to, of an assignment.
static struct nodes targets_of(const struct node *node)
{
    return node->type == NODE_ASSIGN ? node->assign.targets : (struct nodes){0};
}

static struct str target(struct nodes targets, size_t i)
{
    return i < targets.count ? targets.items[i]->variable.name : STR("");
}

void transcript_show(struct transcript *transcript, const struct node *node, struct value value,
                     struct buffer *to)
{
    struct nodes targets = targets_of(node);
    bool several = targets.count > 1 || (node->type == NODE_CALL && node->call.command &&
                                         node->call.command->results.count > 1);
    if (node->type == NODE_AT && node->at.block->list.count > 0) {
        transcript_show(transcript, node->at.block->list.items[node->at.block->list.count - 1],
                        value, to);
    } else if (several && value.type == TYPE_LIST) {
        for (size_t i = 0; i < value.list->count; i++) {
            buffer_add_text(to, i ? ", " : "");
            show_value(transcript, value.list->items[i], target(targets, i), to);
        }
    } else if (value.type != TYPE_UNSET) {
        show_value(transcript, value, target(targets, 0), to);
    }
}

// --- blocks --------------------------------------------------------------------------------------

static void close_block(struct transcript *transcript)
{
    if (transcript->actor.size > 0)
        buffer_add_text(&transcript->text, "```\n");
    buffer_clear(&transcript->actor);
}

// A block of that actor, the open one if it is theirs.
static void open_block(struct transcript *transcript, struct str actor)
{
    if (str_equal(buffer_str(&transcript->actor), actor))
        return;
    close_block(transcript);
    buffer_print(&transcript->text, "\n%s\n\n```socksh", _("(Say here what happens, and why.)"));
    if (!str_is(actor, "main"))
        buffer_print(&transcript->text, " %.*s", STR_ARG(actor));
    buffer_add_char(&transcript->text, '\n');
    buffer_add(&transcript->actor, actor);
}

// What no lesson may hold, since it moves a terminal's cursor or is no text, is any text.
static void add_printed_line(struct buffer *to, struct str line)
{
    buffer_add_text(to, "#| ");
    for (size_t i = 0, size; i < line.size; i += size) {
        uint32_t point = 0;
        size = utf8_decode(str_slice(line, i, line.size), &point);
        if (size > 0 && !utf8_is_control(point))
            buffer_add(to, str_slice(line, i, i + size));
        else
            buffer_add_text(to, "...");
        size = size > 0 ? size : 1;
    }
    buffer_add_char(to, '\n');
}

static void add_printed(struct transcript *transcript, struct str printed)
{
    while (printed.size > 0)
        add_printed_line(&transcript->text, str_take_line(&printed));
}

void transcript_add(struct transcript *transcript, struct str actor, struct str input,
                    struct str outcome, struct str printed)
{
    if (input.size == 0 && outcome.size == 0)
        return;
    open_block(transcript, actor);
    struct str trimmed = str_trim(input, " \t\r\n");
    buffer_add(&transcript->text, trimmed);
    size_t column = 0;
    while (column < trimmed.size && trimmed.data[trimmed.size - 1 - column] != '\n')
        column++;
    if (outcome.size > 0)
        buffer_print(&transcript->text, "%*s#=> %.*s",
                     trimmed.size == 0             ? 0
                     : column < EXPECTATION_COLUMN ? (int)(EXPECTATION_COLUMN - column)
                                                   : 1,
                     "", STR_ARG(outcome));
    buffer_add_char(&transcript->text, '\n');
    add_printed(transcript, printed);
}

void transcript_begin(struct transcript *transcript, struct str title)
{
    buffer_print(&transcript->text, "---\ntitle: %.*s\nminutes: 10\n---\n\n%s\n", STR_ARG(title),
                 _("(Say here in two sentences what will be seen.)"));
}

void transcript_show_end(const struct transcript *transcript, struct buffer *to)
{
    if (transcript->actor.size > 0)
        buffer_add_text(to, "```\n");
    buffer_print(to, "\n%s\n", _("(Say here in three lines what was learned.)"));
}

void transcript_finish(struct transcript *transcript)
{
    free(transcript->names);
    buffer_finish(&transcript->text);
    buffer_finish(&transcript->actor);
    *transcript = (struct transcript){0};
}
