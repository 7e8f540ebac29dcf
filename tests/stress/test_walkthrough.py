"""Both sides of the hello dialogue in one script, over and over while every CPU is busy: what is expected does not depend on
who is quick."""

import os
import pathlib
import subprocess
import tempfile
import unittest

SOCKSH = os.environ["SOCKSH"]
PROGRAM = pathlib.Path(SOCKSH).read_bytes()
ROUNDS = 50 if b"__asan_init" in PROGRAM or b"__tsan_init" in PROGRAM else 500
SCRIPT = pathlib.Path(__file__).resolve().parents[1] / "scripts" / "walkthrough.socksh"


class Walkthrough(unittest.TestCase):
    def setUp(self):
        for _ in range(2 * (os.cpu_count() or 1)):
            busy = subprocess.Popen(["sh", "-c", "while :; do :; done"])
            self.addCleanup(busy.wait)
            self.addCleanup(busy.kill)

    def test_over_and_over(self):
        self.assertIn("#=> waits", SCRIPT.read_text())
        with tempfile.TemporaryDirectory(prefix="socksh-walkthrough-") as folder:
            names = [f"{number:03}.socksh" for number in range(ROUNDS)]
            for name in names:
                pathlib.Path(folder, name).symlink_to(SCRIPT)
            done = subprocess.run([SOCKSH, "check", *names], cwd=folder, capture_output=True, text=True, timeout=150)
        wrong = [line for line in done.stdout.splitlines() if line.startswith(("not ok", "#"))]
        self.assertEqual((wrong, done.stderr, done.returncode), ([], "", 0))
        self.assertEqual(done.stdout.count(": runs to its end\n"), ROUNDS)
