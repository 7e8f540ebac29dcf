// prompt: reads a line, hands it to the actor in the foreground, and shows what comes.
//
// This thread runs no script. It alone writes to the terminal; actors talk to it through a
// queue (ui/messages.h), and signals reach it through a descriptor, so that it waits for
// everything in one poll().

#include "ui/prompt.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "actor/actor.h"
#include "actor/calls.h"
#include "actor/load.h"
#include "base/folder.h"
#include "base/language.h"
#include "base/message.h"
#include "commands/form.h"
#include "commands/note.h"
#include "commands/situation.h"
#include "config.h"
#include "lang/foreign.h"
#include "lesson/view.h"
#include "ui/ask.h"
#include "ui/edit.h"
#include "ui/edit_terminal.h"
#include "ui/foreground.h"
#include "ui/history.h"
#include "ui/lesson_call.h"
#include "ui/messages.h"
#include "ui/output.h"
#include "ui/own_form.h"
#include "ui/screen.h"
#include "ui/script.h"
#include "ui/setup.h"
#include "ui/shell.h"
#include "ui/tell.h"

enum {
    MOMENT = 700, // milliseconds before a person is told that a call waits
    BRIEF = 200,  // before a guide leaves one waiting that is to wait
};

struct prompt {
    struct session session;    // the run; it ends with the prompt
    struct messages messages;  // what actors say, until this thread shows it
    int signals;               // signalfd(2)
    FILE *in, *out;            // the terminal, by hidden copies of its descriptors
    struct actor *foreground;  // whom statements go to; with a reference
    struct job *job;           // of the foreground, while it runs
    struct assist assist;      // of the line that is edited
    bool editing;              // a line is on the screen
    bool finished;             // no more lines
    bool left;                 // the foreground was left waiting: somebody else is to be talked to
    unsigned interrupts;       // Ctrl-C during the job at hand
    struct str typed;          // the input at hand, until it is in the history
    const struct guide *guide; // who leads the person
};

// One a process, as the terminal is.
static struct prompt prompt = {.guide = &guide_nobody};

// --- the screen ----------------------------------------------------------------------------------

// Shows one message, or takes notice that the job at hand is done.
static void show_message(const struct message *message)
{
    screen_show(message, prompt.foreground->name);
    if (message->kind == MESSAGE_DONE && prompt.job == message->job) {
        // A Ctrl-C that came just as the statement ended was meant for it, not for the next one.
        atomic_store(&prompt.foreground->waiter.interrupted, false);
        prompt.guide->ended(prompt.job);
        job_release(prompt.job);
        prompt.job = NULL;
    }
}

// Shows all that lies in the queue, above the line that is being edited, if one is. What comes
// meanwhile is for the next time: an actor may print faster than a terminal shows, and keys and
// signals are to be heard.
static void show_messages(void)
{
    struct message *messages = messages_take(&prompt.messages);
    bool hide = messages != NULL && prompt.editing;
    if (hide)
        edit_hide();
    for (struct message *message = messages; message != NULL; message = message->next)
        show_message(message);
    messages_free(messages);
    if (hide)
        prompt.guide->changed();
    fflush(prompt.out);
    if (hide)
        edit_show();
}

// --- waiting -------------------------------------------------------------------------------------

// The next signal, or 0.
static int take_signal(void)
{
    struct signalfd_siginfo info;
    return read(prompt.signals, &info, sizeof info) == sizeof info ? (int)info.ssi_signo : 0;
}

// Whether there is nothing more to read: at the end of input, after `quit`, after a signal.
static bool must_finish(void)
{
    return prompt.finished || atomic_load(&prompt.session.quitting) ||
           atomic_load(&prompt.session.signalled);
}

// Ends the prompt as a script would end by that signal, with status 128 + its number.
static void end_by_signal(int signal)
{
    atomic_store(&prompt.session.signalled, signal);
    prompt.finished = true;
}

// Ctrl-Z at an idle prompt is the shell's job control.
static void stop_for_shell(void)
{
    edit_suspend();
    shell_suspend();
    edit_resume();
}

