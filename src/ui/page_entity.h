// page_entity: the character that an entity of HTML, such as &amp;, stands for.

#ifndef SOCKSH_UI_PAGE_ENTITY_H
#define SOCKSH_UI_PAGE_ENTITY_H

#include "base/str.h"

// The character for an entity with its & and ;, in UTF-8, in `octets` or a constant; the entity
// itself when its name is not known. What a number does not stand for is U+FFFD (CommonMark §2.5).
struct str page_entity(struct str entity, char octets[4]);

#endif
