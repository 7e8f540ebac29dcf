// language: the catalogue of texts, by --lang or by the environment.

#include "base/language.h"

#include <langinfo.h>
#include <libintl.h>
#include <limits.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config.h"

static const char catalogue[] = "socksh";
static bool is_chinese; // by an option or by the environment

// What begins so is the language whose catalogue has that name; English needs none.
static const struct {
    const char *prefix, *name;
} languages[] = {{"en", "en"}, {"zh", "zh_CN"}};

// Whether `locale`, such as zh_CN.UTF-8, is of the language that begins so.
static bool is_of(const char *locale, const char *prefix)
{
    size_t size = strlen(prefix);
    return strncmp(locale, prefix, size) == 0 &&
           (locale[size] == '\0' || strchr("_.@", locale[size]));
}

// The name of a locale's catalogue, or NULL.
static const char *catalogue_of(const char *locale)
{
    for (size_t i = 0; i < sizeof languages / sizeof *languages; i++)
        if (is_of(locale, languages[i].prefix))
            return languages[i].name;
    return NULL;
}

// The folder of catalogues that belongs to this very binary: in the folder that it was built in, or
// beside the one that it was installed in; else where it was to be installed.
static void find_folder(char *folder, size_t size)
{
    static const char *const beside[] = {"../po", "../share/locale"};
    char program[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    char *end = length > 0 ? memrchr(program, '/', (size_t)length) : NULL;
    for (size_t i = 0; end != NULL && i < sizeof beside / sizeof *beside; i++) {
        char file[PATH_MAX];
        int fits = snprintf(folder, size, "%.*s/%s", (int)(end - program), program, beside[i]);
        int whole = snprintf(file, sizeof file, "%s/zh_CN/LC_MESSAGES/%s.mo", folder, catalogue);
        if (fits > 0 && (size_t)fits < size && whole < PATH_MAX && access(file, R_OK) == 0)
            return;
    }
    snprintf(folder, size, "%s", LOCALE_DIR);
}

// What the environment asks for, in the order of setlocale(3); NULL for nothing.
static const char *asked_for(void)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *value = getenv(names[i]);
        if (value != NULL && value[0] != '\0')
            return value;
    }
    return NULL;
}

bool language_start(const char *wanted)
{
    const char *name = wanted ? catalogue_of(wanted) : NULL;
    if (wanted != NULL && name == NULL)
        return false;
    const char *locale = setlocale(LC_MESSAGES, "");
    if (name == NULL && (locale == NULL || strcmp(locale, "C") == 0) && asked_for() != NULL)
        name = catalogue_of(asked_for()); // the system does not have that locale
    if (name == NULL && getenv("LANGUAGE") == NULL && (locale == NULL || !is_of(locale, "zh")))
        return true; // English, without looking for anything
    // gettext(3) translates nothing in the locale "C", and reads LANGUAGE in any other.
    if (name != NULL) {
        setlocale(LC_MESSAGES, "C.UTF-8");
        setenv("LANGUAGE", name, 1);
    }
    char folder[PATH_MAX];
    find_folder(folder, sizeof folder);
    bindtextdomain(catalogue, folder);
    bind_textdomain_codeset(catalogue, "UTF-8");
    bind_textdomain_codeset("libc", "UTF-8"); // strerror(3)
    textdomain(catalogue);
    is_chinese = (name || locale) && is_of(name ? name : locale, "zh");
    return true;
}

void language_start_characters(void)
{
    const char *locale = setlocale(LC_CTYPE, "");
    if (locale == NULL || (is_chinese && strcmp(nl_langinfo(CODESET), "UTF-8") != 0)) {
        setlocale(LC_CTYPE, "C.UTF-8");
        setenv("LC_CTYPE", "C.UTF-8", 1); // readline asks the environment once more
    }
}

const char *language_current(void)
{
    return is_chinese ? "zh" : "en";
}
