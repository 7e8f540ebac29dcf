"""Runs `socksh check` on each script beside this file; every expectation in them counts as a test."""

import os
import pathlib
import re
import subprocess
import tempfile
import unittest

SCRIPTS = sorted(pathlib.Path(__file__).resolve().parent.glob("*.socksh"))
POINT = re.compile(r"^(?=(?:not )?ok )", re.MULTILINE)


class Expectations(unittest.TestCase):
    """One method a script, added below."""

    maxDiff = None

    def check(self, script):
        with tempfile.TemporaryDirectory() as folder:  # for sockets and files that scripts make
            run = subprocess.run([os.environ["SOCKSH"], "check", script], cwd=folder, timeout=60,
                                 stdin=subprocess.DEVNULL, capture_output=True, text=True)
        header, *points = POINT.split(run.stdout.replace(f"{script.parent}/", ""))
        for point in points:  # with what TAP tells below it
            with self.subTest(point.splitlines()[0]):
                if not point.startswith("ok "):
                    self.fail(point)
        plan = re.search(r"^1\.\.(\d+)$", run.stdout, re.MULTILINE)
        with self.subTest("the whole run"):
            self.assertEqual((header, run.stderr, run.returncode), ("TAP version 13\n", "", 0))
            self.assertEqual(plan and int(plan[1]), len(points))
            self.assertIn(": runs to its end\n", run.stdout)

    def test_each_script_expects_something(self):
        for script in SCRIPTS:
            with self.subTest(script.name):
                self.assertRegex(script.read_text(), r"#(=>|\|)")


for one in SCRIPTS:
    setattr(Expectations, f"test_{one.stem}", lambda self, script=one: self.check(script))
