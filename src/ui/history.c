// history: one escaped input a line, appended as it is typed, so that a kill loses nothing.

#include "ui/history.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/folder.h"
#include "net/handle.h"
#include "ui/edit.h"
#include "ui/output.h"

enum { LOADED_MOST = 256 * 1024 }; // octets of the file's end that are read

// Appends the path, making its folders; false when there is to be no history.
static bool find_file(struct buffer *path)
{
    const char *named = getenv("SOCKSH_HISTFILE");
    if (named != NULL) {
        buffer_add_text(path, named);
        return named[0] != '\0';
    }
    if (!folder_find("XDG_STATE_HOME", ".local/state", path))
        return false;
    folder_make(path);
    buffer_add_text(path, "/history");
    return true;
}

// The file, opened under a number that scripts do not get; -1 without one.
static int open_file(int flags)
{
    struct buffer path = {0};
    int fd = -1;
    if (find_file(&path)) {
        handles_lock();
        fd = open(buffer_text(&path), flags | O_CLOEXEC, 0600);
        fd = fd < 0 ? fd : handle_hide(fd);
        handles_unlock();
    }
    buffer_finish(&path);
    return fd;
}

// Hands one line of the file to the editor, as the input that it was.
static void add_unescaped(struct str line)
{
    struct buffer input = {0};
    for (size_t i = 0; i < line.size; i++) {
        bool escape = line.data[i] == '\\' && i + 1 < line.size;
        if (escape)
            i++;
        buffer_add_char(&input, escape && line.data[i] == 'n' ? '\n' : line.data[i]);
    }
    edit_add_history(buffer_text(&input));
    buffer_finish(&input);
}

void history_load(void)
{
    // Static: a megabyte is much for a stack.
    static char text[LOADED_MOST];
    int fd = open_file(O_RDONLY);
    if (fd < 0)
        return;
    // From the end: what was typed last is what is looked for.
    off_t size = lseek(fd, 0, SEEK_END);
    ssize_t got = pread(fd, text, sizeof text, size > LOADED_MOST ? size - LOADED_MOST : 0);
    close(fd);
    struct str rest = {text, got > 0 ? (size_t)got : 0};
    size_t end;
    if (size > LOADED_MOST && (end = str_find(rest, STR("\n"), 0)) != SIZE_MAX)
        rest = str_slice(rest, end + 1, rest.size); // half a line
    while ((end = str_find(rest, STR("\n"), 0)) != SIZE_MAX) {
        if (end > 0)
            add_unescaped(str_slice(rest, 0, end));
        rest = str_slice(rest, end + 1, rest.size);
    }
}

// Blank lines come from Return alone, and are worth no entry.
static bool is_blank(struct str input)
{
    for (size_t i = 0; i < input.size; i++)
        if (strchr(" \t\r\n", input.data[i]) == NULL)
            return false;
    return true;
}

void history_add(struct str input)
{
    struct buffer line = {0};
    if (is_blank(input))
        return;
    buffer_add(&line, input);
    // The editor gets the lines as they were typed.
    edit_add_history(buffer_text(&line));
    buffer_clear(&line);
    for (size_t i = 0; i < input.size; i++) {
        if (input.data[i] == '\n')
            buffer_add_text(&line, "\\n");
        else
            buffer_print(&line, input.data[i] == '\\' ? "\\%c" : "%c", input.data[i]);
    }
    buffer_add_char(&line, '\n');
    int fd = open_file(O_WRONLY | O_APPEND | O_CREAT);
    if (fd >= 0) {
        // In one write, with O_APPEND: lines of two prompts do not mix. open(2)
        output_write_all(fd, buffer_str(&line));
        close(fd);
    }
    buffer_finish(&line);
}
