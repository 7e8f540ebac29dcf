// junit: a small writer of XML.

#include "lesson/junit.h"

#include <stdio.h>

// Control characters have no form at all in XML 1.0 (section 2.2): they are left out.
static void add_escaped(struct str text, struct buffer *to)
{
    for (size_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        if (c == '<')
            buffer_add_text(to, "&lt;");
        else if (c == '>') // "]]>" may not stand in a text
            buffer_add_text(to, "&gt;");
        else if (c == '&')
            buffer_add_text(to, "&amp;");
        else if (c == '"')
            buffer_add_text(to, "&quot;");
        else if ((unsigned char)c >= 0x20 || c == '\n' || c == '\t')
            buffer_add_char(to, c);
    }
}

void junit_case(struct str file, struct str name, struct str why, struct buffer *to)
{
    buffer_add_text(to, "  <testcase classname=\"");
    add_escaped(file, to);
    buffer_add_text(to, "\" name=\"");
    add_escaped(name, to);
    if (why.size == 0) {
        buffer_add_text(to, "\"/>\n");
        return;
    }
    buffer_add_text(to, "\">\n    <failure>");
    add_escaped(why, to);
    buffer_add_text(to, "</failure>\n  </testcase>\n");
}

bool junit_write(const char *path, unsigned tests, unsigned failures, struct str cases)
{
    FILE *file = fopen(path, "w");
    if (file == NULL)
        return false;
    fprintf(file,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<testsuite name=\"socksh check\" tests=\"%u\" failures=\"%u\">\n",
            tests, failures);
    // Written to the end even after a failure: what there is may still tell something.
    bool good = fwrite(cases.data, 1, cases.size, file) == cases.size;
    good = fputs("</testsuite>\n", file) >= 0 && good;
    return fclose(file) == 0 && good;
}