// What the line editor calls: everything that may come while a line is being typed. Signals and
// messages go first, since a pasted text may hold thousands of keys.
static enum edit_event wait_while_editing(void *context)
{
    struct pollfd polls[] = {{fileno(prompt.in), POLLIN, 0},
                             {prompt.messages.event, POLLIN, 0},
                             {prompt.signals, POLLIN, 0}};
    (void)context;
    for (;;) {
        fflush(prompt.out);
        bool typed_ahead = edit_terminal_has_unread();
        if (poll(polls, 3, typed_ahead ? 0 : -1) < 0)
            continue;
        int signal = polls[2].revents ? take_signal() : 0;
        if (signal == SIGINT)
            return EDIT_INTERRUPT;
        if (signal == SIGWINCH)
            return EDIT_RESIZE;
        if (signal == SIGTSTP) {
            stop_for_shell();
            continue;
        }
        if (signal != 0)
            end_by_signal(signal);
        if (must_finish())
            return EDIT_CLOSE;
        if (polls[0].revents || typed_ahead) // before the messages, of which there may be no end
            return EDIT_KEY;
        if (polls[1].revents)
            show_messages();
    }
}

// Ctrl-C while a statement runs: the first ends the call that waits, the second the
// statement whatever it catches.
static void interrupt_foreground(void)
{
    struct waiter *waiter = &prompt.foreground->waiter;
    if (++prompt.interrupts > 1)
        atomic_store(&waiter->abandoned, true);
    fputc('\n', prompt.out); // the terminal itself has shown ^C
    wait_interrupt_all(waiter);
}

// The statement in the foreground goes on by itself.
static void leave_job(const char *newline)
{
    struct buffer text = {0};
    tell_where(prompt.foreground, &text);
    screen_print(_("%s%s.  @%s goes back\n"), newline, buffer_text(&text), prompt.foreground->name);
    buffer_finish(&text);
    job_release(prompt.job);
    prompt.job = NULL;
    prompt.left = true;
}

// Another actor is talked to than the one that waits.
static void go_to_idle(void)
{
    struct actor *left = prompt.foreground;
    bool made = false;
    struct actor *next = foreground_next(&prompt.session, left, &made);
    if (next != NULL) {
        prompt.foreground = next;
        actor_release(left);
    }
    if (made)
        screen_print(_("you are now in %s, a new actor\n"), next->name);
}

// Until the statement has ended or is left waiting: true. A job that the prompt's end cuts short
// is the actor's alone.
static bool wait_for_job(void)
{
    struct pollfd polls[] = {{prompt.messages.event, POLLIN, 0}, {prompt.signals, POLLIN, 0}};
    bool told = false, left = false;
    int moment = prompt.guide == &guide_nobody ? MOMENT : BRIEF;
    prompt.interrupts = 0;
    while (prompt.job != NULL && !must_finish()) {
        // Nothing for a moment: that is what the person sees, too, and wants to know the reason of.
        int found = poll(polls, 2, told ? -1 : moment);
        if (found == 0) {
            left = wait_is_waiting(&prompt.foreground->waiter) && prompt.guide->leaves();
            if (left)
                leave_job("");
            else if (moment == MOMENT)
                told = foreground_tell_wait(prompt.foreground);
            moment = MOMENT;
            continue;
        }
        int signal = found > 0 && polls[1].revents ? take_signal() : 0;
        left = signal == SIGTSTP;
        if (signal == SIGINT)
            interrupt_foreground();
        else if (left)
            leave_job("\n");
        else if (signal != 0 && signal != SIGWINCH)
            end_by_signal(signal);
        show_messages();
    }
    if (prompt.job != NULL) {
        job_release(prompt.job);
        prompt.job = NULL;
    }
    return left;
}

// --- what was typed ------------------------------------------------------------------------------

