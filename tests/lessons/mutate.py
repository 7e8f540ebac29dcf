#!/usr/bin/env python3
"""Changes what lessons expect, one thing at a time, and reports the changes that no check notices.

    tests/lessons/mutate.py [--jobs N] [--state FILE] [--list] SOCKSH [LESSON]…

A lesson is copied; in its English and its Chinese page alike one expected value, port or errno is changed: behind a
statement, in a check, in a program, at the marked option of a question. Then `socksh check` has to fail. What was tried is
kept in the state file, so that a run that was stopped goes on where it was; a lesson or a binary that has changed is tried
anew. LESSON is a folder's name, or the beginning of one. The exit status is 1 when a change survived.
"""

import argparse
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import pages

LIMIT = 120  # seconds that one check may take

STRING = r'"(?:\\.|[^"\\])*"'
PORT = r"(?<=[\w\]*]:)\d+\b"
ERRNO = r"\bE(?:[A-Z0-9]{2,}|AI_[A-Z]+)\b"
ADDRESS = r"\b\d+\.\d+\.\d+\.\d+\b"
NUMBER = r"(?<![\w.<])(?<![)\w]\[)\d+\b(?!\.\d)"  # no index: it only says where to look
WORD = r"\b(?:true|false|none|done|waits)\b"

CODE = re.compile(rf"(?P<string>{STRING})|(?P<comment>#(?!=>|\|).*)|(?P<expected>#=>.*)|(?P<printed>#\|.*)|"
                  rf"(?P<port>{PORT})|(?P<errno>{ERRNO})")
VALUE = re.compile(rf"(?P<string>{STRING})|<[^<>]*>|(?P<port>{PORT})|(?P<errno>{ERRNO})|(?P<address>{ADDRESS})|"
                   rf"(?P<number>{NUMBER})|(?P<word>{WORD})")
OTHERS = {"true": "false", "false": "true", "none": "0", "done": "error EIO", "waits": "done"}


def other(kind, text):
    """What stands in place of the text."""
    if kind == "string":
        return text[:-1] + 'x"'
    if kind == "printed":
        return text + "x" if not text.endswith("...") else text.replace("#| ", "#| x", 1)
    if kind == "port":
        return str(int(text) + (1000 if int(text) >= 1024 else 1))
    if kind == "errno":
        return "EIO" if text != "EIO" else "EPERM"
    if kind == "address":
        return text.rpartition(".")[0] + ".9"
    return OTHERS.get(text) or str(int(text) + 1)


def values(text, offset):
    """Each thing that an expectation or a condition holds: (where, where it ends, what stands there then)."""
    for match in VALUE.finditer(text):
        if match.lastgroup:
            yield offset + match.start(), offset + match.end(), other(match.lastgroup, match[0])


def statements(text, offset, expected):
    """Ports and errnos of statements, and what is expected of them."""
    for match in CODE.finditer(text):
        start = offset + match.start()
        if match.lastgroup == "expected" and expected:
            yield from values(match[0][3:], start + 3)
        elif match.lastgroup == "printed" and expected:
            yield start, offset + match.end(), other("printed", match[0])
        elif match.lastgroup == "string":
            for port in re.finditer(PORT, match[0]):
                yield start + port.start(), start + port.end(), other("port", port[0])
        elif match.lastgroup in ("port", "errno"):
            yield start, offset + match.end(), other(match.lastgroup, match[0])


def changes(page):
    """All of a page, in its order."""
    for block in page.blocks:
        offset = page.text.index("\n", block.begin) + 1
        if block.kind == "check":
            yield from values(block.text, offset)
        elif block.kind in ("socksh", "program"):
            yield from statements(block.text, offset, block.kind == "socksh")
        elif block.kind == "predict":
            for option in re.finditer(r"^- \[x\] .*?#=>(.*)$", block.text, re.MULTILINE):
                yield from values(option[1], offset + option.start(1))


