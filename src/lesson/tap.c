// tap: printing results.

#include "lesson/tap.h"

#include <stdio.h>
#include <unistd.h>

#include "base/utf8.h"
#include "net/handle.h"

static FILE *results;
static unsigned failures;

bool tap_open(void)
{
    handles_lock();
    int fd = handle_hide(dup(STDOUT_FILENO));
    handles_unlock();
    results = fd < 0 ? NULL : fdopen(fd, "w");
    if (results != NULL)
        setvbuf(results, NULL, _IOLBF, 0);
    return results != NULL;
}

void tap_close(void)
{
    fclose(results);
}

// Prints the character at the beginning of `text` and returns its size. What would move a
// terminal's cursor, or is no UTF-8, is shown as the octets that it is made of.
static size_t print_character(struct str text)
{
    uint32_t point = 0;
    size_t size = utf8_decode(text, &point);
    bool passes = point == '\n' || point == '\t' || !utf8_is_control(point);
    if (size > 0 && passes) {
        fwrite(text.data, 1, size, results);
        return size;
    }
    fprintf(results, "\\x%02x", (unsigned char)text.data[0]);
    return 1;
}

void tap_result(bool good, struct str file, unsigned line, struct str text)
{
    fprintf(results, "%s - %.*s:", good ? "ok" : "not ok", STR_ARG(file));
    if (line > 0)
        fprintf(results, "%u:", line);
    putc(' ', results);
    for (size_t i = 0; i < text.size;) {
        if (text.data[i] == '#') // it would begin a directive
            putc('\\', results);
        i += print_character(str_slice(text, i, text.size));
    }
    putc('\n', results);
    failures += good ? 0 : 1;
}

void tap_comment(const char *label, struct str text)
{
    fprintf(results, "#   %s", label);
    for (size_t i = 0; i < text.size;) {
        bool newline = text.data[i] == '\n';
        i += print_character(str_slice(text, i, text.size));
        if (newline && i < text.size)
            fputs("#   ", results);
    }
    if (text.size == 0 || text.data[text.size - 1] != '\n')
        putc('\n', results);
}

unsigned tap_failures(void)
{
    return failures;
}
