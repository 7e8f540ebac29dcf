// output: writing without letting a control character through, and without hanging on a full pipe.

#include "ui/output.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "actor/actor.h"
#include "base/look.h"
#include "base/utf8.h"
#include "net/handle.h"

enum {
    CHUNK = 4096, // PIPE_BUF: a pipe that poll() calls writable takes that much at once. pipe(7)
    PIPE_CLOSED = 141, // 128 + SIGPIPE
};

// --- signs of ambiguous width --------------------------------------------------------------------

// What is drawn with in texts, and what stands in for it. Unicode leaves their width to the
// terminal: one column, or two where East Asian text is usual (UAX #11).
static const struct {
    uint32_t point;
    const char *ascii;
} stand_ins[] = {
    {U'·', "|"},       {U'×', "x"},  {U'–', "-"}, {U'—', "-"},   {U'‘', "'"},  {U'’', "'"},
    {U'“', "\""},      {U'”', "\""}, {U'•', "*"}, {U'…', "..."}, {U'→', "->"}, {U'─', "-"},
    {U'│', "|"},       {U'┌', "+"},  {U'┐', "+"}, {U'└', "+"},   {U'┘', "+"},  {U'├', "+"},
    {U'┤', "+"},       {U'┬', "+"},  {U'┴', "+"}, {U'┼', "+"},   {U'┊', ":"},  {U'╳', "x"},
    {U'█', "#"},       {U'▌', "|"},  {U'░', "."}, {U'▓', "#"},   {U'✓', "*"},  {U'✗', "x"},
    {U'⏳', "[waits]"},
};

void output_use_ascii(bool ascii)
{
    look_use_ascii(ascii);
}

// Appends the character `point`, whose octets are `text`, or what stands in for it.
static void add_point(uint32_t point, struct str text, struct buffer *to)
{
    for (size_t i = 0; point > 0x7F && look_is_ascii() && i < sizeof stand_ins / sizeof *stand_ins;
         i++) {
        if (stand_ins[i].point == point) {
            buffer_add_text(to, stand_ins[i].ascii);
            return;
        }
    }
    buffer_add(to, text);
}

void output_fit(struct str text, struct buffer *to)
{
    while (text.size > 0) {
        uint32_t point = 0;
        size_t size = utf8_decode(text, &point);
        size = size ? size : 1;
        add_point(point, str_slice(text, 0, size), to);
        text = str_slice(text, size, text.size);
    }
}

// --- control characters --------------------------------------------------------------------------

// Whether a terminal may get the character: it cannot move the cursor but by a newline or a tab.
static bool passes(uint32_t point)
{
    return point == '\n' || point == '\t' || !utf8_is_control(point);
}

void output_escape(struct str text, struct buffer *to)
{
    for (size_t i = 0; i < text.size;) {
        struct str rest = str_slice(text, i, text.size);
        uint32_t point = 0;
        size_t size = utf8_decode(rest, &point);
        if (str_starts(rest, STR("\r\n"))) {
            buffer_add_char(to, '\n');
            i += 2;
        } else if (size > 0 && passes(point)) {
            add_point(point, str_slice(rest, 0, size), to);
            i += size;
        } else {
            // Octet by octet, so that it is seen what was sent: \xc2\x9b and not U+009B.
            for (size_t end = i + (size ? size : 1); i < end; i++) {
                if (text.data[i] == '\r')
                    buffer_add_text(to, "\\r");
                else
                    buffer_print(to, "\\x%02x", (unsigned char)text.data[i]);
            }
        }
    }
}

// --- writing -------------------------------------------------------------------------------------

bool output_write_all(int fd, struct str text)
{
    while (text.size > 0) {
        ssize_t written = write(fd, text.data, text.size);
        if (written < 0 && errno != EINTR)
            return false;
        if (written > 0)
            text = str_slice(text, (size_t)written, text.size);
    }
    return true;
}

