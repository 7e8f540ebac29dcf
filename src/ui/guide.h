// guide: who leads a person at a prompt through something, a lesson being learnt or played.
//
// The prompt reads lines, runs statements and shows what comes, as ever; a guide shows pages before
// a line is read, takes words that are its own, and looks at what statements came to. There is one
// guide a process, as there is one prompt, and all of it is called by the prompt's thread.

#ifndef SOCKSH_UI_GUIDE_H
#define SOCKSH_UI_GUIDE_H

#include "actor/actor.h"
#include "base/buffer.h"
#include "ui/messages.h"
#include "ui/more.h"

// What a prompt lends its guide.
struct guide_host {
    struct session *session;
    struct messages *messages;
    int signals;      // signalfd(2)
    struct more more; // the terminal, and how to wait at it
    void (*show_messages)(void);
    // The actor that statements go to, and another one in its place.
    const char *(*talks_to)(void);
    void (*talk_to)(struct str actor);
    // What could be typed, when that changes while a line is read; borrowed until the next line.
    void (*set_ghost)(struct str ghost);
};

// How the next line is read.
struct guide_wish {
    struct str actor; // whom it is for, when that is to change; else empty
    struct str ghost; // what could be typed, dim behind the cursor; may be empty
    struct str label; // stands in the prompt in place of the actor's name, unless it is empty
};

enum guide_take {
    GUIDE_PASS,  // it is a statement, or a form of the prompt
    GUIDE_TAKEN, // it was the guide's
    GUIDE_RUN,   // the text in `instead` is to be run in its place
    GUIDE_QUIT,  // the prompt is to end
};

// All functions are there. Texts are borrowed until the next call.
struct guide {
    const char *const *words; // that it takes at the beginning of a line, ended by NULL; or NULL
    // Everything is set up and no line has been read. False ends the prompt with a failure.
    bool (*begin)(const struct guide_host *host);
    // A line is about to be read.
    void (*before_line)(struct guide_wish *wish);
    // One more line of the input, which is not whole yet, is about to be read.
    void (*goes_on)(struct str input);
    // A line was typed at the beginning of an input; Ctrl-D on an empty one is "\004".
    enum guide_take (*take)(struct str line, struct buffer *instead);
    // The text of an input is about to be run as statements of that actor: whether without the
    // right to bind ports below 1024, as any user's.
    bool (*runs)(struct str actor, struct str text);
    // The job of that input is done: how, while it can still be looked at.
    void (*ended)(const struct job *job);
    // Whether a call that has waited for a moment is to be left waiting, without Ctrl-Z.
    bool (*leaves)(void);
    // The input was run, or is left waiting.
    void (*ran)(bool left);
    // What actors do by themselves was shown. It may print: no line is on the screen.
    void (*changed)(void);
    // The prompt ends; the session is still there.
    void (*end)(void);
};

// Who leads nobody: what a prompt has without a guide.
extern const struct guide guide_nobody;

#endif
