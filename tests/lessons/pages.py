"""Lessons as their readers see them: the fenced blocks of a page, and its head."""

import pathlib
import re

LESSONS = pathlib.Path(__file__).resolve().parents[2] / "lessons"
FENCE = re.compile(r"^(```+)(.*)\n((?:.*\n)*?)\1 *$", re.MULTILINE)


class Block:
    def __init__(self, text, match):
        self.words = match[2].split() or [""]
        self.kind = self.words[0]
        self.text = match[3]
        self.line = text.count("\n", 0, match.start()) + 1
        self.begin, self.end = match.span()

    def is_task(self):
        return self.kind == "socksh" and "task" in self.words


class Page:
    """One lesson in one language."""

    def __init__(self, path):
        self.path = path
        self.text = path.read_text()
        self.head = dict(re.findall(r"^(\w+): *(.*)$", self.text.split("---\n")[1], re.MULTILINE))
        self.blocks = [Block(self.text, match) for match in FENCE.finditer(self.text)]

    def of_kind(self, kind):
        return [block for block in self.blocks if block.kind == kind]

    def tasks(self):
        return [block for block in self.blocks if block.is_task()]


def folders():
    """Every lesson's, in the order of learning."""
    return sorted(LESSONS.glob("[0-9][0-9]-*/"))
