// progress: writing lines and reading them, with json-c.

#include "lesson/progress.h"

#include <errno.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/folder.h"
#include "net/handle.h"

enum {
    LINE_MOST = 1024,             // octets; ours have 200
    DEPTH_MOST = 4,               // of brackets in a line; ours has one
    FILE_MOST = 64 * 1024 * 1024, // octets: a file longer than any learner's
};

#define BYTE_ORDER_MARK STR("\xEF\xBB\xBF")

static const char *const events[] = {
    [PROGRESS_BEGIN] = "begin", [PROGRESS_STEP] = "step", [PROGRESS_FINISH] = "finish", NULL};
static const char *const helps[] = {[PROGRESS_ALONE] = "none",
                                    [PROGRESS_HINT] = "hint",
                                    [PROGRESS_SHOW] = "show",
                                    [PROGRESS_SKIP] = "skip",
                                    NULL};

static int file = -1;       // -1 while it is not open
static int refused = EBADF; // errno of the opening that failed

// --- the file ------------------------------------------------------------------------------------

const char *progress_help_name(enum progress_help help)
{
    return helps[help];
}

bool progress_path(struct buffer *path)
{
    if (!folder_find("XDG_STATE_HOME", ".local/state", path))
        return false;
    buffer_add_text(path, "/progress.jsonl");
    return true;
}

// Opens a file out of the way of scripts; -1 with errno.
static int open_hidden(const char *path, int flags)
{
    handles_lock();
    int fd = open(path, flags | O_CLOEXEC | O_NOCTTY, 0600);
    fd = fd < 0 ? fd : handle_hide(fd);
    handles_unlock();
    return fd;
}

bool progress_open(void)
{
    struct buffer path = {0};
    errno = ENOENT;
    if (folder_find("XDG_STATE_HOME", ".local/state", &path)) {
        folder_make(&path);
        buffer_add_text(&path, "/progress.jsonl");
        file = open_hidden(buffer_text(&path), O_RDWR | O_APPEND | O_CREAT);
    }
    refused = errno;
    buffer_finish(&path);
    return file >= 0;
}

void progress_close(void)
{
    if (file >= 0)
        close(file);
    file = -1;
}

// --- writing -------------------------------------------------------------------------------------

static void set_text(struct json_object *object, const char *key, const char *text)
{
    json_object_object_add(object, key, json_object_new_string(text));
}

static void set_number(struct json_object *object, const char *key, unsigned number)
{
    json_object_object_add(object, key, json_object_new_int64(number));
}

static void show_line(const struct progress_line *line, struct buffer *to)
{
    struct json_object *object = json_object_new_object();
    set_text(object, "time", line->when);
    set_text(object, "lesson", line->lesson);
    set_text(object, "language", line->language);
    set_text(object, "event", events[line->event]);
    set_number(object, "step", line->step);
    set_number(object, "steps", line->steps);
    set_number(object, "tries", line->tries);
    set_text(object, "help", helps[line->help]);
    set_number(object, "seconds", line->seconds);
    buffer_add_text(to, json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN));
    buffer_add_char(to, '\n');
    json_object_put(object);
}

// Whether the file's last line lacks its end: whoever wrote it was stopped by a full disk, or a
// file was cut when it was copied.
static bool is_cut(void)
{
    char last = '\n';
    off_t size = lseek(file, 0, SEEK_END);
    return size > 0 && pread(file, &last, 1, size - 1) == 1 && last != '\n';
}

bool progress_add(struct progress_line line)
{
    struct buffer text = {0};
    time_t now = time(NULL);
    struct tm utc;
    if (file < 0) {
        errno = refused;
        return false;
    }
    strftime(line.when, sizeof line.when, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &utc));
    if (is_cut())
        buffer_add_char(&text, '\n');
    show_line(&line, &text);
    // All of it at once, and with O_APPEND: it stands there whole or not at all, and lines of two
    // windows do not mix. open(2)
    ssize_t written = write(file, text.data, text.size);
    if (written >= 0 && (size_t)written < text.size)
        errno = ENOSPC;
    bool good = written == (ssize_t)text.size;
    buffer_finish(&text);
    return good;
}

// --- reading -------------------------------------------------------------------------------------

static bool is_letter_or_digit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// Copies a text member of fewer than `size` octets, all of them letters, digits, and `others`.
// False for anything else: a name of another kind is nobody's lesson, and would reach the terminal.
static bool get_text(struct json_object *object, const char *key, const char *others, char *to,
                     size_t size)
{
    struct json_object *member;
    if (!json_object_object_get_ex(object, key, &member) ||
        !json_object_is_type(member, json_type_string))
        return false;
    struct str text = {json_object_get_string(member), (size_t)json_object_get_string_len(member)};
    if (text.size == 0 || text.size >= size)
        return false;
    for (size_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        if (!is_letter_or_digit(c) && !char_is_one_of(c, others))
            return false;
        to[i] = c;
    }
    to[text.size] = '\0';
    return true;
}

static bool get_number(struct json_object *object, const char *key, unsigned least, unsigned most,
                       unsigned *number)
{
    struct json_object *member;
    if (!json_object_object_get_ex(object, key, &member) ||
        !json_object_is_type(member, json_type_int))
        return false;
    int64_t value = json_object_get_int64(member);
    if (value < least || value > most)
        return false;
    *number = (unsigned)value;
    return true;
}

// One of the words, by its index; -1 for anything else.
static int get_word(struct json_object *object, const char *key, const char *const *words)
{
    struct json_object *member;
    if (!json_object_object_get_ex(object, key, &member) ||
        !json_object_is_type(member, json_type_string))
        return -1;
    for (int i = 0; words[i]; i++)
        if (strcmp(words[i], json_object_get_string(member)) == 0)
            return i;
    return -1;
}

