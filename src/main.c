// main: options, and which of prompt, script or check to start.

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "actor/calls.h"
#include "actor/load.h"
#include "base/buffer.h"
#include "base/language.h"
#include "base/memory.h"
#include "base/message.h"
#include "commands/lessons.h"
#include "commands/table.h"
#include "config.h"
#include "lesson/check.h"
#include "lesson/list.h"
#include "lesson/report.h"
#include "lesson/running.h"
#include "net/capture.h"
#include "net/handle.h"
#include "net/hosts.h"
#include "net/kernel.h"
#include "net/lan.h"
#include "net/network.h"
#include "net/resolve.h"
#include "net/symbol.h"
#include "net/wait.h"
#include "ui/attach.h"
#include "ui/doctor.h"
#include "ui/dump.h"
#include "ui/lead.h"
#include "ui/prompt.h"
#include "ui/record.h"
#include "ui/script.h"
#include "ui/usage.h"
#include "ui/watch.h"

// A word in place of a file that names something else to do. A script of such a name is run as
// ./check.
struct subcommand {
    const char *name;
    int (*run)(char **words, int count); // the words behind it; returns the exit status
    bool bare; // it is run as the program was started: descriptors, signals and all
    void (*begin)(char **words, int count); // called before start(); may be NULL
};

static const struct subcommand subcommands[] = {
    {.name = "attach", .run = attach_main, .bare = true},
    {.name = "check", .run = check_main, .begin = check_begin},
    {.name = "learn", .run = learn_run, .begin = lead_begin},
    {.name = "lessons", .run = list_main},
    {.name = "play", .run = play_run, .begin = play_begin},
    {.name = "record", .run = record_run, .begin = record_begin},
    {.name = "report", .run = report_main},
    {.name = "doctor", .run = doctor_main, .bare = true},
    {.name = "watch", .run = watch_main, .bare = true},
};

// What the words of the command line ask for.
struct request {
    struct prompt_options prompt;
    struct script script;                // its name and text are filled in when it is run
    const char *text;                    // of -c; NULL without it
    const char *file;                    // to run; NULL for standard input
    const char *dump;                    // of --dump=: man, markdown, json
    const char *language;                // of --lang; NULL without it
    bool sandbox;                        // --sandbox
    bool help, version;                  // --help, --version
    const struct subcommand *subcommand; // NULL when the words name none
    char **words; // what is left: arguments of the script, or of the subcommand
    int word_count;
};

// --- the command line ----------------------------------------------------------------------------

// Says what is wrong with the words; `word` goes into the format. Returns the exit status.
static int mistake(const char *format, const char *word)
{
    fprintf(stderr, "socksh: ");
    fprintf(stderr, format, word);
    fprintf(stderr, "\n%s", _("try: socksh --help\n"));
    return STATUS_MISTAKE;
}

// Reads when to colour. Whether it is one of the words.
static bool read_color(const char *when, enum color *color)
{
    static const char *const words[] = {
        [COLOR_AUTO] = "auto", [COLOR_ALWAYS] = "always", [COLOR_NEVER] = "never"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcmp(when, words[i]) == 0) {
            *color = (enum color)i;
            return true;
        }
    }
    mistake(_("--color=%s: it is auto, always or never"), when);
    return false;
}

// Reads one option. Returns how many words it took; 0 when it is none, -1 after a mistake.
static int read_option(struct request *request, char **words, int count)
{
    const char *word = words[0];
    if (strcmp(word, "-t") == 0 || strcmp(word, "--trace") == 0) {
        request->script.trace = true;
    } else if (strcmp(word, "-n") == 0) {
        request->script.only_check = true;
    } else if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
        request->help = true;
    } else if (strcmp(word, "--version") == 0) {
        request->version = true;
    } else if (strncmp(word, "--dump=", 7) == 0) {
        request->dump = word + 7;
    } else if (strcmp(word, "--sandbox") == 0) {
        request->sandbox = true;
    } else if (strcmp(word, "--no-init") == 0) {
        request->prompt.no_init = true;
    } else if (strncmp(word, "--lang=", 7) == 0) {
        request->language = word + 7;
    } else if (strcmp(word, "--lang") == 0 && count > 1) {
        request->language = words[1];
        return 2;
    } else if (strncmp(word, "--color=", 8) == 0) {
        return read_color(word + 8, &request->prompt.color) ? 1 : -1;
    } else if (strcmp(word, "-c") == 0 && count > 1) {
        request->text = words[1];
        return 2;
    } else if (strcmp(word, "-c") == 0) {
        mistake("%s", _("-c wants a text to run"));
        return -1;
    } else if (word[0] == '-' && word[1] != '\0') {
        mistake(_("there is no option \"%s\""), word);
        return -1;
    } else {
        return 0;
    }
    return 1;
}

// The subcommand of that name, or NULL.
static const struct subcommand *find_subcommand(const char *name)
{
    for (size_t i = 0; i < sizeof subcommands / sizeof *subcommands; i++)
        if (strcmp(subcommands[i].name, name) == 0)
            return &subcommands[i];
    return NULL;
}