// Writes as much as goes without blocking, and waits in between as the actor, so that it can be
// ended.
static bool write_waiting(int fd, struct actor *actor, struct str text)
{
    while (text.size > 0) {
        struct pollfd one = {fd, POLLOUT, 0};
        int stop = wait_many(&actor->waiter, "print", NULL, &one, 1, NULL);
        if (stop == EINTR)
            continue; // an interruption ends calls; what was to be printed is still to be printed
        // The actor is to end: what it still had to say is dropped, and that is no failure.
        if (stop != 0)
            return true;
        ssize_t written = write(fd, text.data, text.size < CHUNK ? text.size : CHUNK);
        if (written < 0 && errno != EINTR && errno != EAGAIN)
            return false;
        if (written > 0)
            text = str_slice(text, (size_t)written, text.size);
    }
    return true;
}

// What `print` says, untouched unless a person looks at it.
static void write_output(struct output *output, const struct actor *actor, struct str text)
{
    struct buffer escaped = {0};
    if (output->out_is_terminal) {
        output_escape(text, &escaped);
        text = buffer_str(&escaped);
    }
    pthread_mutex_lock(&output->lock);
    // A file never makes a writer wait, and asking poll() each time would cost as much as the
    // write.
    bool good = output->out_may_block && actor != NULL
                    ? write_waiting(output->out, (struct actor *)actor, text)
                    : output_write_all(output->out, text);
    int error = errno;
    pthread_mutex_unlock(&output->lock);
    buffer_finish(&escaped);
    if (!good && error == EPIPE)
        session_quit(output->session, PIPE_CLOSED);
    else if (!good)
        atomic_store(&output->session->output_error, error);
}

// Errors and traces, always fit for a terminal: they quote what came from the network. They are
// short, and written even if that blocks.
static void write_error(struct output *output, struct str text)
{
    struct buffer line = {0};
    output_escape(text, &line);
    pthread_mutex_lock(&output->lock);
    output_write_all(output->err, buffer_str(&line));
    pthread_mutex_unlock(&output->lock);
    buffer_finish(&line);
}

// Each line behind the name of the actor whose call it is, but for main, who is mostly alone.
static void write_trace(struct output *output, const struct actor *actor, struct str text)
{
    struct buffer lines = {0};
    bool is_main = actor == NULL || strcmp(actor->name, "main") == 0;
    while (text.size > 0) {
        struct str line = str_take_line(&text);
        buffer_print(&lines, "%s%s%.*s\n", is_main ? "" : actor->name, is_main ? "" : " │ ",
                     STR_ARG(line));
    }
    write_error(output, buffer_str(&lines));
    buffer_finish(&lines);
}

// What an actor calls through the session's sink.
static void write_sink(struct sink *sink, enum stream stream, const struct actor *actor,
                       struct str text)
{
    struct output *output = (struct output *)sink;
    if (stream == STREAM_OUTPUT)
        write_output(output, actor, text);
    else if (stream == STREAM_TRACE)
        write_trace(output, actor, text);
    else if (stream == STREAM_REPORT)
        write_error(output, text);
    else if (output->out_is_terminal)
        output_write_all(output->out, STR("\033[H\033[2J"));
}

// A hidden copy of `fd`; `fd` itself where there can be none, as with a descriptor that is closed.
static int own_copy(int fd)
{
    handles_lock();
    int copy = dup(fd);
    int own = copy < 0 ? fd : handle_hide(copy);
    handles_unlock();
    return own < 0 ? fd : own;
}

void output_init(struct output *output, struct session *session)
{
    struct stat status;
    *output = (struct output){
        .sink = {write_sink},
        .session = session,
        .out = own_copy(STDOUT_FILENO),
        .err = own_copy(STDERR_FILENO),
        .out_is_terminal = isatty(STDOUT_FILENO),
    };
    output->out_may_block = fstat(output->out, &status) == 0 && !S_ISREG(status.st_mode);
    pthread_mutex_init(&output->lock, NULL);
}