// Whether it is "2026-11-22T09:04:36Z", by its shape.
static bool is_time(const char *text)
{
    static const char shape[] = "0000-00-00T00:00:00Z";
    if (strlen(text) != sizeof shape - 1)
        return false;
    for (size_t i = 0; shape[i]; i++)
        if (shape[i] == '0' ? text[i] < '0' || text[i] > '9' : text[i] != shape[i])
            return false;
    return true;
}

static bool get_line(struct json_object *object, struct progress_line *line)
{
    int event = get_word(object, "event", events), help = get_word(object, "help", helps);
    if (event < 0 || help < 0)
        return false;
    line->event = (enum progress_event)event;
    line->help = (enum progress_help)help;
    return get_text(object, "time", "-T:Z", line->when, sizeof line->when) && is_time(line->when) &&
           get_text(object, "lesson", "-_", line->lesson, sizeof line->lesson) &&
           get_text(object, "language", "", line->language, sizeof line->language) &&
           get_number(object, "steps", 1, PROGRESS_STEPS, &line->steps) &&
           get_number(object, "step", 1, line->steps, &line->step) &&
           get_number(object, "tries", 0, PROGRESS_TRIES, &line->tries) &&
           get_number(object, "seconds", 0, PROGRESS_SECONDS, &line->seconds);
}

// Reads one line as a whole; false when it is no line of ours.
static bool read_line(struct str text, struct progress_line *line)
{
    *line = (struct progress_line){0};
    if (text.size > LINE_MOST)
        return false;
    struct json_tokener *tokener = json_tokener_new_ex(DEPTH_MOST);
    if (tokener == NULL)
        return false;
    json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
    struct json_object *object = json_tokener_parse_ex(tokener, text.data, (int)text.size);
    bool good = json_tokener_get_error(tokener) == json_tokener_success &&
                json_object_is_type(object, json_type_object) && get_line(object, line);
    json_object_put(object);
    json_tokener_free(tokener);
    return good;
}

// What progress_read() is at.
struct reading {
    void (*visit)(void *context, const struct progress_line *line);
    void *context;
    unsigned strange;
    bool begun;         // its first line has ended
    struct buffer line; // as much of the current one as there is, and is worth keeping
};

static void end_line(struct reading *reading)
{
    struct progress_line line;
    struct str text = buffer_str(&reading->line);
    if (!reading->begun && str_starts(text, BYTE_ORDER_MARK)) // an editor has saved it
        text = str_slice(text, BYTE_ORDER_MARK.size, text.size);
    reading->begun = true;
    text = str_trim(text, " \t\r");
    if (text.size > 0 && read_line(text, &line))
        reading->visit(reading->context, &line);
    else if (text.size > 0)
        reading->strange++;
    buffer_clear(&reading->line);
}

// Octets as they come; of a line longer than any of ours only so much is kept as shows that.
static void take(struct reading *reading, struct str piece)
{
    while (piece.size > 0) {
        size_t end = str_find(piece, STR("\n"), 0);
        struct str part = str_slice(piece, 0, end);
        size_t room = LINE_MOST + 1 - reading->line.size;
        buffer_add(&reading->line, str_slice(part, 0, room));
        if (end == SIZE_MAX)
            return;
        end_line(reading);
        piece = str_slice(piece, end + 1, piece.size);
    }
}

bool progress_read(const char *path, void (*visit)(void *context, const struct progress_line *line),
                   void *context, unsigned *strange)
{
    char chunk[8192];
    struct reading reading = {.visit = visit, .context = context};
    int fd = open_hidden(path, O_RDONLY);
    if (fd < 0)
        return false;
    ssize_t size;
    size_t all = 0;
    while ((size = read(fd, chunk, sizeof chunk)) > 0 && (all += (size_t)size) <= FILE_MOST)
        take(&reading, (struct str){chunk, (size_t)size});
    int error = size > 0 ? EFBIG : errno;
    close(fd);
    buffer_finish(&reading.line); // the rest: a line that was cut
    if (strange != NULL)
        *strange = reading.strange;
    errno = error;
    return size == 0;
}

// --- where somebody stands -----------------------------------------------------------------------

void progress_take(struct progress_state *progress, const struct progress_line *line)
{
    bool again = line->event == PROGRESS_BEGIN && line->step == 1;
    progress->begun = true;
    progress->steps = line->steps;
    if (again)
        progress->reached = 1;
    else if (line->event == PROGRESS_STEP && line->step >= progress->reached)
        progress->reached = line->step + 1;
    if (again || line->help > progress->used)
        progress->used = again ? PROGRESS_ALONE : line->help;
    if (line->event != PROGRESS_FINISH) {
        // Step by step: the one behind the last is never reached, for `finish` stands there.
        unsigned next = line->step + (line->event == PROGRESS_STEP ? 1 : 0);
        progress->step = next > line->steps ? line->steps : next;
        return;
    }
    progress->finished = true;
    progress->step = 0;
    progress->help = progress->used;
    memcpy(progress->when, line->when, sizeof progress->when);
}

// Whom progress_of() asks about.
struct asked {
    struct str lesson;
    struct progress_state *state;
};

static void take_asked(void *context, const struct progress_line *line)
{
    struct asked *asked = context;
    if (str_is(asked->lesson, line->lesson))
        progress_take(asked->state, line);
}

void progress_of(struct str lesson, struct progress_state *state)
{
    struct asked asked = {lesson, state};
    struct buffer path = {0};
    *state = (struct progress_state){0};
    if (progress_path(&path))
        progress_read(buffer_text(&path), take_asked, &asked, NULL);
    buffer_finish(&path);
}