// Options stand before the file; what follows it belongs to the script.
static bool read_words(struct request *request, char **words, int count)
{
    int i = 0, took = 1;
    while (i < count && request->text == NULL &&
           (took = read_option(request, words + i, count - i)) > 0)
        i += took;
    if (took < 0)
        return false;
    if (i < count && request->text == NULL) {
        request->file = words[i++];
        request->subcommand = request->script.only_check ? NULL : find_subcommand(request->file);
    }
    request->words = words + i;
    request->word_count = count - i;
    return true;
}

// --- what was asked for --------------------------------------------------------------------------

// For --sandbox: a network that `attach` finds. Whoever asked for it wants the rest in any case,
// and is told what differs.
static void enter_sandbox(void)
{
    char why[200];
    if (!network_own(why, sizeof why))
        fprintf(stderr, _("socksh: no network of its own, so the computer's: %s\n"), why);
    running_begin("sandbox");
}

// The order matters: handles_start() closes what was inherited, and whatever is opened later is to
// stay; the wake signal is blocked before anything could make a thread.
static void start(void)
{
    signal(SIGPIPE, SIG_IGN); // EPIPE is an error like others
    signal(SIGXFSZ, SIG_IGN); // and so is EFBIG
    wait_start();
    handles_start();
    kernel_start();
    commands_install();
    lessons_list_with(list_lessons);
}

// All actors have ended by now, and with them their use of these rooms.
static void finish(void)
{
    running_end();
    lan_finish();
    kernel_finish();
    hosts_clear();
    handles_finish();
    int error = capture_stop(); // behind it, so that a file has how everything was closed
    if (error != 0)
        fprintf(stderr, _("socksh: the file of the capture is not whole: %s\n"), errno_name(error));
    calls_keep(false);
}

// Prints a text, which it finishes. Returns the exit status.
static int print_take(struct buffer *text)
{
    bool good = fwrite(text->data, 1, text->size, stdout) == text->size && fflush(stdout) == 0;
    buffer_finish(text);
    return good ? STATUS_DONE : STATUS_FAILED;
}

// What --help prints. Returns the exit status.
static int show_usage(void)
{
    struct buffer text = {0};
    usage_text(&text);
    return print_take(&text);
}

// Prints one of the documents. Returns the exit status.
static int run_dump(const char *format)
{
    struct buffer text = {0};
    if (!dump(format, &text))
        return mistake(_("--dump=%s: the formats are man, markdown and json"), format);
    return print_take(&text);
}

// Runs the text of -c, of a file, or of standard input.
static int run_script(struct request *request)
{
    struct buffer text = {0};
    char why[200] = "";
    // "-" is standard input for load_file() as well as for people.
    request->script.name = str_from(request->text ? "-c" : request->file ? request->file : "-");
    if (request->text != NULL) {
        buffer_add_text(&text, request->text);
    } else if (!load_file(request->script.name, &text, why, sizeof why)) {
        buffer_finish(&text);
        fprintf(stderr, _("socksh: cannot read %s: %s\n"), request->script.name.data, why);
        return STATUS_MISTAKE;
    }
    struct str *args = mem_zero(((size_t)request->word_count + 1) * sizeof *args);
    for (int i = 0; i < request->word_count; i++)
        args[i] = str_from(request->words[i]);
    request->script.text = buffer_str(&text);
    request->script.args = args;
    request->script.arg_count = (size_t)request->word_count;
    int status = script_run(&request->script);
    free(args);
    buffer_finish(&text);
    return status;
}

// What was printed and is lost, on a full disk or to a closed pipe, is no success.
static int status_of_printed(int status)
{
    bool lost = fflush(stdout) != 0 || ferror(stdout);
    return status == STATUS_DONE && lost ? STATUS_FAILED : status;
}

// Starts a subcommand, a script, or the prompt. Returns the exit status. `-n` alone at a terminal
// would wait for a text that nobody knows is wanted.
static int run(struct request *request)
{
    if (request->subcommand)
        return status_of_printed(request->subcommand->run(request->words, request->word_count));
    if (request->text || request->file || !isatty(STDIN_FILENO))
        return run_script(request);
    if (request->script.only_check)
        return mistake("%s", _("-n wants a file"));
    return prompt_run(&request->prompt);
}

int main(int count, char **words)
{
    struct request request = {0};
    // Ourselves as the helper of net/resolve.c: not for people, and so in no list of options.
    if (count > 1 && strcmp(words[1], "--look-up") == 0)
        return resolve_helper_main(count, words);
    language_start(NULL); // of what may be said about the words themselves
    if (!read_words(&request, words + 1, count - 1))
        return STATUS_MISTAKE;
    if (request.language != NULL && !language_start(request.language))
        return mistake(_("--lang %s: the languages are en and zh"), request.language);
    if (request.help)
        return show_usage();
    if (request.version) {
        puts("socksh " VERSION);
        return status_of_printed(STATUS_DONE);
    }
    if (request.sandbox && !request.dump)
        enter_sandbox(); // before anything holds a socket
    if (request.subcommand && request.subcommand->bare && !request.dump)
        return run(&request);
    lead_color(request.prompt.color);
    if (request.subcommand && request.subcommand->begin && !request.dump)
        request.subcommand->begin(request.words, request.word_count);
    start();
    int status = request.dump ? run_dump(request.dump) : run(&request);
    finish();
    return status;
}
