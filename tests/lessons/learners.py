"""Files of learners, for the tests that read them."""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest

SOCKSH = os.environ["SOCKSH"]
LESSONS = pathlib.Path(__file__).resolve().parents[2] / "lessons"


def line(event, step, **members):
    return json.dumps({"time": "2026-11-22T09:04:36Z", "lesson": "hello", "language": "en", "event": event, "step": step,
                       "steps": 12, "tries": 0, "help": "none", "seconds": 0} | members)


def run(upto, tries={}, helps={}, seconds=60, **members):
    """A lesson from its beginning up to that step; all 12 of them finish it."""
    yield line("begin", 1, **members)
    for step in range(1, upto + 1):
        yield line("step", step, tries=tries.get(step, 1), help=helps.get(step, "none"), seconds=seconds, **members)
    if upto == 12:
        most = max(helps.values(), default="none", key=["none", "hint", "show", "skip"].index)
        yield line("finish", 12, help=most, **members)


class LearnerTest(unittest.TestCase):
    """A folder of one's own, with the state that socksh keeps in it."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="socksh-learner-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.progress = self.folder / "socksh" / "progress.jsonl"

    def write(self, name, lines):
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("".join(text + "\n" for text in lines))
        return path

    def socksh(self, *words, **environment):
        return subprocess.run(
            [SOCKSH, *map(str, words)], stdin=subprocess.DEVNULL, capture_output=True, timeout=20, cwd=self.folder,
            env=os.environ | {"XDG_STATE_HOME": str(self.folder), "SOCKSH_LESSONS": str(LESSONS)} | environment)
