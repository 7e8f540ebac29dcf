#!/usr/bin/env python3
"""Holds the C code against the measures in CONTRIBUTING.md: sizes, comments, and who may include or do what.

Prints each breach as FILE:LINE: what, then the measures; the exit status is 1 when there was a breach.
"""

import pathlib
import re
import statistics
import sys

TOP = pathlib.Path(__file__).resolve().parent.parent
FILE_MOST, HEADER_MOST, LINE_MOST, FUNCTION_MOST = 600, 200, 100, 80
COMMENTS_LEAST, COMMENTS_MOST = 15, 30  # percent of the letters, blanks aside
LONG_FUNCTION, LONG_MOST = 40, 5  # functions longer than that: at most so many percent

INCLUDE = re.compile(r'#include "(config\.h|[a-z]+/[a-z0-9_]+\.h)"')
EDITOR = re.compile(r"#include <(readline/|editline/|histedit\.h)")
ENDS_OR_PRINTS = re.compile(r"\b(exit|printf|puts|putchar|perror|fputs|fprintf)\s*\(")
PRINTING = {"ui", "lesson", "main.c"}  # lesson/ prints what `socksh check` found, as TAP


def functions(lines):
    """(line number, length) of each function: clang-format puts its braces in the first column."""
    begin = None
    for number, line in enumerate(lines, 1):
        if line == "{":
            begin = number
        elif line == "}" and begin:
            yield begin, number - begin + 2  # the line before the brace is the function's, too
            begin = None


def breaches(path, lines):
    """(line number, what) of everything in one file that breaks a measure."""
    most = HEADER_MOST if path.suffix == ".h" else FILE_MOST
    if len(lines) > most:
        yield len(lines), f"the file has {len(lines)} lines; at most {most}"
    if not re.match(rf"// {path.stem}: .", lines[0]):
        yield 1, f"the file does not open with '// {path.stem}: what it is'"
    for begin, length in functions(lines):
        if length > FUNCTION_MOST:
            yield begin, f"a function of {length} lines; at most {FUNCTION_MOST}"
    in_src, room = path.is_relative_to(TOP / "src"), path.relative_to(TOP).parts[1]
    for number, line in enumerate(lines, 1):
        if len(line) > LINE_MOST:
            yield number, f"{len(line)} columns; at most {LINE_MOST}"
        if in_src and line.startswith('#include "') and not INCLUDE.match(line):
            yield number, "an include is written from src/: ROOM/FILE.h"
        if EDITOR.match(line) and room != "ui":
            yield number, "only ui/ edits lines"
        if in_src and room not in PRINTING and ENDS_OR_PRINTS.search(line.split("//")[0]):
            yield number, "only main.c ends the program, and only ui/ prints"


def letters(text):
    return len("".join(text.split()))


def main():
    found, lengths, comments, code = 0, [], 0, 0
    for path in sorted([*TOP.glob("src/**/*.[ch]"), *TOP.glob("tests/**/*.[ch]")]):
        lines = path.read_text().splitlines() or [""]
        for number, what in breaches(path, lines):
            found += 1
            print(f"{path.relative_to(TOP)}:{number}: {what}")
        if path.is_relative_to(TOP / "src"):
            lengths += [length for _, length in functions(lines)]
            comments += sum(letters(line[line.find("// "):]) for line in lines if "// " in line)
            code += sum(letters(line) for line in lines)

    share = 100 * comments / code
    long = 100 * sum(length > LONG_FUNCTION for length in lengths) / len(lengths)
    print(f"{len(lengths)} functions, median {statistics.median(lengths):.0f} lines, "
          f"{long:.1f} % above {LONG_FUNCTION}; comments {share:.0f} % of the text")
    if long > LONG_MOST or not COMMENTS_LEAST <= share <= COMMENTS_MOST:
        found += 1
        print(f"wanted: at most {LONG_MOST} % above {LONG_FUNCTION}, comments "
              f"{COMMENTS_LEAST} to {COMMENTS_MOST} %")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
