// diagram: the command: the picture on the screen, or into a file.

#include "commands/diagram.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "actor/actor.h"
#include "base/look.h"
#include "base/memory.h"
#include "base/message.h"
#include "base/utf8.h"
#include "base/wrap.h"
#include "commands/file.h"
#include "commands/help.h"
#include "commands/help_page.h"
#include "commands/rows.h"

// --- the file ------------------------------------------------------------------------------------

// 0 or an errno.
static int write_all(int fd, struct str text)
{
    while (text.size > 0) {
        ssize_t written = write(fd, text.data, text.size);
        if (written < 0 && errno != EINTR)
            return errno;
        if (written > 0)
            text = str_slice(text, (size_t)written, text.size);
    }
    return 0;
}

// The file is opened first: what cannot be written need not be drawn.
static bool write_picture(struct call *call)
{
    struct diagram diagram;
    struct buffer text = {0};
    if (!str_ends(arg_str(call, 0), STR(".svg")))
        return call_refused(call, "%s",
                            _("a picture is written as SVG: into a file whose name "
                              "ends in .svg"));
    char *path = mem_copy(arg_str(call, 0));
    int fd = file_open_regular(path, O_TRUNC), error = fd < 0 ? errno : 0;
    free(path);
    if (error != 0)
        return file_failed(call, error);
    diagram_build(0, &diagram);
    diagram_write_svg(&diagram, &text);
    error = write_all(fd, buffer_str(&text));
    close(fd);
    buffer_finish(&text);
    diagram_finish(&diagram);
    return error == 0 ? call_done(call) : call_failed(call, error);
}

// --- the screen ----------------------------------------------------------------------------------

static const char *nothing_text(uint64_t only)
{
    return only != 0 ? _("this handle has talked with nobody so far")
                     : _("nobody has talked with anybody so far");
}

// What is to be said of it first, in lines that fit.
static void show_source(const struct diagram *diagram, size_t columns, struct buffer *to)
{
    struct buffer text = {0};
    diagram_show_source(diagram, &text);
    for (struct str rest = buffer_str(&text); rest.size > 0;) {
        wrap_add(str_take_line(&rest), 0, 0, columns, to);
        buffer_add_text(to, "\n");
    }
    buffer_finish(&text);
}

void diagram_show(uint64_t only, size_t columns, bool ascii, struct buffer *to)
{
    struct diagram diagram;
    diagram_build(only, &diagram);
    if (diagram.count > 0) {
        show_source(&diagram, columns, to);
        diagram_write_text(&diagram, columns, ascii, to);
    } else {
        buffer_print(to, "%s\n", nothing_text(only));
    }
    diagram_finish(&diagram);
}

static bool run_diagram(struct call *call)
{
    struct buffer text = {0};
    if (arg(call, 0).type == TYPE_BYTES)
        return write_picture(call);
    uint64_t only = arg_given(call, 0) ? arg_handle(call, 0)->serial : 0;
    bool ascii = look_is_ascii() || !utf8_is_usual();
    diagram_show(only, page_terminal_columns(HELP_COLUMNS), ascii, &text);
    actor_write(actor_of_call(call), STREAM_STYLED, buffer_str(&text));
    buffer_finish(&text);
    return call_done(call);
}

// EINVAL: what is no regular file.
const struct command command_diagram = {
    .name = "diagram",
    .summary = N_("draw who said what to whom: calls, packets, states"),
    .group = GROUP_KERNEL,
    .params = PARAMS({.name = "handle|file",
                      .type = TYPE_HANDLE | TYPE_BYTES,
                      .form = FORM_PATH,
                      .subject = SUBJECT_FILE,
                      .optional = true}),
    .wants_packets = true,
    .errnos = ERRNOS(EACCES, EFBIG, EINVAL, EISDIR, ENOENT, ENOSPC),
    .example = "l = socket; listen l; c = socket; connect c (getsockname l)\n"
               "diagram",
    .details = N_("A column is a socket, an arrow a packet. Calls stand where they were made, "
                  "┊ is the inside of a call that waits. What is repeated many times is folded: … "
                  "with a count stands for those in between. diagram c draws only what c has to do "
                  "with; diagram hello.svg writes the picture into a file, for a slide or a "
                  "report. Without packets (help packets) it is drawn from calls. socksh watch "
                  "diagram, in a second terminal, shows it as it grows."),
    .lesson = "packets",
    .topic = "packets",
    .run = run_diagram,
};