class Mutant:
    """One change, in both languages."""

    def __init__(self, folder, both, places):
        self.folder, self.pages, self.places = folder, both, places
        start, end, self.instead = places[0]
        text = both[0].text
        self.line = text.count("\n", 0, start) + 1
        self.was = text[start:end]
        self.shown = text.splitlines()[self.line - 1].strip()
        self.key = f"{folder.name}:{start}:{self.instead}"

    def survives(self, socksh):
        with tempfile.TemporaryDirectory(prefix="socksh-mutant-") as parent:
            copy = pathlib.Path(parent, self.folder.name)
            copy.mkdir()
            for page, (start, end, instead) in zip(self.pages, self.places):
                (copy / page.path.name).write_text(page.text[:start] + instead + page.text[end:])
            return passes(socksh, copy)

    def __str__(self):
        return f"lessons/{self.folder.name}/en.md:{self.line}: {self.was} -> {self.instead} in: {self.shown}"


def passes(socksh, folder):
    done = subprocess.run(["nice", socksh, "check", folder / "en.md"], stdin=subprocess.DEVNULL, capture_output=True,
                          timeout=LIMIT)
    return done.returncode == 0


def mutants(folder):
    """Those of one lesson. The two languages run the same, so that their changes go together one by one."""
    both = [pages.Page(folder / name) for name in ("en.md", "zh.md") if (folder / name).exists()]
    found = [list(changes(page)) for page in both]
    for places in zip(*found):
        yield Mutant(folder, both, places)
    texts = [[(page.text[start:end], instead) for start, end, instead in places] for page, places in zip(both, found)]
    if any(text != texts[0] for text in texts):
        sys.exit(f"{folder.name}: the two languages do not hold the same expectations")


def digest(*paths):
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()[:16]


class State:
    """What was tried already, by lesson as it stood then."""

    def __init__(self, path):
        self.path, self.known = path, {}
        if path.exists():
            for line in path.read_text().splitlines():
                lesson, key, survived = json.loads(line)
                self.known[lesson, key] = survived

    def add(self, lesson, key, survived):
        self.known[lesson, key] = survived
        with self.path.open("a") as file:
            file.write(json.dumps([lesson, key, survived]) + "\n")


def try_lesson(folder, socksh, state, pool):
    """Prints the survivors of one lesson as they come. Returns how many changes there were, and how many survived."""
    lesson = digest(socksh, *sorted(folder.glob("??.md")))
    if not passes(socksh, folder):
        sys.exit(f"{folder.name}: its check fails without any change")
    here = list(mutants(folder))
    jobs = {pool.submit(mutant.survives, socksh): mutant for mutant in here if (lesson, mutant.key) not in state.known}
    for job in concurrent.futures.as_completed(jobs):
        state.add(lesson, jobs[job].key, job.result())
    survivors = [mutant for mutant in here if state.known[lesson, mutant.key]]
    for mutant in survivors:
        print(mutant, flush=True)
    print(f"{folder.name}: {len(here)} changes, {len(survivors)} unnoticed", file=sys.stderr, flush=True)
    return len(here), len(survivors)


def main():
    options = argparse.ArgumentParser(usage=__doc__)
    options.add_argument("--jobs", type=int, default=2)
    options.add_argument("--state", type=pathlib.Path, default=pathlib.Path("mutants.jsonl"))
    options.add_argument("--list", action="store_true", help="print the changes and try none")
    options.add_argument("socksh", type=pathlib.Path)
    options.add_argument("lessons", nargs="*")
    options = options.parse_args()
    folders = [folder for folder in pages.folders()
               if not options.lessons or any(folder.name.startswith(name) for name in options.lessons)]
    if options.list:
        for folder in folders:
            for mutant in mutants(folder):
                print(mutant)
        return 0
    state = State(options.state)
    totals = [0, 0]
    # The binary may be built anew meanwhile.
    with tempfile.TemporaryDirectory(prefix="socksh-mutate-") as parent:
        socksh = pathlib.Path(shutil.copy(options.socksh, parent))
        with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
            for folder in folders:
                totals = [total + more for total, more in zip(totals, try_lesson(folder, socksh, state, pool))]
    print(f"{totals[0]} changes in {len(folders)} lessons, {totals[1]} unnoticed", file=sys.stderr)
    return 1 if totals[1] else 0


if __name__ == "__main__":
    sys.exit(main())
