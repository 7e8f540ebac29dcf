// actors: what one actor can do with another.

#include <errno.h>

#include "actor/actor.h"
#include "base/message.h"
#include "commands/block.h"

static bool run_join(struct call *call)
{
    struct actor *other = actor_of_value(call->args[0]);
    struct value result = VALUE_UNSET;
    bool failed = false;
    int error = actor_join(actor_of_call(call), other, &result, &failed);
    if (error == EDEADLK)
        return call_refused(call, _("%s cannot wait for its own end"), other->name);
    if (error == EINVAL)
        return call_refused(call, _("%s was not made by spawn: it has no end to wait for"), other->name);
    if (error != 0)
        return call_failed(call, error);
    if (failed) {
        call->error = result;
        return false;
    }
    return call_give_take(call, result.type == TYPE_UNSET ? VALUE_NONE : result);
}

const struct command command_join = {
    .name = "join",
    .summary = N_("wait for a spawned actor's end; gives its value"),
    .group = GROUP_ACTORS,
    .params = PARAMS({.name = "actor", .type = TYPE_ACTOR, .form = FORM_ACTOR}),
    .results = RESULTS({.name = "value", .type = TYPE_ANY}),
    .may_wait = true,
    .errnos = ERRNOS(EINTR),
    .example = "def double n { return n * 2 }\nt = spawn double 21; join t",
    .run = run_join,
};
