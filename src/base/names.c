// names: open addressing over FNV-1a hashes, at most half full.

#include "base/names.h"

#include <stdlib.h>

#include "base/memory.h"

// FNV-1a with its usual two numbers (32 bits): short, and good on names of a few letters.
static uint32_t hash(struct str name)
{
    uint32_t sum = 2166136261U;
    for (size_t i = 0; i < name.size; i++)
        sum = (sum ^ (unsigned char)name.data[i]) * 16777619U;
    return sum;
}

// The place in the table where `name` is or would go.
static uint32_t place(const struct names *names, struct str name)
{
    uint32_t i = hash(name) & (names->table_size - 1);
    while (names->table[i] != 0 && !str_equal(names->items[names->table[i] - 1], name))
        i = (i + 1) & (names->table_size - 1);
    return i;
}

uint32_t names_find(const struct names *names, struct str name)
{
    if (names->count == 0)
        return NAME_MISSING;
    uint32_t found = names->table[place(names, name)];
    return found ? found - 1 : NAME_MISSING;
}

// Makes the table anew with `size` places, a power of two, since place() masks instead of dividing.
static void rebuild(struct names *names, uint32_t size)
{
    free(names->table);
    names->table = mem_zero(size * sizeof *names->table);
    names->table_size = size;
    for (uint32_t i = 0; i < names->count; i++)
        names->table[place(names, names->items[i])] = i + 1;
}

uint32_t names_add(struct names *names, struct str name)
{
    uint32_t found = names_find(names, name);
    if (found != NAME_MISSING)
        return found;
    // At most half full: chains stay short, and place() always meets an empty place and ends.
    if ((names->count + 1) * 2 > names->table_size)
        rebuild(names, names->table_size ? names->table_size * 2 : 16);
    names->items = mem_grow(names->items, names->count, &names->capacity, sizeof *names->items);
    names->items[names->count] = (struct str){mem_copy(name), name.size};
    names->table[place(names, name)] = ++names->count;
    return names->count - 1;
}

void names_truncate(struct names *names, uint32_t count)
{
    if (count >= names->count)
        return;
    for (uint32_t i = count; i < names->count; i++)
        free((void *)names->items[i].data);
    names->count = count;
    // Removing single entries would break the chains that lead past them.
    rebuild(names, names->table_size);
}

void names_finish(struct names *names)
{
    for (uint32_t i = 0; i < names->count; i++)
        free((void *)names->items[i].data);
    free(names->items);
    free(names->table);
    *names = (struct names){0};
}
