// lesson_files: looking into a lesson's folder.

#include "ui/lesson_files.h"

#include <dirent.h>
#include <string.h>

#include "base/message.h"
#include "base/names.h"
#include "net/handle.h"

static struct names shown; // as long as the process

static bool is_program(const struct lesson *lesson, const char *name)
{
    for (size_t i = 0; i < lesson->program_count; i++)
        if (str_is(lesson->programs[i].name, name))
            return true;
    return false;
}

// Appends a path as part of a URI: what is neither unreserved nor "/" as %XX (RFC 3986).
static void add_path(const char *path, struct buffer *to)
{
    static const char safe[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/";
    for (; *path != '\0'; path++) {
        if (strchr(safe, *path))
            buffer_add_char(to, *path);
        else
            buffer_print(to, "%%%02X", (unsigned char)*path);
    }
}

void lesson_files_show(const char *folder, const struct lesson *lesson, struct buffer *to)
{
    handles_lock(); // a descriptor is taken for a moment
    DIR *opened = opendir(folder);
    if (opened == NULL) {
        handles_unlock();
        return;
    }
    for (struct dirent *entry; (entry = readdir(opened)) != NULL;) {
        struct str name = str_from(entry->d_name);
        if (entry->d_type != DT_REG || is_program(lesson, entry->d_name) ||
            names_find(&shown, name) != NAME_MISSING)
            continue;
        names_add(&shown, name);
        buffer_add_text(to, _(" to be opened in a browser: file://"));
        add_path(folder, to);
        buffer_add_char(to, '/');
        add_path(entry->d_name, to);
        buffer_add_char(to, '\n');
    }
    closedir(opened);
    handles_unlock();
}
