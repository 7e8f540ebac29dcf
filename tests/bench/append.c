// append: what append.socksh does, into memory that doubles; prints octets and the two times in
// nanoseconds.

#include <string.h>

#include "bench.h"

struct page {
    char *data;
    size_t size, capacity;
};

static void append(struct page *page, const char *data, size_t size)
{
    bool itself = data == page->data;
    if (page->size + size > page->capacity) {
        page->capacity = (page->size + size) * 3 / 2;
        page->data = realloc(page->data, page->capacity);
        must(page->data != NULL, "memory");
    }
    memcpy(page->data + page->size, itself ? page->data : data, size);
    page->size += size;
}

int main(int count, char **words)
{
    int fd = connected((unsigned short)argument(count, words, 1, 0));
    struct page page = {0};
    char data[1024];
    long long begin = now();
    for (ssize_t size; (size = recv(fd, data, sizeof data, 0)) > 0;)
        append(&page, data, (size_t)size);
    long long filled = now();
    size_t size = page.size;
    append(&page, page.data, size);
    printf("%zu %lld %lld\n", size, filled - begin, now() - filled);
    free(page.data);
    return 0;
}
