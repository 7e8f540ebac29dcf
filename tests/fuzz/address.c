// address: what reads as an address shows as one that reads the same.

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "net/address.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct address address = {0}, again = {0};
    struct diag diag = {0};
    struct buffer shown = {0};
    struct str text = {(const char *)data, size};
    if (!address_parse(text, &address, &diag)) {
        if (diag.message[0] == '\0' || diag.range.end > size || diag.range.start > diag.range.end)
            abort();
        return 0;
    }
    address_show(&address, &shown);
    if (!address_parse(buffer_str(&shown), &again, &diag) || !address_equal(&address, &again))
        abort();
    buffer_finish(&shown);
    return 0;
}
