// situation_loss: whether `drop` is why a call failed: tests for the table.

#include <stdlib.h>

#include "commands/note.h"
#include "commands/situation.h"
#include "net/loss.h"

// Sets `amount` to how many of 100 packets the socket loses.
static bool loses(struct scene *scene, struct handle *handle)
{
    scene->amount = handle != NULL ? loss_of(handle) : 0;
    return scene->amount > 0;
}

bool scene_loses(struct scene *scene)
{
    return loses(scene, scene->handle);
}

// `other` is the row, with a reference that the scene lets go.
static bool other_loses(struct scene *scene, struct handle *found)
{
    if (found == NULL || !loses(scene, found)) {
        if (found != NULL)
            handle_release(found);
        return false;
    }
    if (scene->other != NULL)
        handle_release(scene->other);
    scene->other = found;
    return true;
}

bool scene_listener_loses(struct scene *scene)
{
    return scene->to != NULL && other_loses(scene, note_find_listener(scene->handle, scene->to));
}

bool scene_peer_loses(struct scene *scene)
{
    struct facts facts;
    if (scene->handle == NULL || !scene->handle->is_socket)
        return false;
    note_ask(scene->handle, &facts);
    if (!facts.has_peer && scene->has_peer) { // the connection is gone; the row has kept its ends
        facts.peer = scene->peer;
        facts.local = scene->has_local ? scene->local : facts.local;
    }
    return other_loses(scene, note_find_peer(scene->handle, &facts));
}