// @NAME alone: that actor is talked to from now on.
static void change_foreground(struct str name)
{
    struct actor *actor = actor_named(&prompt.session, name);
    if (actor == NULL || !actor->takes_statements) {
        struct buffer error = {0};
        buffer_print(&error, _("error: %.*s cannot be talked to: %s\n"), STR_ARG(name),
                     actor ? _("it runs a function") : strerror(errno));
        screen_report(buffer_str(&error));
        buffer_finish(&error);
        if (actor != NULL)
            actor_release(actor);
        return;
    }
    actor_release(prompt.foreground);
    prompt.foreground = actor;
    foreground_note(actor->name);
    struct buffer call = {0};
    if (wait_is_waiting(&actor->waiter) && actor_show_call(actor, &call))
        screen_print(_("%s still waits in %s; what you type comes after it\n"), actor->name,
                     buffer_text(&call));
    buffer_finish(&call);
}

// An actor that was killed comes back fresh when it is talked to.
static void renew_foreground(void)
{
    if (atomic_load(&prompt.foreground->has_ended))
        change_foreground(str_from(prompt.foreground->name));
}

// Into the history with what was typed: before it runs, so that no end of the program loses it.
static void keep_input(void)
{
    history_add(prompt.typed);
    prompt.typed = STR("");
}

static void run_program(const struct program *program)
{
    renew_foreground();
    struct job job = {.program = program, .node = program->block, .block = program->block};
    job.slots = program->slots;
    job.watch_top = true;
    job.ordinary = prompt.guide->runs(str_from(prompt.foreground->name), program->source.text);
    prompt.job = actor_give(prompt.foreground, &job);
    bool left = wait_for_job();
    if (!must_finish())
        prompt.guide->ran(left);
}

static void report_mistake(const struct reading *reading)
{
    struct buffer shown = {0};
    source_show_diag(reading->source, &reading->diag, &shown);
    screen_report(buffer_str(&shown));
    buffer_finish(&shown);
}

// A full-width sign is mended on the next line, for the person to look at: never run as guessed.
static void offer_mended(struct str text, const struct diag *diag)
{
    struct buffer mended = {0};
    if (foreign_mend_input(text, diag, &mended) && str_find(text, STR("\n"), 0) == SIZE_MAX)
        edit_begin_with(buffer_str(&mended));
    buffer_finish(&mended);
}

// Runs a text that reads well; says what is wrong with one that does not. False when it is only
// unfinished.
static bool run_text(struct str text)
{
    struct reading reading = program_read(&prompt.session.world, STR(""), text,
                                          str_from(prompt.foreground->name), load_file);
    if (reading.program != NULL) {
        keep_input();
        run_program(reading.program);
        return true;
    }
    if (reading.diag.incomplete)
        return false;
    report_mistake(&reading);
    offer_mended(text, &reading.diag);
    return true;
}

// `?`, `?NAME` and `NAME ?` are `help`.
static bool run_help(struct str name)
{
    struct buffer statement = {0};
    buffer_print(&statement, "help %.*s", STR_ARG(name));
    run_text(buffer_str(&statement));
    buffer_finish(&statement);
    return true;
}

// The prompt's own forms, or statements. False when more lines are wanted.
static bool run_input(struct str input)
{
    struct range range;
    enum own_form form = own_form_of(input, &range);
    struct str name = str_slice(input, range.start, range.end);
    if (form == OWN_HELP)
        return run_help(name);
    if (form == OWN_ACTOR && name.size > 0)
        change_foreground(name);
    else if (form == OWN_JOBS)
        screen_print(
            "%s\n%s\n", _("there are actors here, no jobs: @NAME talks to one, actors lists them"),
            _("(Ctrl-Z at a prompt stops socksh itself: fg in the shell that started it)"));
    else if (form == OWN_SHELL && name.size > 0)
        shell_run(name, prompt.out);
    else if (str_trim(input, " \t\r\n").size > 0)
        return run_text(input);
    return true;
}

static const char *talks_to(void)
{
    return prompt.foreground->name;
}

