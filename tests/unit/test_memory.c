// test_memory: arenas, and arrays that grow.

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

Test(memory, gives_zeroed_and_aligned_memory)
{
    struct arena arena = {0};
    for (size_t size = 0; size < 5000; size += 13) {
        char *memory = arena_zero(&arena, size);
        cr_assert(ne(ptr, memory, NULL));
        cr_assert(eq(sz, (uintptr_t)memory % _Alignof(max_align_t), 0));
        for (size_t i = 0; i < size; i++)
            cr_assert(eq(int, memory[i], 0));
        memset(memory, 0xAA, size); // what comes next must still be zero
    }
    arena_finish(&arena);
    cr_assert(eq(ptr, arena.chunks, NULL));
    arena_finish(&arena);
}

Test(memory, keeps_earlier_pieces_in_place)
{
    struct arena arena = {0};
    struct str kept[1000];
    char text[] = "0000";
    for (size_t i = 0; i < 1000; i++) {
        text[i % 4] = (char)('0' + i % 10);
        kept[i] = arena_copy(&arena, str_from(text));
        if (i % 100 == 0)
            arena_zero(&arena, 100000);
        cr_assert(eq(int, kept[i].data[kept[i].size], '\0'));
    }
    cr_assert(str_equal(kept[999], str_from(text)));
    cr_assert(str_is(kept[0], "0000"));
    cr_assert(eq(sz, arena_copy(&arena, (struct str){NULL, 0}).size, 0));
    arena_finish(&arena);
}

Test(memory, moves_arrays_into_an_arena)
{
    struct arena arena = {0};
    int *numbers = NULL;
    size_t count = 0, capacity = 0;
    for (; count < 1000; count++) {
        numbers = mem_grow(numbers, count, &capacity, sizeof *numbers);
        numbers[count] = (int)count;
    }
    cr_assert(ge(sz, capacity, 1000));
    int *moved = arena_adopt(&arena, numbers, count, sizeof *numbers);
    cr_assert(eq(int, moved[0], 0));
    cr_assert(eq(int, moved[999], 999));
    cr_assert(eq(ptr, arena_adopt(&arena, malloc(8), 0, 8), NULL));
    cr_assert(eq(ptr, arena_adopt(&arena, NULL, 0, 8), NULL));
    arena_finish(&arena);
}

Test(memory, copies_text)
{
    char *copy = mem_copy(STR("a\0b"));
    cr_assert(eq(int, memcmp(copy, "a\0b", 4), 0));
    free(copy);
    copy = mem_copy((struct str){NULL, 0});
    cr_assert(eq(str, copy, ""));
    free(copy);
    char *grown = mem_resize(mem_zero(4), 8);
    cr_assert(eq(int, grown[3], 0));
    free(grown);
}
