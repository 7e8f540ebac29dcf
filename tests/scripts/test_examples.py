"""The example of every command, word and kind of value runs by itself, however calls are shown."""

import json
import os
import subprocess
import tempfile
import unittest

SOCKSH = os.environ["SOCKSH"]


def socksh(*args, folder=None):
    return subprocess.run([SOCKSH, *args], stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, encoding="utf-8", timeout=60, cwd=folder)


class Examples(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        tables = json.loads(socksh("--dump=json").stdout)
        cls.rows = tables["commands"] + tables["words"] + tables["values"]

    def run_all(self, *options, before=""):
        with tempfile.TemporaryDirectory() as folder:
            for row in self.rows:
                with self.subTest(row["name"]):
                    done = socksh(*options, "-c", before + row["example"], folder=folder)
                    self.assertEqual(done.returncode, 0, done.stderr)

    def test_run(self):
        self.run_all()

    def test_run_with_calls_shown(self):
        self.run_all("--trace")

    def test_run_with_c_shown(self):
        self.run_all(before="trace c\n")

    def test_run_with_python_shown(self):
        self.run_all(before="trace python\n")


if __name__ == "__main__":
    unittest.main()
