// venue: what a lesson needs around it: a network, free ports, and a folder for its files.

#ifndef SOCKSH_LESSON_VENUE_H
#define SOCKSH_LESSON_VENUE_H

#include "lesson/lesson.h"

enum { VENUE_PORTS = 16 }; // ports that can be replaced in one lesson

// A port that the lesson names and that is not to be had here.
struct venue_port {
    unsigned wanted, given;
};

struct venue {
    bool own_network;
    bool ports_stay; // the lesson sets the range of ports, and that cannot be done here
    bool online;     // the real thing is used, no stand-ins
    char why[200];   // why not, as one clause; empty where it is, or where it was not asked for
    struct venue_port ports[VENUE_PORTS];
    size_t port_count;
};

// Moves the process into a network of its own unless `host`, and lets names come from `hosts` and
// /etc/hosts alone, unless `online`. Before handles_start() and any thread.
void venue_begin(struct venue *venue, bool host, bool online);

// Reads the lesson as it can be played here: without an own network, ports that are taken are
// replaced by free ones all through its text, and port 80 of a stand-in by 8080. As lesson_read()
// else.
bool venue_read(struct venue *venue, const char *path, struct lesson *lesson,
                struct lesson_mistake *mistake);

// Appends a line for a person for each port that was replaced.
void venue_show_ports(const struct venue *venue, struct buffer *to);

// Makes `folder`, which is emptied where it is there already, the only one in which statements read
// and write files, and writes the lesson's programs into it. False with errno.
bool venue_enter(const char *folder, const struct lesson *lesson);

// Makes a folder in /tmp, for a lesson that nobody watches. False with errno.
bool venue_make(struct buffer *folder);

// Removes such a folder, if it is there, with its files.
void venue_remove(const char *folder);

// Whether a step's statements are run here: not the stand-ins where the real thing is used, nor
// what needs an own network where there is none, or, in a lesson that sets its range of ports,
// where that cannot be done. NULL, or why not.
const char *venue_leaves_out(const struct venue *venue, const struct step *step);

#endif
