// script: from a text to an exit status.

#include "ui/script.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "actor/actor.h"
#include "actor/calls.h"
#include "actor/load.h"
#include "actor/report.h"
#include "base/message.h"
#include "commands/form.h"
#include "commands/situation.h"
#include "lesson/view.h"
#include "net/network.h"
#include "ui/output.h"

// --- signals -------------------------------------------------------------------------------------

static struct session *signalled_session; // the run that a signal ends; set before the handler is
static struct waiter *signalled_main;     // of its main actor, while that runs; else NULL

// Only flags, pthread_kill() and alarm(), which are safe in a handler: the main actor unwinds,
// and the run ends as at its end. SIGALRM comes here again for a call that began to wait just as
// the first signal came.
static void on_signal(int signal)
{
    int saved = errno;
    if (signal != SIGALRM)
        atomic_store(&signalled_session->signalled, signal);
    if (signalled_main != NULL && atomic_load(&signalled_session->signalled) &&
        wait_end_in_handler(signalled_main))
        alarm(1);
    errno = saved;
}

// Ends the run of `session` on SIGINT, SIGTERM and SIGHUP, with status 128 + signal.
static void catch_signals(struct session *session)
{
    static const int ending[] = {SIGINT, SIGTERM, SIGHUP, SIGALRM};
    struct sigaction action = {.sa_handler = on_signal};
    sigemptyset(&action.sa_mask);
    signalled_session = session;
    for (size_t i = 0; i < sizeof ending / sizeof *ending; i++)
        sigaction(ending[i], &action, NULL);
}

// --- running -------------------------------------------------------------------------------------

// The list that every actor finds in its variable `args`.
static void set_args(struct session *session, const struct script *script)
{
    for (size_t i = 0; i < script->arg_count; i++)
        value_append_item_take(&session->args, value_bytes(script->args[i]));
}

// Written directly: no actor exists yet that could say it.
static void report_mistake(const struct output *output, const struct reading *reading)
{
    struct buffer text = {0};
    source_show_diag(reading->source, &reading->diag, &text);
    output_write_all(output->err, buffer_str(&text));
    buffer_finish(&text);
}

// Whether all that was written arrived; print has said so itself, `handles` and its like have not.
static bool output_arrived(struct session *session)
{
    int lost = atomic_load(&session->output_error);
    if (lost == 0)
        return true;
    struct buffer text = {0};
    buffer_print(&text, _("socksh: cannot write %s: %s\n"), "stdout", strerror(lost));
    session_write(session, STREAM_REPORT, NULL, buffer_str(&text));
    buffer_finish(&text);
    return false;
}

// How the run ended: by a signal, by `exit`, by an error, or at the end of the text.
static int outcome(struct session *session, struct actor *main_actor, bool good)
{
    int signal = atomic_load(&session->signalled);
    if (signal != 0)
        return STATUS_SIGNAL + signal;
    if (atomic_load(&session->quitting))
        return atomic_load(&session->quit_status);
    if (good)
        return output_arrived(session) ? STATUS_DONE : STATUS_FAILED;
    struct buffer text = {0};
    report_show_failure(&main_actor->interp.failure, NULL, &text);
    session_write(session, STREAM_REPORT, NULL, buffer_str(&text));
    buffer_finish(&text);
    return STATUS_FAILED;
}

// Runs it in this thread, as main. Returns the exit status.
static int run_program(struct session *session, const struct program *program)
{
    struct actor *main_actor = actor_new_main(session);
    handles_keep_records(program->uses_records);
    if (program->uses_packets)
        calls_follow(true);
    signalled_main = &main_actor->waiter;
    if (atomic_load(&session->signalled)) // it came before there was anybody to end
        wait_end(&main_actor->waiter);
    bool good = actor_run(main_actor, program, false);
    signalled_main = NULL;
    return outcome(session, main_actor, good);
}

int script_run(const struct script *script)
{
    // Static, for a handler may still run when this function returns.
    static struct session session;
    static struct output output;
    int status = STATUS_DONE;
    output_init(&output, &session);
    session_init(&session, &output.sink);
    session.show_call = form_show_call;
    session.explain = situation_explain;
    session.load = load_file;
    atomic_store(&session.trace, script->trace ? TRACE_CALL : TRACE_OFF);
    catch_signals(&session);
    set_args(&session, script);
    struct reading reading =
        program_read(&session.world, script->name, script->text, STR("main"), load_file);
    if (reading.program == NULL) {
        report_mistake(&output, &reading);
        status = STATUS_MISTAKE;
    } else if (!script->only_check) {
        if (network_is_own()) // whoever asks for one may want to look at what goes on in it
            view_start(&session);
        status = run_program(&session, reading.program);
        view_end();
    }
    session_finish(&session);
    return status;
}
