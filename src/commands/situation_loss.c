// situation_loss: whether `drop` is why a call failed: tests for the table.

#include <stdlib.h>

#include "commands/note.h"
#include "commands/situation.h"
#include "net/loss.h"
#include "net/network.h"

bool scene_network_refused(struct scene *scene)
{
    (void)scene;
    return network_refusal() != NULL;
}

// Sets `amount` to how many percent of the packets the socket loses.
static bool loses(struct scene *scene, struct handle *handle)
{
    scene->amount = handle != NULL ? loss_of(handle) : 0;
    return scene->amount > 0;
}

bool scene_loses(struct scene *scene)
{
    return loses(scene, scene->handle);
}

// `other` has the reference, which is let go with the scene, or when this says no.
bool scene_listener_loses(struct scene *scene)
{
    if (scene->to == NULL)
        return false;
    scene->other = note_find_listener(scene->handle, scene->to);
    return loses(scene, scene->other);
}

// Also of a connection that has ended: the row at its other end has kept where its peer was.
bool scene_peer_loses(struct scene *scene)
{
    return scene_had_known_peer(scene) && loses(scene, scene->other);
}
