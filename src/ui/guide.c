// guide: the one of a prompt that nobody is led through.

#include "ui/guide.h"

static bool begin(const struct guide_host *host)
{
    (void)host;
    return true;
}

static void before_line(struct guide_wish *wish)
{
    (void)wish;
}

static void goes_on(struct str input)
{
    (void)input;
}

static enum guide_take take(struct str line, struct buffer *instead)
{
    (void)line, (void)instead;
    return GUIDE_PASS;
}

static bool runs(struct str actor, struct str text)
{
    (void)actor, (void)text;
    return false;
}

static void ended(const struct job *job)
{
    (void)job;
}

static bool leaves(void)
{
    return false;
}

static void ran(bool left)
{
    (void)left;
}

static void changed(void)
{
}

static void end(void)
{
}

const struct guide guide_nobody = {
    .begin = begin,
    .before_line = before_line,
    .goes_on = goes_on,
    .take = take,
    .runs = runs,
    .ended = ended,
    .leaves = leaves,
    .ran = ran,
    .changed = changed,
    .end = end,
};
