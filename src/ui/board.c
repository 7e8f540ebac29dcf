// board: keeping what was done.

#include "ui/board.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "ui/output.h"

// Entries that are kept: more than any screen shows, and as many again before they are moved.
enum { KEPT = 200 };

// --- memory --------------------------------------------------------------------------------------

static void finish_arrow(struct board_arrow *arrow)
{
    arrow->from = SIZE_MAX;
    buffer_finish(&arrow->what);
    buffer_finish(&arrow->label);
    buffer_finish(&arrow->count);
}

static void finish_entry(struct board_entry *entry)
{
    buffer_finish(&entry->text);
    finish_arrow(&entry->arrow);
}

void board_clear(struct board *board)
{
    for (size_t i = 0; i < board->count; i++)
        finish_entry(&board->entries[i]);
    board->count = board->typing = 0;
}

void board_finish(struct board *board)
{
    board_clear(board);
    free(board->entries);
    for (size_t i = 0; i < board->actor_count; i++) {
        buffer_finish(&board->actors[i].waits);
        finish_arrow(&board->actors[i].coming);
    }
    buffer_finish(&board->status);
    *board = (struct board){0};
}

// --- actors --------------------------------------------------------------------------------------

size_t board_actor(struct board *board, struct str name)
{
    for (size_t i = 0; i < board->actor_count; i++)
        if (str_is(name, board->actors[i].name))
            return i;
    if (board->actor_count == BOARD_ACTORS)
        return SIZE_MAX;
    struct board_actor *actor = &board->actors[board->actor_count];
    snprintf(actor->name, sizeof actor->name, "%.*s", STR_ARG(name));
    actor->coming.from = SIZE_MAX;
    return board->actor_count++;
}

// --- entries -------------------------------------------------------------------------------------

static void forget_oldest(struct board *board)
{
    for (size_t i = 0; i < KEPT; i++)
        finish_entry(&board->entries[i]);
    board->count -= KEPT;
    board->typing = board->typing > KEPT ? board->typing - KEPT : 0;
    memmove(board->entries, board->entries + KEPT, board->count * sizeof *board->entries);
}

static void remove_entry(struct board *board, size_t i)
{
    finish_entry(&board->entries[i]);
    board->count--;
    board->typing -= board->typing > i ? 1 : 0;
    memmove(&board->entries[i], &board->entries[i + 1],
            (board->count - i) * sizeof *board->entries);
}

// Tabs would move the cursor by who knows how much.
static void set_text(struct buffer *to, struct str text)
{
    buffer_clear(to);
    output_escape(str_trim(text, "\n"), to);
    for (size_t i = 0; i < to->size; i++)
        if (to->data[i] == '\t')
            to->data[i] = ' ';
}

void board_add(struct board *board, enum board_kind kind, size_t actor, struct str text)
{
    if (actor == SIZE_MAX)
        return;
    if (board->count == 2 * KEPT)
        forget_oldest(board);
    board->entries =
        mem_grow(board->entries, board->count, &board->capacity, sizeof *board->entries);
    struct board_entry *entry = &board->entries[board->count++];
    struct board_actor *who = &board->actors[actor];
    *entry = (struct board_entry){.kind = kind, .actor = actor, .arrow = who->coming};
    who->coming = (struct board_arrow){.from = SIZE_MAX};
    who->acted = ++board->clock;
    if (kind == BOARD_TYPED)
        entry->turn = ++board->turn;
    set_text(&entry->text, text);
}

void board_type_begin(struct board *board, size_t actor)
{
    board_add(board, BOARD_TYPED, actor, STR(""));
    board->typing = actor == SIZE_MAX ? 0 : board->count;
}

void board_type(struct board *board, struct str text)
{
    if (board->typing > 0)
        set_text(&board->entries[board->typing - 1].text, text);
}

void board_type_end(struct board *board, bool stays)
{
    if (board->typing > 0 && !stays) {
        size_t i = board->typing - 1;
        board->typing = 0;
        remove_entry(board, i);
    }
    board->typing = 0;
}

// --- packets -------------------------------------------------------------------------------------

// Behind the statements, and behind packets of earlier ones that stand there. SIZE_MAX when the
// statements are forgotten.
static size_t find_place(const struct board *board, unsigned turn)
{
    for (size_t i = board->count; i-- > 0;)
        if (board->entries[i].turn > 0 && board->entries[i].turn <= turn)
            return i + 1;
    return SIZE_MAX;
}

// Room for one more entry at `place`, which is returned.
static struct board_entry *insert_entry(struct board *board, size_t place)
{
    board->entries =
        mem_grow(board->entries, board->count, &board->capacity, sizeof *board->entries);
    struct board_entry *entry = &board->entries[place];
    memmove(entry + 1, entry, (board->count - place) * sizeof *entry);
    board->count++;
    board->typing += board->typing > place ? 1 : 0;
    return entry;
}

static void insert_packet(struct board *board, size_t place, unsigned turn,
                          const struct board_packet *packet)
{
    struct board_entry *entry = insert_entry(board, place);
    *entry = (struct board_entry){.kind = BOARD_PACKET,
                                  .actor = packet->to,
                                  .turn = turn,
                                  .arrow = {.from = packet->from, .lost = packet->lost}};
    set_text(&entry->arrow.what, packet->what);
    set_text(&entry->arrow.label, packet->label);
    set_text(&entry->arrow.count, packet->count);
}

void board_pass(struct board *board, unsigned turn, const struct board_packet *packets,
                size_t count)
{
    for (size_t i = board->count; i-- > 0;)
        if (board->entries[i].kind == BOARD_PACKET && board->entries[i].turn == turn)
            remove_entry(board, i);
    for (size_t i = 0; i < count; i++) {
        if (board->count == 2 * KEPT)
            forget_oldest(board);
        size_t place = find_place(board, turn);
        if (place == SIZE_MAX)
            return;
        insert_packet(board, place, turn, &packets[i]);
    }
}

// --- meetings ------------------------------------------------------------------------------------

void board_meet(struct board *board, size_t actor, struct str from, struct str label,
                struct str count)
{
    size_t sender = board_actor(board, from);
    if (actor == SIZE_MAX || sender == SIZE_MAX || sender == actor)
        return;
    struct board_arrow *arrow = &board->actors[actor].coming;
    arrow->from = sender;
    set_text(&arrow->label, label);
    set_text(&arrow->count, count);
    board->actors[sender].acted = ++board->clock;
}