static void talk_to(struct str actor)
{
    if (!str_is(actor, prompt.foreground->name))
        change_foreground(actor);
    prompt.left = false;
}

static void set_ghost(struct str ghost)
{
    prompt.assist.ghost = ghost;
}

// --- lines ---------------------------------------------------------------------------------------

// What the guide wishes for the line that is about to be read.
static struct guide_wish ask_guide(void)
{
    struct guide_wish wish = {0};
    prompt.guide->before_line(&wish);
    if (wish.actor.size > 0)
        talk_to(wish.actor);
    if (prompt.left) {
        go_to_idle();
        prompt.guide->before_line(&wish); // who is talked to makes a difference to it
    }
    prompt.left = false;
    return wish;
}

// Reads one line onto the end of `input`.
static enum edit_result read_line(struct buffer *input)
{
    char *line, text[80];
    struct guide_wish wish = {.label = STR("...")};
    if (input->size == 0)
        wish = ask_guide();
    else
        prompt.guide->goes_on(buffer_str(input));
    if (must_finish())
        return EDIT_END;
    struct str name = wish.label.size ? wish.label : str_from(prompt.foreground->name);
    snprintf(text, sizeof text, "%.*s> ", STR_ARG(name));
    if (input->size > 0)
        buffer_add_char(input, '\n');
    prompt.assist = (struct assist){&prompt.session, str_from(prompt.foreground->name),
                                    buffer_str(input), wish.ghost, prompt.guide->words};
    prompt.editing = true;
    enum edit_result result = edit_read(text, &line);
    prompt.editing = false;
    if (result == EDIT_LINE)
        buffer_add_text(input, line);
    else if (input->size > 0)
        input->size--; // the newline
    free(line);
    return result;
}

// Whether the first line of an input was the guide's own; what it has run in its place is typed
// then, and stands in the history as such.
static bool guide_takes(struct str line)
{
    static struct buffer instead;
    if (str_find(line, STR("\n"), 0) != SIZE_MAX)
        return false;
    buffer_clear(&instead);
    enum guide_take take = prompt.guide->take(line, &instead);
    prompt.finished = prompt.finished || take == GUIDE_QUIT;
    if (take == GUIDE_RUN) {
        prompt.typed = buffer_str(&instead);
        screen_replace_line(prompt.foreground->name, prompt.typed);
        run_text(prompt.typed);
    }
    return take != GUIDE_PASS;
}

// One input: lines until they read well or are wrong. All of it is one entry of the history.
static void read_and_run(void)
{
    struct buffer input = {0};
    if (!must_finish())
        lesson_call_run(prompt.out);
    while (!must_finish()) {
        enum edit_result result = read_line(&input);
        if (result == EDIT_END)
            prompt.finished = must_finish() || !guide_takes(STR("\004"));
        prompt.typed = buffer_str(&input);
        if (result != EDIT_LINE || guide_takes(prompt.typed) || run_input(prompt.typed))
            break;
    }
    keep_input();
    buffer_finish(&input);
}

// Runs the file that a person keeps for the beginning, as if it had been typed. There need not be
// one.
static void run_init(void)
{
    struct buffer path = {0}, text = {0};
    char why[200];
    bool found = folder_find("XDG_CONFIG_HOME", ".config", &path);
    buffer_add_text(&path, "/init.socksh");
    found = found && access(buffer_text(&path), F_OK) == 0;
    if (found && load_file(buffer_str(&path), &text, why, sizeof why)) {
        struct reading reading =
            program_read(&prompt.session.world, buffer_str(&path), buffer_str(&text),
                         str_from(prompt.foreground->name), load_file);
        if (reading.program != NULL)
            run_program(reading.program);
        else
            report_mistake(&reading);
    } else if (found) {
        screen_print(_("error: cannot read %s: %s\n"), buffer_text(&path), why);
    }
    buffer_finish(&path);
    buffer_finish(&text);
}

// --- begin and end -------------------------------------------------------------------------------

