// assist_files: files and folders whose names begin like a word.

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/memory.h"
#include "base/message.h"
#include "net/handle.h"
#include "ui/assist_offer.h"

enum { FILES_MOST = 1000 }; // entries of a folder that are looked at

struct entries {
    char **names; // owned, each of them
    size_t count, capacity;
};

// Whether it can be written as it is, in quotes or as a word: no escapes are made up.
static bool is_writable(struct str name, bool quoted)
{
    for (size_t i = 0; i < name.size; i++)
        if (char_is_one_of(name.data[i], quoted ? "\"'\\{" : "\"' ;)]}#"))
            return false;
    return true;
}

// The folder's entries that begin with `prefix`, sorted. The descriptor that reading it takes must
// not be seen by scripts, whose sockets are numbered from the lowest free one.
static struct entries read_folder(const char *folder, struct str prefix)
{
    struct entries entries = {0};
    handles_lock();
    DIR *stream = opendir(folder);
    for (struct dirent *entry; stream && entries.count < FILES_MOST && (entry = readdir(stream));) {
        struct str name = str_from(entry->d_name);
        bool hidden = name.data[0] == '.' && !str_starts(prefix, STR("."));
        if (hidden || str_is(name, ".") || str_is(name, "..") || !str_starts(name, prefix))
            continue;
        entries.names =
            mem_grow(entries.names, entries.count, &entries.capacity, sizeof *entries.names);
        entries.names[entries.count++] = mem_copy(name);
    }
    if (stream != NULL)
        closedir(stream);
    handles_unlock();
    return entries;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool is_folder(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

// A folder ends in a slash and leaves its quotes open, as it may go on.
static void offer_file(struct offers *offers, struct str folder, const char *name, char quote)
{
    struct buffer path = {0}, text = {0};
    buffer_print(&path, "%.*s%s", STR_ARG(folder), name);
    bool goes_on = is_folder(buffer_text(&path));
    if (quote != '\0')
        buffer_add_char(&text, quote);
    buffer_add(&text, buffer_str(&path));
    if (goes_on)
        buffer_add_char(&text, '/');
    else if (quote != '\0')
        buffer_add_char(&text, quote);
    offer_add(offers, buffer_str(&text), goes_on ? str_from(_("folder")) : STR(""));
    buffer_finish(&path);
    buffer_finish(&text);
}

void offer_files(struct offers *offers, bool is_word)
{
    struct str word = offers->word, all = word;
    bool quoted = word.size > 0 && char_is_one_of(word.data[0], "\"'");
    char quote = quoted ? word.data[0] : is_word ? '\0' : '"';
    struct str path = str_slice(word, quoted ? 1 : 0, word.size);
    size_t cut = path.size;
    while (cut > 0 && path.data[cut - 1] != '/')
        cut--;
    struct str folder = str_slice(path, 0, cut), prefix = str_slice(path, cut, path.size);
    struct buffer opened = {0};
    buffer_print(&opened, "%.*s", STR_ARG(folder));
    struct entries entries = read_folder(folder.size ? buffer_text(&opened) : ".", prefix);
    if (entries.count > 0)
        qsort(entries.names, entries.count, sizeof *entries.names, by_name);
    // The names fit already: what is typed may lack its quote.
    offers->word = STR("");
    for (size_t i = 0; i < entries.count; i++) {
        if (is_writable(str_from(entries.names[i]), quote != '\0'))
            offer_file(offers, folder, entries.names[i], quote);
        free(entries.names[i]);
    }
    offers->word = all;
    free(entries.names);
    buffer_finish(&opened);
}
