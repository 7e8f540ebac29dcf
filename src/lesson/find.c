// find: looking for lessons.

#include "lesson/find.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/language.h"
#include "base/memory.h"
#include "config.h"

enum { ABOVE_MOST = 5 }; // folders above the program's own that may be the source tree

// --- the folder ----------------------------------------------------------------------------------

// Appends the path when there is such a folder with lessons' README in it.
static bool is_there(const char *path, struct buffer *to)
{
    char file[PATH_MAX];
    bool fits = snprintf(file, sizeof file, "%s/README.md", path) < (int)sizeof file;
    if (!fits || access(file, R_OK) != 0)
        return false;
    buffer_add_text(to, path);
    return true;
}

// Takes the last part off a path. False at the root.
static bool go_up(char *path)
{
    char *slash = strrchr(path, '/');
    if (slash == NULL || slash == path)
        return false;
    *slash = '\0';
    return true;
}

// From a build folder: the first folder above the program that holds meson.build and lessons.
static bool find_in_tree(char *folder, struct buffer *to)
{
    char path[PATH_MAX + 16];
    for (int i = 0; i < ABOVE_MOST; i++) {
        snprintf(path, sizeof path, "%s/meson.build", folder);
        if (access(path, R_OK) == 0) {
            snprintf(path, sizeof path, "%s/lessons", folder);
            return is_there(path, to);
        }
        if (!go_up(folder))
            return false;
    }
    return false;
}

bool find_folder(struct buffer *path)
{
    char program[PATH_MAX] = "", beside[PATH_MAX + 32];
    const char *named = getenv("SOCKSH_LESSONS");
    if (named != NULL && named[0] != '\0')
        return is_there(named, path);
    ssize_t size = readlink("/proc/self/exe", program, sizeof program - 1);
    if (size > 0 && go_up(program)) {
        snprintf(beside, sizeof beside, "%s/../share/socksh/lessons", program);
        if (is_there(beside, path) || find_in_tree(program, path))
            return true;
    }
    return is_there(LESSONS_DIR, path);
}

// --- lessons -------------------------------------------------------------------------------------

// "05-hello": its number and where its name begins. False for other folders.
static bool read_name(struct str folder, int *number, struct str *name)
{
    size_t dash = str_find(folder, STR("-"), 0);
    uint64_t value = 0;
    if (dash == SIZE_MAX || !str_to_number(str_slice(folder, 0, dash), 999, &value))
        return false;
    *number = (int)value;
    *name = str_slice(folder, dash + 1, folder.size);
    return name->size > 0;
}

static int compare_numbers(const void *a, const void *b)
{
    return ((const struct found *)a)->number - ((const struct found *)b)->number;
}

static void add(struct found_list *list, const char *folder, const char *entry)
{
    struct found found = {0};
    struct str name;
    struct buffer path = {0};
    if (!read_name(str_from(entry), &found.number, &name))
        return;
    buffer_print(&path, "%s/%s", folder, entry);
    found.folder = mem_copy(buffer_str(&path));
    found.name = mem_copy(name);
    buffer_finish(&path);
    list->items = mem_grow(list->items, list->count, &list->capacity, sizeof found);
    list->items[list->count++] = found;
}

bool find_lessons(struct found_list *list, const char *in)
{
    struct buffer folder = {0};
    if (in != NULL)
        buffer_add_text(&folder, in);
    bool there = in != NULL || find_folder(&folder);
    DIR *opened = there ? opendir(buffer_text(&folder)) : NULL;
    int error = there && opened == NULL ? errno : ENOENT;
    if (opened != NULL) {
        for (struct dirent *entry; (entry = readdir(opened)) != NULL;)
            add(list, buffer_text(&folder), entry->d_name);
        closedir(opened);
    }
    buffer_finish(&folder);
    if (list->count > 0)
        qsort(list->items, list->count, sizeof *list->items, compare_numbers);
    errno = error;
    return list->count > 0;
}

const struct found *find_lesson(const struct found_list *list, struct str word)
{
    uint64_t number = 0;
    int prefix = -1;
    struct str name = word;
    bool numbered = str_to_number(word, 999, &number);
    if (!numbered)
        read_name(word, &prefix, &name); // "05-hello" says both
    for (size_t i = 0; i < list->count; i++)
        if (numbered ? list->items[i].number == (int)number
                     : str_is(word, list->items[i].name) ||
                           (list->items[i].number == prefix && str_is(name, list->items[i].name)))
            return &list->items[i];
    return NULL;
}

bool find_file(const struct found *found, struct buffer *path)
{
    char file[PATH_MAX];
    const char *languages[] = {language_current(), "en"};
    for (size_t i = 0; i < 2; i++) {
        snprintf(file, sizeof file, "%s/%s.md", found->folder, languages[i]);
        if (access(file, R_OK) == 0) {
            buffer_add_text(path, file);
            return true;
        }
    }
    return false;
}

void found_finish(struct found_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        free(list->items[i].folder);
        free(list->items[i].name);
    }
    free(list->items);
    *list = (struct found_list){0};
}