// False when there is no thread for main (errno).
static bool begin(const struct prompt_options *wanted)
{
    static const struct edit_hooks hooks = {wait_while_editing, NULL, &prompt.assist};
    struct session *session = &prompt.session;
    language_start_characters(); // the line editor reads characters, not octets
    prompt.signals = setup_signals();
    messages_init(&prompt.messages);
    tell_start(session, &prompt.messages);
    session->show_call = form_show_call;
    session->explain = situation_explain;
    session->run_call = note_run_call;
    session->load = load_file;
    session->learn = lesson_call_want;
    atomic_store(&session->show_values, true);
    atomic_store(&session->show_hints, true);
    atomic_store(&session->trace, TRACE_CALL);
    handles_keep_records(true);
    calls_follow(false);
    prompt.in = setup_stream(STDIN_FILENO, "r");
    prompt.out = setup_stream(STDOUT_FILENO, "w");
    screen_start(prompt.out, session, wanted->color);
    output_use_ascii(!ask_is_narrow(prompt.in, prompt.out));
    prompt.foreground = actor_named(session, STR("main"));
    if (prompt.foreground == NULL)
        return false;
    foreground_note("main");
    edit_start(prompt.in, prompt.out, &hooks);
    history_load();
    view_start(session);
    return true;
}

// The last messages are those that actors leave when they are ended: hence shown twice.
// Returns the exit status.
static int end(void)
{
    struct session *session = &prompt.session;
    int signal = atomic_load(&session->signalled);
    int status = atomic_load(&session->quitting) ? atomic_load(&session->quit_status) : STATUS_DONE;
    edit_finish();
    show_messages();
    prompt.guide->end();
    if (prompt.guide == &guide_nobody)
        setup_say_what_closes();
    view_end();
    session_finish(session);
    show_messages();
    actor_release(prompt.foreground); // messages are compared with its name
    messages_finish(&prompt.messages);
    fclose(prompt.in);
    fclose(prompt.out);
    close(prompt.signals);
    return signal ? STATUS_SIGNAL + signal : status;
}

// What comes while a page is read that is longer than the screen.
static enum more_event wait_while_reading(void *context)
{
    struct pollfd polls[] = {{fileno(prompt.in), POLLIN, 0}, {prompt.signals, POLLIN, 0}};
    (void)context;
    for (;;) {
        fflush(prompt.out);
        if (edit_terminal_has_unread())
            return MORE_KEY;
        if (poll(polls, 2, -1) < 0)
            continue;
        int signal = polls[1].revents ? take_signal() : 0;
        if (signal == SIGWINCH)
            return MORE_RESIZE;
        if (signal == SIGTSTP)
            return MORE_STOP;
        if (signal != 0 && signal != SIGINT)
            end_by_signal(signal);
        if (signal != 0)
            return MORE_END;
        if (polls[0].revents)
            return MORE_KEY;
    }
}

// Lends the guide what it needs. False when it cannot lead.
static bool guide_begins(const struct guide *guide)
{
    struct guide_host host = {.session = &prompt.session,
                              .messages = &prompt.messages,
                              .signals = prompt.signals,
                              .more = {prompt.in, prompt.out, wait_while_reading, NULL},
                              .show_messages = show_messages,
                              .talks_to = talks_to,
                              .talk_to = talk_to,
                              .set_ghost = set_ghost};
    if (guide != NULL)
        prompt.guide = guide;
    return prompt.guide->begin(&host);
}

int prompt_run(const struct prompt_options *wanted)
{
    if (!begin(wanted)) {
        fprintf(stderr, _("socksh: no thread for the prompt: %s\n"), strerror(errno));
        return STATUS_FAILED;
    }
    if (wanted->guide == NULL)
        screen_print(
            _("socksh %s – the sockets API, one call at a time. help · learn · quit (Ctrl-D)\n"),
            VERSION);
    if (!wanted->no_init)
        run_init();
    bool led = guide_begins(wanted->guide);
    prompt.finished = !led;
    while (!must_finish())
        read_and_run();
    int status = end();
    return led ? status : STATUS_FAILED;
}
